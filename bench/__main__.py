"""`make bench`: build a park, measure each area, print the table, keep it in var/bench/.

The exit code is 1 where an answer is wrong or, in the whole park, a bar is passed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from bench import (
    allocating,
    contending,
    crowd,
    files_of_reports,
    listing,
    park_map,
    planning,
    reading,
    reporting,
    reporting_returns,
    returning,
)
from bench.asking import by_hand
from bench.desk import Desk
from bench.life import ROOMY_TENTH, SMALL, TENTH, Size
from bench.park import build, database
from bench.timing import HEADS, Figure, Rounds, Wrong, in_columns

AREAS: dict[str, Callable[[Desk], Iterator[Figure]]] = {
    "reading": reading.measure,
    "planning": planning.measure,
    "park_map": park_map.measure,
    "listing": listing.measure,
    "reporting": reporting.measure,
    "reporting_returns": reporting_returns.measure,
    "files_of_reports": files_of_reports.measure,
    "returning": returning.measure,
    "allocating": allocating.measure,
    "contending": contending.measure,
    "crowd": crowd.measure,
}
# Areas that are measured in a tenth of the park, too
GROWING = {
    "reading": TENTH,
    "planning": TENTH,
    "park_map": TENTH,
    "allocating": ROOMY_TENTH,
}
QUICK = Rounds(fewest=3, seconds=0.5, races=2, seconds_of_race=0.5)
BEFOREHAND = Rounds(fewest=15, seconds=1.5)


def main() -> int:
    """Measure what was asked for."""
    chosen = _arguments()
    began = timezone.now()
    size, rounds = (SMALL, QUICK) if chosen.quick else (Size(), Rounds())
    try:
        smaller = {} if chosen.quick else _in_a_tenth(chosen)
        with _desk(size, rounds) as desk:
            figures = list(_measured(desk, chosen, smaller))
            kept = _keep(desk, began, figures)
    except Wrong as wrong:
        print(f"\nWRONG: {wrong}")
        return 1
    over = [figure.area for figure in figures if figure.is_over]
    print(f"\nKept in {kept.relative_to(settings.BASE_DIR)}")
    if chosen.quick:
        print("A small park only shows that the answers agree: bars are for the whole one.")
        return 0
    print(f"Over their bar: {len(over)} of {len(figures)}.")
    return 1 if over else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small park, few rounds")
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(AREAS)}")
    chosen = parser.parse_args()
    if unknown := set(chosen.areas) - set(AREAS):
        parser.error(f"no such area: {', '.join(sorted(unknown))}")
    return chosen


@contextmanager
def _desk(size: Size, rounds: Rounds) -> Iterator[Desk]:
    """A park in a database of its own, and the connections to measure it."""
    with database():
        start = time.perf_counter()
        park = build(size)
        print(f"{_said(size)}, built in {time.perf_counter() - start:.0f} s\n")
        gc.collect()
        gc.freeze()  # what building left is none of the product's
        with by_hand() as plain:
            yield Desk(park, plain, rounds)


def _in_a_tenth(chosen: argparse.Namespace) -> dict[str, float]:
    """What the product takes in a park of a tenth, by the names of the figures."""
    found: dict[str, float] = {}
    for size in (TENTH, ROOMY_TENTH):
        areas = [area for area in chosen.areas or AREAS if GROWING.get(area) is size]
        if areas:
            with _desk(size, BEFOREHAND) as desk:
                for figure in (figure for area in areas for figure in AREAS[area](desk)):
                    found[figure.area] = figure.in_yardsticks
    return found


def _said(size: Size) -> str:
    seats = size.floors * size.seats_of_floor
    return f"{seats:,} seats, {size.enterprises} enterprises, {size.years} years"


def _measured(
    desk: Desk, chosen: argparse.Namespace, smaller: Mapping[str, float]
) -> Iterator[Figure]:
    print(in_columns(HEADS))
    for area in chosen.areas or AREAS:
        for figure in AREAS[area](desk):
            if chosen.quick:
                figure = replace(figure, bar=None)
            figure = replace(figure, smaller=smaller.get(figure.area))
            print(figure.line(), flush=True)
            yield figure


def _keep(desk: Desk, began: datetime, figures: list[Figure]) -> Path:
    """All figures as JSON, with what they were measured on."""
    folder = settings.BASE_DIR / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{began:%Y%m%d-%H%M%S}.json"
    (postgres,) = desk.plain.execute("SHOW server_version").fetchall()[0]
    (blocks,) = desk.plain.execute("SELECT count(*) FROM seats_seatblock").fetchall()[0]
    content: dict[str, Any] = {
        "began": began.isoformat(),
        "park": {"size": _said(desk.park.size), "rectangles": blocks},
        "machine": {
            "processors": os.cpu_count(),
            "load": os.getloadavg(),
            "python": platform.python_version(),
            "postgres": postgres,
        },
        "figures": [figure.as_json() for figure in figures],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1))
    return path


if __name__ == "__main__":
    sys.exit(main())

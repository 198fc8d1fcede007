"""Vacant seats at the end of a month: for how long, and which floors are vacant in one piece."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import format_month, last_day, next_month
from park.axis import FIRST_DAY, SLOT, Span, run_label
from reports.indicators.facts import invented
from reports.indicators.registry import Distinct, Ratio, Source, Total
from reports.indicators.seats import FactsDisagree
from reports.units import Unit
from seats.place import FloorOn, floors_on


class VacancyFact(NamedTuple):
    """A run of seats that has been vacant since a day. `whole`: its floor is vacant altogether."""

    month: str
    zone: str
    building: str
    floor: str
    run: str
    since: str
    seats: int
    seat_days: int
    whole: int
    sample_fields: list[str]


_COLUMNS = ("run", "since", "seats", "seat_days", "whole")
_OF_A_FLOOR = dict.fromkeys(_COLUMNS, ("seats", "seat_count", "delivered_on"))

# Every block that has begun, with the day from which its seats were free of it; those that are on
# on the last day have none.
_BLOCKS = """
    SELECT f.id, lower(s.seats), upper(s.seats),
           CASE WHEN s.period @> %(day)s::date THEN NULL ELSE upper(s.period) END AS free_from
    FROM seats_seatblock s
    JOIN park_floor f ON f.id = s.floor_id AND f.delivered_on IS NOT NULL
    WHERE lower(s.period) <= %(day)s
    ORDER BY f.id, free_from NULLS LAST
"""

Block = tuple[int, int, int, date | None]


def take_vacancies(months: Sequence[date], _columns: Collection[str] = ()) -> list[VacancyFact]:
    """Every vacant run at the end of each month, with the day since which it is."""
    return [fact for month in months for fact in _vacant_in(month)]


def _vacant_in(month: date) -> Iterator[VacancyFact]:
    day = last_day(month)
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, {"day": day})
        blocks = {
            floor: list(rows)
            for floor, rows in groupby(cursor.fetchall(), key=lambda block: block[0])
        }
    for one in floors_on(day, today=next_month(month)):
        if one.is_there:
            facts = list(_vacant_on(one, day, blocks.get(one.floor.pk, [])))
            found = sum(fact.seats for fact in facts)
            if found != one.figures.occupancy.free:
                raise FactsDisagree(f"{one.floor.label} {format_month(month)}: {found} vacant")
            yield from facts


def _vacant_on(one: FloorOn, day: date, blocks: Sequence[Block]) -> Iterator[VacancyFact]:
    floor, seats = one.floor, one.figures.occupancy
    is_whole = seats.free == seats.seats
    for span, since in _runs(floor.pk, blocks):
        count = span.length
        yield VacancyFact(
            month=format_month(day),
            zone=floor.building.zone.code,
            building=floor.building.label,
            floor=floor.label,
            run=run_label(floor.label, span),
            since=since.isoformat(),
            seats=count,
            seat_days=count * ((day - since).days + 1),
            whole=count if is_whole else 0,
            sample_fields=invented(floor.sample_fields, _OF_A_FLOOR),
        )


def _runs(floor: int, blocks: Sequence[Block]) -> Iterator[tuple[Span, date]]:
    """The runs that no block covers any more, each with the day since which none does.

    Blocks come by the day from which they are over, so the last one that covers a seat counts.
    """
    first, end = floor * SLOT, (floor + 1) * SLOT
    edges = sorted({first, end, *(edge for block in blocks for edge in block[1:3])})
    place = {edge: at for at, edge in enumerate(edges)}
    since: list[date | None] = [FIRST_DAY] * (len(edges) - 1)
    for _floor, lower, upper, free_from in blocks:
        for at in range(place[lower], place[upper]):
            since[at] = free_from
    parts = zip(pairwise(edges), since, strict=True)
    for day, run in groupby(parts, key=lambda part: part[1]):
        yield from _joined(day, (edge_pair for edge_pair, _since in run))


def _joined(day: date | None, parts: Iterable[tuple[int, int]]) -> Iterator[tuple[Span, date]]:
    if day is not None:
        spans = list(parts)
        yield Span(spans[0][0], spans[-1][1]), day


VACANCIES = Source("vacancies", VacancyFact, take_vacancies)

VACANT = Total(
    code="vacant",
    name=_("Vacant seats"),
    short=pgettext_lazy("head", "Vacant"),
    unit=Unit.SEAT,
    definition=_("Free seats at the end of the last day, run by run."),
    source="vacancies",
    column="seats",
)
VACANT_DAYS = Total(
    code="vacant_days",
    name=_("Days that vacant seats have been vacant"),
    short=pgettext_lazy("head", "Seat-days vacant"),
    unit=Unit.SEAT_DAY,
    definition=_(
        "For each vacant seat the days from the first on which it was free to the last day of the "
        "month, both included: since the floor was handed over, or somebody last had it."
    ),
    source="vacancies",
    column="seat_days",
)
VACANT_FOR = Ratio(
    code="vacant_for",
    name=_("Days vacant, on average"),
    short=pgettext_lazy("head", "Days on average"),
    unit=Unit.DAY,
    definition=_("Seat-days vacant ÷ vacant seats."),
    numerator=VACANT_DAYS,
    denominator=VACANT,
    decimals=1,
)
WHOLE_FLOOR_SEATS = Total(
    code="whole_floor_seats",
    name=_("Seats of floors vacant in one piece"),
    short=pgettext_lazy("head", "Seats"),
    unit=Unit.SEAT,
    definition=_(
        "Vacant seats on floors all of whose seats are vacant at the end of the last day."
    ),
    source="vacancies",
    column="whole",
)
WHOLE_FLOORS = Distinct(
    code="whole_floors",
    name=_("Floors vacant in one piece"),
    short=pgettext_lazy("head", "Floors"),
    unit=Unit.FLOOR,
    definition=_("Floors all of whose seats are vacant at the end of the last day."),
    source="vacancies",
    column="whole",
    of="floor",
)

SOURCES = (VACANCIES,)
INDICATORS = (VACANT, VACANT_DAYS, VACANT_FOR, WHOLE_FLOORS, WHOLE_FLOOR_SEATS)

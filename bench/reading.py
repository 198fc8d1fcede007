"""Reading the seats: how they are taken on a day and in a month, which are free, a floor's map."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from bench.asking import Asker, asker, json_of, statements
from bench.desk import Desk
from bench.timing import Figure, Wrong
from foundation.months import add_months, format_month, month_of, months_between, next_month
from park.axis import Span, floor_of, free_spans, place_of, slot_of
from seats.api.floor_map import FloorMap
from seats.api.occupancy import FreeRunsView, OccupancyView
from seats.free_runs import free_runs
from seats.seat_days import SeatDays, seat_days_by_enterprise

ONE_DAY = timedelta(days=1)

# Of every enterprise, over the whole of a period.
SEAT_DAYS = """
    SELECT enterprise_id, sum((upper(seats) - lower(seats))::bigint
               * (least(upper(period), %(end)s) - greatest(lower(period), %(start)s)))
    FROM seats_seatblock
    WHERE period && daterange(%(start)s, %(end)s) AND enterprise_id IS NOT NULL
    GROUP BY 1
"""


def measure(desk: Desk) -> Iterator[Figure]:
    """Occupancy of every floor; a month by enterprise; free runs of the park; a floor's map."""
    yield _occupancy(desk)
    yield _month(desk)
    yield _ten_years(desk)
    yield from _free_runs(desk)
    yield _floor_map(desk)


def _occupancy(desk: Desk) -> Figure:
    day = desk.park.today - ONE_DAY
    ask = asker(OccupancyView, desk.park.operator, on=day.isoformat(), by="floor")
    count = "SELECT count(*) FROM seats_seatblock WHERE period @> %s::date"
    _check_occupancy(desk, day, ask)
    pair = desk.rounds.beside(ask, lambda: desk.plain.execute(count, [day]).fetchone())
    return Figure(area="occupancy, every floor (API)", **pair._asdict(), bar=3.5, growth_bar=12)


def _check_occupancy(desk: Desk, day: date, ask: Asker) -> None:
    if len(sent := statements(ask)) > 2:
        raise Wrong(f"occupancy takes {len(sent)} statements")
    wanted: Counter[tuple[int, str]] = Counter()
    for block in desk.blocks():
        if block.is_on(day) and block.kind != "void":
            wanted[block.floor, block.kind] += block.length
    rows = json_of(ask)["rows"]
    names = {"firm": "firm", "hold": "held", "closure": "closed"}
    labels = desk.floor_labels()
    given = {(labels[row["key"]], kind): row[name] for row in rows for kind, name in names.items()}
    if {key: seats for key, seats in given.items() if seats} != dict(wanted):
        raise Wrong("occupancy is not what the blocks add up to")


def _month(desk: Desk) -> Figure:
    month = add_months(month_of(desk.park.today), -1)
    end = next_month(month)
    ask = asker(OccupancyView, desk.park.operator, month=format_month(month), by="enterprise")

    def floor() -> list[tuple[int, int]]:
        """The seat-days of the month, and of its last day, which the answer has beside them."""
        desk.plain.execute(SEAT_DAYS, {"start": end - ONE_DAY, "end": end}).fetchall()
        return desk.plain.execute(SEAT_DAYS, {"start": month, "end": end}).fetchall()

    wanted: Counter[int] = Counter()
    for block in desk.blocks():
        if block.enterprise is not None:
            wanted[block.enterprise] += block.length * block.days_within(month, end)
    rows = {row["key"]: row["seat_days"] for row in json_of(ask)["rows"]}
    given = {key: days["firm"] + days["held"] for key, days in rows.items() if key is not None}
    if not given == dict(floor()) == {key: area for key, area in wanted.items() if area}:
        raise Wrong("seat-days of a month are not what the blocks add up to")
    pair = desk.rounds.beside(ask, floor)
    return Figure(
        area="seat-days of a month by enterprise (API)", **pair._asdict(), bar=5, growth_bar=12
    )


def _ten_years(desk: Desk) -> Figure:
    """Every enterprise's seat-days in each month of the park's life."""
    size = desk.park.size
    last = add_months(month_of(desk.park.today), -1)
    first = add_months(last, 1 - 12 * size.years)
    months = list(months_between(first, last))
    whole = {"start": first, "end": next_month(last)}
    wanted: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * len(months))
    ends = [next_month(month) for month in months]
    for block in desk.blocks():
        if block.enterprise is not None:
            row = wanted[block.enterprise, block.kind]
            for number, (start, end) in enumerate(zip(months, ends, strict=True)):
                row[number] += block.length * block.days_within(start, end)

    def ask() -> list[SeatDays]:
        return seat_days_by_enterprise(first, last, today=desk.park.today)

    given = {
        (row.enterprise_id, kind): days
        for row in ask()
        for kind, days in (("firm", row.firm), ("hold", row.held))
    }
    if {key: days for key, days in given.items() if any(days)} != {
        key: days for key, days in wanted.items() if any(days)
    }:
        raise Wrong("seat-days of ten years are not what the blocks add up to")
    pair = desk.rounds.beside(ask, lambda: desk.plain.execute(SEAT_DAYS, whole).fetchall())
    return Figure(
        area=f"seat-days of {len(months)} months by enterprise",
        **pair._asdict(),
        bar=5,
        growth_bar=12,
    )


def _free_runs(desk: Desk) -> Iterator[Figure]:
    start = desk.park.today
    ask = asker(FreeRunsView, desk.park.operator, start=start.isoformat())
    bounds = """
        SELECT lower(seats), upper(seats) FROM seats_seatblock
        WHERE period && daterange(%s, NULL)
    """
    taken: dict[int, list[Span]] = {floor: [] for floor in desk.floor_labels().values()}
    for lower, upper in desk.plain.execute(bounds, [start]).fetchall():
        taken[floor_of(lower)].append(Span(lower, upper))
    wanted = {run for floor, spans in taken.items() for run in free_spans(slot_of(floor), spans)}
    rows = json_of(ask)["rows"]
    if {Span(row["first_seat"], row["last_seat"] + 1) for row in rows} != wanted:
        raise Wrong("free runs are not what the blocks leave")

    def floor() -> None:
        desk.plain.execute(bounds, [start]).fetchall()

    pair = desk.rounds.beside(lambda: free_runs(start, None), floor)
    yield Figure(area="free runs, whole park", **pair._asdict(), bar=2, growth_bar=12)
    pair = desk.rounds.beside(ask, floor)
    yield Figure(area="... as the API answers them", **pair._asdict(), bar=None)


def _floor_map(desk: Desk) -> Figure:
    """The map of the floor that is in most hands, against one round trip."""
    day = desk.park.today
    there: dict[int, list[list[int]]] = {}
    for block in desk.blocks():
        if block.is_on(day) and block.kind != "void":
            places = [place_of(block.lower), place_of(block.upper - 1)]
            there.setdefault(block.floor, []).append([*places, block.enterprise or 0])
    number = max(there, key=lambda floor: len(there[floor]))
    ask = asker(FloorMap, desk.park.operator, pk=number, on=day.isoformat())
    answer, holders = json_of(ask), [holder["id"] for holder in json_of(ask)["holders"]]
    given = [
        [first, last, *(holders[index] for index in holder or [])]
        for first, last, _, *holder in answer["runs"]
    ]
    wanted = [[first, last, *([who] if who else [])] for first, last, who in sorted(there[number])]
    if given != wanted:
        raise Wrong("the map of a floor is not what the blocks say")
    if len(sent := statements(ask)) > 1:
        raise Wrong(f"the map of a floor takes {len(sent)} statements")
    text = ask()
    part = text[text.index(b'"runs":') : text.index(b'"holders":')]
    if len(part) > 20 * len(answer["runs"]) + 10:
        raise Wrong("the map of a floor takes more than 20 bytes a run")
    pair = desk.rounds.beside(ask, lambda: desk.plain.execute("SELECT 1").fetchone())
    return Figure(area="map of a floor (API)", **pair._asdict(), bar=12, growth_bar=2)

"""Seats and area of past months: on the last day, over the month, and chosen ahead.

What seats are on a day comes from `seats.occupancy` and `seats.place`, the places that add them
up; here are the blocks behind those sums. Should the two ever differ, no report is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection

from foundation.months import days_in, format_month, last_day, next_month
from park.axis import Span, run_label
from park.models import Floor
from reports.indicators.facts import invented
from reports.units import rounded
from seats.occupancy import floors_during
from seats.place import FloorOn, every_floor, floors_on

NO_AREA = Decimal("0.00")


class FactsDisagree(Exception):
    """The blocks of a floor do not add up to the floor's figures: a bug, never a rounding."""


class MonthFact(NamedTuple):
    """A month and its days."""

    month: str
    days: int


class FloorFact(NamedTuple):
    """A floor in a month: on its last day, and in seat-days. Area in m²."""

    month: str
    zone: str
    building: str
    floor: str
    seats: int
    available: int
    free: int
    lettable_m2: Decimal
    seat_days: int
    free_days: int
    sample_fields: list[str]


class BlockFact(NamedTuple):
    """A block's part of a month: seats on the last day, and seat-days, by kind."""

    month: str
    zone: str
    building: str
    floor: str
    enterprise: int | None
    kind: str
    run: str
    first_day: str
    last_day: str
    firm: int
    held: int
    closed: int
    let_m2: Decimal
    firm_days: int
    held_days: int
    closed_days: int
    sample_fields: list[str]


class AheadFact(NamedTuple):
    """A run of seats that an enterprise had chosen, by the end of a month, for a day to come."""

    month: str
    zone: str
    building: str
    floor: str
    enterprise: int
    kind: str
    run: str
    first_day: str
    seats: int
    firm: int
    held: int
    sample_fields: list[str]


# Which fields of floors and allocations each column is made of. A place file calls a floor's
# seat_count `seats`; that there is an allocation, for whom and of which kind, is not its `blocks`.
_SIZE = ("seats", "seat_count", "delivered_on")
_OF_A_FLOOR = {
    **dict.fromkeys(("seats", "available", "free", "seat_days", "free_days"), _SIZE),
    "lettable_m2": ("lettable_m2", "delivered_on"),
}
_OF_ITS_FLOOR = {"let_m2": ("seats", "seat_count", "lettable_m2")}
_OF_A_BLOCK = {
    "enterprise": (),
    "kind": (),
    **dict.fromkeys(("run", "first_day", "last_day", "firm", "held", "closed"), ("blocks",)),
    **dict.fromkeys(("let_m2", "firm_days", "held_days", "closed_days"), ("blocks",)),
}
_OF_A_CHOICE = {
    "enterprise": (),
    "kind": (),
    **dict.fromkeys(("run", "first_day", "seats", "firm", "held"), ("blocks",)),
}


def take_months(months: Sequence[date], _columns: Collection[str] = ()) -> list[MonthFact]:
    return [MonthFact(format_month(month), days_in(month)) for month in months]


def take_floors(months: Sequence[date], _columns: Collection[str] = ()) -> list[FloorFact]:
    """Every floor that is handed over, month by month."""
    floors = every_floor()
    return [fact for month in months for fact in _floors_in(month, floors)]


def _floors_in(month: date, floors: Mapping[str, Floor]) -> Iterator[FloorFact]:
    for on_day, of_month in _floors(month, floors):
        floor, seats = on_day.floor, on_day.figures.occupancy
        yield FloorFact(
            month=format_month(month),
            zone=floor.building.zone.code,
            building=floor.building.label,
            floor=floor.label,
            seats=seats.seats,
            available=seats.available,
            free=seats.free,
            lettable_m2=on_day.figures.lettable_m2,
            seat_days=of_month.seats,
            free_days=of_month.free,
            sample_fields=invented(floor.sample_fields, _OF_A_FLOOR),
        )


def _floors(month: date, floors: Mapping[str, Floor]) -> Iterator[tuple[FloorOn, Any]]:
    """Each floor with its last day and its seat-days; `today` only matters to days to come."""
    end = next_month(month)
    days = floors_during(month, end, today=end)
    last = floors_on(last_day(month), today=end, floors=floors)
    for on_day, during in zip(last, days, strict=True):
        if during.occupancy.seats:
            yield on_day, during.occupancy


_BLOCKS = """
    SELECT to_char(m.month, 'YYYY-MM'), m.ended, z.code, z.code || '-' || b.code, f.label,
           f.lettable_m2, s.enterprise_id, s.kind, lower(s.seats), upper(s.seats),
           greatest(lower(s.period), m.month), least(coalesce(upper(s.period), m.ended), m.ended),
           a.sample_fields, f.sample_fields
    FROM (SELECT month, (month + interval '1 month')::date AS ended
          FROM unnest(%(months)s::date[]) AS month) m
    JOIN seats_seatblock s ON s.period && daterange(m.month, m.ended) AND s.kind <> 'void'
    JOIN park_floor f ON f.id = s.floor_id AND f.delivered_on IS NOT NULL
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id
    JOIN seats_allocation a ON a.id = s.allocation_id
    ORDER BY m.month, z.code, length(b.code), b.code, f.level, f.id, lower(s.seats), lower(s.period)
"""


class _Block(NamedTuple):
    """One line of the statement above."""

    month: str
    month_end: date
    zone: str
    building: str
    floor: str
    lettable_m2: Decimal
    enterprise: int | None
    kind: str
    first: int
    end: int
    first_day: date
    end_day: date
    sample_fields: list[str]
    sample_fields_of_floor: list[str]

    @property
    def seats_on_last_day(self) -> int:
        return self.end - self.first if self.end_day == self.month_end else 0

    @property
    def seat_days(self) -> int:
        return (self.end - self.first) * (self.end_day - self.first_day).days


def take_blocks(months: Sequence[date], _columns: Collection[str] = ()) -> list[BlockFact]:
    """Every block's part of each month, checked against the floors that it stands on."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, {"months": list(months)})
        blocks = [_Block(*line) for line in cursor.fetchall()]
    known = every_floor()
    floors = {
        (format_month(month), on_day.floor.label): (on_day, during)
        for month in months
        for on_day, during in _floors(month, known)
    }
    facts: list[BlockFact] = []
    for place, lines in groupby(blocks, key=lambda block: (block.month, block.floor)):
        facts += _facts_of_floor(list(lines), floors[place][0])
    _check(facts, floors)
    return facts


def _facts_of_floor(blocks: Sequence[_Block], floor: FloorOn) -> Iterator[BlockFact]:
    let = shares(
        [block.seats_on_last_day if block.kind == "firm" else 0 for block in blocks],
        floor.figures.occupancy.seats,
        floor.figures.lettable_m2,
    )
    for block, area in zip(blocks, let, strict=True):
        seats, days = block.seats_on_last_day, block.seat_days
        yield BlockFact(
            month=block.month,
            zone=block.zone,
            building=block.building,
            floor=block.floor,
            enterprise=block.enterprise,
            kind=block.kind,
            run=run_label(block.floor, Span(block.first, block.end)),
            first_day=block.first_day.isoformat(),
            last_day=date.fromordinal(block.end_day.toordinal() - 1).isoformat(),
            firm=seats if block.kind == "firm" else 0,
            held=seats if block.kind == "hold" else 0,
            closed=seats if block.kind == "closure" else 0,
            let_m2=area,
            firm_days=days if block.kind == "firm" else 0,
            held_days=days if block.kind == "hold" else 0,
            closed_days=days if block.kind == "closure" else 0,
            sample_fields=sorted(
                {
                    *invented(block.sample_fields, _OF_A_BLOCK),
                    *invented(block.sample_fields_of_floor, _OF_ITS_FLOOR),
                }
            ),
        )


def shares(seats: Iterable[int], of_seats: int, lettable_m2: Decimal) -> list[Decimal]:
    """The area that each run of `seats` stands for on a floor of `of_seats`.

    Rounded to 0.01 m² so that the areas of a floor's runs add up to the area of their seats.
    """
    areas, sofar, area_sofar = [], 0, NO_AREA
    for count in seats:
        sofar += count
        area = rounded(lettable_m2 * sofar / of_seats, 2) if of_seats else NO_AREA
        areas.append(area - area_sofar)
        area_sofar = area
    return areas


def _check(facts: Iterable[BlockFact], floors: dict[tuple[str, str], tuple[FloorOn, Any]]) -> None:
    """Raise unless the blocks of every floor add up to what `seats.occupancy` says of it."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for fact in facts:
        for column in ("firm", "held", "closed", "firm_days", "held_days", "closed_days"):
            sums[fact.month, fact.floor, column] += getattr(fact, column)
    for (month, label), (on_day, during) in floors.items():
        seats = on_day.figures.occupancy
        for column in ("firm", "held", "closed"):
            here = sums[month, label, column], sums[month, label, f"{column}_days"]
            if here != (getattr(seats, column), getattr(during, column)):
                raise FactsDisagree(f"{label} {month} {column}: {here}")


# The blocks as they were known at the end of each month: the last event of every row until then.
# Of those that begin later or wait for a floor that is late, the seats that the enterprise does not
# have already the day before. Seats on loan are chosen by nobody: neither by who borrows them, nor
# by who has them again.
_AHEAD = """
    WITH known AS (
        SELECT * FROM (
            SELECT DISTINCT ON (m.month, e.pgh_obj_id)
                   m.month, m.ended, e.pgh_label, e.kind, e.seats, e.period, e.floor_id,
                   e.enterprise_id, e.allocation_id
            FROM (SELECT month, (month + interval '1 month')::date AS ended
                  FROM unnest(%(months)s::date[]) AS month) m
            JOIN seats_seatblockevent e
                ON e.recorded_on < m.ended AND e.enterprise_id IS NOT NULL
            ORDER BY m.month, e.pgh_obj_id, e.pgh_id DESC
        ) latest
        WHERE pgh_label <> 'delete' AND coalesce(upper(period) >= ended, true)
    ),
    chosen AS (
        SELECT k.*, int4multirange(k.seats) - coalesce(
                   (SELECT range_agg(b.seats) FROM known b
                    WHERE b.month = k.month AND b.enterprise_id = k.enterprise_id
                      AND b.seats && k.seats AND b.period @> lower(k.period) - 1),
                   '{}'
               ) - coalesce(
                   (SELECT range_agg(l.seats) FROM seats_seatloan l
                    WHERE l.seats && k.seats AND l.borrower_allocation_id IS NOT NULL
                      AND (l.borrower_allocation_id = k.allocation_id
                           OR l.lender_id = k.enterprise_id
                              AND lower(k.period) IN (upper(l.period), l.returned_on))),
                   '{}'
               ) AS seats_ahead
        FROM known k
        JOIN park_floor f ON f.id = k.floor_id
        WHERE lower(k.period) >= k.ended OR f.delivered_on IS NULL OR f.delivered_on >= k.ended
    )
    SELECT to_char(c.month, 'YYYY-MM'), z.code, z.code || '-' || b.code, f.label, c.enterprise_id,
           c.kind, lower(run), upper(run), lower(c.period), a.sample_fields
    FROM chosen c
    CROSS JOIN LATERAL unnest(c.seats_ahead) AS run
    JOIN park_floor f ON f.id = c.floor_id
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id
    JOIN seats_allocation a ON a.id = c.allocation_id
    ORDER BY c.month, z.code, length(b.code), b.code, f.level, f.id, lower(run), lower(c.period)
"""


def take_ahead(months: Sequence[date], _columns: Collection[str] = ()) -> list[AheadFact]:
    """What was chosen ahead, as it was known at the end of each month."""
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, {"months": list(months)})
        return [_ahead(*line) for line in cursor.fetchall()]


def _ahead(
    month: str,
    zone: str,
    building: str,
    floor: str,
    enterprise: int,
    kind: str,
    first: int,
    end: int,
    first_day: date,
    sample_fields: list[str],
) -> AheadFact:
    return AheadFact(
        month=month,
        zone=zone,
        building=building,
        floor=floor,
        enterprise=enterprise,
        kind=kind,
        run=run_label(floor, Span(first, end)),
        first_day=first_day.isoformat(),
        seats=end - first,
        firm=end - first if kind == "firm" else 0,
        held=end - first if kind == "hold" else 0,
        sample_fields=invented(sample_fields, _OF_A_CHOICE),
    )

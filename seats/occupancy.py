"""Occupancy: seats × days, by kind, as areas of rectangles. The one place that adds them up.

A day is a period of one day, so a day and a month are the same question. Seats exist where a
floor's slot is not void. A floor that is not handed over exists only in the plan: it counts on days
after `today` and on no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.axis import FIRST_DAY, SLOT
from seats.rectangles import ONE_DAY


class Grouping(TextChoices):
    PARK = "park", gettext_lazy("by park")
    ZONE = "zone", gettext_lazy("by zone")
    BUILDING = "building", gettext_lazy("by building")
    FLOOR = "floor", gettext_lazy("by floor")
    ENTERPRISE = "enterprise", gettext_lazy("by enterprise")


class Occupancy(NamedTuple):
    """Seats (on a day) or seat-days (of a period), by what they are."""

    seats: int = 0
    firm: int = 0
    held: int = 0
    closed: int = 0

    def __add__(self, other: Occupancy) -> Occupancy:  # type: ignore[override]
        return Occupancy(*(one + another for one, another in zip(self, other, strict=True)))

    @property
    def free(self) -> int:
        return self.seats - self.firm - self.held - self.closed

    @property
    def available(self) -> int:
        """What can be contracted: all but the closed. The denominator of `rate`."""
        return self.seats - self.closed

    @property
    def rate(self) -> float | None:
        """席位签约率: contracted ÷ available; None where nothing is available."""
        return self.firm / self.available if self.available else None


class Row(NamedTuple):
    """One line of an answer. `key` None: what no enterprise has."""

    key: int | str | None
    name: str
    occupancy: Occupancy


# Every block's area inside the period. A floor that is only planned counts from tomorrow on.
_AREAS = """
    SELECT s.floor_id, s.enterprise_id, s.kind,
           (upper(s.seats) - lower(s.seats))::bigint * greatest(
               0,
               least(coalesce(upper(s.period), %(end)s::date), %(end)s::date)
               - greatest(
                   lower(s.period),
                   CASE WHEN f.delivered_on IS NULL
                        THEN greatest(%(start)s::date, %(tomorrow)s::date)
                        ELSE %(start)s::date END
               )
           ) AS area
    FROM seats_seatblock s
    JOIN park_floor f ON f.id = s.floor_id
    WHERE s.period && daterange(%(start)s, %(end)s)
"""

_BY_FLOOR = """
    SELECT f.label, z.code || '-' || b.code, z.code, p.id, p.name,
           %(slot)s * greatest(
               0,
               %(end)s::date - CASE WHEN f.delivered_on IS NULL
                                    THEN greatest(%(start)s::date, %(tomorrow)s::date)
                                    ELSE %(start)s::date END
           ) - coalesce(sum(a.area) FILTER (WHERE a.kind = 'void'), 0),
           coalesce(sum(a.area) FILTER (WHERE a.kind = 'firm'), 0),
           coalesce(sum(a.area) FILTER (WHERE a.kind = 'hold'), 0),
           coalesce(sum(a.area) FILTER (WHERE a.kind = 'closure'), 0)
    FROM park_floor f
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id
    JOIN park_park p ON p.id = z.park_id
    LEFT JOIN ({areas}) a ON a.floor_id = f.id
    GROUP BY f.id, b.id, z.id, p.id
    ORDER BY z.code, length(b.code), b.code, f.level, f.id
""".replace("{areas}", _AREAS)

_BY_ENTERPRISE = """
    SELECT e.id, e.short_name,
           coalesce(sum(a.area) FILTER (WHERE a.kind = 'firm'), 0),
           coalesce(sum(a.area) FILTER (WHERE a.kind = 'hold'), 0)
    FROM ({areas}) a
    JOIN tenants_enterprise e ON e.id = a.enterprise_id
    GROUP BY e.id
    HAVING sum(a.area) > 0
    ORDER BY e.pinyin, e.id
""".replace("{areas}", _AREAS)


class FloorRow(NamedTuple):
    """What the statement answers for one floor."""

    floor: str
    building: str
    zone: str
    park_id: int
    park: str
    occupancy: Occupancy


def floors_during(start: date, end: date, *, today: date) -> list[FloorRow]:
    """Each floor's seat-days on [start, end); on a single day, its seats."""
    return [
        FloorRow._make((*row[:5], Occupancy(*map(int, row[5:]))))
        for row in _answers(_BY_FLOOR, start, end, today)
    ]


def occupancy_during(
    start: date, end: date, *, today: date, by: Grouping
) -> tuple[list[Row], Occupancy]:
    """Seat-days on [start, end) by `by`, and their total.

    The rows add up to the total. By enterprise, the last row (key None) holds what no enterprise
    has: free and closed seats.
    """
    floors = floors_during(start, end, today=today)
    total = sum((floor.occupancy for floor in floors), Occupancy())
    if by == Grouping.ENTERPRISE:
        return _by_enterprise(start, end, today, total), total
    return list(_grouped(floors, by)), total


def occupancy_on(day: date, *, today: date, by: Grouping) -> tuple[list[Row], Occupancy]:
    """Seats at the end of `day` by `by`, and their total; see `occupancy_during`."""
    return occupancy_during(day, day + ONE_DAY, today=today, by=by)


def _grouped(floors: Iterable[FloorRow], by: Grouping) -> Iterable[Row]:
    groups: dict[int | str, tuple[str, Occupancy]] = {}
    for floor in floors:
        key, name = _key_and_name(floor, by)
        _, sofar = groups.get(key, (name, Occupancy()))
        groups[key] = (name, sofar + floor.occupancy)
    return (Row(key, name, occupancy) for key, (name, occupancy) in groups.items())


def _key_and_name(floor: FloorRow, by: Grouping) -> tuple[int | str, str]:
    match by:
        case Grouping.PARK:
            return floor.park_id, floor.park
        case Grouping.ZONE:
            return floor.zone, floor.zone
        case Grouping.BUILDING:
            return floor.building, floor.building
        case _:
            return floor.floor, floor.floor


def _by_enterprise(start: date, end: date, today: date, total: Occupancy) -> list[Row]:
    rows = [
        Row(key, name, Occupancy(int(firm) + int(held), int(firm), int(held)))
        for key, name, firm, held in _answers(_BY_ENTERPRISE, start, end, today)
    ]
    rest = Occupancy(total.free + total.closed, 0, 0, total.closed)
    return [*rows, Row(None, _("Not with an enterprise"), rest)]


def _answers(sql: str, start: date, end: date, today: date) -> list[tuple[Any, ...]]:
    start = max(start, FIRST_DAY)  # void begins then: before it nothing says what is no seat
    end = max(end, start)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"slot": SLOT, "start": start, "end": end, "tomorrow": today + ONE_DAY})
        return cursor.fetchall()

"""Occupancy: seats × days, by kind, as areas of rectangles. The one place that adds them up.

A day is a period of one day, so a day and a month are the same question. Seats exist where a
floor's slot is not void. A floor that is not handed over exists only in the plan: it counts on days
after `today` and on no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
        return Occupancy(
            self.seats + other.seats,
            self.firm + other.firm,
            self.held + other.held,
            self.closed + other.closed,
        )

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


# A floor that is only planned counts from tomorrow on. `slot`: all its numbers, seats or not.
_FLOORS = """
    floors AS (
        SELECT *, %(slot)s::bigint * greatest(0, %(end)s::date - counts_from) AS slot
        FROM (
            SELECT id, building_id, label, level,
                   CASE WHEN delivered_on IS NULL
                        THEN greatest(%(start)s::date, %(tomorrow)s::date)
                        ELSE %(start)s::date END AS counts_from
            FROM park_floor
        ) f
    )
"""

# Every block's area inside the period.
_AREAS_IN_A_PERIOD = """
    areas AS (
        SELECT s.floor_id, s.enterprise_id, s.kind,
               (upper(s.seats) - lower(s.seats))::bigint * greatest(
                   0,
                   least(upper(s.period), %(end)s::date) - greatest(lower(s.period), f.counts_from)
               ) AS area
        FROM seats_seatblock s JOIN floors f ON f.id = s.floor_id
        WHERE s.period && daterange(%(start)s, %(end)s)
    )
"""

# The same where the period is one day: what is asked most need not count days.
_AREAS_ON_A_DAY = """
    areas AS (
        SELECT floor_id, enterprise_id, kind, upper(seats) - lower(seats) AS area
        FROM seats_seatblock
        WHERE period @> %(start)s::date
    )
"""

_SUMS = """
    coalesce(sum(area) FILTER (WHERE kind = 'void'), 0)::bigint AS void,
    coalesce(sum(area) FILTER (WHERE kind = 'firm'), 0)::bigint AS firm,
    coalesce(sum(area) FILTER (WHERE kind = 'hold'), 0)::bigint AS held,
    coalesce(sum(area) FILTER (WHERE kind = 'closure'), 0)::bigint AS closed
"""

# Seats that exist: the floor's slot without its void. Added up by kind first: four filters over
# every block take a quarter longer than over four rows a floor.
_BY_FLOOR = """
    WITH {floors}, {areas}
    SELECT f.label, z.code || '-' || b.code, z.code, p.id, p.name,
           f.slot - coalesce(a.void, 0),
           coalesce(a.firm, 0), coalesce(a.held, 0), coalesce(a.closed, 0)
    FROM floors f
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id
    JOIN park_park p ON p.id = z.park_id
    LEFT JOIN (
        SELECT floor_id, {sums}
        FROM (SELECT floor_id, kind, sum(area) AS area FROM areas GROUP BY floor_id, kind) by_kind
        GROUP BY floor_id
    ) a ON a.floor_id = f.id AND f.counts_from < %(end)s
    ORDER BY z.code, length(b.code), b.code, f.level, f.id
"""

# All slots and all void are nobody's: the last line.
_BY_ENTERPRISE = """
    WITH {floors}, {areas}
    SELECT e.id, e.short_name, a.slot - a.void, a.firm, a.held, a.closed
    FROM (
        SELECT enterprise_id,
               coalesce(sum(area) FILTER (WHERE kind = 'slot'), 0)::bigint AS slot,
               {sums}
        FROM (
            SELECT a.enterprise_id, a.kind, a.area
            FROM areas a JOIN floors f ON f.id = a.floor_id AND f.counts_from < %(end)s
            UNION ALL
            SELECT NULL, 'slot', slot FROM floors
        ) a
        GROUP BY enterprise_id
    ) a
    LEFT JOIN tenants_enterprise e ON e.id = a.enterprise_id
    ORDER BY e.pinyin, e.id
"""


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
        FloorRow._make((*row[:5], Occupancy(*row[5:])))
        for row in _answers(_BY_FLOOR, start, end, today)
    ]


def occupancy_during(
    start: date, end: date, *, today: date, by: Grouping
) -> tuple[list[Row], Occupancy]:
    """Seat-days on [start, end) by `by`, and their total.

    The rows add up to the total. By enterprise, the last row (key None) holds what no enterprise
    has: free and closed seats.
    """
    if by == Grouping.ENTERPRISE:
        return _by_enterprise(start, end, today)
    floors = floors_during(start, end, today=today)
    return _grouped(floors, by), _together(floor.occupancy for floor in floors)


def occupancy_on(day: date, *, today: date, by: Grouping) -> tuple[list[Row], Occupancy]:
    """Seats at the end of `day` by `by`, and their total; see `occupancy_during`."""
    return occupancy_during(day, day + ONE_DAY, today=today, by=by)


def _together(parts: Iterable[Occupancy]) -> Occupancy:
    return Occupancy(*map(sum, zip(*parts, strict=True)))


def _grouped(floors: Iterable[FloorRow], by: Grouping) -> list[Row]:
    key_and_name = _KEYS[by]
    groups: dict[tuple[int | str, str], Occupancy] = {}
    for floor in floors:
        group = key_and_name(floor)
        sofar = groups.get(group)
        groups[group] = sofar + floor.occupancy if sofar else floor.occupancy
    return [Row(*group, occupancy) for group, occupancy in groups.items()]


_KEYS: dict[Grouping, Callable[[FloorRow], tuple[int | str, str]]] = {
    Grouping.PARK: lambda floor: (floor.park_id, floor.park),
    Grouping.ZONE: lambda floor: (floor.zone, floor.zone),
    Grouping.BUILDING: lambda floor: (floor.building, floor.building),
    Grouping.FLOOR: lambda floor: (floor.floor, floor.floor),
}


def _by_enterprise(start: date, end: date, today: date) -> tuple[list[Row], Occupancy]:
    rows, parts = [], []
    for key, name, *sums in _answers(_BY_ENTERPRISE, start, end, today):
        part = Occupancy(*sums)
        parts.append(part)
        if key is not None and (has := part.firm + part.held):
            rows.append(Row(key, name, part._replace(seats=has)))
    total = _together(parts)
    rest = Occupancy(total.free + total.closed, 0, 0, total.closed)
    return [*rows, Row(None, _("Not with an enterprise"), rest)], total


def _answers(sql: str, start: date, end: date, today: date) -> list[tuple[Any, ...]]:
    start = max(start, FIRST_DAY)  # void begins then: before it nothing says what is no seat
    end = max(end, start)
    areas = _AREAS_ON_A_DAY if end - start == ONE_DAY else _AREAS_IN_A_PERIOD
    for name, text in (("{floors}", _FLOORS), ("{areas}", areas), ("{sums}", _SUMS)):
        sql = sql.replace(name, text)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"slot": SLOT, "start": start, "end": end, "tomorrow": today + ONE_DAY})
        return cursor.fetchall()

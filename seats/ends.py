"""What ends: runs that somebody has, holds and closures, day by day; and who stops being a tenant.

A run does not end where the same holder goes on having it the next day, nor where it is lent or
comes back from a loan: nothing is vacant by that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from park.axis import Span, run_label
from seats.holdings import glyph_of
from seats.models import BlockKind
from seats.rectangles import ONE_DAY
from web.rfc9457 import Text

HORIZONS = (30, 60, 90)
MOST_NAMED = 3

# The first day on which nobody has the seats any more: a hold may run out before its last day, or
# before its first.
_ENDING = """
    WITH ending AS (
        SELECT b.*, CASE
                   WHEN b.kind = 'hold' AND a.ended_at IS NULL AND a.expires_at IS NOT NULL
                   THEN least(coalesce(upper(b.period), 'infinity'),
                              (a.expires_at AT TIME ZONE 'Asia/Shanghai')::date)
                   ELSE upper(b.period) END AS free_from
        FROM seats_seatblock b
        LEFT JOIN seats_allocation a ON a.id = b.allocation_id
        WHERE b.kind <> 'void' AND b.period && daterange(%(today)s, NULL)
    )
    SELECT e.kind, e.allocation_id, e.enterprise_id,
           coalesce(t.short_name, a.reason, ''), coalesce(t.pinyin, ''),
           e.floor_id, f.label, b.id, z.code || '-' || b.code, z.code,
           lower(run), upper(run), e.free_from,
           e.free_from < coalesce(upper(e.period), 'infinity')
    FROM ending e
    JOIN park_floor f ON f.id = e.floor_id
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id
    LEFT JOIN seats_allocation a ON a.id = e.allocation_id
    LEFT JOIN tenants_enterprise t ON t.id = e.enterprise_id
    LEFT JOIN LATERAL (
        SELECT range_agg(n.seats) AS seats
        FROM seats_seatblock n
        WHERE n.seats && e.seats AND n.period @> e.free_from AND n.id <> e.id
          AND n.enterprise_id IS NOT DISTINCT FROM e.enterprise_id AND n.kind <> 'void'
    ) goes_on ON true
    LEFT JOIN LATERAL (
        SELECT range_agg(l.seats * n.seats) AS seats
        FROM seats_seatloan l
        JOIN seats_seatblock n ON n.seats && l.seats AND n.period @> e.free_from
        WHERE l.seats && e.seats AND l.borrower_allocation_id IS NOT NULL
          AND (l.lender_id = e.enterprise_id AND n.allocation_id = l.borrower_allocation_id
               OR l.borrower_allocation_id = e.allocation_id AND n.enterprise_id = l.lender_id)
    ) lent ON true,
    LATERAL unnest(
        int4multirange(e.seats) - coalesce(goes_on.seats, '{}'::int4multirange)
        - coalesce(lent.seats, '{}'::int4multirange)
    ) AS run
    WHERE e.free_from >= %(today)s AND e.free_from <= %(until)s
      AND (%(zone)s = '' OR z.code = %(zone)s)
      AND (%(building)s::int IS NULL OR b.id = %(building)s)
      AND (%(kind)s = '' OR e.kind = %(kind)s)
    ORDER BY e.free_from, 5, lower(run)
"""


@dataclass(frozen=True)
class Part:
    """A part of the place, and of what can end; empty means all of it."""

    zone: str = ""
    building: int | None = None
    kind: str = ""


EVERYWHERE = Part()


class Ending(NamedTuple):
    """A run that its holder has for the last time on `last_day`."""

    kind: str
    allocation: int
    enterprise: int | None
    holder: str
    pinyin: str
    floor: int
    floor_label: str
    building: int
    building_label: str
    zone: str
    seats: Span
    last_day: date
    by_expiry: bool

    @property
    def label(self) -> str:
        return run_label(self.floor_label, self.seats)

    @property
    def glyph(self) -> str:
        return glyph_of(self.kind)

    @property
    def word(self) -> Text:
        return BlockKind(self.kind).label


def endings(today: date, days: int, part: Part = EVERYWHERE) -> list[Ending]:
    """What ends on one of the next `days` days, soonest first; today is the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ENDING,
            {
                "today": today,
                "until": today + timedelta(days=days),
                "zone": part.zone,
                "building": part.building,
                "kind": part.kind,
            },
        )
        return [_ending(row, today) for row in cursor.fetchall()]


def _ending(row: Sequence[Any], today: date) -> Ending:
    lower, upper, free_from, by_expiry = row[10:]
    last_day = max(today, free_from - ONE_DAY)  # a hold that runs out today is there until then
    return Ending._make([*row[:10], Span(lower, upper), last_day, by_expiry])


@dataclass(frozen=True)
class Horizon:
    """What ends within so many days, all together."""

    days: int
    last_day: date
    endings: list[Ending]
    part: Part = EVERYWHERE

    @property
    def seats(self) -> int:
        return sum(ending.seats.length for ending in self.endings)

    @property
    def enterprises(self) -> int:
        return len({one.enterprise for one in self.endings if one.enterprise is not None})

    @property
    def url(self) -> str:
        """The rows of the figure."""
        narrowed = {name: value for name, value in asdict(self.part).items() if value}
        query = urlencode({"within": self.days, **narrowed})
        return f"{reverse('seats:ends')}?{query}#runs"

    @property
    def named(self) -> list[tuple[str, int]]:
        """Who gives up most, with how many seats; what is closed till then, as such."""
        seats: dict[str, int] = {}
        for one in self.endings:
            name = str(one.word) if one.enterprise is None else one.holder
            seats[name] = seats.get(name, 0) + one.seats.length
        return sorted(seats.items(), key=lambda item: -item[1])[:MOST_NAMED]

    @property
    def unnamed(self) -> int:
        """How many seats those have who are not named."""
        return self.seats - sum(count for _name, count in self.named)


def horizons(found: Iterable[Ending], today: date, part: Part = EVERYWHERE) -> list[Horizon]:
    """`found` (of 90 days) by what ends within 30, 60 and 90 days, each with what comes before."""
    found = list(found)
    last_days = [(days, today + timedelta(days=days - 1)) for days in HORIZONS]
    return [
        Horizon(days, last, [one for one in found if one.last_day <= last], part)
        for days, last in last_days
    ]


_TENANCIES = """
    SELECT t.enterprise_id, e.short_name, upper(t.period) - 1,
           (SELECT coalesce(sum(upper(b.seats) - lower(b.seats)), 0)
            FROM seats_seatblock b
            WHERE b.enterprise_id = t.enterprise_id AND b.kind = 'firm'
              AND b.period @> upper(t.period) - 1)
    FROM tenants_tenancy t
    JOIN tenants_enterprise e ON e.id = t.enterprise_id
    WHERE upper(t.period) > %(today)s AND upper(t.period) <= %(until)s
      AND NOT EXISTS (
          SELECT FROM tenants_tenancy n
          WHERE n.enterprise_id = t.enterprise_id AND lower(n.period) = upper(t.period))
    ORDER BY upper(t.period), e.pinyin, e.id
"""


class TenancyEnd(NamedTuple):
    """An enterprise that is of the park until `last_day`, and the seats it has on that day."""

    enterprise: int
    name: str
    last_day: date
    seats: int


def tenancies_ending(today: date, days: int) -> list[TenancyEnd]:
    """The tenancies that end within `days` days and do not go on, soonest first."""
    with connection.cursor() as cursor:
        cursor.execute(_TENANCIES, {"today": today, "until": today + timedelta(days=days)})
        return [TenancyEnd(*row) for row in cursor.fetchall()]

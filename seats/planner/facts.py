"""What the planner reads: free runs, who leaves before a plan begins, who is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from park.axis import Span, free_spans, run_label, slot_of
from park.models import Floor
from seats.free_runs import free_runs
from seats.models import BlockKind
from seats.planner.need import Free, Plan, Wait
from seats.rectangles import ONE_DAY, Rectangle

_LEAVING = """
    SELECT given.number, b.kind, coalesce(e.short_name, a.reason, ''), b.enterprise_id, f.label,
           lower(b.seats * r.seats), upper(b.seats * r.seats), upper(b.period), a.expires_at
    FROM unnest(%(numbers)s::int[], %(lowers)s::int[], %(uppers)s::int[], %(starts)s::date[])
             AS given(number, lower, upper, start),
         LATERAL (
             SELECT int4range(given.lower, given.upper) AS seats,
                    daterange(%(today)s, given.start) AS days
         ) AS r
    JOIN seats_seatblock b ON b.seats && r.seats AND b.period && r.days
    JOIN park_floor f ON f.id = b.floor_id
    LEFT JOIN seats_allocation a ON a.id = b.allocation_id
    LEFT JOIN tenants_enterprise e ON e.id = b.enterprise_id
    ORDER BY given.number, lower(b.seats * r.seats), upper(b.period)
"""

_IN_THE_WAY = """
    SELECT b.id, b.kind, b.floor_id, f.label,
           lower(b.seats), upper(b.seats), lower(b.period), upper(b.period),
           b.enterprise_id, coalesce(e.short_name, ''), a.expires_at
    FROM seats_seatblock b
    JOIN park_floor f ON f.id = b.floor_id
    LEFT JOIN seats_allocation a ON a.id = b.allocation_id
    LEFT JOIN tenants_enterprise e ON e.id = b.enterprise_id
    WHERE b.period && daterange(%(start)s, %(end)s)
    ORDER BY b.floor_id, lower(b.seats), lower(b.period)
"""


def free(start: date, end: date | None, zones: Sequence[str]) -> list[Free]:
    """The runs free on all days of [start, end), longest first."""
    return [
        Free(run.seats, run.floor_id, run.floor_label, run.is_delivered)
        for run in free_runs(start, end, zones=zones)
    ]


def waits(plans: Sequence[Plan], today: date) -> list[tuple[Wait, ...]]:
    """For each of `plans`, who has seats of it between today and their first day: one query."""
    found: list[list[Wait]] = [[] for _plan in plans]
    later = [
        (number, block)
        for number, plan in enumerate(plans)
        for block in plan.blocks
        if block.start > today
    ]
    for number, *row in _leaving(later, today) if later else []:
        found[number].append(_wait(row, today))
    return [tuple(each) for each in found]


def _leaving(blocks: Sequence[tuple[int, Rectangle]], today: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _LEAVING,
            {
                "numbers": [number for number, _block in blocks],
                "lowers": [block.seats.lower for _number, block in blocks],
                "uppers": [block.seats.upper for _number, block in blocks],
                "starts": [block.start for _number, block in blocks],
                "today": today,
            },
        )
        return cursor.fetchall()


def _wait(row: Sequence[Any], today: date) -> Wait:
    kind, holder, enterprise, floor, lower, upper, end, expires_at = row
    seats = Span(lower, upper)
    expiry = _expiry(kind, expires_at)
    by_expiry = expiry is not None and expiry < end
    last = max(today, (expiry if by_expiry and expiry else end) - ONE_DAY)
    return Wait(kind, holder, enterprise, run_label(floor, seats), seats, last, by_expiry)


def _expiry(kind: str, expires_at: datetime | None) -> date | None:
    """The first day on which the seats of a hold are free if nobody confirms it."""
    if kind != BlockKind.HOLD or expires_at is None:
        return None
    return timezone.localdate(expires_at)


class InTheWay(NamedTuple):
    """A block on some day of a period. `expiry`: from when on a hold is void by itself."""

    id: int
    kind: str
    floor: int
    floor_label: str
    seats: Span
    start: date
    end: date | None
    enterprise: int | None
    holder: str
    expiry: date | None

    @property
    def label(self) -> str:
        return run_label(self.floor_label, self.seats)

    def ends_by(self, day: date, *, by_expiry: bool) -> bool:
        """Whether it is over on `day`; `by_expiry`: holds that nobody confirms, too."""
        if self.end is not None and self.end <= day:
            return True
        return by_expiry and self.expiry is not None and self.expiry <= day


def in_the_way(start: date, end: date | None) -> list[InTheWay]:
    """Every block on a day of [start, end), by floor and seat: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_WAY, {"start": start, "end": end})
        return [
            InTheWay._make([*row[:4], Span(*row[4:6]), *row[6:10], _expiry(row[1], row[10])])
            for row in cursor.fetchall()
        ]


def floors() -> dict[int, tuple[str, bool]]:
    """Label of every floor, and whether it is handed over."""
    rows = Floor.objects.values_list("pk", "label", "delivered_on")
    return {pk: (label, delivered_on is not None) for pk, label, delivered_on in rows}


def free_beside(blocks: Iterable[InTheWay], floors: Mapping[int, tuple[str, bool]]) -> list[Free]:
    """The runs that `blocks` leave on `floors`, by seat."""
    taken: dict[int, list[Span]] = {floor: [] for floor in floors}
    for block in blocks:
        taken[block.floor].append(block.seats)
    return [
        Free(run, floor, *floors[floor])
        for floor, spans in sorted(taken.items())
        for run in free_spans(slot_of(floor), spans)
    ]

"""Seats that changed hands without a list: moved in and none signed, given back and none signed.

One query over all contracted blocks; seats are compared, so that a part that is missing shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db import connection

from park.axis import Span, floor_of, intersection, run_label, slot_of
from park.models import Floor
from seats.models import Allocation, Direction

_GAPS = """
    WITH had AS (
        SELECT allocation_id,
               range_agg(seats) FILTER (WHERE period @> %(today)s::date) AS now,
               range_agg(seats) FILTER (WHERE upper(period) <= %(today)s::date) AS ended,
               min(lower(period)) AS first_day,
               max(upper(period)) FILTER (WHERE upper(period) <= %(today)s::date) AS free_from
        FROM seats_seatblock
        WHERE kind = 'firm'
          AND (%(allocation)s::bigint IS NULL OR allocation_id = %(allocation)s)
        GROUP BY allocation_id
    ), listed AS (
        SELECT h.allocation_id,
               range_agg(l.seats) FILTER (WHERE h.direction = 'move_in') AS moved_in,
               range_agg(l.seats) FILTER (WHERE h.direction = 'return') AS given_back
        FROM seats_handover h
        JOIN seats_handoverline l ON l.handover_id = h.id
        WHERE h.state = 'signed'
        GROUP BY h.allocation_id
    ), gaps AS (
        SELECT had.allocation_id, had.first_day, had.free_from,
               coalesce(now, '{}') - coalesce(moved_in, '{}') AS move_in,
               coalesce(ended, '{}') - coalesce(now, '{}') - coalesce(given_back, '{}') AS return
        FROM had LEFT JOIN listed USING (allocation_id)
    )
    SELECT allocation_id, 'move_in', move_in, first_day FROM gaps WHERE NOT isempty(move_in)
    UNION ALL
    SELECT allocation_id, 'return', return, free_from FROM gaps WHERE NOT isempty(return)
    ORDER BY 4 DESC, 1 DESC
"""


class Gap(NamedTuple):
    """Seats of an allocation for which no signed list is there, and since which day."""

    allocation_id: int
    direction: str
    spans: list[Span]
    since: date

    @property
    def seats(self) -> int:
        return sum(span.length for span in self.spans)


class NamedGap(NamedTuple):
    """A gap with the words for it."""

    gap: Gap
    allocation: Allocation
    runs: list[str]


def gaps(today: date, allocation_id: int | None = None) -> dict[str, list[Gap]]:
    """All gaps by direction, the newest first; or those of one allocation."""
    found: dict[str, list[Gap]] = {direction: [] for direction in Direction.values}
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, {"today": today, "allocation": allocation_id})
        for allocation, direction, ranges, since in cursor:
            spans = [part for one in ranges for part in _by_floor(Span(one.lower, one.upper))]
            found[direction].append(Gap(allocation, direction, spans, since))
    return found


def _by_floor(span: Span) -> Iterator[Span]:
    """A floor that fills its slot touches the next one: to the database they are one range."""
    for floor in range(floor_of(span.lower), floor_of(span.upper - 1) + 1):
        if part := intersection(span, slot_of(floor)):
            yield part


def named(rows: Iterable[Gap]) -> list[NamedGap]:
    """With the allocations and the labels of the runs: two queries."""
    rows = list(rows)
    allocations = Allocation.objects.select_related("enterprise").in_bulk(
        [gap.allocation_id for gap in rows]
    )
    floors = Floor.objects.in_bulk({floor_of(span.lower) for gap in rows for span in gap.spans})
    return [
        NamedGap(
            gap,
            allocations[gap.allocation_id],
            [run_label(floors[floor_of(span.lower)].label, span) for span in gap.spans],
        )
        for gap in rows
    ]

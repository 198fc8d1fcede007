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

# Seats are an enterprise's, whatever allocation they stand under: one that was split or moved has
# its list already, and seats that go on under another allocation were not given back. A move-in
# list counts until a later list says that the seats went back.
_GAPS = """
    WITH had AS (
        SELECT allocation_id, enterprise_id,
               range_agg(seats) FILTER (WHERE period @> %(today)s::date) AS now,
               min(lower(period)) AS first_day
        FROM seats_seatblock
        WHERE kind = 'firm'
          AND (%(allocation)s::bigint IS NULL OR allocation_id = %(allocation)s)
        GROUP BY allocation_id, enterprise_id
    ), ended AS (
        SELECT b.allocation_id, upper(b.period) AS day,
               b.seats::int4multirange - coalesce(range_agg(next.seats), '{}') AS seats
        FROM seats_seatblock b
        LEFT JOIN seats_seatblock next
               ON next.enterprise_id = b.enterprise_id AND next.kind = 'firm'
              AND next.seats && b.seats AND lower(next.period) = upper(b.period)
        WHERE b.kind = 'firm' AND upper(b.period) <= %(today)s::date
          AND (%(allocation)s::bigint IS NULL OR b.allocation_id = %(allocation)s)
        GROUP BY b.id
    ), left_behind AS (
        SELECT allocation_id, range_agg(seats) AS seats, max(day) AS day
        FROM ended WHERE NOT isempty(seats) GROUP BY allocation_id
    ), staying AS (
        SELECT enterprise_id, range_agg(seats) AS seats
        FROM seats_seatblock
        WHERE kind = 'firm' AND (upper_inf(period) OR upper(period) > %(today)s::date)
        GROUP BY enterprise_id
    ), listed AS (
        SELECT l.id, h.enterprise_id, h.direction, h."on", l.seats
        FROM seats_handover h JOIN seats_handoverline l ON l.handover_id = h.id
        WHERE h.state = 'signed'
    ), in_force AS (
        SELECT m.enterprise_id,
               m.seats::int4multirange - coalesce(range_agg(r.seats), '{}') AS seats
        FROM listed m
        LEFT JOIN listed r
               ON r.enterprise_id = m.enterprise_id AND r.direction = 'return'
              AND r."on" >= m."on" AND r.seats && m.seats
        WHERE m.direction = 'move_in'
        GROUP BY m.id, m.enterprise_id, m.seats
    ), moved_in AS (
        SELECT enterprise_id, range_agg(seats) AS seats FROM in_force GROUP BY enterprise_id
    ), given_back AS (
        SELECT had.allocation_id, range_agg(r.seats) AS seats
        FROM had JOIN listed r
               ON r.enterprise_id = had.enterprise_id AND r.direction = 'return'
              AND r."on" >= had.first_day
        GROUP BY had.allocation_id
    ), gaps AS (
        SELECT had.allocation_id, 'move_in' AS direction, had.first_day AS since,
               had.now - coalesce(moved_in.seats, '{}') AS seats
        FROM had LEFT JOIN moved_in USING (enterprise_id)
        UNION ALL
        SELECT had.allocation_id, 'return', left_behind.day,
               left_behind.seats - coalesce(staying.seats, '{}') - coalesce(given_back.seats, '{}')
        FROM had JOIN left_behind USING (allocation_id)
        LEFT JOIN staying USING (enterprise_id)
        LEFT JOIN given_back USING (allocation_id)
    )
    SELECT allocation_id, direction, seats, since
    FROM gaps WHERE NOT isempty(seats)
    ORDER BY since DESC, allocation_id DESC
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

"""Seats that changed hands without a list: moved in and none signed, given back and none signed.

One query over all contracted blocks; seats are compared, so that a part that is missing shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db import connection

from park.axis import Span, floor_of, intersection, run_label, slot_of
from park.models import Floor
from seats.models import Allocation, Direction

# Seats are an enterprise's, whatever allocation they stand under: one that was split or moved has
# its list already, and seats that go on under another allocation were not given back. A move-in
# list counts until a later list says that the seats went back. Borrowed seats stay on the lender's
# list, which goes on with the lender; where the park made a list for them all the same, they come
# back by a list too.
_GAPS = """
    WITH firm AS (
        SELECT id, allocation_id, enterprise_id, seats, lower(period) AS first_day,
               CASE WHEN upper_inf(period) THEN 'infinity' ELSE upper(period) END AS after
        FROM seats_seatblock
        WHERE kind = 'firm' AND (%(enterprise)s::bigint IS NULL OR enterprise_id = %(enterprise)s)
    ), had AS (
        SELECT allocation_id, enterprise_id, min(first_day) AS first_day,
               range_agg(seats) FILTER (
                   WHERE first_day <= %(today)s::date AND after > %(today)s::date
               ) AS now
        FROM firm
        WHERE %(allocation)s::bigint IS NULL OR allocation_id = %(allocation)s
        GROUP BY allocation_id, enterprise_id
    ), went_on AS (
        SELECT ended.id, range_agg(next.seats) AS seats
        FROM firm ended JOIN firm next
          ON next.enterprise_id = ended.enterprise_id AND next.first_day = ended.after
         AND next.seats && ended.seats
        WHERE ended.after <= %(today)s::date
        GROUP BY ended.id
    ), ended AS (
        SELECT allocation_id, after AS day,
               firm.seats::int4multirange - coalesce(went_on.seats, '{}') AS seats
        FROM firm LEFT JOIN went_on USING (id)
        WHERE after <= %(today)s::date
          AND (%(allocation)s::bigint IS NULL OR allocation_id = %(allocation)s)
    ), left_behind AS (
        SELECT allocation_id, range_agg(seats) AS seats, max(day) AS day
        FROM ended WHERE NOT isempty(seats) GROUP BY allocation_id
    ), staying AS (
        SELECT enterprise_id, range_agg(seats) AS seats
        FROM firm WHERE after > %(today)s::date GROUP BY enterprise_id
    ), lists AS (
        SELECT h.allocation_id, h.enterprise_id, h.direction, h."on", range_agg(l.seats) AS seats
        FROM seats_handover h JOIN seats_handoverline l ON l.handover_id = h.id
        WHERE h.state = 'signed'
          AND (%(enterprise)s::bigint IS NULL OR h.enterprise_id = %(enterprise)s)
        GROUP BY h.id
    ), in_force AS ( -- the window is what went back on that day or later
        SELECT lists.enterprise_id, lists.direction,
               lists.seats - coalesce(
                   range_agg(lists.seats) FILTER (WHERE lists.direction = 'return') OVER (
                       PARTITION BY lists.enterprise_id
                       ORDER BY lists."on" DESC, lists.direction = 'return' DESC
                       ROWS UNBOUNDED PRECEDING
                   ), '{}'
               ) AS seats
        FROM lists JOIN staying USING (enterprise_id)
        WHERE lists.seats && staying.seats
    ), moved_in AS (
        SELECT enterprise_id, range_agg(seats) AS seats
        FROM in_force WHERE direction = 'move_in' GROUP BY enterprise_id
    ), given_back AS (
        SELECT had.allocation_id, range_agg(lists.seats) AS seats
        FROM had JOIN left_behind USING (allocation_id)
        JOIN lists ON lists.enterprise_id = had.enterprise_id AND lists.direction = 'return'
                  AND lists."on" >= had.first_day AND lists.seats && left_behind.seats
        GROUP BY had.allocation_id
    ), borrowed AS (
        SELECT loan.borrower_allocation_id AS allocation_id,
               coalesce(range_agg(lists.seats), '{}') AS listed
        FROM seats_seatloan loan
        LEFT JOIN lists ON lists.allocation_id = loan.borrower_allocation_id
                       AND lists.direction = 'move_in'
        WHERE loan.borrower_allocation_id IS NOT NULL
        GROUP BY loan.id
    ), gaps AS (
        SELECT had.allocation_id, had.enterprise_id, 'move_in' AS direction,
               had.first_day AS since, had.now - coalesce(moved_in.seats, '{}') AS seats
        FROM had LEFT JOIN moved_in USING (enterprise_id)
        LEFT JOIN borrowed USING (allocation_id)
        WHERE borrowed.allocation_id IS NULL
        UNION ALL
        SELECT had.allocation_id, had.enterprise_id, 'return', left_behind.day,
               left_behind.seats * coalesce(borrowed.listed, left_behind.seats)
               - coalesce(staying.seats, '{}') - coalesce(given_back.seats, '{}')
        FROM had JOIN left_behind USING (allocation_id)
        LEFT JOIN staying USING (enterprise_id)
        LEFT JOIN given_back USING (allocation_id)
        LEFT JOIN borrowed USING (allocation_id)
    )
    SELECT direction, allocation_id, enterprise_id, seats::text, since
    FROM gaps WHERE NOT isempty(seats)
    ORDER BY since DESC, allocation_id DESC
"""
_RANGE = re.compile(r"\[(\d+),(\d+)\)")


@dataclass(frozen=True)
class Gap:
    """Seats of an allocation for which no signed list is there, and since which day.

    There may be thousands, of which a page shows fifty: `ranges` is read when it is asked for.
    """

    allocation_id: int
    enterprise_id: int
    ranges: str
    since: date

    @cached_property
    def spans(self) -> list[Span]:
        found = (Span(int(lower), int(upper)) for lower, upper in _RANGE.findall(self.ranges))
        return [part for span in found for part in _by_floor(span)]

    @property
    def floors(self) -> set[int]:
        """The floors that its seats are on."""
        return {floor_of(span.lower) for span in self.spans}

    @property
    def seats(self) -> int:
        return sum(span.length for span in self.spans)


class NamedGap(NamedTuple):
    """A gap with the words for it."""

    gap: Gap
    allocation: Allocation
    runs: list[str]


def gaps(today: date, allocation: Allocation | None = None) -> dict[str, list[Gap]]:
    """All gaps by direction, the newest first; or those of one allocation."""
    found: dict[str, list[Gap]] = {direction: [] for direction in Direction.values}
    words = {
        "today": today,
        "allocation": allocation.pk if allocation else None,
        "enterprise": allocation.enterprise_id if allocation else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, words)
        for direction, *gap in cursor:
            found[direction].append(Gap(*gap))
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
    floors = Floor.objects.in_bulk({floor for gap in rows for floor in gap.floors})
    return [
        NamedGap(
            gap,
            allocations[gap.allocation_id],
            [run_label(floors[floor_of(span.lower)].label, span) for span in gap.spans],
        )
        for gap in rows
    ]

"""Seat-days by enterprise and month over years: what each had, in one statement.

A block is two changes of what its enterprise has: it gets seats on the first day and loses them on
the day after the last. The database adds up the changes of each month; what an enterprise has is
their running sum. So ten years cost one pass over the blocks, however many months they cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from django.db import connection

from foundation.months import days_in, months_between, next_month
from seats.rectangles import ONE_DAY

# `seats`: what the month's changes add up to. `late`: the seat-days of that month which lie before
# the changes, so that seats × days − late is what the month has. As in occupancy, a floor that is
# not handed over counts from tomorrow on.
_CHANGES = """
    WITH held AS (
        SELECT b.enterprise_id, b.kind = 'firm' AS is_firm,
               upper(b.seats) - lower(b.seats) AS seats,
               greatest(lower(b.period), %(start)s,
                        CASE WHEN f.delivered_on IS NULL THEN %(tomorrow)s END) AS first,
               upper(b.period) AS last
        FROM seats_seatblock b JOIN park_floor f ON f.id = b.floor_id
        WHERE b.period && daterange(%(start)s, %(end)s)
          AND b.enterprise_id IS NOT NULL
          AND (%(enterprise)s::bigint IS NULL OR b.enterprise_id = %(enterprise)s)
    ), changes AS (
        SELECT enterprise_id, is_firm, seats, first AS day FROM held
        WHERE first < %(end)s AND (last IS NULL OR first < last)
        UNION ALL
        SELECT enterprise_id, is_firm, -seats, last FROM held WHERE first < last AND last < %(end)s
    )
    SELECT enterprise_id, is_firm, month, sum(seats)::int,
           sum(seats * (day - (%(start)s::date + make_interval(months => month))::date))::int
    FROM (
        SELECT *, ((extract(year FROM day) - %(year)s) * 12
                   + extract(month FROM day) - %(month)s)::int AS month
        FROM changes
    ) monthly
    GROUP BY 1, 2, 3
"""


class SeatDays(NamedTuple):
    """What one enterprise had: seat-days of each month asked for, in their order."""

    enterprise_id: int
    firm: list[int]
    held: list[int]


def seat_days_by_enterprise(
    first: date, last: date, *, today: date, enterprise_id: int | None = None
) -> list[SeatDays]:
    """Seat-days of every enterprise that had seats, for the months `first` to `last`, included.

    Months without seats are 0; enterprises without any are left out.
    """
    months = list(months_between(first, last))
    if not months:
        return []
    parameters = {
        "start": months[0],
        "end": next_month(months[-1]),
        "year": months[0].year,
        "month": months[0].month,
        "tomorrow": today + ONE_DAY,
        "enterprise": enterprise_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, parameters)
        rows = cursor.fetchall()
    return _in_order(rows, [days_in(month) for month in months])


def _in_order(rows: Iterable[tuple[int, bool, int, int, int]], days: list[int]) -> list[SeatDays]:
    """The changes of each enterprise, added up month by month."""
    changes: dict[int, tuple[list[int], ...]] = {}
    for enterprise, is_firm, month, seats, late in rows:
        found = changes.get(enterprise)
        if found is None:
            found = changes[enterprise] = tuple([0] * len(days) for _ in range(4))
        found[0 if is_firm else 2][month] = seats
        found[1 if is_firm else 3][month] = late
    return [
        SeatDays(enterprise, _running(firm, firm_late, days), _running(held, held_late, days))
        for enterprise, (firm, firm_late, held, held_late) in changes.items()
    ]


def _running(seats: Sequence[int], late: Sequence[int], days: Sequence[int]) -> list[int]:
    """Seat-days month by month, from what changed in each."""
    return [
        has * length - before
        for has, length, before in zip(accumulate(seats), days, late, strict=True)
    ]

"""Seat-days by enterprise and month over years: what each had, in one pass over the blocks.

A block is two changes of what its enterprise has: it gets seats on the first day and loses them on
the day after the last. What it has in a month is the running sum of all changes × the days of the
month, less the days of the month before each of its own changes. So the work grows with the blocks,
not with blocks × months.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from foundation.months import months_between, next_month
from seats.rectangles import ONE_DAY

# Days are counted from the first. As in occupancy, a floor that is not handed over counts from
# tomorrow on. One row of arrays: many rows cost more to hand over than to find.
_BLOCKS = """
    SELECT array_agg(enterprise_id), array_agg(is_firm), array_agg(seats), array_agg(first),
           array_agg(last)
    FROM (
        SELECT b.enterprise_id, (b.kind = 'firm')::int AS is_firm,
               upper(b.seats) - lower(b.seats) AS seats,
               greatest(
                   lower(b.period), %(start)s,
                   CASE WHEN f.delivered_on IS NULL THEN %(tomorrow)s::date END
               ) - %(start)s::date AS first,
               least(upper(b.period), %(end)s) - %(start)s::date AS last
        FROM seats_seatblock b JOIN park_floor f ON f.id = b.floor_id
        WHERE b.period && daterange(%(start)s, %(end)s)
          AND b.enterprise_id IS NOT NULL
          AND (%(enterprise)s::bigint IS NULL OR b.enterprise_id = %(enterprise)s)
    ) held
    WHERE first < last
    HAVING count(*) > 0
"""


class SeatDays(NamedTuple):
    """What one enterprise had: seat-days of each month asked for, in their order."""

    enterprise_id: int
    firm: list[int]
    held: list[int]


def seat_days_by_enterprise(
    first: date, last: date, *, today: date, enterprise_id: int | None = None
) -> list[SeatDays]:
    """Seat-days of every enterprise that had seats in the months `first` to `last`, included."""
    months = list(months_between(first, last))
    if not months:
        return []
    parameters = {
        "start": first,
        "end": next_month(last),
        "tomorrow": today + ONE_DAY,
        "enterprise": enterprise_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, parameters)
        row = cursor.fetchone()
    if row is None:
        return []
    starts = np.array([(month - first).days for month in [*months, next_month(last)]])
    return _by_enterprise([np.array(column) for column in row], starts)


def _by_enterprise(columns: Sequence[Any], starts: Any) -> list[SeatDays]:
    """Add up blocks, given column by column; `starts` are the months and the end of the last."""
    enterprise, is_firm, seats, first, last = columns
    keys, place = np.unique(enterprise, return_inverse=True)
    line = place * 2 + is_firm  # of each enterprise a line of holds, then one of firm seats
    shape = (len(keys) * 2, len(starts))
    gained, late_gained = _changes(line, seats, first, starts, shape)
    lost, late_lost = _changes(line, seats, last, starts, shape)
    has = np.cumsum(gained - lost, axis=1)[:, :-1] * np.diff(starts)
    days = (has - (late_gained - late_lost)[:, :-1]).astype(np.int64).tolist()
    return [
        SeatDays(key, days[number * 2 + 1], days[number * 2])
        for number, key in enumerate(keys.tolist())
    ]


def _changes(line: Any, seats: Any, day: Any, starts: Any, shape: Sequence[int]) -> tuple[Any, Any]:
    """Seats that change on `day`, by line and month; and × the days of the month before that."""
    month = np.searchsorted(starts, day, side="right") - 1
    cell = line * shape[1] + month
    size = shape[0] * shape[1]
    return (
        np.bincount(cell, seats, size).reshape(shape),
        np.bincount(cell, seats * (day - starts[month]), size).reshape(shape),
    )

"""What is free: the maximal runs of seats that nothing covers on any day of a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from park.axis import FIRST_DAY, SLOT, Span

# A floor's slot minus everything that covers a part of it; void covers what is no seat.
_FREE_RUNS = """
    WITH covered AS (
        SELECT floor_id, range_agg(seats) AS seats
        FROM seats_seatblock
        WHERE period && daterange(%(start)s, %(end)s)
        GROUP BY floor_id
    )
    SELECT f.id, f.label, f.delivered_on IS NOT NULL, lower(run), upper(run)
    FROM park_floor f
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id
    LEFT JOIN covered c ON c.floor_id = f.id,
    LATERAL unnest(
        int4multirange(int4range((f.id * %(slot)s)::int, ((f.id + 1) * %(slot)s)::int))
        - coalesce(c.seats, '{}'::int4multirange)
    ) AS run
    WHERE upper(run) - lower(run) >= %(min_seats)s
      AND (%(zones)s::text[] IS NULL OR z.code = ANY(%(zones)s))
      AND (%(delivered)s::bool IS NULL OR (f.delivered_on IS NOT NULL) = %(delivered)s)
    ORDER BY upper(run) - lower(run) DESC, lower(run)
"""


class FreeRun(NamedTuple):
    """Seats of one floor, side by side, free on every day asked for."""

    floor_id: int
    floor_label: str
    is_delivered: bool
    seats: Span


def free_runs(
    start: date,
    end: date | None,
    *,
    min_seats: int = 1,
    zones: Sequence[str] | None = None,
    delivered: bool | None = None,
) -> list[FreeRun]:
    """The runs free over all of [start, end), longest first, then by seat number.

    `zones`: codes, None for all. `delivered`: only floors that are handed over, or only others.
    """
    if end is not None and end <= FIRST_DAY:
        return []  # void begins on the first of all days: before it there are no seats
    parameters: dict[str, Any] = {
        "slot": SLOT,
        "start": start,
        "end": end,
        "min_seats": min_seats,
        "zones": list(zones) if zones else None,
        "delivered": delivered,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FREE_RUNS, parameters)
        return [
            FreeRun(floor, label, is_delivered, Span(lower, upper))
            for floor, label, is_delivered, lower, upper in cursor.fetchall()
        ]

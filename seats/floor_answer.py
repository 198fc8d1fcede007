"""The map of a floor as programs get it: one statement, with the bounds of its runs as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from accounts.models import User
from park.axis import SLOT, slot_of
from seats.models import BlockKind
from tenants.models import Membership

# Floors beyond this one have no numbers that the database could hold.
LAST_FLOOR = (2**31 - 1) // SLOT - 1

# What is beyond the floor's last seat is void too, and no part of its map.
_RUNS = """
    SELECT f.label, f.seat_count, f.delivered_on,
           lower(b.seats), upper(b.seats), b.kind, b.enterprise_id, e.short_name
    FROM park_floor f
    LEFT JOIN seats_seatblock b
        ON b.seats && int4range(%(lower)s, %(lower)s + f.seat_count) AND b.period @> %(day)s::date
    LEFT JOIN tenants_enterprise e ON e.id = b.enterprise_id
    WHERE f.id = %(floor)s
    ORDER BY lower(b.seats)
"""


class Run(NamedTuple):
    """Seats number `first` to `last` of the floor, which are not free on the day."""

    first: int
    last: int
    kind: str
    enterprise_id: int | None
    name: str | None


class FloorAnswer(NamedTuple):
    """A floor on a day: what is not among its runs is free."""

    label: str
    seats: int
    runs: Sequence[Run]


def floor_answer(floor_id: int, day: date, *, today: date) -> FloorAnswer | None:
    """The runs of a floor at the end of `day`; None where there is no such floor.

    A floor that is not handed over exists only in the plan: on days to come.
    """
    if floor_id > LAST_FLOOR:
        return None
    lower = slot_of(floor_id).lower
    with connection.cursor() as cursor:
        cursor.execute(_RUNS, {"floor": floor_id, "lower": lower, "day": day})
        rows = cursor.fetchall()
    if not rows:
        return None
    label, seats, delivered_on = rows[0][:3]
    if delivered_on is None and day <= today:
        return FloorAnswer(label, seats, [Run(1, seats, BlockKind.VOID, None, None)])
    upper = lower + seats
    runs = [
        Run(max(first, lower) - lower + 1, min(end, upper) - lower, kind, enterprise, name)
        for *_floor, first, end, kind, enterprise, name in rows
        if kind is not None
    ]
    return FloorAnswer(label, seats, runs)


def nameable(user: User) -> frozenset[int] | None:
    """The enterprises that `user` may see named on a map; None for all of them."""
    if user.has_perm("seats.view_every_allocation"):
        return None
    own = Membership.objects.enterprises_of(user).values_list("enterprise", flat=True)
    return frozenset(own)

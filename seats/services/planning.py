"""The frame of every write to seats, and what can be refused before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db.utils import IntegrityError
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation

from accounts.models import User
from park.axis import FIRST_DAY, LAST_DAY, floor_of
from park.lock import park_locked
from seats.conflicts import conflicts_with
from seats.models import NO_DOUBLE_BOOKING
from seats.rectangles import Rectangle, first_pair_that_meets
from seats.services.expiry import are_holds_expired, end_expired_holds
from seats.services.refusals import blocks_overlap, crosses_floors, no_such_seat, seats_taken
from web.refusals import Busy, Invalid, Refusal

MOST_BLOCKS = 1000


@contextmanager
def planning_seats(
    acting_user: User | None, rectangles: Sequence[Rectangle] = (), *, now: datetime
) -> Iterator[None]:
    """The frame of every write to seats: under the park-wide lock, and no hold is there expired.

    Those that are end first, in a transaction of their own that is put down to nobody: they stay
    ended if what follows is refused.

    Should the database refuse a double booking all the same, the refusal names the rivals of
    `rectangles` as they are then.
    """
    try:
        while True:
            with park_locked(acting_user):
                if not are_holds_expired(now):
                    yield
                    return
            end_expired_holds(now=now)
    except IntegrityError as error:
        cause = error.__cause__
        if (
            isinstance(cause, ExclusionViolation)
            and cause.diag.constraint_name == NO_DOUBLE_BOOKING
        ):
            raise _named(rectangles, acting_user) from error
        raise


def _named(rectangles: Sequence[Rectangle], acting_user: User | None) -> Refusal:
    """The refusal that names the rivals; where they are gone again, to try once more."""
    rivals = conflicts_with(rectangles) if rectangles else []
    return seats_taken(rivals, acting_user) if rivals else Busy()


def check_shape(rectangles: Sequence[Rectangle]) -> None:
    """Refuse what no state of the park could make right. Needs no lock."""
    if not 1 <= len(rectangles) <= MOST_BLOCKS:
        raise Invalid({"blocks": _("Give one to 1,000 runs of seats.")})
    for rectangle in rectangles:
        _check_rectangle(rectangle)
    if pair := first_pair_that_meets(rectangles):
        raise blocks_overlap(*pair)


def _check_rectangle(rectangle: Rectangle) -> None:
    if rectangle.seats.length < 1:
        raise Invalid({"last_seat": _("The last seat must not come before the first.")})
    if rectangle.end is not None and rectangle.end <= rectangle.start:
        raise Invalid({"end": _("The last day must not come before the first.")})
    if not FIRST_DAY <= rectangle.start <= LAST_DAY or (rectangle.end or LAST_DAY) > LAST_DAY:
        raise Invalid({"start": _("Days from 1990-01-01 to 9998-12-31 can be used.")})
    if rectangle.seats.lower < 0 or rectangle.seats.upper > 2**31 - 1:
        raise no_such_seat(rectangle, None)
    if floor_of(rectangle.seats.lower) != floor_of(rectangle.seats.upper - 1):
        raise crosses_floors(rectangle)

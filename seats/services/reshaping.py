"""Giving blocks another form: other seats, other days; taking them away, bringing them back.

Many at once, and in any order that people may think of: two enterprises may change places. First
every block is cut to what it keeps, then those that grow do, so none is ever in another's way.

Call these only inside `planning_seats`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from accounts.models import User
from park.axis import Span, intersection
from park.services import refuse_closed_months
from seats.models import Allocation, SeatBlock
from seats.rectangles import Rectangle
from seats.services.allocations import check_room
from seats.services.blocks import delete
from seats.services.lent import refuse_borrowed, refuse_lent
from seats.services.steps import OPEN_OFFERS, refuse_open_offer

_RESHAPE = """
    UPDATE seats_seatblock b
    SET seats = int4range(to_.lower, to_.upper), period = daterange(to_.start, to_."end"),
        recorded_on = %s
    FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::date[], %s::date[])
         AS to_(id, lower, upper, start, "end")
    WHERE b.id = to_.id
"""


class Form(NamedTuple):
    """A block with all that it is."""

    block: int
    allocation: int
    enterprise: int | None
    floor: int
    kind: str
    rectangle: Rectangle


class Reshape(NamedTuple):
    """A block before and after; None where it is not there."""

    before: Form | None
    after: Form | None

    @property
    def kept(self) -> Rectangle | None:
        """What stays as it is."""
        if self.before is None or self.after is None or not self._stays():
            return None
        return _shared(self.before.rectangle, self.after.rectangle)

    def _stays(self) -> bool:
        assert self.before  # noqa: S101 - asked for where both are there
        assert self.after  # noqa: S101
        return self.before._replace(rectangle=self.after.rectangle) == self.after

    @property
    def gained(self) -> list[Rectangle]:
        """The seats and days that are new."""
        if self.after is None:
            return []
        kept = self.kept
        return [self.after.rectangle] if kept is None else list(_beyond(self.after.rectangle, kept))

    @property
    def lost(self) -> list[Rectangle]:
        """The seats and days that are given up."""
        if self.before is None:
            return []
        kept = self.kept
        if kept is None:
            return [self.before.rectangle]
        return list(_beyond(self.before.rectangle, kept))


def reshape(changes: Sequence[Reshape], *, today: date, acting_user: User) -> None:
    """Give every block its new form, all or none.

    Raises what `allocate_seats` raises for the seats and days that are new; for those that are
    given up what `release_seats` raises.
    """
    _refuse_promised(changes)
    for lost in {_days(one) for change in changes for one in change.lost}:
        refuse_closed_months(*lost)
    _cut(changes, today)
    gained = [(change.after.kind, change.gained) for change in changes if change.after]
    gained = [(kind, rectangles) for kind, rectangles in gained if rectangles]
    if gained:
        check_room(gained, acting_user)
        _grow(changes, today)


def _refuse_promised(changes: Sequence[Reshape]) -> None:
    """Offered seats change by their request, lent and borrowed ones by their loan."""
    touched = {change.before.allocation for change in changes if change.before}
    allocations = Allocation.objects.filter(pk__in=touched)
    for allocation in allocations.filter(offer_of__state__in=OPEN_OFFERS):
        refuse_open_offer(allocation)
    for allocation in allocations.filter(loan__isnull=False):
        refuse_borrowed(allocation)
    lenders = {one.pk: one for one in allocations.filter(loans_given__isnull=False)}
    for change in changes:
        if change.before and (lender := lenders.get(change.before.allocation)):
            for lost in change.lost:
                refuse_lent(lender, start=lost.start, seats=[lost.seats])


def _cut(changes: Sequence[Reshape], today: date) -> None:
    """First half: nothing is larger than before."""
    gone = [c.before.block for c in changes if c.before and c.kept is None]
    smaller = [
        (change.before.block, change.kept)
        for change in changes
        if change.before and change.kept is not None and change.kept != change.before.rectangle
    ]
    delete(gone, today)
    _write(smaller, today)


def _grow(changes: Sequence[Reshape], today: date) -> None:
    """Second half: everything is as it shall be. What comes back has the number that it had."""
    larger = [
        (change.after.block, change.after.rectangle)
        for change in changes
        if change.after and change.kept is not None and change.gained
    ]
    _write(larger, today)
    SeatBlock.objects.bulk_create(
        SeatBlock(
            pk=form.block,
            allocation_id=form.allocation,
            enterprise_id=form.enterprise,
            floor_id=form.floor,
            kind=form.kind,
            seats=tuple(form.rectangle.seats),
            period=(form.rectangle.start, form.rectangle.end),
            recorded_on=today,
        )
        for change in changes
        if (form := change.after) is not None and change.kept is None
    )


def _write(forms: Sequence[tuple[int, Rectangle]], today: date) -> None:
    if not forms:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _RESHAPE,
            [
                today,
                [block for block, _form in forms],
                [form.seats.lower for _block, form in forms],
                [form.seats.upper for _block, form in forms],
                [form.start for _block, form in forms],
                [form.end for _block, form in forms],
            ],
        )


def _shared(one: Rectangle, other: Rectangle) -> Rectangle | None:
    seats = intersection(one.seats, other.seats)
    start = max(one.start, other.start)
    end = min(one.end or date.max, other.end or date.max)
    if seats is None or start >= end:
        return None
    return Rectangle(seats, start, None if end == date.max else end)


def _beyond(whole: Rectangle, part: Rectangle) -> Iterator[Rectangle]:
    """The parts of `whole` outside `part`, which lies in it."""
    if whole.seats.lower < part.seats.lower:
        yield whole._replace(seats=Span(whole.seats.lower, part.seats.lower))
    if part.seats.upper < whole.seats.upper:
        yield whole._replace(seats=Span(part.seats.upper, whole.seats.upper))
    if whole.start < part.start:
        yield Rectangle(part.seats, whole.start, part.start)
    if part.end is not None and (whole.end is None or part.end < whole.end):
        yield Rectangle(part.seats, part.end, whole.end)


def _days(one: Rectangle) -> tuple[date, date | None]:
    return one.start, one.end

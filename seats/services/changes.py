"""An allocation lasts longer, ends, or becomes two: what each changes, then the deed.

A `plan_…` says what would be different, or refuses; it writes nothing, so that pages and `dry_run`
can ask. The service beside it plans once more under the lock, then writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.context import name_deed
from foundation.versions import locked, save_next_version
from park.axis import FIRST_DAY, LAST_DAY, Span, free_spans, intersection
from park.models import Floor
from park.services import first_open_day
from seats.effects import Change
from seats.models import Allocation, AllocationKind, BlockKind, SeatBlock
from seats.rectangles import ONE_DAY, Rectangle, last_included
from seats.services.allocations import (
    Placement,
    begin_tenancy_of,
    blocks_to_free,
    check_room,
    expect_expiry,
    part_from,
    release_under_lock,
    show_on_request,
)
from seats.services.blocks import free_from, let_end, new_block
from seats.services.lent import refuse_borrowed, refuse_lent
from seats.services.planning import check_shape, planning_seats
from seats.services.refusals import HoldExpired, not_held
from seats.services.steps import refuse_open_offer
from web import formats
from web.refusals import Invalid, Refusal


class PeriodsDiffer(Refusal):
    """The chosen runs are held on different days: one step cannot do the same to all of them."""

    status = 400
    code = "periods_differ"
    title = gettext_lazy("Held on different days")


def refuse_over(allocation: Allocation) -> None:
    """Raise `HoldExpired`, `SeatsBorrowed` or `WrongState` where nobody disposes of it here."""
    if allocation.ended_at is not None:
        raise HoldExpired(_("This hold has expired and its seats are free. Hold them again."))
    refuse_borrowed(allocation)
    refuse_open_offer(allocation)


def parts_of(
    allocation: Allocation, runs: Sequence[Span] | None, day: date
) -> list[tuple[SeatBlock, Span]]:
    """The allocation's blocks that last beyond `day`, each with its part in `runs` (None: all)."""
    blocks = [
        block
        for block in allocation.blocks.order_by("seats", "period")
        if block.period.upper is None or block.period.upper > day
    ]
    if runs is None:
        return [(block, block.span) for block in blocks]
    return [
        (block, part) for block in blocks for run in runs if (part := intersection(block.span, run))
    ]


def check_runs(runs: Sequence[Span] | None) -> None:
    """Refuse runs that are none, or share seats. Needs no lock."""
    if runs is not None:
        check_shape([Rectangle(run, FIRST_DAY) for run in runs])


def refuse_runs_without_seats(
    runs: Sequence[Span] | None, parts: Sequence[tuple[SeatBlock, Span]], day: date
) -> None:
    """Raise `NotHeld` where the allocation has none of the seats, or not all of one run."""
    missing = [
        rest for run in runs or [] for rest in free_spans(run, [part for _block, part in parts])
    ]
    if missing or not parts:
        raise not_held(day, field="run")


# Ending and releasing


def plan_release(allocation: Allocation, start: date, runs: Sequence[Span] | None) -> Change:
    """What is free by a release from `start` on. Raises what the release raises."""
    check_runs(runs)
    freed = [
        part_from(block, start, run)
        for run in (runs if runs is not None else [None])
        for block in blocks_to_free(allocation, start=start, seats=run)
    ]
    return Change(freed=freed)


def plan_end(allocation: Allocation, last_day: date) -> Change:
    """What is free once the allocation has ended on `last_day`."""
    refuse_over(allocation)
    if not FIRST_DAY <= last_day < LAST_DAY:
        raise Invalid({"last_day": _("Days from 1990-01-01 to 9998-12-31 can be used.")})
    return plan_release(allocation, last_day + ONE_DAY, None)


def end_allocation(
    *,
    allocation_id: int,
    last_day: date,
    today: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> Allocation:
    """End all of the allocation on `last_day`: its seats are free from the day after.

    Raises what `release_seats` raises, or `HoldExpired`.
    """
    with planning_seats(acting_user, now=now):
        allocation = locked(Allocation.objects, allocation_id, expected_version)
        plan_end(allocation, last_day)
        name_deed("end")
        release_under_lock(allocation, start=last_day + ONE_DAY, seats=None, today=today)
        save_next_version(allocation, [])
        show_on_request(allocation)
    return allocation


# Extending


def plan_extension(
    allocation: Allocation, end: date | None, runs: Sequence[Span] | None, acting_user: User
) -> Change:
    """The days by which seats are held longer: those that end last, or `runs` of them.

    `end` is the day after the new last one, None: until further notice. Raises `HoldExpired`,
    `SeatsBorrowed`, `SeatsLent`, `NotHeld`, `PeriodsDiffer`, `Invalid`, `MonthClosed` or
    `SeatsTaken`, which names the rival.
    """
    check_runs(runs)
    refuse_over(allocation)
    parts = parts_of(allocation, runs, FIRST_DAY)
    refuse_runs_without_seats(runs, parts, FIRST_DAY)
    old_end = _common_end(parts, runs)
    if end is not None and end <= old_end:
        message = _("They are held until %(day)s already. Give a later day.")
        raise Invalid({"end": message % {"day": formats.iso_day(last_included(old_end))}})
    last = [part for block, part in parts if block.period.upper == old_end]
    refuse_lent(allocation, start=old_end, seats=last, field="end")
    taken = [Rectangle(part, old_end, end) for part in last]
    check_shape(taken)
    check_room([(allocation.kind, taken)], acting_user)
    return Change(taken=taken)


def _common_end(parts: Sequence[tuple[SeatBlock, Span]], runs: Sequence[Span] | None) -> date:
    """The day on which the seats that end last are free; all of `runs` must end on it."""
    ends = [block.period.upper for block, _part in parts]
    if None in ends:
        raise Invalid({"end": _("These seats are held until further notice already.")})
    latest: date = max(ends)
    last = [part for block, part in parts if block.period.upper == latest]
    if any(free_spans(run, last) for run in runs or []):
        raise PeriodsDiffer(
            _("These runs end on different days. Extend those that end on the same day."),
            field="run",
        )
    return latest


def extend_allocation(
    *,
    allocation_id: int,
    end: date | None,
    today: date,
    now: datetime,
    acting_user: User,
    runs: Sequence[Span] | None = None,
    expected_version: int | None = None,
) -> Allocation:
    """Let the seats that end last, or `runs` of them, be held up to the day before `end`.

    Raises what `plan_extension` raises, `Stale` or `Busy`.
    """
    with planning_seats(acting_user, now=now):
        allocation = locked(Allocation.objects, allocation_id, expected_version)
        change = plan_extension(allocation, end, runs, acting_user)
        name_deed("extend")
        _lengthen(allocation, change, today=today)
        save_next_version(allocation, [])
        show_on_request(allocation)
    return allocation


def _lengthen(allocation: Allocation, change: Change, *, today: date) -> None:
    """Whole blocks become longer; of others a part goes on as a block of its own."""
    old_end, end = change.taken[0].start, change.taken[0].end
    whole = {block.span: block.pk for block in allocation.blocks.filter(period__endswith=old_end)}
    let_end([whole[one.seats] for one in change.taken if one.seats in whole], end, today)
    SeatBlock.objects.bulk_create(
        new_block(allocation, BlockKind(allocation.kind), one, today)
        for one in change.taken
        if one.seats not in whole
    )
    if allocation.kind == AllocationKind.FIRM:
        begin_tenancy_of(allocation, old_end, end)


# Splitting


def plan_split(allocation: Allocation, runs: Sequence[Span]) -> Change:
    """What would become an allocation of its own, from the first month that is open on.

    Figures stay as they are on every day. Raises `HoldExpired`, `SeatsBorrowed`, `SeatsLent`,
    `NotHeld` or `Invalid` where nothing would be left.
    """
    check_runs(runs)
    refuse_over(allocation)
    day = first_open_day(FIRST_DAY)
    refuse_lent(allocation, start=day, seats=runs, field="run")
    parts = parts_of(allocation, runs, day)
    refuse_runs_without_seats(runs, parts, day)
    if all(not free_spans(block.span, runs) for block, _all in parts_of(allocation, None, day)):
        raise Invalid({"run": _("These are all of its seats: leave some of them.")})
    return Change(stays=[part_from(block, day, part) for block, part in parts])


def split_allocation(
    *,
    allocation_id: int,
    runs: Sequence[Span],
    today: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> Allocation:
    """Make `runs` an allocation of its own: same holder, kind, days and request. Returns the new.

    Raises what `plan_split` raises, `Stale` or `Busy`.
    """
    with planning_seats(acting_user, now=now):
        allocation = locked(Allocation.objects, allocation_id, expected_version)
        split = plan_split(allocation, runs).stays
        kinds = _kinds(allocation, split)
        other = _twin(allocation, now, acting_user)
        wait_no_longer(other, split, now)
        other.save()
        name_deed("split", first=allocation.pk, second=other.pk)
        for rectangle in split:
            free_part(allocation, rectangle, today=today)
        SeatBlock.objects.bulk_create(
            new_block(other, kind, rectangle, today)
            for kind, rectangle in zip(kinds, split, strict=True)
        )
        wait_no_longer(allocation, has_now(allocation), now)
        save_next_version(allocation, ["expires_at"])
        show_on_request(allocation)
    return other


def _kinds(allocation: Allocation, rectangles: Sequence[Rectangle]) -> list[BlockKind]:
    """What the seats are on these days: before a hold was confirmed, held."""
    blocks = list(allocation.blocks.all())
    return [
        next(
            BlockKind(block.kind)
            for block in blocks
            if intersection(block.span, one.seats) and block.period.upper == one.end
        )
        for one in rectangles
    ]


def _twin(allocation: Allocation, now: datetime, acting_user: User) -> Allocation:
    return Allocation(
        enterprise_id=allocation.enterprise_id,
        kind=allocation.kind,
        expires_at=allocation.expires_at,
        request_id=allocation.request_id,
        reason=allocation.reason,
        due_on=allocation.due_on,
        source=allocation.source,
        sample_fields=allocation.sample_fields,
        created_by=acting_user,
        created_at=now,
    )


def free_part(allocation: Allocation, rectangle: Rectangle, *, today: date) -> None:
    """Take `rectangle`, the rest of some block's days, out of the allocation's blocks."""
    blocks = SeatBlock.objects.within(rectangle.seats).during(rectangle.start, rectangle.end)
    free_from(
        list(blocks.filter(allocation=allocation)),
        start=rectangle.start,
        seats=rectangle.seats,
        today=today,
    )


def has_now(allocation: Allocation) -> list[Rectangle]:
    """The allocation's blocks as they are by now."""
    blocks = SeatBlock.objects.filter(allocation=allocation)
    return [Rectangle(one.span, one.period.lower, one.period.upper) for one in blocks]


def wait_no_longer(allocation: Allocation, has: Sequence[Rectangle], now: datetime) -> None:
    """Let a hold that waited for a floor expire in time where all of its floors are there.

    Sets `expires_at`; the caller saves it.
    """
    floors = Floor.objects.in_bulk({one.floor for one in has})
    expect_expiry([Placement(allocation, has)], floors, now)

"""An allocation moves: from some seats to others on one day, without a day's gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import name_deed
from foundation.versions import locked, save_next_version
from park.axis import Span, free_spans, together
from park.services import refuse_closed_months
from seats.effects import Change
from seats.models import Allocation, AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import (
    Placement,
    add_blocks,
    check_room,
    part_from,
    show_on_request,
)
from seats.services.changes import (
    PeriodsDiffer,
    check_runs,
    free_part,
    has_now,
    parts_of,
    refuse_over,
    refuse_runs_without_seats,
    wait_no_longer,
)
from seats.services.lent import refuse_lent
from seats.services.planning import check_shape, planning_seats
from seats.services.refusals import WrongState
from web.refusals import Invalid


def plan_move(
    allocation: Allocation,
    *,
    start: date,
    leaving: Sequence[Span] | None,
    arriving: Sequence[Span],
    acting_user: User,
) -> Change:
    """What moving from `leaving` (None: all) to `arriving` on `start` would free and take.

    Seats that are both old and new stay. Raises what `move_seats` raises.
    """
    _check_shape(start, leaving, arriving)
    refuse_over(allocation)
    if allocation.kind == AllocationKind.CLOSURE:
        raise WrongState(_("Closed seats do not move. Close others, and release these."))
    refuse_lent(allocation, start=start, seats=leaving)
    parts = parts_of(allocation, leaving, start)
    refuse_runs_without_seats(leaving, parts, start)
    old = [part_from(block, start, part) for block, part in parts]
    first, end = _common_days(old)
    held = together(one.seats for one in old)
    change = Change(
        freed=[Rectangle(rest, first, end) for run in held for rest in free_spans(run, arriving)],
        taken=[Rectangle(rest, first, end) for run in arriving for rest in free_spans(run, held)],
        stays=_shared(held, arriving, first, end),
    )
    if not change.taken:
        raise Invalid({"to": _("It has these seats already. Choose others to move to.")})
    refuse_closed_months(first, end, field="start")
    check_room([(allocation.kind, change.taken)], acting_user)
    return change


def _check_shape(start: date, leaving: Sequence[Span] | None, arriving: Sequence[Span]) -> None:
    check_runs(leaving)
    if not arriving:
        raise Invalid({"to": _("Say which seats it moves to.")})
    check_shape([Rectangle(run, start) for run in arriving])


def _common_days(old: Sequence[Rectangle]) -> tuple[date, date | None]:
    """The days on which each of the old seats is held, one after the other."""
    bounds = sorted({bound for one in old for bound in one.seats})
    stays = set()
    for lower, upper in pairwise(bounds):
        here = [one for one in old if one.seats.lower <= lower and upper <= one.seats.upper]
        if here:
            stays.add(tuple(_without_gaps(here)))
    if len(stays) > 1 or any(len(stay) > 1 for stay in stays):
        raise PeriodsDiffer(
            _(
                "These seats are held on different days. Move those that are held on the same days "
                "in one step."
            ),
            field="run",
        )
    [(days,)] = stays
    return days


def _without_gaps(rectangles: Sequence[Rectangle]) -> list[tuple[date, date | None]]:
    """The days of rectangles of the same seats; what follows without a gap is one stay."""
    stays: list[tuple[date, date | None]] = []
    for one in sorted(rectangles, key=lambda one: one.start):
        if stays and stays[-1][1] == one.start:
            stays[-1] = (stays[-1][0], one.end)
        else:
            stays.append((one.start, one.end))
    return stays


def _shared(
    held: Sequence[Span], arriving: Sequence[Span], start: date, end: date | None
) -> list[Rectangle]:
    """Seats that are both old and new."""
    return [
        Rectangle(Span(max(one.lower, run.lower), min(one.upper, run.upper)), start, end)
        for one in held
        for run in arriving
        if max(one.lower, run.lower) < min(one.upper, run.upper)
    ]


def move_seats(
    *,
    allocation_id: int,
    start: date,
    arriving: Sequence[Span],
    today: date,
    now: datetime,
    acting_user: User,
    leaving: Sequence[Span] | None = None,
    expected_version: int | None = None,
) -> Allocation:
    """Let the allocation leave some seats (None: all) for others on the day `start`.

    They are free from that day, and the new ones are its own from the same day on, for as long as
    it had the old ones. Raises `NotHeld`, `PeriodsDiffer`, `Invalid`, `WrongState`, `HoldExpired`,
    `SeatsLent`, `SeatsBorrowed`, `NoSuchSeat`, `NotDelivered`, `MonthClosed`, `SeatsTaken`,
    `Stale` or `Busy`.
    """
    _check_shape(start, leaving, arriving)
    rectangles = [Rectangle(run, start) for run in arriving]
    with planning_seats(acting_user, rectangles, now=now):
        allocation = locked(Allocation.objects, allocation_id, expected_version)
        change = plan_move(
            allocation, start=start, leaving=leaving, arriving=arriving, acting_user=acting_user
        )
        name_deed("move")
        for rectangle in change.freed:
            free_part(allocation, rectangle, today=today)
        add_blocks([Placement(allocation, change.taken)], today=today)
        wait_no_longer(allocation, has_now(allocation), now)
        save_next_version(allocation, ["expires_at"])
        show_on_request(allocation)
    return allocation

"""Giving seats, holding them, closing them; confirming a hold; giving seats back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from foundation.models import Setting
from foundation.services.settings import setting
from foundation.versions import locked, save_next_version
from park.axis import FIRST_DAY, LAST_DAY, Span, floor_of, intersection
from park.models import Floor
from park.services import first_open_day, refuse_closed_months
from seats.conflicts import Conflict, conflicts_with
from seats.models import (
    Allocation,
    AllocationKind,
    BlockKind,
    SeatBlock,
    SeatRequest,
)
from seats.rectangles import Rectangle
from seats.services.allocation_checks import (
    check_due,
    check_expiry,
    check_holder,
    check_request,
)
from seats.services.blocks import free_from, new_block, trim
from seats.services.lent import refuse_borrowed, refuse_lent
from seats.services.planning import check_shape, planning_seats
from seats.services.refusals import (
    HoldExpired,
    WrongState,
    no_such_seat,
    not_delivered,
    not_held,
    seats_taken,
)
from seats.services.steps import refuse_open_offer
from tenants.models import Enterprise
from tenants.services import begin_tenancy
from tenants.services.tenancies import Beginning, begin_tenancies


def allocate_seats(
    *,
    enterprise: Enterprise | None,
    kind: AllocationKind,
    rectangles: Sequence[Rectangle],
    today: date,
    now: datetime,
    acting_user: User,
    expires_at: datetime | None = None,
    request: SeatRequest | None = None,
    reason: str = "",
    due_on: date | None = None,
    source: str = "",
    sample_fields: Sequence[str] = (),
) -> Allocation:
    """Give `enterprise` every rectangle, firm or as a hold, or close them; or raise and do nothing.

    A hold without `expires_at` expires after the days that are set; on a floor that is not handed
    over it waits for the handover. `due_on`: when closed seats are meant to be back.

    Raises `Invalid`, `BlocksOverlap`, `CrossesFloors`, `NoSuchSeat`, `NotDelivered`, `MonthClosed`,
    `SeatsTaken`, `Busy`, and for a `request` `WrongState` or `EnterpriseLeft`.
    """
    check_shape(rectangles)
    check_holder(kind, enterprise, reason)
    check_expiry(kind, expires_at, now)
    check_due(kind, due_on, rectangles)
    allocation = Allocation(
        enterprise=enterprise,
        kind=kind,
        expires_at=expires_at,
        request=request,
        reason=reason,
        due_on=due_on,
        source=source,
        sample_fields=list(sample_fields),
        created_by=acting_user,
        created_at=now,
    )
    with planning_seats(acting_user, rectangles, now=now):
        check_request(request, today)
        place(allocation, rectangles, today=today)
    return allocation


class Placement(NamedTuple):
    """An allocation and the seats that it gets."""

    allocation: Allocation
    rectangles: Sequence[Rectangle]


def place(allocation: Allocation, rectangles: Sequence[Rectangle], *, today: date) -> None:
    """Save a new allocation and its blocks. Call it only inside `planning_seats`."""
    place_all([Placement(allocation, rectangles)], today=today)


def place_all(placements: Sequence[Placement], *, today: date) -> None:
    """Save new allocations and their blocks, all or none; many cost few statements more than one.

    Call it only inside `planning_seats`.
    """
    floors = check_room(
        [(one.allocation.kind, one.rectangles) for one in placements],
        placements[0].allocation.created_by,
    )
    expect_expiry(placements, floors, placements[0].allocation.created_at)
    Allocation.objects.bulk_create([one.allocation for one in placements])
    add_blocks(placements, today=today)


def check_room(
    wanted: Sequence[tuple[str, Sequence[Rectangle]]], acting_user: User
) -> dict[int, Floor]:
    """Refuse what cannot become blocks of its kind: no such seat, a closed month, a rival.

    Returns the floors. Call it only inside `planning_seats`.
    """
    rectangles = [rectangle for _kind, some in wanted for rectangle in some]
    floors = Floor.objects.in_bulk({rectangle.floor for rectangle in rectangles})
    for kind, some in wanted:
        _check_places(some, kind, floors)
    for first_day, end in _days_of([some for _kind, some in wanted]):
        refuse_closed_months(first_day, end)
    if rivals := conflicts_with(rectangles):
        _refuse(rivals, rectangles, floors, acting_user)
    return floors


def _days_of(groups: Sequence[Sequence[Rectangle]]) -> set[tuple[date, date | None]]:
    """The days of each group; of many that no closed month touches, all in one."""
    days = {(_first_day(some), latest_end(some)) for some in groups}
    if len(days) == 1:
        return days
    first = min(first for first, _end in days)
    return {(first, None)} if first >= first_open_day(first) else days


def expect_expiry(placements: Sequence[Placement], floors: dict[int, Floor], now: datetime) -> None:
    """Let holds that do not say when they expire do so after the days that are set.

    None where a floor is not handed over: that hold waits for it.
    """
    endless = [
        (allocation, {rectangle.floor for rectangle in rectangles})
        for allocation, rectangles in placements
        if allocation.kind == AllocationKind.HOLD and allocation.expires_at is None
    ]
    days = timedelta(days=setting(Setting.Name.HOLD_DAYS)) if endless else timedelta()
    for allocation, on in endless:
        if all(floors[floor].delivered_on is not None for floor in on):
            allocation.expires_at = now + days


def add_blocks(placements: Sequence[Placement], *, today: date) -> None:
    """Give saved allocations blocks that are known to be vacant; who has seats is a tenant."""
    SeatBlock.objects.bulk_create(
        new_block(allocation, BlockKind(allocation.kind), rectangle, today)
        for allocation, rectangles in placements
        for rectangle in rectangles
    )
    firm = [one for one in placements if one.allocation.kind == AllocationKind.FIRM]
    begin_tenancies(
        [
            Beginning(
                allocation.enterprise,
                _first_day(rectangles),
                latest_end(rectangles),
                sample_fields=allocation.sample_fields,
            )
            for allocation, rectangles in sorted(firm, key=lambda one: _first_day(one.rectangles))
            if allocation.enterprise is not None
        ]
    )


def begin_tenancy_of(allocation: Allocation, first_day: date, end: date | None) -> None:
    """Who has seats is a tenant as long as they have them."""
    if allocation.enterprise is not None:
        begin_tenancy(
            enterprise=allocation.enterprise,
            first_day=first_day,
            end=end,
            sample_fields=allocation.sample_fields,
        )


def _first_day(rectangles: Sequence[Rectangle]) -> date:
    return min(rectangle.start for rectangle in rectangles)


def latest_end(rectangles: Sequence[Rectangle]) -> date | None:
    ends = [rectangle.end for rectangle in rectangles]
    return None if None in ends else max(end for end in ends if end)


def _check_places(rectangles: Sequence[Rectangle], kind: str, floors: dict[int, Floor]) -> None:
    """Refuse seats that no floor has, or not yet."""
    for rectangle in rectangles:
        floor = floors.get(rectangle.floor)
        if floor is None or rectangle.seats.upper > floor.seats.upper:
            raise no_such_seat(rectangle, floor)
        if kind != AllocationKind.HOLD and floor.delivered_on is None:
            raise not_delivered(floor)


def _refuse(
    rivals: Sequence[Conflict],
    rectangles: Sequence[Rectangle],
    floors: dict[int, Floor],
    acting_user: User,
) -> None:
    """Missing seats come first: they are nobody's fault and no rival's."""
    first = rivals[0]
    if first.kind == BlockKind.VOID:
        floor = floors[floor_of(first.seats.lower)]
        rectangle = next(r for r in rectangles if r.floor == floor.pk)
        raise no_such_seat(rectangle, floor, first)
    raise seats_taken(rivals, acting_user)


def confirm_hold(
    *,
    allocation_id: int,
    today: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> Allocation:
    """Make a hold firm, on all its days whose month is not closed.

    Raises `HoldExpired`, `WrongState`, `NotDelivered`, `Stale` or `Busy`.
    """
    with planning_seats(acting_user, now=now):
        if expired := Allocation.objects.filter(pk=allocation_id, ended_at__isnull=False).first():
            refuse_confirmed(expired)
        allocation = locked(Allocation.objects, allocation_id, expected_version)
        refuse_confirmed(allocation)
        refuse_open_offer(allocation)
        confirm_under_lock(allocation, today)
        show_on_request(allocation)
    return allocation


def confirm_under_lock(allocation: Allocation, today: date) -> list[Rectangle]:
    """Make a locked hold firm; return what is contracted by it.

    Call it only inside `planning_seats`. Raises as `confirm_hold` does.
    """
    refuse_confirmed(allocation)
    for floor in Floor.objects.filter(
        pk__in=allocation.blocks.values("floor"), delivered_on__isnull=True
    ):
        raise not_delivered(floor)
    allocation.kind, allocation.expires_at = AllocationKind.FIRM, None
    save_next_version(allocation, ["kind", "expires_at"])
    firm = _make_firm(allocation, today)
    if not firm:
        raise WrongState(_("This hold has no seats any more."))
    begin_tenancy_of(allocation, min(one.start for one in firm), latest_end(firm))
    return firm


def refuse_confirmed(allocation: Allocation) -> None:
    """Raise `HoldExpired` or `WrongState` unless `allocation` is a hold that lasts."""
    if allocation.ended_at is not None:
        raise HoldExpired(_("This hold has expired and its seats are free. Hold them again."))
    if allocation.kind == AllocationKind.FIRM:
        raise WrongState(_("This can't be done any more: the seats are contracted."))
    if allocation.kind != AllocationKind.HOLD:
        raise WrongState(_("This is not a hold."))


def _make_firm(allocation: Allocation, today: date) -> list[Rectangle]:
    """Turn the allocation's blocks firm from the first open day on; return what they are then."""
    open_day = first_open_day(FIRST_DAY)
    held = [
        block
        for block in allocation.blocks.filter(kind=BlockKind.HOLD)
        if block.period.upper is None or block.period.upper > open_day
    ]
    firm = {
        block.pk: Rectangle(
            block.span,
            max(block.period.lower, open_day),
            block.period.upper,
        )
        for block in held
    }
    cut = [block.pk for block in held if block.period.lower < open_day]
    trim(cut, open_day, today)
    SeatBlock.objects.bulk_create(
        new_block(allocation, BlockKind.FIRM, firm[pk], today) for pk in cut
    )
    SeatBlock.objects.filter(pk__in=firm.keys() - set(cut)).update(
        kind=BlockKind.FIRM, recorded_on=today
    )
    return list(firm.values())


def release_seats(
    *,
    allocation_id: int,
    start: date,
    today: date,
    now: datetime,
    acting_user: User,
    seats: Span | None = None,
    runs: Sequence[Span] = (),
    expected_version: int | None = None,
) -> Allocation:
    """Free the allocation's seats, or those in `seats` or in each of `runs`, from `start` on.

    What was before `start` stays as it was. Raises `NotHeld`, `BlocksOverlap`, `MonthClosed`,
    `SeatsLent`, `SeatsBorrowed`, `Stale`, `Busy`, and `WrongState` for a hold that is offered by a
    request.
    """
    if runs:
        check_shape([Rectangle(run, start) for run in runs])
    with planning_seats(acting_user, now=now):
        allocation = locked(Allocation.objects, allocation_id, expected_version)
        parts: Sequence[Span | None] = runs or [seats]
        for part in parts:
            release_under_lock(allocation, start=start, seats=part, today=today)
        save_next_version(allocation, [])
        show_on_request(allocation)
    return allocation


def show_on_request(allocation: Allocation) -> None:
    """The request shows its allocation: so it is another version, too."""
    if allocation.request_id is not None:
        save_next_version(locked(SeatRequest.objects, allocation.request_id), [])


def release_under_lock(
    allocation: Allocation, *, start: date, seats: Span | None, today: date
) -> list[Rectangle]:
    """Free seats of `allocation` from `start`; return what is free by it.

    Call it only inside `planning_seats`.
    """
    blocks = blocks_to_free(allocation, start=start, seats=seats)
    freed = [part_from(block, start, seats) for block in blocks]
    free_from(blocks, start=start, seats=seats, today=today)
    return freed


def part_from(block: SeatBlock, start: date, seats: Span | None) -> Rectangle:
    """The part of `block` that is in `seats` (None: all of it), from `start` on."""
    span = block.span
    part = (seats and intersection(span, seats)) or span
    return Rectangle(part, max(start, block.period.lower), block.period.upper)


def blocks_to_free(allocation: Allocation, *, start: date, seats: Span | None) -> list[SeatBlock]:
    """The blocks that a release changes. Raises what the release raises."""
    refuse_open_offer(allocation)
    refuse_borrowed(allocation)
    refuse_lent(allocation, start=start, seats=None if seats is None else [seats])
    blocks = [
        block
        for block in allocation.blocks.all()
        if (block.period.upper is None or block.period.upper > start)
        and (seats is None or intersection(block.span, seats))
    ]
    if not blocks:
        raise not_held(start, field="start")
    first_change = max(start, min(block.period.lower for block in blocks))
    last_change = max((block.period.upper or LAST_DAY) for block in blocks)
    refuse_closed_months(first_change, last_change, field="start")
    return blocks

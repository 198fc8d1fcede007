"""Approving a request: seats are given, given back or exchanged, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from foundation.versions import save_next_version
from park.axis import Span
from seats.holdings import count_seats
from seats.models import (
    Allocation,
    AllocationKind,
    ApprovedRun,
    RequestKind,
    SeatBlock,
    SeatRequest,
)
from seats.rectangles import Rectangle
from seats.services.allocations import place, release_under_lock
from seats.services.departures import refuse_left
from seats.services.planning import check_shape, planning_seats
from seats.services.refusals import not_held
from seats.services.steps import ready_for, take_step
from seats.services.telling import tell_enterprise
from tenants.models import Enterprise
from web.refusals import Invalid

# What the enterprise reads: does it give seats back, and is it as many as it asked for?
_BODIES = {
    (False, True): gettext_noop(
        "The park approved request %(number)s. Your seats are on its page."
    ),
    (False, False): gettext_noop(
        "The park approved request %(number)s: you get %(count)s of the %(seats)s seats that you "
        "asked for. They are on its page."
    ),
    (True, True): gettext_noop(
        "The park approved request %(number)s: you give back %(seats)s seats. Which ones and from "
        "which day is on its page."
    ),
    (True, False): gettext_noop(
        "The park approved request %(number)s: you give back %(count)s of the %(seats)s seats that "
        "you asked to give back. Which ones and from which day is on its page."
    ),
}


def approve_request(
    *,
    request_id: int,
    rectangles: Sequence[Rectangle],
    today: date,
    now: datetime,
    acting_user: User,
    released: Sequence[tuple[Span, date]] = (),
    expected_version: int | None = None,
) -> tuple[SeatRequest, Allocation | None]:
    """Fulfil a request at once: the seats become the enterprise's, all of them or none.

    `released` are runs that the enterprise gives up, each from a day on: required for giving back,
    possible for a move. Raises what `allocate_seats` and `release_seats` raise, `WrongState` and
    `EnterpriseLeft`.
    """
    for runs in (rectangles, [Rectangle(seats, day) for seats, day in released]):
        if runs:
            check_shape(runs)
    with planning_seats(acting_user, rectangles, now=now):
        refuse_left(ready_for("approve", request_id, acting_user, expected_version), today)
        request = take_step("approve", request_id, now, acting_user, expected_version)
        check_runs(request, rectangles, released)
        freed = [
            part
            for seats, day in released
            for part in give_up(request.enterprise, seats, day, today)
        ]
        allocation = _allocation_for(request, rectangles, today, now, acting_user)
        _tell(request, write_down(request, rectangles, freed))
    return request, allocation


def write_down(
    request: SeatRequest, given: Sequence[Rectangle], freed: Sequence[Rectangle]
) -> list[ApprovedRun]:
    """Keep with the last step which seats it gives and takes: allocations change, this does not."""
    change = request.changes.latest("pk")
    return ApprovedRun.objects.bulk_create(
        ApprovedRun(
            change=change,
            floor_id=run.floor,
            seats=run.seats,
            period=(run.start, run.end),
            is_given_back=is_given_back,
        )
        for runs, is_given_back in ((given, False), (freed, True))
        for run in runs
    )


def _tell(request: SeatRequest, runs: Sequence[ApprovedRun]) -> None:
    """Tell the enterprise how many seats of how many, where that is not what it asked for."""
    gives_back = request.kind == RequestKind.RELEASE
    count = count_seats(run for run in runs if run.is_given_back == gives_back)
    body = _BODIES[gives_back, count == request.seats]
    subject = gettext_noop("Request %(number)s was approved")
    tell_enterprise(subject, body, request, count=f"{count:,}")


def check_runs(
    request: SeatRequest, rectangles: Sequence[Rectangle], released: Sequence[tuple[Span, date]]
) -> None:
    if request.kind == RequestKind.RELEASE:
        if rectangles or not released:
            raise Invalid({"released": _("Choose the seats that the enterprise gives back.")})
    elif not rectangles:
        raise Invalid({"blocks": _("Choose at least one run of seats.")})
    elif released and request.kind != RequestKind.RELOCATE:
        raise Invalid({"released": _("Seats are given up by a request to give back or to move.")})


def give_up(
    enterprise: Enterprise, seats: Span, day: date, today: date, *, replaced_by: int | None = None
) -> list[Rectangle]:
    """Free `seats` from `day` on, whichever of the enterprise's allocations they belong to.

    Returns what is free by it: only seats that the enterprise had. `replaced_by` is the allocation
    that it gets in their place, decided earlier: that one stays, and what is gone since is gone.
    """
    blocks = SeatBlock.objects.within(seats).during(day, None).filter(enterprise=enterprise)
    if replaced_by is not None:
        blocks = blocks.exclude(allocation=replaced_by)
    allocations = list(
        Allocation.objects.filter(pk__in=blocks.values("allocation")).select_for_update(no_key=True)
    )
    if not allocations and replaced_by is None:
        raise not_held(day)
    freed = []
    for allocation in allocations:
        freed += release_under_lock(allocation, start=day, seats=seats, today=today)
        save_next_version(allocation, [])
    return freed


def _allocation_for(
    request: SeatRequest,
    rectangles: Sequence[Rectangle],
    today: date,
    now: datetime,
    acting_user: User,
) -> Allocation | None:
    if not rectangles:
        return None
    allocation = Allocation(
        enterprise=request.enterprise,
        kind=AllocationKind.FIRM,
        request=request,
        source=request.source,
        sample_fields=request.sample_fields,
        created_by=acting_user,
        created_at=now,
    )
    place(allocation, rectangles, today=today)
    return allocation

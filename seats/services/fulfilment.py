"""Accepted seats are handed over: then the request is fulfilled."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_noop

from accounts.models import User
from seats.models import Allocation, AllocationKind, RequestState, SeatRequest
from seats.rectangles import Rectangle
from seats.services.allocations import confirm_hold
from seats.services.approvals import write_down
from seats.services.departures import refuse_left
from seats.services.offers import contract, hold_of
from seats.services.planning import planning_seats
from seats.services.steps import ready_for, take_step
from seats.services.telling import tell_enterprise


def fulfil_request(
    *,
    request_id: int,
    today: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> tuple[SeatRequest, Allocation]:
    """Confirm that accepted seats are handed over; what was still held is contracted by it.

    Raises `WrongState`, `NotDelivered`, `EnterpriseLeft`, `Stale` or `Busy`.
    """
    return _fulfil(
        request_id, expected_version, None, today=today, now=now, acting_user=acting_user
    )


def _fulfil(
    request_id: int,
    request_version: int | None,
    allocation_version: int | None,
    *,
    today: date,
    now: datetime,
    acting_user: User,
) -> tuple[SeatRequest, Allocation]:
    with planning_seats(acting_user, now=now):
        request = ready_for("fulfil", request_id, acting_user, request_version)
        allocation = hold_of(request, allocation_version)
        given: list[Rectangle] = []
        freed: list[Rectangle] = []
        if allocation.kind == AllocationKind.HOLD:
            refuse_left(request, today)
            given, freed = contract(request, allocation, today)
        request = take_step("fulfil", request_id, now, acting_user)
        write_down(request, given, freed)
        tell_enterprise(
            gettext_noop("Request %(number)s is fulfilled"),
            gettext_noop(
                "The park has handed the seats of request %(number)s over. They are on its page; "
                "nothing is left to do."
            ),
            request,
        )
    return request, allocation


def confirm_seats(
    *,
    allocation_id: int,
    today: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> Allocation:
    """Make a hold firm; where its request was accepted, that is fulfilled by it.

    Raises what `confirm_hold` and `fulfil_request` raise.
    """
    accepted = SeatRequest.objects.filter(
        offer=allocation_id, offer__kind=AllocationKind.HOLD, state=RequestState.ACCEPTED
    ).first()
    if accepted is not None:
        return _fulfil(
            accepted.pk, None, expected_version, today=today, now=now, acting_user=acting_user
        )[1]
    return confirm_hold(
        allocation_id=allocation_id,
        today=today,
        now=now,
        acting_user=acting_user,
        expected_version=expected_version,
    )

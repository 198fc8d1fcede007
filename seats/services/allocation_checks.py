"""What makes no sense of an allocation before anybody looks at the seats.

All but the check of its request needs no lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from foundation.versions import locked
from seats.models import AllocationKind, RequestKind, RequestState, SeatRequest
from seats.rectangles import Rectangle
from seats.services.departures import refuse_left
from seats.services.refusals import WrongState
from tenants.models import Enterprise
from web.refusals import Invalid

# Requests that seats may answer
ANSWERABLE = {RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.FULFILLED}


def check_request(seen: SeatRequest | None, today: date) -> None:
    """Raise `Invalid`, `WrongState` or `EnterpriseLeft` where no seats can answer the request.

    Call it only inside `planning_seats`: it looks at the request as it is now, whatever was `seen`.
    """
    if seen is None:
        return
    request = locked(SeatRequest.objects, seen.pk)
    if request.kind == RequestKind.RELEASE:
        message = _("%(number)s gives seats back: no seats can answer it.")
        raise Invalid({"request": message % {"number": request.number}})
    if request.state not in ANSWERABLE:
        raise WrongState(
            _("%(number)s is %(state)s: no seats can answer it.")
            % {"number": request.number, "state": request.get_state_display()},
            field="request",
        )
    refuse_left(request, today)


def check_holder(kind: AllocationKind, enterprise: Enterprise | None, reason: str) -> None:
    """Raise `Invalid` unless such seats are somebody's, or closed for a reason."""
    if kind == AllocationKind.CLOSURE and enterprise is not None:
        raise Invalid({"enterprise": _("Closed seats belong to no enterprise.")})
    if kind == AllocationKind.CLOSURE and not reason.strip():
        raise Invalid({"reason": _("Say why the seats are closed.")})
    if kind != AllocationKind.CLOSURE and enterprise is None:
        raise Invalid({"enterprise": _("Say which enterprise the seats are for.")})


def check_expiry(kind: AllocationKind, expires_at: datetime | None, now: datetime) -> None:
    """Raise `Invalid` unless such seats may expire then."""
    if expires_at is None:
        return
    if kind != AllocationKind.HOLD:
        raise Invalid({"expires_at": _("Only a hold expires.")})
    if expires_at <= now:
        raise Invalid({"expires_at": _("A hold must expire later than now.")})


def check_due(kind: AllocationKind, due_on: date | None, rectangles: Sequence[Rectangle]) -> None:
    """Raise `Invalid` unless such seats may be expected back then."""
    if due_on is None:
        return
    if kind != AllocationKind.CLOSURE:
        raise Invalid({"due_on": _("Only closed seats are expected back.")})
    if due_on < max(rectangle.start for rectangle in rectangles):
        raise Invalid({"due_on": _("Seats cannot be back before they are closed.")})

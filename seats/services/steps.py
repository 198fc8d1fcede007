"""The one table of what may follow what in a request's life, and the way to take a step.

All else is refused, in pages and API alike: every service that changes a request's state goes
through `take_step`. Beyond the plain way from draft to fulfilled:

- what is declined or has expired is undecided again: as after the submission the park may take it
  up, offer, send it back or turn it down;
- an offer can be taken back (recall) until its seats are contracted, also an accepted one that
  still waits for its floor: else seats could stay held for ever;
- approving gives seats at once, without an offer, as long as none has been made;
- handing over to a colleague changes who has the request, not where it is.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from foundation.versions import locked, save_next_version
from seats.models import (
    OPEN_OFFERS,
    UNDECIDED,
    Allocation,
    AllocationKind,
    RequestState,
    SeatRequest,
    StateChange,
)
from seats.services.deadlines import promise_after
from seats.services.refusals import WrongState
from web.refusals import Forbidden, Invalid

_DRAFTED = (RequestState.DRAFT, RequestState.SENT_BACK)
_NEW = (RequestState.SUBMITTED, RequestState.IN_REVIEW)


class Step(NamedTuple):
    """A step: from which states, to which (None: it stays), which side takes it.

    `keeps_owner`: who of the park has the request still has it afterwards.
    """

    sources: tuple[RequestState, ...]
    target: RequestState | None
    is_enterprises: bool = False
    keeps_owner: bool = False


STEPS: dict[str, Step] = {
    "submit": Step(_DRAFTED, RequestState.SUBMITTED, is_enterprises=True),
    "take_up": Step(UNDECIDED, RequestState.IN_REVIEW),
    "hand_over": Step(
        (RequestState.IN_REVIEW, RequestState.DECLINED, RequestState.EXPIRED, *OPEN_OFFERS), None
    ),
    "send_back": Step(UNDECIDED, RequestState.SENT_BACK),
    "reject": Step(UNDECIDED, RequestState.REJECTED),
    "approve": Step(_NEW, RequestState.FULFILLED),
    "offer": Step(UNDECIDED, RequestState.OFFERED),
    "recall": Step(OPEN_OFFERS, RequestState.IN_REVIEW),
    "accept": Step(
        (RequestState.OFFERED,), RequestState.ACCEPTED, is_enterprises=True, keeps_owner=True
    ),
    "decline": Step(
        (RequestState.OFFERED,), RequestState.DECLINED, is_enterprises=True, keeps_owner=True
    ),
    "expire": Step((RequestState.OFFERED,), RequestState.EXPIRED, keeps_owner=True),
    "fulfil": Step((RequestState.ACCEPTED,), RequestState.FULFILLED),
    "withdraw": Step(
        (*_DRAFTED, *UNDECIDED, RequestState.OFFERED),
        RequestState.WITHDRAWN,
        is_enterprises=True,
        keeps_owner=True,
    ),
}


def can(step: str, state: str) -> bool:
    """Whether `step` may follow `state`."""
    return state in STEPS[step].sources


def speaks_for_enterprise(user: User, request: SeatRequest) -> bool:
    """Whether `user` writes, submits, answers and withdraws this request: not somebody of the
    park, unless they wrote it for the enterprise themselves."""
    return not user.has_perm("seats.view_every_seatrequest") or request.created_by_id == user.pk


def ready_for(
    step: str, request_id: int, acting_user: User | None, expected_version: int | None
) -> SeatRequest:
    """Lock the request; raise `Stale`, `Forbidden` or `WrongState` unless the step may be taken."""
    request = locked(SeatRequest.objects, request_id, expected_version)
    if STEPS[step].is_enterprises and acting_user is not None:
        refuse_others(request, acting_user)
    refuse_wrong_state(step, request)
    return request


def take_step(
    step: str,
    request_id: int,
    now: datetime,
    acting_user: User | None,
    expected_version: int | None = None,
    *,
    note: str = "",
    owner: User | None = None,
    offer: Allocation | None = None,
) -> SeatRequest:
    """Lock the request, take the step if the table allows it, and write it down.

    `acting_user` None is Xiyuan itself; `offer` is what stands behind the request from then on.
    Call it only inside `recorded` or `planning_seats`.
    """
    request = ready_for(step, request_id, acting_user, expected_version)
    before, request.state = request.state, STEPS[step].target or request.state
    if owner or not STEPS[step].keeps_owner:
        request.owner = owner
    if STEPS[step].target is not None:
        request.offer, request.since = offer, now
    promise = promise_after(step, request, now)
    for name, value in promise._asdict().items():
        setattr(request, name, value)
    save_next_version(request, ["state", "owner", "offer", "since", *promise._fields])
    note_change(request, before, note, now, acting_user)
    return request


def note_change(
    request: SeatRequest, before: str, note: str, now: datetime, acting_user: User | None
) -> StateChange:
    """Write down that `request` has come to where it is."""
    return StateChange.objects.create(
        request=request,
        from_state=before,
        to_state=request.state,
        note=note,
        by=acting_user,
        owner=request.owner,
        until=request.offer.expires_at if request.offer else None,
        at=now,
    )


def refuse_others(request: SeatRequest, acting_user: User) -> None:
    """Raise `Forbidden` unless `acting_user` speaks for the enterprise that asks."""
    if not speaks_for_enterprise(acting_user, request):
        raise Forbidden(
            _("This is for %(enterprise)s to do. Send the request back, or turn it down.")
            % {"enterprise": request.enterprise.short_name}
        )


def refuse_wrong_state(step: str, request: SeatRequest) -> None:
    """Raise `WrongState` unless `step` may follow now."""
    if not can(step, request.state):
        raise WrongState(
            _("This can't be done any more: request %(number)s is “%(state)s” now.")
            % {"number": request.number, "state": request.get_state_display()},
            extra={"state": request.state},
        )


def require_note(note: str, message: str) -> None:
    """Raise `Invalid` where nothing was written."""
    if not note.strip():
        raise Invalid({"note": message})


def open_offer_of(allocation: Allocation) -> SeatRequest | None:
    """The request that offers this hold, or whose enterprise has accepted it."""
    if allocation.kind != AllocationKind.HOLD:
        return None
    return SeatRequest.objects.filter(offer=allocation, state__in=OPEN_OFFERS).first()


def refuse_open_offer(allocation: Allocation, *, unless_accepted: bool = False) -> None:
    """Raise `WrongState` where a hold is offered or accepted: it goes the way of its request.

    Whoever changes or ends holds calls this first; so there is no second path around the table.
    """
    request = open_offer_of(allocation)
    if request is None or (unless_accepted and request.state == RequestState.ACCEPTED):
        return
    words = {"number": request.number, "enterprise": request.enterprise.short_name}
    if request.state == RequestState.OFFERED:
        message = _(
            "These seats are offered to %(enterprise)s by request %(number)s. On its page the "
            "enterprise accepts or declines, or you take the offer back."
        )
    else:
        message = _(
            "%(enterprise)s has accepted these seats by request %(number)s. Go on there: confirm "
            "that they are handed over, or take the offer back."
        )
    raise WrongState(message % words, extra={"request": request.pk, "state": request.state})

"""Requests for seats: written, submitted, taken up, sent back, rejected, withdrawn.

`STEPS` is the one table of what may follow what; all else is refused, in pages and API alike.
Approving is in seats/services/approvals.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.permissions import Role
from audit.context import recorded
from foundation.services.messages import tell
from foundation.versions import locked, save_next_version
from seats.models import RequestState, SeatRequest, StateChange
from seats.services.refusals import WrongState
from seats.services.wishes import Wish, check_wish
from tenants.models import Enterprise
from web.refusals import Forbidden, Invalid


class Step(NamedTuple):
    """A step in a request's life: from which states, to which, and which side takes it."""

    sources: frozenset[RequestState]
    target: RequestState
    is_enterprises: bool = False


_AT_THE_PARK = frozenset({RequestState.SUBMITTED, RequestState.IN_REVIEW})
_AT_THE_ENTERPRISE = frozenset({RequestState.DRAFT, RequestState.SENT_BACK})

STEPS: dict[str, Step] = {
    "submit": Step(_AT_THE_ENTERPRISE, RequestState.SUBMITTED, is_enterprises=True),
    "take_up": Step(_AT_THE_PARK, RequestState.IN_REVIEW),
    "send_back": Step(_AT_THE_PARK, RequestState.SENT_BACK),
    "reject": Step(_AT_THE_PARK, RequestState.REJECTED),
    "approve": Step(_AT_THE_PARK, RequestState.FULFILLED),
    "withdraw": Step(
        _AT_THE_PARK | _AT_THE_ENTERPRISE, RequestState.WITHDRAWN, is_enterprises=True
    ),
}


def can(step: str, state: str) -> bool:
    """Whether `step` may follow `state`."""
    return state in STEPS[step].sources


def speaks_for_enterprise(user: User, request: SeatRequest) -> bool:
    """Whether `user` writes, submits and withdraws this request: not somebody of the park,
    unless they wrote it for the enterprise themselves."""
    return not user.has_perm("seats.view_every_seatrequest") or request.created_by_id == user.pk


def create_request(
    *,
    enterprise: Enterprise,
    wish: Wish,
    now: datetime,
    acting_user: User,
    source: str = "",
    sample_fields: Sequence[str] = (),
) -> SeatRequest:
    """Write a draft. Raises `Invalid` or `MonthClosed`."""
    check_wish(wish, enterprise, now)
    with recorded(acting_user):
        request = SeatRequest.objects.create(
            enterprise=enterprise,
            since=now,
            created_by=acting_user,
            created_at=now,
            source=source,
            sample_fields=list(sample_fields),
            **_columns(wish),
        )
        _note_change(request, "", "", now, acting_user)
    return request


def edit_request(
    *,
    request_id: int,
    wish: Wish,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> SeatRequest:
    """Change a draft, or what was sent back. Raises `Invalid`, `WrongState` or `Stale`."""
    check_wish(wish, SeatRequest.objects.get(pk=request_id).enterprise, now)
    with recorded(acting_user):
        request = locked(SeatRequest.objects, request_id, expected_version)
        refuse_others(request, acting_user)
        refuse_wrong_state("submit", request)
        columns = _columns(wish)
        for name, value in columns.items():
            setattr(request, name, value)
        save_next_version(request, list(columns))
    return request


def _columns(wish: Wish) -> dict[str, Any]:
    return {**wish._asdict(), "zones": sorted(set(wish.zones))}


def submit_request(
    *, request_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> SeatRequest:
    """Hand a draft, or what was sent back, to the park."""
    with recorded(acting_user):
        request = take_step("submit", request_id, now, acting_user, expected_version)
        _tell_park(
            gettext_noop("%(enterprise)s asks for %(seats)s seats"),
            gettext_noop("%(enterprise)s submitted request %(number)s: %(seats)s seats."),
            request,
        )
    return request


def take_up_request(
    *, request_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> SeatRequest:
    """Take a submitted request in hand: the enterprise sees who has it."""
    with recorded(acting_user):
        return take_step(
            "take_up", request_id, now, acting_user, expected_version, owner=acting_user
        )


def send_back_request(
    *,
    request_id: int,
    note: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> SeatRequest:
    """Ask the enterprise to complete its request, saying what is missing."""
    _require_note(note, _("Say what is missing."))
    with recorded(acting_user):
        request = take_step("send_back", request_id, now, acting_user, expected_version, note=note)
        tell_enterprise(
            gettext_noop("Request %(number)s was sent back"),
            gettext_noop("The park asks you to complete request %(number)s: %(note)s"),
            request,
            note=note,
        )
    return request


def reject_request(
    *,
    request_id: int,
    note: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> SeatRequest:
    """Turn a request down, saying why."""
    _require_note(note, _("Say why the request is turned down."))
    with recorded(acting_user):
        request = take_step("reject", request_id, now, acting_user, expected_version, note=note)
        tell_enterprise(
            gettext_noop("Request %(number)s was turned down"),
            gettext_noop("The park turned down request %(number)s: %(note)s"),
            request,
            note=note,
        )
    return request


def withdraw_request(
    *, request_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> SeatRequest:
    """Take a request back while it is not decided."""
    with recorded(acting_user):
        return take_step("withdraw", request_id, now, acting_user, expected_version)


def take_step(
    step: str,
    request_id: int,
    now: datetime,
    acting_user: User,
    expected_version: int | None,
    *,
    note: str = "",
    owner: User | None = None,
) -> SeatRequest:
    """Lock the request, take the step if the table allows it, and write it down.

    Call it only inside `recorded` or `planning_seats`.
    """
    request = locked(SeatRequest.objects, request_id, expected_version)
    if STEPS[step].is_enterprises:
        refuse_others(request, acting_user)
    refuse_wrong_state(step, request)
    before, request.state = request.state, STEPS[step].target
    request.owner, request.since = owner, now
    save_next_version(request, ["state", "owner", "since"])
    _note_change(request, before, note, now, acting_user)
    return request


def _note_change(
    request: SeatRequest, before: str, note: str, now: datetime, acting_user: User
) -> None:
    StateChange.objects.create(
        request=request,
        from_state=before,
        to_state=request.state,
        note=note,
        by=acting_user,
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


def _require_note(note: str, message: str) -> None:
    if not note.strip():
        raise Invalid({"note": message})


def tell_enterprise(subject: str, body: str, request: SeatRequest, **words: str) -> None:
    """Tell the people of the enterprise; `words` are what `body` says beside the request."""
    people = User.objects.filter(
        memberships__enterprise=request.enterprise, memberships__ended_at=None, is_active=True
    )
    _tell(people, subject, body, request, words)


def _tell_park(subject: str, body: str, request: SeatRequest) -> None:
    people = User.objects.filter(
        roles__overlap=[Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF], is_active=True
    )
    _tell(people, subject, body, request, {})


def _tell(
    people: Any, subject: str, body: str, request: SeatRequest, words: Mapping[str, str]
) -> None:
    tell(
        people=people,
        subject=subject,
        body=body,
        url=reverse("seats:request-detail", args=[request.pk]),
        parameters={
            "enterprise": request.enterprise.short_name,
            "number": request.number,
            "seats": f"{request.seats:,}",
            **words,
        },
    )

"""Requests for seats: written, submitted, reviewed, sent back, rejected, approved, withdrawn.

`STEPS` is the one table of what may follow what; all else is refused, in pages and API alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.permissions import Role
from audit.context import recorded
from foundation.services.messages import tell
from foundation.versions import locked, save_next_version
from park.axis import FIRST_DAY, LAST_DAY, Span
from park.models import Floor, Zone
from park.services import refuse_closed_months
from seats.models import (
    Allocation,
    AllocationKind,
    RequestKind,
    RequestState,
    SeatBlock,
    SeatRequest,
    StateChange,
)
from seats.rectangles import ONE_DAY, Rectangle
from seats.services.allocations import place, release_under_lock
from seats.services.planning import check_shape, planning_seats
from seats.services.refusals import NotHeld, WrongState
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


class Wish(NamedTuple):
    """What is asked for. `start` and `end` are days, both included; no zones means any."""

    kind: RequestKind
    seats: int
    start: date
    end: date | None = None
    zones: Sequence[str] = ()
    contiguous: bool = False
    note: str = ""


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
    _check(wish)
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
    _check(wish)
    with recorded(acting_user):
        request = locked(SeatRequest.objects, request_id, expected_version)
        refuse_others(request, acting_user)
        if request.state not in _AT_THE_ENTERPRISE:
            raise _wrong_state(request)
        columns = _columns(wish)
        for name, value in columns.items():
            setattr(request, name, value)
        save_next_version(request, list(columns))
    return request


def _columns(wish: Wish) -> dict[str, Any]:
    return {**wish._asdict(), "zones": sorted(set(wish.zones))}


def _check(wish: Wish) -> None:
    most = Floor.objects.aggregate(seats=Sum("seat_count"))["seats"] or 0
    if wish.seats < 1:
        raise Invalid({"seats": _("Ask for at least 1 seat.")})
    if wish.seats > most:
        message = _("The park has %(count)s seats when complete. Ask for no more than that.")
        raise Invalid({"seats": message % {"count": f"{most:,}"}})
    for name in ("start", "end"):
        day = getattr(wish, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise Invalid({name: _("Days from 1990-01-01 to 9998-12-31 can be used.")})
    if wish.end is not None and wish.end < wish.start:
        raise Invalid({"end": _("The last day must not come before the first.")})
    unknown = set(wish.zones) - set(Zone.objects.values_list("code", flat=True))
    if unknown:
        message = _("There is no zone %(zone)s.") % {"zone": min(unknown)}
        raise Invalid({"zones": message})
    refuse_closed_months(wish.start, None if wish.end is None else wish.end + ONE_DAY)


def submit_request(
    *, request_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> SeatRequest:
    """Hand a draft, or what was sent back, to the park."""
    with recorded(acting_user):
        request = _step("submit", request_id, now, acting_user, expected_version)
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
        return _step("take_up", request_id, now, acting_user, expected_version, owner=acting_user)


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
        request = _step("send_back", request_id, now, acting_user, expected_version, note=note)
        _tell_enterprise(
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
        request = _step("reject", request_id, now, acting_user, expected_version, note=note)
        _tell_enterprise(
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
        return _step("withdraw", request_id, now, acting_user, expected_version)


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
    possible for a move. Raises what `allocate_seats` and `release_seats` raise, and `WrongState`.
    """
    for runs in (rectangles, [Rectangle(seats, day) for seats, day in released]):
        if runs:
            check_shape(runs)
    with planning_seats(acting_user, rectangles, now=now):
        request = _step("approve", request_id, now, acting_user, expected_version)
        _check_approval(request, rectangles, released)
        for seats, day in released:
            _give_up(request.enterprise, seats, day, today)
        allocation = _allocation_for(request, rectangles, today, now, acting_user)
        _tell_enterprise(
            gettext_noop("Request %(number)s was approved"),
            gettext_noop("The park approved request %(number)s. Your seats are on its page."),
            request,
        )
    return request, allocation


def _check_approval(
    request: SeatRequest, rectangles: Sequence[Rectangle], released: Sequence[tuple[Span, date]]
) -> None:
    if request.kind == RequestKind.RELEASE:
        if rectangles or not released:
            raise Invalid({"released": _("Choose the seats that the enterprise gives back.")})
    elif not rectangles:
        raise Invalid({"blocks": _("Choose at least one run of seats.")})
    elif released and request.kind != RequestKind.RELOCATE:
        raise Invalid({"released": _("Seats are given up by a request to give back or to move.")})


def _give_up(enterprise: Enterprise, seats: Span, day: date, today: date) -> None:
    """Free `seats` from `day` on, whichever of the enterprise's allocations they belong to."""
    allocations = Allocation.objects.filter(
        pk__in=SeatBlock.objects.within(seats)
        .during(day, None)
        .filter(enterprise=enterprise)
        .values("allocation")
    ).select_for_update(no_key=True)
    if not allocations:
        raise NotHeld(
            _("The enterprise does not have these seats on or after %(day)s.")
            % {"day": day.isoformat()}
        )
    for allocation in allocations:
        release_under_lock(allocation, start=day, seats=seats, today=today)
        save_next_version(allocation, [])


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


def _step(
    step: str,
    request_id: int,
    now: datetime,
    acting_user: User,
    expected_version: int | None,
    *,
    note: str = "",
    owner: User | None = None,
) -> SeatRequest:
    """Lock the request, take the step if the table allows it, and write it down."""
    request = locked(SeatRequest.objects, request_id, expected_version)
    if STEPS[step].is_enterprises:
        refuse_others(request, acting_user)
    if not can(step, request.state):
        raise _wrong_state(request)
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


def _wrong_state(request: SeatRequest) -> WrongState:
    return WrongState(
        _("This can't be done any more: request %(number)s is “%(state)s” now.")
        % {"number": request.number, "state": request.get_state_display()},
        extra={"state": request.state},
    )


def _require_note(note: str, message: str) -> None:
    if not note.strip():
        raise Invalid({"note": message})


def _tell_enterprise(subject: str, body: str, request: SeatRequest, note: str = "") -> None:
    people = User.objects.filter(
        memberships__enterprise=request.enterprise, memberships__ended_at=None, is_active=True
    )
    _tell(people, subject, body, request, note)


def _tell_park(subject: str, body: str, request: SeatRequest) -> None:
    people = User.objects.filter(
        roles__overlap=[Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF], is_active=True
    )
    _tell(people, subject, body, request, "")


def _tell(people: Any, subject: str, body: str, request: SeatRequest, note: str) -> None:
    tell(
        people=people,
        subject=subject,
        body=body,
        url=reverse("seats:request-detail", args=[request.pk]),
        parameters={
            "enterprise": request.enterprise.short_name,
            "number": request.number,
            "seats": f"{request.seats:,}",
            "note": note,
        },
    )

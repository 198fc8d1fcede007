"""Requests for seats: written, submitted, taken up, handed over, sent back, rejected, withdrawn.

What may follow what is in seats/services/steps.py. Approving is in seats/services/approvals.py,
offering and all that follows from it in seats/services/offers.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from audit.context import recorded
from foundation.versions import locked, save_next_version
from seats.models import RequestPhase, RequestState, SeatRequest
from seats.services.expiry import end_offered_hold
from seats.services.planning import planning_seats
from seats.services.steps import (
    note_change,
    ready_for,
    refuse_others,
    refuse_wrong_state,
    require_note,
    take_step,
)
from seats.services.telling import operators, tell_enterprise, tell_park, tell_people
from seats.services.wishes import Wish, check_wish, columns_of
from tenants.models import Enterprise
from web.refusals import Invalid


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
            **columns_of(wish),
        )
        _write_phases(request, wish)
        note_change(request, "", "", now, acting_user)
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
        columns = columns_of(wish)
        for name, value in columns.items():
            setattr(request, name, value)
        save_next_version(request, list(columns))
        _write_phases(request, wish)
    return request


def _write_phases(request: SeatRequest, wish: Wish) -> None:
    """Keep the phases of `wish` in place of those there were; a single one is the whole wish."""
    request.phases.all().delete()
    if len(wish.phases) > 1:
        RequestPhase.objects.bulk_create(
            RequestPhase(request=request, **phase._asdict()) for phase in wish.phases
        )


def submit_request(
    *, request_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> SeatRequest:
    """Hand a draft, or what was sent back, to the park."""
    with recorded(acting_user):
        request = take_step("submit", request_id, now, acting_user, expected_version)
        tell_park(
            gettext_noop("%(enterprise)s asks for %(seats)s seats"),
            gettext_noop(
                "%(enterprise)s submitted request %(number)s: %(seats)s seats. Next: take it up. "
                "An answer is promised by %(due)s."
            ),
            request,
        )
    return request


def take_up_request(
    *, request_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> SeatRequest:
    """Take a request in hand: the enterprise sees who has it."""
    with recorded(acting_user):
        request = take_step(
            "take_up", request_id, now, acting_user, expected_version, owner=acting_user
        )
        _tell_who_has_it(request)
    return request


def _tell_who_has_it(request: SeatRequest) -> None:
    tell_enterprise(
        gettext_noop("%(person)s looks after request %(number)s"),
        gettext_noop(
            "%(person)s of the park looks after request %(number)s from now on. Next: the park "
            "answers; you need do nothing now."
        )
        if request.state == RequestState.IN_REVIEW
        else gettext_noop("%(person)s of the park looks after request %(number)s from now on."),
        request,
        person=str(request.owner),
    )


def hand_over_request(
    *,
    request_id: int,
    to: User,
    note: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> SeatRequest:
    """Give a request that is in hand to a colleague, saying why. Raises `Invalid` or the usual."""
    require_note(note, _("Tell your colleague what is to be done."))
    if to not in operators():
        raise Invalid({"to": _("Choose somebody of the park who deals with requests.")})
    with recorded(acting_user):
        if ready_for("hand_over", request_id, acting_user, expected_version).owner == to:
            raise Invalid({"to": _("%(person)s has it already.") % {"person": to}})
        request = take_step(
            "hand_over", request_id, now, acting_user, expected_version, note=note, owner=to
        )
        tell_people(
            [to],
            gettext_noop("%(person)s hands request %(number)s over to you"),
            gettext_noop(
                "%(person)s hands request %(number)s of %(enterprise)s over to you: %(note)s "
                "What comes next is on its page."
            ),
            request,
            person=str(acting_user),
            note=note,
        )
        _tell_who_has_it(request)
    return request


def send_back_request(
    *,
    request_id: int,
    note: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> SeatRequest:
    """Ask the enterprise to complete its request, saying what is missing."""
    require_note(note, _("Say what is missing."))
    with recorded(acting_user):
        request = take_step("send_back", request_id, now, acting_user, expected_version, note=note)
        tell_enterprise(
            gettext_noop("Request %(number)s was sent back"),
            gettext_noop(
                "The park asks you to complete request %(number)s: %(note)s Next: complete it and "
                "submit it again."
            ),
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
    require_note(note, _("Say why the request is turned down."))
    with recorded(acting_user):
        request = take_step("reject", request_id, now, acting_user, expected_version, note=note)
        tell_enterprise(
            gettext_noop("Request %(number)s was turned down"),
            gettext_noop(
                "The park turned down request %(number)s: %(note)s Nothing follows; you can ask "
                "for something else at any time."
            ),
            request,
            note=note,
        )
    return request


def withdraw_request(
    *, request_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> SeatRequest:
    """Take a request back while it is not decided; seats that were offered are free again."""
    with planning_seats(acting_user, now=now):
        before = ready_for("withdraw", request_id, acting_user, expected_version)
        request = take_step("withdraw", request_id, now, acting_user, expected_version)
        end_offered_hold(before.offer_id, now=now, today=timezone.localdate(now))
        if before.state != RequestState.DRAFT:
            tell_park(
                gettext_noop("Request %(number)s was withdrawn"),
                gettext_noop("%(enterprise)s withdrew request %(number)s. Nothing is left to do."),
                request,
            )
    return request

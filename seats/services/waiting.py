"""The waiting list: who comes onto it, who comes off, and what they are told."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import User
from audit.context import recorded
from foundation.versions import locked, save_next_version
from seats.models import HowLeft, RequestKind, SeatRequest, WaitingEntry
from seats.services.refusals import WrongState
from seats.services.steps import refuse_wrong_state
from seats.services.telling import tell_enterprise
from seats.waiting import place_of_entry
from web.refusals import Invalid, Refusal


class WaitsAlready(Refusal):
    """The request is on the waiting list."""

    code = "waits_already"
    title = gettext_lazy("On the waiting list already")


def put_on_waiting_list(
    *, request_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> WaitingEntry:
    """Let a request wait for seats, at the end of the list; the enterprise is told its place.

    Raises `WrongState`, `WaitsAlready`, `Invalid` or `Stale`.
    """
    with recorded(acting_user):
        request = locked(SeatRequest.objects, request_id, expected_version)
        refuse_waiting(request, now)
        entry = WaitingEntry.objects.create(
            request=request, since=now, place_since=now, added_by=acting_user
        )
        save_next_version(request, [])
        tell_enterprise(
            gettext_noop("Request %(number)s is on the waiting list"),
            gettext_noop(
                "No vacant seats fit request %(number)s yet. It is number %(place)s on the waiting "
                "list; seats that become vacant are offered in this order. Next: you need do "
                "nothing; the offer comes to you."
            ),
            request,
            place=str(place_of_entry(entry)),
        )
    return entry


def refuse_waiting(request: SeatRequest, now: datetime) -> None:
    """Raise what `put_on_waiting_list` raises for a request that cannot wait."""
    refuse_wrong_state("offer", request)
    if request.kind == RequestKind.RELEASE:
        raise WrongState(_("What is given back waits for nothing: approve it."))
    if request.kind == RequestKind.RELOCATE:
        raise WrongState(_("Which seats a move gives back is chosen by hand: offer it seats."))
    if request.end is not None and request.end < timezone.localdate(now):
        raise Invalid({"end": _("The days of this request are over.")})
    if WaitingEntry.objects.waiting().filter(request=request).exists():
        raise WaitsAlready(
            _("Request %(number)s is on the waiting list already.") % {"number": request.number}
        )


def take_off_waiting_list(
    *,
    entry_id: int,
    reason: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> WaitingEntry:
    """Let a request wait no longer, saying why; its enterprise is told.

    An offer that is out stays. Raises `Invalid`, `WrongState` or `Stale`.
    """
    if not reason.strip():
        raise Invalid({"reason": _("Say why the request is taken off the list.")})
    with recorded(acting_user):
        entry = locked(WaitingEntry.objects, entry_id, expected_version)
        if entry.left_at is not None:
            raise WrongState(_("This request is not on the waiting list any more."))
        leave(entry, HowLeft.TAKEN_OFF, now, reason=reason.strip())
    return entry


def leave(entry: WaitingEntry, how: HowLeft, now: datetime, *, reason: str = "") -> None:
    """Take a locked entry off the list. Call it only inside `recorded` or `planning_seats`."""
    entry.left_at, entry.left_as, entry.reason = now, how, reason
    save_next_version(entry, ["left_at", "left_as", "reason"])
    save_next_version(locked(SeatRequest.objects, entry.request_id), [])
    if text := _WORDS.get(how):
        tell_enterprise(
            gettext_noop("Request %(number)s is not on the waiting list any more"),
            text,
            entry.request,
            reason=reason,
        )


_WORDS = {
    HowLeft.TAKEN_OFF: gettext_noop(
        "The park has taken request %(number)s off the waiting list: %(reason)s Next: the park "
        "deals with it; you need do nothing now."
    ),
    HowLeft.DECLINED: gettext_noop(
        "You declined the seats that request %(number)s waited for; so it is off the waiting list. "
        "Next: the park decides how it goes on, and may put it on the list again."
    ),
    HowLeft.UNANSWERED: gettext_noop(
        "Two offers for request %(number)s were not answered in time; so it is off the waiting "
        "list. Next: the park decides how it goes on, and may put it on the list again."
    ),
    HowLeft.LAPSED: gettext_noop(
        "The days of request %(number)s are over, and no seats became vacant in time; so it is off "
        "the waiting list. Next: ask for other days if you still want seats."
    ),
}


def go_to_the_end(entry: WaitingEntry, now: datetime) -> None:
    """Let a locked entry wait behind all others: an offer was left unanswered, for the first time.

    Call it only inside `recorded` or `planning_seats`.
    """
    entry.place_since, entry.offered_at, entry.unanswered = now, None, entry.unanswered + 1
    save_next_version(entry, ["place_since", "offered_at", "unanswered"])
    save_next_version(locked(SeatRequest.objects, entry.request_id), [])
    tell_enterprise(
        gettext_noop("Request %(number)s is at the end of the waiting list"),
        gettext_noop(
            "The offer for request %(number)s was not answered in time. It is number %(place)s on "
            "the waiting list now; after another one left unanswered it is off the list."
        ),
        entry.request,
        place=str(place_of_entry(entry)),
    )

"""Holds end by themselves: each minute by beat, and before anything else that plans seats."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_noop

from foundation.versions import locked, save_next_version
from park.lock import park_locked
from park.services import first_open_day
from seats.models import Allocation, AllocationKind, RequestState, SeatRequest
from seats.services.blocks import free_from, runs_from
from seats.services.hold_messages import tell_of_end
from seats.services.steps import take_step
from seats.services.telling import tell_enterprise, tell_park


def end_expired_holds(*, now: datetime) -> int:
    """End every hold whose time is over. Returns how many (beat does this each minute)."""
    if not are_holds_expired(now):
        return 0
    with park_locked(None):
        return _end_expired_holds(now)


def are_holds_expired(now: datetime) -> bool:
    """Whether the time of any hold is over that has not ended."""
    return _expired(now).exists()


def _end_expired_holds(now: datetime) -> int:
    """Their seats are free from the day on which they expired; requests that they answered know."""
    holds = list(_expired(now).select_for_update(no_key=True))
    for hold in holds:
        runs = runs_from(hold, first_open_day(timezone.localdate(hold.expires_at)))
        end_hold(hold, day=timezone.localdate(hold.expires_at), now=now)
        if runs and not _is_offered(hold):
            tell_of_end(hold, runs)
    offered = SeatRequest.objects.filter(offer__in=holds, state=RequestState.OFFERED)
    for request_id in list(offered.values_list("pk", flat=True)):
        _expire(request_id, now)
    return len(holds)


def _is_offered(hold: Allocation) -> bool:
    """Whether both sides hear of its end as of an offer that nobody answered."""
    return SeatRequest.objects.filter(offer=hold, state=RequestState.OFFERED).exists()


def end_hold(hold: Allocation, *, day: date, now: datetime) -> None:
    """End a locked hold: its seats are free from `day`, or where that is closed the next open day.

    Call it only inside `planning_seats`.
    """
    day = first_open_day(day)
    blocks = [b for b in hold.blocks.all() if b.period.upper is None or b.period.upper > day]
    free_from(blocks, start=day, seats=None, today=timezone.localdate(now))
    hold.ended_at = now
    save_next_version(hold, ["ended_at"])


def end_offered_hold(hold_id: int | None, *, today: date, now: datetime) -> None:
    """End the hold of an offer that is over; None, where nothing was offered."""
    if hold_id is not None:
        end_hold(locked(Allocation.objects, hold_id), day=today, now=now)


def _expire(request_id: int, now: datetime) -> None:
    """Nobody has answered the offer: both sides are told."""
    request = take_step("expire", request_id, now, None)
    tell_enterprise(
        gettext_noop("The offer for request %(number)s has expired"),
        gettext_noop(
            "The offer for request %(number)s has expired; its seats are not held for you any "
            "more. Next: the park decides whether it offers seats again."
        ),
        request,
    )
    tell_park(
        gettext_noop("The offer for request %(number)s has expired"),
        gettext_noop(
            "%(enterprise)s has not answered the offer for request %(number)s; its seats are free "
            "again. Next: offer seats again, or turn the request down."
        ),
        request,
    )


def _expired(now: datetime):  # type: ignore[no-untyped-def]
    return Allocation.objects.filter(
        kind=AllocationKind.HOLD, ended_at__isnull=True, expires_at__lte=now
    )

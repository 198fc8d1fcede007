"""By when whoever's turn it is has promised to act: in working hours, paused while it waits.

The park promises an answer within the working hours that are set, counted from the submission. The
clock stands still while the enterprise completes its request, and goes on when it is back. An offer
is to be answered before its hold ends. What was accepted is handed over by its first day.
A promise is kept as an instant: a holiday that is entered later does not move what was said.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from foundation.models import Setting
from foundation.services.settings import setting
from foundation.working_days import WorkingCalendar
from seats.models import AllocationKind, SeatRequest

MINUTE = timedelta(minutes=1)


class Promise(NamedTuple):
    """The columns of a request that say it."""

    promised_at: datetime | None = None
    promised_hours: int | None = None
    paused_minutes: int | None = None


NONE = Promise()


def promise_after(step: str, request: SeatRequest, now: datetime) -> Promise:
    """What is promised after `step`; `request` is in its new state and has the old promise."""
    match step:
        case "take_up" | "hand_over":
            return _as_it_was(request)
        case "submit":
            return _resumed(request, now)
        case "send_back":
            return _paused(request, now)
        case "decline" | "expire" | "recall":
            return _answer(now)
        case "offer":
            return _until(request.offer.expires_at if request.offer else None, now)
        case "accept":
            return handing_over(request, now)
    return NONE


def _as_it_was(request: SeatRequest) -> Promise:
    return Promise(request.promised_at, request.promised_hours, request.paused_minutes)


def _answer(now: datetime) -> Promise:
    """A fresh answer within the hours that are set."""
    hours = setting(Setting.Name.ANSWER_HOURS)
    return Promise(WorkingCalendar.load().after(now, hours), hours)


def _resumed(request: SeatRequest, now: datetime) -> Promise:
    fresh = _answer(now)
    if request.paused_minutes is None:
        return fresh
    due = WorkingCalendar.load().after(now, request.paused_minutes / 60)
    return fresh._replace(promised_at=due)


def _paused(request: SeatRequest, now: datetime) -> Promise:
    if request.promised_at is None:
        return NONE
    left = WorkingCalendar.load().time_between(now, request.promised_at)
    return Promise(paused_minutes=max(0, left // MINUTE))


def _until(instant: datetime | None, now: datetime) -> Promise:
    if instant is None:
        return NONE
    return Promise(instant, round(WorkingCalendar.load().hours_between(now, instant)))


def handing_over(request: SeatRequest, now: datetime) -> Promise:
    """By the first day, or within the hours that are set; nothing while a floor is to come."""
    offer = request.offer
    if offer is None or (offer.kind == AllocationKind.HOLD and waits_for_a_floor(request)):
        return NONE
    calendar, hours = WorkingCalendar.load(), setting(Setting.Name.ANSWER_HOURS)
    opens = timezone.make_aware(datetime.combine(request.start, time(calendar.work_from)))
    return _until(max(opens, calendar.after(now, hours)), now)


def waits_for_a_floor(request: SeatRequest) -> bool:
    """Whether seats of the offer are on a floor that is not handed over."""
    offer = request.offer
    return offer is not None and offer.blocks.filter(floor__delivered_on__isnull=True).exists()

"""Vacant seats are offered to the waiting list in its order, by itself, each minute.

The order is never jumped for a request that fits in whole: the list is gone through under the
park-wide lock, from its head, and the first that fits is offered its seats; then again, until none
fits. Who does not fit is passed over and keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from audit.context import recorded
from foundation.models import Setting
from foundation.services.settings import setting
from seats.models import OPEN_OFFERS, UNDECIDED, HowLeft, RequestState, SeatRequest, WaitingEntry
from seats.models.waiting import WaitingEntryQuerySet
from seats.planner import find_plans
from seats.rectangles import ONE_DAY, Rectangle
from seats.services.offers import offer_request
from seats.services.planning import planning_seats
from seats.services.waiting import go_to_the_end, leave
from seats.services.wishes import need_from
from seats.waiting import Fit, WaitingLine, fits, standing
from web.refusals import Busy, Refusal


def serve_waiting_list(*, now: datetime, today: date) -> int:
    """Offer what is vacant to those who wait, in their turn. Returns how many got an offer.

    However often and by how many at once it is called, each is offered its seats once.
    """
    for entry_id in list(WaitingEntry.objects.waiting().in_turn().values_list("pk", flat=True)):
        _settle(entry_id, now, today)
    served = 0
    while _might_serve(today) and _serve_next(now, today):
        served += 1
    return served


def _settle(entry_id: int, now: datetime, today: date) -> None:
    """Let an entry follow its request: what was offered by the list or by hand, and what became
    of it."""
    with recorded(None):
        rows = WaitingEntry.objects.waiting().select_related("request__enterprise")
        mine = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
        entry = mine.filter(pk=entry_id).first()
        if entry is None:
            return
        how = _how_it_leaves(entry, today)
        if how is not None:
            leave(entry, how, now)
        elif entry.request.state == RequestState.EXPIRED and entry.offered_at:
            go_to_the_end(entry, now)
        else:
            _note_offer(entry)


def _how_it_leaves(entry: WaitingEntry, today: date) -> HowLeft | None:
    request = entry.request
    match request.state:
        case RequestState.ACCEPTED | RequestState.FULFILLED:
            return HowLeft.SERVED
        case RequestState.REJECTED | RequestState.WITHDRAWN:
            return HowLeft.OVER
        case RequestState.DECLINED if entry.offered_at:
            return HowLeft.DECLINED
        case RequestState.EXPIRED if entry.offered_at and entry.unanswered:
            return HowLeft.UNANSWERED
    if request.end is not None and request.end < today and request.state not in OPEN_OFFERS:
        return HowLeft.LAPSED
    return None


def _note_offer(entry: WaitingEntry) -> None:
    """An offer made by hand counts like one of the list; one that was taken back, like none."""
    is_out = entry.request.state == RequestState.OFFERED
    if is_out == (entry.offered_at is not None):
        return
    entry.offered_at = entry.request.since if is_out else None
    entry.save(update_fields=["offered_at"])


def _in_turn() -> WaitingEntryQuerySet:
    """Those that can be offered seats: what was sent back keeps its place meanwhile.

    One whose last offer is not settled yet has no turn before it is.
    """
    ready = WaitingEntry.objects.filter(request__state__in=UNDECIDED, offered_at__isnull=True)
    return standing(ready)


def _might_serve(today: date) -> bool:
    """Whether it is worth the lock: as many seats as somebody waits for are vacant."""
    entries = list(_in_turn().select_related("request"))
    known = fits([entry.request for entry in entries], today)
    return any(_line(entry, known).does_fit for entry in entries)


def _serve_next(now: datetime, today: date) -> bool:
    """Offer seats to the first on the list that they fit in whole, under the lock."""
    with planning_seats(None, now=now):
        rows = _in_turn().select_related("request__enterprise", "request__owner", "added_by")
        entries = list(rows.select_for_update(of=("self",), no_key=True))
        known = fits([entry.request for entry in entries], today)
        passed: list[WaitingLine] = []
        for entry in entries:
            line = _line(entry, known)
            if line.does_fit and _offer(entry, now, today):
                _note_passed(passed, now)
                return True
            passed.append(line)
    return False


def _line(entry: WaitingEntry, known: Mapping[int, Fit]) -> WaitingLine:
    return WaitingLine(entry, None, known.get(entry.request_id, Fit()))


def _offer(entry: WaitingEntry, now: datetime, today: date) -> bool:
    """Offer seats that fit in whole; where a rule says no, note which and leave it to the next."""
    runs = _runs_for(entry.request, today)
    if not runs:
        return False
    last_day = today + timedelta(days=setting(Setting.Name.WAITING_OFFER_DAYS))
    try:
        offer_request(
            request_id=entry.request_id,
            rectangles=runs,
            today=today,
            now=now,
            acting_user=entry.request.owner or entry.added_by,
            expires_at=timezone.make_aware(datetime.combine(last_day + ONE_DAY, time.min)),
        )
    except Busy:
        raise  # not its fault: the round ends here, and its turn comes with the next one
    except Refusal as refusal:
        entry.hindrance = str(refusal)[:300]
        entry.save(update_fields=["hindrance"])
        return False
    entry.offered_at, entry.hindrance = now, ""
    entry.save(update_fields=["offered_at", "hindrance"])
    return True


def _note_passed(passed: Iterable[WaitingLine], now: datetime) -> None:
    for line in passed:
        line.entry.passed_at, line.entry.passed_seats = now, line.best
        line.entry.save(update_fields=["passed_at", "passed_seats"])


def _runs_for(request: SeatRequest, today: date) -> list[Rectangle]:
    """The best plan for all of its seats; of a request in phases, each from its own day."""
    plans = find_plans(need_from(request, today), today=today, most=1)
    return list(plans[0].blocks) if plans else []

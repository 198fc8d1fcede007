"""Accepted seats whose floor has come: the park is to hand them over, and is told so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_noop

from foundation.versions import locked, save_next_version
from park.models import Floor
from seats.models import AllocationKind, RequestState, SeatBlock, SeatRequest
from seats.services.deadlines import handing_over
from seats.services.telling import tell_park


def promise_handing_over(floors: Iterable[Floor], now: datetime) -> None:
    """Start the clock of requests that waited for these floors, and for no other one any more.

    Call it only inside `planning_seats`, once the floors are handed over.
    """
    here = SeatBlock.objects.real().filter(floor__in=list(floors))
    waited = SeatRequest.objects.filter(
        state=RequestState.ACCEPTED,
        promised_at__isnull=True,
        offer__kind=AllocationKind.HOLD,
        offer__in=here.values("allocation"),
    )
    for request_id in list(waited.values_list("pk", flat=True)):
        _start_the_clock(request_id, now)


def _start_the_clock(request_id: int, now: datetime) -> None:
    request = locked(SeatRequest.objects, request_id)
    promise = handing_over(request, now)
    if promise.promised_at is None:  # another of its floors is still to come
        return
    request.promised_at, request.promised_hours = promise.promised_at, promise.promised_hours
    save_next_version(request, ["promised_at", "promised_hours"])
    tell_park(
        gettext_noop("The floor for request %(number)s is there"),
        gettext_noop(
            "The seats that %(enterprise)s accepted by request %(number)s can be handed over now. "
            "Next: hand them over, then confirm it on its page; promised by %(due)s."
        ),
        request,
    )

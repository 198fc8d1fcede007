"""What accepting an offer, or confirming its handover, changes: shown before it is done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seats.holdings import Holding, count_seats, with_blocks
from seats.models import Allocation, AllocationKind, SeatBlock, SeatRequest
from seats.request_history import Outcome
from seats.services.deadlines import waits_for_a_floor
from seats.wording import request_title
from web import formats


def offer_effect(seat_request: SeatRequest, step: str) -> dict[str, Any]:
    """The seats of the open offer, and how many the enterprise has before and after."""
    [row] = with_blocks(Allocation.objects.filter(offer_of=seat_request))
    holding = Holding(row, list(row.blocks.all()))
    waits = waits_for_a_floor(seat_request)
    return {
        "seat_request": seat_request,
        "title": request_title(seat_request),
        "step": step,
        "holding": holding,
        "waits_for_a_floor": waits,
        "becomes_firm": row.kind == AllocationKind.HOLD and not waits,
        "back": given_back(seat_request),
        "effect": before_and_after(seat_request, holding),
        "verb": effect_verb(step, holding.seats),
    }


def effect_verb(step: str, seats: int) -> str:
    """接受 300 席."""
    words = {"seats": formats.number(seats)}
    if step == "accept":
        return ngettext("Accept %(seats)s seat", "Accept %(seats)s seats", seats) % words
    verb = ngettext(
        "Confirm that %(seats)s seat is handed over",
        "Confirm that %(seats)s seats are handed over",
        seats,
    )
    return verb % words


def before_and_after(seat_request: SeatRequest, holding: Holding) -> str:
    """2024-05-01 起 席位 222 → 522: contracted seats on the last first day, without and with it."""
    day = max((block.period.lower for block in holding.blocks), default=seat_request.start)
    before = _firm_on(seat_request, day, without=holding.allocation.pk)
    back = _seats_back(seat_request, day)
    words = {
        "day": formats.iso_day(day),
        "before": formats.number(before),
        "after": formats.number(before - back + _on(holding, day)),
    }
    return _("Contracted on %(day)s: %(before)s → %(after)s seats") % words


def _firm_on(seat_request: SeatRequest, day: date, *, without: int) -> int:
    blocks = SeatBlock.objects.on(day).filter(enterprise=seat_request.enterprise, kind="firm")
    return count_seats(blocks.exclude(allocation=without))


def _on(holding: Holding, day: date) -> int:
    return count_seats(
        block
        for block in holding.blocks
        if block.period.lower <= day and (block.period.upper is None or day < block.period.upper)
    )


def given_back(seat_request: SeatRequest) -> Outcome | None:
    """What the open offer takes back in exchange; None where that is nothing."""
    offers = seat_request.changes.filter(to_state="offered").exclude(from_state="offered")
    change = offers.prefetch_related("runs__floor").select_related("request").latest("pk")
    outcome = Outcome.of(change)
    return outcome if outcome and outcome.given_back else None


def _seats_back(seat_request: SeatRequest, day: date) -> int:
    back = given_back(seat_request)
    if back is None:
        return 0
    return count_seats(run for run in back.given_back if run.period.lower <= day)

"""Requests for seats on their way: brought to a state by the steps that people take."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from park.models import Floor
from seats.models import Allocation, SeatRequest
from seats.services.approvals import approve_request
from seats.services.expiry import end_expired_holds
from seats.services.fulfilment import fulfil_request
from seats.services.offers import accept_request, decline_request, offer_request, recall_offer
from seats.services.requests import (
    hand_over_request,
    reject_request,
    send_back_request,
    submit_request,
    take_up_request,
    withdraw_request,
)
from tests.conftest import NOW, TODAY
from tests.factories.seats import make_run

# Which steps lead there, one after the other
WAYS = {
    "draft": (),
    "submitted": ("submit",),
    "in_review": ("submit", "take_up"),
    "sent_back": ("submit", "send_back"),
    "offered": ("submit", "offer"),
    "accepted": ("submit", "offer", "accept"),
    "declined": ("submit", "offer", "decline"),
    "expired": ("submit", "offer", "expire"),
    "fulfilled": ("submit", "approve"),
    "rejected": ("submit", "reject"),
    "withdrawn": ("submit", "withdraw"),
}
OF_THE_ENTERPRISE = {"submit", "accept", "decline", "withdraw"}
ON_DAYS = {"approve", "offer", "accept", "decline", "recall", "fulfil"}
SERVICES: dict[str, Any] = {
    "submit": submit_request,
    "take_up": take_up_request,
    "hand_over": hand_over_request,
    "send_back": send_back_request,
    "reject": reject_request,
    "approve": approve_request,
    "offer": offer_request,
    "recall": recall_offer,
    "accept": accept_request,
    "decline": decline_request,
    "fulfil": fulfil_request,
    "withdraw": withdraw_request,
}


class Way:
    """The steps of one request: who takes them, and the seats that answer it."""

    def __init__(self, floor: Floor, operator: User, *, colleague: User | None = None) -> None:
        self.floor, self.operator, self.colleague = floor, operator, colleague

    def bring(self, request: SeatRequest, state: str, *, now: datetime = NOW) -> SeatRequest:
        """Take `request`, a draft, to `state`."""
        for step in WAYS[state]:
            self.take(step, request, now=now)
        request.refresh_from_db()
        assert request.state == state
        return request

    def take(self, step: str, request: SeatRequest, *, now: datetime = NOW, **more: Any) -> Any:
        """Take one step, with all that it needs."""
        if step == "expire":
            return self._expire(request)
        actor = request.created_by if step in OF_THE_ENTERPRISE else self.operator
        days: dict[str, Any] = {"today": TODAY} if step in ON_DAYS else {}
        needs = {**days, "now": now, "acting_user": actor, **self._needs(step), **more}
        return SERVICES[step](request_id=request.pk, **needs)

    def _needs(self, step: str) -> dict[str, Any]:
        if step in {"approve", "offer"}:
            first = 10 * Allocation.objects.count() + 1
            return {"rectangles": [make_run(self.floor, first, first + 9)]}
        if step == "hand_over":
            return {"note": "请接着办", "to": self.colleague}
        notes = {
            "send_back": "请补充人数计划",
            "reject": "C 区已满",
            "decline": "希望在同一栋",
            "recall": "楼层另有安排",
        }
        return {"note": notes[step]} if step in notes else {}

    def _expire(self, request: SeatRequest) -> None:
        """Let the time of the offer go by."""
        request.refresh_from_db()
        if request.offer is None or request.offer.expires_at is None:
            return
        end_expired_holds(now=request.offer.expires_at + timedelta(seconds=1))

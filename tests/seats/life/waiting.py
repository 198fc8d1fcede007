"""Requests wait for seats; what becomes vacant is offered to them in their turn."""

from dataclasses import dataclass
from datetime import date, datetime

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from seats.models import SeatRequest
from seats.services.refusals import WrongState
from seats.services.serving import serve_waiting_list
from seats.services.waiting import WaitsAlready, put_on_waiting_list, take_off_waiting_list
from tests.seats.life.paper import WAITING_OFFER_DAYS, PaperRequest
from tests.seats.life.park import Reasons, numbers
from tests.seats.life.requests import UNDECIDED, RequestRules
from web.refusals import Invalid


@dataclass
class PaperEntry:
    """A request on the list: since when it has its place, whether an offer is out to it."""

    pk: int
    request: int
    place_since: datetime
    is_offered: bool = False
    unanswered: int = 0


class WaitingRules(RequestRules):
    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[PaperEntry] = []

    @precondition(lambda self: self.requests)
    @rule(number=numbers, is_served=st.booleans())
    def let_wait(self, number: int, is_served: bool) -> None:
        self.beat()
        pk = self.request(number, UNDECIDED)
        request = self.requests[pk]
        reasons: Reasons = set()
        if request.state not in UNDECIDED or request.kind != "new":
            reasons = {WrongState}
        elif request.last is not None and request.last < self.today:
            reasons = {Invalid}
        elif any(entry.request == pk for entry in self.waiting):
            reasons = {WaitsAlready}
        entry = self.try_to(put_on_waiting_list, reasons, request_id=pk)
        if entry:
            self.waiting.append(PaperEntry(entry.pk, pk, self.now))
            if is_served:
                self.serve()

    @precondition(lambda self: self.waiting)
    @rule(number=numbers)
    def let_wait_no_longer(self, number: int) -> None:
        entry = self.waiting.pop(number % len(self.waiting))
        self.try_to(take_off_waiting_list, set(), entry_id=entry.pk, reason="另行安排")

    @precondition(lambda self: self.waiting)
    @rule()
    def serve(self) -> None:
        """Who fits in whole is offered as many vacant seats as it wants, in the order of the list.

        Which of the vacant seats is for the planner to choose: they are taken over from there.
        """
        self.beat()
        self._settle()
        served = serve_waiting_list(now=self.now, today=self.today)
        for entry in sorted(self.waiting, key=lambda one: (one.place_since, one.pk)):
            request = self.requests[entry.request]
            is_served = SeatRequest.objects.get(pk=entry.request).state == "offered"
            if request.state not in UNDECIDED or entry.is_offered:
                continue
            fits = not self.has_left(request.enterprise) and self._fits(request)
            assert is_served == fits, (entry, request)
            if is_served:
                self._take_over(entry)
                served -= 1
        assert served == 0
        self.changes += 1
        self.done[serve_waiting_list] += 1

    def _settle(self) -> None:
        """What became of the offers that were out."""
        for entry in list(self.waiting):
            request = self.requests[entry.request]
            has_expired = request.state == "expired" and entry.is_offered
            is_over = request.last is not None and request.last < self.today
            if (
                request.state in {"accepted", "fulfilled", "rejected", "withdrawn"}
                or (request.state == "declined" and entry.is_offered)
                or (has_expired and entry.unanswered)
                or (is_over and request.state != "offered")
            ):
                self.waiting.remove(entry)
            elif has_expired:
                entry.place_since, entry.is_offered = self.now, False
                entry.unanswered += 1
            else:
                entry.is_offered = request.state == "offered"

    def _days_of(self, request: PaperRequest) -> list[date]:
        end = None if request.last is None else request.last + (self.day(1) - self.today)
        return self.paper.days(max(request.start, self.today), end)

    def _fits(self, request: PaperRequest) -> bool:
        runs = [upper - lower for lower, upper in self.paper.free_runs(self._days_of(request))]
        most = max(runs, default=0) if request.contiguous else sum(runs)
        return most >= request.seats

    def _take_over(self, entry: PaperEntry) -> None:
        request = self.requests[entry.request]
        hold = SeatRequest.objects.get(pk=entry.request).offer
        runs = [
            range(block.seats.lower, block.seats.upper) for block in hold.blocks.order_by("seats")
        ]
        seats = [seat for run in runs for seat in run]
        assert len(seats) == request.seats
        assert not request.contiguous or seats == list(range(seats[0], seats[0] + len(seats)))
        self.gets(hold, seats, self._days_of(request), self.end_of_day(WAITING_OFFER_DAYS))
        request.state, request.offer, request.gives_back = "offered", hold.pk, []
        entry.is_offered = True

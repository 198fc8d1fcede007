"""Requests are asked, offered, answered, approved, fulfilled; time may be over before."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from park.axis import Span
from seats.models import RequestKind
from seats.rectangles import Rectangle
from seats.services.approvals import approve_request
from seats.services.fulfilment import fulfil_request
from seats.services.offers import accept_request, decline_request, offer_request, recall_offer
from seats.services.refusals import EnterpriseLeft, HoldExpired, NotDelivered, NotHeld, WrongState
from seats.services.requests import (
    create_request,
    reject_request,
    send_back_request,
    submit_request,
    take_up_request,
    withdraw_request,
)
from seats.services.wishes import Wish
from tests.seats.life.allocations import AllocationRules
from tests.seats.life.paper import HOLD_DAYS, Cells, PaperRequest
from tests.seats.life.park import Reasons, lengths, numbers
from web.refusals import Invalid

UNDECIDED = {"submitted", "in_review", "declined", "expired"}
# Steps that touch no seat: from which states, to which.
STEPS: dict[Callable[..., Any], tuple[set[str], str]] = {
    submit_request: ({"draft", "sent_back"}, "submitted"),
    take_up_request: (UNDECIDED, "in_review"),
    send_back_request: (UNDECIDED, "sent_back"),
    reject_request: (UNDECIDED, "rejected"),
}
wishes = st.fixed_dictionaries(
    {
        "enterprise": st.integers(0, 2),
        "kind": st.sampled_from(["new", "new", "new", "relocate", "release"]),
        "seats": st.integers(1, 5),
        "start": st.integers(0, 20),
        "duration": st.one_of(st.none(), st.integers(0, 40)),
        "contiguous": st.booleans(),
    }
)
answers = st.fixed_dictionaries(
    {
        "run": numbers,
        "length": lengths,
        "start": st.integers(0, 30),
        "duration": st.one_of(st.none(), st.integers(1, 60)),
        "back": st.tuples(numbers, lengths, st.integers(0, 10)),
    }
)


def any_request(states: Collection[str]) -> Callable[[Any], Any]:
    """Whether some request is in one of these states."""
    return precondition(lambda self: any(one.state in states for one in self.requests.values()))


class RequestRules(AllocationRules):
    def request(self, number: int, states: set[str]) -> int:
        """Mostly one that is in one of `states`; now and then any."""
        ready = [pk for pk, one in self.requests.items() if one.state in states]
        some = ready if ready and number % 8 else list(self.requests)
        return some[number // 8 % len(some)]

    @rule(wish=wishes)
    def ask(self, wish: dict[str, Any]) -> None:
        kind, seats, start, duration = (
            wish[name] for name in ("kind", "seats", "start", "duration")
        )
        who, contiguous = self.enterprises[wish["enterprise"]], wish["contiguous"]
        if not any(day >= self.today for _seat, day in self.cells_of_enterprise(who.pk)):
            kind = "new"  # only who has seats moves them or gives them back
        if kind == "release":
            seats, start = 1, 0
        first = self.day(start)
        last = None if duration is None else first + timedelta(days=duration)
        told = Wish(
            kind=RequestKind(kind), seats=seats, start=first, end=last, contiguous=contiguous
        )
        most = sum(len(floor.opens) for floor in self.paper.floors.values())
        reasons: Reasons = {Invalid} if seats > most else set()
        row = self.try_to(create_request, reasons, enterprise=who, wish=told)
        if row:
            self.try_to(submit_request, set(), request_id=row.pk)
            self.requests[row.pk] = PaperRequest(who.pk, kind, seats, first, last, contiguous)

    @precondition(lambda self: self.requests)
    @rule(number=numbers, step=st.sampled_from(list(STEPS)))
    def take_a_step(self, number: int, step: Callable[..., Any]) -> None:
        self.beat()
        sources, target = STEPS[step]
        pk = self.request(number, sources)
        reasons: Reasons = set() if self.requests[pk].state in sources else {WrongState}
        note = {"note": "请看"} if step in {send_back_request, reject_request} else {}
        if self.try_to(step, reasons, request_id=pk, **note):
            self.requests[pk].state = target

    def answer(self, request: PaperRequest, told: dict[str, Any]) -> tuple[range, Rectangle]:
        """Seats for a request, vacant where there are any."""
        first = self.day(told["start"])
        duration = told["duration"]
        end = None if duration is None else first + timedelta(days=duration)
        length = max(told["length"], request.seats)
        run = self.vacant_run(told["run"], length, self.paper.days(first, end))
        return run, Rectangle(Span(run.start, run.stop), first, end)

    def back(self, request: PaperRequest, told: dict[str, Any]) -> list[tuple[Span, date]]:
        """What the enterprise gives up by it."""
        if request.kind == "new":
            return []
        number, length, day = told["back"]
        run = self.run_of_enterprise(request.enterprise, number, length)
        return [(Span(run.start, run.stop), self.day(day))]

    @any_request(UNDECIDED)
    @rule(
        number=numbers,
        told=answers,
        lasts=st.one_of(st.none(), st.integers(0, 20)),
        at_once=st.booleans(),
    )
    def offer(self, number: int, told: dict[str, Any], lasts: int | None, at_once: bool) -> None:
        self.let_holds_expire()
        pk = self.request(number, UNDECIDED)
        request = self.requests[pk]
        run, rectangle = self.answer(request, told)
        back = self.back(request, told) if request.kind == "relocate" else []
        expires_at = None if lasts is None else self.end_of_day(lasts)
        on_days = self.paper.days(rectangle.start, rectangle.end)
        reasons = self.reasons_not_to_take("hold", [(seat, day) for seat in run for day in on_days])
        reasons |= self.reasons_not_to_offer(request, back)
        offered = self.try_to(
            offer_request,
            reasons,
            request_id=pk,
            rectangles=[rectangle],
            released=back,
            expires_at=expires_at,
            today=self.today,
        )
        if offered:
            self.gets(offered[1], run, on_days, expires_at or self.end_of_day(HOLD_DAYS))
            request.state, request.offer = "offered", offered[1].pk
            request.gives_back = [(range(*seats), day) for seats, day in back]
            if at_once:
                self.accept_offer(pk)

    def reasons_not_to_offer(
        self, request: PaperRequest, back: Sequence[tuple[Span, date]]
    ) -> Reasons:
        reasons: Reasons = set()
        if request.state not in UNDECIDED:
            reasons.add(WrongState)
        if request.kind == "release":
            reasons.add(Invalid)
        if self.has_left(request.enterprise):
            reasons.add(EnterpriseLeft)
        for seats, day in back:
            cells = self.cells_in(request.enterprise, range(*seats), day)
            if not cells:
                reasons.add(NotHeld)
            if any(self.request_offering(pk) for pk in self.allocations_of(cells)):
                reasons.add(WrongState)
        return reasons

    def cells_in(self, enterprise: int, seats: range, start: date) -> Cells:
        cells = self.cells_of_enterprise(enterprise)
        return [(seat, day) for seat, day in cells if seat in seats and day >= start]

    def allocations_of(self, cells: Cells) -> set[int]:
        return {self.paper.cells[cell].allocation for cell in cells}

    @any_request({"offered", "expired"})
    @rule(number=numbers)
    def accept(self, number: int) -> None:
        self.let_holds_expire()
        self.accept_offer(self.request(number, {"offered"}))

    def accept_offer(self, pk: int) -> None:
        request = self.requests[pk]
        if request.state == "expired":
            self.try_to(accept_request, {HoldExpired}, request_id=pk, today=self.today)
            return
        waits = request.state == "offered" and not self.floors_are_there(request.offer)
        reasons: Reasons = set() if request.state == "offered" else {WrongState}
        if self.has_left(request.enterprise):
            reasons.add(EnterpriseLeft)
        if not reasons and not waits:
            reasons = self.reasons_not_to_contract(request)
        if self.try_to(accept_request, reasons, request_id=pk, today=self.today):
            request.state = "accepted"
            if waits:
                self.allocations[request.offer].expires_at = None
            else:
                self.contract(request)

    def reasons_not_to_contract(self, request: PaperRequest) -> Reasons:
        reasons = self.reasons_not_to_confirm(request.offer)
        for cells, start, seats in self.given_back_now(request):
            for pk in self.allocations_of(cells):
                reasons |= self.promised(pk, start, set(seats))
        return reasons

    def given_back_now(self, request: PaperRequest) -> list[tuple[Cells, date, range]]:
        """What is gone since is gone; what became of the offered seats stays."""
        found = []
        for seats, day in request.gives_back:
            start = self.first_open_day(day)
            cells = self.cells_in(request.enterprise, seats, start)
            kept = [key for key in cells if self.paper.cells[key].allocation != request.offer]
            found.append((kept, start, seats))
        return found

    def contract(self, request: PaperRequest) -> None:
        self.make_firm(request.offer)
        for cells, _start, _seats in self.given_back_now(request):
            for key in cells:
                del self.paper.cells[key]

    @any_request({"offered"})
    @rule(number=numbers)
    def decline(self, number: int) -> None:
        self.end_an_offer(number, decline_request, {"offered"}, "declined")

    @any_request({"offered", "accepted"})
    @rule(number=numbers)
    def recall(self, number: int) -> None:
        self.end_an_offer(number, recall_offer, {"offered", "accepted"}, "in_review")

    @any_request(UNDECIDED | {"offered"})
    @rule(number=numbers)
    def withdraw(self, number: int) -> None:
        sources = UNDECIDED | {"sent_back", "offered"}
        self.end_an_offer(number, withdraw_request, sources, "withdrawn")

    def end_an_offer(
        self, number: int, step: Callable[..., Any], sources: set[str], target: str
    ) -> None:
        """The hold that stood behind the request ends with the step."""
        self.let_holds_expire()
        pk = self.request(number, sources)
        request = self.requests[pk]
        hold = request.offer
        is_held = hold is not None and self.allocations[hold].kind == "hold"
        is_late = step is recall_offer and hold is not None and not is_held
        reasons: Reasons = set() if request.state in sources and not is_late else {WrongState}
        told = {} if step is withdraw_request else {"note": "改期", "today": self.today}
        if self.try_to(step, reasons, request_id=pk, **told):
            request.state, request.offer = target, None
            if is_held:
                self.end_hold(hold, self.today)

    @any_request({"accepted"})
    @rule(number=numbers)
    def fulfil(self, number: int) -> None:
        self.let_holds_expire()
        pk = self.request(number, {"accepted"})
        self.fulfil_by(fulfil_request, self.requests[pk], request_id=pk)

    def fulfil_by(self, service: Any, request: PaperRequest, **arguments: Any) -> None:
        is_held = request.state == "accepted" and self.allocations[request.offer].kind == "hold"
        reasons: Reasons = set() if request.state == "accepted" else {WrongState}
        if is_held:
            if self.has_left(request.enterprise):
                reasons.add(EnterpriseLeft)
            if not self.floors_are_there(request.offer):
                reasons.add(NotDelivered)
            reasons |= self.reasons_not_to_contract(request)
        if self.try_to(service, reasons, today=self.today, **arguments):
            request.state = "fulfilled"
            if is_held:
                self.contract(request)
            request.offer = None

    @any_request({"submitted", "in_review"})
    @rule(number=numbers, told=answers)
    def approve(self, number: int, told: dict[str, Any]) -> None:
        self.let_holds_expire()
        pk = self.request(number, {"submitted", "in_review"})
        request = self.requests[pk]
        run, rectangle = self.answer(request, told)
        back = self.back(request, told)
        wanted = [] if request.kind == "release" else [rectangle]
        reasons: Reasons = set() if request.state in {"submitted", "in_review"} else {WrongState}
        if request.kind != "release" and self.has_left(request.enterprise):
            reasons.add(EnterpriseLeft)
        freed: Cells = []
        for seats, day in back:
            freed += self.cells_in(request.enterprise, range(*seats), day)
            reasons |= self.reasons_not_to_give_up(freed)
            for allocation in self.allocations_of(freed):
                reasons |= self.promised(allocation, day, set(range(*seats)))
        kept = {key: self.paper.cells.pop(key) for key in freed}
        on_days = self.paper.days(rectangle.start, rectangle.end)
        if wanted:
            cells = [(seat, day) for seat in run for day in on_days]
            reasons |= self.reasons_not_to_take("firm", cells)
        approved = self.try_to(
            approve_request,
            reasons,
            request_id=pk,
            rectangles=wanted,
            released=back,
            today=self.today,
        )
        if not approved:
            self.paper.cells.update(kept)
            return
        request.state = "fulfilled"
        if wanted:
            self.gets(approved[1], run, on_days)

"""Seats are given, held, closed; holds are confirmed, last longer; seats are given back."""

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from park.axis import Span
from park.services import MonthClosed
from seats.models import Allocation, AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats, confirm_hold, release_seats
from seats.services.departures import SeatsStillHeld, leave_park
from seats.services.fulfilment import confirm_seats
from seats.services.holds import extend_hold
from seats.services.lent import SeatsLent
from seats.services.refusals import HoldExpired, NotDelivered, NotHeld, WrongState
from tenants.models import Tenancy
from tenants.services.tenancies import NotATenant
from tests.seats.life.paper import HOLD_DAYS, ONE_DAY, SHANGHAI, PaperAllocation, PaperRequest
from tests.seats.life.park import LifeInAPark, Reasons, days, lengths, near, numbers
from tests.seats.squared_paper import Cell
from web.refusals import Invalid

decisions = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["firm", "hold", "hold", "closure"]),
        "start": st.integers(-20, 30),
        "duration": st.one_of(st.none(), st.integers(1, 60)),
        "enterprise": st.integers(0, 2),
        "lasts": st.one_of(st.none(), st.integers(1, 20)),
    }
)


class AllocationRules(LifeInAPark):
    @rule(floor=numbers, first=st.integers(0, 7), length=lengths, decision=decisions)
    def allocate_anywhere(
        self, floor: int, first: int, length: int, decision: dict[str, Any]
    ) -> None:
        lower = self.floor(floor).pk * 4096 + first
        self.allocate(range(lower, lower + length), **decision)

    @rule(number=numbers, length=lengths, decision=decisions)
    def allocate_where_seats_are_free(
        self, number: int, length: int, decision: dict[str, Any]
    ) -> None:
        day = self.day(decision["start"])
        runs = self.paper.free_runs(self.paper.days(day, day + ONE_DAY))
        if runs:
            lower, upper = runs[number % len(runs)]
            self.allocate(range(lower, min(lower + length, upper)), **decision)

    def allocate(
        self,
        seats: range,
        kind: str,
        start: int,
        duration: int | None,
        enterprise: int,
        lasts: int | None,
    ) -> None:
        self.let_holds_expire()
        first_day = self.day(start)
        end = None if duration is None else first_day + timedelta(days=duration)
        on_days = self.paper.days(first_day, end)
        holder = None if kind == "closure" else self.enterprises[enterprise]
        expires_at = self.now + timedelta(days=lasts) if lasts and kind == "hold" else None
        allocation = self.try_to(
            allocate_seats,
            self.reasons_not_to_take(kind, [(seat, day) for seat in seats for day in on_days]),
            enterprise=holder,
            kind=AllocationKind(kind),
            rectangles=[Rectangle(Span(seats.start, seats.stop), first_day, end)],
            reason="装修" if kind == "closure" else "",
            today=self.today,
            expires_at=expires_at,
        )
        if allocation:
            self.gets(allocation, seats, on_days, expires_at)

    def gets(
        self,
        allocation: Allocation,
        seats: range,
        on_days: list[date],
        expires_at: datetime | None = None,
    ) -> None:
        """An allocation that is new, or has more seats now than it had."""
        kind, pk = str(allocation.kind), allocation.pk
        self.paper.put(Cell(kind, allocation.enterprise_id, pk), seats, on_days)
        self.allocations[pk] = PaperAllocation(kind, expires_at)
        self.wait_no_longer(pk)

    def wait_no_longer(self, pk: int) -> None:
        """A hold whose floors are all there by now expires after the days that are set."""
        allocation = self.allocations[pk]
        is_waiting = allocation.kind == "hold" and allocation.expires_at is None
        if is_waiting and self.floors_are_there(pk):
            allocation.expires_at = self.now + timedelta(days=HOLD_DAYS)

    @precondition(lambda self: self.allocations)
    @rule(number=numbers, start=days, part=st.one_of(st.none(), st.tuples(numbers, lengths)))
    def release(self, number: int, start: int, part: tuple[int, int] | None) -> None:
        self.let_holds_expire()
        pk, first_day = self.allocation(number), self.day(start)
        own = sorted(self.cells_of(pk))
        seats = None
        if part is not None and own:
            lower = own[part[0] % len(own)][0]
            seats = Span(lower, lower + part[1])
        given_up = [
            (seat, day)
            for seat, day in own
            if day >= first_day and (seats is None or seat in range(*seats))
        ]
        reasons = self.promised(pk, first_day, None if seats is None else set(range(*seats)))
        reasons |= self.reasons_not_to_give_up(given_up)
        if self.try_to(
            release_seats,
            reasons,
            allocation_id=pk,
            start=first_day,
            seats=seats,
            today=self.today,
        ):
            self.free(pk, given_up)

    def reasons_not_to_give_up(self, cells: list[tuple[int, date]]) -> Reasons:
        if not cells:
            return {NotHeld}
        on_days = [day for _seat, day in cells]
        is_closed = self.meets_closed_month(min(on_days), max(on_days) + ONE_DAY)
        return {MonthClosed} if is_closed else set()

    @precondition(lambda self: self.allocations)
    @rule(number=numbers, by_request=st.booleans())
    def confirm(self, number: int, by_request: bool) -> None:
        """`by_request`: as the page does it; where that was accepted, it is fulfilled by it."""
        self.let_holds_expire()
        pk = self.hold(number)
        request = self.request_offering(pk)
        if by_request and request is not None and request.state == "accepted":
            self.fulfil_by(confirm_seats, request, allocation_id=pk)
            return
        reasons = self.reasons_not_to_confirm(pk)
        if request is not None:
            reasons.add(WrongState)
        service = confirm_seats if by_request else confirm_hold
        if self.try_to(service, reasons, allocation_id=pk, today=self.today):
            self.make_firm(pk)

    def fulfil_by(self, service: Any, request: PaperRequest, **arguments: Any) -> None:
        raise NotImplementedError  # see requests.py

    def reasons_not_to_confirm(self, pk: int) -> Reasons:
        allocation, cells = self.allocations[pk], self.cells_of(pk)
        if allocation.has_ended:
            return {HoldExpired}
        if allocation.kind != "hold":
            return {WrongState}
        if not self.floors_are_there(pk):
            return {NotDelivered}
        is_left = any(day >= self.first_open_day(date.min) for _seat, day in cells)
        return set() if is_left else {WrongState}

    def hold(self, number: int) -> int:
        """Mostly a hold with an end that is still to come; now and then any allocation."""
        running = [
            pk
            for pk, one in self.allocations.items()
            if one.expires_at is not None and not one.has_ended and self.cells_of(pk)
        ]
        some = running if running and number % 8 else list(self.allocations)
        return some[number // 8 % len(some)]

    @precondition(lambda self: self.allocations)
    @rule(number=numbers, more=st.integers(-1, 6))
    def let_a_hold_last_longer(self, number: int, more: int) -> None:
        self.let_holds_expire()
        pk = self.hold(number)
        expires_at = (self.allocations[pk].expires_at or self.now) + timedelta(days=more)
        if self.try_to(
            extend_hold,
            self.reasons_not_to_last(pk, expires_at),
            allocation_id=pk,
            expires_at=expires_at,
            reason="谈判延期",
            today=self.today,
        ):
            self.allocations[pk].expires_at = expires_at

    def reasons_not_to_last(self, pk: int, expires_at: datetime) -> Reasons:
        allocation = self.allocations[pk]
        if allocation.has_ended:
            return {HoldExpired}
        on_days = [day for _seat, day in self.cells_of(pk) if day >= self.today]
        is_offered = self.request_offering(pk) is not None
        if is_offered or allocation.expires_at is None or not on_days:
            return {WrongState}
        last = max(on_days)
        is_endless = last == self.paper.last
        after_last = datetime.combine(last + ONE_DAY, time.min, SHANGHAI)
        is_beyond = not is_endless and expires_at > after_last
        return {Invalid} if is_beyond or expires_at <= allocation.expires_at else set()

    @rule(day=st.one_of(st.none(), near))
    def leave(self, day: int | None) -> None:
        """Whoever has no seat any more may go, such as with its last one; then it gets no more."""
        self.let_holds_expire()
        who = self.enterprises[2]  # the others stay
        held_on = [held for _seat, held in self.cells_of_enterprise(who.pk)]
        last_day = max(held_on, default=self.today) if day is None else self.day(day)
        last_day = min(last_day, self.paper.last - ONE_DAY)  # its last day stands for ever
        reasons: Reasons = set()
        if any(held > last_day for _seat, held in self.cells_of_enterprise(who.pk)):
            reasons = {SeatsStillHeld}
        elif any(
            loan.lender_enterprise == who.pk and loan.is_out_after(last_day + ONE_DAY)
            for loan in self.loans.values()
        ):
            reasons = {SeatsLent}
        else:
            stay = Tenancy.objects.filter(enterprise=who, period__upper_inf=True).first()
            if stay is None:
                reasons = {NotATenant}
            elif last_day < stay.period.lower:
                reasons = {Invalid}
            elif self.meets_closed_month(last_day + ONE_DAY, None):
                reasons = {MonthClosed}
        self.try_to(leave_park, reasons, enterprise=who, last_day=last_day)

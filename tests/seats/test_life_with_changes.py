"""The life of a park in which allocations also move, split, last longer, end, and are lent.

The same squared paper, cell by cell, beside the services; see test_life_of_a_park.py.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from park.axis import Span
from park.services import MonthClosed
from seats.models import SeatBlock, SeatLoan
from seats.services.allocations import release_seats
from seats.services.changes import (
    PeriodsDiffer,
    end_allocation,
    extend_allocation,
    split_allocation,
)
from seats.services.lendable import LoanBeyondLender, NotLendable
from seats.services.lending import arrange_loan, return_loan
from seats.services.lent import SeatsBorrowed, SeatsLent
from seats.services.loans import agree_to_loan, propose_loan
from seats.services.moves import move_seats
from seats.services.refusals import (
    HoldExpired,
    NoSuchSeat,
    NotDelivered,
    NotHeld,
    SeatsTaken,
    WrongState,
)
from tests.seats.loans_on_paper import PaperLoan, days_by_seat, gaps, last_days
from tests.seats.park_on_paper import PaperAllocation
from tests.seats.squared_paper import Cell
from tests.seats.test_life_of_a_park import HOLD_DAYS, LifeOfAPark, lengths, numbers
from web.refusals import Invalid, Refusal

Reasons = set[type[Refusal]]
ONE_DAY = timedelta(days=1)
near = st.integers(-10, 40)
rarely = st.sampled_from([0, 0, 0, 0, 1])


class LifeWithChanges(LifeOfAPark):
    def __init__(self) -> None:
        super().__init__()
        self.loans: dict[int, PaperLoan] = {}

    def try_to(self, service: Any, reasons: Reasons, **arguments: Any) -> Any:
        """Releases know nothing of loans in the park without them: here they do."""
        if service is release_seats:
            seats = arguments["seats"]
            reasons = reasons | self.kept_by_loans(
                arguments["allocation_id"],
                arguments["start"],
                None if seats is None else set(range(*seats)),
            )
        return super().try_to(service, reasons, **arguments)

    def kept_by_loans(self, pk: int, start: date, seats: set[int] | None) -> Reasons:
        reasons: Reasons = set()
        for loan in self.loans.values():
            if loan.borrower == pk:
                reasons.add(SeatsBorrowed)
            elif loan.lender == pk and loan.is_out_after(start) and loan.meets(seats):
                reasons.add(SeatsLent)
        return reasons

    @property
    def firm(self) -> list[int]:
        return [pk for pk in self.allocations if self.cells_of(pk) and self.is_firm(pk)]

    def is_firm(self, pk: int) -> bool:
        borrowed = {loan.borrower for loan in self.loans.values()}
        return self.allocations[pk].kind == "firm" and pk not in borrowed

    def run_of(self, pk: int, number: int, length: int, beyond: int = 0) -> range:
        """A run of the allocation's seats; `beyond` it come seats that it may not have."""
        own = {seat for seat, _day in self.cells_of(pk)}
        first = last = sorted(own)[number % len(own)] if own else 0
        while last + 1 in own and last + 1 < first + length:
            last += 1
        return range(first, min(last + 1 + beyond, (first // 4096 + 1) * 4096))

    def vacant_run(self, number: int, length: int, days: list[date]) -> range:
        """A run that is vacant on all of `days`; where there is none, some run."""
        some = self.floor(number).pk * 4096
        runs = self.paper.free_runs(days) or [(some, some + length)]
        lower, upper = runs[number % len(runs)]
        return range(lower, min(lower + length, upper))

    # What may happen

    @precondition(lambda self: self.allocations)
    @rule(
        number=numbers,
        part=numbers,
        length=lengths,
        beyond=rarely,
        to=numbers,
        anywhere=rarely,
        day=near,
    )
    def move(
        self, number: int, part: int, length: int, beyond: int, to: int, anywhere: int, day: int
    ) -> None:
        self.let_holds_expire()
        pk, start = self.allocation(number), self.day(day)
        old = self.run_of(pk, part, length, beyond)
        lower = self.floor(to).pk * 4096 + part % 6
        new = range(lower, lower + length)
        if not anywhere:
            new = self.vacant_run(to, length, self.paper.days(start))
        held = {
            seat: days
            for seat, days in days_by_seat(self.cells_of(pk), start).items()
            if seat in old
        }
        reasons = self.reasons_not_to_move(pk, start, old, new, held)
        moved = self.try_to(
            move_seats,
            reasons,
            allocation_id=pk,
            start=start,
            leaving=[Span(old.start, old.stop)],
            arriving=[Span(new.start, new.stop)],
            today=self.today,
        )
        if moved:
            self.moves(pk, start, held, new)

    def reasons_not_to_move(
        self, pk: int, start: date, old: range, new: range, held: dict[int, set[date]]
    ) -> Reasons:
        allocation = self.allocations[pk]
        reasons = self.kept_by_loans(pk, start, set(old))
        if allocation.has_ended:
            reasons.add(HoldExpired)
        if allocation.kind == "closure":
            reasons.add(WrongState)
        if set(held) != set(old):
            return {*reasons, NotHeld}
        days = held[old.start]
        if any(other != days for other in held.values()) or gaps(days):
            return {*reasons, PeriodsDiffer}
        taken = [(seat, day) for seat in new if seat not in held for day in days]
        if not taken:
            return {*reasons, Invalid}
        return reasons | self.reasons_not_to_take(allocation.kind, taken)

    def reasons_not_to_take(self, kind: str, cells: list[tuple[int, date]]) -> Reasons:
        reasons: Reasons = set()
        days = [day for _seat, day in cells]
        if self.meets_closed_month(min(days), max(days) + ONE_DAY):
            reasons.add(MonthClosed)
        if not all(self.paper.exists(*cell) for cell in cells):
            reasons.add(NoSuchSeat)
        if any(cell in self.paper.cells for cell in cells):
            reasons.add(SeatsTaken)
        floors = {seat // 4096 for seat, _day in cells}
        if kind != "hold" and not all(self.paper.floors[pk].is_delivered for pk in floors):
            reasons.add(NotDelivered)
        return reasons

    def moves(self, pk: int, start: date, held: dict[int, set[date]], new: range) -> None:
        seat, days = next(iter(held.items()))
        cell = self.paper.cells[seat, max(days)]
        allocation = self.allocations[pk]
        gone = [seat for seat in held if seat not in new]
        self.free(pk, [(seat, day) for seat in gone for day in days])
        arrived = [seat for seat in new if seat not in held]
        self.paper.put(cell._replace(kind=allocation.kind), arrived, sorted(days))
        self.wait_no_longer(pk)

    def wait_no_longer(self, pk: int) -> None:
        """A hold whose floors are all there by now expires after the days that are set."""
        allocation = self.allocations[pk]
        is_waiting = allocation.kind == "hold" and allocation.expires_at is None
        if is_waiting and self.floors_are_there(pk):
            allocation.expires_at = self.now + timedelta(days=HOLD_DAYS)

    @precondition(lambda self: self.allocations)
    @rule(number=numbers, part=numbers, length=lengths, beyond=rarely)
    def split(self, number: int, part: int, length: int, beyond: int) -> None:
        self.let_holds_expire()
        pk = self.allocation(number)
        run, start = self.run_of(pk, part, length, beyond), self.first_open_day(date.min)
        cells = [cell for cell in self.cells_of(pk) if cell[1] >= start]
        chosen = [cell for cell in cells if cell[0] in run]
        reasons = self.kept_by_loans(pk, start, set(run))
        if self.allocations[pk].has_ended:
            reasons.add(HoldExpired)
        if {seat for seat, _day in chosen} != set(run):
            reasons.add(NotHeld)
        elif len(chosen) == len(cells):
            reasons.add(Invalid)
        other = self.try_to(
            split_allocation,
            reasons,
            allocation_id=pk,
            runs=[Span(run.start, run.stop)],
            today=self.today,
        )
        if other:
            for cell in chosen:
                self.paper.cells[cell] = self.paper.cells[cell]._replace(allocation=other.pk)
            old = self.allocations[pk]
            self.allocations[other.pk] = PaperAllocation(old.kind, old.expires_at)
            self.wait_no_longer(pk)
            self.wait_no_longer(other.pk)

    @precondition(lambda self: self.allocations)
    @rule(number=numbers, more=st.one_of(st.none(), st.integers(-3, 30)))
    def extend(self, number: int, more: int | None) -> None:
        self.let_holds_expire()
        pk = self.allocation(number)
        ends = last_days(self.cells_of(pk))
        last = max(ends.values(), default=self.today)
        end = None if more is None else last + ONE_DAY + timedelta(days=more)
        if end is not None and end > self.paper.last:
            end = None  # beyond its edge the paper cannot tell one end from another
        run_last = [seat for seat, day in ends.items() if day == last]
        added = self.paper.days(last + ONE_DAY, end)
        extended = self.try_to(
            extend_allocation,
            self.reasons_not_to_extend(pk, last, end, run_last, added),
            allocation_id=pk,
            end=end,
            today=self.today,
        )
        if extended:
            cell = self.paper.cells[run_last[0], last]._replace(kind=self.allocations[pk].kind)
            self.paper.put(cell, run_last, added)

    def reasons_not_to_extend(
        self, pk: int, last: date, end: date | None, seats: list[int], added: list[date]
    ) -> Reasons:
        allocation = self.allocations[pk]
        reasons = self.kept_by_loans(pk, last + ONE_DAY, set(seats))
        if allocation.has_ended:
            reasons.add(HoldExpired)
        if not seats:
            return {*reasons, NotHeld}
        if last == self.paper.last or (end is not None and end <= last + ONE_DAY):
            return {*reasons, Invalid}
        return reasons | self.reasons_not_to_take(
            allocation.kind, [(seat, day) for seat in seats for day in added]
        )

    @precondition(lambda self: self.allocations)
    @rule(number=numbers, day=near)
    def end(self, number: int, day: int) -> None:
        self.let_holds_expire()
        pk, start = self.allocation(number), self.day(day) + ONE_DAY
        given_up = [cell for cell in self.cells_of(pk) if cell[1] >= start]
        reasons = self.kept_by_loans(pk, start, None)
        if self.allocations[pk].has_ended:
            reasons.add(HoldExpired)
        if not given_up:
            reasons.add(NotHeld)
        else:
            days = [day for _seat, day in given_up]
            if self.meets_closed_month(min(days), max(days) + ONE_DAY):
                reasons.add(MonthClosed)
        if self.try_to(
            end_allocation, reasons, allocation_id=pk, last_day=self.day(day), today=self.today
        ):
            self.free(pk, given_up)

    @precondition(lambda self: self.firm)
    @rule(
        number=numbers,
        part=numbers,
        length=lengths,
        beyond=rarely,
        to=st.integers(0, 2),
        duration=st.integers(1, 30),
    )
    def lend(
        self, number: int, part: int, length: int, beyond: int, to: int, duration: int
    ) -> None:
        self.let_holds_expire()
        pk = self.firm[number % len(self.firm)]
        run = self.run_of(pk, part, length, beyond)
        days = sorted({day for seat, day in self.cells_of(pk) if seat in run})
        start = days[number * part % len(days) // 2]
        end = start + timedelta(days=duration)
        borrower = self.enterprises[to]
        reasons = self.reasons_not_to_lend(run, start, end, borrower.pk)
        loan = self.try_to(
            propose_loan,
            reasons,
            borrower=borrower,
            seats=Span(run.start, run.stop),
            start=start,
            end=end,
        )
        if loan:
            self.arranges(loan, run)

    def reasons_not_to_lend(self, run: range, start: date, end: date, borrower: int) -> Reasons:
        floor = self.paper.floors.get(run.start // 4096)
        if floor is None or not all(seat in floor.seats for seat in run):
            return {NoSuchSeat}
        reasons: Reasons = set()
        if not floor.is_delivered:
            reasons.add(NotDelivered)
        if self.meets_closed_month(start, end):
            reasons.add(MonthClosed)
        at_first = [self.paper.cells.get((seat, start)) for seat in run]
        holders = {(cell.allocation, cell.kind, cell.enterprise) for cell in at_first if cell}
        if len(holders) != 1 or "firm" not in next(iter(holders)):
            return {*reasons, NotLendable}
        [(lender, _firm, enterprise)] = holders
        if enterprise == borrower:
            return {*reasons, Invalid}
        return reasons | self.reasons_not_to_give(lender, run, self.paper.days(start, end))

    def reasons_not_to_give(self, lender: int, run: range, on_days: list[date]) -> Reasons:
        """Why the allocation that has seats of the run on the first day cannot lend all of it."""
        if any(loan.borrower == lender for loan in self.loans.values()):
            return {SeatsBorrowed}
        cells = [self.paper.cells.get((seat, day)) for seat in run for day in on_days]
        if any(cell is None or cell.allocation != lender for cell in cells):
            return {NotLendable, LoanBeyondLender, SeatsLent}
        return set() if all(cell.kind == "firm" for cell in cells) else {NotLendable}

    def arranges(self, loan: SeatLoan, run: range) -> None:
        """The lender agrees, the park arranges; nothing stands in the way any more."""
        by = {"now": self.now, "acting_user": self.operator}
        agree_to_loan(loan_id=loan.pk, name="周倩", reference="调剂函 1 号", **by)
        arranged = arrange_loan(loan_id=loan.pk, today=self.today, **by)
        days = self.paper.days(loan.period.lower, loan.period.upper)
        pk = arranged.borrower_allocation_id
        for seat in run:
            for day in days:
                self.paper.cells[seat, day] = Cell("firm", loan.borrower_id, pk)
        self.allocations[pk] = PaperAllocation("firm")
        self.loans[loan.pk] = PaperLoan(
            loan.lender_allocation_id, pk, loan.lender_id, run, days[0], loan.period.upper
        )

    @precondition(lambda self: self.loans)
    @rule(number=numbers, day=st.integers(-1, 12))
    def give_back_early(self, number: int, day: int) -> None:
        self.let_holds_expire()
        pk = list(self.loans)[number % len(self.loans)]
        loan = self.loans[pk]
        start = loan.start + timedelta(days=day)
        reasons: Reasons = set()
        if not loan.start <= start < loan.end:
            reasons.add(Invalid)
        elif self.meets_closed_month(start, loan.end):
            reasons.add(MonthClosed)
        if self.try_to(return_loan, reasons, loan_id=pk, start=start, today=self.today):
            cell = Cell("firm", loan.lender_enterprise, loan.lender)
            for seat in loan.seats:
                for back in self.paper.days(start, loan.end):
                    self.paper.cells[seat, back] = cell
            loan.end = start

    # What must always hold

    @invariant()
    def every_block_is_of_the_allocation_that_the_paper_says(self) -> None:
        for block in SeatBlock.objects.real():
            for day in self.paper.days(block.period.lower, block.period.upper):
                for seat in range(block.seats.lower, block.seats.upper):
                    cell = self.paper.cells.get((seat, day))
                    assert cell is not None, (seat, day, block.allocation_id, self.now)
                    assert cell.allocation == block.allocation_id, (seat, day)


@pytest.mark.django_db
def test_a_park_lives_through_changes_and_loans():
    run_state_machine_as_test(
        LifeWithChanges,
        settings=settings(
            max_examples=8, stateful_step_count=40, deadline=None, derandomize=True, database=None
        ),
    )

"""Seats are lent: proposed, agreed to, called off, arranged, given back early, back on the day."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from park.axis import Span
from park.services import MonthClosed
from seats.models import SeatLoan
from seats.services.lendable import LoanBeyondLender, NotLendable
from seats.services.lending import arrange_loan, mind_loans, return_loan
from seats.services.lent import SeatsBorrowed, SeatsLent
from seats.services.loans import agree_to_loan, cancel_loan, propose_loan, refuse_loan
from seats.services.refusals import EnterpriseLeft, NoSuchSeat, NotDelivered, WrongState
from tenants.models import Tenancy
from tests.seats.life.loans_on_paper import PaperLoan
from tests.seats.life.paper import PaperAllocation
from tests.seats.life.park import LifeInAPark, Reasons, lengths, numbers, rarely
from tests.seats.squared_paper import Cell
from web.refusals import Invalid


class LoanRules(LifeInAPark):
    @property
    def firm(self) -> list[int]:
        return [pk for pk in self.allocations if self.cells_of(pk) and self.is_firm(pk)]

    def is_firm(self, pk: int) -> bool:
        borrowed = {loan.borrower for loan in self.loans.values()}
        return self.allocations[pk].kind == "firm" and pk not in borrowed

    @property
    def proposals(self) -> list[int]:
        return [pk for pk, loan in self.loans.items() if loan.borrower is None]

    @property
    def arranged(self) -> list[int]:
        return [pk for pk, loan in self.loans.items() if loan.borrower is not None]

    @precondition(lambda self: self.firm)
    @rule(
        number=numbers,
        part=numbers,
        length=lengths,
        beyond=rarely,
        to=st.integers(0, 2),
        duration=st.integers(1, 20),
        at_once=st.sampled_from(["", "arranged", "given back"]),
        day=st.integers(-1, 6),
    )
    def propose_loan(
        self,
        number: int,
        part: int,
        length: int,
        beyond: int,
        to: int,
        duration: int,
        at_once: str,
        day: int,
    ) -> None:
        self.let_holds_expire()
        pk = self.firm[number % len(self.firm)]
        run = self.run_of(pk, part, length, beyond)
        on_days = sorted({day for seat, day in self.cells_of(pk) if seat in run})
        start = on_days[number * part % len(on_days) // 2]
        end = start + timedelta(days=duration)
        borrower = self.enterprises[to]
        loan = self.try_to(
            propose_loan,
            self.reasons_not_to_lend(run, start, end, borrower.pk),
            borrower=borrower,
            seats=Span(run.start, run.stop),
            start=start,
            end=end,
        )
        if loan:
            lender = loan.lender_allocation_id
            self.loans[loan.pk] = PaperLoan(
                lender, None, loan.lender_id, borrower.pk, run, start, end
            )
            if at_once:
                self.agree(loan.pk)
                self.arrange(loan.pk)
            if at_once == "given back" and loan.pk in self.arranged:
                self.give_back(loan.pk, day)

    def reasons_not_to_lend(self, run: range, start: date, end: date, borrower: int) -> Reasons:
        floor = self.paper.floors.get(run.start // 4096)
        if floor is None or not all(seat in floor.seats for seat in run):
            return {NoSuchSeat}
        reasons = self.reasons_on_these_days(floor.is_delivered, start, end, borrower)
        at_first = [self.paper.cells.get((seat, start)) for seat in run]
        holders = {(cell.allocation, cell.kind, cell.enterprise) for cell in at_first if cell}
        if len(holders) != 1 or "firm" not in next(iter(holders)):
            return {*reasons, NotLendable}
        [(lender, _firm, enterprise)] = holders
        if enterprise == borrower:
            return {*reasons, Invalid}
        return reasons | self.reasons_not_to_give(lender, run, self.paper.days(start, end))

    def reasons_on_these_days(
        self, is_delivered: bool, start: date, end: date, borrower: int
    ) -> Reasons:
        reasons: Reasons = set() if is_delivered else {NotDelivered}
        if self.meets_closed_month(start, end):
            reasons.add(MonthClosed)
        stays = list(Tenancy.objects.filter(enterprise=borrower).order_by("period"))
        if stays and stays[-1].period.upper and stays[-1].period.upper < end:
            reasons.add(EnterpriseLeft)
        return reasons

    def reasons_not_to_give(
        self, lender: int, run: range, on_days: list[date], own: int | None = None
    ) -> Reasons:
        """Why the allocation that has seats of the run on the first day cannot lend all of it."""
        if any(loan.borrower == lender for loan in self.loans.values()):
            return {SeatsBorrowed}
        reasons: Reasons = set()
        for pk in self.proposals:
            other = self.loans[pk]
            shares_days = other.start <= on_days[-1] and on_days[0] < other.end
            if pk != own and shares_days and other.meets(set(run)):
                reasons.add(SeatsLent)
        cells = [self.paper.cells.get((seat, day)) for seat in run for day in on_days]
        if any(cell is None or cell.allocation != lender for cell in cells):
            return {*reasons, NotLendable, LoanBeyondLender, SeatsLent}
        return reasons if all(cell.kind == "firm" for cell in cells) else {*reasons, NotLendable}

    @precondition(lambda self: self.proposals)
    @rule(number=numbers, step=st.sampled_from(["agree", "arrange", "refuse", "cancel"]))
    def go_on_with_a_proposal(self, number: int, step: str) -> None:
        pk = self.proposals[number % len(self.proposals)]
        if step == "agree":
            self.agree(pk)
        elif step == "arrange":
            self.arrange(pk)
        else:
            service = refuse_loan if step == "refuse" else cancel_loan
            self.try_to(service, set(), loan_id=pk, note="不再需要")
            del self.loans[pk]

    def agree(self, pk: int) -> None:
        reasons: Reasons = {WrongState} if self.loans[pk].is_agreed else set()
        if self.try_to(agree_to_loan, reasons, loan_id=pk, name="周倩", reference="调剂函 1 号"):
            self.loans[pk].is_agreed = True

    def arrange(self, pk: int) -> None:
        """The seats go to the borrower, if they are still the lender's on all of these days."""
        self.let_holds_expire()
        loan = self.loans[pk]
        on_days = self.paper.days(loan.start, loan.end)
        reasons = self.reasons_on_these_days(True, loan.start, loan.end, loan.borrower_enterprise)
        reasons |= self.reasons_not_to_give(loan.lender, loan.seats, on_days, own=pk)
        if not loan.is_agreed:
            reasons = {WrongState}
        arranged = self.try_to(arrange_loan, reasons, loan_id=pk, today=self.today)
        if arranged:
            loan.borrower = arranged.borrower_allocation_id
            cell = Cell("firm", loan.borrower_enterprise, loan.borrower)
            self._hand(loan, cell, on_days)
            self.allocations[loan.borrower] = PaperAllocation("firm")

    def _hand(self, loan: PaperLoan, cell: Cell, on_days: list[date]) -> None:
        for seat in loan.seats:
            for day in on_days:
                self.paper.cells[seat, day] = cell

    @precondition(lambda self: self.arranged)
    @rule(number=numbers, day=st.integers(-1, 6))
    def give_back_early(self, number: int, day: int) -> None:
        self.let_holds_expire()
        self.give_back(self.arranged[number % len(self.arranged)], day)

    def give_back(self, pk: int, day: int) -> None:
        """So many days after its first."""
        loan = self.loans[pk]
        start = loan.start + timedelta(days=day)
        reasons: Reasons = set()
        if loan.has_ended:
            reasons.add(WrongState)
        elif not loan.start <= start < loan.end:
            reasons.add(Invalid)
        elif self.meets_closed_month(start, loan.end):
            reasons.add(MonthClosed)
        if self.try_to(return_loan, reasons, loan_id=pk, start=start, today=self.today):
            cell = Cell("firm", loan.lender_enterprise, loan.lender)
            self._hand(loan, cell, self.paper.days(start, loan.end))
            loan.end = start

    @rule()
    def mind_loans(self) -> None:
        """Each morning: no seat moves, but a loan whose days are over can change no more."""
        mind_loans(today=self.today, now=self.now)
        for pk in self.arranged:
            loan = self.loans[pk]
            is_early = SeatLoan.objects.get(pk=pk).returned_on is not None
            loan.has_ended = loan.has_ended or (loan.end <= self.today and not is_early)

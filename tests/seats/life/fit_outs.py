"""Seats are fitted out: those that are nobody's are closed meanwhile, where the park says so."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from foundation.uploads import Upload
from park.axis import Span
from seats.models import FitOutStage
from seats.services.fit_out_steps import take_step
from seats.services.fit_outs import FitOutRunning, add_file, open_fit_out
from seats.services.refusals import NotDelivered, SeatsTaken
from tests.factories.fit_outs import PDF
from tests.seats.life.allocations import AllocationRules
from tests.seats.life.paper import PaperAllocation
from tests.seats.life.park import Reasons, lengths, numbers
from tests.seats.squared_paper import Cell


@dataclass
class PaperFitOut:
    """A case whose work has begun, or may begin."""

    pk: int
    seats: range
    closure: int | None = None


class FitOutRules(AllocationRules):
    def __init__(self) -> None:
        super().__init__()
        self.fit_outs: list[PaperFitOut] = []

    @rule(
        enterprise=st.integers(0, 2),
        floor=numbers,
        first=st.integers(0, 5),
        length=lengths,
        lasts=st.integers(0, 30),
        closes=st.sampled_from([True, True, False]),
    )
    def fit_out(
        self, enterprise: int, floor: int, first: int, length: int, lasts: int, closes: bool
    ) -> None:
        """A case from its opening to the start of work."""
        self.let_holds_expire()
        on = self.floor(floor)
        lower = on.seats[first % len(on.seats)]
        run = range(lower, min(lower + length, on.seats[-1] + 1))
        who = self.enterprises[enterprise]
        on_days = self.paper.days(self.today, self.day(lasts + 1))
        reasons: Reasons = set()
        cells = [self.paper.cells.get((seat, day)) for seat in run for day in on_days]
        if any(cell and cell.enterprise not in {None, who.pk} for cell in cells):
            reasons.add(SeatsTaken)
        if any(not set(run).isdisjoint(other.seats) for other in self.fit_outs):
            reasons.add(FitOutRunning)
        case = self.try_to(
            open_fit_out,
            reasons,
            enterprise=who,
            spans=[Span(run.start, run.stop)],
            planned={FitOutStage.ACCEPTANCE: self.day(lasts)},
            closes_seats=closes,
            today=self.today,
        )
        if not case:
            return
        self.try_to(
            add_file, set(), fit_out_id=case.pk, upload=Upload("图.pdf", "application/pdf", PDF)
        )
        for step in ("submit", "approve"):
            self.try_to(take_step, set(), fit_out_id=case.pk, step=step, today=self.today)
        told = {"fit_out_id": case.pk, "today": self.today}
        self.try_to(take_step, set(), step="take_deposit", amount=Decimal(100), **told)
        reasons = set() if on.is_delivered else {NotDelivered}
        started = self.try_to(take_step, reasons, step="start", **told)
        self.fit_outs.append(PaperFitOut(case.pk, run))
        if started and closes:
            self._close(started, run, lasts)

    def _close(self, case, run: range, lasts: int) -> None:
        """Seats that are nobody's on all of the days."""
        on_days = self.paper.days(self.today, self.day(lasts + 1))
        vacant = [seat for seat in run if all(self.paper.is_free(seat, day) for day in on_days)]
        assert (case.closure is not None) == bool(vacant)
        if vacant:
            self.paper.put(Cell("closure", None, case.closure_id), vacant, on_days)
            self.allocations[case.closure_id] = PaperAllocation("closure")
            self.fit_outs[-1].closure = case.closure_id

    @precondition(lambda self: self.fit_outs)
    @rule(number=numbers, is_done=st.booleans())
    def end_fit_out(self, number: int, is_done: bool) -> None:
        """The work is accepted, or called off: what was closed for it is vacant from today on."""
        self.let_holds_expire()
        case = self.fit_outs.pop(number % len(self.fit_outs))
        told = {"fit_out_id": case.pk, "today": self.today}
        started = case.closure is not None
        if is_done and started:
            for step in ("ask_inspection", "pass_inspection", "accept"):
                self.try_to(take_step, set(), step=step, **told)
        else:
            self.try_to(take_step, set(), step="cancel", note="项目终止", **told)
        if started:
            cells = self.cells_of(case.closure)
            self.free(case.closure, [(seat, day) for seat, day in cells if day >= self.today])

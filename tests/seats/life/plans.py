"""The planner proposes; what it proposed is held, at once or when others were faster."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from seats.models import SeatBlock
from seats.planner import Need, Plan, find_plans
from seats.rectangles import Rectangle
from seats.services.plans import PlannedMove, hold_plan
from seats.services.refusals import NotHeld
from tests.seats.life.allocations import AllocationRules
from tests.seats.life.paper import Cells
from tests.seats.life.park import Reasons, numbers
from tests.seats.squared_paper import Cell


class PlanRules(AllocationRules):
    def __init__(self) -> None:
        super().__init__()
        self.plans: list[Plan] = []

    @rule(
        seats=st.integers(1, 12),
        start=st.integers(0, 30),
        duration=st.one_of(st.none(), st.integers(1, 60)),
        contiguous=st.booleans(),
        moves=st.booleans(),
        number=st.one_of(st.none(), numbers),
    )
    def plan(
        self,
        seats: int,
        start: int,
        duration: int | None,
        contiguous: bool,
        moves: bool,
        number: int | None,
    ) -> None:
        """`number`: which of the plans is held at once; the others are kept for later."""
        self.beat()
        first = self.day(start)
        end = None if duration is None else first + timedelta(days=duration)
        need = Need(seats, first, end, contiguous=contiguous, moves_allowed=moves)
        plans = find_plans(need, today=self.today)
        for plan in plans:
            assert all(self.paper.is_free(*cell) for cell in self._cells(plan.blocks)), plan
        self.plans = [*plans, *self.plans][:8]
        if plans and number is not None:
            self.hold_plan(number % len(plans), number % 3)

    @precondition(lambda self: self.plans)
    @rule(number=numbers, enterprise=st.integers(0, 2))
    def hold_plan(self, number: int, enterprise: int) -> None:
        self.let_holds_expire()
        plan = self.plans.pop(number % len(self.plans))
        if not plan.blocks:
            return
        targets = self._targets(plan)
        reasons = self._reasons(plan, targets)
        held = self.try_to(
            hold_plan,
            reasons,
            enterprise=self.enterprises[enterprise],
            rectangles=plan.blocks,
            moves=[PlannedMove(move.block, move.to.seats.lower) for move in plan.moves],
            today=self.today,
        )
        if held:
            self._gets(held.allocation, plan.blocks)
            for allocation, target in zip(held.for_movers, targets, strict=True):
                self._gets(allocation, [target])

    def _targets(self, plan: Plan) -> list[Rectangle]:
        """Where those go who are asked to move, until they would have gone there; as far as they
        are still where the plan saw them."""
        start = plan.need.start
        there = SeatBlock.objects.filter(kind="firm").on(start)
        blocks = there.in_bulk([move.block for move in plan.moves])
        return [
            Rectangle(
                move.to.seats._replace(
                    upper=move.to.seats.lower + block.seats.upper - block.seats.lower
                ),
                start,
                block.period.upper,
            )
            for move in plan.moves
            if (block := blocks.get(move.block))
        ]

    def _reasons(self, plan: Plan, targets: list[Rectangle]) -> Reasons:
        reasons: Reasons = set() if len(targets) == len(plan.moves) else {NotHeld}
        wanted = [self._cells(plan.blocks), *(self._cells([target]) for target in targets)]
        marked: Cells = []
        for cells in wanted:
            reasons |= self.reasons_not_to_take("hold", cells)
            new = [cell for cell in cells if cell not in self.paper.cells]
            self.paper.cells.update(dict.fromkeys(new, Cell("hold", None, 0)))
            marked += new
        for cell in marked:
            del self.paper.cells[cell]
        return reasons

    def _cells(self, rectangles: list[Rectangle]) -> Cells:
        return [
            (seat, day)
            for one in rectangles
            for seat in range(one.seats.lower, one.seats.upper)
            for day in self.paper.days(one.start, one.end)
        ]

    def _gets(self, allocation, rectangles) -> None:
        for one in rectangles:
            self.gets(
                allocation,
                range(one.seats.lower, one.seats.upper),
                self.paper.days(one.start, one.end),
            )

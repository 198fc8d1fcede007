"""The frame of a park's life: what every rule stands on, and what must hold after each.

Each rule does the same to the squared paper and, by the service that people use, to the database.
The paper says beforehand why the service must refuse; where it knows no reason, it must not.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import groupby
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from accounts.permissions import Role
from foundation.months import months_between
from park.models import ReportingMonth
from park.services import MonthClosed, MonthNotOver, close_month, reopen_month
from seats.models import SeatBlock
from seats.occupancy import Grouping
from seats.seat_days import seat_days_by_enterprise
from seats.services.expiry import end_expired_holds
from seats.services.lent import SeatsBorrowed, SeatsLent
from seats.services.refusals import NoSuchSeat, NotDelivered, SeatsTaken, WrongState
from tenants.models import Tenancy
from tests.factories.accounts import UserFactory
from tests.factories.tenants import EnterpriseFactory
from tests.seats.comparison import (
    assert_same_free_runs,
    assert_same_occupancy,
    assert_void_says_what_is_no_seat,
)
from tests.seats.life.loans_on_paper import PaperLoan
from tests.seats.life.paper import ONE_DAY, Cells, ParkOnPaper, next_month
from tests.undone import undone
from web.refusals import Refusal

Reasons = set[type[Refusal]]

MONTHS = [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]

numbers = st.integers(0, 99)
lengths = st.integers(1, 5)
days = st.integers(-50, 50)
near = st.integers(-4, 40)
rarely = st.sampled_from([0, 0, 0, 0, 1])


class LifeInAPark(ParkOnPaper, RuleBasedStateMachine):
    # By service: how often it did what it was asked, how often it rightly refused.
    done: ClassVar[Counter[Callable[..., Any]]] = Counter()
    refused: ClassVar[Counter[Callable[..., Any]]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(undone())
        self.operator = UserFactory(roles=[Role.OPERATOR_MANAGER])
        self.enterprises = [EnterpriseFactory() for _ in range(3)]
        self.loans: dict[int, PaperLoan] = {}
        self.seen: dict[date, Any] = {}  # each day's column of the paper when it was compared
        self.changes = 0  # how often a service did something

    def teardown(self) -> None:
        try:
            self.figures_agree_on(self.paper.days())
        finally:
            self.undo.close()

    def try_to(
        self,
        service: Callable[..., Any],
        reasons: Iterable[type[Refusal]],
        *,
        perhaps: Iterable[type[Refusal]] = (),
        **arguments: Any,
    ) -> Any:
        """Call a service: it does what the paper has room for, else refuses with its reason.

        `perhaps` it may refuse for these, too: where the paper does not know all that counts.
        """
        reasons = set(reasons)
        try:
            result = service(acting_user=self.operator, **{"now": self.now, **arguments})
        except Refusal as refusal:
            assert type(refusal) in reasons | set(perhaps), (repr(refusal), reasons)  # noqa: PT017
            self.refused[service] += 1
            return None
        assert not reasons, reasons
        self.done[service] += 1
        self.changes += 1
        return result

    def end_hold(self, pk: int, day: date) -> None:
        super().end_hold(pk, day)
        self.changes += 1

    # What the paper says of asking for seats

    def reasons_not_to_take(self, kind: str, cells: Cells) -> Reasons:
        reasons: Reasons = set()
        on_days = [day for _seat, day in cells]
        if self.meets_closed_month(min(on_days), max(on_days) + ONE_DAY):
            reasons.add(MonthClosed)
        if not all(self.paper.exists(*cell) for cell in cells):
            reasons.add(NoSuchSeat)
        if any(cell in self.paper.cells for cell in cells):
            reasons.add(SeatsTaken)
        floors = {seat // 4096 for seat, _day in cells}
        if kind != "hold" and not all(self.paper.floors[pk].is_delivered for pk in floors):
            reasons.add(NotDelivered)
        return reasons

    def promised(self, pk: int, start: date, seats: set[int] | None) -> Reasons:
        """Why nobody disposes of the allocation's seats from `start` on: an offer, or a loan."""
        reasons: Reasons = set()
        if self.request_offering(pk) is not None:
            reasons.add(WrongState)
        for loan in self.loans.values():
            if loan.borrower == pk:
                reasons.add(SeatsBorrowed)
            elif loan.lender == pk and loan.is_out_after(start) and loan.meets(seats):
                reasons.add(SeatsLent)
        return reasons

    def has_left(self, enterprise: int) -> bool:
        """Whether its last stay is over. Stays are another room's truth: read as they are."""
        ends = [one.period.upper for one in Tenancy.objects.filter(enterprise=enterprise)]
        return bool(ends) and None not in ends and max(ends) <= self.today

    # Choosing seats

    def run_of(self, pk: int, number: int, length: int, beyond: int = 0) -> range:
        """A run of the allocation's seats; `beyond` it come seats that it may not have."""
        own = {seat for seat, _day in self.cells_of(pk)}
        return self._run_among(own, number, length, beyond)

    def run_of_enterprise(self, enterprise: int, number: int, length: int) -> range:
        """A run of seats that the enterprise has today or later, by whichever allocations."""
        cells = self.cells_of_enterprise(enterprise)
        return self._run_among({seat for seat, day in cells if day >= self.today}, number, length)

    def _run_among(self, own: set[int], number: int, length: int, beyond: int = 0) -> range:
        first = last = sorted(own)[number % len(own)] if own else 0
        while last + 1 in own and last + 1 < first + length:
            last += 1
        return range(first, min(last + 1 + beyond, (first // 4096 + 1) * 4096))

    def vacant_run(self, number: int, length: int, on_days: list[date]) -> range:
        """A run that is vacant on all of `on_days`; where there is none, some run."""
        some = self.floor(number).pk * 4096
        runs = self.paper.free_runs(on_days) or [(some, some + length)]
        lower, upper = runs[number % len(runs)]
        return range(lower, min(lower + length, upper))

    # What may happen in any park

    @rule()
    def beat(self) -> None:
        """Each minute holds end whose time is over."""
        self.let_holds_expire()
        end_expired_holds(now=self.now)
        self.done[end_expired_holds] += 1

    @rule(month=st.sampled_from(MONTHS))
    def close_month(self, month: date) -> None:
        is_over = next_month(month) <= self.today
        reasons: Reasons = set() if is_over else {MonthNotOver}
        self.try_to(close_month, reasons, month=month, today=self.today)
        if is_over:
            self.closed.setdefault(month, self.as_kept(month))

    @precondition(lambda self: self.closed)
    @rule(number=numbers)
    def reopen_month(self, number: int) -> None:
        month = list(self.closed)[number % len(self.closed)]
        self.try_to(reopen_month, set(), month=month, reason="更正")
        del self.closed[month]

    @precondition(lambda self: self.today < date(2024, 4, 10))
    @rule(number=st.integers(1, 12))
    def let_days_go_by(self, number: int) -> None:
        self.today += timedelta(days=number)

    # What must always hold

    @invariant()
    def every_seat_is_on_every_day_whose_the_paper_says(self) -> None:
        there = {
            (seat, day): (block.kind, block.enterprise_id, block.allocation_id)
            for block in SeatBlock.objects.real()
            for seat in range(block.seats.lower, block.seats.upper)
            for day in self.paper.days(block.period.lower, block.period.upper)
        }
        assert there == {key: tuple(cell) for key, cell in self.paper.cells.items()}

    @invariant()
    def figures_are_those_on_paper(self) -> None:
        """Of every day that is another than when it was last compared, and of every month.

        Days side by side that are the same on paper are compared once, each time by another one;
        once a life is over, every single day is (`teardown`).
        """
        columns = self._columns()
        changed = [day for day in columns if self.seen.get(day) != columns[day]]
        stretches = [list(some) for _column, some in groupby(changed, columns.__getitem__)]
        self.figures_agree_on([some[self.changes % len(some)] for some in stretches])
        self.seen = columns
        assert self._seat_days_answered() == self._seat_days()
        assert_same_free_runs(self.paper, self.today, None)

    def _columns(self) -> dict[date, Any]:
        """Each day as it stands on the paper, and whether it counts as a day to come."""
        floors = self.paper.floors.values()
        opens = [day for floor in floors for day in floor.opens]
        there = (*(floor.is_delivered for floor in floors), *opens)
        openings = {day for day in opens if day is not None}
        taken: dict[date, list[Any]] = {day: [] for day in self.paper.days()}
        for (seat, day), cell in sorted(self.paper.cells.items()):
            taken[day].append((seat, cell))
        return {
            day: (there, sum(one <= day for one in openings), day <= self.today, cells)
            for day, cells in taken.items()
        }

    def _seat_days(self) -> dict[int, dict[tuple[str, date], int]]:
        """Of every enterprise in each month, counted cell by cell."""
        found: dict[int, Counter[tuple[str, date]]] = {}
        floors, today = self.paper.floors, self.today
        for (seat, day), (kind, enterprise, _allocation) in self.paper.cells.items():
            if enterprise is not None and (floors[seat // 4096].is_delivered or day > today):
                counter = found.setdefault(enterprise, Counter())
                counter[kind, day.replace(day=1)] += 1
        return {pk: dict(counter) for pk, counter in found.items()}

    def _seat_days_answered(self) -> dict[int, dict[tuple[str, date], int]]:
        first, last = self.paper.first, self.paper.last
        months = list(months_between(first, last))
        found = {}
        for row in seat_days_by_enterprise(first, last, today=self.today):
            kinds = (("firm", row.firm), ("hold", row.held))
            had = {
                (kind, month): count
                for kind, counts in kinds
                for month, count in zip(months, counts, strict=True)
                if count
            }
            if had:
                found[row.enterprise_id] = had
        return found

    def figures_agree_on(self, some_days: Iterable[date]) -> None:
        for day in some_days:
            for by in (Grouping.FLOOR, Grouping.ENTERPRISE):
                assert_same_occupancy(self.paper, day, day + ONE_DAY, today=self.today, by=by)
            assert_same_free_runs(self.paper, day, day + ONE_DAY)

    @invariant()
    def void_says_what_is_no_seat(self) -> None:
        assert_void_says_what_is_no_seat()

    @invariant()
    def closed_months_stay(self) -> None:
        assert set(ReportingMonth.objects.closed().values_list("month", flat=True)) == set(
            self.closed
        )
        for month, kept in self.closed.items():
            assert self.as_kept(month) == kept, month

    def as_kept(self, month: date) -> dict[tuple[int, date], tuple[str, int | None]]:
        """Every seat and day of `month` that is taken, on floors that are handed over."""
        blocks = SeatBlock.objects.real().during(month, next_month(month))
        return {
            (seat, day): (block.kind, block.enterprise_id)
            for block in blocks.filter(floor__delivered_on__isnull=False)
            for seat in range(block.seats.lower, block.seats.upper)
            for day in self.paper.days(
                max(month, block.period.lower),
                min(next_month(month), block.period.upper or date.max),
            )
        }

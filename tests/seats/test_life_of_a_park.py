"""A park lives through whatever comes, step by step beside the squared paper.

After each step every figure is what the paper says, and nothing of a closed month has changed.
What the paper has no room for is refused, with a reason that the paper gives too.
"""

from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.permissions import Role
from park.axis import Span
from park.models import ReportingMonth
from park.services import MonthClosed, MonthNotOver, close_month, reopen_month
from seats.models import AllocationKind, SeatBlock
from seats.occupancy import Grouping
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats, confirm_hold, release_seats
from seats.services.expiry import end_expired_holds
from seats.services.floors import delay_floor, deliver_floor, extend_floor
from seats.services.refusals import (
    HoldExpired,
    NoSuchSeat,
    NotDelivered,
    NotHeld,
    SeatsTaken,
    WrongState,
)
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.tenants import EnterpriseFactory
from tests.seats.comparison import (
    assert_same_free_runs,
    assert_same_occupancy,
    assert_void_says_what_is_no_seat,
)
from tests.seats.park_on_paper import SHANGHAI, PaperAllocation, ParkOnPaper, next_month
from tests.seats.squared_paper import Cell, PaperFloor
from tests.undone import undone
from web.refusals import Invalid, Refusal

MONTHS = [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]
HOLD_DAYS, PRESELECTION_DAYS = 15, 30

numbers = st.integers(0, 99)
lengths = st.integers(1, 5)
days = st.integers(-50, 50)
decisions = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["firm", "hold", "hold", "closure"]),
        "start": st.integers(-20, 30),
        "duration": st.one_of(st.none(), st.integers(1, 60)),
        "enterprise": st.integers(0, 2),
        "lasts": st.one_of(st.none(), st.integers(1, 20)),
    }
)


class LifeOfAPark(ParkOnPaper, RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(undone())
        self.operator = UserFactory(roles=[Role.OPERATOR_MANAGER])
        self.enterprises = [EnterpriseFactory() for _ in range(3)]

    def teardown(self) -> None:
        self.undo.close()

    def try_to(self, service: Any, reasons: set[type[Refusal]], **arguments: Any) -> Any:
        """Call a service: it does what the paper has room for, else refuses with its reason."""
        try:
            result = service(now=self.now, acting_user=self.operator, **arguments)
        except Refusal as refusal:
            assert type(refusal) in reasons, (refusal, reasons)  # noqa: PT017
            return None
        assert not reasons, reasons
        return result

    # What may happen

    @initialize(
        decisions=st.lists(st.tuples(numbers, lengths, decisions), min_size=4, max_size=8),
        closes=st.booleans(),
    )
    def begin_with_some_floors_and_tenants(self, decisions: list, closes: bool) -> None:
        self.open_floor(6, "delivered", -60)
        self.open_floor(4, "delivered", -20)
        self.open_floor(4, "planned", 10)
        for number, length, decision in decisions:
            self.allocate_where_seats_are_free(number, length, decision)
        if closes:
            self.close_month(MONTHS[1])

    @precondition(lambda self: len(self.paper.floors) < 5)
    @rule(
        seats=st.integers(1, 6),
        state=st.sampled_from(["delivered", "planned", "unknown"]),
        day=days,
    )
    def open_floor(self, seats: int, state: str, day: int) -> None:
        self.let_holds_expire()
        is_delivered = state == "delivered"
        first_day = None if state == "unknown" else self.day(min(day, 0) if is_delivered else day)
        level = len(self.paper.floors) + 1
        floor = make_floor(
            level=level,
            building=str(level % 2 + 1),
            seats=seats,
            planned_on=first_day,
            delivered_on=first_day if is_delivered else None,
            now=self.now,
            acting_user=self.operator,
        )
        opens = self.first_open_day(first_day) if is_delivered else first_day
        self.paper.floors[floor.pk] = PaperFloor(
            floor.pk, "C", floor.building.label, floor.label, [opens] * seats, is_delivered
        )

    @rule(floor=numbers, more=st.integers(1, 2), day=days)
    def extend_floor(self, floor: int, more: int, day: int) -> None:
        self.let_holds_expire()
        paper_floor, first_day = self.floor(floor), self.day(day)
        reasons = {MonthClosed} if self.meets_closed_month(first_day, None) else set()
        grown = self.try_to(
            extend_floor,
            reasons,
            floor_id=paper_floor.pk,
            seat_count=len(paper_floor.opens) + more,
            first_day=first_day,
        )
        if grown:
            first = paper_floor.opens[0]
            opens = max(self.delivered_on(paper_floor), first_day) if grown.delivered_on else first
            paper_floor.opens += [opens] * more

    @rule(floor=numbers, day=st.integers(-30, 1))
    def deliver_floor(self, floor: int, day: int) -> None:
        paper_floor, first_day = self.floor(floor), self.day(day)
        reasons: set[type[Refusal]] = set()
        if day > 0:
            reasons = {Invalid}
        else:
            self.let_holds_expire()
            if paper_floor.is_delivered:
                reasons.add(WrongState)
            if self.meets_closed_month(first_day, None):
                reasons.add(MonthClosed)
        if self.try_to(deliver_floor, reasons, floor_id=paper_floor.pk, day=first_day):
            self.move_opening(paper_floor, first_day)
            paper_floor.is_delivered = True
            end = datetime.combine(
                max(first_day, self.today) + timedelta(days=PRESELECTION_DAYS), time(18), SHANGHAI
            )
            for pk in self.held_on(paper_floor):
                if self.allocations[pk].expires_at is None and self.floors_are_there(pk):
                    self.allocations[pk].expires_at = end

    @rule(floor=numbers, day=st.one_of(st.none(), st.integers(-2, 60)))
    def delay_floor(self, floor: int, day: int | None) -> None:
        paper_floor, planned_on = self.floor(floor), None if day is None else self.day(day)
        if day is not None and day <= 0:
            reasons: set[type[Refusal]] = {Invalid}
        else:
            self.let_holds_expire()
            reasons = {WrongState} if paper_floor.is_delivered else set()
        answer = self.try_to(delay_floor, reasons, floor_id=paper_floor.pk, planned_on=planned_on)
        if answer is not None:
            broken = self.move_opening(paper_floor, planned_on)
            assert {promise.allocation_id for promise in answer} == broken

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
        runs = self.paper.free_runs(
            self.paper.days(self.day(decision["start"]), self.day(decision["start"] + 1))
        )
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
        paper_floor, first_day = self.paper.floors[seats.start // 4096], self.day(start)
        end = None if duration is None else first_day + timedelta(days=duration)
        on_days = self.paper.days(first_day, end)
        holder = None if kind == "closure" else self.enterprises[enterprise]
        expires_at = self.now + timedelta(days=lasts) if lasts and kind == "hold" else None
        cells = [(seat, day) for seat in seats for day in on_days]
        reasons: set[type[Refusal]] = set()
        if not all(self.paper.exists(*cell) for cell in cells):
            reasons.add(NoSuchSeat)
        if any(cell in self.paper.cells for cell in cells):
            reasons.add(SeatsTaken)
        if kind != "hold" and not paper_floor.is_delivered:
            reasons.add(NotDelivered)
        if self.meets_closed_month(first_day, end):
            reasons.add(MonthClosed)

        allocation = self.try_to(
            allocate_seats,
            reasons,
            enterprise=holder,
            kind=AllocationKind(kind),
            rectangles=[Rectangle(Span(seats.start, seats.stop), first_day, end)],
            reason="装修" if kind == "closure" else "",
            today=self.today,
            expires_at=expires_at,
        )
        if allocation:
            self.paper.put(Cell(kind, holder and holder.pk, allocation.pk), seats, on_days)
            if kind == "hold" and paper_floor.is_delivered and expires_at is None:
                expires_at = self.now + timedelta(days=HOLD_DAYS)
            self.allocations[allocation.pk] = PaperAllocation(kind, expires_at)

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
        reasons: set[type[Refusal]] = set() if given_up else {NotHeld}
        if given_up:
            changed = [day for _, day in given_up]
            if self.meets_closed_month(min(changed), max(changed) + timedelta(days=1)):
                reasons.add(MonthClosed)
        if self.try_to(
            release_seats,
            reasons,
            allocation_id=pk,
            start=first_day,
            seats=seats,
            today=self.today,
        ):
            self.free(pk, given_up)

    @precondition(lambda self: self.allocations)
    @rule(number=numbers)
    def confirm(self, number: int) -> None:
        self.let_holds_expire()
        pk = self.allocation(number)
        allocation = self.allocations[pk]
        floors = {seat // 4096 for seat, _ in self.cells_of(pk)}
        reasons: set[type[Refusal]] = set()
        if allocation.has_ended:
            reasons = {HoldExpired}
        elif allocation.kind != "hold":
            reasons = {WrongState}
        elif not all(self.paper.floors[floor].is_delivered for floor in floors):
            reasons = {NotDelivered}
        elif not any(day >= self.first_open_day(date.min) for _, day in self.cells_of(pk)):
            reasons = {WrongState}
        if self.try_to(confirm_hold, reasons, allocation_id=pk, today=self.today):
            for key in self.cells_of(pk):
                if key[1] >= self.first_open_day(date.min):
                    self.paper.cells[key] = self.paper.cells[key]._replace(kind="firm")
            allocation.kind, allocation.expires_at = "firm", None

    @rule()
    def let_beat_end_holds(self) -> None:
        self.let_holds_expire()
        end_expired_holds(now=self.now)

    @rule(month=st.sampled_from(MONTHS))
    def close_month(self, month: date) -> None:
        is_over = next_month(month) <= self.today
        reasons: set[type[Refusal]] = set() if is_over else {MonthNotOver}
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
    def figures_are_those_on_paper(self) -> None:
        month = self.today.replace(day=1)
        for period in [(self.day(20), self.day(21)), (month, next_month(month))]:
            for by in (Grouping.FLOOR, Grouping.ENTERPRISE):
                assert_same_occupancy(self.paper, *period, today=self.today, by=by)
            assert_same_free_runs(self.paper, *period)
        assert_same_free_runs(self.paper, self.today, None)

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


@pytest.mark.django_db
def test_a_park_lives_through_whatever_comes():
    run_state_machine_as_test(
        LifeOfAPark,
        settings=settings(
            max_examples=8, stateful_step_count=30, deadline=None, derandomize=True, database=None
        ),
    )

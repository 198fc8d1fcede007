"""Allocations move, split, last longer, end."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from park.axis import Span
from park.services import MonthClosed
from seats.services.changes import (
    PeriodsDiffer,
    end_allocation,
    extend_allocation,
    split_allocation,
)
from seats.services.moves import move_seats
from seats.services.refusals import HoldExpired, NotHeld, WrongState
from tests.seats.life.allocations import AllocationRules
from tests.seats.life.loans_on_paper import days_by_seat, gaps, last_days
from tests.seats.life.paper import ONE_DAY, PaperAllocation
from tests.seats.life.park import Reasons, lengths, near, numbers, rarely
from web.refusals import Invalid


class ChangeRules(AllocationRules):
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
        start = self.day(day)
        pk = self.movable(number, start)
        old = self.run_of(pk, part, length, beyond)
        held = {
            seat: days
            for seat, days in days_by_seat(self.cells_of(pk), start).items()
            if seat in old
        }
        lower = self.floor(to).pk * 4096 + part % 6
        new = range(lower, lower + len(old))
        if not anywhere:
            new = self.vacant_run(to, len(old), sorted(set().union(*held.values())) or [start])
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

    def movable(self, number: int, start: date) -> int:
        """Mostly an allocation that has seats from `start` on; now and then any."""
        having = [
            pk
            for pk, one in self.allocations.items()
            if one.kind != "closure"
            and not self.promised(pk, start, None)
            and any(day >= start for _seat, day in self.cells_of(pk))
        ]
        some = having if having and number % 8 else list(self.allocations)
        return some[number // 8 % len(some)]

    def reasons_not_to_move(
        self, pk: int, start: date, old: range, new: range, held: dict[int, set[date]]
    ) -> Reasons:
        allocation = self.allocations[pk]
        reasons = self.promised(pk, start, set(old))
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

    def moves(self, pk: int, start: date, held: dict[int, set[date]], new: range) -> None:
        seat, days = next(iter(held.items()))
        cell = self.paper.cells[seat, max(days)]
        allocation = self.allocations[pk]
        gone = [seat for seat in held if seat not in new]
        self.free(pk, [(seat, day) for seat in gone for day in days])
        arrived = [seat for seat in new if seat not in held]
        self.paper.put(cell._replace(kind=allocation.kind), arrived, sorted(days))
        self.wait_no_longer(pk)

    @precondition(lambda self: self.allocations)
    @rule(number=numbers, part=numbers, length=lengths, beyond=rarely)
    def split(self, number: int, part: int, length: int, beyond: int) -> None:
        self.let_holds_expire()
        pk = self.allocation(number)
        run, start = self.run_of(pk, part, length, beyond), self.first_open_day(date.min)
        cells = [cell for cell in self.cells_of(pk) if cell[1] >= start]
        chosen = [cell for cell in cells if cell[0] in run]
        reasons = self.promised(pk, start, set(run))
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
        reasons = self.promised(pk, last + ONE_DAY, set(seats))
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
        reasons = self.promised(pk, start, None)
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

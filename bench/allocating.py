"""Giving seats and taking half of them back, in few runs and in many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from bench import bare
from bench.asking import statements
from bench.desk import Desk, PlainBlock
from bench.timing import Figure, Wrong
from park.axis import Span
from seats.free_runs import free_runs
from seats.models import Allocation, AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats, release_seats

A_MONTH = timedelta(days=30)


def measure(desk: Desk) -> Iterator[Figure]:
    """3,000 seats in 11 and in 59 runs; and half of each back a month later."""
    bare.make_heaps(desk.plain)
    few, many = (_Giving(desk, runs) for runs in (11, 59))
    if few.statements() != many.statements():
        raise Wrong("giving or taking more runs takes more statements")
    for giving, bar in ((few, 6), (many, 12)):
        yield giving.allocating(bar)
        yield giving.releasing(bar=7)


def _places(free: Iterable[Span], length: int) -> Iterator[int]:
    """Where runs of `length` can begin in free ones, a seat between two of them."""
    for run in free:
        yield from range(run.lower, run.upper - length + 1, length + 1)


class _Giving:
    """The same seats, given again and again. Each time leaves the park as it was."""

    def __init__(self, desk: Desk, runs: int) -> None:
        self.desk = desk
        self.runs = runs
        self.start = desk.park.today
        self.release_on = self.start + A_MONTH
        self.rectangles = [Rectangle(seats, self.start) for seats in self._runs()]
        self.half = Span(self.rectangles[0].seats.lower, self._middle())
        self.known = desk.last_allocation()
        self.allocation = Allocation()

    def _runs(self) -> list[Span]:
        """As many free runs as asked for, which make up the seats; in the order of the axis."""
        each, more = divmod(self.desk.park.size.seats_given, self.runs)
        lengths = [each + (number < more) for number in range(self.runs)]
        free = free_runs(self.start, None, min_seats=min(lengths))
        places = _places([run.seats for run in free], max(lengths))
        return sorted(
            Span(first, first + length)
            for first, length in zip(islice(places, self.runs), lengths, strict=True)
        )

    def _middle(self) -> int:
        """The seat before which half of the seats are."""
        left = self.desk.park.size.seats_given // 2
        for seats in (rectangle.seats for rectangle in self.rectangles):
            if seats.length >= left:
                return seats.lower + left
            left -= seats.length
        raise AssertionError

    def allocate(self) -> None:
        park = self.desk.park
        self.allocation = allocate_seats(
            enterprise=park.enterprises[0],
            kind=AllocationKind.FIRM,
            rectangles=self.rectangles,
            today=park.today,
            now=park.now,
            acting_user=park.operator,
        )

    def release(self) -> None:
        park = self.desk.park
        release_seats(
            allocation_id=self.allocation.pk,
            start=self.release_on,
            seats=self.half,
            today=park.today,
            now=park.now,
            acting_user=park.operator,
        )

    def undo(self) -> None:
        self.desk.undo_allocations_after(self.known)

    def statements(self) -> tuple[int, int]:
        """How many statements it takes to give, and to take back."""
        sent = len(statements(self.allocate)), len(statements(self.release))
        self.undo()
        return sent

    def allocating(self, bar: float) -> Figure:
        self.allocate()
        wanted = {(run.seats, self.start, date.max) for run in self.rectangles}
        if self._given() != wanted:
            raise Wrong("the allocation is not what was asked for")
        floor = bare.same_rows(self.desk.plain, self.allocation.pk)
        self.undo()
        pair = self.desk.rounds.beside(self.allocate, floor, self.undo)
        return Figure(area=f"allocate {self._said}", **pair._asdict(), bar=bar, growth_bar=1.5)

    def releasing(self, bar: float) -> Figure:
        def again() -> None:
            self.undo()
            self.allocate()

        self.allocate()
        self.release()
        self._check_release()
        floor = bare.same_rows(self.desk.plain, self.allocation.pk)
        again()
        pair = self.desk.rounds.beside(self.release, floor, again)
        self.undo()
        return Figure(
            area=f"release half of {self._said}", **pair._asdict(), bar=bar, growth_bar=1.5
        )

    @property
    def _said(self) -> str:
        return f"{self.desk.park.size.seats_given:,} seats in {self.runs} runs"

    def _blocks(self) -> list[PlainBlock]:
        return [block for block in self.desk.blocks() if block.allocation == self.allocation.pk]

    def _given(self) -> set[tuple[Span, date, date]]:
        return {(Span(b.lower, b.upper), b.start, b.end) for b in self._blocks()}

    def _check_release(self) -> None:
        """Before the day everything is as it was; from then on only the other half is there."""
        self._check_day(self.start, 0)
        self._check_day(self.release_on - timedelta(days=1), 0)
        self._check_day(self.release_on, self.half.upper)

    def _check_day(self, day: date, first: int) -> None:
        held = {
            seat
            for block in self._blocks()
            if block.is_on(day)
            for seat in range(block.lower, block.upper)
        }
        asked = {seat for run in self.rectangles for seat in range(*run.seats)}
        if held != {seat for seat in asked if seat >= first}:
            raise Wrong(f"after the release the seats of {day} are wrong")

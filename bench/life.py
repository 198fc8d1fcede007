"""Ten years of a park, made up: who takes which seats and gives them back. Plain Python.

The same size and seed give the same life. It obeys the park's rules by itself: nobody is given
what somebody has, runs end with their floor, and no floor is used before it is handed over.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from park.axis import SLOT, Span, free_spans

FIRST_DAY = date(2016, 1, 1)
SEED = 20260101
SMALLEST, LARGEST = 5, 800
LOOKED_AT = 3  # floors that somebody looks at before taking seats


@dataclass(frozen=True)
class Size:
    """How large the park is, and how much happens in it."""

    floors: int = 300
    floors_of_building: int = 10
    seats_of_floor: int = 500
    enterprises: int = 500
    years: int = 10
    changes: int = 19_800
    seats_given: int = 3_000  # to one enterprise at once, when it is measured
    full: float = 0.83  # of the seats that are handed over

    @property
    def last_day(self) -> date:
        return FIRST_DAY.replace(year=FIRST_DAY.year + self.years)


# A tenth of it, in which growth is measured: as full as can be where 3,000 seats are still planned,
# emptier where they are given in 59 runs.
TENTH = Size(floors=30, changes=1_980, full=0.75)
ROOMY_TENTH = replace(TENTH, full=0.4)
SMALL = Size(floors=60, enterprises=100, years=2, changes=2_000, seats_given=600)


@dataclass(frozen=True)
class Taking:
    """A decision: `enterprise` (None: the park itself, which closes them) takes seats."""

    id: int
    enterprise: int | None
    kind: str
    day: date


@dataclass(frozen=True)
class Block:
    """A row of seats × days in one of its forms, decided on `decided`."""

    id: int
    taking: Taking
    floor: int
    seats: Span
    start: date
    end: date | None
    decided: date


@dataclass(frozen=True)
class Event:
    """A block as it became by the change number `change`."""

    label: str
    block: Block
    change: int


@dataclass
class Life:
    """What happened: decisions, the blocks as they are at the end, and how they became so."""

    size: Size
    takings: list[Taking] = field(default_factory=list)
    blocks: dict[int, Block] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    change_days: list[date] = field(default_factory=list)


def handed_over(floor: int, size: Size) -> date:
    """The day of floor 1, 2, …: a fifth at the beginning, the last at the end."""
    days = (size.last_day - FIRST_DAY).days - 1
    at_first = size.floors // 5
    share = max(0, floor - at_first) / (size.floors - at_first)
    return FIRST_DAY + timedelta(days=int(days * share))


def live(size: Size) -> Life:
    """Let the years go by."""
    life = _Living(size)
    days = (size.last_day - FIRST_DAY).days
    for number in range(size.changes):
        life.change(FIRST_DAY + timedelta(days=number * days // size.changes))
    return life.life


class _Living:
    def __init__(self, size: Size) -> None:
        self.life = Life(size)
        self.random = random.Random(SEED)  # noqa: S311 - nothing here is secret
        self.free: dict[int, list[Span]] = {}
        self.holding: list[Taking] = []  # that have seats, in any order
        self.blocks_of: dict[int, list[Block]] = {}
        self.taken = 0

    def change(self, day: date) -> None:
        """Somebody takes seats while there are enough; else somebody gives some back."""
        self._open_floors(day)
        self.life.change_days.append(day)
        there = len(self.free) * self.life.size.seats_of_floor
        wanted = self._how_many()
        if self.taken + wanted <= self.life.size.full * there or not self.holding:
            self._take(day, wanted)
        else:
            self._give_back(day)

    def _open_floors(self, day: date) -> None:
        size = self.life.size
        floor = len(self.free) + 1
        while floor <= size.floors and handed_over(floor, size) <= day:
            self.free[floor] = [Span(floor * SLOT, floor * SLOT + size.seats_of_floor)]
            floor += 1

    def _how_many(self) -> int:
        return min(LARGEST, SMALLEST + int(self.random.lognormvariate(4.7, 1.0)))

    def _take(self, day: date, seats: int) -> None:
        kind = self.random.choices(["firm", "hold", "closure"], [95, 3, 2])[0]
        enterprise = self.random.randint(1, self.life.size.enterprises)
        taking = Taking(
            len(self.life.takings) + 1, None if kind == "closure" else enterprise, kind, day
        )
        self.life.takings.append(taking)
        self.holding.append(taking)
        self.blocks_of[taking.id] = []
        later = self.random.randint(10, 90) if self.random.random() < 0.05 else 0
        for run in self._found(seats):
            self._add(taking, run, day + timedelta(days=later), day)

    def _found(self, seats: int) -> Iterable[Span]:
        """Runs that make up `seats`: the shortest that is long enough, else the longest of all."""
        floors = self.random.sample(list(self.free), min(LOOKED_AT, len(self.free)))
        runs = [run for floor in floors for run in self.free[floor]]
        while seats and runs:
            enough = [run for run in runs if run.length >= seats]
            run = min(enough, key=_length) if enough else max(runs, key=_length)
            runs.remove(run)
            part = Span(run.lower, min(run.upper, run.lower + seats))
            seats -= part.length
            yield part

    def _give_back(self, day: date) -> None:
        """Every other time a part of a run, else everything."""
        place = self.random.randrange(len(self.holding))
        taking = self.holding[place]
        blocks = [block for block in self.blocks_of[taking.id] if block.start < day]
        if self.random.random() < 1 / 2 and blocks:
            block = self.random.choice(blocks)
            self._end(block, day, self._part_of(block.seats))
        else:
            for block in blocks:
                self._end(block, day, block.seats)
        if not self.blocks_of[taking.id]:
            self.holding[place] = self.holding[-1]
            self.holding.pop()

    def _part_of(self, seats: Span) -> Span:
        """More often the end of a run than its middle."""
        length = self.random.randint(1, seats.length)
        lower = seats.upper - length
        if self.random.random() < 0.3:
            lower = self.random.randint(seats.lower, lower)
        return Span(lower, lower + length)

    def _end(self, block: Block, day: date, part: Span) -> None:
        """`block` ends on `day`; what lies outside `part` goes on as blocks of their own."""
        self.blocks_of[block.taking.id].remove(block)
        self._write("update", replace(block, end=day, decided=day))
        for rest in free_spans(block.seats, [part]):
            self._write("insert", self._new(block.taking, rest, day, day))
        self.taken -= part.length
        self.free[block.floor] = _joined([*self.free[block.floor], part])

    def _add(self, taking: Taking, seats: Span, start: date, day: date) -> None:
        block = self._new(taking, seats, start, day)
        self._write("insert", block)
        self.taken += seats.length
        self.free[block.floor] = [
            rest for run in self.free[block.floor] for rest in free_spans(run, [seats])
        ]

    def _new(self, taking: Taking, seats: Span, start: date, day: date) -> Block:
        number = len(self.life.blocks) + 1
        block = Block(number, taking, seats.lower // SLOT, seats, start, None, day)
        self.blocks_of[taking.id].append(block)
        return block

    def _write(self, label: str, block: Block) -> None:
        self.life.blocks[block.id] = block
        self.life.events.append(Event(label, block, len(self.life.change_days) - 1))


def _length(run: Span) -> int:
    return run.length


def _joined(runs: list[Span]) -> list[Span]:
    """`runs` in order; those that touch are one."""
    joined: list[Span] = []
    for run in sorted(runs):
        if joined and joined[-1].upper == run.lower:
            joined[-1] = Span(joined[-1].lower, run.upper)
        else:
            joined.append(run)
    return joined

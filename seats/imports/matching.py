"""Which block a line means: by its number, by being just so, or as the only one of its holder.

Where several come into question nothing is guessed: it is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from park.axis import Span, intersection, run_label
from seats.imports.fields import Field
from seats.imports.lines import Line
from seats.imports.problems import Problem
from seats.rectangles import Rectangle

MOST_LISTED = 4


class Held(NamedTuple):
    """A block as it is, with what its allocation says."""

    pk: int
    allocation: int | None
    enterprise: int | None
    holder: str
    floor: int
    label: str
    kind: str
    seats: Span
    start: date
    end: date | None
    hold_until: str = ""
    reason: str = ""
    is_live: bool = True  # its allocation is of this kind, and no hold that has expired
    request: str = ""  # by which its hold is offered or accepted: it goes the way of that
    borrowed_until: str = ""
    lent: tuple[tuple[int, int, str, str], ...] = ()  # seats of it, to whom, to which last day

    @property
    def is_void(self) -> bool:
        return self.kind == "void"

    @property
    def rectangle(self) -> Rectangle:
        return Rectangle(self.seats, self.start, self.end)

    @property
    def run(self) -> str:
        return run_label(self.label, self.seats)


@dataclass
class Match:
    """The block that a line means; `is_covered`: its seats and days are those of `named` blocks."""

    block: Held | None = None
    problem: Problem | None = None
    is_covered: bool = False
    named: tuple[int, ...] = ()  # blocks that are not missing from the list


def match_lines(lines: Sequence[Line], blocks: Iterable[Held]) -> list[Match]:
    """The match of each line, in order."""
    matching = _Matching(lines, [block for block in blocks if not block.is_void])
    matching.by_number()
    matching.just_so()
    matching.of_the_same_holder()
    return matching.matches


class _Matching:
    def __init__(self, lines: Sequence[Line], blocks: Sequence[Held]) -> None:
        self.lines = lines
        self.blocks = blocks
        self.matches = [Match() for _line in lines]
        self.free = {block.pk: block for block in blocks}  # no line means it yet
        self.open = list(range(len(lines)))  # lines that mean none yet

    def _take(self, place: int, block: Held) -> None:
        self.matches[place] = Match(block, named=(block.pk,))
        del self.free[block.pk]

    def by_number(self) -> None:
        """Lines of a downloaded list carry the numbers of their blocks."""
        first: dict[int, Line] = {}
        gone = []
        for place in self.open:
            line = self.lines[place]
            if line.block is None:
                continue
            if line.block in first:
                cell = first[line.block].cell(Field.BLOCK)
                words = {"block": line.block, "cell": cell}
                self.matches[place].problem = line.wrong("block_twice", Field.BLOCK, **words)
                continue
            first[line.block] = line
            if line.block in self.free:
                self._take(place, self.free[line.block])
            else:
                gone.append(place)
        self.open = [place for place in self.open if self.lines[place].block is None]
        self._just_so(gone)
        for place in gone:
            if self.matches[place].block is None:
                line = self.lines[place]
                words = {"block": line.block}
                self.matches[place].problem = line.wrong("block_gone", Field.BLOCK, **words)

    def just_so(self) -> None:
        """A line that says of seats and days what a block says means that block."""
        self._just_so(self.open)
        self.open = [place for place in self.open if self.matches[place].block is None]

    def _just_so(self, places: Iterable[int]) -> None:
        exact = {_whole(block): block for block in self.free.values()}
        for place in places:
            block = exact.pop(_whole(self.lines[place]), None)
            if block is not None:
                self._take(place, block)

    def of_the_same_holder(self) -> None:
        """What is left, by holder and floor: lines and blocks that share seats on some days."""
        lines: dict[tuple[int, int | None], list[int]] = defaultdict(list)
        blocks: dict[tuple[int, int | None], list[Held]] = defaultdict(list)
        for place in self.open:
            lines[self.lines[place].floor, self.lines[place].enterprise].append(place)
        for block in self.free.values():
            blocks[block.floor, block.enterprise].append(block)
        for key, places in lines.items():
            for some, others in self._groups(places, blocks.get(key, [])):
                self._settle(some, others)

    def _groups(
        self, places: Sequence[int], blocks: Sequence[Held]
    ) -> Iterator[tuple[list[int], list[Held]]]:
        """Lines and blocks that meet, directly or through each other."""
        left, waiting = list(blocks), list(places)
        while waiting and left:
            some, others = [waiting.pop()], []
            new = some
            while new:
                mine = [rectangle(self.lines[place]) for place in new]
                met = [b for b in left if any(b.rectangle.meets(one) for one in mine)]
                left = [b for b in left if b not in met]
                others += met
                new = [place for place in waiting if self._meets(place, met)] if met else []
                waiting = [place for place in waiting if place not in new] if new else waiting
                some += new
            yield some, others

    def _meets(self, place: int, blocks: Sequence[Held]) -> bool:
        return any(block.rectangle.meets(rectangle(self.lines[place])) for block in blocks)

    def _settle(self, places: Sequence[int], blocks: Sequence[Held]) -> None:
        if not blocks:
            return  # new
        if self._cover(places, blocks):
            named = tuple(block.pk for block in blocks)
            for place in places:
                self.matches[place] = Match(is_covered=True, named=named)
        elif len(places) == len(blocks) == 1 and _may_change(self.lines[places[0]], blocks[0]):
            self._take(places[0], blocks[0])
        else:
            for place in places:
                self.matches[place] = self._unclear(self.lines[place], blocks)

    def _unclear(self, line: Line, blocks: Sequence[Held]) -> Match:
        runs = ", ".join(block.run for block in blocks[:MOST_LISTED])
        words = {
            "holder": blocks[0].holder or line.kind,
            "blocks": runs + (" …" if len(blocks) > MOST_LISTED else ""),
        }
        fields = (Field.RUN, Field.FIRST_SEAT, Field.FLOOR)
        problem = line.wrong("several_blocks", *fields, **words)
        return Match(problem=problem, named=tuple(block.pk for block in blocks))

    def _cover(self, places: Sequence[int], blocks: Sequence[Held]) -> bool:
        """Whether the lines are the very seats, days and kind of the blocks, cut otherwise."""
        lines = [self.lines[place] for place in places]
        mine = sum(_area(rectangle(line)) for line in lines)
        theirs = sum(_area(block.rectangle) for block in blocks)
        shared = sum(
            _shared(rectangle(line), block.rectangle)
            for line in lines
            for block in blocks
            if line.kind == block.kind
        )
        return mine == theirs == shared


def rectangle(line: Line) -> Rectangle:
    return Rectangle(line.seats, line.start, line.end)


def _whole(one: Line | Held) -> tuple[object, ...]:
    return one.kind, one.enterprise, one.seats, one.start, one.end


def _may_change(line: Line, block: Held) -> bool:
    """A line without a number means another form of a block only where seats or first day stay."""
    return line.seats == block.seats or line.start == block.start


def _area(one: Rectangle) -> int:
    return one.seats.length * ((one.end or date.max) - one.start).days


def _shared(one: Rectangle, other: Rectangle) -> int:
    seats = intersection(one.seats, other.seats)
    start = max(one.start, other.start)
    end = min(one.end or date.max, other.end or date.max)
    return seats.length * (end - start).days if seats and start < end else 0

"""What a list would change: its lines against the blocks that are there. Plain Python.

A line is first laid beside the block that it means (`matching.py`); then everything is put where
the list wants it, and what does not fit is told with whom it is until when.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from park.axis import LAST_DAY, intersection, run_label
from seats.imports.fields import Field
from seats.imports.lines import Line
from seats.imports.matching import Held, Match, match_lines
from seats.imports.problems import Problem
from seats.imports.rules import Park, first_closed, is_same_holding, new_facts, promises, rules
from seats.rectangles import ONE_DAY, Rectangle

MOST_SAID = 3  # conflicts of one line that are told


class Change(StrEnum):
    """What becomes of a line, or of a block that no line names."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICTING = "conflicting"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True)
class Outcome:
    """A line and what it changes; a missing block has no line. `after` None: it is gone."""

    change: Change
    line: Line | None
    before: Held | None = None
    after: Rectangle | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def seats(self) -> int:
        """How many seats it is about."""
        if self.line is not None:
            return self.line.seats.length
        return self.before.seats.length if self.before else 0


def rectangle_of(line: Line) -> Rectangle:
    return Rectangle(line.seats, line.start, line.end)


def compare(lines: Sequence[Line], park: Park) -> list[Outcome]:
    """The outcome of each line, in order, then the blocks that are missing from the list."""
    matches = match_lines(lines, park.blocks)
    outcomes = [_outcome(line, match, park) for line, match in zip(lines, matches, strict=True)]
    missing = list(_missing(matches, park))
    _refuse_two_facts(outcomes)
    _find_conflicts(outcomes, missing, matches, park)
    return [_settled(outcome) for outcome in outcomes] + missing


def _outcome(line: Line, match: Match, park: Park) -> Outcome:
    after = rectangle_of(line)
    if match.problem is not None:
        return Outcome(Change.WRONG, line, match.block, after, (match.problem,))
    if match.is_covered:
        return Outcome(Change.UNCHANGED, line, match.block, after)
    if match.block is None:
        return Outcome(Change.NEW, line, None, after, tuple(rules(line, None, park)))
    if same(line, match.block):
        return Outcome(Change.UNCHANGED, line, match.block, after)
    problems = tuple(rules(line, match.block, park))
    return Outcome(Change.CHANGED, line, match.block, after, problems)


def same(line: Line, block: Held) -> bool:
    """Whether the line says of the block what is known of it."""
    return (
        line.seats == block.seats
        and (line.start, line.end) == (block.start, block.end)
        and is_same_holding(line, block)
        and not new_facts(line, block)
    )


def _missing(matches: Sequence[Match], park: Park) -> Iterator[Outcome]:
    """What no line of a whole zone names, released from the day."""
    if park.from_day is None:
        return
    named = {pk for match in matches for pk in match.named}
    for block in park.blocks:
        is_asked = not block.is_void and park.floors[block.floor].zone in park.whole_zones
        if is_asked and block.pk not in named and (block.end or date.max) > park.from_day:
            start = max(block.start, park.from_day)
            cut = Rectangle(block.seats, block.start, park.from_day)
            problems: tuple[Problem, ...] = ()
            if month := first_closed(start, block.end, park.closed_months):
                problems = (Problem(0, "", "month_closed", {"month": f"{month:%Y-%m}"}),)
            problems += tuple(Problem(0, "", *found) for found in promises(block, start))
            after = cut if block.start < park.from_day else None
            yield Outcome(Change.MISSING, None, block, after, problems)


def _refuse_two_facts(outcomes: list[Outcome]) -> None:
    """One allocation has one reason and one end of the hold: its lines must agree."""
    said: dict[tuple[int | None, str], str] = {}
    for place, outcome in enumerate(outcomes):
        line, block = outcome.line, outcome.before
        if line is None or block is None or not is_same_holding(line, block):
            continue
        for name, value in (("hold_until", line.hold_until), ("reason", line.reason)):
            if value is None or not line.block:
                continue
            if said.setdefault((block.allocation, name), value) != value:
                words = {"allocation": block.allocation}
                problem = line.wrong("facts_differ", Field(name), **words)
                outcomes[place] = replace(outcome, problems=(*outcome.problems, problem))


@dataclass
class _Floor:
    """What lies on one floor when all is done, by its first seat."""

    longest: int = 0
    keys: list[tuple[int, int]] = field(default_factory=list)
    items: dict[int, _Item] = field(default_factory=dict)

    def add(self, item: _Item) -> None:
        number = len(self.items)
        self.items[number] = item
        insort(self.keys, (item.rectangle.seats.lower, number))
        self.longest = max(self.longest, item.rectangle.seats.length)

    def meeting(self, rectangle: Rectangle) -> Iterator[_Item]:
        """What shares a seat on a day with `rectangle`, from the first seat on."""
        first = bisect_left(self.keys, (rectangle.seats.lower - self.longest, -1))
        for lower, number in self.keys[first:]:
            if lower >= rectangle.seats.upper:
                return
            if self.items[number].rectangle.meets(rectangle):
                yield self.items[number]


class _Item(NamedTuple):
    """A block as it will be, or the rectangle of a line."""

    rectangle: Rectangle
    block: Held | None
    line: Line | None
    place: int = -1


def _find_conflicts(
    outcomes: list[Outcome], missing: Sequence[Outcome], matches: Sequence[Match], park: Park
) -> None:
    """Add to each line that is new or changes what is in its way."""
    floors = _laid_out(outcomes, missing, matches, park)
    for place, outcome in enumerate(outcomes):
        if outcome.change in {Change.NEW, Change.CHANGED} and outcome.line and outcome.after:
            found = floors[outcome.line.floor].meeting(outcome.after)
            said = list(_in_the_way(outcome, place, found, park))[:MOST_SAID]
            outcomes[place] = replace(outcome, problems=(*outcome.problems, *said))


def _laid_out(
    outcomes: Sequence[Outcome],
    missing: Sequence[Outcome],
    matches: Sequence[Match],
    park: Park,
) -> dict[int, _Floor]:
    floors: dict[int, _Floor] = defaultdict(_Floor)
    moved = {outcome.before.pk: outcome for outcome in missing if outcome.before}
    mine = {
        match.block.pk
        for match, outcome in zip(matches, outcomes, strict=True)
        if match.block is not None and not match.is_covered
    }
    for block in park.blocks:
        rectangle: Rectangle | None = block.rectangle
        if block.pk in moved:
            rectangle = moved[block.pk].after
        if block.pk not in mine and rectangle is not None:
            floors[block.floor].add(_Item(rectangle, block, None))
    for place, (outcome, match) in enumerate(zip(outcomes, matches, strict=True)):
        if outcome.line is not None and outcome.after is not None and not match.is_covered:
            floors[outcome.line.floor].add(_Item(outcome.after, None, outcome.line, place))
    return floors


def _in_the_way(
    outcome: Outcome, place: int, found: Iterable[_Item], park: Park
) -> Iterator[Problem]:
    line = outcome.line
    assert line is not None  # noqa: S101 - only lines are asked for
    for item in found:
        shared = intersection(item.rectangle.seats, line.seats) or line.seats
        label = run_label(park.floors[line.floor].label, shared)
        if item.line is not None and item.place != place:
            fields = (Field.RUN, Field.FIRST_SEAT, Field.FLOOR)
            yield line.wrong("lines_overlap", *fields, seats=label, row=item.line.row)
        elif item.block is not None:
            yield _rival(line, item, label, park)


def _rival(line: Line, item: _Item, label: str, park: Park) -> Problem:
    """Who has the seats until when; or that they are not there then."""
    block = item.block
    assert block is not None  # noqa: S101 - lines are told apart before
    fields = (Field.RUN, Field.FIRST_SEAT, Field.FLOOR)
    end = item.rectangle.end
    if block.is_void:
        floor = park.floors[line.floor].label
        code = "no_seats_yet" if end else "no_seats_ever"
        words = {"floor": floor, "day": end.isoformat()} if end else {"floor": floor}
        return line.wrong(code, Field.START, Field.PERIOD, **words)
    code = {"firm": "taken", "hold": "held", "closure": "closed"}[block.kind]
    if end is None or end > LAST_DAY:
        return line.wrong(f"{code}_open", *fields, seats=label, holder=block.holder)
    day = (end - ONE_DAY).isoformat()
    return line.wrong(code, *fields, seats=label, holder=block.holder, day=day)


def _settled(outcome: Outcome) -> Outcome:
    """A line that cannot be is wrong in itself, or in conflict with what others have."""
    if not outcome.problems:
        return outcome
    is_conflict = all(problem.is_conflict for problem in outcome.problems)
    change = Change.CONFLICTING if is_conflict else Change.WRONG
    return replace(outcome, change=change)

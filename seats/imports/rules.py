"""The rules of allocations as they say no to lines of a list: each with its cell.

They are those of the services, told before anything is written; under the lock the services say
them once more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from park.axis import Span, intersection, run_label
from seats.imports.fields import Field
from seats.imports.lines import Line
from seats.imports.matching import Held
from seats.imports.problems import Problem


class FloorFacts(NamedTuple):
    label: str
    is_delivered: bool
    zone: str


@dataclass(frozen=True)
class Park:
    """What lines are compared with: every block of the floors that they name, void too."""

    floors: Mapping[int, FloorFacts]
    blocks: Sequence[Held]
    closed_months: Sequence[date]  # first days, in order
    now: str  # as pages write a moment
    whole_zones: frozenset[str] = frozenset()  # the list is the whole of these …
    from_day: date | None = None  # … and what it does not name is released from this day


def is_same_holding(line: Line, block: Held) -> bool:
    """Whether kind and holder stay: then the block stays in its allocation."""
    return line.kind == block.kind and line.enterprise == block.enterprise


def new_facts(line: Line, block: Held) -> dict[str, str]:
    """The hold's end and the reason, where the line says others than are known.

    A list that was not downloaded has notes of its own: they are taken for new allocations only.
    """
    facts: dict[str, str] = {}
    if line.hold_until and line.kind == "hold" and line.hold_until != block.hold_until:
        facts["hold_until"] = line.hold_until
    if line.block and line.hold_until == "" and block.hold_until:
        facts["hold_until"] = ""
    known = " ".join(block.reason.split())  # blanks and line ends say nothing
    if line.block and line.reason is not None and line.reason != known:
        facts["reason"] = line.reason
    return facts


def rules(line: Line, block: Held | None, park: Park) -> Iterator[Problem]:
    """What the rules say to a line that is new or changes something."""
    floor = park.floors[line.floor]
    if block is not None:
        yield from _rules_of(line, block)
    if line.kind == "closure" and not (line.reason or (block and block.reason)):
        yield line.wrong("no_reason", Field.REASON, Field.KIND)
    if line.hold_until and line.kind != "hold":
        yield line.wrong("only_holds", Field.HOLD_UNTIL)
    is_newly_said = block is None or line.hold_until != block.hold_until
    if line.kind == "hold" and line.hold_until and is_newly_said and _is_over(line, park.now):
        yield line.wrong("hold_over", Field.HOLD_UNTIL)
    if line.kind != "hold" and not floor.is_delivered:
        fields = (Field.KIND, Field.RUN, Field.FIRST_SEAT)
        yield line.wrong("not_delivered", *fields, floor=floor.label)
    if month := _closed_month(line, block, park.closed_months):
        is_end = block is not None and _only_ends_otherwise(line, block)
        end = (Field.END, Field.PERIOD) if is_end else ()
        yield line.wrong("month_closed", *end, Field.START, Field.PERIOD, month=f"{month:%Y-%m}")


def _rules_of(line: Line, block: Held) -> Iterator[Problem]:
    """What stands in the way of changing a block that is there."""
    if not block.is_live and not _only_shrinks(line, block):
        yield line.wrong("hold_expired", Field.BLOCK, Field.KIND)
    if is_same_holding(line, block) and _ends_hold_earlier(line, block):
        yield line.wrong("hold_shorter", Field.HOLD_UNTIL, day=block.hold_until)
    for code, words in promises(block, _lost_from(line, block)):
        yield line.wrong(code, Field.RUN, Field.FIRST_SEAT, Field.FLOOR, **words)


def _ends_hold_earlier(line: Line, block: Held) -> bool:
    """A hold can be given longer; who wants it shorter releases its seats."""
    until = new_facts(line, block).get("hold_until")
    return until is not None and (not block.hold_until or until < block.hold_until)


def promises(block: Held, lost: date | None) -> Iterator[tuple[str, dict[str, str]]]:
    """Why a block cannot change, or not give up its seats from the day `lost` on."""
    if block.request:
        yield "offered", {"number": block.request}
    if block.borrowed_until:
        yield "borrowed", {"day": block.borrowed_until}
    for lower, upper, borrower, last_day in block.lent if lost else ():
        shared = intersection(Span(lower, upper), block.seats)
        if shared and lost and lost.isoformat() <= last_day:
            words = {"seats": run_label(block.label, shared), "borrower": borrower}
            yield "lent", {**words, "day": last_day}


def _lost_from(line: Line, block: Held) -> date | None:
    """The first day on which the block would have fewer seats; None where it keeps all."""
    if not is_same_holding(line, block) or line.start > block.start:
        return block.start
    if intersection(line.seats, block.seats) != block.seats:
        return block.start
    return line.end if (line.end or date.max) < (block.end or date.max) else None


def _only_ends_otherwise(line: Line, block: Held) -> bool:
    return is_same_holding(line, block) and (line.seats, line.start) == (block.seats, block.start)


def _only_shrinks(line: Line, block: Held) -> bool:
    """Whether nothing is added to the block; one that changes hands leaves."""
    if not is_same_holding(line, block):
        return True
    return (
        intersection(line.seats, block.seats) == line.seats
        and block.start <= line.start
        and (line.end or date.max) <= (block.end or date.max)
        and not new_facts(line, block)
    )


def _is_over(line: Line, now: str) -> bool:
    """A hold lasts to the end of its last day, or to its moment."""
    until = line.hold_until or ""
    return until < now[: len(until)] if len(until) == 10 else until <= now


def changed_days(line: Line, block: Held | None) -> list[tuple[date, date | None]]:
    """The days on which something else is true of seats than before, half-open."""
    if block is None:
        return [(line.start, line.end)]
    if not is_same_holding(line, block) or line.seats != block.seats:
        return [(line.start, line.end), (block.start, block.end)]
    ends = sorted([line.end or date.max, block.end or date.max])
    starts = sorted([line.start, block.start])
    return [
        (first, None if last == date.max else last)
        for first, last in (starts, ends)
        if first != last
    ]


def _closed_month(line: Line, block: Held | None, closed: Sequence[date]) -> date | None:
    return next(
        (
            month
            for start, end in changed_days(line, block)
            if (month := first_closed(start, end, closed))
        ),
        None,
    )


def first_closed(start: date, end: date | None, closed: Sequence[date]) -> date | None:
    """The first closed month that shares a day with [start, end)."""
    position = bisect_left(closed, start.replace(day=1))
    found = closed[position] if position < len(closed) else None
    return found if found is not None and (end is None or found < end) else None

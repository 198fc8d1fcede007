"""One floor as a list: what every seat of it is on a day, run by run, and what comes later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from park.axis import Span, free_spans, intersection, place_of, run_label
from park.models import Floor
from seats.holdings import glyph_of
from seats.models import BlockKind, SeatBlock
from seats.rectangles import last_included

FREE = "free"


class FloorRun(NamedTuple):
    """Seats side by side that are the same thing on the day. `block` is None where they are free.

    `until`: the last day on which that stays so, None where no end is known.
    """

    label: str
    seats: Span
    kind: str
    block: SeatBlock | None
    until: date | None

    @property
    def glyph(self) -> str:
        """The kind as the page parts name it."""
        return glyph_of(self.kind)

    @property
    def first_place(self) -> int:
        return place_of(self.seats.lower)

    @property
    def last_place(self) -> int:
        return place_of(self.seats.upper - 1)


class FloorDay(NamedTuple):
    """A floor on a day: its runs in the order of the seats, and what comes later."""

    runs: list[FloorRun]
    later: list[FloorRun]


def floor_on(floor: Floor, day: date, *, is_there: bool) -> FloorDay:
    """What `floor` is on `day`; where it `is_there` not, all that was decided comes later."""
    blocks = list(
        floor.blocks.during(day, None)
        .select_related("enterprise", "allocation")
        .order_by("seats", "period")
    )
    there = [block for block in blocks if is_there and block.period.lower <= day]
    later = [block for block in blocks if block not in there]
    runs = [_held(floor, block) for block in there if block.kind != BlockKind.VOID]
    if is_there:
        runs += [
            _free(floor, seats, later)
            for seats in free_spans(floor.seats, (block.span for block in there))
        ]
    return FloorDay(
        sorted(runs, key=lambda run: run.seats),
        [_held(floor, block) for block in later if block.kind != BlockKind.VOID],
    )


def _held(floor: Floor, block: SeatBlock) -> FloorRun:
    seats = block.span
    until = last_included(block.period.upper)
    return FloorRun(run_label(floor.label, seats), seats, block.kind, block, until)


def _free(floor: Floor, seats: Span, later: Sequence[SeatBlock]) -> FloorRun:
    """A run that is free until the first of the later blocks takes some of it."""
    ends = [block.period.lower for block in later if intersection(block.span, seats)]
    until = last_included(min(ends, default=None))
    return FloorRun(run_label(floor.label, seats), seats, FREE, None, until)

"""A run of seats that somebody chose on a floor's map: what it is, what acting on it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from park.axis import Span, free_spans, intersection, place_of, run_label
from park.models import Floor
from seats.models import BlockKind, SeatBlock
from seats.occupancy import Occupancy, floors_during
from seats.rectangles import ONE_DAY, last_included


class Piece(NamedTuple):
    """A part of the selection that somebody has for some days of the period, or that is closed."""

    seats: Span
    block: SeatBlock

    @property
    def label(self) -> str:
        return run_label(self.block.floor.label, self.seats)


class Change(NamedTuple):
    """What there is before an act and what there would be after it."""

    longest_before: int
    longest_after: int
    before: Occupancy
    after: Occupancy


@dataclass(frozen=True)
class Selection:
    """Seats of one floor for a period, with everything that covers some of them then."""

    floor: Floor
    seats: Span
    start: date
    end: date | None
    blocks: Sequence[SeatBlock]

    @property
    def label(self) -> str:
        return run_label(self.floor.label, self.seats)

    @property
    def first_place(self) -> int:
        return place_of(self.seats.lower)

    @property
    def last_place(self) -> int:
        return place_of(self.seats.upper - 1)

    @property
    def last_day(self) -> date | None:
        return last_included(self.end)

    @property
    def area(self) -> Decimal:
        """About how many m² they are: their share of the floor's."""
        return self.floor.lettable_m2 * self.seats.length / self.floor.seat_count

    @property
    def pieces(self) -> list[Piece]:
        """What is in the way, in the order of the seats."""
        return [
            Piece(seats, block)
            for block in self.blocks
            if block.kind != BlockKind.VOID
            if (seats := intersection(self.seats, block.span))
        ]

    @property
    def missing(self) -> list[SeatBlock]:
        """Void over some of the seats: they do not exist on some of the days."""
        return [
            block
            for block in self.blocks
            if block.kind == BlockKind.VOID and intersection(self.seats, block.span)
        ]

    @property
    def is_free(self) -> bool:
        """Whether all of the seats are free on all of the days."""
        return not self.pieces and not self.missing

    @property
    def free_until(self) -> date | None:
        """The last day until which all are free, where they are from the first day on, not all."""
        starts = [piece.block.period.lower for piece in self.pieces]
        if not starts or self.missing or min(starts) <= self.start:
            return None
        return min(starts) - ONE_DAY

    def taking(self, before: Occupancy) -> Change:
        """What contracting the seats would change; `before` is the floor's first day."""
        taken = [*self._covered, self.seats]
        after = before._replace(firm=before.firm + self.seats.length)
        return Change(self._longest(self._covered), self._longest(taken), before, after)

    def releasing(self, before: Occupancy) -> Change:
        """What releasing every piece would change from the first day on."""
        kept = [
            rest
            for block in self.blocks
            for rest in self._left_of(block)  # void stays
        ]
        there = [piece for piece in self.pieces if piece.block.period.lower <= self.start]
        after = before._replace(
            firm=before.firm - _seats_of(there, BlockKind.FIRM),
            held=before.held - _seats_of(there, BlockKind.HOLD),
            closed=before.closed - _seats_of(there, BlockKind.CLOSURE),
        )
        return Change(self._longest(self._covered), self._longest(kept), before, after)

    @property
    def _covered(self) -> list[Span]:
        return [block.span for block in self.blocks]

    def _left_of(self, block: SeatBlock) -> list[Span]:
        span = block.span
        return [span] if block.kind == BlockKind.VOID else free_spans(span, [self.seats])

    def _longest(self, covered: Iterable[Span]) -> int:
        """The longest run of the floor that is free over the whole period."""
        return max((run.length for run in free_spans(self.floor.seats, covered)), default=0)


def select(floor: Floor, seats: Span, start: date, end: date | None) -> Selection:
    """Seats of `floor` on [start, end), with whatever covers any of the floor's then."""
    blocks = (
        floor.blocks.during(start, end)
        .select_related("enterprise", "allocation")
        .order_by("seats", "period")
    )
    for block in blocks:
        block.floor = floor
    return Selection(floor, seats, start, end, list(blocks))


def occupancy_of(floor: Floor, day: date, *, today: date) -> Occupancy:
    """The floor's seats at the end of `day`, by what they are."""
    rows = floors_during(day, day + ONE_DAY, today=today)
    return next((row.occupancy for row in rows if row.floor == floor.label), Occupancy())


def _seats_of(pieces: Iterable[Piece], kind: BlockKind) -> int:
    return sum(piece.seats.length for piece in pieces if piece.block.kind == kind)

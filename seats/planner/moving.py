"""Plans in one run that ask other tenants to move: a few of them, each as a whole.

A tenant moves from a run that it has alone (no other seats of its own beside it) into a run of the
same size that is free for as long as it has the seats: so nobody is cut into more runs than before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from park.axis import Span, free_spans, intersection, run_label
from seats.models import BlockKind
from seats.planner import facts
from seats.planner.facts import InTheWay
from seats.planner.need import Free, Move, Need, Plan, Take, longest_without
from seats.rectangles import Rectangle

MOST_MOVES = 3
MOST_PLANS = 2
MOST_WINDOWS = 10  # that are tried, the least trouble first

Piece = Free | InTheWay


class Window(NamedTuple):
    """Seats side by side for a need: some free, some of tenants who can move."""

    seats: Span
    pieces: tuple[Piece, ...]

    @property
    def movers(self) -> list[InTheWay]:
        return [piece for piece in self.pieces if isinstance(piece, InTheWay)]

    @property
    def frees(self) -> list[Free]:
        return [piece for piece in self.pieces if isinstance(piece, Free)]

    @property
    def trouble(self) -> tuple[int, int, int]:
        movers = self.movers
        return len(movers), sum(mover.seats.length for mover in movers), self.seats.lower


def plans_with_moves(need: Need, runs: Sequence[Free]) -> list[Plan]:
    """Up to two plans for `need` in one run; `runs` are free on all of its days, in its zones."""
    delivered = [run for run in runs if run.is_delivered]
    if not delivered:
        return []
    blocks = facts.in_the_way(need.start, None)
    floors = {floor: said for floor, said in facts.floors().items() if said[1]}
    there = [block for block in blocks if block.floor in floors]
    plans: list[Plan] = []
    asked: set[frozenset[int]] = set()
    for window in _windows(need, delivered, there)[:MOST_WINDOWS]:
        movers = frozenset(mover.id for mover in window.movers)
        if movers in asked:
            continue
        if moves := _moves(window, need, there, floors):
            asked.add(movers)
            plans.append(_plan(need, window, moves, delivered))
        if len(plans) == MOST_PLANS:
            break
    return plans


def _windows(need: Need, runs: Sequence[Free], blocks: Sequence[InTheWay]) -> list[Window]:
    """Every way to get the seats side by side on a floor, the least trouble first."""
    floors: dict[int, list[Piece]] = {}
    for run in runs:
        floors.setdefault(run.floor, []).append(run)
    for block in _movable(need, blocks):
        if block.floor in floors:
            floors[block.floor].append(block)
    windows = set()
    for pieces in floors.values():
        ordered = sorted(pieces, key=lambda piece: piece.seats)
        for first in range(len(ordered)):
            windows |= set(_from(ordered[first:], need.seats))
    return sorted(windows, key=lambda window: window.trouble)


def _from(pieces: Sequence[Piece], seats: int) -> list[Window]:
    """The windows that begin with the first of `pieces`, or end with the last that is needed."""
    taken: list[Piece] = []
    for piece in pieces:
        if taken and taken[-1].seats.upper != piece.seats.lower:
            return []
        taken.append(piece)
        if sum(isinstance(each, InTheWay) for each in taken) > MOST_MOVES:
            return []
        lower, upper = taken[0].seats.lower, piece.seats.upper
        if upper - lower >= seats:
            spans = {Span(lower, lower + seats), Span(upper - seats, upper)}
            windows = [_window(span, taken) for span in spans]
            return [window for window in windows if window.movers and window.frees]
    return []


def _window(seats: Span, pieces: Iterable[Piece]) -> Window:
    return Window(seats, tuple(each for each in pieces if intersection(each.seats, seats)))


def _movable(need: Need, blocks: Sequence[InTheWay]) -> list[InTheWay]:
    """Tenants' runs whose seats nothing else holds in the period, and none of their own beside.

    `blocks` are those from the first day on, by floor and seat.
    """
    by_floor: dict[int, list[InTheWay]] = {}
    for block in blocks:
        by_floor.setdefault(block.floor, []).append(block)
    return [
        block
        for there in by_floor.values()
        for block in there
        if block.kind == BlockKind.FIRM and block.start <= need.start
        if not any(_forbids(other, block, need) for other in there if other is not block)
    ]


def _forbids(other: InTheWay, block: InTheWay, need: Need) -> bool:
    """Whether `other` keeps `block` where it is."""
    touches = other.seats.lower <= block.seats.upper and block.seats.lower <= other.seats.upper
    if not touches:
        return False
    if other.enterprise == block.enterprise:
        return True
    overlaps = intersection(other.seats, block.seats) is not None
    return overlaps and (need.end is None or other.start < need.end)


def _moves(
    window: Window,
    need: Need,
    blocks: Sequence[InTheWay],
    floors: dict[int, tuple[str, bool]],
) -> list[Move]:
    """Where everybody of the window goes; nothing where somebody has nowhere to go."""
    taken, moves = [window.seats], []
    for mover in sorted(window.movers, key=lambda mover: -mover.seats.length):
        to = _target(mover, taken, need, blocks, floors)
        if to is None or mover.enterprise is None:
            return []
        taken.append(to.seats)
        moves.append(
            Move(
                *(mover.id, mover.enterprise, mover.holder, mover.seats, mover.label),
                Rectangle(to.seats, need.start, mover.end),
                run_label(to.label, to.seats),
            )
        )
    return moves


def _target(
    mover: InTheWay,
    taken: Sequence[Span],
    need: Need,
    blocks: Sequence[InTheWay],
    floors: dict[int, tuple[str, bool]],
) -> Free | None:
    """Seats for `mover` as near as can be, free until it leaves the park's seats."""
    others = [block for block in blocks if mover.end is None or block.start < mover.end]
    fits = [
        run._replace(seats=Span(part.lower, part.lower + mover.seats.length))
        for run in facts.free_beside(others, floors)
        for part in free_spans(run.seats, taken)
        if part.length >= mover.seats.length
    ]
    home = Free(mover.seats, mover.floor, mover.floor_label, is_delivered=True)
    return min(fits, key=lambda run: _far(run, home), default=None)


def _far(run: Free, home: Free) -> tuple[bool, bool, bool, int]:
    return (
        *(run.floor != home.floor, run.building != home.building, run.zone != home.zone),
        run.seats.lower,
    )


def _plan(need: Need, window: Window, moves: Sequence[Move], scope: Sequence[Free]) -> Plan:
    takes = [
        Take(part, run)
        for run in window.frees
        if (part := intersection(run.seats, window.seats)) is not None
    ]
    after = [
        Rectangle(part, need.start, need.end)
        for mover in window.movers
        if (part := intersection(mover.seats, window.seats)) is not None
    ]
    gone = [
        (part, run)
        for move in moves
        for run in scope
        if (part := intersection(run.seats, move.to.seats)) is not None
    ]
    longest = max(run.seats.length for run in scope)
    left = longest_without(scope, [*(take[:2] for take in takes), *gone])
    return Plan(need, tuple(takes), longest, left, moves=tuple(moves), after_moves=tuple(after))

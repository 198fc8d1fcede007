"""What the planner is asked, and what it answers: plain Python, no Django, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from park.axis import Span, free_spans, run_label, together
from seats.rectangles import Rectangle


class Phase(NamedTuple):
    """A part of the seats, from a day of its own."""

    seats: int
    start: date


class Need(NamedTuple):
    """Seats from `start` until `end` (half-open; None: until further notice), and the wishes.

    `zones`: codes, empty for any. `moves_allowed`: other tenants may be asked to move. `phases`
    add up to `seats`, the first from `start` on; none means all of them from that day on.
    """

    seats: int
    start: date
    end: date | None = None
    zones: tuple[str, ...] = ()
    same_building: bool = False
    contiguous: bool = False
    moves_allowed: bool = False
    phases: tuple[Phase, ...] = ()

    @property
    def parts(self) -> list[Need]:
        """Each phase as a need of its own; all of it where there are none."""
        return [
            self._replace(seats=phase.seats, start=phase.start, phases=()) for phase in self.phases
        ] or [self]


class Free(NamedTuple):
    """Seats side by side on one floor that nobody has on any day of a need."""

    seats: Span
    floor: int
    label: str
    is_delivered: bool

    @property
    def building(self) -> str:
        """C-1: a floor's label is its building's and its storey."""
        return self.label.rpartition("-")[0]

    @property
    def zone(self) -> str:
        return self.label.partition("-")[0]


class Take(NamedTuple):
    """The part of a free run that a plan takes: all of it, or from one end.

    `phase`: which of the need's it is for, from 0.
    """

    seats: Span
    run: Free
    phase: int = 0

    @property
    def label(self) -> str:
        return run_label(self.run.label, self.seats)


class Wait(NamedTuple):
    """Somebody who has seats of a plan before it begins.

    `until`: their last day there, None where no end is known; `by_expiry`: unless it is confirmed.
    """

    kind: str
    holder: str
    enterprise: int | None
    label: str
    seats: Span
    until: date | None
    by_expiry: bool = False


class Move(NamedTuple):
    """A tenant's run that would have to go elsewhere, from the first day of the plan on."""

    block: int
    enterprise: int
    holder: str
    seats: Span
    label: str
    to: Rectangle
    to_label: str


@dataclass(frozen=True)
class Plan:
    """One way to meet a need. `after_moves`: seats that become free by the moves only.

    `longest_before` and `longest_after` are of the runs free on all days of the need, in the zones
    that were asked for; floors that are not handed over count only for plans that use them.
    """

    need: Need
    takes: tuple[Take, ...]
    longest_before: int
    longest_after: int
    waits: tuple[Wait, ...] = ()
    moves: tuple[Move, ...] = ()
    after_moves: tuple[Rectangle, ...] = ()

    @property
    def blocks(self) -> tuple[Rectangle, ...]:
        """What can be held now: free on every day of the need."""
        return tuple(Rectangle(take.seats, self.day_of(take), self.need.end) for take in self.takes)

    def day_of(self, take: Take) -> date:
        """From which day on `take` is needed."""
        return self.need.parts[take.phase].start

    @property
    def seats(self) -> int:
        """How many seats there are now; `after_moves` come on top."""
        return sum(take.seats.length for take in self.takes)

    @property
    def floors(self) -> tuple[str, ...]:
        """The labels of its floors, in the order of the seats."""
        return tuple(dict.fromkeys(take.run.label for take in self.takes))

    @property
    def buildings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(take.run.building for take in self.takes))

    @property
    def runs(self) -> int:
        """How many runs it is to those who sit there: seats that moves free join their neighbours.

        A plan with moves is one run by its making; what comes in phases grows together.
        """
        if self.moves:
            return 1
        return len(together(take.seats for take in self.takes))

    @property
    def _of_runs(self) -> list[tuple[Free, int]]:
        """How many seats it takes of which free run."""
        seats: dict[Free, int] = {}
        for take in self.takes:
            seats[take.run] = seats.get(take.run, 0) + take.seats.length
        return list(seats.items())

    @property
    def cut(self) -> tuple[tuple[Free, int], ...]:
        """The free runs that it takes a part of only, and how many seats of each."""
        return tuple((run, seats) for run, seats in self._of_runs if seats < run.seats.length)

    @property
    def longest(self) -> int:
        """How many seats stay together in its longest run."""
        spans = [take.seats for take in self.takes] + [block.seats for block in self.after_moves]
        return max(span.length for span in together(spans))

    @property
    def preselected(self) -> int:
        """How many of its seats are on floors that are not handed over: they can only be held."""
        return sum(take.seats.length for take in self.takes if not take.run.is_delivered)

    @property
    def pool(self) -> int:
        """Handed-over floors before others, either before both together."""
        return pool_of(take.run.is_delivered for take in self.takes)

    @property
    def rank(self) -> tuple[int, ...]:
        """What plans are ordered by; what is cut off and the first seat decide between equals."""
        spare = sum(take.run.seats.length - take.seats.length for take in self.takes)
        return (
            *(len(self.moves), self.pool, len(self.buildings), len(self.floors), self.runs),
            *(-self.longest_after, len(self.waits), spare, self.takes[0].seats.lower),
        )


def pool_of(delivered: Iterable[bool]) -> int:
    """0: only floors handed over; 1: only others; 2: both."""
    kinds = set(delivered)
    return 2 if len(kinds) > 1 else 0 if True in kinds else 1


def longest_without(runs: Iterable[Free], taken: Iterable[tuple[Span, Free]]) -> int:
    """The longest run that is left of `runs` where parts of them are taken."""
    parts: dict[Span, list[Span]] = {}
    for span, run in taken:
        parts.setdefault(run.seats, []).append(span)
    longest = 0
    for run in runs:
        if run.seats.length > longest:
            rest = free_spans(run.seats, parts[run.seats]) if run.seats in parts else [run.seats]
            longest = max([longest, *(span.length for span in rest)])
    return longest

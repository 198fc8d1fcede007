"""What changed between two days: two sets of rectangles laid over each other, floor by floor.

What a seat is on a day is its kind (free and void among them) and whose it is. Which allocation
says so does not matter: who goes on by a new one has not moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet, TextChoices
from django.db.models.functions import Length
from django.utils.translation import pgettext_lazy

from park.axis import Span, intersection
from park.models import Floor
from seats.models import BlockKind, SeatBlock

FREE = "free"
WITH_SOMEBODY = frozenset({BlockKind.FIRM.value, BlockKind.HOLD.value})
KINDS = (BlockKind.FIRM.value, BlockKind.HOLD.value, BlockKind.CLOSURE.value, FREE)


class What(TextChoices):
    """What became of seats, as it matters to who looks for some."""

    GAINED = "gained", pgettext_lazy("seats", "Taken")
    LOST = "lost", pgettext_lazy("seats", "Given back")
    CHANGED = "changed", pgettext_lazy("seats", "Other holder or kind")
    OTHER = "other", pgettext_lazy("seats", "Closed or opened")


class State(NamedTuple):
    """What a seat is on a day, whose, and which decision says so.

    `allocation`, `recorded_on`: None where nobody decided, or not for the reader to know.
    """

    kind: str
    enterprise: int | None = None
    allocation: int | None = None
    recorded_on: date | None = None

    @property
    def is_with_somebody(self) -> bool:
        return self.kind in WITH_SOMEBODY

    def is_as(self, other: State) -> bool:
        """Whether a seat that goes from one to the other has not changed."""
        return self[:2] == other[:2]


class Change(NamedTuple):
    """Seats side by side that were one thing and are another."""

    floor: Floor
    seats: Span
    was: State
    now: State

    @property
    def what(self) -> What:
        if self.was.is_with_somebody:
            return What.CHANGED if self.now.is_with_somebody else What.LOST
        return What.GAINED if self.now.is_with_somebody else What.OTHER


class KindTotal(NamedTuple):
    """Seats of a kind: was + gained − lost = now. `within`: those of them with another holder."""

    kind: str
    was: int
    gained: int
    lost: int
    now: int
    within: int


@dataclass(frozen=True)
class Comparison:
    """Two days side by side. `stayed`: how many seats are on both what they are, by kind."""

    changes: list[Change]
    stayed: Counter[str]

    def totals(self) -> list[KindTotal]:
        """For each kind of seat; a seat that does not exist is none."""
        moved: Counter[tuple[str, str]] = Counter()
        for change in self.changes:
            moved[change.was.kind, change.now.kind] += change.seats.length
        return [self._total(kind, moved) for kind in KINDS]

    def _total(self, kind: str, moved: Counter[tuple[str, str]]) -> KindTotal:
        within = moved[kind, kind]
        gained = sum(n for (was, now), n in moved.items() if was != kind == now)
        lost = sum(n for (was, now), n in moved.items() if was == kind != now)
        both = self.stayed[kind] + within
        return KindTotal(kind, both + lost, gained, lost, both + gained, within)

    def seats_by_what(self) -> dict[What, int]:
        """How many seats changed, by what became of them."""
        counts: Counter[What] = Counter()
        for change in self.changes:
            counts[change.what] += change.seats.length
        return {what: counts[what] for what in What}


def changes_between(
    before: date,
    after: date,
    *,
    today: date,
    floors: QuerySet[Floor] | None = None,
    named: Collection[int] | None = None,
) -> Comparison:
    """What is different at the end of `after` from the end of `before`, as one walks.

    `floors`: only these. `named`: whose seats the reader may know as theirs, None for everybody's;
    of others they see what kind they are, and no change of hands. Three statements.
    """
    rows = Floor.objects.all() if floors is None else floors
    walk = list(
        rows.select_related("building__zone").order_by(
            *("building__zone__code", Length("building__code"), "building__code", "level", "pk")
        )
    )
    days = [
        _strips(walk, day, floors is not None, is_to_come=day > today, named=named)
        for day in (before, after)
    ]
    changes: list[Change] = []
    stayed: Counter[str] = Counter()
    for floor, was, now in zip(walk, *days, strict=True):
        for seats, one, other in _overlaid(was, now):
            if one.is_as(other):
                stayed[one.kind] += seats.length
            else:
                changes.append(Change(floor, seats, one, other))
    return Comparison(changes, stayed)


Strip = list[tuple[Span, State]]  # what every seat of a floor is, run by run, without a gap


def _strips(
    floors: Iterable[Floor],
    day: date,
    is_narrowed: bool,
    *,
    is_to_come: bool,
    named: Collection[int] | None,
) -> Iterator[Strip]:
    floors = list(floors)
    blocks = SeatBlock.objects.on(day).order_by("seats")
    if is_narrowed:
        blocks = blocks.filter(floor__in=[floor.pk for floor in floors])
    taken: dict[int, Strip] = {}
    for floor, lower, upper, *state in blocks.values_list(
        *("floor", "seats__startswith", "seats__endswith"),
        *("kind", "enterprise", "allocation", "recorded_on"),
    ):
        run = Span(lower, upper), _as_told(State(*state), named)
        taken.setdefault(floor, []).append(run)
    for floor in floors:
        if is_to_come or floor.delivered_on is not None:
            yield list(_filled(floor.seats, taken.get(floor.pk, ())))
        else:
            yield [(floor.seats, State(BlockKind.VOID))]


def _as_told(state: State, named: Collection[int] | None) -> State:
    if state.kind == BlockKind.VOID:
        return State(BlockKind.VOID)  # which void it is says nothing
    if named is None or state.enterprise in named:
        return state
    return State(state.kind)


def _filled(seats: Span, taken: Iterable[tuple[Span, State]]) -> Iterator[tuple[Span, State]]:
    """`taken` within `seats`, and free runs between."""
    cursor = seats.lower
    for run, state in taken:
        inside = intersection(run, seats)
        if inside is None:
            continue
        if cursor < inside.lower:
            yield Span(cursor, inside.lower), State(FREE)
        yield inside, state
        cursor = inside.upper
    if cursor < seats.upper:
        yield Span(cursor, seats.upper), State(FREE)


def _overlaid(was: Strip, now: Strip) -> Iterator[tuple[Span, State, State]]:
    """The longest runs over which both strips stay what they are. Both cover the same seats."""
    found: tuple[Span, State, State] | None = None
    for seats, one, other in _cut(was, now):
        if found is not None and found[1:] == (one, other):
            found = Span(found[0].lower, seats.upper), one, other
            continue
        if found is not None:
            yield found
        found = seats, one, other
    if found is not None:
        yield found


def _cut(was: Strip, now: Strip) -> Iterator[tuple[Span, State, State]]:
    here, there = 0, 0
    while here < len(was) and there < len(now):
        (one, state), (other, later) = was[here], now[there]
        upper = min(one.upper, other.upper)
        yield Span(max(one.lower, other.lower), upper), state, later
        here += one.upper == upper
        there += other.upper == upper

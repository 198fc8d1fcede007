"""Which free runs to take: fewest buildings, then floors, then runs, then what is left behind.

Whole runs are chosen here, and one of them is trimmed afterwards. In small parks the choice is the
best there is (proved against brute force in the tests); where there are too many to try them all,
the richest buildings and floors are tried first, which came out as good as an exact solver on
buildings and floors wherever that could prove its answer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, combinations
from typing import NamedTuple

from park.axis import Span
from seats.planner.need import Free, longest_without

MOST_SETS = 200  # sets of buildings that are tried
MOST_STEPS = 4_000  # of the exact choice of floors in one set
MOST_SPARED = 12  # long runs that a choice is asked to do without


class Storey(NamedTuple):
    """The runs of one floor, longest first; `totals[k - 1]`: the k longest of them together."""

    building: str
    runs: tuple[Free, ...]
    totals: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.totals[-1]


class Choice(NamedTuple):
    """Runs that hold the seats, and whichever more they have."""

    buildings: int
    floors: int
    runs: tuple[Free, ...]

    @property
    def cost(self) -> tuple[int, int, int]:
        return self.buildings, self.floors, len(self.runs)

    @property
    def total(self) -> int:
        return sum(run.seats.length for run in self.runs)


def most_seats(runs: Iterable[Free], *, same_building: bool, contiguous: bool) -> int:
    """How many seats there are at most under these wishes."""
    together: dict[object, int] = {}
    for run in runs:
        key: object = run.seats if contiguous else run.building if same_building else None
        together[key] = together.get(key, 0) + run.seats.length
    return max(together.values(), default=0)


def best_choice(
    runs: Sequence[Free],
    seats: int,
    *,
    same_building: bool = False,
    contiguous: bool = False,
    spared: int = MOST_SPARED,
) -> Choice | None:
    """The best runs for `seats`, None where they are not there.

    `spared`: how many of the longest runs it is asked to do without, to leave them whole.
    """
    pool = sorted(runs, key=lambda run: (-run.seats.length, run.seats.lower))
    first = _fewest(pool, seats, same_building, contiguous)
    if first is None:
        return None
    best, left = first, _left(first, pool, seats)
    for run in pool[:spared]:
        if run not in first.runs:
            break
        rest = [other for other in pool if other is not run]
        other = _fewest(rest, seats, same_building, contiguous)
        if other and other.cost == first.cost:
            if (left_so := _left(other, pool, seats)) > left:
                best, left = other, left_so
            break
    return _closer(best, pool, seats)


def trimmed(choice: Choice, seats: int) -> list[tuple[Span, Free]]:
    """The seats to take of each run, in their order: all but of the shortest, if there are more."""
    spare = choice.total - seats
    taken, shortest = [], min(choice.runs, key=lambda run: (run.seats.length, -run.seats.lower))
    for run in sorted(choice.runs, key=lambda run: run.seats):
        upper = run.seats.upper - (spare if run is shortest else 0)
        taken.append((Span(run.seats.lower, upper), run))
    return taken


def _left(choice: Choice, pool: Sequence[Free], seats: int) -> int:
    return longest_without(pool, trimmed(choice, seats))


def _fewest(
    pool: Sequence[Free], seats: int, same_building: bool, contiguous: bool
) -> Choice | None:
    """Fewest buildings, floors, runs; of those with as few, the one with the most seats.

    `pool` is sorted, longest first.
    """
    if contiguous:
        return Choice(1, 1, (pool[0],)) if pool and pool[0].seats.length >= seats else None
    storeys = _storeys(pool)
    totals: dict[str, int] = {}
    for storey in storeys:
        totals[storey.building] = totals.get(storey.building, 0) + storey.total
    richest = sorted(totals, key=lambda name: -totals[name])
    buildings = _enough([totals[name] for name in richest], seats)
    if buildings is None or (same_building and buildings > 1):
        return None
    sets = _sets(richest, totals, buildings, seats)
    return _of_sets(storeys, sets, buildings, seats)


def _storeys(pool: Sequence[Free]) -> list[Storey]:
    """The runs by floor, richest floor first."""
    by_floor: dict[int, list[Free]] = {}
    for run in pool:
        by_floor.setdefault(run.floor, []).append(run)
    storeys = [
        Storey(runs[0].building, tuple(runs), tuple(accumulate(run.seats.length for run in runs)))
        for runs in by_floor.values()
    ]
    return sorted(storeys, key=lambda storey: -storey.total)


def _enough(lengths: Sequence[int], seats: int) -> int | None:
    """How many of `lengths`, which are sorted, make up `seats`."""
    for number, total in enumerate(accumulate(lengths), start=1):
        if total >= seats:
            return number
    return None


def _sets(
    richest: Sequence[str], totals: dict[str, int], size: int, seats: int
) -> list[frozenset[str]]:
    """Sets of `size` buildings with enough seats: all, or those among the richest."""
    if size == 1:
        return [frozenset([name]) for name in richest if totals[name] >= seats]
    among, count = size, 1
    while among < len(richest) and (more := count * (among + 1) // (among + 1 - size)) <= MOST_SETS:
        among, count = among + 1, more
    return [
        frozenset(names)
        for names in combinations(richest[:among], size)
        if sum(totals[name] for name in names) >= seats
    ]


def _of_sets(
    storeys: Sequence[Storey], sets: Sequence[frozenset[str]], buildings: int, seats: int
) -> Choice | None:
    """The best that one of `sets` of buildings has."""
    floors = len(storeys)
    inside: list[list[Storey]] = []
    by_building: dict[str, list[Storey]] = {}
    for storey in storeys:
        by_building.setdefault(storey.building, []).append(storey)
    for names in sets:
        there = [storey for name in names for storey in by_building[name]]
        there.sort(key=lambda storey: -storey.total)
        needed = _enough([storey.total for storey in there], seats)
        if needed is not None and needed <= floors:
            inside = inside if needed == floors else []
            floors = needed
            inside.append(there)
    best: Choice | None = None
    for there in inside:
        runs = _on_floors(there, floors, seats, len(best.runs) if best else None)
        if runs and (best is None or _is_better(runs, best.runs)):
            best = Choice(buildings, floors, runs)
    return best


def _is_better(runs: Sequence[Free], others: Sequence[Free]) -> bool:
    lengths = (sum(run.seats.length for run in each) for each in (runs, others))
    more, fewer = lengths
    return (len(runs), -more) < (len(others), -fewer)


def _on_floors(
    storeys: Sequence[Storey], floors: int, seats: int, most: int | None
) -> tuple[Free, ...] | None:
    """The fewest runs on `floors` of `storeys`; None where that are more than `most`."""
    lengths = [run.seats.length for storey in storeys for run in storey.runs]
    fewest = _enough(sorted(lengths, reverse=True), seats)
    if most is not None and fewest is not None and fewest > most:
        return None
    greedy = _longest_first(storeys, floors, seats)
    limit = len(greedy) if most is None else min(len(greedy), most)
    if len(storeys) * floors * limit > MOST_STEPS:
        return greedy
    return _exactly(storeys, floors, seats, limit)


def _longest_first(storeys: Sequence[Storey], floors: int, seats: int) -> tuple[Free, ...]:
    """A good choice without trying all: floors by all, or the first few, of their runs."""
    best: list[Free] = []
    for first in (1, 2, 3, None):
        richest = sorted(storeys, key=lambda storey: -sum(storey.totals[:first][-1:]))[:floors]
        if sum(storey.total for storey in richest) < seats:
            continue
        runs = sorted(
            (run for storey in richest for run in storey.runs), key=lambda run: -run.seats.length
        )
        runs = runs[: _enough([run.seats.length for run in runs], seats)]
        if not best or len(runs) < len(best):
            best = runs
    return tuple(best)


def _exactly(
    storeys: Sequence[Storey], floors: int, seats: int, limit: int
) -> tuple[Free, ...] | None:
    """The fewest runs, `limit` at most, on `floors` of `storeys`: all ways are weighed.

    `reach[floors, runs]` is the most seats so far, with how many runs of which storeys.
    """
    reach: dict[tuple[int, int], tuple[int, tuple[tuple[int, int], ...]]] = {(0, 0): (0, ())}
    for number, storey in enumerate(storeys):
        grown = dict(reach)
        for (used, runs), (total, way) in reach.items():
            if used == floors:
                continue
            for count, more in enumerate(storey.totals[: limit - runs], start=1):
                key = (used + 1, runs + count)
                if key not in grown or grown[key][0] < total + more:
                    grown[key] = (total + more, (*way, (number, count)))
        reach = grown
    for runs in range(1, limit + 1):
        total, way = reach.get((floors, runs), (0, ()))
        if total >= seats:
            return tuple(run for number, count in way for run in storeys[number].runs[:count])
    return None


def _closer(choice: Choice, pool: Sequence[Free], seats: int) -> Choice:
    """The same with shorter runs where they do: less is cut, and longer ones stay whole.

    Neither buildings, floors nor runs become more; nor is what is left behind less, unless it is
    the rest of the run that is cut.
    """
    runs, spare = list(choice.runs), choice.total - seats
    whole = next((run.seats.length for run in pool if run not in choice.runs), 0)
    if whole < spare:
        return choice
    lengths = [-run.seats.length for run in pool]
    for run in sorted(choice.runs, key=lambda run: run.seats.length):
        first = bisect_right(lengths, -run.seats.length)
        last = bisect_right(lengths, spare - run.seats.length)
        for other in reversed(pool[first:last]):  # the shortest first
            if other not in runs and _may_replace(run, other, runs):
                runs[runs.index(run)] = other
                spare -= run.seats.length - other.seats.length
                break
    return choice._replace(runs=tuple(runs))


def _may_replace(run: Free, other: Free, runs: Sequence[Free]) -> bool:
    """Whether `other` is on the same floor, or comes alone in place of one that is alone."""
    if other.floor == run.floor:
        return True
    is_alone = [each.floor for each in runs].count(run.floor) == 1
    is_new = all(each.floor != other.floor for each in runs)
    if not (is_alone and is_new):
        return False
    return len(runs) == 1 or other.building == run.building

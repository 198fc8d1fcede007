"""Different choices among the same free runs, each as a plan: plain Python, no database."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import TypeVar

from seats.planner.need import Free, Need, Plan, Take, longest_without
from seats.planner.search import MOST_SPARED, Choice, best_choice, trimmed

SMALL = 100  # free runs up to which no effort is spared
MOST_TRIES = 12  # choices without a place, and as many without a run, to find other plans

Key = TypeVar("Key")
Part = Callable[[Free], bool]


def best_of(need: Need, runs: Sequence[Free]) -> Plan | None:
    """The best plan out of `runs` alone, without those who wait or move."""
    return next(iter(different(need, runs, 1)), None)


def different(need: Need, runs: Sequence[Free], most: int) -> list[Plan]:
    """Up to `most` plans out of `runs`, best first: of floors handed over, if these are enough."""
    delivered = [run for run in runs if run.is_delivered]
    others = [run for run in runs if not run.is_delivered]
    plans = [_plan(need, choice, delivered) for choice in _choices(need, delivered, most)]
    if others and len(plans) < most:
        rest = _choices(need, others, most - len(plans))
        plans += [_plan(need, choice, runs) for choice in rest]
    if others and not plans:
        plans = [_plan(need, choice, runs) for choice in _choices(need, runs, most)]
    return sorted(plans, key=lambda plan: plan.rank)


def _plan(need: Need, choice: Choice, scope: Sequence[Free]) -> Plan:
    return plan_of(need, [Take(*taken) for taken in trimmed(choice, need.seats)], scope)


def plan_of(need: Need, takes: Sequence[Take], scope: Sequence[Free]) -> Plan:
    longest = max(run.seats.length for run in scope)
    return Plan(need, tuple(takes), longest, longest_without(scope, [take[:2] for take in takes]))


def _choices(need: Need, runs: Sequence[Free], most: int) -> list[Choice]:
    """The best choice, then others that do without one of the places of an earlier one."""
    found: list[Choice] = []
    best = choose(need, runs, MOST_SPARED if len(runs) <= SMALL else 2)
    if best is None:
        return found
    for parts in (_places, _runs):
        for choice in _apart(need, runs, best, parts):
            if not any(_is_no_other(choice, earlier) for earlier in found):
                found.append(choice)
            if len(found) >= most:
                return found
    return found


def _is_no_other(choice: Choice, earlier: Choice) -> bool:
    """Whether who has seen `earlier` has no more of a choice by this one.

    They are the same runs, or the same building with some of its floors for others: as many of
    both, and more than half of the seats in common.
    """
    shared = set(choice.runs) & set(earlier.runs)
    if len(shared) == len(choice.runs) == len(earlier.runs):
        return True
    buildings = [{run.building for run in each.runs} for each in (choice, earlier)]
    common = sum(run.seats.length for run in shared)
    alike = choice.cost == earlier.cost and buildings[0] == buildings[1]
    return alike and choice.floors > 1 and common * 2 > choice.total


def _apart(
    need: Need, runs: Sequence[Free], best: Choice, parts: Callable[[Choice], list[Part]]
) -> Iterator[Choice]:
    """The best, then the best without a part of it, and so on: each time the best that waits."""
    numbers, tries = count(1), MOST_TRIES
    heap: list[tuple[tuple[int, int, int], int, Choice, Sequence[Free]]]
    heap = [(best.cost, 0, best, runs)]
    while heap:
        _cost, _number, choice, rest = heapq.heappop(heap)
        yield choice
        for is_part in parts(choice)[:tries]:
            tries -= 1
            without = [run for run in rest if not is_part(run)]
            if other := choose(need, without, 1):
                heapq.heappush(heap, (other.cost, next(numbers), other, without))


def choose(need: Need, runs: Sequence[Free], spared: int) -> Choice | None:
    return best_choice(
        runs,
        need.seats,
        same_building=need.same_building,
        contiguous=need.contiguous,
        spared=spared,
    )


def _places(choice: Choice) -> list[Part]:
    """What of a choice another may do without: the building, the floor that give it least.

    The building first: of plans that are as good, those elsewhere are more of a choice than the
    same building but for one floor.
    """
    building = _least(choice.runs, lambda run: run.building)
    floor = _least(choice.runs, lambda run: run.floor)
    parts: list[Part] = [lambda run: run.floor == floor]
    return parts if choice.floors == 1 else [lambda run: run.building == building, *parts]


def _least(runs: Iterable[Free], key: Callable[[Free], Key]) -> Key:
    seats: dict[Key, int] = {}
    for run in runs:
        seats[key(run)] = seats.get(key(run), 0) + run.seats.length
    return min(seats, key=lambda one: seats[one])


def _runs(choice: Choice) -> list[Part]:
    """Other runs of the same floors: without the longest, without the shortest."""
    ordered = sorted(choice.runs, key=lambda run: run.seats.length)
    longest, shortest = ordered[-1], ordered[0]
    return [lambda run: run == longest, lambda run: run == shortest]

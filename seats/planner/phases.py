"""Plans for a need in phases: 500 seats by June, 1,000 more by December.

Two ways are tried. Seats side by side from the first day on, of which each phase takes the next:
so everybody ends up together. And phase after phase, each as near as can be to the ones before:
so what comes free until then is used. What ranks a plan is what there is in the end: the fewest
buildings, floors and runs of all phases together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from park.axis import Span, free_spans
from seats.planner import facts
from seats.planner.choices import best_of, different, plan_of
from seats.planner.need import Free, Need, Plan, Take

Scopes = Sequence[Sequence[Free]]


def plans_in_phases(need: Need, most: int) -> list[Plan]:
    """Up to `most` plans, best first, without those who wait; floors that are still to come are
    used where the others are too few."""
    scopes = [facts.free(part.start, part.end, part.zones) for part in need.parts]
    ready = [[run for run in runs if run.is_delivered] for runs in scopes]
    return _out_of(need, ready, most) or _out_of(need, scopes, most)


def _out_of(need: Need, scopes: Scopes, most: int) -> list[Plan]:
    found: dict[frozenset[tuple[Span, int]], Plan] = {}
    for takes in _ways(need, scopes, most):
        key = frozenset((take.seats, take.phase) for take in takes)
        found.setdefault(key, _plan(need, takes, scopes[-1]))
    return sorted(found.values(), key=lambda plan: plan.rank)[:most]


def _ways(need: Need, scopes: Scopes, most: int) -> Iterator[list[Take]]:
    whole = need._replace(phases=())
    for plan in different(whole, scopes[0], most):
        yield list(divided(need, plan.takes))
    in_time = list(range(len(need.phases)))
    ways = _one_by_one(need, scopes, in_time, most)
    if not ways:  # so that a large phase that comes late finds its run
        largest_first = sorted(in_time, key=lambda number: -need.phases[number].seats)
        ways = _one_by_one(need, scopes, largest_first, most)
    yield from ways


def divided(need: Need, takes: Iterable[Take]) -> Iterator[Take]:
    """`takes` cut so that each phase has as many seats as it needs, in their order."""
    wanted = enumerate(phase.seats for phase in need.phases)
    number, left = next(wanted)
    for take in takes:
        lower = take.seats.lower
        while lower < take.seats.upper:
            if left == 0:
                number, left = next(wanted)
            upper = min(take.seats.upper, lower + left)
            yield Take(Span(lower, upper), take.run, number)
            left, lower = left - (upper - lower), upper


def _one_by_one(need: Need, scopes: Scopes, order: Sequence[int], most: int) -> list[list[Take]]:
    """Each of the best plans for the first phase in `order`, and with it the best for the next."""
    first, *others = order
    ways = []
    for plan in different(need.parts[first], scopes[first], most):
        takes = [take._replace(phase=first) for take in plan.takes]
        for number in others:
            more = _near(need.parts[number], scopes[number], takes)
            if more is None:
                break
            takes += [take._replace(phase=number) for take in more.takes]
        else:
            ways.append(takes)
    return ways


def _near(need: Need, runs: Sequence[Free], takes: Sequence[Take]) -> Plan | None:
    """The best plan beside what is taken: on the same floors, in the same buildings, anywhere."""
    rest = without(runs, [take.seats for take in takes])
    floors = {take.run.floor for take in takes}
    buildings = {take.run.building for take in takes}
    for near in (
        [run for run in rest if run.floor in floors],
        [run for run in rest if run.building in buildings],
        [] if need.same_building else rest,
    ):
        if plan := best_of(need, near):
            return plan
    return None


def without(runs: Iterable[Free], taken: Sequence[Span]) -> list[Free]:
    """What is left of `runs`."""
    return [run._replace(seats=part) for run in runs for part in free_spans(run.seats, taken)]


def _plan(need: Need, takes: Sequence[Take], last: Sequence[Free]) -> Plan:
    """Measured on the last phase's days, when most is free: each take with the run it is from."""
    whole = [
        take._replace(run=next(run for run in last if _holds(run.seats, take.seats)))
        for take in sorted(takes)
    ]
    return plan_of(need, whole, last)


def _holds(span: Span, other: Span) -> bool:
    return span.lower <= other.lower and other.upper <= span.upper

"""Where nothing fits: the nearest that would.

Fewer seats, a later day, another zone, one wish less, or somebody's ending.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from park.axis import Span, intersection, run_label
from seats.models import BlockKind
from seats.planner import facts
from seats.planner.facts import InTheWay
from seats.planner.need import Free, Need, Take, Wait
from seats.planner.phases import plans_in_phases
from seats.planner.search import best_choice, most_seats, trimmed
from seats.rectangles import ONE_DAY

MOST_NAMED = 5
MOST_TRIED = 200  # runs that might be given back

Floors = Mapping[int, tuple[str, bool]]


@dataclass(frozen=True)
class Alternatives:
    """What would fit instead; what is empty or None would not.

    `need`: what does not fit; of a need in phases the first such phase, `phase` (from 1), beside
    what the phases before it take, `takes`.
    `later`: the earliest first day on which it fits, the last day being what it was; `endings` say
    who leaves until then. `if_unconfirmed`: an earlier day, if holds run out that nobody confirms
    (`expiries`). `given_back`: the smallest run that would be enough, were it given back.
    """

    need: Need
    most: int
    later: date | None = None
    endings: tuple[Wait, ...] = ()
    if_unconfirmed: date | None = None
    expiries: tuple[Wait, ...] = ()
    zones: tuple[str, ...] = ()
    any_zone: bool = False
    not_contiguous: bool = False
    several_buildings: bool = False
    without_wishes: bool = False
    given_back: Wait | None = None
    phase: int = 0
    takes: tuple[Take, ...] = ()

    @property
    def fewer(self) -> Need | None:
        """The same with as many seats as there are."""
        return self.need._replace(seats=self.most) if self.most else None


def nearest_alternatives(need: Need) -> Alternatives:
    """What would fit in place of `need`, which does not: two queries, and some for each phase."""
    if not need.phases:
        return _nearest(need)
    takes: tuple[Take, ...] = ()
    for number, part in enumerate(need.parts, start=1):
        phases = need.phases[:number]
        seats = sum(phase.seats for phase in phases)
        plans = plans_in_phases(need._replace(phases=phases, seats=seats), 1)
        if not plans:
            return replace(_nearest(part, takes), phase=number, takes=takes)
        takes = plans[0].takes
    return _nearest(need._replace(phases=()))  # it fits by now


def _nearest(need: Need, takes: Sequence[Take] = ()) -> Alternatives:
    """The same for seats from one day on, beside what is taken already."""
    park = facts.in_the_way(need.start, need.end) + [_in_the_way(take, need) for take in takes]
    floors = facts.floors()
    asked = {pk: said for pk, said in floors.items() if _is_asked(said[0], need.zones)}
    blocks = [block for block in park if block.floor in asked]
    everywhere = facts.free_beside(park, floors)
    runs = [run for run in everywhere if run.floor in asked]
    later, endings = _later(need, blocks, asked, by_expiry=False)
    runs_out = any(block.expiry is not None for block in blocks)
    sooner, expiries = _later(need, blocks, asked, by_expiry=True) if runs_out else (None, ())
    is_sooner = sooner is not None and (later is None or sooner < later)
    return Alternatives(
        need,
        most_seats(runs, same_building=need.same_building, contiguous=need.contiguous),
        later,
        endings,
        if_unconfirmed=sooner if is_sooner else None,
        expiries=expiries if is_sooner else (),
        zones=tuple(_zones(need, everywhere)),
        any_zone=bool(need.zones) and fits(need, everywhere),
        not_contiguous=need.contiguous and fits(need._replace(contiguous=False), runs),
        several_buildings=need.same_building
        and fits(need._replace(same_building=False, contiguous=False), runs),
        without_wishes=fits(without_wishes(need), everywhere),
        given_back=_given_back(need, blocks, runs, asked),
    )


def _in_the_way(take: Take, need: Need) -> InTheWay:
    """Seats that an earlier phase takes, on all days of `need`: nobody can give them back."""
    floor, label = take.run.floor, take.run.label
    return InTheWay(
        0, BlockKind.VOID, floor, label, take.seats, need.start, need.end, None, "", expiry=None
    )


def without_wishes(need: Need) -> Need:
    """As many seats on the same days, wherever they are."""
    return need._replace(zones=(), same_building=False, contiguous=False)


def fits(need: Need, runs: Iterable[Free]) -> bool:
    """Whether `runs` are enough for `need`."""
    most = most_seats(runs, same_building=need.same_building, contiguous=need.contiguous)
    return most >= need.seats


def _is_asked(label: str, zones: Collection[str]) -> bool:
    return not zones or label.partition("-")[0] in zones


def _zones(need: Need, runs: Sequence[Free]) -> list[str]:
    """The zones, one by one, that have enough."""
    others = sorted({run.zone for run in runs} - set(need.zones)) if need.zones else []
    return [zone for zone in others if fits(need, [run for run in runs if run.zone == zone])]


def _later(
    need: Need, blocks: Sequence[InTheWay], floors: Floors, *, by_expiry: bool
) -> tuple[date | None, tuple[Wait, ...]]:
    """The first day from which it fits, and who leaves its seats until then.

    The later it begins, the fewer blocks are in the way: so the day is found by halving.
    """
    days = sorted(set(_last_days(need, blocks, by_expiry=by_expiry)))

    def free_from(day: date) -> list[Free]:
        still = [block for block in blocks if not block.ends_by(day, by_expiry=by_expiry)]
        return facts.free_beside(still, floors)

    if not days or not fits(need, free_from(days[-1])):
        return None, ()
    day = days[bisect_left(days, True, hi=len(days) - 1, key=lambda d: fits(need, free_from(d)))]
    spans = _chosen(need, free_from(day))
    return day, _leaving(spans, blocks, day, by_expiry=by_expiry)


def _last_days(need: Need, blocks: Iterable[InTheWay], *, by_expiry: bool) -> Iterable[date]:
    """The days on which something is over, between the first and the last day of the need."""
    for block in blocks:
        for day in (block.end, block.expiry if by_expiry else None):
            if day is not None and day > need.start and (need.end is None or day < need.end):
                yield day


def _chosen(need: Need, runs: Sequence[Free]) -> list[Span]:
    choice = best_choice(
        runs,
        need.seats,
        same_building=need.same_building,
        contiguous=need.contiguous,
        spared=1,
    )
    return [span for span, _run in trimmed(choice, need.seats)] if choice else []


def _leaving(
    spans: Sequence[Span], blocks: Iterable[InTheWay], day: date, *, by_expiry: bool
) -> tuple[Wait, ...]:
    """Who has some of `spans` now and not any more on `day`, the most seats first."""
    found = []
    for block in blocks:
        for span in spans:
            if seats := intersection(block.seats, span):
                end = min(each for each in (block.end, block.expiry, day) if each is not None)
                is_expiry = by_expiry and not block.ends_by(day, by_expiry=False)
                found.append(_wait(block, seats, end - ONE_DAY, by_expiry=is_expiry))
    return tuple(sorted(found, key=lambda wait: -wait.seats.length)[:MOST_NAMED])


def _wait(block: InTheWay, seats: Span, until: date | None, *, by_expiry: bool = False) -> Wait:
    label = run_label(block.floor_label, seats)
    return Wait(block.kind, block.holder, block.enterprise, label, seats, until, by_expiry)


def _given_back(
    need: Need, blocks: Sequence[InTheWay], runs: Sequence[Free], floors: Floors
) -> Wait | None:
    """The smallest run of one enterprise with which it would fit, were it free beside `runs`."""
    by_floor: dict[int, list[InTheWay]] = {}
    for block in blocks:
        by_floor.setdefault(block.floor, []).append(block)
    for block in _large_enough(need, blocks, runs)[:MOST_TRIED]:
        others = [other for other in by_floor[block.floor] if other is not block]
        there = facts.free_beside(others, {block.floor: floors[block.floor]})
        if _would_fit(need, block.floor, runs, there):
            return _wait(block, block.seats, block.end and block.end - ONE_DAY)
    return None


def _large_enough(need: Need, blocks: Iterable[InTheWay], runs: Sequence[Free]) -> list[InTheWay]:
    """What enterprises have that might be enough, the smallest first.

    A run gains what comes back, and at most the vacant seats on its other side.
    """
    most = most_seats(runs, same_building=need.same_building, contiguous=need.contiguous)
    least = need.seats - (2 * most if need.contiguous else most)
    held = (BlockKind.FIRM, BlockKind.HOLD)
    enough = [block for block in blocks if block.kind in held and block.seats.length >= least]
    return sorted(enough, key=lambda block: (block.seats.length, block.seats.lower))


def _would_fit(need: Need, floor: int, runs: Sequence[Free], there: Sequence[Free]) -> bool:
    if need.contiguous:
        return fits(need, there)
    return fits(need, [*(run for run in runs if run.floor != floor), *there])

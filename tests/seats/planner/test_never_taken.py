"""Whatever the park, no plan has a seat that is taken, or that is none: on squared paper."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.axis import Span
from seats.planner import Need, find_plans, nearest_alternatives
from seats.planner.need import Free
from tests.conftest import TODAY
from tests.seats.planner.test_search import best_of_all
from tests.seats.random_parks import BLOCKS, DAYS, FIRST, FLOORS, LAST, draw_park
from tests.undone import undone

pytestmark = pytest.mark.django_db

ROOMY = st.lists(
    st.fixed_dictionaries(
        {
            "zone": st.sampled_from(["A", "B1"]),
            "building": st.sampled_from(["1", "12"]),
            "seats": st.integers(4, 10),
            "state": st.sampled_from(["delivered", "delivered", "delivered", "planned"]),
            "day": st.sampled_from([FIRST, FIRST, FIRST + timedelta(days=80)]),
            "grows": st.none(),
        }
    ),
    min_size=2,
    max_size=5,
)
NEEDS = st.fixed_dictionaries(
    {
        "seats": st.integers(2, 12),
        "start": DAYS,
        "days": st.one_of(st.none(), st.integers(1, 40)),
        "zones": st.sampled_from([(), (), ("A",), ("A", "B1")]),
        "same_building": st.booleans(),
        "contiguous": st.booleans(),
        "moves_allowed": st.booleans(),
    }
)
# Two floors with tenants on them, and needs for more seats together than there are.
CROWDED = st.just(
    [
        {
            "zone": "A",
            "building": "1",
            "seats": 12,
            "state": "delivered",
            "day": FIRST,
            "grows": None,
        },
        {
            "zone": "B1",
            "building": "1",
            "seats": 6,
            "state": "delivered",
            "day": FIRST,
            "grows": None,
        },
    ]
)
TENANTS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["firm", "firm", "firm", "hold"]),
            "floor": st.sampled_from([0, 0, 0, 1]),
            "first": st.integers(0, 11),
            "length": st.integers(1, 2),
            "start": st.just(FIRST),
            "days": st.sampled_from([None, None, 150]),
            "enterprise": st.integers(0, 2),
        }
    ),
    min_size=2,
    max_size=6,
)
TOGETHER = st.fixed_dictionaries(
    {
        "seats": st.integers(5, 11),
        "start": st.sampled_from([TODAY, TODAY + timedelta(days=30)]),
        "days": st.sampled_from([None, 20]),
        "contiguous": st.booleans(),
        "moves_allowed": st.just(True),
    }
)
tireless = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@tireless
@given(floors=ROOMY | FLOORS, blocks=BLOCKS, wishes=st.lists(NEEDS, min_size=4, max_size=6))
def random_parks(operator, seen, floors, blocks, wishes):
    check_park(operator, seen, floors, blocks, wishes)


@tireless
@given(floors=CROWDED, blocks=TENANTS, wishes=st.lists(TOGETHER, min_size=2, max_size=4))
def crowded_parks(operator, seen, floors, blocks, wishes):
    check_park(operator, seen, floors, blocks, wishes)


@pytest.mark.parametrize(
    ("parks", "plans", "moves", "none"), [(random_parks, 60, 0, 20), (crowded_parks, 30, 5, 5)]
)
def test_every_plan_is_free_seats_only_as_many_as_asked_for_and_none_is_better(
    operator, parks, plans, moves, none
):
    seen = Counter()
    parks(operator, seen)
    assert seen["plan"] >= plans
    assert seen["move"] >= moves
    assert seen["none"] >= none


def check_park(operator, seen, floors, blocks, wishes):
    with undone():
        paper = draw_park(floors, blocks, operator)
        for wish in wishes:
            need = need_of(**wish)
            plans = find_plans(need, today=TODAY)
            for plan in plans:
                check_plan(paper, plan)
                for move in plan.moves:
                    check_move(paper, plan, move)
            check_the_first(paper, need, plans)
            assert len({(plan.blocks, plan.moves) for plan in plans}) == len(plans) <= 5
            seen["plan"] += len(plans)
            seen["move"] += sum(bool(plan.moves) for plan in plans)
            if not plans:
                seen["none"] += 1
                check_alternatives(paper, need)


def need_of(days, **wish):
    return Need(end=wish["start"] + timedelta(days=days) if days else None, **wish)


def free_runs(paper, need, start=None):
    """The free runs in the zones of the need, as the paper has them."""
    return [
        Free(Span(lower, upper), floor.pk, floor.label, floor.is_delivered)
        for lower, upper in paper.free_runs(paper.days(start or need.start, need.end))
        if (floor := paper.floors[lower // 4096])
        if not need.zones or floor.zone in need.zones
    ]


def most(runs, need):
    together = Counter()
    for run in runs:
        key = run.seats if need.contiguous else run.building if need.same_building else ""
        together[key] += run.seats.length
    return max(together.values(), default=0)


def check_plan(paper, plan):
    need = plan.need
    seats = [seat for block in plan.blocks for seat in range(*block.seats)]
    days = paper.days(need.start, need.end)
    assert all(paper.is_free(seat, day) for seat in seats for day in days)
    after = [seat for block in plan.after_moves for seat in range(*block.seats)]
    together = sorted(seats + after)
    assert len(set(together)) == len(together) == need.seats
    floors = [paper.floors[seat // 4096] for seat in together]
    assert not need.zones or {floor.zone for floor in floors} <= set(need.zones)
    assert not need.same_building or len({floor.building for floor in floors}) == 1
    if need.contiguous or plan.moves:
        assert together == list(range(together[0], together[0] + need.seats))
    waiting = {
        seat
        for seat in seats
        for day in paper.days(TODAY, need.start)
        if not paper.is_free(seat, day)
    }
    assert {seat for wait in plan.waits for seat in range(*wait.seats)} == waiting


def check_move(paper, plan, move):
    """Somebody has a run of the same size for as long, and no more runs than before."""
    days = paper.days(move.to.start, move.to.end)
    assert move.to.seats.length == move.seats.length
    assert all(paper.is_free(seat, day) for seat in range(*move.to.seats) for day in days)
    assert not set(range(*move.to.seats)) & {
        seat for block in (*plan.blocks, *plan.after_moves) for seat in range(*block.seats)
    }
    for seat in range(*move.seats):
        assert all(paper.cells[seat, day].kind == "firm" for day in days)
        assert all(paper.cells[seat, day].enterprise == move.enterprise for day in days)
    for seat in (move.seats.lower - 1, move.seats.upper):
        beside = {cell.enterprise for day in days if (cell := paper.cells.get((seat, day)))}
        assert move.enterprise not in beside


def check_the_first(paper, need, plans):
    """No choice of free runs would be better than the first plan; none fits where there is none."""
    runs = free_runs(paper, need)
    wishes = {"same_building": need.same_building, "contiguous": need.contiguous}
    ready = [run for run in runs if run.is_delivered]
    others = [run for run in runs if not run.is_delivered]
    costs = [best_of_all(pool, need.seats, **wishes) for pool in (ready, others, runs)]
    best = next((cost for cost in costs if cost), None)
    without_moves = [plan for plan in plans if not plan.moves]
    if best is None:
        assert without_moves == []
        return
    first = without_moves[0]
    *cost, left = best
    if first.pool == 1:  # then the runs of floors handed over are left as well
        left = min([left, *(-run.seats.length for run in ready)])
    got = (len(first.buildings), len(first.floors), first.runs, -first.longest_after)
    assert got == (*cost, left)
    scope = runs if first.pool else ready
    assert first.longest_before == max(run.seats.length for run in scope)


def check_alternatives(paper, need):
    given = nearest_alternatives(need)
    assert given.most == most(free_runs(paper, need), need)
    fitting = [
        day
        for day in paper.days(need.start, need.end)
        if most(free_runs(paper, need, day), need) >= need.seats
    ]
    if fitting:
        assert given.later == fitting[0]
    else:
        assert given.later is None or given.later > LAST
    zones = {
        zone
        for zone in ({"A", "B1"} - set(need.zones) if need.zones else ())
        if most(free_runs(paper, need._replace(zones=(zone,))), need) >= need.seats
    }
    assert set(given.zones) == zones
    loose = need._replace(contiguous=False)
    assert given.not_contiguous == (
        need.contiguous and most(free_runs(paper, loose), loose) >= need.seats
    )

"""A need in phases: each has its seats from its own day on, and in the end they are together."""

from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.axis import place_of
from seats.planner import Need, Phase, find_plans, nearest_alternatives
from seats.planner.wording import plan_title, why
from tests.conftest import TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.seats.planner.test_never_taken import ROOMY, free_runs
from tests.seats.random_parks import BLOCKS, FLOORS, draw_park
from tests.undone import undone

pytestmark = pytest.mark.django_db

MARCH, JUNE, DECEMBER = date(2024, 3, 1), date(2024, 6, 1), date(2024, 12, 1)


def in_phases(*phases, **wishes):
    phases = tuple(Phase(*phase) for phase in phases)
    return Need(sum(phase.seats for phase in phases), phases[0].start, phases=phases, **wishes)


def plans_for(*phases, **wishes):
    return find_plans(in_phases(*phases, **wishes), today=TODAY)


def shape(plan):
    """(floor, first place, last place, first day) of each run."""
    return [
        (
            take.run.label,
            place_of(take.seats.lower),
            place_of(take.seats.upper - 1),
            block.start,
        )
        for take, block in zip(plan.takes, plan.blocks, strict=True)
    ]


def test_seats_side_by_side_of_which_each_phase_takes_the_next():
    make_floor(seats=50)
    make_floor(level=2, seats=100)

    first = plans_for((60, MARCH), (30, JUNE))[0]

    assert shape(first) == [("C-1-2F", 1, 60, MARCH), ("C-1-2F", 61, 90, JUNE)]
    assert plan_title(first) == "C-1-2F: one run of 90 seats"
    assert "Cuts one vacant run: 90 of the 100 seats of C-1-2F-001 — 100." in why(first, named=True)
    assert (first.longest_before, first.longest_after) == (100, 50)


def test_what_comes_free_beside_the_first_phase_until_the_second_is_used():
    floor = make_floor(seats=100)
    make_allocation(floor, (41, 100), start=TODAY, last=date(2024, 5, 31))
    make_floor(building="2", seats=60)

    first = plans_for((40, MARCH), (30, JUNE))[0]

    assert shape(first) == [("C-1-1F", 1, 40, MARCH), ("C-1-1F", 41, 70, JUNE)]
    assert [(wait.until, wait.seats.length) for wait in first.waits] == [(date(2024, 5, 31), 30)]


def test_a_later_phase_stays_in_the_building_of_the_first_even_in_more_runs():
    floor = make_floor(seats=80)
    make_allocation(floor, (41, 60), start=TODAY)
    make_floor(building="2", seats=39)

    first = plans_for((40, MARCH), (20, JUNE))[0]

    assert first.buildings == ("C-1",)


def test_floors_that_are_still_to_come_only_where_the_others_are_too_few():
    make_floor(seats=50)
    make_floor(zone="D", seats=200, delivered_on=None, planned_on=date(2024, 5, 1))

    assert plans_for((20, MARCH), (30, JUNE))[0].preselected == 0
    assert plans_for((50, MARCH), (100, JUNE))[0].preselected == 100


def test_in_one_run_the_large_phase_that_comes_last_still_finds_its_own():
    """By time and the shortest run that fits, 10 and 35 would leave none for 50 and 15."""
    make_floor(seats=60)
    make_floor(level=2, seats=50)

    days = [MARCH, JUNE, DECEMBER, date(2025, 1, 1)]
    phases = zip((10, 35, 50, 15), days, strict=True)

    assert plans_for(*phases, contiguous=True)


def test_what_does_not_fit_is_the_first_phase_for_which_there_are_too_few():
    floor = make_floor(seats=100)
    make_allocation(floor, (81, 100), start=TODAY, last=date(2024, 11, 30))
    need = in_phases((50, MARCH), (45, JUNE))
    assert find_plans(need, today=TODAY) == []

    given = nearest_alternatives(need)

    assert given.phase == 2
    assert given.need == Need(45, JUNE)
    assert [(take.seats.length, take.phase) for take in given.takes] == [(50, 0)]
    assert given.most == 30
    assert given.later == DECEMBER


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    floors=ROOMY | FLOORS,
    blocks=BLOCKS,
    seats=st.lists(st.integers(1, 6), min_size=2, max_size=3),
    apart=st.integers(1, 20),
    length=st.sampled_from([None, 41, 60]),
)
def random_parks(operator, seen, floors, blocks, seats, apart, length):
    with undone():
        paper = draw_park(floors, blocks, operator)
        days = [TODAY + timedelta(days=apart * number) for number in range(len(seats))]
        end = TODAY + timedelta(days=length) if length else None
        need = in_phases(*zip(seats, days, strict=True), end=end)
        plans = find_plans(need, today=TODAY)
        # As what is free on all later days only grows, this is all that it takes.
        enough = [
            sum(run.seats.length for run in free_runs(paper, need, day)) >= wanted
            for day, wanted in zip(days, accumulate(seats), strict=True)
        ]
        assert bool(plans) == all(enough)
        if not plans:
            assert nearest_alternatives(need).phase == enough.index(False) + 1
        for plan in plans:
            check_plan(paper, plan)
        seen.append(len(plans))


def check_plan(paper, plan):
    taken = []
    for take, block in zip(plan.takes, plan.blocks, strict=True):
        assert block.start == plan.need.phases[take.phase].start
        days = paper.days(block.start, block.end)
        taken += [(take.phase, seat) for seat in range(*block.seats)]
        assert all(paper.is_free(seat, day) for seat in range(*block.seats) for day in days)
    assert len({seat for _phase, seat in taken}) == len(taken)
    for number, phase in enumerate(plan.need.phases):
        assert sum(number == one for one, _seat in taken) == phase.seats


def test_every_plan_is_free_seats_from_each_phase_on_and_there_is_one_wherever_it_can_be(operator):
    seen = []
    random_parks(operator, seen)
    assert sum(seen) > 20
    assert 0 in seen

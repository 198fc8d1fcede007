"""Up to five plans, best first, each different, each with its why."""

from datetime import date, timedelta
from itertools import combinations

import pytest

from park.axis import place_of
from seats.models import AllocationKind
from seats.planner import Need, find_plans
from seats.planner.wording import plan_title, waits_short, why
from tests.conftest import TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db

MAY = date(2024, 5, 1)


def plans_for(seats, *, start=MAY, **wishes):
    return find_plans(Need(seats, start, **wishes), today=TODAY)


def shape(plan):
    """(floor, first place, last place) of each run."""
    return [
        (take.run.label, place_of(take.seats.lower), place_of(take.seats.upper - 1))
        for take in plan.takes
    ]


class TestPlans:
    def test_an_empty_park_seats_somebody_on_each_of_five_floors(self):
        for level in range(1, 8):
            make_floor(level=level, seats=50)

        plans = plans_for(10)

        assert len(plans) == 5
        assert len({plan.floors for plan in plans}) == 5
        assert shape(plans[0]) == [("C-1-1F", 1, 10)]

    def test_the_same_building_but_for_one_floor_is_no_other_plan(self):
        for building in ("1", "2"):
            for level in range(1, 9):
                make_floor(building=building, level=level, seats=20)

        plans = plans_for(100)

        seats = [{seat for take in plan.takes for seat in range(*take.seats)} for plan in plans]
        alike = [
            (one.buildings, len(a & b))
            for (one, a), (other, b) in combinations(zip(plans, seats, strict=True), 2)
            if one.buildings == other.buildings and len(a & b) > 50
        ]
        assert [len(plan.buildings) for plan in plans[:2]] == [1, 1]
        assert plans[0].buildings != plans[1].buildings
        assert alike == []

    def test_a_park_without_floors_seats_nobody(self):
        assert plans_for(1) == []

    def test_one_seat(self):
        make_floor(seats=1)
        assert [shape(plan) for plan in plans_for(1)] == [[("C-1-1F", 1, 1)]]

    def test_more_than_there_are(self):
        make_floor(seats=100)
        assert plans_for(101) == []

    def test_best_first_and_none_twice(self):
        floor = make_floor(seats=100)
        make_allocation(floor, (31, 40))
        make_floor(level=2, seats=60)
        make_floor(building="2", seats=80)

        plans = plans_for(70)

        assert [shape(plan) for plan in plans][:2] == [
            [("C-2-1F", 1, 70)],
            [("C-1-1F", 1, 10), ("C-1-1F", 41, 100)],
        ]
        assert len({plan.blocks for plan in plans}) == len(plans) >= 3
        assert [plan.rank for plan in plans] == sorted(plan.rank for plan in plans)
        assert all(plan.seats == 70 for plan in plans)

    def test_the_same_runs_in_another_order_are_no_other_plan(self):
        floor = make_floor(seats=12)
        make_allocation(floor, (4, 5))
        make_allocation(floor, (7, 8))
        make_floor(zone="B1", seats=6)

        plans = plans_for(8, end=date(2024, 5, 20))

        assert len({plan.blocks for plan in plans}) == len(plans)

    def test_blocks_are_on_the_days_of_the_need(self):
        make_floor(seats=10)
        end = date(2024, 6, 1)

        [plan] = plans_for(10, end=end)

        assert [(block.start, block.end) for block in plan.blocks] == [(MAY, end)]

    def test_seats_taken_on_any_day_of_the_need_are_no_plan(self):
        make_allocation(make_floor(seats=10), (1, 1), start=date(2030, 1, 1))

        assert plans_for(10) == []
        assert plans_for(10, end=date(2030, 1, 1)) != []

    def test_zones_are_respected(self):
        make_floor(zone="A", seats=10)
        make_floor(zone="C", seats=10)

        assert {plan.floors for plan in plans_for(5, zones=("A",))} == {("A-1-1F",)}
        assert plans_for(11, zones=("A",)) == []


class TestWhatItLeaves:
    def test_the_longest_run_before_and_after(self):
        make_floor(seats=124)
        make_floor(level=2, seats=88)

        [first, *_rest] = plans_for(124)

        assert (first.longest_before, first.longest_after) == (124, 88)

    def test_what_is_not_handed_over_does_not_count_for_a_plan_that_is(self):
        make_floor(seats=100)
        make_floor(level=2, seats=500, delivered_on=None, planned_on=TODAY)

        [first, *_rest] = plans_for(60)

        assert (first.longest_before, first.longest_after) == (100, 40)


class TestWaiting:
    def test_who_leaves_before_the_plan_begins(self):
        floor = make_floor(seats=80)
        leaving = EnterpriseFactory(short_name="京阿唯")
        make_allocation(floor, (1, 80), last=date(2024, 4, 30), to=leaving, start=TODAY)

        [plan] = plans_for(80)

        [wait] = plan.waits
        assert (wait.holder, wait.label) == ("京阿唯", "C-1-1F-001 — 080")
        assert wait.until == date(2024, 4, 30)
        assert "Waits for 京阿唯: has C-1-1F-001 — 080 until 2024-04-30." in why(plan, named=True)
        assert "京阿唯" not in " ".join(why(plan, named=False))
        assert waits_short(plan) == "1 ending"

    def test_a_hold_may_run_out_before_its_last_day(self, now):
        floor = make_floor(seats=80)
        make_allocation(
            floor,
            (1, 80),
            kind=AllocationKind.HOLD,
            start=TODAY,
            last=date(2024, 4, 30),
            expires_at=now + timedelta(days=3),
        )

        [plan] = plans_for(80)

        assert (plan.waits[0].until, plan.waits[0].by_expiry) == (date(2024, 2, 24), True)

    def test_one_of_the_plans_waits_for_nobody(self):
        for level in range(1, 7):
            floor = make_floor(level=level, seats=80)
            make_allocation(floor, (1, 60), last=date(2024, 4, 30), start=TODAY)

        plans = plans_for(80)

        assert len(plans) == 5
        assert [bool(plan.waits) for plan in plans] == [True, True, True, True, False]
        assert len(plans[-1].takes) == 4
        assert "Waits for nobody: all of it is vacant today." in why(plans[-1], named=True)

    def test_a_plan_from_today_on_waits_for_nobody(self):
        make_allocation(
            make_floor(seats=80),
            (1, 60),
            last=TODAY - timedelta(days=1),
            start=TODAY.replace(day=1),
        )
        assert plans_for(80, start=TODAY)[0].waits == ()


class TestFloorsNotHandedOver:
    def test_come_after_those_that_are_and_say_so(self):
        make_floor(seats=100)
        make_allocation(make_floor(level=3, seats=30), (11, 12))
        make_floor(zone="D", seats=50, delivered_on=None, planned_on=date(2024, 4, 1))

        plans = plans_for(50)

        assert [plan.preselected for plan in plans] == [0, 50]
        assert "only be held, as a pre-selection" in " ".join(why(plans[1], named=True))
        assert any("exists after 2024-03-31 only" in said for said in why(plans[1], named=True))

    def test_have_no_seats_before_their_day(self):
        make_floor(seats=50, delivered_on=None, planned_on=MAY + timedelta(days=1))
        assert plans_for(1) == []

    def test_are_mixed_with_others_only_where_neither_has_enough(self):
        make_floor(seats=100)
        make_floor(zone="D", seats=50, delivered_on=None, planned_on=TODAY)

        assert {plan.pool for plan in plans_for(50)} == {0, 1}
        [first, *_rest] = plans_for(120)
        assert first.pool == 2
        assert "20 seats of it are on floors that are not handed over" in " ".join(
            why(first, named=True)
        )


class TestInWords:
    def test_titles_say_where_and_in_how_many_runs(self):
        floor = make_floor(seats=100)
        make_allocation(floor, (31, 40))
        make_floor(level=2, seats=60)

        assert plan_title(plans_for(60)[0]) in {
            "C-1-1F: one run of 60 seats",
            "C-1-2F: one run of 60 seats",
        }
        assert plan_title(plans_for(90)[0]) == "C-1-1F: 90 seats in 2 runs"
        assert plan_title(plans_for(130)[0]) == "Building C-1, 2 floors: 130 seats in 3 runs"

    def test_why_names_what_is_cut_and_what_is_left(self):
        make_floor(seats=100)

        [first, *_rest] = plans_for(60)

        assert why(first, named=True) == [
            "All seats side by side.",
            "Cuts one vacant run: 60 of the 100 seats of C-1-1F-001 — 100.",
            "Waits for nobody: all of it is vacant today.",
            "Longest vacant run of the park: 100 seats before, 40 after.",
        ]


@pytest.mark.parametrize("floors", [2, 12])
def test_takes_as_many_statements_for_a_large_park_as_for_a_small_one(
    floors, django_assert_num_queries
):
    for level in range(1, floors + 1):
        floor = make_floor(level=level, seats=80)
        make_allocation(floor, (1, 60), last=date(2024, 4, 30), start=TODAY)

    with django_assert_num_queries(3):
        plans_for(80)

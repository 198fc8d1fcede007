"""Occupancy and free runs: small parks counted by hand, random ones counted on squared paper."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from park.axis import Span
from seats.free_runs import free_runs
from seats.models import AllocationKind
from seats.occupancy import Grouping, Occupancy, occupancy_during, occupancy_on
from tests.conftest import TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.seats.comparison import (
    assert_same_everywhere,
    assert_same_seat_days,
    assert_void_says_what_is_no_seat,
)
from tests.seats.random_parks import BLOCKS, DAYS, FIRST, FLOORS, LAST, draw_park
from tests.undone import undone

pytestmark = pytest.mark.django_db

LEAP_FEBRUARY = (date(2024, 2, 1), date(2024, 3, 1))


def total_on(day, today=TODAY):
    return occupancy_on(day, today=today, by=Grouping.PARK)[1]


class TestOneDay:
    def test_counts_seats_by_what_they_are(self, operator):
        floor = make_floor(seats=100)
        make_allocation(floor, (1, 30), start=TODAY)
        make_allocation(floor, (31, 50), start=TODAY, kind=AllocationKind.HOLD)
        make_allocation(floor, (51, 55), start=TODAY, kind=AllocationKind.CLOSURE)

        total = total_on(TODAY)

        assert total == Occupancy(seats=100, firm=30, held=20, closed=5)
        assert (total.free, total.available, total.rate) == (45, 95, 30 / 95)

    def test_the_first_and_the_last_day_count_and_their_neighbours_do_not(self):
        make_allocation(make_floor(), (1, 10), start=TODAY, last=TODAY + timedelta(days=2))

        days = [TODAY + timedelta(days=number) for number in (-1, 0, 2, 3)]
        assert [total_on(day).firm for day in days] == [0, 10, 10, 0]

    def test_a_rate_of_nothing_is_none(self):
        assert total_on(TODAY).rate is None

    def test_a_planned_floor_counts_from_its_day_if_that_is_to_come(self):
        planned = TODAY + timedelta(days=10)
        make_floor(seats=40, delivered_on=None, planned_on=planned)

        assert [total_on(planned + timedelta(days=days)).seats for days in (-1, 0)] == [0, 40]

    def test_a_floor_whose_day_has_passed_is_not_there_today(self):
        floor = make_floor(seats=40, delivered_on=None, planned_on=TODAY - timedelta(days=30))
        make_allocation(floor, (1, 10), start=TODAY, kind=AllocationKind.HOLD)

        assert total_on(TODAY) == Occupancy()
        assert total_on(TODAY + timedelta(days=1)) == Occupancy(seats=40, held=10)

    def test_a_floor_without_a_day_never_counts(self):
        make_floor(seats=40, delivered_on=None)

        assert total_on(date(9000, 1, 1)) == Occupancy()

    @pytest.mark.parametrize("day", [date(1989, 12, 31), date(1900, 1, 1)])
    def test_before_the_first_of_all_days_there_is_no_seat(self, day):
        make_floor(seats=40)

        assert total_on(day) == Occupancy()
        assert free_runs(day, day + timedelta(days=1)) == []

    def test_an_enterprise_without_seats_that_day_has_no_row(self):
        floor = make_floor(seats=40)
        here, gone = EnterpriseFactory(), EnterpriseFactory()
        make_allocation(floor, (1, 10), start=TODAY, to=here)
        make_allocation(floor, (11, 20), start=FIRST, last=TODAY - timedelta(days=1), to=gone)

        rows, _total = occupancy_on(TODAY, today=TODAY, by=Grouping.ENTERPRISE)

        assert [row.key for row in rows] == [here.pk, None]


class TestOneMonth:
    def test_counts_seat_days(self):
        floor = make_floor(seats=100)
        make_allocation(floor, (1, 30), start=date(2024, 2, 20), last=date(2024, 3, 5))

        _rows, total = occupancy_during(*LEAP_FEBRUARY, today=TODAY, by=Grouping.PARK)

        assert total == Occupancy(seats=100 * 29, firm=30 * 10)

    def test_an_open_end_counts_to_the_end_of_the_month(self):
        make_allocation(make_floor(seats=100), (1, 30), start=date(2024, 2, 29))

        _rows, total = occupancy_during(*LEAP_FEBRUARY, today=TODAY, by=Grouping.PARK)

        assert total.firm == 30

    def test_of_a_floor_not_handed_over_only_the_days_to_come_count(self):
        floor = make_floor(seats=10, delivered_on=None, planned_on=date(2024, 2, 1))
        make_allocation(floor, (1, 2), start=date(2024, 2, 10), kind=AllocationKind.HOLD)

        _rows, total = occupancy_during(*LEAP_FEBRUARY, today=TODAY, by=Grouping.PARK)

        assert total == Occupancy(seats=10 * 7, held=2 * 7)  # the 23rd to the 29th


class TestFreeRuns:
    def test_are_free_on_every_day_asked_for(self):
        floor = make_floor(seats=20)
        make_allocation(floor, (6, 10), start=date(2024, 3, 10), last=date(2024, 3, 10))

        runs = free_runs(date(2024, 3, 1), date(2024, 4, 1))

        assert [run.seats for run in runs] == [
            Span(floor.seats.lower + 10, floor.seats.lower + 20),
            Span(floor.seats.lower, floor.seats.lower + 5),
        ]

    def test_never_join_two_floors(self):
        lower, upper = make_floor(level=1, seats=4096), make_floor(level=2, seats=4096)

        assert [run.seats for run in free_runs(TODAY, None)] == [lower.seats, upper.seats]

    def test_can_be_narrowed(self):
        make_floor(zone="B", seats=5)
        fits = make_floor(zone="C", level=1, seats=10)
        make_floor(zone="C", level=2, seats=9)
        planned = make_floor(zone="C", level=3, seats=50, delivered_on=None, planned_on=TODAY)

        def found(**narrower):
            return [run.floor_id for run in free_runs(TODAY, None, **narrower)]

        assert found(min_seats=10) == [planned.pk, fits.pk]
        assert found(min_seats=10, delivered=True) == [fits.pk]
        assert found(zones=["C"], delivered=False) == [planned.pk]
        assert len(found(zones=["B", "C"])) == 4
        assert len(found(zones=[])) == 4


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(floors=FLOORS, blocks=BLOCKS, day=DAYS)
def test_random_parks_agree_with_squared_paper(operator, floors, blocks, day):
    with undone():
        paper = draw_park(floors, blocks, operator)

        one_day = timedelta(days=1)
        assert_same_everywhere(
            paper,
            [
                (day, day + one_day),
                (TODAY, TODAY + one_day),
                (TODAY + one_day, TODAY + 2 * one_day),
                (day, day + 17 * one_day),
                LEAP_FEBRUARY,
            ],
            today=TODAY,
        )
        assert_same_seat_days(paper, FIRST, LAST, today=TODAY)
        assert_same_seat_days(paper, LEAP_FEBRUARY[0], LEAP_FEBRUARY[0], today=TODAY)
        assert_void_says_what_is_no_seat()

"""Giving seats back: all of them or some, from a day on."""

from datetime import date

import pytest

from park.axis import Span, seat_at
from park.models import ReportingMonth
from park.services import MonthClosed
from seats.models import SeatBlock
from seats.services.allocations import release_seats
from seats.services.refusals import (
    NotHeld,
)
from tests.conftest import TODAY
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_run
from tests.factories.seats import shape_of as shape
from tests.factories.tenants import EnterpriseFactory
from web.refusals import Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor(seats=100)


@pytest.fixture
def enterprise():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def allocate(operator, enterprise):
    """Allocate runs given as (first place, last place) of a floor."""

    def run(floor, *places, **more):
        return make_allocation(
            floor, *places, **{"to": enterprise, "acting_user": operator, **more}
        )

    return run


class TestReleaseSeats:
    @pytest.fixture
    def release(self, today, now, operator):
        def run(allocation, start, seats=None, **more):
            return release_seats(
                allocation_id=allocation.pk,
                start=start,
                seats=seats,
                today=today,
                now=now,
                acting_user=operator,
                **more,
            )

        return run

    def test_ends_every_run(self, floor, allocate, release):
        allocation = allocate(floor, (1, 20), (41, 60))

        release(allocation, date(2024, 5, 1))

        assert shape(allocation) == [
            (1, 20, START, date(2024, 5, 1)),
            (41, 60, START, date(2024, 5, 1)),
        ]

    def test_frees_a_part_from_a_day_and_keeps_the_rest(self, floor, allocate, release):
        allocation = allocate(floor, (1, 60), last=date(2024, 12, 31))

        release(
            allocation,
            date(2024, 5, 1),
            Span(seat_at(floor.pk, 21), seat_at(floor.pk, 40) + 1),
        )

        may, end = date(2024, 5, 1), date(2025, 1, 1)
        assert shape(allocation) == [
            (1, 20, may, end),
            (1, 60, START, may),
            (41, 60, may, end),
        ]

    def test_of_a_part_before_it_had_begun_keeps_the_rest_as_it_was(self, floor, allocate, release):
        allocation = allocate(floor, (1, 60))

        release(allocation, date(2024, 2, 1), make_run(floor, 21, 40).seats)

        assert shape(allocation) == [(1, 20, START, None), (41, 60, START, None)]

    def test_deletes_what_had_not_begun(self, floor, allocate, release):
        allocation = allocate(floor, (1, 20))

        release(allocation, START)

        assert shape(allocation) == []

    def test_refuses_seats_that_it_does_not_have(self, floor, allocate, release):
        allocation = allocate(floor, (1, 20))

        with pytest.raises(NotHeld):
            release(allocation, START, Span(seat_at(floor.pk, 50), seat_at(floor.pk, 60)))

    def test_refuses_what_has_been_given_back(self, floor, allocate, release):
        allocation = allocate(floor, (1, 20))
        release(allocation, date(2024, 5, 1))

        with pytest.raises(NotHeld):
            release(allocation, date(2024, 5, 1))
        release(allocation, date(2024, 4, 30))

    def test_refuses_what_somebody_changed_meanwhile(self, floor, allocate, release):
        allocation = allocate(floor, (1, 20))
        release(allocation, date(2024, 5, 1), expected_version=1)

        with pytest.raises(Stale):
            release(allocation, date(2024, 4, 1), expected_version=1)

    def test_leaves_the_seats_free_for_others(self, floor, allocate, release):
        release(allocate(floor, (1, 60)), date(2024, 5, 1), make_run(floor, 21, 40).seats)

        allocate(floor, (21, 40), start=date(2024, 5, 1), to=EnterpriseFactory())

    def test_keeps_in_its_history_what_was_and_on_which_day_that_ended(
        self, floor, allocate, release
    ):
        allocation = allocate(floor, (1, 20), today=date(2024, 2, 1))
        block = allocation.blocks.get()

        release(allocation, START)

        events = SeatBlock.pgh_event_model.objects.filter(pgh_obj_id=block.pk).order_by("pgh_id")
        assert [(event.pgh_label, event.recorded_on) for event in events] == [
            ("insert", date(2024, 2, 1)),
            ("update", TODAY),
            ("delete", TODAY),
        ]

    def test_refuses_to_change_a_closed_month(self, floor, allocate, release, now):
        allocation = allocate(floor, (1, 20), start=date(2024, 1, 1))
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        with pytest.raises(MonthClosed):
            release(allocation, date(2024, 1, 15))
        release(allocation, date(2024, 2, 1))

    def test_statements_do_not_grow_with_the_runs(
        self, floor, allocate, release, django_assert_max_num_queries
    ):
        allocation = allocate(floor, *[(place, place) for place in range(1, 100, 2)])

        with django_assert_max_num_queries(14):
            release(allocation, date(2024, 5, 1), floor.seats)

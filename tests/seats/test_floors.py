"""Floors: opened and extended."""

from datetime import date
from decimal import Decimal

import pytest

from park.axis import SLOT
from park.models import Floor, ReportingMonth
from park.services import MonthClosed
from seats.occupancy import Grouping, occupancy_on
from seats.services.floors import (
    NewFloor,
    deliver_floor,
    extend_floor,
    open_floor,
    open_floors,
)
from seats.services.refusals import NoSuchSeat
from tests.conftest import NOW, TODAY
from tests.factories.park import BuildingFactory, make_floor
from tests.factories.seats import make_allocation
from tests.seats.comparison import assert_void_says_what_is_no_seat
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

APRIL = date(2024, 4, 1)
JUNE = date(2024, 6, 1)


@pytest.fixture(autouse=True)
def void_says_what_is_no_seat():
    """Whatever a test did to floors: slot − void = seats."""
    yield
    assert_void_says_what_is_no_seat()


@pytest.fixture
def planned():
    """A floor of 100 seats that is to be handed over in April."""
    return make_floor(level=5, delivered_on=None, planned_on=APRIL)


@pytest.fixture
def deliver(operator):
    def run(floor, day=TODAY, now=NOW, **more):
        return deliver_floor(floor_id=floor.pk, day=day, now=now, acting_user=operator, **more)

    return run


@pytest.fixture
def extend(operator):
    def run(floor, seat_count, first_day=TODAY):
        return extend_floor(
            floor_id=floor.pk,
            seat_count=seat_count,
            first_day=first_day,
            now=NOW,
            acting_user=operator,
        )

    return run


def close(*months):
    for month in months:
        ReportingMonth.objects.create(month=month, closed_at=NOW)


def seats_on(day, today=TODAY):
    return occupancy_on(day, today=today, by=Grouping.PARK)[1].seats


class TestOpenFloors:
    def new_floor(self, **more):
        return NewFloor(
            **{
                "building": BuildingFactory(),
                "level": 3,
                "seat_count": 100,
                "lettable_m2": Decimal(700),
                "delivered_on": date(2020, 1, 1),
                **more,
            }
        )

    def test_gives_each_floor_a_slot_and_a_label(self, operator):
        floors = open_floors(
            floors=[self.new_floor(level=-1), self.new_floor(level=2)],
            now=NOW,
            acting_user=operator,
        )

        assert [floor.label for floor in floors] == ["C-1-B1F", "C-1-2F"]
        assert {floor.seats.lower % SLOT for floor in floors} == {0}

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"seat_count": 0}, "seats"),
            ({"seat_count": 4097}, "seats"),
            ({"level": 0}, "level"),
            ({"level": -10}, "level"),
            ({"level": 201}, "level"),
            ({"lettable_m2": Decimal(0)}, "lettable_m2"),
        ],
    )
    def test_refuses_what_is_no_floor(self, operator, wrong, field):
        with pytest.raises(Invalid) as refusal:
            open_floor(floor=self.new_floor(**wrong), now=NOW, acting_user=operator)

        assert refusal.value.errors[0]["field"] == field
        assert not Floor.objects.exists()

    def test_refuses_a_storey_that_is_there(self, operator):
        open_floor(floor=self.new_floor(), now=NOW, acting_user=operator)

        with pytest.raises(Invalid) as refusal:
            open_floor(floor=self.new_floor(), now=NOW, acting_user=operator)

        assert "C-1-3F" in refusal.value.errors[0]["message"]

    def test_refuses_a_storey_given_twice_and_opens_none(self, operator):
        with pytest.raises(Invalid):
            open_floors(floors=[self.new_floor(), self.new_floor()], now=NOW, acting_user=operator)

        assert not Floor.objects.exists()

    def test_may_fill_its_slot(self, operator):
        open_floor(floor=self.new_floor(seat_count=SLOT), now=NOW, acting_user=operator)

        assert seats_on(TODAY) == SLOT

    def test_may_have_been_there_always(self, operator):
        open_floor(
            floor=self.new_floor(delivered_on=date(1985, 5, 1)), now=NOW, acting_user=operator
        )

        assert seats_on(date(1990, 1, 1)) == 100

    def test_counts_from_the_first_open_day(self, operator):
        close(date(2023, 12, 1), date(2024, 1, 1))

        open_floor(floor=self.new_floor(), now=NOW, acting_user=operator)

        assert [seats_on(date(2024, 1, 31)), seats_on(date(2024, 2, 1))] == [0, 100]


class TestExtendFloor:
    def test_adds_seats_from_a_day_on(self, extend):
        floor = make_floor(seats=100)

        extend(floor, 120, first_day=APRIL)

        assert [seats_on(date(2024, 3, 31)), seats_on(APRIL)] == [100, 120]

    def test_says_from_when_the_new_seats_are_there(self, extend):
        floor = make_floor(seats=100)
        extend(floor, 120, first_day=APRIL)

        with pytest.raises(NoSuchSeat) as refusal:
            make_allocation(floor, (110, 120), start=date(2024, 3, 1))

        assert "2024-04-01" in str(refusal.value)
        assert "2020" not in str(refusal.value)

    def test_missing_seats_are_named_before_rivals(self, extend):
        floor = make_floor(seats=100)
        make_allocation(floor, (1, 10))
        extend(floor, 120, first_day=APRIL)

        with pytest.raises(NoSuchSeat):
            make_allocation(floor, (5, 110), start=date(2024, 3, 1))

    def test_new_seats_can_be_given_from_their_day(self, extend):
        floor = make_floor(seats=100)
        extend(floor, 120, first_day=APRIL)

        make_allocation(floor, (110, 120), start=APRIL)

    def test_can_happen_again(self, extend):
        floor = make_floor(seats=100)

        extend(floor, 120, first_day=APRIL)
        extend(floor, 130, first_day=date(2024, 3, 1))
        extend(floor, SLOT, first_day=JUNE)

        days = [date(2024, 2, 29), date(2024, 3, 1), APRIL, JUNE]
        assert [seats_on(day) for day in days] == [100, 110, 130, SLOT]

    @pytest.mark.parametrize("seat_count", [99, 100, SLOT + 1])
    def test_refuses_what_is_no_growth(self, extend, seat_count):
        with pytest.raises(Invalid):
            extend(make_floor(seats=100), seat_count)

    def test_refuses_days_of_a_closed_month(self, extend):
        floor = make_floor(seats=100)
        close(date(2024, 1, 1))

        with pytest.raises(MonthClosed):
            extend(floor, 120, first_day=date(2024, 1, 31))
        extend(floor, 120, first_day=date(2024, 2, 1))

    @pytest.mark.parametrize("first_day", [date(1980, 1, 1), date(1990, 1, 1)])
    def test_may_have_been_so_always(self, extend, first_day):
        floor = make_floor(seats=100, delivered_on=date(1985, 1, 1))

        extend(floor, 120, first_day=first_day)

        assert seats_on(date(1990, 1, 1)) == 120

    def test_of_a_planned_floor_comes_with_the_floor(self, planned, extend):
        extend(planned, 120, first_day=TODAY)

        assert [seats_on(date(2024, 3, 31)), seats_on(APRIL)] == [0, 120]

    def test_of_a_floor_without_a_day_waits_for_it(self, extend, deliver):
        floor = make_floor(delivered_on=None)
        extend(floor, 120)

        deliver(floor)

        assert seats_on(TODAY) == 120

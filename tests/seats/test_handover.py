"""Floors handed over, on their day or another; delayed; the promises that a delay breaks."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from foundation.models import Setting
from park.axis import SLOT
from park.models import ReportingMonth
from park.services import MonthClosed
from seats.models import AllocationKind, BrokenPromise, SeatBlock
from seats.occupancy import Grouping, Occupancy, occupancy_on
from seats.services.allocations import confirm_hold
from seats.services.floors import (
    delay_floor,
    deliver_floor,
    deliver_floors,
    promises_broken_by,
)
from seats.services.refusals import NotDelivered, WrongState
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_run, shape_of
from tests.seats.comparison import assert_void_says_what_is_no_seat
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
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
def hold(planned):
    def run(*places, floor=planned, **more):
        return make_allocation(floor, *places, kind=AllocationKind.HOLD, **more)

    return run


@pytest.fixture
def deliver(operator):
    def run(floor, day=TODAY, now=NOW, **more):
        return deliver_floor(floor_id=floor.pk, day=day, now=now, acting_user=operator, **more)

    return run


@pytest.fixture
def delay(operator):
    def run(floor, planned_on, **more):
        return delay_floor(
            floor_id=floor.pk, planned_on=planned_on, now=NOW, acting_user=operator, **more
        )

    return run


def close(*months):
    for month in months:
        ReportingMonth.objects.create(month=month, closed_at=NOW)


def seats_on(day, today=TODAY):
    return occupancy_on(day, today=today, by=Grouping.PARK)[1].seats


class TestDeliverFloor:
    def test_lets_seats_be_contracted(self, planned, deliver):
        floor = deliver(planned)

        make_allocation(floor, (1, 100), start=TODAY)
        assert (floor.planned_on, floor.delivered_on, floor.version) == (APRIL, TODAY, 2)
        assert seats_on(TODAY) == 100

    def test_notes_the_day_as_planned_where_none_was(self, deliver):
        assert deliver(make_floor(delivered_on=None)).planned_on == TODAY

    def test_refuses_a_day_to_come(self, planned, deliver):
        with pytest.raises(Invalid) as refusal:
            deliver(planned, TODAY + timedelta(days=1))

        assert refusal.value.errors[0]["field"] == "day"

    def test_refuses_to_happen_twice(self, planned, deliver):
        deliver(planned)

        with pytest.raises(WrongState):
            deliver(planned)

    def test_refuses_a_floor_that_somebody_changed(self, planned, deliver):
        with pytest.raises(Stale):
            deliver(planned, expected_version=7)

    def test_refuses_days_of_a_closed_month(self, planned, deliver):
        close(date(2024, 1, 1))

        with pytest.raises(MonthClosed):
            deliver(planned, date(2024, 1, 31))
        deliver(planned, date(2024, 2, 1))

    def test_is_possible_after_the_month_it_was_planned_for_is_closed(self, deliver):
        late = make_floor(delivered_on=None, planned_on=date(2023, 12, 15))
        close(date(2023, 12, 1), date(2024, 1, 1))

        deliver(late, date(2024, 2, 10))

        assert [seats_on(date(2024, 2, 9)), seats_on(date(2024, 2, 10))] == [0, 100]

    def test_of_a_floor_opened_late_counts_from_its_day_once_the_month_is_reopened(self, deliver):
        december = date(2023, 12, 1)
        close(december)
        late = make_floor(delivered_on=None, planned_on=date(2023, 12, 15))
        ReportingMonth.objects.all().delete()

        deliver(late, date(2023, 12, 15))

        assert [seats_on(date(2023, 12, 14)), seats_on(date(2023, 12, 15))] == [0, 100]

    def test_lets_a_hold_expire_the_days_that_are_set_after_it_is_recorded(
        self, planned, hold, deliver
    ):
        waiting = hold((1, 10), start=APRIL)

        deliver(planned, date(2024, 2, 20))

        waiting.refresh_from_db()
        assert waiting.expires_at == datetime(2024, 3, 23, 18, tzinfo=SHANGHAI)

    def test_takes_the_days_from_the_settings(self, planned, hold, deliver):
        Setting.objects.create(name=Setting.Name.PRESELECTION_DAYS, value=5)
        waiting = hold((1, 10), start=APRIL)

        deliver(planned)

        waiting.refresh_from_db()
        assert waiting.expires_at == datetime(2024, 2, 27, 18, tzinfo=SHANGHAI)

    def test_leaves_a_hold_its_own_end(self, planned, hold, deliver):
        own = hold((1, 10), start=APRIL, expires_at=NOW + timedelta(days=3))

        deliver(planned)

        own.refresh_from_db()
        assert own.expires_at == NOW + timedelta(days=3)

    def test_lets_a_hold_of_two_floors_wait_for_both(self, planned, deliver, operator):
        above = make_floor(level=6, delivered_on=None, planned_on=APRIL)
        waiting = make_allocation(planned, (1, 10), start=APRIL, kind=AllocationKind.HOLD)
        waiting.blocks.create(
            enterprise=waiting.enterprise,
            floor=above,
            kind="hold",
            seats=tuple(make_run(above, 1, 10).seats),
            period=(APRIL, None),
            recorded_on=TODAY,
        )

        deliver(planned)
        waiting.refresh_from_db()
        assert waiting.expires_at is None

        deliver(above)
        waiting.refresh_from_db()
        assert waiting.expires_at is not None

    def test_later_than_planned_is_a_delay_first(self, hold, deliver):
        late = make_floor(delivered_on=None, planned_on=date(2024, 2, 1))
        waiting = hold((1, 10), floor=late, start=date(2024, 2, 1))

        deliver(late, date(2024, 2, 20))

        assert shape_of(waiting) == [(1, 10, date(2024, 2, 20), None)]
        broken = BrokenPromise.objects.get()
        assert (broken.allocation, broken.new_day) == (waiting, date(2024, 2, 20))
        assert broken.period.lower == date(2024, 2, 1)

    def test_then_a_hold_can_be_confirmed(self, planned, hold, deliver, operator):
        waiting = hold((1, 10), start=APRIL)

        with pytest.raises(NotDelivered):
            confirm_hold(allocation_id=waiting.pk, today=TODAY, now=NOW, acting_user=operator)
        deliver(planned)
        confirm_hold(allocation_id=waiting.pk, today=TODAY, now=NOW, acting_user=operator)

        assert waiting.blocks.get().kind == "firm"


class TestDeliverFloors:
    @pytest.fixture
    def deliver_all(self, operator):
        def run(*floors, day=TODAY):
            return deliver_floors(
                floor_ids=[floor.pk for floor in floors], day=day, now=NOW, acting_user=operator
            )

        return run

    def test_hands_over_a_phase_at_once(self, planned, deliver_all):
        early = make_floor(level=6, delivered_on=None, planned_on=TODAY - timedelta(days=9))
        on_time = make_floor(level=7, delivered_on=None, planned_on=TODAY)

        floors = deliver_all(planned, early, on_time)

        assert {(floor.delivered_on, floor.version) for floor in floors} == {(TODAY, 2)}
        assert [seats_on(TODAY - timedelta(days=1)), seats_on(TODAY)] == [0, 300]

    def test_all_or_none(self, planned, deliver_all):
        with pytest.raises(WrongState):
            deliver_all(planned, make_floor(level=6))

        planned.refresh_from_db()
        assert planned.delivered_on is None

    def test_lets_a_hold_of_all_of_them_expire(self, planned, hold, deliver_all):
        above = make_floor(level=6, delivered_on=None, planned_on=APRIL)
        waiting = hold((1, 10), start=APRIL)
        also_waiting = hold((1, 10), floor=above, start=APRIL)

        deliver_all(planned, above)

        for row in (waiting, also_waiting):
            row.refresh_from_db()
            assert row.expires_at is not None

    @pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2024, 1, 31)])
    def test_refuses_the_days_that_a_single_one_refuses(self, planned, deliver_all, day):
        close(date(2024, 1, 1))

        with pytest.raises((Invalid, MonthClosed)):
            deliver_all(planned, day=day)


class TestDelayFloor:
    def test_moves_the_day_on_which_seats_appear(self, planned, delay):
        delay(planned, JUNE)

        planned.refresh_from_db()
        assert (planned.planned_on, planned.version) == (JUNE, 2)
        assert [seats_on(date(2024, 5, 31)), seats_on(JUNE)] == [0, 100]

    def test_may_be_a_day_earlier_and_breaks_nothing(self, planned, hold, delay):
        waiting = hold((1, 10), start=APRIL)

        assert delay(planned, date(2024, 3, 1)) == []

        assert seats_on(date(2024, 3, 1)) == 100
        assert shape_of(waiting) == [(1, 10, APRIL, None)]

    def test_shortens_deletes_and_keeps_what_was_promised(self, planned, hold, delay):
        over = hold((1, 10), start=APRIL)
        before = hold((11, 20), start=APRIL, last=date(2024, 5, 31))
        after = hold((21, 30), start=JUNE)
        partly = hold((31, 40), start=date(2024, 5, 1), last=JUNE)

        broken = delay(planned, JUNE)

        assert shape_of(over) == [(1, 10, JUNE, None)]
        assert shape_of(before) == []
        assert shape_of(after) == [(21, 30, JUNE, None)]
        assert shape_of(partly) == [(31, 40, JUNE, JUNE + timedelta(days=1))]
        kept = {
            (promise.allocation_id, promise.period.lower, promise.period.upper, promise.new_day)
            for promise in BrokenPromise.objects.all()
        }
        assert kept == {
            (over.pk, APRIL, None, JUNE),
            (before.pk, APRIL, JUNE, JUNE),
            (partly.pk, date(2024, 5, 1), JUNE + timedelta(days=1), JUNE),
        }
        assert {promise.pk for promise in broken} == set(
            BrokenPromise.objects.values_list("pk", flat=True)
        )

    def test_to_an_unknown_day_breaks_every_promise(self, planned, hold, delay):
        waiting = hold((1, 10), start=date(2030, 1, 1))

        delay(planned, None)

        assert shape_of(waiting) == []
        assert BrokenPromise.objects.get().new_day is None
        assert seats_on(date(9000, 1, 1)) == 0

    def test_can_be_foreseen(self, planned, hold):
        over = hold((1, 10), start=APRIL)
        hold((21, 30), start=JUNE)

        assert [block.allocation for block in promises_broken_by([planned], JUNE)] == [over]

    @pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
    def test_refuses_a_day_that_is_not_to_come(self, planned, delay, day):
        with pytest.raises(Invalid):
            delay(planned, day)

    def test_refuses_a_floor_that_is_handed_over(self, delay):
        with pytest.raises(WrongState):
            delay(make_floor(), JUNE)

    def test_refuses_a_floor_that_somebody_changed(self, planned, delay):
        with pytest.raises(Stale):
            delay(planned, JUNE, expected_version=7)

    def test_is_possible_after_the_month_it_was_planned_for_is_closed(self, delay):
        late = make_floor(delivered_on=None, planned_on=date(2023, 12, 15))
        close(date(2023, 12, 1), date(2024, 1, 1))

        delay(late, JUNE)

        assert seats_on(JUNE) == 100


class TestBeforeItIsHandedOver:
    @pytest.mark.parametrize("kind", [AllocationKind.FIRM, AllocationKind.CLOSURE])
    def test_a_floor_can_only_be_held(self, planned, kind):
        with pytest.raises(NotDelivered):
            make_allocation(planned, (1, 10), start=APRIL, kind=kind)

    def test_what_is_held_counts_on_days_to_come(self, planned, hold):
        hold((1, 10), start=APRIL)

        assert occupancy_on(APRIL, today=TODAY, by=Grouping.PARK)[1] == Occupancy(100, 0, 10)

    def test_void_is_written_for_the_slot_only(self, planned):
        lowest = SeatBlock.objects.order_by("seats").first()

        assert lowest.seats.lower == planned.pk * SLOT

"""Holds end by themselves: by beat, and before anything else that plans seats."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from park.models import ReportingMonth
from seats.models import Allocation, AllocationKind
from seats.services.allocations import confirm_hold, release_seats
from seats.services.expiry import end_expired_holds
from seats.services.refusals import HoldExpired, SeatsTaken
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, shape_of

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATE = NOW + timedelta(days=3)


@pytest.fixture
def hold():
    """Seats 1 to 20 since the beginning of February, held for two days more."""
    return make_allocation(
        make_floor(seats=100),
        (1, 20),
        kind=AllocationKind.HOLD,
        start=date(2024, 2, 1),
        expires_at=NOW + timedelta(days=2),
    )


def last_event(allocation):
    return allocation.events.select_related("pgh_context").latest("pgh_id")


def test_a_hold_lasts_until_its_instant(hold):
    instant = hold.expires_at

    assert end_expired_holds(now=instant - timedelta(microseconds=1)) == 0
    assert end_expired_holds(now=instant) == 1
    assert end_expired_holds(now=instant) == 0


def test_its_seats_are_free_from_the_day_on_which_it_expired(hold):
    end_expired_holds(now=LATE)

    assert shape_of(hold) == [(1, 20, date(2024, 2, 1), TODAY + timedelta(days=2))]


def test_the_day_is_a_day_in_shanghai():
    after_midnight = datetime(2024, 2, 25, 0, 30, tzinfo=SHANGHAI)  # still the 24th in UTC
    hold = make_allocation(
        make_floor(), (1, 20), kind=AllocationKind.HOLD, start=TODAY, expires_at=after_midnight
    )

    end_expired_holds(now=LATE)

    assert shape_of(hold) == [(1, 20, TODAY, date(2024, 2, 25))]


def test_days_of_closed_months_stay_held(hold):
    ReportingMonth.objects.create(month=date(2024, 2, 1), closed_at=NOW)

    end_expired_holds(now=NOW + timedelta(days=30))

    assert shape_of(hold) == [(1, 20, date(2024, 2, 1), date(2024, 3, 1))]


def test_is_put_down_to_nobody_even_when_somebody_came_upon_it(hold, operator):
    floor = hold.blocks.get().floor

    make_allocation(floor, (1, 20), now=LATE, acting_user=operator)

    event = last_event(hold)
    assert event.ended_at == LATE
    assert event.pgh_context.metadata["user"] is None


def test_stays_ended_when_what_came_upon_it_is_refused(hold):
    floor = hold.blocks.get().floor
    make_allocation(floor, (50, 60))

    with pytest.raises(SeatsTaken):
        make_allocation(floor, (60, 70), now=LATE)

    assert Allocation.objects.get(pk=hold.pk).ended_at == LATE


def test_is_the_answer_to_a_confirmation_that_comes_too_late(hold, operator):
    with pytest.raises(HoldExpired):
        confirm_hold(
            allocation_id=hold.pk,
            today=TODAY,
            now=LATE,
            acting_user=operator,
            expected_version=hold.version,
        )


def test_leaves_alone_what_was_confirmed_or_given_back(hold, operator):
    other = make_allocation(hold.blocks.get().floor, (21, 30), kind=AllocationKind.HOLD)
    confirm_hold(allocation_id=hold.pk, today=TODAY, now=NOW, acting_user=operator)
    release_seats(allocation_id=other.pk, start=TODAY, today=TODAY, now=NOW, acting_user=operator)

    end_expired_holds(now=NOW + timedelta(days=60))

    assert shape_of(hold) == [(1, 20, date(2024, 2, 1), None)]
    assert shape_of(other) == []

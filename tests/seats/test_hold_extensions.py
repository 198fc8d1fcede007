"""A hold is given longer: with a reason, to a later day, not once it has ended."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from foundation.models import Message
from park.models import ReportingMonth
from seats.history import history
from seats.models import Allocation, AllocationKind
from seats.services.allocations import confirm_hold
from seats.services.expiry import end_expired_holds
from seats.services.holds import extend_hold, warn_of_ending_holds
from seats.services.refusals import HoldExpired, WrongState
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_request, shape_of
from tests.factories.tenants import make_member
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
END = datetime(2024, 3, 1, tzinfo=SHANGHAI)
LATER = datetime(2024, 3, 21, tzinfo=SHANGHAI)


@pytest.fixture
def floor():
    return make_floor(seats=100)


@pytest.fixture
def hold(floor):
    return make_allocation(
        floor, (1, 20), kind=AllocationKind.HOLD, start=date(2024, 2, 1), expires_at=END
    )


@pytest.fixture
def extend(operator):
    def run(hold, expires_at=LATER, reason="合同在走流程", now=NOW, **more):
        return extend_hold(
            allocation_id=hold.pk,
            expires_at=expires_at,
            reason=reason,
            today=TODAY,
            now=now,
            acting_user=operator,
            **more,
        )

    return run


def test_lasts_until_the_new_day_and_its_seats_stay_as_they_are(hold, extend):
    before = shape_of(hold)

    extended = extend(hold)

    assert (extended.expires_at, extended.version) == (LATER, 2)
    assert shape_of(hold) == before
    assert end_expired_holds(now=LATER - timedelta(seconds=1)) == 0
    assert end_expired_holds(now=LATER) == 1


def test_the_enterprise_is_told_until_when(hold, extend):
    person = make_member(hold.enterprise, language="en")

    extend(hold)

    assert (
        Message.objects.get(recipient=person).subject
        == "Your hold of 20 seats lasts until 2024-03-20"
    )


def test_its_history_says_who_until_when_and_why(hold, extend):
    warn_of_ending_holds(now=END - timedelta(days=1))
    extend(hold)

    with translation.override("en"):
        sentences = [deed.sentence for deed in history(hold)]

    assert sentences[:2] == [
        "张敏 extended the hold until 2024-03-20: 合同在走流程",
        "Both sides were told that the hold lasts until 2024-02-29 only",
    ]


def test_its_request_is_another_version_too(hold, extend):
    hold.request = make_request(enterprise=hold.enterprise)
    hold.save()

    extend(hold)

    hold.request.refresh_from_db()
    assert hold.request.version == 2


@pytest.mark.parametrize("reason", ["", "  "])
def test_refuses_to_go_without_a_reason(hold, extend, reason):
    with pytest.raises(Invalid) as refusal:
        extend(hold, reason=reason)

    assert refusal.value.errors[0]["field"] == "reason"


@pytest.mark.parametrize("moment", [END, END - timedelta(days=1), NOW - timedelta(days=1)])
def test_refuses_a_moment_that_is_not_later(hold, extend, moment):
    with pytest.raises(Invalid) as refusal:
        extend(hold, expires_at=moment)

    assert refusal.value.errors[0]["field"] == "expires_at"
    assert Allocation.objects.get(pk=hold.pk).expires_at == END


def test_refuses_to_last_beyond_the_last_day_of_its_seats(floor, extend):
    short = make_allocation(
        floor, (30, 40), kind=AllocationKind.HOLD, last=date(2024, 3, 20), expires_at=END
    )

    with pytest.raises(Invalid) as refusal:
        extend(short, expires_at=LATER + timedelta(days=1))
    assert "2024-03-20" in str(refusal.value.errors[0]["message"])
    extend(short, expires_at=LATER)  # the end of its last day


def test_refuses_a_hold_that_has_expired_even_by_a_second(hold, extend):
    with pytest.raises(HoldExpired):
        extend(hold, now=END, expected_version=hold.version)

    ended = Allocation.objects.get(pk=hold.pk)
    assert (ended.ended_at, ended.expires_at) == (END, END)


def test_refuses_what_is_no_hold_any_more(hold, extend, operator):
    confirm_hold(allocation_id=hold.pk, today=TODAY, now=NOW, acting_user=operator)

    with pytest.raises(WrongState):
        extend(hold)


def test_refuses_what_never_was_one(floor, extend):
    with pytest.raises(WrongState):
        extend(make_allocation(floor, (50, 60), kind=AllocationKind.CLOSURE))


def test_refuses_a_hold_that_waits_for_its_floor(extend):
    planned = make_floor(level=5, delivered_on=None, planned_on=date(2024, 6, 1))
    waiting = make_allocation(planned, (1, 10), kind=AllocationKind.HOLD, start=date(2024, 6, 1))

    with pytest.raises(WrongState):
        extend(waiting)


def test_refuses_a_version_that_somebody_changed(hold, extend):
    extend(hold)

    with pytest.raises(Stale):
        extend(hold, expires_at=LATER + timedelta(days=9), expected_version=1)


def test_touches_no_closed_month(hold, extend):
    ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)
    ReportingMonth.objects.create(month=date(2024, 2, 1), closed_at=NOW)

    extend(hold)

    assert shape_of(hold) == [(1, 20, date(2024, 2, 1), None)]

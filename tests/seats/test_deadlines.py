"""By when who has promised to act: the clock runs, stands still, goes on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.permissions import Role
from foundation.models import Setting, WorkingDay
from seats import desk
from seats.models import SeatRequest
from seats.request_clock import RequestClock
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import make_request
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0, month: int = 2) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=SHANGHAI)


SUBMITTED = at(20, 9, 12)  # a Tuesday
DUE = at(23, 9, 12)  # 24 working hours later


@pytest.fixture
def floor():
    return make_floor(zone="C", seats=100)


@pytest.fixture
def member():
    return make_member(EnterpriseFactory())


@pytest.fixture
def way(floor, operator):
    return Way(floor, operator)


@pytest.fixture
def request_(way, member):
    request = make_request(
        enterprise=member.memberships.get().enterprise, acting_user=member, now=SUBMITTED
    )
    return way.take("submit", request, now=SUBMITTED)


class TestTheParksAnswer:
    def test_is_promised_within_the_hours_that_are_set(self, request_):
        assert (request_.promised_at, request_.promised_hours) == (DUE, 24)

    def test_follows_the_setting_and_the_calendar(self, way, member):
        Setting.objects.create(name=Setting.Name.ANSWER_HOURS, value=8)
        WorkingDay.objects.create(day=date(2024, 2, 21), is_working=False, name="停电")
        request = make_request(
            enterprise=member.memberships.get().enterprise, acting_user=member, now=SUBMITTED
        )

        request = way.take("submit", request, now=SUBMITTED)

        assert (request.promised_at, request.promised_hours) == (at(22, 9, 12), 8)

    def test_is_not_put_off_by_taking_up_or_handing_over(self, request_, way, person):
        way.colleague = person(Role.OPERATOR_STAFF)

        request = way.take("take_up", request_, now=at(20, 14, 5))
        request = way.take("hand_over", request, now=at(21, 10))

        assert (request.promised_at, request.promised_hours) == (DUE, 24)

    def test_stands_still_while_the_enterprise_completes_the_request(self, request_, way):
        sent_back = way.take("send_back", request_, now=at(20, 11, 12))  # 2 hours used
        assert sent_back.promised_at is None

        request = way.take("submit", request_, now=at(26, 9))

        # 22 hours are left: Monday 9:00 to Wednesday 16:00 (8 + 8 + 6)
        assert (request.promised_at, request.promised_hours) == (at(28, 16), 24)

    def test_is_due_at_once_where_nothing_was_left(self, request_, way):
        way.take("send_back", request_, now=at(29, 9))

        assert way.take("submit", request_, now=at(4, 9, month=3)).promised_at == at(4, 9, month=3)

    def test_is_promised_anew_when_an_offer_was_declined(self, request_, way):
        offered = way.take("offer", request_, now=at(20, 10))

        request = way.take("decline", offered[0], now=at(27, 9))

        assert (request.promised_at, request.promised_hours) == (at(29, 18), 24)

    def test_is_promised_no_more_when_it_is_over(self, request_, way):
        request = way.take("reject", request_, now=at(20, 10))

        assert (request.promised_at, request.promised_hours) == (None, None)


class TestAnOffer:
    def test_is_answered_before_its_hold_ends(self, request_, way):
        request, hold = way.take("offer", request_, now=at(20, 10))

        assert request.promised_at == hold.expires_at
        assert desk.waits_for(request) == "enterprise"

    def test_accepted_is_handed_over_by_the_first_day(self, request_, way):
        request, _hold = way.take("offer", request_, now=at(20, 10))

        request, _firm = way.take("accept", request, now=at(21, 10))

        assert request.promised_at == at(1, 9, month=3)  # it begins on the 1st of March
        assert desk.waits_for_park(request)

    def test_accepted_late_is_handed_over_within_the_hours_that_are_set(self, way, member):
        request = make_request(
            enterprise=member.memberships.get().enterprise,
            acting_user=member,
            start=date(2024, 2, 20),
            now=SUBMITTED,
        )
        way.take("submit", request, now=SUBMITTED)
        way.take("offer", request, now=at(20, 10))

        request, _firm = way.take("accept", request, now=at(21, 10))

        assert request.promised_at == at(26, 10)


class TestWhatIsLeft:
    @pytest.mark.parametrize(
        ("now", "hours", "over"),
        [
            (SUBMITTED, 24, 0),
            (at(22, 10, 12), 7, 0),
            (at(23, 9, 11), 0, 0),
            (DUE, 0, 0),
            (at(23, 9, 13), -1, 1),
            (at(23, 11, 12), -2, 2),
            (at(26, 10, 12), -9, 9),
        ],
    )
    def test_is_said_in_whole_working_hours(self, request_, now, hours, over):
        left = RequestClock(now).left(request_)

        assert (left.hours, left.over, left.promised, left.due) == (hours, over, 24, DUE)

    def test_is_nothing_where_nothing_is_promised(self, request_, way):
        assert RequestClock(SUBMITTED).left(way.take("withdraw", request_)) is None

    def test_says_where_the_holidays_are_not_known(self, request_):
        assert RequestClock(SUBMITTED).left(request_).is_calendar_known
        request_.promised_at = datetime(2150, 1, 5, 9, tzinfo=SHANGHAI)

        assert not RequestClock(SUBMITTED).left(request_).is_calendar_known


class TestTheOrderOfAList:
    @pytest.fixture
    def requests(self, way, member, floor):
        """One in each state; those in review were submitted one after the other."""
        enterprise = member.memberships.get().enterprise
        rows = {}
        for hour, state in enumerate(
            ["withdrawn", "offered", "sent_back", "declined", "in_review", "submitted"]
        ):
            request = make_request(enterprise=enterprise, acting_user=member, now=at(20, 8))
            rows[state] = way.bring(request, state, now=at(20, 9) + timedelta(hours=hour))
        return rows

    def in_order(self, user):
        rows = SeatRequest.objects.visible_to(user)
        return [row.state for row in desk.in_order_of_waiting(rows, user)]

    def test_for_the_park(self, requests, operator):
        assert self.in_order(operator) == [
            *("declined", "in_review", "submitted"),
            *("offered", "sent_back"),
            "withdrawn",
        ]

    def test_for_the_enterprise(self, requests, member):
        assert self.in_order(member) == [
            *("offered", "sent_back"),
            *("declined", "in_review", "submitted"),
            "withdrawn",
        ]

    def test_what_waits_for_a_floor_comes_after_what_somebody_can_do(
        self, requests, way, member, operator
    ):
        way.floor = make_floor(zone="D", delivered_on=None, planned_on=date(2024, 2, 20))
        request = make_request(
            enterprise=member.memberships.get().enterprise, acting_user=member, now=SUBMITTED
        )
        way.bring(request, "accepted", now=SUBMITTED)

        assert self.in_order(operator)[-2:] == ["accepted", "withdrawn"]
        assert not desk.waits_for_park(request)
        assert request not in SeatRequest.objects.waiting_for_park()

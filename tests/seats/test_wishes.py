"""What an enterprise may ask for, by what it has."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from foundation.models import Message
from park.models import ReportingMonth
from park.services import MonthClosed
from seats.models import ApprovedRun, RequestKind, SeatRequest
from seats.services.approvals import approve_request
from seats.services.requests import edit_request, submit_request
from seats.services.wishes import Wish
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_request, make_run
from tests.factories.tenants import EnterpriseFactory, make_member
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

LATER = START + timedelta(days=60)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def floor():
    return make_floor(zone="C", seats=100)


@pytest.fixture
def enterprise():
    return EnterpriseFactory()


@pytest.fixture
def member(enterprise):
    return make_member(enterprise, language="en")


@pytest.fixture
def ask(floor, enterprise, member):
    def run(kind, seats, **wish):
        return make_request(
            enterprise=enterprise, acting_user=member, kind=kind, seats=seats, **wish
        )

    return run


def refused(ask, *wish, **more):
    with pytest.raises(Invalid) as refusal:
        ask(*wish, **more)
    assert not SeatRequest.objects.exists()
    [error] = refusal.value.errors
    return error["field"], error["message"]


class TestGivingBack:
    def test_no_more_than_the_enterprise_has(self, ask, floor, enterprise):
        make_allocation(floor, (1, 20), start=TODAY, to=enterprise)
        make_allocation(floor, (31, 40), start=TODAY)

        field, message = refused(ask, RequestKind.RELEASE, 21)

        assert field == "seats"
        assert "The enterprise has 20 seats on or after 2024-03-01." in message
        assert ask(RequestKind.RELEASE, 20).seats == 20

    def test_not_what_ends_before(self, ask, floor, enterprise):
        make_allocation(floor, (1, 20), start=TODAY, last=START - timedelta(days=1), to=enterprise)

        assert refused(ask, RequestKind.RELEASE, 1)[0] == "seats"

    def test_what_comes_later_too(self, ask, floor, enterprise):
        make_allocation(floor, (1, 20), start=LATER, to=enterprise)

        assert ask(RequestKind.RELEASE, 20).seats == 20

    def test_each_seat_once(self, ask, floor, enterprise):
        make_allocation(floor, (1, 20), start=TODAY, last=LATER, to=enterprise)
        make_allocation(floor, (1, 20), start=LATER + timedelta(days=1), to=enterprise)

        assert refused(ask, RequestKind.RELEASE, 21)[0] == "seats"

    def test_when_a_draft_is_changed_too(self, ask, member):
        draft = ask(RequestKind.NEW, 5)

        with pytest.raises(Invalid):
            edit_request(
                request_id=draft.pk,
                wish=Wish(RequestKind.RELEASE, 5, START),
                now=NOW,
                acting_user=member,
            )


@pytest.mark.parametrize("kind", [RequestKind.EXPAND, RequestKind.RELOCATE])
class TestMoreSeats:
    def test_are_for_who_has_some(self, ask, floor, kind):
        make_allocation(floor, (1, 20), start=TODAY)

        assert refused(ask, kind, 5) == (
            "kind",
            "The enterprise has no seats yet. Ask for new seats.",
        )

    @pytest.mark.parametrize(
        ("start", "last"), [(TODAY, None), (TODAY, START - timedelta(days=1)), (LATER, None)]
    )
    def test_whenever_it_has_them(self, ask, floor, enterprise, kind, start, last):
        make_allocation(floor, (1, 20), start=start, last=last, to=enterprise)

        assert ask(kind, 5).seats == 5


def test_the_first_day_is_refused_in_words_for_an_enterprise(ask):
    ReportingMonth.objects.create(month=date(2021, 3, 1), closed_at=NOW)
    ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

    with pytest.raises(MonthClosed) as refusal:
        ask(RequestKind.NEW, 5, start=date(2020, 1, 1))

    [error] = refusal.value.errors
    assert error["field"] == "start"
    assert error["message"] == (
        "The first day can be 2024-02-01 at the earliest: the months before are closed."
    )
    assert refusal.value.extra == {"month": "2021-03"}


class TestWhatAnApprovalTells:
    @pytest.fixture
    def approve(self, operator, member):
        def run(request, *rectangles, **more):
            submit_request(request_id=request.pk, now=NOW, acting_user=member)
            approve_request(
                request_id=request.pk,
                rectangles=rectangles,
                today=TODAY,
                now=NOW,
                acting_user=operator,
                **more,
            )
            return Message.objects.filter(recipient=member).latest("pk").body

        return run

    def test_of_fewer_seats(self, ask, approve, floor):
        body = approve(ask(RequestKind.NEW, 60), make_run(floor, 1, 10))

        assert "you get 10 of the 60 seats that you asked for" in body

    def test_of_all_seats(self, ask, approve, floor):
        body = approve(ask(RequestKind.NEW, 10), make_run(floor, 1, 10))

        assert body.endswith("Your seats are on its page.")

    def test_of_seats_given_back(self, ask, approve, floor, enterprise):
        make_allocation(floor, (1, 20), start=TODAY, to=enterprise)

        body = approve(
            ask(RequestKind.RELEASE, 20), released=[(make_run(floor, 1, 20).seats, START)]
        )

        assert "you give back 20 seats. Which ones and from which day is on its page." in body

    def test_of_fewer_seats_given_back_keeping_which(self, ask, approve, floor, enterprise):
        make_allocation(floor, (1, 20), start=LATER, to=enterprise)

        body = approve(
            ask(RequestKind.RELEASE, 20), released=[(make_run(floor, 11, 60).seats, START)]
        )

        assert "you give back 10 of the 20 seats" in body
        run = ApprovedRun.objects.get()
        assert (run.seats.lower, run.seats.upper) == make_run(floor, 11, 20).seats
        assert (run.period.lower, run.is_given_back) == (LATER, True)

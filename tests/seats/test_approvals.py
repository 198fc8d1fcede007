"""Approving a request: seats are given, given back or exchanged, all or nothing."""

from datetime import date

import pytest

from park.axis import Span
from park.models import ReportingMonth
from park.services import MonthClosed
from seats.models import Allocation, RequestKind, RequestState, SeatRequest
from seats.services.approvals import approve_request
from seats.services.refusals import NoSuchSeat, NotDelivered, NotHeld, SeatsTaken
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_request, make_run, shape_of
from tests.factories.tenants import EnterpriseFactory, make_member
from web.refusals import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor(operator):
    return make_floor(zone="C", seats=100, acting_user=operator)


@pytest.fixture
def enterprise():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def member(enterprise):
    return make_member(enterprise)


@pytest.fixture
def request_in(floor, enterprise, member):
    """A request in a state, however it came there."""

    def make(state, kind=RequestKind.NEW, **wish):
        request = make_request(enterprise=enterprise, acting_user=member, **wish)
        SeatRequest.objects.filter(pk=request.pk).update(state=state, kind=kind)
        request.refresh_from_db()
        return request

    return make


class TestApproval:
    @pytest.fixture
    def approve(self, operator):
        def run(request, *rectangles, **more):
            return approve_request(
                request_id=request.pk,
                rectangles=rectangles,
                today=TODAY,
                now=NOW,
                acting_user=operator,
                **more,
            )

        return run

    @pytest.mark.parametrize("kind", ["new", "expand"])
    def test_gives_the_seats(self, request_in, approve, floor, enterprise, kind):
        request, allocation = approve(
            request_in("submitted", kind=kind), make_run(floor, 1, 10), make_run(floor, 21, 30)
        )

        assert request.state == RequestState.FULFILLED
        assert shape_of(allocation) == [(1, 10, START, None), (21, 30, START, None)]
        assert (allocation.enterprise, allocation.request) == (enterprise, request)
        assert allocation.kind == "firm"

    @pytest.mark.parametrize("kind", ["new", "expand", "relocate"])
    def test_needs_seats(self, request_in, approve, kind):
        with pytest.raises(Invalid) as refusal:
            approve(request_in("submitted", kind=kind))

        assert refusal.value.errors[0]["field"] == "blocks"

    @pytest.mark.parametrize("kind", ["new", "expand"])
    def test_takes_nothing_from_who_asks_for_more(
        self, request_in, approve, floor, enterprise, kind
    ):
        held = make_allocation(floor, (50, 60), to=enterprise, start=TODAY)

        with pytest.raises(Invalid) as refusal:
            approve(
                request_in("submitted", kind=kind),
                make_run(floor, 1, 10),
                released=[(make_run(floor, 50, 60).seats, START)],
            )

        assert refusal.value.errors[0]["field"] == "released"
        assert shape_of(held) == [(50, 60, TODAY, None)]

    def test_of_giving_back_frees_the_seats(self, request_in, approve, floor, enterprise):
        one = make_allocation(floor, (1, 20), to=enterprise, start=TODAY)
        two = make_allocation(floor, (21, 40), to=enterprise, start=TODAY)

        request, allocation = approve(
            request_in("submitted", kind="release"),
            released=[(make_run(floor, 11, 30).seats, START)],
        )

        assert (request.state, allocation) == (RequestState.FULFILLED, None)
        assert shape_of(one) == [(1, 10, START, None), (1, 20, TODAY, START)]
        assert shape_of(two) == [(21, 40, TODAY, START), (31, 40, START, None)]

    @pytest.mark.parametrize("released", [[], None])
    def test_of_giving_back_needs_what_is_given_back(self, request_in, approve, floor, released):
        more = {"released": [(floor.seats, START)]} if released is None else {}
        runs = [make_run(floor, 1, 10)] if released is None else []

        with pytest.raises(Invalid) as refusal:
            approve(request_in("submitted", kind="release"), *runs, **more)

        assert refusal.value.errors[0]["field"] == "released"

    @pytest.mark.parametrize(
        ("seats", "refusal"),
        [
            (Span(10, 5), Invalid),
            (Span(5, 5), Invalid),
            (Span(10**12, 10**12 + 1), NoSuchSeat),
            (Span(-5, 5), NoSuchSeat),
        ],
    )
    def test_of_giving_back_refuses_runs_that_are_none(self, request_in, approve, seats, refusal):
        with pytest.raises(refusal):
            approve(request_in("submitted", kind="release"), released=[(seats, START)])

    def test_of_giving_back_takes_from_nobody_else(self, request_in, approve, floor):
        other = make_allocation(floor, (1, 20), start=TODAY)

        with pytest.raises(NotHeld):
            approve(request_in("submitted", kind="release"), released=[(floor.seats, START)])

        assert shape_of(other) == [(1, 20, TODAY, None)]

    def test_of_a_move_frees_the_old_and_gives_the_new(
        self, request_in, approve, floor, enterprise
    ):
        old = make_allocation(floor, (1, 20), to=enterprise, start=TODAY)

        _request, new = approve(
            request_in("submitted", kind="relocate"),
            make_run(floor, 11, 30),
            released=[(make_run(floor, 1, 20).seats, START)],
        )

        assert shape_of(old) == [(1, 20, TODAY, START)]
        assert shape_of(new) == [(11, 30, START, None)]

    def test_all_or_nothing(self, request_in, approve, floor, enterprise):
        old = make_allocation(floor, (1, 20), to=enterprise, start=TODAY)
        make_allocation(floor, (50, 60), start=TODAY)
        request = request_in("submitted", kind="relocate")

        with pytest.raises(SeatsTaken):
            approve(
                request,
                make_run(floor, 45, 55),
                released=[(make_run(floor, 1, 20).seats, START)],
            )

        request.refresh_from_db()
        assert request.state == RequestState.SUBMITTED
        assert shape_of(old) == [(1, 20, TODAY, None)]
        assert Allocation.objects.count() == 2

    def test_gives_no_seat_of_a_floor_to_come(self, request_in, approve):
        planned = make_floor(level=7, delivered_on=None, planned_on=START)

        with pytest.raises(NotDelivered):
            approve(request_in("submitted"), make_run(planned, 1, 10))

    def test_changes_no_closed_month(self, request_in, approve, floor, enterprise):
        make_allocation(floor, (1, 20), to=enterprise, start=date(2024, 1, 1))
        request = request_in("submitted", kind="release")
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

        with pytest.raises(MonthClosed):
            approve(request, released=[(floor.seats, date(2024, 1, 15))])


def test_giving_back_a_span_frees_only_what_the_enterprise_has(
    floor, enterprise, request_in, operator
):
    make_allocation(floor, (1, 20), to=enterprise, start=TODAY)
    other = make_allocation(floor, (21, 30), start=TODAY)

    approve_request(
        request_id=request_in("submitted", kind="release").pk,
        rectangles=[],
        released=[(Span(floor.seats.lower, floor.seats.upper), START)],
        today=TODAY,
        now=NOW,
        acting_user=operator,
    )

    assert shape_of(other) == [(21, 30, TODAY, None)]

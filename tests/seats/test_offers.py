"""Offers: seats are held for a request, then contracted, kept for a floor, or free again."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from foundation.models import Message
from seats.models import (
    Allocation,
    AllocationKind,
    ApprovedRun,
    RequestKind,
    RequestState,
    SeatBlock,
)
from seats.services.allocations import confirm_hold, release_seats
from seats.services.expiry import end_expired_holds
from seats.services.floors import delay_floor, deliver_floor
from seats.services.fulfilment import confirm_seats
from seats.services.offers import accept_request, offer_request
from seats.services.refusals import (
    HoldExpired,
    NotDelivered,
    NotHeld,
    SeatsTaken,
    WrongState,
)
from seats.services.requests import submit_request
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import START, make_allocation, make_request, make_run, shape_of
from tests.factories.tenants import EnterpriseFactory, make_member
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def floor():
    return make_floor(zone="C", seats=100)


@pytest.fixture
def to_come():
    """A floor that is handed over in May only."""
    return make_floor(zone="D", seats=100, delivered_on=None, planned_on=date(2024, 5, 1))


@pytest.fixture
def member():
    return make_member(EnterpriseFactory(short_name="诚伯信息"), name="周倩")


@pytest.fixture
def way(floor, operator):
    return Way(floor, operator)


@pytest.fixture
def ask(member, floor):
    """A submitted request."""

    def make(kind=RequestKind.NEW, **wish):
        request = make_request(
            enterprise=member.memberships.get().enterprise, acting_user=member, kind=kind, **wish
        )
        return submit_request(request_id=request.pk, now=NOW, acting_user=member)

    return make


@pytest.fixture
def offer(operator):
    def run(request, *rectangles, **more):
        return offer_request(
            request_id=request.pk,
            rectangles=rectangles,
            **{"today": TODAY, "now": NOW, "acting_user": operator, **more},
        )

    return run


@pytest.fixture
def accept(member):
    def run(request, **more):
        return accept_request(
            request_id=request.pk, **{"today": TODAY, "now": NOW, "acting_user": member, **more}
        )

    return run


class TestOffering:
    def test_holds_the_seats_for_the_days_that_are_set(self, ask, offer, floor):
        request, hold = offer(ask(), make_run(floor, 1, 10))

        assert (request.state, request.offer) == (RequestState.OFFERED, hold)
        assert (hold.kind, hold.request) == (AllocationKind.HOLD, request)
        assert shape_of(hold) == [(1, 10, START, None)]
        # 15 days after the 22nd of February 2024 is the 8th of March: until that day is over
        assert hold.expires_at == datetime(2024, 3, 9, tzinfo=SHANGHAI)

    def test_holds_them_as_long_as_was_said(self, ask, offer, floor):
        _request, hold = offer(ask(), make_run(floor, 1, 10), expires_at=NOW + 3 * DAY)

        assert hold.expires_at == NOW + 3 * DAY

    @pytest.mark.parametrize("expires_at", [NOW, NOW - DAY])
    def test_does_not_end_before_it_began(self, ask, offer, floor, expires_at):
        with pytest.raises(Invalid) as refusal:
            offer(ask(), make_run(floor, 1, 10), expires_at=expires_at)

        assert refusal.value.errors[0]["field"] == "expires_at"

    def test_ends_on_a_floor_to_come_as_well(self, ask, offer, to_come):
        run = make_run(to_come, 1, 10, date(2024, 5, 1))

        assert offer(ask(), run)[1].expires_at == datetime(2024, 3, 9, tzinfo=SHANGHAI)

    def test_keeps_what_was_offered_whatever_becomes_of_it(self, ask, way, offer, floor):
        request, _hold = offer(ask(), make_run(floor, 1, 10), make_run(floor, 21, 30))
        way.take("decline", request)

        runs = ApprovedRun.objects.filter(change__request=request).order_by("seats")
        assert [(run.seats.lower % 4096 + 1, run.change.to_state) for run in runs] == [
            (1, "offered"),
            (21, "offered"),
        ]

    def test_of_taken_seats_changes_nothing(self, ask, offer, floor):
        make_allocation(floor, (5, 5))
        request = ask()

        with pytest.raises(SeatsTaken):
            offer(request, make_run(floor, 1, 10))

        request.refresh_from_db()
        assert request.state == RequestState.SUBMITTED
        assert Allocation.objects.count() == 1

    def test_needs_seats(self, ask, offer):
        with pytest.raises(Invalid) as refusal:
            offer(ask())

        assert refusal.value.errors[0]["field"] == "blocks"

    def test_is_nothing_for_giving_back(self, ask, offer, floor, member):
        make_allocation(floor, (1, 20), to=member.memberships.get().enterprise, start=TODAY)
        request = ask(RequestKind.RELEASE)

        with pytest.raises(Invalid) as refusal:
            offer(request, make_run(floor, 31, 40))

        assert refusal.value.errors[0]["field"] == "blocks"
        request.refresh_from_db()
        assert request.state == RequestState.SUBMITTED

    def test_of_two_tabs_the_second_is_told(self, ask, offer, floor):
        request = ask()
        offer(request, make_run(floor, 1, 10), expected_version=request.version)

        with pytest.raises(Stale):
            offer(request, make_run(floor, 11, 20), expected_version=request.version)

        assert Allocation.objects.count() == 1


class TestAccepting:
    def test_contracts_the_seats(self, ask, offer, accept, floor):
        request, _hold = offer(ask(), make_run(floor, 1, 10))

        request, allocation = accept(request)

        assert request.state == RequestState.ACCEPTED
        assert (allocation.kind, allocation.expires_at) == (AllocationKind.FIRM, None)
        assert set(allocation.blocks.values_list("kind", flat=True)) == {"firm"}
        assert request.enterprise.tenancies.exists()

    def test_keeps_them_for_a_floor_to_come_without_an_end(
        self, ask, offer, accept, way, to_come, operator
    ):
        run = make_run(to_come, 1, 10, date(2024, 5, 1))
        request, _hold = offer(ask(), run)

        request, hold = accept(request)

        assert (request.state, hold.kind, hold.expires_at) == ("accepted", "hold", None)
        assert request.promised_at is None
        with pytest.raises(NotDelivered):
            way.take("fulfil", request)

        there = datetime(2024, 5, 2, 10, tzinfo=SHANGHAI)
        deliver_floor(floor_id=to_come.pk, day=there.date(), now=there, acting_user=operator)
        hold.refresh_from_db()
        request.refresh_from_db()
        assert hold.expires_at is None, "who has accepted loses nothing by waiting"
        assert request.promised_at is not None
        told = Message.objects.filter(recipient=operator).latest("pk")
        assert str(request.pk) in told.url
        end_expired_holds(now=there + 400 * DAY)

        request, allocation = way.take("fulfil", request, now=there)
        assert (request.state, allocation.kind) == ("fulfilled", "firm")

    def test_too_late_is_told_so_even_before_beat_has_run(self, ask, offer, accept, floor):
        request, hold = offer(ask(), make_run(floor, 1, 10))

        with pytest.raises(HoldExpired) as refusal:
            accept(request, now=hold.expires_at, expected_version=request.version)

        assert (refusal.value.status, refusal.value.code) == (409, "hold_expired")
        request.refresh_from_db()
        assert (request.state, request.offer) == (RequestState.EXPIRED, None)

    def test_at_the_last_moment_is_in_time(self, ask, offer, accept, floor):
        request, hold = offer(ask(), make_run(floor, 1, 10))

        assert accept(request, now=hold.expires_at - timedelta(microseconds=1))

    def test_takes_what_is_left_after_a_delay(self, ask, offer, accept, to_come, operator):
        run = make_run(to_come, 1, 10, date(2024, 5, 1))
        request, _hold = offer(ask(), run)
        delay_floor(floor_id=to_come.pk, planned_on=date(2024, 7, 1), now=NOW, acting_user=operator)

        with pytest.raises(Stale):
            accept(request, expected_version=request.version)

        _request, hold = accept(request)
        assert shape_of(hold) == [(1, 10, date(2024, 7, 1), None)]

    def test_of_a_move_gives_the_old_seats_back(self, ask, offer, accept, floor, member):
        own = member.memberships.get().enterprise
        old = make_allocation(floor, (1, 20), to=own, start=TODAY)
        request, _hold = offer(
            ask(RequestKind.RELOCATE, seats=20),
            make_run(floor, 51, 70),
            released=[(make_run(floor, 1, 20).seats, START)],
        )
        assert shape_of(old) == [(1, 20, TODAY, None)], "not before it is accepted"

        _request, new = accept(request)

        assert shape_of(old) == [(1, 20, TODAY, START)]
        assert shape_of(new) == [(51, 70, START, None)]
        change = request.changes.latest("pk")
        assert {(run.is_given_back, run.period.lower) for run in change.runs.all()} == {
            (False, START),
            (True, START),
        }

    def test_of_a_move_needs_seats_that_are_there(self, ask, offer, floor, member):
        make_allocation(floor, (1, 20), to=member.memberships.get().enterprise, start=TODAY)

        with pytest.raises(NotHeld):
            offer(
                ask(RequestKind.RELOCATE, seats=20),
                make_run(floor, 51, 70),
                released=[(make_run(floor, 31, 40).seats, START)],
            )


@pytest.mark.parametrize("step", ["decline", "recall", "withdraw"])
class TestAnOfferThatIsOver:
    def test_frees_its_seats_at_once(self, ask, offer, way, floor, step):
        request, hold = offer(ask(start=TODAY - 5 * DAY), make_run(floor, 1, 10, TODAY - 5 * DAY))

        way.take(step, request)

        hold.refresh_from_db()
        assert shape_of(hold) == [(1, 10, TODAY - 5 * DAY, TODAY)]
        assert hold.ended_at == NOW
        assert offer(ask(), make_run(floor, 1, 10, TODAY))[1]

    def test_cannot_be_confirmed(self, ask, offer, way, floor, operator, step):
        request, hold = offer(ask(), make_run(floor, 1, 10))
        way.take(step, request)

        with pytest.raises(HoldExpired):
            confirm_hold(allocation_id=hold.pk, today=TODAY, now=NOW, acting_user=operator)


def test_an_offer_that_expires_tells_both_sides(ask, offer, floor, member, operator):
    request, hold = offer(ask(), make_run(floor, 1, 10))
    Message.objects.all().delete()

    assert end_expired_holds(now=hold.expires_at) == 1

    request.refresh_from_db()
    assert (request.state, request.offer) == (RequestState.EXPIRED, None)
    told = Message.objects.values_list("recipient", flat=True)
    assert sorted(told) == sorted([member.pk, operator.pk])


class TestTheHoldOfAnOffer:
    """There is no second path around the steps of the request."""

    @pytest.fixture
    def offered(self, ask, offer, floor):
        return offer(ask(), make_run(floor, 1, 10))

    def test_is_not_confirmed_by_itself(self, offered, operator):
        request, hold = offered

        for confirm in (confirm_hold, confirm_seats):
            with pytest.raises(WrongState) as refusal:
                confirm(allocation_id=hold.pk, today=TODAY, now=NOW, acting_user=operator)
            assert refusal.value.extra["request"] == request.pk

    def test_is_not_released_by_itself(self, offered, operator):
        request, hold = offered

        with pytest.raises(WrongState) as refusal:
            release_seats(
                allocation_id=hold.pk, start=START, today=TODAY, now=NOW, acting_user=operator
            )

        assert request.number in str(refusal.value)
        assert shape_of(hold) == [(1, 10, START, None)]

    def test_is_not_given_back_by_another_request(self, offered, ask, way, operator, floor):
        request = ask(RequestKind.RELEASE, seats=10)

        with pytest.raises(WrongState):
            way.take("approve", request, rectangles=[], released=[(floor.seats, START)])

    def test_once_accepted_is_confirmed_together_with_its_request(
        self, ask, offer, accept, to_come, operator
    ):
        request, hold = offer(ask(), make_run(to_come, 1, 10, date(2024, 5, 1)))
        accept(request)
        there = datetime(2024, 5, 2, 10, tzinfo=SHANGHAI)
        deliver_floor(floor_id=to_come.pk, day=there.date(), now=there, acting_user=operator)
        who = {"today": there.date(), "now": there, "acting_user": operator}
        with pytest.raises(WrongState):
            confirm_hold(allocation_id=hold.pk, **who)

        assert confirm_seats(allocation_id=hold.pk, **who).kind == AllocationKind.FIRM

        request.refresh_from_db()
        assert request.state == RequestState.FULFILLED

    def test_once_contracted_is_an_allocation_as_any(self, offered, accept, operator):
        request, hold = offered
        accept(request)

        release_seats(
            allocation_id=hold.pk, start=START + DAY, today=TODAY, now=NOW, acting_user=operator
        )

        assert shape_of(hold) == [(1, 10, START, START + DAY)]

    def test_once_contracted_is_not_taken_back(self, offered, accept, way):
        request, _hold = offered
        accept(request)

        with pytest.raises(WrongState):
            way.take("recall", request)

    def test_is_the_only_one_there_is(self, offered, way, offer, floor):
        request, _hold = offered
        way.take("decline", request)
        offer(request, make_run(floor, 1, 10))

        block = SeatBlock.objects.real().get()
        assert block.allocation == request.allocations.get(ended_at=None)

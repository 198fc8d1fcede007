"""Seats that are allocated for a request: as it is when they are given, not as somebody saw it."""

from functools import partial

import pytest

from seats.models import AllocationKind, RequestKind, RequestState, SeatBlock
from seats.services.allocations import allocate_seats
from seats.services.approvals import approve_request
from seats.services.refusals import EnterpriseLeft, WrongState
from seats.services.requests import reject_request, submit_request
from tenants.services import end_tenancy
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_request, make_run
from web.refusals import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor(db):
    return make_floor(seats=100)


@pytest.fixture
def request_(floor, operator):
    row = make_request(acting_user=operator)
    return submit_request(request_id=row.pk, now=NOW, acting_user=operator)


@pytest.fixture
def give(floor, request_, operator):
    return partial(
        allocate_seats,
        enterprise=request_.enterprise,
        kind=AllocationKind.FIRM,
        rectangles=[make_run(floor, 1, 10)],
        request=request_,
        today=TODAY,
        now=NOW,
        acting_user=operator,
    )


def test_a_request_that_was_turned_down_meanwhile_gets_none(give, request_, operator):
    """The row in hand still says that it is submitted."""
    reject_request(request_id=request_.pk, note="无", now=NOW, acting_user=operator)
    assert request_.state == RequestState.SUBMITTED

    with pytest.raises(WrongState):
        give()
    assert not SeatBlock.objects.real().exists()


def test_a_request_whose_enterprise_has_left_gets_none(give, request_, floor, operator, today):
    who = request_.enterprise
    make_allocation(floor, (50, 50), start=today.replace(day=1), last=today, to=who)
    end_tenancy(enterprise=who, last_day=today.replace(day=20), acting_user=operator)

    with pytest.raises(EnterpriseLeft):
        give()


def test_a_fulfilled_request_whose_enterprise_has_left_is_not_to_be_turned_down(
    give, request_, floor, operator, today
):
    who, last = request_.enterprise, today.replace(day=20)
    approve_request(
        request_id=request_.pk,
        rectangles=[make_run(floor, 50, 50, today.replace(day=1), last)],
        today=today,
        now=NOW,
        acting_user=operator,
    )
    end_tenancy(enterprise=who, last_day=last, acting_user=operator)

    with pytest.raises(EnterpriseLeft, match="请另行分配席位，不关联此申请"):
        give()


def test_a_request_to_give_back_gets_none(floor, operator, give):
    who = make_allocation(floor, (50, 59)).enterprise
    request = make_request(enterprise=who, kind=RequestKind.RELEASE, acting_user=operator)
    before = SeatBlock.objects.real().count()
    submit_request(request_id=request.pk, now=NOW, acting_user=operator)

    with pytest.raises(Invalid) as refusal:
        give(request=request, enterprise=who)
    assert "是退还席位，不能据此分配席位" in str(refusal.value.errors)
    assert SeatBlock.objects.real().count() == before

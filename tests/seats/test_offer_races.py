"""Offers at the same moment: one answer counts, and the hold and its request never disagree."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q

from accounts.permissions import Role
from seats.models import OPEN_OFFERS, Allocation, RequestState, SeatBlock, SeatRequest
from seats.services.expiry import end_expired_holds
from seats.services.refusals import HoldExpired, SeatsTaken, WrongState
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import make_request, make_run
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.together import together
from web.refusals import Stale

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def floor():
    return make_floor(seats=100)


@pytest.fixture
def way(floor):
    return Way(floor, UserFactory(roles=[Role.OPERATOR_MANAGER]))


@pytest.fixture
def ask(way):
    def run(state: str, **wish: Any) -> SeatRequest:
        member = make_member(EnterpriseFactory())
        enterprise = member.memberships.get().enterprise
        return way.bring(make_request(enterprise=enterprise, acting_user=member, **wish), state)

    return run


def are_of_one_mind() -> bool:
    """Whether every open offer has its hold or contract, and no ended hold seats to come."""
    is_open = Q(state__in=OPEN_OFFERS)
    orphans = SeatRequest.objects.filter(is_open, offer=None) | SeatRequest.objects.filter(
        ~is_open, offer__isnull=False
    )
    leftovers = SeatBlock.objects.filter(allocation__ended_at__isnull=False, period__upper_inf=True)
    return not orphans.exists() and not leftovers.exists()


def refused(results: list[Any]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]


def test_of_two_offers_of_one_request_one_counts(ask, way, floor):
    request = ask("in_review")
    version = request.version

    results = together(
        *(
            lambda first=first: way.take(
                "offer",
                request,
                rectangles=[make_run(floor, first, first + 9)],
                expected_version=version,
            )
            for first in (1, 11, 21, 31)
        )
    )

    assert refused(results) == [Stale] * 3
    assert Allocation.objects.count() == 1
    assert are_of_one_mind()


def test_of_two_offers_of_the_same_seats_one_counts(ask, way, floor):
    one, other = ask("in_review"), ask("in_review")

    results = together(
        *(
            lambda request=request: way.take("offer", request, rectangles=[make_run(floor, 1, 10)])
            for request in (one, other)
        )
    )

    assert refused(results) == [SeatsTaken]
    states = set(SeatRequest.objects.values_list("state", flat=True))
    assert states == {RequestState.OFFERED, RequestState.IN_REVIEW}
    assert are_of_one_mind()


@pytest.mark.parametrize("other", ["decline", "recall", "withdraw", "accept"])
def test_of_accepting_and_another_step_one_counts(ask, way, other):
    request = ask("offered")

    results = together(lambda: way.take("accept", request), lambda: way.take(other, request))

    assert refused(results) == [WrongState]
    request.refresh_from_db()
    assert request.state in {"accepted", "declined", "in_review", "withdrawn"}
    assert are_of_one_mind()


def test_accepting_and_the_end_of_the_offer_agree(ask, way):
    request = ask("offered")
    end = request.offer.expires_at

    results = together(
        lambda: way.take("accept", request, now=end - timedelta(seconds=1)),
        lambda: end_expired_holds(now=end),
        lambda: end_expired_holds(now=end),
    )

    request.refresh_from_db()
    if refused(results):
        assert (refused(results), request.state) == ([HoldExpired], "expired")
    else:
        assert request.state == "accepted"
        assert request.offer.ended_at is None
    assert are_of_one_mind()

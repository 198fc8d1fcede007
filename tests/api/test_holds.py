"""Extending a hold through the API."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from seats.models import AllocationKind
from seats.services.expiry import end_expired_holds
from tests.api.conftest import errors_of
from tests.factories.seats import make_allocation

pytestmark = pytest.mark.django_db

END = datetime(2024, 3, 1, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = {"expires_at": "2024-03-20T18:00:00+08:00", "reason": "谈判中"}


@pytest.fixture
def hold(floor, enterprise):
    return make_allocation(floor, (1, 20), kind=AllocationKind.HOLD, to=enterprise, expires_at=END)


def test_lets_it_last_longer(park, hold):
    answer = park.post(f"allocations/{hold.pk}/extend-hold/", LATER)

    assert (answer.status_code, answer.json()["expires_at"]) == (200, LATER["expires_at"])
    assert answer.headers["ETag"] == '"2"'


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"expires_at": "2024-03-20T18:00:00+08:00"}, "reason"),
        ({"reason": "x"}, "expires_at"),
        ({**LATER, "reason": " "}, "reason"),
        ({**LATER, "expires_at": "2024-02-25T18:00:00+08:00"}, "expires_at"),
    ],
)
def test_says_what_is_wrong(park, hold, told, field):
    answer = park.post(f"allocations/{hold.pk}/extend-hold/", told)

    assert answer.status_code == 400
    assert field in errors_of(answer)


def test_refuses_an_expired_one(park, hold):
    end_expired_holds(now=END)

    answer = park.post(f"allocations/{hold.pk}/extend-hold/", LATER)

    assert (answer.status_code, answer.json()["code"]) == (409, "hold_expired")

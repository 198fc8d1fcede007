"""People at the pages of the place, of requests and of allocations."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from accounts.permissions import Role
from park.models import Floor
from seats.models import SeatRequest
from seats.services import requests as services
from tenants.models import Enterprise
from tests.desk import Desk
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.seats import make_request
from tests.factories.tenants import EnterpriseFactory, make_member


@pytest.fixture
def at_desk() -> Callable[[User], Desk]:
    return Desk


@pytest.fixture
def colleague(db: None) -> Desk:
    """Another operator's desk."""
    return Desk(UserFactory(name="李涛", roles=[Role.OPERATOR_STAFF]))


@pytest.fixture
def enterprise(db: None) -> Enterprise:
    return EnterpriseFactory(name="内江诚伯信息科技有限公司", short_name="诚伯信息")


@pytest.fixture
def firm(enterprise: Enterprise) -> Desk:
    """The desk of the enterprise's manager."""
    return Desk(make_member(enterprise, name="周倩"))


@pytest.fixture
def stranger(db: None) -> Desk:
    """The desk of another enterprise's manager."""
    return Desk(make_member(EnterpriseFactory(short_name="别家")))


@pytest.fixture
def floor(db: None) -> Floor:
    """C-1-1F with 100 seats."""
    return make_floor(seats=100)


@pytest.fixture
def submitted(now: datetime, operator: User) -> Callable[..., SeatRequest]:
    """Make a submitted request."""

    def make(**wish: Any) -> SeatRequest:
        request = make_request(acting_user=operator, **wish)
        return services.submit_request(request_id=request.pk, now=now, acting_user=operator)

    return make


def hidden_fields(response: Any) -> dict[str, str]:
    """What a page carries to the next step by itself."""
    page = response.content.decode()
    pairs = re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    return {name: value for name, value in pairs if name not in {"csrfmiddlewaretoken", "next"}}

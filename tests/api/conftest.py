"""Programs that use the API as somebody: each answer is held against the published schema."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.permissions import Role
from accounts.services import make_api_token
from foundation import clock
from park.axis import seat_at
from park.models import Floor
from tenants.models import Enterprise
from tests.api import contract
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.tenants import EnterpriseFactory, make_member

ROOT = "/api/v1/"


class Program:
    """A program with somebody's token. Addresses are given below /api/v1/, or whole."""

    def __init__(self, user: User | None) -> None:
        self.client = APIClient(raise_request_exception=True)
        if user is not None:
            token = make_api_token(user=user, name="test", now=timezone.now())
            self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    def get(self, address: str, **headers: str) -> Any:
        return self._checked("get", address, headers=headers)

    def post(self, address: str, body: Any = None, **headers: str) -> Any:
        return self._checked("post", address, body, headers=headers)

    def patch(self, address: str, body: Any = None, **headers: str) -> Any:
        return self._checked("patch", address, body, headers=headers)

    def _checked(
        self, method: str, address: str, body: Any = None, *, headers: dict[str, str]
    ) -> Any:
        whole = address if address.startswith("http") else ROOT + address
        sent: dict[str, Any] = {} if body is None else {"data": body, "format": "json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = getattr(self.client, method)(whole, headers=named, **sent)
        contract.check(response, method, whole)
        return response


@pytest.fixture(autouse=True)
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def anybody(db: None) -> Program:
    """A program without a token."""
    return Program(None)


@pytest.fixture
def as_role(person: Callable[..., User]) -> Callable[[Role], Program]:
    return lambda role: Program(person(role))


@pytest.fixture
def park(operator: User) -> Program:
    """A program of the operator manager."""
    return Program(operator)


@pytest.fixture
def enterprise(db: None) -> Enterprise:
    return EnterpriseFactory(name="内江诚伯信息科技有限公司", short_name="诚伯信息")


@pytest.fixture
def member(enterprise: Enterprise) -> User:
    return make_member(enterprise, name="王芳")


@pytest.fixture
def firm(member: User) -> Program:
    """A program of the enterprise's manager."""
    return Program(member)


@pytest.fixture
def stranger(db: None) -> Program:
    """A program of another enterprise's manager."""
    return Program(make_member(EnterpriseFactory(short_name="别家")))


@pytest.fixture
def floor(db: None) -> Floor:
    """C-1-1F with 100 seats."""
    return make_floor(seats=100)


@pytest.fixture
def block() -> Callable[..., dict[str, Any]]:
    """A block of the API from places on a floor."""

    def make(floor: Floor, first: int, last: int, start: str = "2024-03-01", **more: Any) -> dict:
        return {
            "first_seat": seat_at(floor.pk, first),
            "last_seat": seat_at(floor.pk, last),
            "start": start,
            **more,
        }

    return make


def errors_of(response: Any) -> dict[str | None, str]:
    """The problem's errors as {field: code}."""
    return {error["field"]: error["code"] for error in response.json()["errors"]}

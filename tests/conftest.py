"""What every test may use: fixed days, people of each role, a small park."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from accounts.models import User
from accounts.permissions import Role
from foundation import clock
from foundation.services import jobs
from tests.desk import Desk
from tests.factories.accounts import UserFactory

TODAY = date(2024, 2, 22)
NOW = datetime(2024, 2, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--lives", type=int, default=0, help="how many random lives a park lives, each time others"
    )


@pytest.fixture(autouse=True)
def _nobodys_language() -> None:
    """A request leaves its language active in the thread: no test reads that of the one before."""
    translation.deactivate()


@pytest.fixture
def today() -> date:
    """The day on which most tests take place."""
    return TODAY


@pytest.fixture
def now() -> datetime:
    """The instant at which most tests take place, on `today`."""
    return NOW


@pytest.fixture
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages read the clock; with this it is `now` on `today`."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def quiet_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are kept, the queue is not told of them, and nobody works."""
    monkeypatch.setattr(jobs, "publish", lambda job_id: True)


@pytest.fixture
def person(db: None) -> Callable[[Role], User]:
    """Make somebody of a role."""
    return lambda role, **fields: UserFactory(roles=[role], **fields)


@pytest.fixture
def operator(db: None) -> User:
    return UserFactory(name="张敏", roles=[Role.OPERATOR_MANAGER])


@pytest.fixture
def park(operator: User) -> Desk:
    """The operator manager's desk."""
    return Desk(operator)

"""A floor, and two enterprises that lists name."""

import pytest

from tests.factories.park import make_floor
from tests.factories.tenants import EnterpriseFactory


@pytest.fixture
def floor():
    return make_floor(level=3, seats=100)


@pytest.fixture
def chengbo():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def mairui():
    return EnterpriseFactory(short_name="迈睿")

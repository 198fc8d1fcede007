"""An enterprise that moves in, and the park that hands its seats over."""

import pytest

from accounts.permissions import Role
from park.axis import Span, seat_at
from seats.models import Direction, Handover
from tests.conftest import TODAY
from tests.factories.accounts import UserFactory
from tests.factories.fit_outs import make_handover, sign
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member


@pytest.fixture
def floor(db):
    """C-1-1F with 100 seats."""
    return make_floor(seats=100)


@pytest.fixture
def span(floor):
    """Seats by their places on the floor."""
    return lambda first, last: Span(seat_at(floor.pk, first), seat_at(floor.pk, last) + 1)


@pytest.fixture
def enterprise(db):
    return EnterpriseFactory(name="内江诚伯信息科技有限公司", short_name="诚伯信息")


@pytest.fixture
def firm(enterprise):
    """The enterprise's manager."""
    return make_member(enterprise, name="周倩")


@pytest.fixture
def staff(db):
    """An operator."""
    return UserFactory(name="李涛", roles=[Role.OPERATOR_STAFF])


@pytest.fixture
def stranger(db):
    """The manager of another enterprise."""
    return make_member(EnterpriseFactory(short_name="别家"))


@pytest.fixture
def allocation(floor, enterprise):
    """Seats 1 to 40, contracted today."""
    return make_allocation(floor, (1, 40), to=enterprise, start=TODAY)


@pytest.fixture
def list_in(allocation, staff, firm):
    """A list that came to a state by its steps."""

    def make(state: str = "draft", direction=Direction.MOVE_IN, **more) -> Handover:
        signers = {"draft": None, "offered": None, "signed": firm}
        handover = make_handover(
            allocation, park=staff, firm=signers[state], direction=direction, **more
        )
        if state == "offered":
            handover = sign(handover, staff)
        return handover

    return make

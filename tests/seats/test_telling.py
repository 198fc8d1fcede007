"""What people are told of a request: the other side at every step, and what comes next."""

import pytest
from django.utils import translation

from accounts.permissions import Role
from foundation.models import Message
from seats.services.departures import leave_park
from seats.services.refusals import EnterpriseLeft
from seats.services.requests import submit_request
from tenants.models import Tenancy
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def floor(operator):
    return make_floor(zone="C", seats=100, acting_user=operator)


@pytest.fixture
def enterprise():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def member(enterprise):
    return make_member(enterprise, language="en")


@pytest.fixture
def staff(db):
    return UserFactory(name="李涛", roles=[Role.OPERATOR_STAFF], language="en")


@pytest.fixture
def way(floor, operator, staff):
    operator.language = "en"
    operator.save()
    return Way(floor, operator, colleague=staff)


@pytest.fixture
def others(person):
    """People who are told nothing."""
    person(Role.OPERATOR_STAFF, is_active=False)
    for role in [Role.OFFICIAL, Role.AUDITOR, Role.PROMOTION_OFFICER]:
        person(role)
    make_member(EnterpriseFactory())


@pytest.fixture
def ask(enterprise, member):
    return lambda **wish: make_request(enterprise=enterprise, acting_user=member, **wish)


@pytest.mark.parametrize(
    ("state", "step", "told"),
    [
        ("draft", "submit", {"operator", "staff"}),
        ("draft", "withdraw", set()),
        ("submitted", "withdraw", {"operator", "staff"}),
        ("in_review", "withdraw", {"operator"}),
        ("offered", "withdraw", {"operator"}),
        ("submitted", "take_up", {"member"}),
        ("submitted", "send_back", {"member"}),
        ("submitted", "reject", {"member"}),
        ("submitted", "approve", {"member"}),
        ("submitted", "offer", {"member"}),
        ("in_review", "hand_over", {"staff", "member"}),
        ("offered", "recall", {"member"}),
        ("offered", "accept", {"operator"}),
        ("offered", "decline", {"operator"}),
        ("offered", "expire", {"operator", "member"}),
        ("accepted", "fulfil", {"member"}),
    ],
)
@pytest.mark.usefixtures("others")
def test_each_step_tells_the_other_side(way, ask, member, operator, staff, state, step, told):
    request = way.bring(ask(), state)
    Message.objects.all().delete()

    way.take(step, request)

    names = {operator: "operator", staff: "staff", member: "member"}
    messages = list(Message.objects.select_related("recipient"))
    assert sorted(names[message.recipient] for message in messages) == sorted(told)
    for message in messages:
        assert request.number in message.body
        assert str(request.pk) in message.url
        assert message.address == message.recipient.email


# What the reader has to do next, in the words of the message
@pytest.mark.parametrize(
    ("state", "step", "words"),
    [
        ("draft", "submit", "Next: take it up. An answer is promised by 2024-02-27 10:00."),
        ("submitted", "take_up", "Next: the park answers; you need do nothing now."),
        ("submitted", "send_back", "Next: complete it and submit it again."),
        ("submitted", "reject", "C 区已满"),
        ("submitted", "offer", "10 of the 10 seats"),
        ("submitted", "offer", "held for you until 2024-03-08. Next: accept or decline"),
        ("in_review", "hand_over", "请接着办"),
        ("offered", "recall", "楼层另有安排 Next: the park makes another one"),
        ("offered", "accept", "Next: hand them over, then confirm it"),
        ("offered", "decline", "希望在同一栋 Its seats are free again. Next: offer others"),
        ("accepted", "fulfil", "nothing is left to do"),
    ],
)
def test_each_message_says_what_comes_next(way, ask, state, step, words):
    request = way.bring(ask(), state)
    Message.objects.all().delete()

    way.take(step, request)

    bodies = Message.objects.values_list("body", flat=True)
    assert any(words in body for body in bodies), list(bodies)


class TestAnEnterpriseThatHasLeft:
    @pytest.fixture
    def left(self, ask, way, enterprise, operator):
        """It asked, and left before it had an answer."""
        Tenancy.objects.create(enterprise=enterprise, period=(TODAY.replace(year=2021), None))
        request = submit_request(request_id=ask().pk, now=NOW, acting_user=ask().created_by)
        leave_park(
            enterprise=enterprise, last_day=TODAY.replace(day=21), now=NOW, acting_user=operator
        )
        return request

    @pytest.mark.parametrize("step", ["approve", "offer"])
    def test_gets_no_seats(self, left, way, step):
        with pytest.raises(EnterpriseLeft) as refusal:
            way.take(step, left)

        assert "诚伯信息 left the park; its last day was 2024-02-21." in str(refusal.value)
        assert (refusal.value.status, refusal.value.code) == (409, "enterprise_left")
        left.refresh_from_db()
        assert left.state == "submitted"
        assert not left.allocations.exists()

    def test_is_turned_down(self, left, way):
        assert way.take("reject", left).state == "rejected"

    def test_gets_them_once_it_is_back(self, left, way, floor, enterprise):
        make_allocation(floor, (91, 95), to=enterprise, start=TODAY)

        request, _allocation = way.take("approve", left)

        assert request.state == "fulfilled"

    @pytest.mark.parametrize("step", ["approve", "offer"])
    def test_or_for_which_nobody_acts_gets_none(self, ask, way, member, step):
        request = way.bring(ask(), "submitted")
        member.memberships.update(ended_at=NOW)

        with pytest.raises(EnterpriseLeft, match="Nobody acts for 诚伯信息 any more"):
            way.take(step, request)

    def test_cannot_accept(self, ask, way, enterprise, operator):
        request = way.bring(ask(), "offered")
        Tenancy.objects.create(
            enterprise=enterprise, period=(TODAY.replace(year=2021), TODAY.replace(day=20))
        )

        with pytest.raises(EnterpriseLeft):
            way.take("accept", request)

"""The one table of steps: every state × every step, against a table written by hand."""

from datetime import timedelta

import pytest
from django.db.utils import IntegrityError

from accounts.permissions import Role
from seats.models import OPEN_OFFERS, Allocation, RequestState, SeatRequest, StateChange
from seats.services.refusals import HoldExpired, WrongState
from seats.services.steps import STEPS, can
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.requests import WAYS, Way
from tests.factories.seats import make_request
from tests.factories.tenants import EnterpriseFactory, make_member
from web.refusals import Forbidden, Invalid, Stale

pytestmark = pytest.mark.django_db

# Written by hand: what may follow, and what the request is then.
ALLOWED = """
draft:     submit submitted | withdraw withdrawn
submitted: take_up in_review | send_back sent_back | reject rejected | approve fulfilled
           | offer offered | withdraw withdrawn
in_review: take_up in_review | hand_over in_review | send_back sent_back | reject rejected
           | approve fulfilled | offer offered | withdraw withdrawn
sent_back: submit submitted | withdraw withdrawn
offered:   accept accepted | decline declined | expire expired | recall in_review
           | hand_over offered | withdraw withdrawn
accepted:  fulfil fulfilled | recall in_review | hand_over accepted
declined:  take_up in_review | hand_over declined | send_back sent_back | reject rejected
           | offer offered | withdraw withdrawn
expired:   take_up in_review | hand_over expired | send_back sent_back | reject rejected
           | offer offered | withdraw withdrawn
fulfilled:
rejected:
withdrawn:
"""


def table():
    """{(state, step): the state then}."""
    pairs = {}
    for line in ALLOWED.replace("\n           |", " |").strip().splitlines():
        state, _colon, steps = line.partition(":")
        for step in filter(None, (part.strip() for part in steps.split("|"))):
            name, target = step.split()
            pairs[state, name] = target
    return pairs


TABLE = table()


@pytest.fixture
def floor():
    """Held seats here wait for the floor, so an accepted offer can still be taken back."""
    return make_floor(zone="C", seats=100)


@pytest.fixture
def member():
    return make_member(EnterpriseFactory(short_name="诚伯信息"))


@pytest.fixture
def way(floor, operator):
    return Way(floor, operator, colleague=UserFactory(name="李涛", roles=[Role.OPERATOR_STAFF]))


@pytest.fixture
def request_in(way, member):
    enterprise = member.memberships.get().enterprise

    def make(state):
        return way.bring(make_request(enterprise=enterprise, acting_user=member), state)

    return make


def test_the_table_knows_every_state_and_every_step():
    assert {state for state, _step in TABLE} <= set(RequestState.values) == set(WAYS)
    assert {step for _state, step in TABLE} == set(STEPS)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", RequestState.values)
def test_follows_the_table(request_in, way, state, step):
    if (state, step) == ("accepted", "recall"):
        way.floor = make_floor(level=9, delivered_on=None, planned_on=NOW.date())
    request = request_in(state)
    steps_before = StateChange.objects.filter(request=request).count()
    seats_before = sorted(Allocation.objects.values_list("pk", "version"))
    target = TABLE.get((state, step))

    assert can(step, state) is (target is not None)
    if target is None and step == "expire":
        way.take(step, request)
    elif target is None:
        with pytest.raises((WrongState, HoldExpired)) as refusal:
            way.take(step, request)
        assert refusal.value.extra == {"state": state}
        assert refusal.value.status == 409
    else:
        way.take(step, request)
        change = StateChange.objects.filter(request=request).latest("pk")
        assert (change.from_state, change.to_state) == (state, target)

    request.refresh_from_db()
    assert request.state == (target or state)
    assert (request.offer is not None) is (request.state in OPEN_OFFERS)
    if target is None:
        assert StateChange.objects.filter(request=request).count() == steps_before
        assert sorted(Allocation.objects.values_list("pk", "version")) == seats_before


@pytest.mark.parametrize("step", [step for step in STEPS if step != "expire"])
def test_refuses_what_somebody_changed_meanwhile(request_in, way, step):
    state = next(state for state, name in TABLE if name == step)
    request = request_in(state)

    with pytest.raises(Stale):
        way.take(step, request, expected_version=request.version + 1)

    request.refresh_from_db()
    assert request.state == state


@pytest.mark.parametrize("step", ["send_back", "reject", "decline", "recall", "hand_over"])
@pytest.mark.parametrize("note", ["", "  \n"])
def test_who_says_no_says_why(request_in, way, step, note):
    state = next(state for state, name in TABLE if name == step)
    request = request_in(state)

    with pytest.raises(Invalid) as refusal:
        way.take(step, request, note=note)

    assert refusal.value.errors[0]["field"] == "note"


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("sent_back", "submit"),
        ("submitted", "withdraw"),
        ("offered", "accept"),
        ("offered", "decline"),
        ("expired", "accept"),
    ],
)
def test_nobody_of_the_park_speaks_for_the_enterprise(request_in, way, operator, state, step):
    request = request_in(state)

    with pytest.raises(Forbidden):
        way.take(step, request, acting_user=operator)


def test_who_wrote_it_for_the_enterprise_speaks_for_it(way, operator):
    request = make_request(enterprise=EnterpriseFactory(), acting_user=operator)

    way.bring(request, "accepted")

    assert request.state == "accepted"


def test_a_step_by_nobody_is_put_down_to_nobody(request_in):
    change = StateChange.objects.filter(request=request_in("expired")).latest("pk")

    assert (change.to_state, change.by) == ("expired", None)


class TestWhoHasIt:
    def test_stays_the_same_while_the_enterprise_answers(self, request_in, way, operator):
        request = request_in("in_review")
        assert request.owner == operator

        for step in ("offer", "decline"):
            way.take(step, request)
            request.refresh_from_db()
            assert request.owner == operator

    def test_is_nobody_while_the_enterprise_completes_it(self, request_in, way):
        request = request_in("in_review")

        assert way.take("send_back", request).owner is None

    def test_changes_by_handing_over(self, request_in, way):
        request = way.take("hand_over", request_in("in_review"), note="我休假")

        change = request.changes.latest("pk")
        assert request.owner == way.colleague
        assert (change.by, change.owner, change.note) == (way.operator, way.colleague, "我休假")

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.ENTERPRISE_MANAGER, Role.OFFICIAL])
    def test_is_nobody_who_does_not_deal_with_requests(self, request_in, way, person, role):
        request = request_in("in_review")

        with pytest.raises(Invalid) as refusal:
            way.take("hand_over", request, to=person(role))

        assert refusal.value.errors[0]["field"] == "to"

    def test_cannot_be_handed_to_who_has_it(self, request_in, way, operator):
        request = request_in("in_review")

        with pytest.raises(Invalid):
            way.take("hand_over", request, to=operator)

    def test_since_when_it_is_there_does_not_change_by_handing_over(self, request_in, way):
        request = request_in("in_review")

        handed = way.take("hand_over", request, now=NOW + timedelta(hours=5))

        assert handed.since == NOW


def test_a_state_without_its_offer_is_refused_by_the_database(request_in):
    request = request_in("submitted")

    with pytest.raises(IntegrityError, match="offer_while_open"):
        SeatRequest.objects.filter(pk=request.pk).update(state="offered")

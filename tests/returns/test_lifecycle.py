"""Every step from every state, by everybody, in an open and in a closed month: by service, page
and API. What the table does not allow is refused and leaves nothing behind."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Role
from accounts.services import make_api_token
from foundation.models import Message
from park.services import MonthClosed
from returns.lifecycle import STEPS, may
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from returns.services import WrongState
from tests.desk import Desk
from tests.factories.accounts import UserFactory
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import make_member
from tests.returns.conftest import close

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

# Written down here once more, as people say it: (state, step) that may follow.
FOLLOWS = {
    ("draft", "save"),
    ("draft", "submit"),
    ("sent_back", "save"),
    ("sent_back", "submit"),
    ("submitted", "accept"),
    ("submitted", "send_back"),
    ("submitted", "correct"),
    ("accepted", "send_back"),
    ("accepted", "correct"),
}
OPERATORS = {Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF}
PEOPLE = {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER}
TAKES = {
    "save": OPERATORS | PEOPLE,
    "submit": OPERATORS | PEOPLE,
    "correct": OPERATORS | PEOPLE,
    "accept": OPERATORS,
    "send_back": OPERATORS,
}
TYPED = {
    "save": {"go": "save", "headcount": "77"},
    "submit": {"signer": "李娜", "reason": "补报"},
    "accept": {},
    "send_back": {"question": "含实习生吗？"},
    "correct": {},
}
SENT = {
    "save": {"headcount": 77},
    "submit": {"signer": "李娜", "reason": "补报"},
    "accept": {},
    "send_back": {"note": "含实习生吗？"},
    "correct": {},
}
PAGES = {"save": "return-edit", "send_back": "return-send-back"}


@pytest.fixture
def enterprise(db):
    return make_tenant()


@pytest.fixture
def row_in(db):
    """A return in a state, with a revision where that state has one."""

    def make(state, enterprise=None):
        row = make_return(enterprise=enterprise)
        if state != "draft":
            row = submit(row)
        MonthlyReturn.objects.filter(pk=row.pk).update(state=state)
        row.refresh_from_db()
        return row

    return make


def written(row):
    """All that a step could leave behind."""
    row = MonthlyReturn.objects.get(pk=row.pk)
    return (
        *(row.state, row.version, row.headcount, row.question, row.broken_rules, row.since),
        ReturnRevision.objects.count(),
        Message.objects.count(),
    )


def somebody(role, row):
    if role in PEOPLE:
        return make_member(row.enterprise, is_manager=role == Role.ENTERPRISE_MANAGER)
    return UserFactory(roles=[role])


def by_page(user, step, row):
    page = PAGES.get(step, f"return-{step}")
    return Desk(user).post(f"returns:{page}", row.pk, **TYPED[step]).status_code


def by_api(user, step, row):
    token = make_api_token(user=user, name="t", now=timezone.now())
    headers = {"Authorization": f"Bearer {token}"}
    name = "return-detail" if step == "save" else f"return-{step.replace('_', '-')}"
    call = Client().patch if step == "save" else Client().post
    url = reverse(f"api:{name}", args=[row.pk])
    answer = call(url, SENT[step], content_type="application/json", headers=headers)
    return answer.status_code


CASES = [(state, step) for state in ReturnState.values for step in STEPS]


class TestTable:
    def test_says_what_people_say(self):
        said = {(str(state), step) for step, one in STEPS.items() for state in one.sources}

        assert said == FOLLOWS

    @pytest.mark.parametrize("role", list(Role))
    def test_opens_to_whom_it_names(self, role):
        user = UserFactory(roles=[role])

        for state, step in CASES:
            expected = (state, step) in FOLLOWS and role in TAKES[step]
            assert may(user, step, state, is_closed=False) is expected
            assert not may(user, step, state, is_closed=True)


class TestForbiddenSteps:
    @pytest.mark.parametrize(("state", "step"), [case for case in CASES if case not in FOLLOWS])
    @pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
    def test_are_refused_by_the_service(self, state, step, is_closed, row_in, take):
        row = row_in(state)
        if is_closed:
            close(JANUARY)

        self.is_refused(step, row, WrongState, take)

    @pytest.mark.parametrize(("state", "step"), sorted(FOLLOWS))
    def test_so_are_all_of_a_closed_month(self, state, step, row_in, take):
        row = row_in(state)
        close(JANUARY)

        self.is_refused(step, row, MonthClosed, take)

    def is_refused(self, step, row, why, take):
        before = written(row)
        with pytest.raises(why) as refusal:
            take(step, row)
        assert refusal.value.status == 409
        assert written(row) == before

    @pytest.mark.parametrize(("state", "step"), CASES)
    @pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
    def test_are_refused_to_everybody_on_pages_and_by_api(
        self, state, step, is_closed, row_in, enterprise
    ):
        row = row_in(state, enterprise)
        if is_closed:
            close(JANUARY)
        people = {role: somebody(role, row) for role in Role}
        before = written(row)
        for role, user in people.items():
            if (state, step) in FOLLOWS and role in TAKES[step] and not is_closed:
                continue
            page, api = by_page(user, step, row), by_api(user, step, row)
            may_know = role in TAKES[step]
            # A page leads back to the return, or says it beside the form; never does it.
            assert page in ({200, 303} if may_know else {403}), (role, page)
            assert api == (409 if may_know else 403), (role, api)
            assert written(row) == before, role

    @pytest.mark.parametrize(("state", "step"), CASES)
    def test_are_not_there_for_another_enterprise(self, state, step, row_in, enterprise):
        row, stranger = row_in(state, enterprise), make_member(make_return().enterprise)
        before = written(row)

        codes = {by_page(stranger, step, row), by_api(stranger, step, row)}

        assert codes == ({404} if step in {"save", "submit", "correct"} else {403})
        assert written(row) == before


class TestRoundTrip:
    def test_from_draft_to_a_correction_after_a_reopened_month(self, take, row_in):
        row = row_in("draft")
        for step, state in (
            ("submit", "submitted"),
            ("send_back", "sent_back"),
            ("submit", "submitted"),
            ("accept", "accepted"),
            ("correct", "draft"),
            ("submit", "submitted"),
        ):
            assert take(step, row).state == state
        numbers = ReturnRevision.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3]

"""The steps of a monthly return from state to state, and those that are refused."""

from datetime import timedelta

import pytest

from foundation.models import Message
from park.services import MonthClosed
from returns.models import MonthlyReturn, ReturnState
from returns.services import WrongState
from tests.conftest import NOW
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import make_member
from tests.returns.conftest import close, fields_of
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db

ALLOWED = {
    "draft": {"save", "submit"},
    "sent_back": {"save", "submit"},
    "submitted": {"accept", "send_back", "correct"},
    "accepted": {"send_back", "correct"},
}
TARGETS = {
    "submit": "submitted",
    "accept": "accepted",
    "send_back": "sent_back",
    "correct": "draft",
}
STEPS = ["save", *TARGETS]


class TestSteps:
    @pytest.fixture
    def row_in(self):
        def make(state):
            row = make_return()
            MonthlyReturn.objects.filter(pk=row.pk).update(state=state)
            row.refresh_from_db()
            return row

        return make

    @pytest.mark.parametrize("step", STEPS)
    @pytest.mark.parametrize("state", ReturnState.values)
    def test_follow_the_table(self, row_in, take, state, step):
        row = row_in(state)

        if step in ALLOWED[state]:
            assert take(step, row).state == TARGETS.get(step, state)
        else:
            with pytest.raises(WrongState) as refusal:
                take(step, row)
            assert refusal.value.extra == {"state": state}
            assert MonthlyReturn.objects.get(pk=row.pk).state == state

    @pytest.mark.parametrize("step", STEPS)
    @pytest.mark.parametrize("state", ReturnState.values)
    def test_change_nothing_of_a_closed_month(self, row_in, take, state, step):
        row = row_in(state)
        close(JANUARY)

        with pytest.raises((MonthClosed, WrongState)):
            take(step, row)
        assert MonthlyReturn.objects.get(pk=row.pk).version == row.version

    @pytest.mark.parametrize("step", STEPS)
    def test_refuse_what_somebody_changed_meanwhile(self, row_in, take, step):
        row = row_in("draft" if step in ALLOWED["draft"] else "submitted")

        with pytest.raises(Stale):
            take(step, row, expected_version=row.version + 1)

    def test_note_since_when(self, row_in, take):
        later = NOW + timedelta(hours=1)

        assert take("accept", row_in("submitted"), now=later).since == later

    def test_saving_does_not_move_it(self, row_in, take):
        row = take("save", row_in("sent_back"), now=NOW + timedelta(hours=1))

        assert (row.state, row.since, row.saved_at) == (
            "sent_back",
            NOW,
            NOW + timedelta(hours=1),
        )


class TestSendBack:
    @pytest.mark.parametrize("question", ["", "  "])
    def test_asks_something(self, take, question):
        with pytest.raises(Invalid) as refusal:
            take("send_back", submit(make_return()), question=question)

        assert fields_of(refusal) == ["question"]

    def test_tells_the_enterprises_people(self, take):
        row = submit(make_return())
        member = make_member(row.enterprise)
        gone = make_member(row.enterprise)
        gone.memberships.update(ended_at=NOW)
        make_member(make_tenant())

        take("send_back", row, question="请核对")

        message = Message.objects.get()
        assert message.recipient == member
        assert "请核对" in message.body
        assert str(row.pk) in message.url

    def test_names_the_month_in_the_language_of_each(self, take):
        row = submit(make_return())
        for language in ("zh-hans", "en"):
            member = make_member(row.enterprise)
            member.language = language
            member.save(update_fields=["language"])

        take("send_back", row, question="?")

        bodies = Message.objects.order_by("pk").values_list("body", flat=True)
        assert sorted("2024年1月" in body for body in bodies) == [False, True]
        assert sorted("January 2024" in body for body in bodies) == [False, True]

    def test_takes_its_question_back_when_it_is_answered(self, take):
        row = take("send_back", submit(make_return()))

        assert take("submit", row).question == ""

"""Monthly returns: drafts are edited, revisions are submitted and stay."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db.utils import ProgrammingError

from accounts.permissions import Role
from foundation.models import Message
from park.models import ReportingMonth
from park.services import MonthClosed
from returns import services
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from returns.services import NotATenantThen, ReturnExists, WrongState, open_return, save_draft
from tests.conftest import NOW, TODAY
from tests.factories.returns import COMPLETE, JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import make_member
from tests.together import together
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db


def close(month):
    ReportingMonth.objects.create(month=month, closed_at=NOW)


def fields_of(refusal):
    return [error["field"] for error in refusal.value.errors]


@pytest.fixture
def take(operator):
    """Take a step on a return, with all it needs."""

    def run(step, row, **more):
        needs = {
            "save": {"figures": {"headcount": 90}},
            "submit": {"signer": "李娜", "reason": "补报"},
            "send_back": {"question": "人数与上月相差过大，请核对"},
        }
        service = save_draft if step == "save" else getattr(services, f"{step}_return")
        service(
            return_id=row.pk, **{"now": NOW, "acting_user": operator, **needs.get(step, {}), **more}
        )
        row.refresh_from_db()
        return row

    return run


class TestOpenReturn:
    def test_begins_as_a_draft(self):
        row = make_return()

        assert (row.state, row.revision_count, row.version) == (ReturnState.DRAFT, 0, 1)
        assert (row.revenue, row.headcount) == (Decimal("1234567.89"), 100)

    def test_is_possible_as_soon_as_the_month_has_begun(self):
        make_return(month=date(2024, 2, 1), today=date(2024, 2, 1))

        with pytest.raises(Invalid) as refusal:
            make_return(month=date(2024, 3, 1), today=date(2024, 2, 29))
        assert fields_of(refusal) == ["month"]

    def test_happens_once_a_month(self):
        row = make_return()

        with pytest.raises(ReturnExists) as refusal:
            make_return(enterprise=row.enterprise)
        assert refusal.value.extra == {"return": row.pk}

    @pytest.mark.parametrize(
        ("first_day", "end", "owes"),
        [
            (date(2024, 1, 31), None, True),
            (date(2024, 2, 1), None, False),
            (date(2021, 1, 1), date(2024, 1, 2), True),
            (date(2021, 1, 1), date(2024, 1, 1), False),
        ],
    )
    def test_is_for_who_was_a_tenant_on_a_day_of_the_month(self, first_day, end, owes):
        enterprise = make_tenant(first_day, end)

        if owes:
            make_return(enterprise=enterprise)
        else:
            with pytest.raises(NotATenantThen) as refusal:
                make_return(enterprise=enterprise)
            assert fields_of(refusal) == ["month"]

    def test_is_refused_in_a_closed_month(self):
        close(JANUARY)

        with pytest.raises(MonthClosed):
            make_return()

    @pytest.mark.django_db(transaction=True)
    def test_by_two_people_at_once_is_one_return(self, operator):
        enterprise = make_tenant()
        opening = partial(
            open_return,
            enterprise=enterprise,
            month=JANUARY,
            figures=COMPLETE,
            now=NOW,
            today=TODAY,
            acting_user=operator,
        )

        results = together(opening, opening)

        assert {type(result) for result in results} == {MonthlyReturn, ReturnExists}


class TestFigures:
    @pytest.mark.parametrize(
        ("figures", "field"),
        [
            ({"revenue": Decimal(-1)}, "revenue"),
            ({"revenue": Decimal("0.001")}, "revenue"),
            ({"revenue": Decimal(10) ** 14}, "revenue"),
            ({"revenue": Decimal(10) ** 40}, "revenue"),
            ({"revenue": Decimal("NaN")}, "revenue"),
            ({"revenue": Decimal("Infinity")}, "revenue"),
            ({"headcount": -1}, "headcount"),
            ({"headcount": 10_000_001}, "headcount"),
            ({"age_18_26": 10**12}, "age_18_26"),
            ({"profit": 1}, "profit"),
        ],
    )
    def test_that_cannot_be_are_refused(self, figures, field):
        with pytest.raises(Invalid) as refusal:
            make_return(**figures)

        assert fields_of(refusal) == [field]

    @pytest.mark.parametrize(
        "figures",
        [
            {"revenue": Decimal("99999999999999.99"), "headcount": 10_000_000},
            {"revenue": Decimal(0), "headcount": 0},
            {"revenue": None, "headcount": None},
            {"revenue": 5},
        ],
    )
    def test_at_their_limits_are_kept_to_the_digit(self, figures):
        row = MonthlyReturn.objects.get(pk=make_return(**figures).pk)

        assert {name: getattr(row, name) for name in figures} == figures

    def test_are_all_looked_at_before_anything_is_said(self):
        with pytest.raises(Invalid) as refusal:
            make_return(revenue=Decimal(-1), headcount=-1, left=-1)

        assert sorted(fields_of(refusal)) == ["headcount", "left", "revenue"]


class TestSubmitReturn:
    def test_keeps_the_figures_as_a_revision(self, operator):
        row = submit(make_return(), signer=" 李娜 ", acting_user=operator)

        revision = row.revisions.get()
        assert (revision.number, revision.signer, revision.submitted_by) == (1, "李娜", operator)
        assert revision.figures() == row.figures()
        assert row.state == ReturnState.SUBMITTED

    @pytest.mark.parametrize(
        ("figures", "fields"),
        [
            ({"headcount": 100}, ["revenue"]),
            ({"revenue": 1}, ["headcount"]),
            ({"joined": 3}, ["revenue", "headcount"]),
            ({**COMPLETE, "local": 99}, ["local"]),
            ({**COMPLETE, "local": 80, "elsewhere": 21}, ["local"]),
            ({**COMPLETE, "age_18_26": 100, "age_27_35": 0, "age_36_up": 1}, ["age_18_26"]),
            ({**COMPLETE, "local": 1, "bachelor": 1}, ["local", "postgraduate"]),
        ],
    )
    def test_refuses_what_is_missing_or_does_not_add_up(self, figures, fields):
        with pytest.raises(Invalid) as refusal:
            submit(make_return(**figures))

        assert fields_of(refusal) == fields
        assert not ReturnRevision.objects.exists()

    @pytest.mark.parametrize(
        "breakdown",
        [
            {},
            {"local": 100},
            {"local": 82, "same_province": 10, "elsewhere": 8},
            {"age_18_26": 58, "age_27_35": 39, "age_36_up": 3, "junior_college": 100},
        ],
    )
    def test_accepts_breakdowns_that_add_up_and_empty_ones(self, breakdown):
        assert submit(make_return(**COMPLETE, **breakdown)).revision_count == 1

    def test_accepts_a_month_in_which_there_was_nothing(self):
        assert submit(make_return(revenue=0, headcount=0, local=0)).revision_count == 1

    @pytest.mark.parametrize("signer", ["", "  "])
    def test_needs_a_signer(self, signer):
        with pytest.raises(Invalid) as refusal:
            submit(make_return(), signer=signer)

        assert fields_of(refusal) == ["signer"]

    def test_needs_a_reason_from_the_second_time_on(self, take):
        row = take("correct", submit(make_return(), reason="不算"))

        with pytest.raises(Invalid) as refusal:
            submit(row, reason=" ")
        assert fields_of(refusal) == ["reason"]

        submit(row, reason="漏报一人")
        assert list(row.revisions.order_by("number").values_list("number", "reason")) == [
            (1, ""),
            (2, "漏报一人"),
        ]


class TestRevisions:
    def test_are_never_overwritten_by_later_ones(self, take):
        row = submit(make_return())
        take("correct", row)
        take("save", row, figures={"headcount": 120})
        submit(row, reason="漏报")

        assert list(row.revisions.order_by("number").values_list("headcount", flat=True)) == [
            100,
            120,
        ]

    @pytest.mark.parametrize("change", ["update", "delete"])
    def test_cannot_be_changed_in_the_database(self, change):
        revisions = submit(make_return()).revisions
        act = (
            partial(revisions.update, headcount=1) if change == "update" else revisions.all().delete
        )

        with pytest.raises(ProgrammingError, match="Cannot update or delete"):
            act()

    def test_are_not_touched_by_saving_the_draft(self, take):
        row = take("correct", submit(make_return()))

        take("save", row, figures={"headcount": 7})

        assert row.revisions.get().headcount == 100


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


class TestTwoPeopleAtOneDraft:
    def test_the_second_to_save_is_told(self, take):
        row = make_return()

        take("save", row, figures={"headcount": 1}, expected_version=1)

        with pytest.raises(Stale):
            take("save", row, figures={"headcount": 2}, expected_version=1)
        assert MonthlyReturn.objects.get(pk=row.pk).headcount == 1

    @pytest.mark.django_db(transaction=True)
    def test_even_at_the_same_moment(self, operator):
        row = make_return()
        saves = [
            partial(
                save_draft,
                return_id=row.pk,
                figures={"headcount": headcount},
                now=NOW,
                acting_user=operator,
                expected_version=1,
            )
            for headcount in (1, 2)
        ]

        results = together(*saves)

        winner = next(result for result in results if isinstance(result, MonthlyReturn))
        assert sorted(isinstance(result, Stale) for result in results) == [False, True]
        assert MonthlyReturn.objects.get(pk=row.pk).headcount == winner.headcount


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

    def test_takes_its_question_back_when_it_is_answered(self, take):
        row = take("send_back", submit(make_return()))

        assert take("submit", row).question == ""


class TestWhatCounts:
    """`filed()` and `counting()`: what reports and "n of m filed" stand on."""

    def counted(self):
        filed = set(MonthlyReturn.objects.filed().values_list("pk", flat=True))
        counting = {
            revision.monthly_return_id: revision.number
            for revision in ReturnRevision.objects.counting()
        }
        assert filed == set(counting)
        return counting

    def test_a_draft_does_not(self):
        make_return()

        assert self.counted() == {}

    def test_the_last_revision_does(self, take):
        row = submit(make_return())
        other = submit(make_return())

        submit(take("correct", row), reason="更正")

        assert self.counted() == {row.pk: 2, other.pk: 1}

    def test_an_accepted_one_does(self, take):
        row = take("accept", submit(make_return()))

        assert self.counted() == {row.pk: 1}

    def test_while_one_corrects_the_old_one_does(self, take):
        row = take("correct", submit(make_return()))
        take("save", row, figures={"headcount": 999})

        assert self.counted() == {row.pk: 1}
        assert ReturnRevision.objects.counting().get().headcount == 100

    def test_what_was_sent_back_does_not_until_it_comes_again(self, take):
        row = take("send_back", submit(make_return()))
        assert self.counted() == {}

        take("submit", row)
        assert self.counted() == {row.pk: 2}


class TestVisibleTo:
    def test_the_park_sees_all_and_an_enterprise_its_own(self, operator, person):
        own, other = make_return(), make_return()

        def seen_by(user):
            return set(MonthlyReturn.objects.visible_to(user))

        assert seen_by(operator) == seen_by(person(Role.AUDITOR)) == {own, other}
        assert seen_by(make_member(own.enterprise, is_manager=False)) == {own}
        assert seen_by(person(Role.OFFICIAL)) == seen_by(person(Role.PROMOTION_OFFICER)) == set()

"""Revisions of monthly returns: submitted complete and signed, kept for good; which one counts."""

from functools import partial

import pytest
from django.db.utils import ProgrammingError

from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from tests.factories.returns import COMPLETE, make_return, submit
from tests.returns.conftest import fields_of
from web.refusals import Invalid

pytestmark = pytest.mark.django_db


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

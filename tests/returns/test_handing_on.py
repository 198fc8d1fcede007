"""The staff at the end of a month begins the next: a correction reaches the next month's draft."""

from datetime import date

import pytest
from django.urls import reverse

from returns.models import MonthlyReturn, ReturnRevision
from returns.services import correct_return, open_return, save_draft, send_back_return
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import make_member
from tests.returns.conftest import close

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

DECEMBER = date(2023, 12, 1)


@pytest.fixture
def december():
    """Filed with 100 people."""
    return submit(make_return(enterprise=make_tenant(), month=DECEMBER, revenue=1, headcount=100))


@pytest.fixture
def january(december, operator):
    """Begun with what December ended with."""
    return open_return(
        enterprise=december.enterprise,
        month=JANUARY,
        figures={"revenue": 1, "joined": 5, "left": 2, "headcount": 103},
        now=NOW,
        today=TODAY,
        acting_user=operator,
        prefilled=True,
    )


@pytest.fixture
def corrected(december, operator):
    """Submit December once more, with another headcount."""

    def run(headcount):
        step = {"return_id": december.pk, "now": NOW, "acting_user": operator}
        correct_return(**step)
        save_draft(figures={"headcount": headcount}, **step)
        return submit(december, reason="更正", acting_user=operator)

    return run


def staff(row):
    row.refresh_from_db()
    return row.opening, row.headcount


def test_a_draft_follows_and_says_who_made_it(january, corrected, operator):
    version = january.version

    corrected(110)

    assert staff(january) == (110, 113)
    assert january.version == version + 1
    assert january.saves["staff"]["name"] == operator.name


def test_a_staff_at_the_end_that_somebody_typed_stays(january, corrected, operator):
    save_draft(return_id=january.pk, figures={"headcount": 99}, now=NOW, acting_user=operator)
    corrected(110)
    assert staff(january) == (110, 99)


def test_a_start_that_somebody_typed_against_it_stays(january, corrected, operator):
    save_draft(return_id=january.pk, figures={"opening": 98}, now=NOW, acting_user=operator)
    corrected(110)
    assert staff(january) == (98, 103)


def test_a_start_that_was_not_known_is_filled_in(december, corrected):
    row = make_return(enterprise=december.enterprise, revenue=1)
    corrected(110)
    assert staff(row) == (110, None)


def test_each_correction_is_followed_also_back_again(january, corrected):
    for headcount in (110, 90, 100):
        corrected(headcount)
        assert staff(january) == (headcount, headcount + 3)


def test_what_was_filed_stays_until_it_is_taken_up(january, corrected, operator):
    submit(january)
    corrected(110)
    assert staff(january) == (100, 103)
    assert ReturnRevision.objects.get(monthly_return=january).opening == 100

    correct_return(return_id=january.pk, now=NOW, acting_user=operator)

    assert staff(january) == (110, 113)
    assert ReturnRevision.objects.get(monthly_return=january).opening == 100
    assert submit(january, reason="随上月更正").revision_count == 2


def test_what_is_sent_back_follows_too(january, corrected, operator):
    submit(january)
    corrected(110)

    send_back_return(
        return_id=january.pk, question="期初与上月期末？", now=NOW, acting_user=operator
    )

    assert staff(january) == (110, 113)


def test_a_closed_month_stays_as_it_is(january, corrected):
    close(JANUARY)
    corrected(110)
    assert staff(january) == (100, 103)


def test_another_enterprise_s_stays_as_it_is(january, corrected):
    other = make_return(enterprise=make_tenant(), opening=100, headcount=100, revenue=1)
    corrected(110)
    assert staff(other) == (100, 100)


def test_a_month_that_is_sent_back_and_not_filed_again_says_nothing(january, december, operator):
    step = {"now": NOW, "acting_user": operator}
    submit(january)
    send_back_return(return_id=december.pk, question="?", **step)

    correct_return(return_id=january.pk, **step)

    assert staff(january) == (100, 103)


class TestThePage:
    @pytest.fixture
    def firm(self, december):
        return Desk(make_member(december.enterprise))

    def submit_december(self, firm, december):
        answer = firm.post("returns:return-submit", december.pk, signer="李娜", reason="更正")
        return text_of(firm.follow(answer.url))

    def taken_up(self, december, operator):
        step = {"return_id": december.pk, "now": NOW, "acting_user": operator}
        correct_return(**step)
        save_draft(figures={"headcount": 110}, **step)

    def test_says_where_the_start_is_from(self, firm, january, corrected):
        assert "as corrected" not in text_of(firm.get("returns:return-edit", january.pk))
        corrected(110)
        assert "last month's end, as corrected on 02-22" in text_of(
            firm.get("returns:return-edit", january.pk)
        )

    def test_tells_who_corrects_that_the_next_draft_follows(
        self, firm, january, december, operator
    ):
        self.taken_up(december, operator)
        said = self.submit_december(firm, december)
        assert "The draft for January 2024 begins with 110 people now." in said

    def test_tells_who_corrects_that_the_next_was_filed(self, firm, january, december, operator):
        submit(january)
        self.taken_up(december, operator)
        said = self.submit_december(firm, december)
        assert "begins with 100 people, and this one ends with 110: please correct it too." in said

    def test_who_signs_an_older_version_is_shown_the_newer(self, firm, january, corrected):
        version = january.version
        corrected(110)

        answer = firm.client.post(
            reverse("returns:return-submit", args=[january.pk]),
            {"signer": "李娜", "version": version},
        )

        assert answer.status_code == 200
        assert MonthlyReturn.objects.get(pk=january.pk).state == "draft"

"""Filling in a return: beginning it, what the form shows, computes, asks and saves."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from returns.models import MonthlyReturn
from tests.desk import text_of
from tests.factories.returns import make_return, make_tenant, submit
from tests.returns.views.conftest import fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

FEBRUARY = date(2024, 2, 1)


def notices_on(page):
    places = page.context["sheet"].places
    return {
        name: [notice.title for notice in place.notices]
        for name, place in places.items()
        if place.notices
    }


def errors_on(page):
    places = page.context["sheet"].places
    return {name: place.errors for name, place in places.items() if place.errors}


class TestReturnCreate:
    def test_says_beside_the_month_why_it_cannot_be(self, firm):
        for month, message in [
            ("2024-03", "March 2024 has not begun."),
            ("2020-01", "was not a tenant in January 2020."),
            ("soon", "Type a month as 2024-01."),
        ]:
            page = firm.post("returns:return-create", month=month)

            assert message in page.context["form"].errors["month"][0]

    def test_leads_to_the_return_that_is_there(self, firm, draft):
        answer = firm.post("returns:return-create", month="2024-01")

        assert answer.url == reverse("returns:return-detail", args=[draft.pk])

    def test_the_park_chooses_whose(self, park, enterprise):
        page = park.get("returns:return-create", month="2024-01", enterprise=enterprise.pk)
        assert page.context["form"]["enterprise"].value() == str(enterprise.pk)

        park.post("returns:return-create", month="2024-01", enterprise=enterprise.pk)

        assert MonthlyReturn.objects.get().enterprise == enterprise

    def test_an_enterprise_never_chooses_another(self, firm, enterprise):
        other = make_tenant()

        firm.post("returns:return-create", month="2024-01", enterprise=other.pk)

        assert MonthlyReturn.objects.get().enterprise == enterprise


class TestReturnForm:
    def test_shows_the_last_month_and_computes_beside_it(self, firm, draft):
        page = firm.get("returns:return-edit", draft.pk)

        text = text_of(page)
        assert "Revenue of the month 10,000 yuan 2,500.00" in text
        assert "Staff at the start of the month people 504" in text
        assert "Staff at the end of the month people 505" in text
        assert page.context["sheet"].past.opening == 505
        assert page.context["sheet"].revenue_to_date is None

    def test_computes_the_year_to_date(self, firm, enterprise, history, operator, now):
        submit(make_return(enterprise=enterprise, revenue=Decimal(10_000_000), headcount=1))
        row = make_return(enterprise=enterprise, month=FEBRUARY, revenue=Decimal(2_000_000))

        page = firm.get("returns:return-edit", row.pk)

        assert page.context["sheet"].revenue_to_date == 12_000_000
        assert 'value="1,200.00" readonly' in page.content.decode()
        assert "February 2024 is not over yet." in text_of(page)

    def test_says_how_many_months_the_year_lacks(self, firm, enterprise):
        row = make_return(enterprise=enterprise, month=FEBRUARY)

        assert "1 month has no return" in text_of(firm.get("returns:return-edit", row.pk))

    def test_saves_money_in_yuan_and_people_as_typed(self, firm, draft):
        answer = fill(firm, draft, revenue="２，５６０.5", joined="12", left="8", headcount="509")

        draft.refresh_from_db()
        assert answer.url == reverse("returns:return-edit", args=[draft.pk])
        assert (draft.revenue, draft.joined, draft.headcount) == (Decimal("25605000.00"), 12, 509)

    def test_an_amount_to_the_fen_stays_as_it_is(self, firm, enterprise):
        row = make_return(enterprise=enterprise, revenue=Decimal("12345678.91"), headcount=1)

        page = firm.get("returns:return-edit", row.pk)
        assert 'value="1,234.567891"' in page.content.decode()
        fill(firm, row, headcount="2")

        row.refresh_from_db()
        assert (row.revenue, row.headcount) == (Decimal("12345678.91"), 2)

    def test_keeps_what_cannot_be_read_and_saves_the_rest(self, firm, draft):
        page = fill(firm, draft, revenue="98,75", joined="-3", left="4", local="12.5")

        draft.refresh_from_db()
        assert (draft.revenue, draft.joined, draft.left) == (None, None, 4)
        assert errors_on(page) == {
            "revenue": ["Type a number, for example 2,160.00."],
            "joined": ["This can't be negative."],
            "origin": ["This city: Type a whole number, for example 300."],
        }
        assert 'value="98,75"' in page.content.decode()
        assert "3 must be changed" in text_of(page)
        assert 'href="#notice-revenue"' in page.content.decode()

    def test_asks_whether_yuan_were_typed_and_divides(self, firm, draft):
        fill(firm, draft, revenue="21,600,000")
        page = firm.get("returns:return-edit", draft.pk)
        assert notices_on(page)["revenue"] == ["Did you type yuan?"]
        assert "9,600 times the median of the last six months (2,250.00)" in text_of(page)
        assert "Make it 2,160.00 (10,000 yuan)" in text_of(page)

        fill(firm, draft, divide="revenue")

        draft.refresh_from_db()
        assert draft.revenue == Decimal("21600000.00")
        assert notices_on(firm.get("returns:return-edit", draft.pk)) == {}

    def test_dividing_beside_an_error_shows_the_divided_amount(self, firm, draft):
        page = fill(firm, draft, revenue="21600000", headcount="9x", divide="revenue")

        draft.refresh_from_db()
        assert draft.revenue == Decimal("21600000.00")
        assert 'value="2,160.00"' in page.content.decode()
        assert 'value="9x"' in page.content.decode()

    def test_asks_nothing_about_an_amount_that_was_typed_over(self, firm, draft):
        fill(firm, draft, revenue="21,600,000", headcount="900")

        page = fill(firm, draft, revenue="5..", headcount="x")

        assert notices_on(page) == {}
        assert errors_on(page)["revenue"] == ["Type a number, for example 2,160.00."]
        assert page.context["sheet"].revenue_to_date is None

    @pytest.mark.parametrize(
        ("typed", "asked"),
        [
            ({"headcount": "700"}, ["38.6% more than last month (+195)."]),
            ({"headcount": "300"}, ["40.6% fewer than last month (−205)."]),
            ({"headcount": "507", "joined": "10", "left": "8"}, []),
        ],
    )
    def test_asks_about_people_without_blocking(self, firm, draft, typed, asked):
        fill(firm, draft, revenue="2,160", **typed)

        assert notices_on(firm.get("returns:return-edit", draft.pk)).get("headcount", []) == asked
        assert fill(firm, draft, go="submit").url == reverse(
            "returns:return-submit", args=[draft.pk]
        )

    def test_people_that_do_not_add_up_are_said_while_typing_and_block(self, firm, draft):
        people = {"opening": "505", "joined": "10", "left": "8", "headcount": "508"}
        page = firm.follow(fill(firm, draft, revenue="2,160", **people).url)

        assert notices_on(page)["headcount"] == ["505 + 10 − 8 = 507, not 508."]
        assert page.context["sheet"].wrong == 1
        answer = firm.follow(fill(firm, draft, go="submit").url)
        assert answer.url == f"{reverse('returns:return-edit', args=[draft.pk])}?check=1"

    def test_asks_nothing_where_nothing_was_filed_before(self, firm, enterprise):
        row = make_return(enterprise=enterprise, revenue=Decimal(10**12), headcount=9000)

        page = firm.get("returns:return-edit", row.pk)

        assert notices_on(page) == {}
        assert "Nothing was filed for last month." in text_of(page)

    def test_says_beside_the_cells_what_keeps_it_from_being_submitted(self, firm, draft):
        answer = fill(firm, draft, local="500", age_18_26="600", go="submit")
        assert answer.url == reverse("returns:return-submit", args=[draft.pk])

        answer = firm.follow(answer.url)
        page = firm.follow(answer.url)

        assert notices_on(page) == {
            "revenue": ["Please fill this in; 0 if there was none."],
            "origin": ["These must add up to 505; 5 are missing."],
            "age": ["These must add up to 505; there are 95 too many."],
        }
        assert page.context["sheet"].wrong == 3

    def test_is_looked_at_again_when_it_was_corrected_meanwhile(self, firm, draft):
        fill(firm, draft, revenue="2,000", local="500", go="submit")
        fill(firm, draft, local="505")

        page = firm.get("returns:return-edit", draft.pk, check=1)

        assert page.status_code == 200
        assert page.context["sheet"].wrong == 0
        assert page.context["sheet"].content["local"] == 505

    def test_a_breakdown_that_nobody_touched_may_stay_so(self, firm, draft):
        untouched = "may stay empty as a whole"
        assert text_of(firm.get("returns:return-edit", draft.pk)).count(untouched) == 3

        fill(firm, draft, local="0")

        text = text_of(firm.get("returns:return-edit", draft.pk))
        assert text.count(untouched) == 2
        assert "505 to go" in text

    def test_one_that_was_submitted_is_not_filled_in(self, firm, draft):
        fill(firm, draft, revenue="2,000")
        submit(draft)

        answer = firm.get("returns:return-edit", draft.pk)

        assert answer.url == reverse("returns:return-detail", args=[draft.pk])

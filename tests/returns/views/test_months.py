"""The months on their pages: who has filed, who has not; closing one, opening it again."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.months import add_months
from park.models import ReportingMonth
from park.services import close_month
from returns import services
from returns.models import MonthlyReturn
from tests.desk import Desk, text_of
from tests.factories.returns import JANUARY, make_return, make_tenant, submit
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.returns.views.conftest import fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

FEBRUARY = date(2024, 2, 1)
PEOPLE = {"headcount": 3, "local": 3, "age_18_26": 3, "bachelor": 3}


class TestMonthsOfAnEnterprise:
    def test_says_for_each_month_where_its_return_is_and_what_to_do(
        self, firm, enterprise, history, operator, now, today
    ):
        close_month(month=date(2023, 7, 1), now=now, today=today, acting_user=operator)
        make_return(enterprise=enterprise, month=JANUARY)

        page = firm.get("returns:return-list")

        months = page.context["months"]
        assert [owed.month for owed in months[:3]] == [FEBRUARY, JANUARY, date(2023, 12, 1)]
        assert [owed.word for owed in months[:3]] == ["Not filed", "Draft", "Accepted"]
        assert [owed.action for owed in months[:3]] == ["File", "Go on", ""]
        assert [owed.is_late for owed in months[:3]] == [False, True, False]
        assert months[-1].is_closed
        text = text_of(page)
        assert "Return for January 2024: please file it, the day is over" in text
        assert "was due on 2024-02-08" in text

    def test_says_what_was_filed_once_it_was(self, firm, enterprise):
        row = make_return(enterprise=enterprise, revenue=Decimal(12_345_600), **PEOPLE)
        said = "Revenue 1,234.56 (10,000 yuan), staff 3"
        assert said not in text_of(firm.get("returns:return-list"))

        submit(row)

        assert said in text_of(firm.get("returns:return-list"))

    def test_begins_a_return_from_the_list(self, firm, enterprise):
        answer = firm.post("returns:return-create", month="2024-01")

        row = MonthlyReturn.objects.get()
        assert (row.enterprise, row.month) == (enterprise, JANUARY)
        assert answer.url == reverse("returns:return-edit", args=[row.pk])

    def test_shows_what_the_park_asks_first(self, firm, enterprise, operator, now):
        row = submit(make_return(enterprise=enterprise))
        services.send_back_return(
            return_id=row.pk, question="哪几项业务？", now=now, acting_user=operator
        )

        text = text_of(firm.get("returns:return-list"))

        assert "Return for January 2024: please answer the park's question" in text
        assert "哪几项业务？" in text

    def test_one_that_was_sent_back_waits_before_its_month_is_over(
        self, firm, enterprise, operator, now
    ):
        row = submit(make_return(enterprise=enterprise, month=FEBRUARY))
        services.send_back_return(return_id=row.pk, question="?", now=now, acting_user=operator)

        text = text_of(firm.get("returns:return-list"))

        assert "Return for February 2024: please answer the park's question" in text

    def test_one_that_is_corrected_waits_to_be_submitted(self, firm, enterprise, now):
        row = submit(make_return(enterprise=enterprise, month=FEBRUARY))
        services.correct_return(return_id=row.pk, now=now, acting_user=firm.user)

        text = text_of(firm.get("returns:return-list"))

        assert "Return for February 2024: being corrected, please submit it again" in text

    def test_a_month_that_is_not_over_may_be_begun_and_does_not_wait(self):
        page = Desk(make_member(make_tenant(FEBRUARY))).get("returns:return-list")

        assert "No return waits for you" in text_of(page)
        assert page.context["months"][0].action == "File"

    def test_owes_nothing_before_and_after_its_tenancy(self):
        enterprise = make_tenant(date(2023, 11, 15), date(2024, 1, 1))
        make_return(month=date(2023, 7, 1))

        page = Desk(make_member(enterprise)).get("returns:return-list")

        months = [owed.month for owed in page.context["months"]]
        assert months == [date(2023, 12, 1), date(2023, 11, 1)]

    def test_says_what_would_stand_here(self):
        page = Desk(make_member(EnterpriseFactory())).get("returns:return-list")

        assert "Here each month of your tenancy will stand" in text_of(page)


class TestMonths:
    def test_lists_how_many_of_how_many_have_filed(self, park, enterprise, history, operator):
        make_tenant(date(2024, 1, 10))

        page = park.get("returns:return-list")

        counted = {month.month: (month.filed, month.owed) for month in page.context["months"]}
        assert counted[JANUARY] == (0, 2)
        assert counted[date(2023, 12, 1)] == (1, 1)
        assert "January 2024: 0 of 2 enterprises have filed" in text_of(page)

    def test_one_that_was_sent_back_counts_as_not_filed(self, park, firm, draft, operator, now):
        fill(firm, draft, revenue="2,160")
        submit(draft)
        services.send_back_return(return_id=draft.pk, question="?", now=now, acting_user=operator)

        month = park.get("returns:return-list").context["months"][1]

        assert (month.filed, month.sent_back, month.submitted) == (0, 1, 0)

    def test_a_month_shows_who_has_something_to_do_first(self, park, enterprise, history, now):
        silent = make_tenant()
        back = submit(make_return(enterprise=make_tenant()))
        services.send_back_return(return_id=back.pk, question="?", now=now, acting_user=park.user)
        submit(make_return(enterprise=enterprise, revenue=Decimal(50_000_000), headcount=510))

        page = park.get("returns:month-detail", "2024-01")

        rows = list(page.context["page"])
        assert [row.enterprise for row in rows] == [silent, back.enterprise, enterprise]
        assert [row.owed.word for row in rows] == ["Not filed", "Sent back", "Submitted"]
        assert "January 2024: 1 of 3 enterprises have filed" in text_of(page)
        assert "Look: +100.0%" in text_of(page)

    def test_is_narrowed_to_a_state(self, park, enterprise, history):
        make_tenant()
        submit(make_return(enterprise=enterprise, revenue=Decimal(50_000_000), headcount=510))

        def shown(group):
            page = park.get("returns:month-detail", "2024-01", show=group)
            return [row.enterprise for row in page.context["page"]]

        assert shown("submitted") == [enterprise]
        assert shown("changed") == [enterprise]
        assert len(shown("missing")) == 1
        assert shown("accepted") == []
        assert len(shown("nonsense")) == 2

    def test_what_counts_while_it_is_corrected_is_the_last_revision(self, park, firm, draft, now):
        fill(firm, draft, revenue="2,160")
        submit(draft)
        services.correct_return(return_id=draft.pk, now=now, acting_user=firm.user)
        fill(firm, draft, revenue="1")

        row = park.get("returns:month-detail", "2024-01").context["page"]._page[0]

        assert row.revenue == 21_600_000

    @pytest.mark.parametrize("month", ["2024-13", "soon", "2024-03", "1989-01"])
    def test_a_month_that_is_none_is_not_there(self, park, month):
        assert park.get("returns:month-detail", month).status_code == 404

    def test_closing_says_who_is_missing_and_closes(self, park, enterprise, history):
        page = park.get("returns:month-close", "2024-01")
        assert "January 2024 would be closed without 1 return" in text_of(page)
        assert "Missing 迈睿中国" in text_of(page)

        answer = park.post("returns:month-close", "2024-01")

        assert ReportingMonth.objects.get().is_closed
        assert "January 2024 is closed." in text_of(park.follow(answer.url))

    def test_a_month_that_is_closed_is_not_closed_again(
        self, park, enterprise, operator, now, today
    ):
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)

        answer = park.get("returns:month-close", "2024-01")

        assert answer.url == reverse("returns:month-detail", args=["2024-01"])

    def test_a_month_that_is_not_over_stays_open(self, park, enterprise):
        assert "It can be closed when its last day is over." in text_of(
            park.get("returns:month-close", "2024-02")
        )

        page = park.post("returns:month-close", "2024-02")

        assert "February 2024 is not over yet." in text_of(page)
        assert not ReportingMonth.objects.exists()

    def test_reopening_takes_a_reason_and_names_what_it_touches(
        self, park, enterprise, operator, now, today
    ):
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)
        page = park.get("returns:month-reopen", "2024-01")
        assert "Reports that were issued for this month stay as they are" in text_of(page)

        page = park.post("returns:month-reopen", "2024-01", reason=" ")
        assert page.context["form"].errors == {"reason": ["This field is required."]}

        park.post("returns:month-reopen", "2024-01", reason="企业更正")
        month = ReportingMonth.objects.get()
        assert (month.is_closed, month.reason) == (False, "企业更正")

    def test_an_open_month_is_not_reopened(self, park, enterprise):
        answer = park.get("returns:month-reopen", "2024-01")

        assert answer.url == reverse("returns:month-detail", args=["2024-01"])


class TestPeople:
    def test_adds_up_the_returns_that_count(self, park, now):
        def filed(**figures):
            return submit(make_return(revenue=Decimal(1), **figures))

        filed(headcount=60, local=50, same_province=7, elsewhere=3, junior_college=60)
        filed(headcount=40, local=25, same_province=10, elsewhere=5)
        filed(headcount=11)
        make_return(headcount=900, local=900)
        back = filed(headcount=700, local=700)
        services.send_back_return(return_id=back.pk, question="?", now=now, acting_user=park.user)

        text = text_of(park.get("returns:month-detail", "2024-01"))

        assert "111 people at the end of the month, in the 3 returns that count" in text
        assert "This city 75 75.00% ÷ 100 people" in text
        assert "Where people come from 2 of 3 returns give it" in text
        assert "Education 1 of 3 returns give it" in text
        assert "College or above 60 100.00% ÷ 60 people" in text
        assert "Age 0 of 3 returns give it" in text

    def test_shows_shares_to_two_decimals_and_who_learnt_at_a_college(self, park):
        people = {"postgraduate": 40, "bachelor": 1327, "junior_college": 1730}
        submit(make_return(revenue=Decimal(1), headcount=4492, below_college=1395, **people))

        text = text_of(park.get("returns:month-detail", "2024-01"))

        assert sum(people.values()) == 3097
        assert "Junior college 1,730 38.51% ÷ 4,492" in text
        assert f"College or above 3,097 {round(3097 / 4492 * 100, 2)}% ÷ 4,492" in text

    @pytest.mark.parametrize(
        ("invented", "marked"),
        [(["*"], [True, True, True]), (["local"], [False, False, True]), ([], [False] * 3)],
    )
    def test_marks_what_is_invented(self, park, invented, marked):
        row = submit(make_return(revenue=Decimal(1), **PEOPLE))
        row.sample_fields = invented
        row.save(update_fields=["sample_fields"])

        people = park.get("returns:month-detail", "2024-01").context["people"]

        assert [breakdown.is_sample for breakdown in people.breakdowns] == marked

    def test_says_what_would_stand_there(self, park):
        text = text_of(park.get("returns:month-detail", "2024-01"))

        assert "Here the staff will stand by education, age and origin" in text


class TestQueries:
    @pytest.mark.parametrize(
        ("name", "arguments"), [("return-list", []), ("month-detail", ["2024-01"])]
    )
    def test_of_the_park_are_the_same_for_two_and_for_thirty(self, park, name, arguments):
        def count_with(rows):
            for _ in range(rows):
                submit(make_return())
            with CaptureQueriesContext(connection) as queries:
                park.get(f"returns:{name}", *arguments)
            return len(queries)

        assert count_with(2) == count_with(28)

    def test_of_an_enterprise_are_the_same_for_two_months_and_for_twenty(self, firm, enterprise):
        def count_with(first, last):
            for count in range(first, last):
                make_return(enterprise=enterprise, month=add_months(JANUARY, -count))
            with CaptureQueriesContext(connection) as queries:
                firm.get("returns:return-list")
            return len(queries)

        assert count_with(0, 2) == count_with(2, 20)

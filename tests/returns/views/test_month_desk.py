"""The park's page of a month: what is worst first, narrowed, taken away as a file."""

import csv
import io
from datetime import date, timedelta
from itertools import pairwise

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.months import add_months
from park.services import close_month
from returns import services
from returns.models import MonthlyReturn, ReturnReminder
from returns.reminders import remind
from tests.conftest import NOW, TODAY
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.returns import JANUARY, make_tenant, submit
from tests.factories.seats import make_allocation
from tests.factories.tenants import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

DECEMBER, JANUARY_BEFORE = date(2023, 12, 1), date(2023, 1, 1)


def rows(page):
    return list(page.context["page"])


class TestDifferences:
    def said(self, park, row):
        [found] = [
            one
            for one in rows(park.get("returns:month-detail", "2024-01"))
            if one.enterprise == row.enterprise
        ]
        return [one.text for one in found.differences]

    @pytest.mark.parametrize(
        ("revenue", "words"),
        [
            (1_300_000, []),  # exactly 30 %
            (1_300_001, ["revenue +30.0% on last month"]),
            (699_999, ["revenue −30.0% on last month"]),
            (2_000_000, ["revenue +100.0% on last month"]),
        ],
    )
    def test_month_over_month_begin_beyond_thirty_percent(self, park, filed, revenue, words):
        row = filed(revenue, 100, before=(1_000_000, 100))
        self.seats(row, 100)

        assert self.said(park, row) == words

    def seats(self, row, count):
        floor = make_floor(seats=count, building=str(row.pk), zone="C")
        make_allocation(floor, (1, count), to=row.enterprise, start=date(2023, 1, 1))

    @pytest.mark.parametrize(
        ("headcount", "words"),
        [(150, []), (151, ["staff +51.0% on last year"]), (49, ["staff −51.0% on last year"])],
    )
    def test_year_over_year_begin_beyond_fifty(self, park, filed, headcount, words):
        row = filed(1_000_000, headcount, before=(1_000_000, headcount), year_before=(10**6, 100))
        self.seats(row, headcount)

        assert self.said(park, row) == words

    @pytest.mark.parametrize(
        ("headcount", "seats", "words"),
        [
            (120, 100, []),
            (121, 100, ["121 people on 100 contracted seats, 121.0%"]),
            (50, 100, []),
            (49, 100, ["49 people on 100 contracted seats, 49.0%"]),
            (5, 0, ["5 people and no contracted seat"]),
            (0, 0, []),
        ],
    )
    def test_against_the_seats_at_the_end_of_the_month(self, park, filed, headcount, seats, words):
        row = filed(1_000_000, headcount, before=(1_000_000, headcount))
        if seats:
            self.seats(row, seats)

        assert self.said(park, row) == words

    def test_seats_that_ended_before_the_last_day_do_not_count(self, park, filed):
        row = filed(1_000_000, 10, before=(1_000_000, 10))
        floor = make_floor(seats=10)
        make_allocation(
            floor, (1, 10), to=row.enterprise, start=date(2023, 1, 1), last=date(2024, 1, 30)
        )

        assert self.said(park, row) == ["10 people and no contracted seat"]

    def test_people_who_no_longer_add_up_once_the_month_before_was_corrected(
        self, park, filed, now
    ):
        row = filed(1_000_000, 101, before=(1_000_000, 100), opening=100, joined=10, left=9)
        self.seats(row, 101)
        assert self.said(park, row) == []

        earlier = MonthlyReturn.objects.get(enterprise=row.enterprise, month=DECEMBER)
        services.correct_return(return_id=earlier.pk, now=now, acting_user=park.user)
        services.save_draft(
            return_id=earlier.pk, figures={"headcount": 90}, now=now, acting_user=park.user
        )
        submit(earlier, reason="更正")

        assert self.said(park, row) == ["90 + 10 − 9 = 91 people, not 101"]

    def test_the_limits_stand_under_the_list(self, park, filed):
        filed(1_000_000, 100)

        text = text_of(park.get("returns:month-detail", "2024-01"))

        assert "on last month beyond ±30%" in text
        assert "on last year beyond ±50%" in text
        assert "below 50% or above 120%" in text


class TestOrder:
    @pytest.fixture
    def everybody(self, park, filed, now):
        """One of every kind, made in no order."""
        quiet = filed(1_000_000, 0, before=(1_000_000, 0), name="无事")
        services.accept_return(return_id=quiet.pk, now=now, acting_user=park.user)
        eye = filed(9_000_000, 0, before=(1_000_000, 0), name="翻番")
        review = filed(1_000_000, 0, before=(1_000_000, 0), name="待审")
        newer = filed(1_000_000, 0, name="新问")
        older = filed(1_000_000, 0, name="旧问")
        for row, days in ((newer, 0), (older, 3)):
            services.send_back_return(
                return_id=row.pk,
                question="含实习生吗？",
                now=now - timedelta(days=days),
                acting_user=park.user,
            )
        silent = make_tenant()
        return [silent, older, newer, eye, review, quiet]

    def test_is_by_what_is_worst(self, park, everybody):
        shown = [row.enterprise for row in rows(park.get("returns:month-detail", "2024-01"))]

        assert shown == [getattr(one, "enterprise", one) for one in everybody]

    @pytest.mark.parametrize("sort", ["name", "revenue", "staff", "change", "nonsense", ""])
    def test_can_be_chosen_and_loses_nobody(self, park, everybody, sort):
        page = park.get("returns:month-detail", "2024-01", sort=sort)

        assert {row.enterprise.pk for row in rows(page)} == {
            getattr(one, "enterprise", one).pk for one in everybody
        }
        if sort == "revenue":
            known = [row.revenue for row in rows(page) if row.revenue is not None]
            assert all(one >= other for one, other in pairwise(known))

    def test_words_and_group_stay_in_every_address(self, park, everybody):
        page = park.get("returns:month-detail", "2024-01", q="问", show="sent_back", sort="name")

        assert [row.enterprise.short_name for row in rows(page)] == ["旧问", "新问"] or [
            row.enterprise.short_name for row in rows(page)
        ] == ["新问", "旧问"]
        for chip in page.context["narrowed"].chips:
            assert "q=%E9%97%AE" in chip.url
            assert "sort=name" in chip.url
            assert f"show={chip.group.name}" in chip.url
        content = page.content.decode()
        assert "show=sent_back&amp;sort=name&amp;format=csv" in content
        assert 'name="show" value="sent_back"' in content

    def test_is_paged(self, park):
        for _ in range(55):
            make_tenant()

        page = park.get("returns:month-detail", "2024-01", page="2", show="missing")

        assert len(rows(page)) == 5
        assert page.context["page"].previous_url == "?page=1&show=missing"


class TestLateness:
    def test_is_said_of_what_was_filed_after_the_due_day_and_of_what_is_missing(
        self, park, filed, now
    ):
        filed(1, 0, name="准时", at=now.replace(day=8, hour=23))
        filed(1, 0, name="晚一", at=now.replace(day=9, hour=0))
        make_tenant()

        found = {
            row.enterprise.short_name: row.lateness
            for row in rows(park.get("returns:month-detail", "2024-01"))
        }

        assert found.pop("准时") == ""
        assert found.pop("晚一") == "filed 1 day late"
        assert list(found.values()) == ["14 days overdue"]  # on 22 February

    def test_what_was_corrected_later_was_in_time(self, park, filed, now):
        row = filed(1, 0, at=now.replace(day=5))
        services.correct_return(return_id=row.pk, now=now, acting_user=park.user)
        submit(row, reason="更正", now=now)

        assert rows(park.get("returns:month-detail", "2024-01"))[0].lateness == ""


class TestSteps:
    def test_say_the_days_and_who_closes(self, park, enterprise):
        text = text_of(park.get("returns:month-detail", "2024-01"))

        assert "Open from 02-01 Due 02-08 Review until 02-18 Closes 02-18" in text
        assert "closes by itself in the night after 2024-02-18" in text

    def test_say_who_closed(self, park, enterprise, operator, now, today):
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)

        assert "by 张敏." in text_of(park.get("returns:month-detail", "2024-01"))


class TestExport:
    @pytest.fixture
    def shown(self, park, filed):
        filed("21600000.01", 510, before=(1_000_000, 100), name="=翻番")
        make_tenant()
        return rows(park.get("returns:month-detail", "2024-01"))

    def heads_and_lines(self, answer, kind):
        if kind == "csv":
            lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
            lines = [list(line) for line in sheet.iter_rows(values_only=True)]
        return lines[0], lines[1:]

    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_holds_the_rows_of_the_page_in_their_order(self, park, shown, kind):
        answer = park.get("returns:month-export", "2024-01", format=kind)

        heads, lines = self.heads_and_lines(answer, kind)
        names = [str(line[0]).removeprefix("'") for line in lines]
        assert names == [row.enterprise.short_name for row in shown]
        last = dict(zip(heads, lines[-1], strict=True))
        assert float(last["Revenue (10,000 yuan)"]) == 2160.000001
        assert float(last["Revenue on last month (%)"]) == 2060.0
        assert "revenue +2,060.0% on last month (beyond ±30%)" in last["What catches the eye"]
        assert f'filename="returns-2024-01.{kind}"' in answer.headers["Content-Disposition"]

    def test_is_narrowed_as_the_page_and_has_all_its_pages(self, park, shown):
        for _ in range(55):
            make_tenant()

        answer = park.get("returns:month-export", "2024-01", format="csv", show="missing", page="2")

        _heads, lines = self.heads_and_lines(answer, "csv")
        assert len(lines) == 56

    def test_a_name_is_never_a_formula(self, park, shown):
        answer = park.get("returns:month-export", "2024-01", format="xlsx")

        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        kinds = {cell.value: cell.data_type for line in book.active.iter_rows() for cell in line}
        assert kinds["=翻番"] in {"s", "inlineStr"}


class TestReminding:
    def test_one_click_reminds_one_and_says_who_did_it(self, park):
        enterprise = make_tenant()
        person = make_member(enterprise)

        answer = park.post(
            "returns:month-remind", "2024-01", enterprise=enterprise.pk, query="show=missing"
        )

        assert answer.url == reverse("returns:month-detail", args=["2024-01"]) + "?show=missing"
        text = text_of(park.follow(answer.url))
        assert f"{enterprise.short_name} was reminded." in text
        assert "reminded 02-22 10:00 by 张敏" in text
        assert person.messages.count() == 1

    def test_a_second_click_the_same_day_is_refused(self, park):
        enterprise = make_tenant()
        person = make_member(enterprise)
        for _ in range(2):
            answer = park.post("returns:month-remind", "2024-01", enterprise=enterprise.pk)

        assert "It was reminded today." in text_of(park.follow(answer.url))
        assert person.messages.count() == ReturnReminder.objects.count() == 1

    def test_all_that_are_missing_are_shown_before(self, park, filed):
        filed(1, 0)
        reminded, silent, waiting = make_tenant(), make_tenant(), make_tenant()
        make_member(waiting)
        make_member(reminded)
        self.remind(park, reminded)

        text = text_of(park.get("returns:month-remind", "2024-01"))
        assert "January 2024: remind 2 enterprises that are missing" in text

        text = text_of(park.follow(park.post("returns:month-remind", "2024-01").url))
        assert f"{waiting.short_name} was reminded." in text
        assert f"Reminded today already, so not again: {reminded.short_name}." in text
        assert f"Nobody has an account, so call them: {silent.short_name}." in text

    @staticmethod
    def remind(park, enterprise):
        remind(
            month=JANUARY,
            enterprise_id=enterprise.pk,
            today=TODAY,
            now=NOW,
            acting_user=park.user,
        )

    def test_who_has_filed_cannot_be_reminded(self, park, filed):
        row = filed(1, 0)
        make_member(row.enterprise)

        answer = park.post("returns:month-remind", "2024-01", enterprise=row.enterprise.pk)

        assert "nobody was reminded" in text_of(park.follow(answer.url))
        assert not ReturnReminder.objects.exists()

    @pytest.mark.parametrize("named", ["0", "x", "99999999"])
    def test_an_enterprise_that_owes_nothing_is_not_there(self, park, named):
        make_tenant()

        assert park.post("returns:month-remind", "2024-01", enterprise=named).status_code == 404

    def test_a_closed_month_reminds_nobody(self, park, operator, now, today):
        enterprise = make_tenant()
        make_member(enterprise)
        close_month(month=JANUARY, now=now, today=today, acting_user=operator)

        answer = park.post("returns:month-remind", "2024-01")

        assert "January 2024 is closed." in text_of(park.follow(answer.url))
        assert not ReturnReminder.objects.exists()


class TestSendingBack:
    def test_by_a_rule_and_a_question_that_the_page_shows(self, park, firm, filed):
        row = filed(1, 0)
        person = make_member(row.enterprise, language="en")

        park.post("returns:return-send-back", row.pk, rules=["V4"], question="含实习生吗？")

        [message] = person.messages.all()
        assert "V4 Education, age and origin each add up to the staff at the end" in message.body
        assert "含实习生吗？" in message.body
        text = text_of(park.get("returns:month-detail", "2024-01"))
        assert "since 02-22: V4 Education" in text

    def test_a_wanted_figure_stays_typed_with_the_reason_beside_it(self, park, filed):
        row = filed(1, 0)

        page = park.post("returns:return-send-back", row.pk, question="收入改成 120 万元")

        assert "Statistics Law" in text_of(page)
        assert "收入改成 120 万元" in page.content.decode()
        assert MonthlyReturn.objects.get(pk=row.pk).state == "submitted"


class TestQueries:
    @pytest.mark.parametrize("name", ["detail", "export", "remind", "accept"])
    def test_are_the_same_for_two_and_for_thirty(self, park, filed, name):
        def count_with(count):
            for _ in range(count):
                row = filed(1_000_000, 3, before=(1_000_000, 3), year_before=(1, 1))
                make_member(row.enterprise)
                make_member(make_tenant())
            with CaptureQueriesContext(connection) as queries:
                park.get(f"returns:month-{name}", "2024-01")
            return len(queries)

        assert count_with(2) == count_with(28)


def test_months_of_the_list_say_their_moved_days(park, enterprise):
    months = park.get("returns:return-list").context["months"]

    assert {month.month: month.due for month in months}[JANUARY] == date(2024, 2, 8)
    assert add_months(JANUARY, 1) in {month.month for month in months}

"""Every issued report beside today: the cells that differ, with both values and what did it."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from park.services import close_month, reopen_month
from reports import services
from reports.models import MonthlyReport, ReportKind
from reports.services.building import build_report
from reports.today import Today
from returns.services import send_back_return
from tenants.models import BusinessClass
from tenants.services import add_business_line, remove_business_line
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.reports import file_return
from tests.factories.returns import make_tenant
from tests.factories.seats import make_allocation
from tests.reports.conftest import JANUARY

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen_clock", "quiet_queue"),
]


@pytest.fixture
def issue(small_park):
    def act(kind):
        draft = build_report(kind=kind, month=JANUARY, now=NOW, owner=small_park.operator)
        return services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)

    return act


def differing(report, user):
    return {
        (one.table_number, one.row, one.column.code): (one.then_text, one.now_text)
        for one in Today(report, user).differing
    }


KINDS = [kind for kind in ReportKind if kind not in {"text", "policies", "drives"}]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_differs_from_what_was_just_issued(issue, small_park, kind):
    today = Today(issue(kind), small_park.operator)

    assert today.differing == []
    assert today.causes == []


def test_it_counts_as_the_next_draft_does(issue, small_park):
    """The cells that differ are those that the next edition marks."""
    report = issue(ReportKind.OUTPUT)
    small_park.correct()
    draft = build_report(kind=ReportKind.OUTPUT, month=JANUARY, now=NOW, owner=small_park.operator)

    then = {t["code"]: {r["key"]: r["cells"] for r in t["rows"]} for t in report.content["tables"]}
    now = {t["code"]: {r["key"]: r["cells"] for r in t["rows"]} for t in draft.content["tables"]}
    changed = sum(
        before != after
        for code, rows in now.items()
        for key, cells in rows.items()
        for before, after in zip(then[code].get(key, [None] * len(cells)), cells, strict=True)
    )
    assert len(Today(report, small_park.operator).differing) == changed > 0


class TestACorrectedReturn:
    @pytest.fixture
    def today(self, issue, small_park):
        # a third one: of two nobody but the park reads the sum
        file_return(small_park.absent, JANUARY, "10000.00", 5, acting_user=small_park.operator)
        report = issue(ReportKind.OUTPUT)
        small_park.correct()
        return Today(report, small_park.operator)

    def test_shows_both_values_of_its_cells(self, today):
        cells = {
            (one.row, one.column.code): (one.then_text, one.now_text) for one in today.differing
        }

        assert cells["深圳平安综合金融服务有限公司内江分公司", "revenue"] == ("123.46", "200.00")
        assert cells["金融服务", "revenue"] == ("123.46", "200.00")

    def test_says_who_corrected_it_and_why(self, today):
        (cause,) = today.causes

        assert "平安金服" in cause.what
        assert cause.why == "漏报一笔合同"
        assert cause.person.startswith("李娜")

    def test_of_one_enterprise_is_no_cause_of_anothers_figure(self, today, small_park):
        correct_other = [one for one in today.differing if one.row.startswith("=上海凯长")]

        assert correct_other == []
        assert all(one.causes == (1,) for one in today.differing)

    def test_is_on_the_page(self, today, small_park):
        page = text_of(Desk(small_park.operator).get("reports:report-today", today.report.pk))

        assert "123.46" in page
        assert "200.00" in page
        assert "漏报一笔合同" in page

    def test_shows_officials_the_figures_and_not_who_or_why(self, today, official):
        page = text_of(Desk(official).get("reports:report-today", today.report.pk))

        assert "159.02 235.57" in page
        assert "123.46" not in page
        assert "漏报一笔合同" not in page
        assert "李娜" not in page


def test_a_return_that_is_filed_later_makes_a_row_of_its_own(issue, small_park):
    report = issue(ReportKind.OUTPUT)
    newcomer = make_tenant()
    file_return(newcomer, JANUARY, "50000.00", 5, acting_user=small_park.operator)

    cells = differing(report, small_park.operator)

    assert ("–", "5.00") in [
        said
        for (_table, row, column), said in cells.items()
        if row == newcomer.name and column == "revenue"
    ]


def test_a_return_that_is_sent_back_is_a_cause_with_its_question(issue, small_park):
    report = issue(ReportKind.FILING)
    row = small_park.ping_an.monthly_returns.get(month=JANUARY)
    send_back_return(
        return_id=row.pk, question="V6 环比过大", now=NOW, acting_user=small_park.operator
    )

    today = Today(report, small_park.operator)

    assert [cause.why for cause in today.causes] == ["V6 环比过大"]
    assert today.differing


def test_a_month_that_was_reopened_is_said(issue, small_park):
    close_month(month=JANUARY, now=NOW, today=TODAY, acting_user=small_park.operator)
    report = issue(ReportKind.OUTPUT)
    reopen_month(
        month=JANUARY,
        reason="补录",
        now=NOW + timedelta(hours=1),
        acting_user=small_park.operator,
    )

    causes = Today(report, small_park.operator).causes

    assert [cause.why for cause in causes] == ["补录"]


def test_seats_that_changed_are_the_cause_where_they_stand_and_nowhere_else(issue, small_park):
    report = issue(ReportKind.OCCUPANCY)
    make_allocation(
        small_park.c, (50, 60), start=JANUARY, to=small_park.absent, acting_user=small_park.operator
    )

    today = Today(report, small_park.operator)
    with translation.override("en"):
        cells = {(one.table_number, one.row, one.column.code): one for one in today.differing}

    firm = cells["Y1-1", "Zone C", "firm"]
    assert (firm.then, firm.now) == (20, 31)
    assert firm.causes == (1,)
    assert small_park.c.label in today.causes[0].what
    assert not [row for _table, row, _column in cells if row == "Zone A"]


class TestWhoIsHere:
    def cells(self, report, user):
        today = Today(report, user)
        with translation.override("en"):
            of_firms = [one for one in today.differing if one.table_number == "Y1-18"]
            return today.causes, {one.column.code: one for one in of_firms}

    def test_a_stay_that_was_noted_since_is_the_cause(self, issue, small_park):
        report = issue(ReportKind.OCCUPANCY)
        firm = make_tenant(date(2024, 1, 8))

        causes, cells = self.cells(report, small_park.operator)

        arrived = cells["arrived"]
        assert (arrived.now - (arrived.then or 0), arrived.causes) == (1, (1,))
        (cause,) = causes
        assert cause.what == f"Tenancy of {firm.short_name}: from 2024-01-08"
        assert cause.url == f"/tenants/{firm.pk}/"

    def test_so_is_a_line_of_business_and_taking_it_back(self, issue, small_park):
        report = issue(ReportKind.OCCUPANCY)
        who = {"acting_user": small_park.operator}
        line = add_business_line(
            enterprise=small_park.ping_an,
            business_class=BusinessClass.E_COMMERCE,
            started_on=date(2024, 1, 9),
            today=TODAY,
            **who,
        )
        causes, cells = self.cells(report, small_park.operator)
        assert (cells["new_lines"].now, cells["new_lines"].causes) == (1, (1,))
        assert causes[0].person == "张敏"

        remove_business_line(line_id=line.pk, **who)
        causes, cells = self.cells(report, small_park.operator)
        assert cells == {}
        assert ["taken back" in cause.what for cause in causes] == [True, False]

    def test_what_is_of_other_months_is_none(self, issue, small_park):
        report = issue(ReportKind.OCCUPANCY)
        make_tenant(date(2024, 2, 8))

        assert self.cells(report, small_park.operator) == ([], {})

    def test_officials_read_no_names_of_who_noted_it(self, issue, small_park, official):
        report = issue(ReportKind.OCCUPANCY)
        make_tenant(date(2024, 1, 8))

        (cause,) = Today(report, official).causes
        assert (cause.person, cause.url) == ("", "")


def test_the_page_of_a_kind_without_tables_is_not_there(issue, small_park):
    report = issue(ReportKind.POLICIES)

    answer = Desk(small_park.operator).get("reports:report-today", report.pk)

    assert answer.status_code == 404
    assert MonthlyReport.objects.get(pk=report.pk).is_issued

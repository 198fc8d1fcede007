"""Issued editions and the data: who corrects a month after issue need not remember the report."""

from datetime import date, timedelta

import pytest

from foundation.models import Message
from foundation.months import months_between
from park.services import close_month, reopen_month
from reports import services
from reports.models import MonthlyReport, ReportKind, ReportState
from reports.services.agreement import compare_issued
from reports.services.building import build_report
from reports.services.chain import verify_chain
from seats.services.allocations import release_seats
from tenants.models import BusinessClass
from tenants.services import set_main_business
from tests.conftest import NOW, TODAY
from tests.factories.reports import file_return, make_target
from tests.factories.seats import make_allocation
from tests.reports.conftest import DECEMBER, JANUARY

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(days=3)


@pytest.fixture
def issue(small_park):
    def make(kind=ReportKind.OCCUPANCY, month=JANUARY, reason=""):
        draft = build_report(kind=kind, month=month, now=NOW, owner=small_park.operator)
        return services.issue_report(
            report_id=draft.pk, now=NOW, acting_user=small_park.operator, reason=reason
        )

    return make


@pytest.fixture
def close(small_park):
    def run(month, now=NOW):
        close_month(month=month, now=now, today=TODAY, acting_user=small_park.operator)

    return run


def due():
    return set(MonthlyReport.objects.due_for_restatement().values_list("kind", "month"))


class TestOccupancy:
    def test_that_a_later_allocation_of_the_month_contradicts_is_to_be_restated(
        self, issue, small_park
    ):
        report = issue()
        make_allocation(small_park.c, (50, 60), start=JANUARY, to=small_park.absent)

        compare_issued(now=LATER, readers=[small_park.operator])
        compare_issued(now=LATER + timedelta(hours=1), readers=[small_park.operator])

        report.refresh_from_db()
        assert (report.outdated_at, report.state) == (LATER, ReportState.ISSUED)
        assert due() == {("occupancy", JANUARY)}
        assert verify_chain() == []
        (message,) = Message.objects.filter(recipient=small_park.operator)
        assert message.subject == "2024年1月入驻月报须修订"

    def test_is_not_disturbed_by_what_changes_other_days(self, issue, small_park):
        issue()
        make_allocation(small_park.c, (50, 60), start=TODAY, to=small_park.absent)
        firm = small_park.ping_an.allocations.filter(kind="firm").first()
        release_seats(
            allocation_id=firm.pk,
            start=TODAY,
            today=TODAY,
            now=NOW,
            acting_user=small_park.operator,
        )
        small_park.ping_an.name = "改名后的公司"
        small_park.ping_an.save(update_fields=["name"])

        compare_issued(now=LATER)

        assert due() == set()

    def test_agrees_again_once_the_change_is_undone(self, issue, small_park):
        issue()
        wrong = make_allocation(small_park.c, (50, 60), start=JANUARY, to=small_park.absent)
        compare_issued(now=LATER)
        assert due()

        release_seats(
            allocation_id=wrong.pk,
            start=JANUARY,
            today=TODAY,
            now=NOW,
            acting_user=small_park.operator,
        )
        compare_issued(now=LATER)

        assert due() == set()

    def test_the_next_edition_agrees(self, issue, small_park):
        issue()
        make_allocation(small_park.c, (50, 60), start=JANUARY, to=small_park.absent)
        compare_issued(now=LATER)

        issue(reason="补录席位")
        compare_issued(now=LATER)

        assert due() == set()

    def test_restated_in_an_open_month_is_compared_too(self, issue, close, small_park):
        close(JANUARY, now=NOW - timedelta(days=1))
        issue()
        reopen_month(
            month=JANUARY,
            reason="更正",
            now=NOW - timedelta(hours=1),
            acting_user=small_park.operator,
        )
        issue(reason="更正")
        make_allocation(small_park.c, (50, 60), start=JANUARY, to=small_park.absent)
        close(JANUARY, now=LATER)

        compare_issued(now=LATER)

        assert due() == {("occupancy", JANUARY)}


class TestOutput:
    def test_of_the_month_and_of_months_that_are_compared_with_it(self, issue, small_park):
        issue(ReportKind.OUTPUT, DECEMBER)
        issue(ReportKind.OUTPUT, JANUARY)
        make_allocation(small_park.c, (25, 28), start=DECEMBER, to=small_park.absent)
        file_return(small_park.absent, DECEMBER, "77.00", 3, acting_user=small_park.operator)

        compare_issued(now=LATER)

        assert due() == {("output", DECEMBER), ("output", JANUARY)}


class TestBusinessOfAClosedMonth:
    def test_is_what_it_was_when_the_month_was_closed(self, issue, close, small_park):
        december = issue(ReportKind.OUTPUT, DECEMBER)
        for month in months_between(date(2022, 12, 1), DECEMBER):
            close(month)
        set_main_business(
            enterprise=small_park.ping_an,
            business_class=BusinessClass.DATA_PROCESSING,
            acting_user=small_park.operator,
        )

        january = issue(ReportKind.OUTPUT, JANUARY)
        compare_issued(now=LATER)

        assert revenue(december, "financial_services", "revenue") == "1200000.50"
        assert revenue(january, "financial_services", "revenue.previous") == "1200000.50"
        assert revenue(january, "financial_services", "revenue") is None
        assert revenue(january, "data_processing", "revenue") == "1234567.89"
        assert due() == set()

    def test_of_an_open_month_is_what_it_is_now(self, issue, small_park):
        issue(ReportKind.OUTPUT, DECEMBER)
        set_main_business(
            enterprise=small_park.ping_an,
            business_class=BusinessClass.DATA_PROCESSING,
            acting_user=small_park.operator,
        )

        compare_issued(now=LATER)

        assert due() == {("output", DECEMBER)}


def revenue(report, business, column):
    """A figure of the table of classes; None where the class has no row."""
    table = next(t for t in report.content["tables"] if t["code"] == "class_revenue")
    place = [one["code"] for one in table["columns"]].index(column)
    rows = {row["key"]: row["cells"][place] for row in table["rows"]}
    return rows.get(f"class.{business}")


class TestTargets:
    def test_what_a_month_before_adds_to_them_is_to_be_restated_when_it_is_corrected(
        self, issue, close, small_park
    ):
        make_target(indicator="revenue", unit="yuan", value=10**9, span="year")
        file_return(small_park.absent, JANUARY, "5.00", 5, acting_user=small_park.operator)
        for month in months_between(date(2022, 5, 1), JANUARY):
            close(month)
        issue(ReportKind.TARGETS)
        compare_issued(now=LATER)
        assert due() == set()

        reopen_month(month=DECEMBER, reason="补录", now=NOW, acting_user=small_park.operator)
        small_park.correct(month=DECEMBER)
        compare_issued(now=LATER)

        assert due() == {("targets", JANUARY)}

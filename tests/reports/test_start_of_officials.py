"""What officials start from: the last month that something is issued for, and all of it at once."""

import pytest

from reports import services
from reports.models import ReportKind
from reports.services.building import build_report
from reports.services.month_files import put_together
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.returns import make_return, make_tenant, submit
from tests.reports.conftest import JANUARY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen_clock")]

AGES = {"age_18_26": 58, "age_27_35": 39, "age_36_up": 3}


@pytest.fixture
def office(official):
    return Desk(official)


def issue(small_park, *kinds):
    for kind in kinds:
        draft = build_report(kind=kind, month=JANUARY, now=NOW, owner=small_park.operator)
        services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)


def test_says_how_much_of_the_month_is_issued_first_form_first(office, small_park):
    issue(small_park, ReportKind.DRIVES, ReportKind.OUTPUT, ReportKind.OCCUPANCY)

    page = office.get("portal:start")

    assert page.context["title"] == "January 2024: 3 ÷ 12 issued"
    assert [row.kind for row in page.context["published"].rows] == [
        *("occupancy", "output", "drives")
    ]
    assert "Download January 2024 Occupancy report" in text_of(page)


def test_offers_the_whole_month_once_it_is_put_together(office, small_park):
    issue(small_park, ReportKind.OCCUPANCY)
    put_together(month=JANUARY, with_drafts=False, now=NOW, owner=small_park.operator)

    assert "Download all of January 2024" in text_of(office.get("portal:start"))


def test_says_who_works_here_as_issued(office, small_park):
    for _ in range(3):
        submit(
            make_return(enterprise=make_tenant(), month=JANUARY, revenue=1, headcount=100, **AGES)
        )
    issue(small_park, ReportKind.OUTPUT, ReportKind.WORKFORCE)

    text = text_of(office.get("portal:start"))

    assert "Age of the staff 58.0% 18–26 ÷ 300 people" in text

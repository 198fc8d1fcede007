"""The page of thresholds: who is how far from it, in words and as a file."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from accounts.permissions import Role
from foundation.months import add_months
from tenants.models import Enterprise
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.reports import file_return
from tests.factories.returns import make_tenant
from tests.factories.tenants import make_member

LIST, EXPORT, RETURNS = (
    "reports:threshold-list",
    "reports:threshold-export",
    "returns:return-list",
)
JANUARY = date(2024, 1, 1)  # the last month that is over on the day of the tests

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def firm(name: str, code: str, monthly: int, months: int = 12) -> Enterprise:
    found = make_tenant(date(2022, 1, 1))
    Enterprise.objects.filter(pk=found.pk).update(
        name=name, short_name=name, pinyin=name, industry_code=code
    )
    found.refresh_from_db()
    for back in range(months):
        file_return(found, add_months(JANUARY, -back), monthly, 10)
    return found


@pytest.fixture
def firms() -> dict[str, Enterprise]:
    return {
        one.name: one
        for one in (
            firm("Above", "6591", 2_000_000),  # 24 of 20 million
            firm("=Near", "6591", 1_500_000),  # 18 of 20
            firm("Nearer", "7299", 830_000),  # 9.96 of 10
            firm("Far", "8010", 100_000, months=3),  # 0.3 of 5
            firm("Bank", "6940", 9_000_000, months=2),
            firm("Nobody", "", 100_000, months=1),
        )
    }


def names(page) -> list[str]:
    return [row.enterprise.name for row in page.context["page"]]


class TestList:
    def test_has_the_nearest_first_and_the_unknown_apart(self, park, firms):
        page = park.get(LIST)

        assert names(page) == ["Nearer", "=Near", "Far", "Above", "Bank"]
        assert "2 near the threshold of their industry, 1 above it" in text_of(page)
        assert [one.enterprise.name for one in page.context["shown"].unknown] == ["Nobody"]
        edit = f"/tenants/{firms['Nobody'].pk}/edit/#id_industry_code"
        assert edit in page.content.decode()

    def test_says_how_far_and_what_is_missing(self, park, firms):
        text = text_of(park.get(LIST))

        assert "200.00 to go" in text  # 2,000 − 1,800 in 万元
        assert "400.00 over" in text
        assert "3 of 12 months filed missing: February 2023" in text

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"show": "near"}, ["Nearer", "=Near"]),
            ({"show": "above"}, ["Above"]),
            ({"show": "far"}, ["Far"]),
            ({"show": "without"}, ["Bank"]),
            ({"show": "nonsense"}, ["Nearer", "=Near", "Far", "Above", "Bank"]),
            ({"q": "near"}, ["Nearer", "=Near"]),
            ({"sort": "name"}, ["=Near", "Above", "Bank", "Far", "Nearer"]),
            ({"sort": "revenue"}, ["Above", "=Near", "Bank", "Nearer", "Far"]),
            ({"sort": "nonsense"}, ["Nearer", "=Near", "Far", "Above", "Bank"]),
        ],
    )
    def test_is_narrowed_and_sorted(self, park, firms, query, expected):
        assert names(park.get(LIST, **query)) == expected

    @pytest.mark.parametrize("month", ["2024-02", "2030-01", "x", ""])
    def test_takes_the_last_month_that_is_over_for_one_that_is_not(self, park, firms, month):
        assert park.get(LIST, month=month).context["shown"].month == JANUARY

    def test_of_an_earlier_month_has_other_twelve(self, park, firms):
        shown = park.get(LIST, month="2023-12", sort="name").context["shown"]

        revenues = {one.enterprise.name: one.revenue for one in shown.rows}
        assert revenues["Above"] == 11 * 2_000_000  # January 2023 was filed by nobody
        assert revenues["Far"] == 2 * 100_000

    def test_takes_as_many_queries_for_many_as_for_few(self, park, firms):
        park.get(LIST)
        with CaptureQueriesContext(connection) as few:
            park.get(LIST)
        for number in range(5):
            firm(f"More {number}", "6591", 1_000_000, months=2)
        with CaptureQueriesContext(connection) as many:
            park.get(LIST)

        assert len(many) == len(few)


class TestFile:
    def test_holds_the_rows_that_are_shown_as_numbers_and_texts(self, park, firms):
        answer = park.get(EXPORT, show="near", format="xlsx")
        data = io.BytesIO(answer.content)

        (sheet,) = openpyxl.load_workbook(data).worksheets
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6, max_row=7)]
        assert [row[0] for row in rows] == ["Nearer", "=Near"]
        assert rows[1][4:7] == [2000, 1800, 12]
        assert rows[1][8:10] == [-200, 90]
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        data.seek(0)
        other = CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()
        assert [row[0] for row in other[5:7]] == ["Nearer", "=Near"]

    def test_says_of_when_it_is_whence_the_thresholds_come_and_who_is_not_in_it(self, park, firms):
        answer = park.get(EXPORT, month="2024-01", format="xlsx")

        (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
        said = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
        assert "(not a government statistical survey)" in said
        assert "twelve months from February 2023 to January 2024" in said
        assert "Near is from 80% of the threshold on." in said
        assert "Who is in the survey is decided by the statistics office." in said
        assert "as their industry is not known: Nobody" in said
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.print_title_rows == "$5:$5"

    def test_as_csv_keeps_formulas_away(self, park, firms):
        answer = park.get(EXPORT, show="near", format="csv")

        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [row[0] for row in rows[1:]] == ["Nearer", "'=Near"]


class TestWho:
    def test_an_enterprise_reads_its_own_distance_in_one_line(self, firms):
        text = text_of(Desk(make_member(firms["=Near"])).get(RETURNS))

        assert "1,800.00" in text
        assert "200.00 to go." in text
        assert "Nearer" not in text

    @pytest.mark.parametrize("name", ["Bank", "Nobody"])
    def test_reads_nothing_where_it_has_no_threshold(self, firms, name):
        assert "threshold" not in text_of(Desk(make_member(firms[name])).get(RETURNS))

    @pytest.mark.parametrize("role", [Role.OFFICIAL, Role.PROMOTION_OFFICER])
    def test_is_for_the_people_of_the_park_who_read_returns(self, role):
        desk = Desk(UserFactory(roles=[role]))

        assert desk.get(LIST).status_code == 403
        assert desk.get(EXPORT).status_code == 403

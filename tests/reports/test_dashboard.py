"""The dashboard and the page of an indicator: what each person sees, where each figure leads."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from park.services import close_month
from reports import services
from reports.dashboard import Dashboard
from reports.files.drawing import svg_of
from reports.models import ReportKind
from reports.services.building import build_report
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.park import ParkFactory, make_floor
from tests.factories.reports import file_return, set_main_business
from tests.factories.returns import make_return, submit
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.reports.conftest import DECEMBER, JANUARY

BOARD, INDICATOR, ROWS = (
    f"reports:{page}" for page in ("dashboard", "indicator-detail", "indicator-rows")
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen_clock"),
]


@pytest.fixture
def park(small_park):
    return Desk(small_park.operator)


@pytest.fixture
def office(official):
    return Desk(official)


def issue(small_park, kind):
    draft = build_report(kind=kind, month=JANUARY, now=NOW, owner=small_park.operator)
    return services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)


def panels_of(board):
    return [*board.occupancy, *board.output, *board.people, board.filing]


class TestWhoSeesWhat:
    def test_the_park_sees_provisional_figures_that_say_so(self, park):
        text = text_of(park.get(BOARD))

        assert "January 2024 at a glance" in text
        assert "Contracted seats 70 seats ÷ 150 available = 46.7% Provisional, month open" in text
        assert "Issued, edition" not in text

    def test_a_closed_month_that_is_not_issued_is_provisional_too(self, park, small_park):
        close_month(month=JANUARY, now=NOW, today=TODAY, acting_user=small_park.operator)

        assert "Provisional, not issued" in text_of(park.get(BOARD))

    def test_officials_see_nothing_before_it_is_issued(self, office, small_park):
        text = text_of(office.get(BOARD))

        assert "Nothing has been issued yet." in text
        assert "70" not in text

    def test_officials_see_what_is_issued_and_nothing_else(self, office, small_park):
        report = issue(small_park, ReportKind.OCCUPANCY)
        make_allocation(small_park.a, (51, 60), start=JANUARY, acting_user=small_park.operator)

        page = office.get(BOARD)
        text = text_of(page)

        assert "Contracted seats 70 seats" in text
        assert "Issued, edition 1" in text
        assert "Provisional" not in text
        assert "Firms in the park 3 firms" in text
        assert "Revenue by month Nothing of it is issued for this month." in text
        assert "10,000 yuan" not in text
        assert f"/reports/{report.pk}/?cell=places:zone.A:firm" in page.content.decode()

    def test_an_official_has_no_page_of_rows_of_today(self, office, small_park):
        issue(small_park, ReportKind.OCCUPANCY)

        assert office.get(INDICATOR, "firm", month="2024-01").status_code == 403
        assert "/reports/indicators/firm/" not in office.get(BOARD).content.decode()

    def test_a_park_without_a_month_says_when_it_begins(self, person):
        assert "begins with the first month" in text_of(Desk(person("operator_manager")).get(BOARD))


class TestChoosing:
    def test_a_month_and_a_zone_stand_in_the_address(self, park):
        page = park.get(BOARD, month="2023-12", zone="A")
        text = text_of(page)

        assert "December 2023 at a glance" in text
        assert "Contracted seats 50 seats" in text
        assert "Seats by building" in text
        assert "Building A-1" in text
        assert "Building C-1" not in text

    @pytest.mark.parametrize("asked", [{"month": "2099-01"}, {"month": "x", "zone": "Q"}, {}])
    def test_what_is_not_there_is_the_last_month_of_all_zones(self, park, asked):
        board = park.get(BOARD, **asked).context["board"]

        assert (board.month, board.zone) == (JANUARY, "")


class TestFigures:
    def test_every_bar_and_point_leads_to_a_page_that_says_the_same(self, park, small_park):
        issue(small_park, ReportKind.OCCUPANCY)
        board = park.get(BOARD).context["board"]
        checked = 0
        for panel in panels_of(board):
            if panel.chart is None or panel.id == "filing":
                continue
            for _label, cells in panel.chart.lines:
                for cell in cells:
                    if cell.url:
                        page = park.follow(cell.url).context["page"]
                        figure = page.drill.figure if hasattr(page, "drill") else page.figure
                        scale = 10_000 if "revenue" in cell.url else 1
                        assert abs(float(cell.value) - float(figure) / scale) <= 0.5
                        checked += 1
        assert checked > 20

    def test_without_javascript_every_drawing_is_a_table(self, park):
        page = park.get(BOARD).content.decode()

        assert page.count('<details class="x-twin" open>') == len(
            [panel for panel in panels_of(park.get(BOARD).context["board"]) if panel.chart]
        )
        assert re.search(r'<td class="n"><a class="x-fig" href="[^"]+">50</a></td>', page)

    def test_what_is_drawn_in_the_browser_is_drawn_in_files(self, small_park):
        board = Dashboard(small_park.operator, JANUARY, "")
        for panel in panels_of(board):
            if panel.chart is not None:
                svg = svg_of(panel.chart, width=640)
                assert svg.startswith("<svg")
                assert svg.count("<path") > 1

    def test_people_are_drawn_by_what_they_filed(self, park, small_park):
        submit(
            make_return(
                enterprise=small_park.absent,
                month=JANUARY,
                revenue=1,
                headcount=100,
                age_18_26=58,
                age_27_35=39,
                age_36_up=3,
            )
        )

        board = park.get(BOARD).context["board"]
        _education, age, _origin = board.people

        assert [row[1:] for row in age.chart.rows] == [
            [58, "58.00%"],
            [39, "39.00%"],
            [3, "3.00%"],
        ]

    def test_bars_that_officials_see_add_up_to_the_figure_at_the_head(self, official, operator):
        ParkFactory()
        floor = make_floor(seats=200, acting_user=operator)
        classes = ["e_commerce"] * 4 + ["data_processing"] * 4 + ["travel_consulting"] * 2
        for number, business in enumerate([*classes, "data_centre"]):  # three firms are hidden
            firm = EnterpriseFactory()
            set_main_business(firm, business)
            run = (1 + 10 * number, 10 + 10 * number)
            make_allocation(floor, run, to=firm, start=JANUARY, acting_user=operator)
            file_return(firm, JANUARY, 10_000 * (number + 1), 10)
        draft = build_report(kind=ReportKind.OUTPUT, month=JANUARY, now=NOW, owner=operator)
        services.issue_report(report_id=draft.pk, now=NOW, acting_user=operator)
        office = Desk(official)

        board = office.get(BOARD).context["board"]
        revenue, returns = board.output[0].chart, board.filing.chart

        assert [row[1] for row in revenue.rows] == [5 + 6 + 7 + 8, 1 + 2 + 3 + 4, 9 + 10 + 11]
        assert revenue.rows[-1][0] == returns.rows[-1][0] == "Other (not public)"
        assert sorted(row[1:] for row in returns.rows) == [[3, 0], [4, 0], [4, 0]]
        (_label, (last,)) = revenue.lines[-1]
        assert office.follow(last.url).context["page"].drill.figure == 300_000

    def test_a_line_of_months_begins_with_the_first_that_is_known(self, office, small_park):
        issue(small_park, ReportKind.OCCUPANCY)

        line = office.get(BOARD).context["board"].occupancy[1]

        assert [row[0] for row in line.chart.rows] == ["2024-01"]
        assert line.caption.startswith("January 2024 to January 2024")

    def test_returns_are_those_filed_and_those_missing(self, park):
        panel = park.get(BOARD).context["board"].filing
        named = {row[0]: row[1:] for row in panel.chart.rows}

        assert named["Financial services"] == [1, 0]
        assert named["Customer service"] == [0, 1]

    def test_costs_the_same_however_much_there_is(self, park, small_park):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert park.get(BOARD).status_code == 200
            return len(captured)

        queries()
        before = queries()
        for n in range(5):
            firm = EnterpriseFactory()
            set_main_business(firm, "e_commerce")
            run = (51 + 5 * n, 55 + 5 * n)
            make_allocation(small_park.a, run, to=firm, start=DECEMBER)
            file_return(firm, JANUARY, 100, 10)
        assert queries() == before


class TestAnIndicator:
    def test_shows_figure_definition_divisor_and_rows(self, park):
        text = text_of(park.get(INDICATOR, "contracted_rate", month="2024-01", key="zone.C"))

        assert "January 2024, Zone C: Contracted rate of seats" in text
        assert "40.0% ÷ 50 seats (Available seats)" in text
        assert "The rows make this figure." in text
        assert "诚伯信息 C-1-1F-001 — 020" in text
        assert "Definition, version 1: Contracted seats ÷ available seats" in text
        assert "Divided by Available seats: Seats that exist, without those closed" in text

    def test_the_sum_of_the_rows_is_the_figure(self, park):
        answer = park.get(ROWS, "firm", month="2024-01", key="zone.A")

        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        *parts, total = [int(line[5]) for line in lines[1:]]
        assert (parts, total) == ([30, 20], 50)

    def test_is_broken_down_and_each_part_leads_on(self, park):
        page = park.get(INDICATOR, "revenue", month="2024-01", by="enterprise").context["page"]

        assert sum(park.follow(one.url).context["page"].figure or 0 for one in page.breakdown) == (
            page.figure
        )

    def test_adds_up_twelve_months_where_they_can_be_added(self, park):
        year = park.get(INDICATOR, "revenue", month="2024-01", span="year").context["page"]
        seats = park.get(INDICATOR, "firm", month="2024-01", span="year").context["page"]

        assert str(year.figure) == "2780247.29"  # of December and January; January 2023 is past
        assert seats.figure == 70

    def test_of_the_year_to_date_begins_in_january(self, park):
        page = park.get(INDICATOR, "revenue_to_date", month="2023-12").context["page"]

        assert str(page.figure) == "2200000.50"

    def test_says_what_was_issued_of_it(self, park, small_park):
        issue(small_park, ReportKind.OCCUPANCY)
        make_allocation(small_park.a, (51, 60), start=JANUARY, acting_user=small_park.operator)

        text = text_of(park.get(INDICATOR, "firm", month="2024-01", key="zone.A"))

        assert "60 seats" in text
        assert "Issued as 50, edition 1" in text

    @pytest.mark.parametrize(
        ("code", "asked"),
        [
            ("nothing", {}),
            ("firm", {"month": "2024-02"}),
            ("firm", {"month": "2099-01"}),
            ("firm", {"key": "zone.Q"}),
            ("firm", {"key": "nonsense.A"}),
            ("firm", {"by": "nonsense"}),
            ("revenue", {"key": "zone.A"}),
            ("revenue", {"by": "building"}),
            ("firm", {"key": "enterprise.x"}),
        ],
    )
    def test_that_there_is_not_is_not_there(self, park, code, asked):
        asked = {"month": "2024-01", **asked}

        assert park.get(INDICATOR, code, **asked).status_code == 404
        assert park.get(ROWS, code, **asked).status_code == 404

    def test_every_indicator_has_its_page(self, park):
        page = park.get("reports:indicator-list").content.decode()

        for url in set(re.findall(r'href="(/reports/indicators/[a-z0-9_]+/)"', page)):
            answer = park.follow(f"{url}?month=2024-01")
            assert answer.status_code == 200, url
            assert answer.context["page"].adds_up, url


def test_a_day_of_a_month_is_no_month(park):
    assert park.get(BOARD, month=date(2023, 12, 5).isoformat()).context["board"].month == JANUARY

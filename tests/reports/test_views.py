"""The pages: what operators and officials see of reports, figure by figure."""

import csv
import io
import re
from datetime import date, timedelta
from hashlib import sha256
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from foundation.models import Job
from park.services import close_month, reopen_month
from reports import services
from reports.models import MonthlyReport, ReportKind
from reports.services.building import build_report
from seats.models import Allocation
from tests.conftest import NOW, TODAY
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.seats import make_allocation
from tests.reports.conftest import JANUARY

LIST, DETAIL, BUILD, ISSUE = (
    f"reports:{page}" for page in ("report-list", "report-detail", "report-build", "report-issue")
)

pytestmark = pytest.mark.usefixtures("quiet_queue")


@pytest.fixture
def park(small_park):
    return Desk(small_park.operator)


@pytest.fixture
def office(official):
    return Desk(official)


@pytest.fixture
def draft(small_park):
    return build_report(
        kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=small_park.operator
    )


@pytest.fixture
def issued(draft, small_park):
    return services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)


@pytest.mark.django_db
class TestMakingOne:
    @pytest.fixture(autouse=True)
    def on_a_day(self, monkeypatch):
        monkeypatch.setattr("foundation.clock.today", lambda: TODAY)

    def test_leads_to_its_progress(self, park):
        answer = park.post(BUILD, kind="output", month="2023-12")

        job = Job.objects.get()
        assert (answer.status_code, answer.url) == (303, f"/progress/{job.pk}/")
        assert (job.key, job.owner) == ("output/2023-12", park.user)
        assert "A report for December 2023 is being made." in text_of(park.get(LIST))

    @pytest.mark.parametrize(
        ("month", "words"), [("2024-02", "February 2024"), ("2099-01", "January 2099")]
    )
    def test_refuses_a_month_to_come_beside_the_field(self, park, month, words):
        page = park.post(BUILD, kind="output", month=month)

        assert page.status_code == 200
        assert f"{words} is not over yet." in text_of(page)
        assert not Job.objects.exists()

    def test_refuses_what_is_no_month(self, park):
        assert "Type a month as 2024-01." in text_of(park.post(BUILD, kind="output", month="x"))

    def test_is_not_for_officials(self, office):
        assert office.post(BUILD, kind="output", month="2023-12").status_code == 403
        assert "Make a report" not in text_of(office.get(LIST))

    def test_the_list_says_what_would_be_there(self, park):
        assert "Reports stand here once they are made." in text_of(park.get(LIST))


@pytest.mark.django_db(transaction=True)
class TestWhoSeesWhat:
    def test_a_draft_is_the_parks(self, park, office, draft):
        assert "1 draft waits to be issued" in text_of(park.get(LIST))
        assert park.get(DETAIL, draft.pk).status_code == 200

        assert "Occupancy report January" not in text_of(office.get(LIST))
        for page in (DETAIL, "reports:report-rows"):
            assert office.get(page, draft.pk, cell="places:total:firm").status_code == 404
        assert office.get("reports:report-file", draft.pk, "pdf").status_code == 404

    def test_what_is_issued_is_for_officials_of_the_place(self, office, issued):
        elsewhere = Desk(UserFactory(roles=[Role.OFFICIAL], area_code="440000"))

        assert office.get(DETAIL, issued.pk).status_code == 200
        assert "Issued up to January 2024" in text_of(office.get(LIST))
        assert elsewhere.get(DETAIL, issued.pk).status_code == 404
        assert elsewhere.get("reports:report-file", issued.pk, "pdf").status_code == 404

    @pytest.mark.parametrize(
        ("area", "sees"),
        [
            ("511011", True),  # 东兴区
            ("511000", True),  # 内江市
            ("510000", True),  # 四川省
            ("511002", False),  # 市中区
            ("511010", False),  # a district whose code only begins alike
            ("", False),
        ],
    )
    def test_an_official_sees_the_parks_of_their_area(self, issued, area, sees):
        official = UserFactory(roles=[Role.OFFICIAL], area_code=area)

        assert MonthlyReport.objects.visible_to(official).exists() is sees

    def test_an_enterprise_has_no_business_here(self, issued):
        firm = Desk(UserFactory(roles=[Role.ENTERPRISE_MANAGER]))

        for page, *rest in ((LIST,), (DETAIL, issued.pk), ("reports:indicator-list",)):
            assert firm.get(page, *rest).status_code == 403

    def test_files_come_as_they_were_sealed(self, office, issued):
        for file in issued.files.all():
            answer = office.get("reports:report-file", issued.pk, file.format)
            assert sha256(answer.content).hexdigest() == file.sha256
            name = unquote(answer.headers["Content-Disposition"].rpartition("''")[2])
            assert name == f"2024-01-入驻月报-第1版.{file.format}"

    def test_files_stand_in_one_order_everywhere(self, office, issued):
        for page, *rest in ((LIST,), (DETAIL, issued.pk)):
            links = re.findall(r"/files/(\w+)/", office.get(page, *rest).content.decode())
            assert list(dict.fromkeys(links)) == ["xlsx", "pdf", "csv"]

    def test_the_list_costs_the_same_however_long_it_is(self, park, issued, small_park):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert park.get(LIST).status_code == 200
            return len(captured)

        queries()
        before = queries()
        for month in (date(2023, 12, 1), date(2023, 11, 1)):
            build_report(kind=ReportKind.OUTPUT, month=month, now=NOW, owner=small_park.operator)

        assert queries() <= before <= 10


@pytest.mark.django_db(transaction=True)
class TestReading:
    def test_prints_the_table_as_it_is_printed(self, office, issued):
        text = text_of(office.get(DETAIL, issued.pk))

        assert "Management report of the park (not a government statistical survey)" in text
        assert "Edition 1, issued 2024-02-22 10:00 by 张敏" in text
        assert "Form: Y1" in text
        assert "Zone A 100 0 100 50" in text
        assert f"Fingerprint {issued.sha256[:4]}" in text

    def test_shows_each_of_its_tables(self, office, issued):
        for table in issued.content["tables"]:
            page = office.get(DETAIL, issued.pk, table=table["code"])
            assert f"{table['number']} " in text_of(page)
            assert page.context["page"].table.code == table["code"]

    def test_a_figure_opens_its_rows_that_add_up(self, office, issued):
        page = office.get(DETAIL, issued.pk, cell="places:zone.A:firm")
        text = text_of(page)

        assert "Zone A Contracted seats" in text
        assert "平安金服 A-1-1F-001 — 030" in text
        assert "Total of 2 rows 50" in text
        assert "Adds up to the figure in the table." in text
        assert "Frozen when it was issued." in text

    def test_every_figure_is_such_a_link(self, office, issued):
        page = office.get(DETAIL, issued.pk)
        cells = [cell for line in page.context["page"].lines for cell in line.cells]

        assert all(bool(cell.url) == (cell.text != "–") for cell in cells)
        for cell in cells[:30]:
            if cell.url:
                opened = office.follow(f"/reports/{issued.pk}/{cell.url}").context["page"].drill
                assert opened.text == cell.text

    @pytest.mark.parametrize("cell", ["places:zone.X:firm", "nonsense", "a:b:c", "::"])
    def test_a_figure_that_there_is_not_opens_nothing(self, office, issued, cell):
        assert office.get(DETAIL, issued.pk, cell=cell).context["page"].drill is None
        assert office.get("reports:report-rows", issued.pk, cell=cell).status_code == 404

    def test_the_rows_can_be_taken_along(self, office, issued):
        answer = office.get("reports:report-rows", issued.pk, cell="places:zone.A:firm")

        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert [line[2:6:3] for line in lines[1:]] == [
            ["平安金服", "30"],
            ["上海凯长", "20"],
            ["Total", "50"],
        ]
        assert [line[-1] for line in lines] == ["Sample", "", "", ""]
        name = unquote(answer.headers["Content-Disposition"].rpartition("''")[2])
        assert name.endswith("-Zone A-Contracted seats.csv")

    def test_what_is_invented_is_taken_along_as_such(self, office, small_park, draft):
        Allocation.objects.filter(enterprise=small_park.kai_chang).update(sample_fields=["blocks"])
        draft = build_report(
            kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=small_park.operator
        )
        issued = services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)
        office.user.language = "zh-hans"
        office.user.save(update_fields=["language"])

        answer = office.get("reports:report-rows", issued.pk, cell="places:zone.A:firm")

        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [(line[2], line[-1]) for line in lines[1:]] == [
            ("平安金服", ""),
            ("上海凯长", "样本"),
            ("合计", ""),
        ]
        assert lines[0][-1] == "样本"

    def test_has_a_chart_with_its_table(self, office, issued):
        page = office.get(DETAIL, issued.pk)

        assert 'data-chart="report-chart-option"' in page.content.decode()
        assert "See it as a table" in text_of(page)

    def test_names_who_has_not_filed(self, park, small_park):
        report = build_report(
            kind=ReportKind.OUTPUT, month=JANUARY, now=NOW, owner=small_park.operator
        )

        text = text_of(park.get(DETAIL, report.pk))

        assert "2 ÷ 3 returns filed" in text
        assert "Returns that are missing 1 enterprise" in text
        assert "诚伯信息有限公司 Not begun" in text


@pytest.mark.django_db(transaction=True)
class TestIssuing:
    def test_shows_what_it_does_then_does_it(self, park, office, draft):
        assert "Issue edition 1" in text_of(park.get(DETAIL, draft.pk))
        asked = park.get(ISSUE, draft.pk)
        assert "officials read and download it" in text_of(asked)

        answer = park.post(ISSUE, draft.pk, version=asked.context["form"]["version"].value())

        assert (answer.status_code, answer.url) == (303, f"/reports/{draft.pk}/")
        assert MonthlyReport.objects.get().issued_by == park.user
        assert office.get(DETAIL, draft.pk).status_code == 200
        assert park.get(ISSUE, draft.pk).status_code == 404

    def test_is_for_the_manager(self, draft):
        staff = Desk(UserFactory(roles=[Role.OPERATOR_STAFF]))

        assert staff.get(ISSUE, draft.pk).status_code == 403
        assert staff.post(ISSUE, draft.pk).status_code == 403
        assert "Issue edition" not in text_of(staff.get(DETAIL, draft.pk))

    def test_refuses_a_draft_that_is_out_of_date_where_one_looks(self, park, draft, small_park):
        make_allocation(small_park.c, (50, 60), start=date(2024, 1, 1), to=small_park.absent)

        page = park.post(ISSUE, draft.pk)

        assert page.status_code == 409
        assert "The data have changed since this draft was made." in text_of(page)
        assert not MonthlyReport.objects.get().is_issued

    def test_refuses_a_version_that_was_not_seen(self, park, draft):
        assert park.post(ISSUE, draft.pk, version=7).status_code == 412

    def test_a_restatement_marks_what_it_changed(self, park, office, issued, small_park):
        who = {"acting_user": small_park.operator}
        close_month(month=JANUARY, now=NOW - timedelta(days=1), today=TODAY, **who)
        reopen_month(month=JANUARY, reason="交接单", now=NOW + timedelta(hours=1), **who)
        assert "to be restated" in text_of(office.get(LIST))
        assert "Make the draft of the next edition" in text_of(park.get(DETAIL, issued.pk))
        make_allocation(small_park.c, (50, 60), start=date(2024, 1, 1), to=small_park.absent)
        second = build_report(
            kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=small_park.operator
        )

        without = park.post(ISSUE, second.pk, version=second.version)
        assert "reason" in without.context["form"].errors
        park.post(ISSUE, second.pk, version=second.version, reason="交接单日期录错")

        page = office.get(DETAIL, second.pk, cell="places:zone.C:firm")
        text = text_of(page)
        assert "restated and issued" in text
        assert "Edition before: 20 → this edition: 31 交接单日期录错" in text
        assert "places:zone.A:firm" not in page.context["page"].restated
        former = text_of(office.get(DETAIL, issued.pk))
        assert "A newer edition has replaced this one." in former
        assert "Edition 2, issued by 张敏. 交接单日期录错" in former
        assert "20" in former


@pytest.mark.django_db
def test_the_indicators_say_what_is_counted(office):
    text = text_of(office.get("reports:indicator-list"))

    assert "Contracted seats ÷ available seats, at the end of the last day." in text
    assert "revenue_per_head" in text

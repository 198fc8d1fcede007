"""The text of the month: drafted from cells, edited without losing them, issued after them."""

import re

import pytest

from reports import services
from reports.linking import linked, loose_numbers, numbers_in
from reports.models import MonthlyReport, ReportKind, ReportState
from reports.services.agreement import compare_issued
from reports.services.telling import TablesNotIssued
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.factories.reports import file_return
from tests.reports.conftest import JANUARY
from web.refusals import Invalid, Stale

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen_clock", "quiet_queue"),
]


@pytest.fixture
def issue(small_park):
    def act(report, **more):
        return services.issue_report(
            report_id=report.pk, now=NOW, acting_user=small_park.operator, **more
        )

    return act


@pytest.fixture
def write(small_park):
    def act(report, **paragraphs):
        return services.write_text(
            report_id=report.pk, paragraphs=paragraphs, now=NOW, acting_user=small_park.operator
        )

    return act


@pytest.fixture
def text(draft):
    """Of the tables Y1 and Y2, which are drafts themselves."""
    draft(ReportKind.OCCUPANCY)
    draft(ReportKind.OUTPUT)
    return draft(ReportKind.TEXT)


def paragraph(report, code):
    return next(one for one in report.content["paragraphs"] if one["code"] == code)


class TestDrafting:
    def test_says_what_the_tables_say(self, text):
        """160 seats, 10 closed, 70 contracted (50 the month before): 46.7 % of 150."""
        said = paragraph(text, "seats")["text"]

        assert said.startswith("截至2024年1月31日，园区现有席位160席，可用150席，已签约70席")
        assert "席位签约率46.7%" in said
        assert "已签约席位环比增长40.0%" in said

    def test_says_in_and_out(self, text):
        said = paragraph(text, "flows")["text"]

        assert "期初2家，新增1家，退出0家，期末3家" in said
        assert "期初50席，新增20席，退出0席，期末70席" in said

    def test_leaves_out_what_has_no_base(self, text):
        """Nobody filed for the year before but one, and nobody any seats in use."""
        for one in text.content["paragraphs"]:
            assert "–" not in one["text"]
            assert "None" not in one["text"]

    def test_says_that_it_is_provisional_while_returns_are_missing(self, text, draft, small_park):
        said = paragraph(text, "output")["text"]
        assert said.startswith("本月应报企业3家，已报2家，以下产值数为初步数。")

        file_return(small_park.absent, JANUARY, "5.00", 5, acting_user=small_park.operator)
        draft(ReportKind.OUTPUT)

        said = paragraph(draft(ReportKind.TEXT), "output")["text"]
        assert said.startswith("本月应报企业3家，已报3家，全部报齐。")

    def test_cites_a_cell_for_every_number(self, text):
        for one in text.content["paragraphs"]:
            assert loose_numbers(one) == []
            assert all(cell is not None for _number, cell in linked(one["text"], one["cited"]))

    def test_every_number_is_that_of_its_cell(self, text):
        contents = {
            report.kind: report.content for report in MonthlyReport.objects.exclude(kind="text")
        }
        for one in text.content["paragraphs"]:
            for cell in one["cited"]:
                code, row_key, column_code = cell["cell"].split(":", 2)
                table = next(t for t in contents[cell["kind"]]["tables"] if t["code"] == code)
                row = next(row for row in table["rows"] if row["key"] == row_key)
                at = [column["code"] for column in table["columns"]].index(column_code)
                assert str(row["cells"][at]) == cell["value"]

    def test_is_printed_in_every_file(self, text):
        said = re.sub(r"\s", "", paragraph(text, "seats")["text"])
        csv = text.files.get(format="csv").file.read().decode("utf-8-sig")

        assert said in re.sub(r'[\s"]', "", csv)
        assert "文中数字出处" in csv

    def test_without_any_tables_is_empty_and_says_so(self, draft, small_park):
        report = draft(ReportKind.TEXT)

        assert report.content["paragraphs"] == []
        page = Desk(small_park.operator).get("reports:report-detail", report.pk)
        assert "There are no tables of this month to tell of yet." in text_of(page)


class TestNumbers:
    @pytest.mark.parametrize(
        ("said", "numbers"),
        [
            ("截至2024年1月31日，已签约5,582席", ["5,582"]),
            ("增长12.3%，其中C-1-3F 20席", ["12.3%", "20"]),
            ("表Y1-2与第 2 版", []),
            ("30天内到期18席", ["18"]),
            ("产值1,234.56万元（2024-01-31 10:00）", ["1,234.56"]),
        ],
    )
    def test_are_found_but_for_days_codes_and_terms(self, said, numbers):
        assert [number.group() for number in numbers_in(said)] == numbers


class TestWriting:
    def test_keeps_the_cells_of_the_numbers_that_stay(self, text, write):
        report = write(text, seats="截至月末已签约70席，签约率46.7%，势头良好。")

        one = paragraph(report, "seats")
        assert one["is_edited"]
        pairs = linked(one["text"], one["cited"])
        assert [cell["cell"] for _number, cell in pairs] == [
            "places:total:firm",
            "places:total:contracted_rate",
        ]

    def test_shows_the_numbers_that_are_no_longer_those_of_a_cell(self, text, write, small_park):
        report = write(text, seats="已签约71席，其中重点企业12家。")

        assert loose_numbers(paragraph(report, "seats")) == ["71", "12"]
        page = text_of(Desk(small_park.operator).get("reports:text-edit", report.pk))
        assert "2 numbers agree with no figure of the tables." in page
        assert "71 · 12" in page

    def test_is_in_the_files_at_once(self, text, write):
        report = write(text, seats="已签约70席，稳中有进。")

        assert "稳中有进" in report.files.get(format="csv").file.read().decode()

    def test_outlasts_a_new_draft_and_its_numbers_are_brought_up_to_date(
        self, third, text, write, draft, small_park
    ):
        write(text, output="营业收入159.02万元，再创新高。")
        small_park.correct("2000000.00")
        draft(ReportKind.OUTPUT)

        one = paragraph(draft(ReportKind.TEXT), "output")

        assert one["text"] == "营业收入235.57万元，再创新高。"
        assert (one["is_edited"], one["is_stale"]) == (True, True)
        assert loose_numbers(one) == []

    def test_of_somebody_else_meanwhile_is_not_lost(self, text, write, small_park):
        with pytest.raises(Stale):
            services.write_text(
                report_id=text.pk,
                paragraphs={"seats": "旧"},
                now=NOW,
                acting_user=small_park.operator,
                expected_version=text.version + 1,
            )

    @pytest.mark.parametrize("typed", [{"nothing": "x"}, {"seats": "字" * 3001}])
    def test_refuses_what_makes_no_sense(self, text, write, typed):
        with pytest.raises(Invalid):
            write(text, **typed)

    def test_by_the_page_keeps_what_was_typed(self, text, small_park):
        park = Desk(small_park.operator)

        answer = park.post(
            "reports:text-edit",
            text.pk,
            version=text.version,
            seats="已签约70席。",
            flows="",
            output="",
        )

        assert answer.status_code == 303
        text.refresh_from_db()
        assert paragraph(text, "seats")["text"] == "已签约70席。"
        assert paragraph(text, "flows")["text"] == ""


@pytest.fixture
def third(small_park):
    """A third return: of two nobody but the park reads the sum."""
    file_return(small_park.absent, JANUARY, "10000.00", 5, acting_user=small_park.operator)


class TestIssuing:
    def test_comes_after_the_tables_that_it_cites(self, text, issue):
        with pytest.raises(TablesNotIssued) as refused:
            issue(text)

        assert refused.value.code == "tables_not_issued"
        assert MonthlyReport.objects.get(pk=text.pk).state == ReportState.DRAFT

    def test_is_sealed_like_a_table(self, text, issue):
        for kind in (ReportKind.OCCUPANCY, ReportKind.OUTPUT):
            issue(MonthlyReport.objects.get(kind=kind))

        report = issue(text)

        assert report.previous_sha256 is not None
        assert services.verify_chain() == []

    def test_is_refused_where_a_table_was_issued_with_another_figure(
        self, third, text, issue, draft, small_park
    ):
        issue(MonthlyReport.objects.get(kind=ReportKind.OCCUPANCY))
        small_park.correct("2000000.00")
        issue(draft(ReportKind.OUTPUT))

        with pytest.raises(TablesNotIssued):
            issue(text)

        assert issue(draft(ReportKind.TEXT)).is_issued

    def test_is_to_be_restated_once_a_table_is(self, third, text, issue, draft, small_park):
        for kind in (ReportKind.OCCUPANCY, ReportKind.OUTPUT):
            issue(MonthlyReport.objects.get(kind=kind))
        report = issue(text)
        small_park.correct("2000000.00")
        issue(draft(ReportKind.OUTPUT), reason="更正营业收入")

        compare_issued(now=NOW)

        report.refresh_from_db()
        assert report.outdated_at == NOW
        second = issue(draft(ReportKind.TEXT), reason="随产值月报修订")
        assert "235.57" in paragraph(second, "output")["text"]

    def test_is_read_in_english_with_a_note_and_every_number_leads_to_its_cell(
        self, text, issue, official
    ):
        for kind in (ReportKind.OCCUPANCY, ReportKind.OUTPUT):
            issue(MonthlyReport.objects.get(kind=kind))
        report = issue(text)
        office = Desk(official)

        page = office.get("reports:report-detail", report.pk)

        assert "The text is written in Chinese." in text_of(page)
        links = re.findall(r'href="(/reports/\d+/\?cell=[^"]+)"', page.content.decode())
        assert len(links) > 10
        assert office.follow(links[0].replace("&amp;", "&")).status_code == 200

"""A month as a whole: made, issued together, put into one workbook and one PDF that stay."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from foundation.models import Job, StoredFile
from reports import services
from reports.kinds import KINDS
from reports.models import MonthFile, MonthlyReport, ReportKind, ReportState
from reports.services.month_files import MonthBreak, put_together
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.reports.conftest import FIRST_COLUMN, FIRST_ROW, JANUARY, figures_of
from tests.reports.test_issuing import below_the_triggers
from tests.together import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen_clock", "quiet_queue"),
]

MONTH = "2024-01"
NAMES = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@pytest.fixture
def issue(small_park, draft):
    def act(kind=ReportKind.OCCUPANCY, **more):
        return services.issue_report(
            report_id=draft(kind).pk, now=NOW, acting_user=small_park.operator, **more
        )

    return act


@pytest.fixture
def bundle(small_park):
    def act(with_drafts=False, now=NOW):
        return put_together(
            month=JANUARY, with_drafts=with_drafts, now=now, owner=small_park.operator
        )

    return act


def bytes_of(file: MonthFile) -> bytes:
    with file.file.open() as stored:
        return stored.read()


class TestTheFiles:
    def test_of_an_issued_month_stay_the_same_bytes(self, issue, bundle):
        issue()
        first = {file.format: bytes_of(file) for file in bundle()}

        again = {file.format: bytes_of(file) for file in bundle(now=NOW + timedelta(days=9))}

        assert again == first
        assert MonthFile.objects.count() == 2

    def test_made_anew_from_the_same_editions_are_the_same_bytes(self, issue, bundle):
        issue()
        issue(ReportKind.FILING)
        first = {file.format: file.sha256 for file in bundle()}
        with below_the_triggers():
            MonthFile.objects.all().delete()
            StoredFile.objects.filter(name__startswith="reports/months/").delete()

        assert {file.format: file.sha256 for file in bundle()} == first

    def test_say_which_editions_are_in_them(self, issue, bundle):
        issue()
        report = issue(ReportKind.REQUESTS)
        (xlsx, _pdf) = bundle()

        assert [one["kind"] for one in xlsx.editions] == ["occupancy", "requests"]
        assert xlsx.editions[1]["sha256"] == report.sha256

    def test_come_anew_with_the_next_edition_and_the_former_stay(self, issue, bundle):
        issue()
        first = bundle()
        issue(ReportKind.REQUESTS)

        second = bundle()

        assert {file.pk for file in first}.isdisjoint(file.pk for file in second)
        assert MonthFile.objects.count() == 4
        assert services.verify_month_files() == []

    def test_with_drafts_are_put_in_the_place_of_the_former(self, draft, bundle):
        draft()
        bundle(with_drafts=True)
        draft()

        files = bundle(with_drafts=True)

        assert {file.pk for file in files} == set(MonthFile.objects.values_list("pk", flat=True))
        assert StoredFile.objects.filter(name__startswith="reports/months/").count() == 2

    def test_are_not_changed_nor_deleted(self, issue, bundle):
        issue()
        (file, _pdf) = bundle()

        for act in (
            lambda: MonthFile.objects.update(sha256="0" * 64),
            MonthFile.objects.filter(pk=file.pk).delete,
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()

    def test_that_were_touched_are_named(self, issue, bundle):
        issue()
        (_xlsx, pdf) = bundle()
        with below_the_triggers():
            StoredFile.objects.filter(name=pdf.file.name).update(data=b"%PDF-forged")

        assert services.verify_month_files() == [MonthBreak(pdf, "pdf")]
        with pytest.raises(CommandError, match=r"2024-01 pdf: pdf \(reports/months/"):
            call_command("verify_reports")

    def test_with_a_hash_made_to_fit_are_named_all_the_same(self, issue, bundle):
        issue()
        (xlsx, _pdf) = bundle()
        with below_the_triggers():
            StoredFile.objects.filter(name=xlsx.file.name).update(data=b"forged")
            MonthFile.objects.filter(pk=xlsx.pk).update(sha256=sha256(b"forged").hexdigest())

        assert services.verify_month_files() == [
            MonthBreak(MonthFile.objects.get(pk=xlsx.pk), "seal")
        ]

    def test_put_together_by_two_at_once_are_kept_once(self, issue, bundle):
        issue()

        together(bundle, bundle)

        assert MonthFile.objects.count() == 2
        assert services.verify_month_files() == []

    def test_issued_meanwhile_are_in_it(self, issue, bundle, monkeypatch):
        """Somebody issues another report while the files are being written."""
        issue()
        from_now_on = [lambda: issue(ReportKind.REQUESTS)]
        made = services.month_files._made

        def meanwhile(editions, progress):
            files = made(editions, progress)
            if from_now_on:
                from_now_on.pop()()
            return files

        monkeypatch.setattr(services.month_files, "_made", meanwhile)

        (xlsx, _pdf) = bundle()

        assert [one["kind"] for one in xlsx.editions] == ["occupancy", "requests"]

    def test_are_asked_for_when_a_report_is_issued(self, issue):
        issue()
        issue(ReportKind.REQUESTS)

        job = Job.objects.get(kind="reports.bundle")
        assert job.arguments == {"month": MONTH, "drafts": False}

    def test_of_nothing_are_none(self, small_park, bundle):
        assert bundle() == []


def parts_of(data: bytes) -> Iterator[tuple[str, bytes]]:
    book = zipfile.ZipFile(io.BytesIO(data))
    assert book.testzip() is None
    yield from ((name, book.read(name)) for name in book.namelist())


class TestTheWorkbook:
    @pytest.fixture
    def data(self, draft, bundle):
        for kind in KINDS:
            draft(kind)
        return bytes_of(bundle(with_drafts=True)[0])

    def test_says_every_figure_of_every_table_as_two_programs_read_it(self, data, make_document):
        one = openpyxl.load_workbook(io.BytesIO(data))
        other = CalamineWorkbook.from_filelike(io.BytesIO(data))

        assert one.sheetnames == other.sheet_names
        for kind in KINDS:
            for table, down, across, column, cell in figures_of(make_document(kind)):
                sheet = one[table.sheet_name]
                rows = other.get_sheet_by_name(table.sheet_name).to_python(skip_empty_area=False)
                place = sheet.cell(FIRST_ROW + 1 + down, FIRST_COLUMN + 1 + across)
                also = rows[FIRST_ROW + down][FIRST_COLUMN + across]
                if cell is None:
                    assert (place.value, also) == ("–", "–")
                    continue
                wanted = float(column.number(cell)) / (100 if column.unit == "percent" else 1)
                assert place.data_type == "n"
                assert place.value == pytest.approx(wanted, abs=1e-9)
                assert also == pytest.approx(wanted, abs=1e-9)

    def test_has_names_that_excel_takes_each_once(self, data):
        names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames

        assert names[0] == "目录"
        assert len({name.casefold() for name in names}) == len(names)
        assert all(1 <= len(name) <= 31 for name in names)
        assert not [name for name in names if re.search(r"[\[\]:*?/\\]|^'|'$", name)]

    def test_leads_from_its_contents_to_every_report(self, data):
        book = openpyxl.load_workbook(io.BytesIO(data))
        links = [cell.hyperlink.location for row in book["目录"] for cell in row if cell.hyperlink]

        assert len(links) == len(KINDS)
        for link in links:
            sheet, _mark, cell = link.strip("'").rpartition("'!")
            assert sheet in book.sheetnames
            assert cell == "A1"

    def test_is_a_package_whose_parts_are_there_and_well_formed(self, data):
        parts = dict(parts_of(data))
        trees = {
            name: ElementTree.fromstring(part)  # noqa: S314 — our own file
            for name, part in parts.items()
            if name.endswith((".xml", ".rels"))
        }
        types = trees["[Content_Types].xml"]
        said = {one.get("PartName", "").lstrip("/") for one in types} - {""}
        endings = {one.get("Extension") for one in types} - {None}

        assert said <= parts.keys()
        for name in parts.keys() - {"[Content_Types].xml"}:
            assert name in said or name.rpartition(".")[2] in endings, name
        for name, tree in trees.items():
            if name.endswith(".rels"):
                folder = posixpath.dirname(posixpath.dirname(name))
                numbers = [one.get("Id") for one in tree.iter(NAMES)]
                assert len(set(numbers)) == len(numbers), name
                for one in tree.iter(NAMES):
                    if one.get("TargetMode") != "External":
                        target = one.get("Target")
                        place = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
                        assert (target.lstrip("/") if target.startswith("/") else place) in parts

    def test_has_no_formula_though_a_name_looks_like_one(self, data):
        texts = set()
        for name, part in parts_of(data):
            if name.startswith(("xl/worksheets/sheet", "xl/sharedStrings")):
                tree = ElementTree.fromstring(part)  # noqa: S314 — our own file
                assert not [one for one in tree.iter() if one.tag.endswith("}f")], name
                texts |= {one.text for one in tree.iter() if one.tag.endswith("}t")}
        assert "=上海凯长信息科技有限公司" in texts

    def test_is_printed_across_with_heads_on_each_page(self, data):
        for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
            assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
            assert sheet.print_title_rows
            assert sheet.page_setup.fitToHeight == 0


class TestThePdf:
    @pytest.fixture
    def pdf(self, draft, bundle):
        for kind in (ReportKind.OCCUPANCY, ReportKind.OUTPUT, ReportKind.POLICIES):
            draft(kind)
        return pypdf.PdfReader(io.BytesIO(bytes_of(bundle(with_drafts=True)[1])))

    def test_begins_with_its_contents_and_counts_its_pages_through(self, pdf):
        first = pdf.pages[0].extract_text()

        for kind in (ReportKind.OCCUPANCY, ReportKind.OUTPUT, ReportKind.POLICIES):
            assert str(KINDS[kind].number) in first
        for number, page in enumerate(pdf.pages, start=1):
            assert f"{number} / {len(pdf.pages)}" in page.extract_text()

    def test_has_a_bookmark_for_each_report_and_each_table(self, pdf):
        def titles(outline):
            for one in outline:
                if isinstance(one, list):
                    yield from titles(one)
                else:
                    yield one.title

        found = list(titles(pdf.outline))
        for kind in (ReportKind.OCCUPANCY, ReportKind.OUTPUT):
            for table in KINDS[kind].tables:
                assert any(title.startswith(f"{table.number}　") for title in found)

    def test_says_which_drafts_are_in_it(self, pdf):
        assert "含草稿，仅供内部审阅" in re.sub(r"\s", "", pdf.pages[0].extract_text())


class TestTheMonthsPage:
    @pytest.fixture
    def park(self, small_park):
        return Desk(small_park.operator)

    def test_says_of_each_kind_where_it_is(self, park, issue, draft):
        issue()
        draft(ReportKind.OUTPUT)

        text = text_of(park.get("reports:month-detail", MONTH))

        assert f"1 ÷ {len(KINDS)} issued" in text
        assert "2 ÷ 3 returns filed" in text
        assert f"Make {len(KINDS) - 2} missing drafts" in text

    def test_has_all_that_is_missing_made_in_the_order_of_the_forms(self, park, issue):
        issue()

        park.post("reports:month-drafts", MONTH)

        asked = Job.objects.filter(kind="reports.build").order_by("pk")
        assert [job.arguments["kind"] for job in asked] == list(KINDS)[1:]

    def test_asks_before_it_issues_and_says_what_and_how_many_returns(self, park, draft):
        draft()

        text = text_of(park.get("reports:month-issue", MONTH))

        assert "issue 1 draft?" in text
        assert "edition 1: 2 ÷ 3 returns filed" in text
        assert MonthlyReport.objects.get().state == ReportState.DRAFT

    def test_issues_each_as_a_link_of_the_chain_with_the_names_below(self, park, draft):
        made = [draft(kind) for kind in (ReportKind.OCCUPANCY, ReportKind.REQUESTS)]

        park.post(
            "reports:month-issue",
            MONTH,
            drafts=[f"{one.pk}.{one.version}" for one in made],
            head="赵强",
            statistician="王倩",
            filled_in_by="李涛",
            telephone="0832-2260000",
        )

        first, second = MonthlyReport.objects.order_by("pk")
        assert {first.state, second.state} == {ReportState.ISSUED}
        assert second.previous_sha256 == first.sha256
        assert services.verify_chain() == []
        text = first.files.get(format="csv").file.read().decode("utf-8-sig")
        assert '"单位负责人","赵强"' in text
        assert '"联系电话","0832-2260000"' in text

    def test_says_which_are_issued_where_one_cannot_be(self, park, draft, small_park):
        made = [draft(kind) for kind in (ReportKind.OCCUPANCY, ReportKind.TEXT)]
        MonthlyReport.objects.filter(pk=made[0].pk).update(version=99)

        answer = park.post(
            "reports:month-issue", MONTH, drafts=[f"{one.pk}.{one.version}" for one in made]
        )

        assert answer.status_code == 200  # what was ticked is no longer there: choose again
        assert not MonthlyReport.objects.issued().exists()

    def test_issues_the_others_where_one_is_refused(self, park, draft, monkeypatch):
        made = [draft(kind) for kind in (ReportKind.OCCUPANCY, ReportKind.REQUESTS)]
        real = services.issue_report

        def refusing(*, report_id, **more):
            if report_id == made[0].pk:
                raise services.ReportOutdated("The data have changed.")
            return real(report_id=report_id, **more)

        monkeypatch.setattr(services, "issue_report", refusing)

        answer = park.post(
            "reports:month-issue", MONTH, drafts=[f"{one.pk}.{one.version}" for one in made]
        )

        text = text_of(answer)
        assert answer.status_code == 409
        assert "1 report is issued; the ones below are not." in text
        assert "The data have changed." in text
        assert MonthlyReport.objects.issued().get().kind == ReportKind.REQUESTS

    def test_takes_as_many_queries_for_one_report_as_for_many(self, park, draft, issue):
        draft()
        park.get("reports:month-detail", MONTH)
        with CaptureQueriesContext(
            connection,
        ) as of_one:
            park.get("reports:month-detail", MONTH)
        issue(ReportKind.REQUESTS)
        draft(ReportKind.PROJECTS)

        with CaptureQueriesContext(connection) as of_more:
            park.get("reports:month-detail", MONTH)

        assert len(of_more) <= len(of_one) + 1

    def test_shows_officials_what_is_issued_alone(self, official, issue, draft, bundle):
        issue()
        draft(ReportKind.PROJECTS)
        bundle()
        bundle(with_drafts=True)
        office = Desk(official)

        text = text_of(office.get("reports:month-detail", MONTH))

        assert "Occupancy of the park" in text
        assert "Projects" not in text
        assert office.get("reports:month-file", MONTH, "issued", "pdf").status_code == 200
        assert office.get("reports:month-file", MONTH, "drafts", "pdf").status_code == 404

    def test_of_a_month_that_is_not_over_is_not_there(self, park, small_park):
        assert park.get("reports:month-detail", "2024-02").status_code == 404
        assert park.client.get("/reports/months/2024-13/").status_code == 404

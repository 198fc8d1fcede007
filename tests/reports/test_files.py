"""The files, read back by other programs: XLSX by two, PDF by its text and fonts, CSV."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from foundation.csv_files import encoded
from reports.charts import chart_of
from reports.files import printed
from reports.files.drawing import svg_of
from reports.files.plain import csv_of
from reports.files.printed import TypesettingError, pdf_of
from reports.files.workbook import xlsx_of
from reports.models import ReportKind
from tests.reports.conftest import FIRST_COLUMN, FIRST_ROW, figures_of

pytestmark = pytest.mark.django_db


class TestWorkbook:
    @pytest.fixture(params=list(ReportKind))
    def document(self, request, make_document):
        return make_document(request.param)

    def test_holds_numbers_that_two_programs_read_alike(self, document):
        data = xlsx_of(document)
        one = openpyxl.load_workbook(io.BytesIO(data))
        other = CalamineWorkbook.from_filelike(io.BytesIO(data))

        assert one.sheetnames == other.sheet_names
        for table, down, across, column, cell in figures_of(document):
            sheet = one[table.sheet_name]
            place = sheet.cell(FIRST_ROW + 1 + down, FIRST_COLUMN + 1 + across)
            also = other.get_sheet_by_name(table.sheet_name).to_python(skip_empty_area=False)
            if cell is None:
                assert place.value == "–"
                continue
            wanted = float(column.number(cell)) / (100 if column.unit == "percent" else 1)
            assert place.data_type == "n"
            assert place.value == pytest.approx(wanted, abs=1e-9)
            assert also[FIRST_ROW + down][FIRST_COLUMN + across] == pytest.approx(wanted, abs=1e-9)

    def test_names_its_sheets_in_chinese_and_ends_with_the_definitions(self, document):
        book = openpyxl.load_workbook(io.BytesIO(xlsx_of(document)))

        firsts = [
            *(table.sheet_name for table in document.tables),
            *(listed.title for listed in document.lists),
            document.title,
        ]
        assert book.sheetnames[0] == firsts[0]
        if not document.definitions:
            assert "口径说明" not in book.sheetnames
            return
        assert book.sheetnames[-1] == "口径说明"
        words = {cell.value for row in book["口径说明"].iter_rows() for cell in row}
        assert {one.definition for one in document.definitions} <= words

    def test_says_who_made_what_for_when_in_which_units(self, document):
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(document))).worksheets[0]
        head = " ".join(str(sheet.cell(row, 1).value) for row in range(1, 5))

        assert "园区管理报表（非政府统计调查表）" in head
        assert bool(re.search(r"表号：Y\d", head)) == bool(document.number)
        assert "制表单位：测试运营公司" in head
        assert "报告期：2024年1月" in head
        assert ("计量单位：" in head) == bool(document.tables)
        assert "第 2 版，2024-02-22 10:00 修订签发，签发人 张敏" in head

    def test_is_set_up_for_print_and_for_reading(self, document):
        book = openpyxl.load_workbook(io.BytesIO(xlsx_of(document)))

        for sheet in book.worksheets:
            assert sheet.page_setup.paperSize == 9
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.print_title_rows
        for sheet in book.worksheets[: len(document.tables)]:
            assert sheet.freeze_panes == "B7"

    def test_has_a_chart_that_stays_one(self, document):
        parts = zipfile.ZipFile(io.BytesIO(xlsx_of(document))).namelist()

        charts = [name for name in parts if name.startswith("xl/charts/chart")]
        assert charts == ([] if document.chart is None else ["xl/charts/chart1.xml"])

    @pytest.mark.parametrize(
        ("kind", "row", "format"),
        [
            (ReportKind.OCCUPANCY, ("A 区", 50, 0, 0, 50), "#,##0"),
            (ReportKind.OUTPUT, ("金融服务", 123.46), "#,##0.00"),
        ],
    )
    def test_says_what_the_chart_draws_as_exactly_as_the_tables(
        self, make_document, kind, row, format
    ):
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(make_document(kind))))["图表"]
        label, *numbers = sheet[6][: len(row)]

        assert (label.value, *(number.value for number in numbers)) == row
        assert {number.number_format for number in numbers} == {format}

    def test_keeps_in_the_chart_what_previews_draw(self, make_document):
        book = zipfile.ZipFile(io.BytesIO(xlsx_of(make_document(ReportKind.OUTPUT))))
        tree = ElementTree.fromstring(book.read("xl/charts/chart1.xml"))  # noqa: S314 — our own
        names = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}

        labels = [point.text for point in tree.findall(".//c:cat/c:strRef//c:v", names)]
        values = [point.text for point in tree.findall(".//c:val/c:numRef//c:v", names)]
        assert labels == ["金融服务", "未分类"]
        assert values == ["123.46", "34.57"]

    def test_holds_rates_as_they_are_printed(self, make_document):
        sheet = openpyxl.load_workbook(
            io.BytesIO(xlsx_of(replaced(make_document(), Decimal("97.9"))))
        ).worksheets[0]

        assert str(sheet.cell(7, 11).value) == "0.979"

    def test_is_well_formed_and_has_no_formula(self, document):
        book = zipfile.ZipFile(io.BytesIO(xlsx_of(document)))

        for name in book.namelist():
            if name.endswith((".xml", ".rels")):
                tree = ElementTree.fromstring(book.read(name))  # noqa: S314 — our own file
                if name.startswith("xl/worksheets/sheet"):
                    assert not [part for part in tree.iter() if part.tag.endswith("}f")], name

    def test_units_stand_in_the_heads(self, make_document):
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(make_document()))).worksheets[0]
        heads = [str(cell.value) for row in sheet["A5:N6"] for cell in row if cell.value]

        assert "席位（席）" in heads
        assert "面积（m²）" in heads
        assert "签约率 %\n÷ 可用" in heads

    def test_the_same_report_gives_the_same_bytes(self, document):
        assert xlsx_of(document) == xlsx_of(document)

    def test_a_draft_says_so(self, make_document):
        draft = make_document(issued=False)
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(draft))).worksheets[0]

        assert sheet.oddHeader.right.text == "草稿"
        assert "第 2 版，草稿，未签发" in sheet["A3"].value
        assert draft.file_name == "2024-01-入驻月报-第2版-草稿"

    def test_a_sample_says_so(self, make_document):
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(make_document(sample=True)))).worksheets[
            0
        ]

        assert "含样本数值" in sheet["A3"].value


def replaced(document, rate):
    """`document` with another contracted rate in the first row of its first table."""
    table = document.tables[0]
    place = table.place("contracted_rate")
    cells = list(table.rows[0].cells)
    cells[place] = rate
    row = replace(table.rows[0], cells=tuple(cells))
    table = replace(table, rows=(row, *table.rows[1:]))
    return replace(document, tables=(table, *document.tables[1:]))


class TestPdf:
    @pytest.fixture(params=[ReportKind.OCCUPANCY, ReportKind.OUTPUT, ReportKind.MARKETS])
    def document(self, request, make_document):
        return make_document(request.param)

    @pytest.fixture
    def pdf(self, document):
        return pypdf.PdfReader(io.BytesIO(pdf_of(document)))

    def test_prints_every_figure_and_every_sign(self, document, pdf):
        text = "".join(page.extract_text() for page in pdf.pages)
        squeezed = re.sub(r"\s", "", text)

        for _table, _down, _across, column, cell in figures_of(document):
            assert column.text(cell) in text
        words = [
            document.form,
            document.park,
            document.title,
            document.edition,
            *document.notes,
            *(value for _what, value in document.facts),
            *(row.label for table in document.tables for row in table.rows),
            *(one.definition for one in document.definitions),
        ]
        for word in words:
            assert re.sub(r"\s", "", word) in squeezed, word

    def test_has_its_fonts_in_it(self, pdf):
        fonts = {
            font["/BaseFont"]: "/FontFile2" in descendant["/FontDescriptor"]
            or "/FontFile3" in descendant["/FontDescriptor"]
            for page in pdf.pages
            for font in (ref.get_object() for ref in page["/Resources"]["/Font"].values())
            for descendant in (ref.get_object() for ref in font["/DescendantFonts"])
        }

        assert fonts
        assert all("NotoSansSC" in name for name in fonts), fonts
        assert all(fonts.values())

    def test_is_a4_across(self, pdf):
        sizes = {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pdf.pages}

        assert sizes == {(842, 595)}

    def test_numbers_its_pages_and_says_its_edition_on_each(self, document, pdf):
        for number, page in enumerate(pdf.pages, start=1):
            text = page.extract_text()
            assert f"{number} / {len(pdf.pages)}" in text
            assert "第 2 版" in text

    def test_is_refused_where_a_font_is_missing(self, make_document, monkeypatch, tmp_path):
        monkeypatch.setattr(printed, "FONTS", tmp_path)

        with pytest.raises(TypesettingError, match="font"):
            pdf_of(make_document())

    def test_a_name_that_looks_like_markup_is_printed_as_it_is(self, make_document):
        document = make_document(ReportKind.OUTPUT)
        assert "=上海凯长信息科技有限公司" in {
            row.label for table in document.tables for row in table.rows
        }

        text = pypdf.PdfReader(io.BytesIO(pdf_of(document))).pages[1].extract_text()

        assert "=上海凯长信息科技有限公司" in text


class TestCsv:
    @pytest.fixture(params=list(ReportKind))
    def document(self, request, make_document):
        return make_document(request.param)

    def test_says_every_figure_to_the_last_digit(self, document):
        data = csv_of(document)
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))

        assert data.startswith(b"\xef\xbb\xbf")
        assert len({len(line) for line in lines}) == 1
        for table in document.tables:
            _title, head, *rows = [line for line in lines if line[0] == table.number]
            assert len(set(head[: len(table.columns) + 2])) == len(table.columns) + 2
            for row, line in zip(table.rows, rows, strict=True):
                assert line[1].removeprefix("'") == row.label
                numbers = line[2 : 2 + len(table.columns)]
                said = [None if cell == "–" else Decimal(cell) for cell in numbers]
                assert said == [
                    column.number(cell)
                    for column, cell in zip(table.columns, row.cells, strict=True)
                ]

    @pytest.mark.parametrize(
        "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠A"]
    )
    def test_has_no_formula(self, text):
        assert encoded([[text, 1]]).decode("utf-8-sig").startswith(f'"\'{text}"')

    def test_leaves_negative_numbers_numbers(self):
        assert encoded([[Decimal("-3.50"), -2]]).decode("utf-8-sig") == "-3.50,-2\r\n"


class TestChart:
    def test_is_drawn_without_a_browser_from_the_option_of_the_page(self, make_document):
        drawn = make_document().chart
        chart = chart_of(drawn)

        tree = ElementTree.fromstring(svg_of(chart, width=640))  # noqa: S314 — our own

        words = {text.text for text in tree.iter() if text.tag.endswith("text")}
        assert {"A 区", "C 区", "已签约", "预留", "停用", "空闲"} <= words
        assert chart.rows == [["A 区", 50, 0, 0, 50], ["C 区", 20, 0, 10, 30]]

    def test_of_output_shows_classes_from_the_largest_down(self, make_document):
        drawn = make_document(ReportKind.OUTPUT).chart

        assert drawn.labels == ("金融服务", "未分类")
        assert drawn.series[0].values == (Decimal("123.46"), Decimal("34.57"))
        assert chart_of(drawn).rows == [["金融服务", 123], ["未分类", 35]]


@pytest.mark.parametrize("kind", list(ReportKind))
def test_english_pages_are_complete(make_document, kind):
    with translation.override("en"):
        document = make_document(kind, language="en")
        said = [
            document.title,
            document.form,
            document.edition,
            *document.notes,
            *(table.title for table in document.tables),
            *(table.units for table in document.tables),
            *(group.head for table in document.tables for group in table.groups),
            *(column.one_line for table in document.tables for column in table.columns),
            *(one.definition for one in document.definitions),
        ]

    for text in said:
        text = re.sub("张敏|上海凯长首日更正", "", text)
        assert not re.search(r"[一-鿿，。：（）]", text), text


def test_files_are_named_by_month_report_and_edition(make_document):
    assert make_document().file_name == "2024-01-入驻月报-第2版"
    assert make_document(ReportKind.OUTPUT).file_name == "2024-01-产值月报-第2版"

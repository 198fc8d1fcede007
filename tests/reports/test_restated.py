"""What an edition says otherwise than the one before it, marked and listed in every file."""

import csv
import io
import re
from decimal import Decimal

import openpyxl
import pypdf
import pytest

from reports.assembly import assemble
from reports.files.plain import csv_of
from reports.files.printed import pdf_of
from reports.files.workbook import xlsx_of
from reports.models import ReportKind
from reports.services.snapshots import read
from tests.reports.conftest import FIRST_COLUMN, FIRST_ROW, JANUARY, figures_of

pytestmark = pytest.mark.django_db

# What the edition before said, where this one says something else
BEFORE = {
    "places:zone.A:firm": 48,
    "places:zone.A:contracted_rate": "48.0",
    "places:total:let_m2": None,
    "contracted:zone.C:firm.change.year_before": -3,
    "contracted:zone.A:firm.year_before": 7,
}


@pytest.fixture
def restated(make_document, small_park):
    """A second edition, with `BEFORE` in the first; and where something is unknown now."""
    former = assemble(ReportKind.OCCUPANCY, JANUARY, read(ReportKind.OCCUPANCY, JANUARY).facts)
    for table in former["tables"]:
        codes = [column["code"] for column in table["columns"]]
        for row in table["rows"]:
            for place, code in enumerate(codes):
                cell = f"{table['code']}:{row['key']}:{code}"
                row["cells"][place] = BEFORE.get(cell, row["cells"][place])

    def document(**more):
        return make_document(former=former, **more)

    return document


class TestWhatWasRestated:
    def test_is_what_differs_from_the_edition_before(self, restated):
        found = {one.address: one.before for one in restated().restated}

        assert {
            cell: None if was is None else Decimal(was) for cell, was in BEFORE.items()
        } == found

    def test_is_nothing_in_a_first_edition(self, make_document):
        assert list(make_document().restated) == []
        assert not any("修”" in note for note in make_document().notes)

    @pytest.mark.parametrize("issued", [True, False])
    def test_is_counted_in_the_notes_of_drafts_too(self, restated, issued):
        notes = restated(issued=issued).notes

        assert "“修”标出与前一版不同的数值，共 5 个。" in notes

    def test_is_marked_in_the_workbook_in_cells_that_stay_numbers(self, restated):
        document = restated()
        book = openpyxl.load_workbook(io.BytesIO(xlsx_of(document)))

        marked = set()
        for table, down, across, column, _cell in figures_of(document):
            cell = book[table.sheet_name].cell(FIRST_ROW + 1 + down, FIRST_COLUMN + 1 + across)
            if "修" in cell.number_format or "修" in str(cell.value):
                marked.add(f"{table.code}:{table.rows[down].key}:{column.code}")
                assert cell.fill.fgColor.rgb.endswith("F9F0DA")
        assert marked == set(BEFORE)
        firm = book["Y1-1 月末席位与面积"]["E7"]
        assert (firm.value, firm.number_format) == (50, '"修 "#,##0;"修 −"#,##0;"修 "#,##0')

    def test_is_listed_in_the_workbook_beside_what_it_was(self, restated):
        book = openpyxl.load_workbook(io.BytesIO(xlsx_of(restated())))
        lines = [[cell.value for cell in row[:5]] for row in book["修订对照"].iter_rows(min_row=5)]

        assert lines[0] == ["表号", "行", "指标", "前一版", "本版"]
        assert ["Y1-1", "A 区", "已签约 本月（席）", 48, 50] in lines
        assert ["Y1-1", "A 区", "签约率 %", 0.48, 0.5] in lines
        assert ["Y1-1", "合计", "面积 已租（m²）", "–", 501.08] in lines
        assert len(lines) == 1 + len(BEFORE)

    def test_is_marked_in_print_before_the_number(self, restated, make_document):
        plain, marked = (
            re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages))
            for pdf in (io.BytesIO(pdf_of(make_document())), io.BytesIO(pdf_of(restated())))
        )

        in_words = 1  # the note that explains it
        assert marked.count("修") - plain.count("修") == len(BEFORE) + in_words
        assert "修50.0%" in marked
        assert "修50.0%" not in plain

    def test_is_listed_in_csv_after_the_tables(self, restated, make_document):
        lines = list(csv.reader(io.StringIO(csv_of(restated()).decode("utf-8-sig"))))
        listed = [line[:6] for line in lines if line[0] == "修"]

        assert listed[:2] == [
            ["修", "修订对照", *[""] * 4],
            ["修", "表号", "行", "指标", "前一版", "本版"],
        ]
        assert ["修", "Y1-1", "A 区", "已签约 本月（席）", "48", "50"] in listed
        assert ["修", "Y1-1", "合计", "面积 已租（m²）", "–", "501.08"] in listed
        assert len(listed) == 2 + len(BEFORE)
        assert '"修"' not in csv_of(make_document()).decode("utf-8-sig")

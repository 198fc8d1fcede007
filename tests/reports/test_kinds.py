"""What a kind of report is, and that a new one with a new level of rows is nothing but that."""

import csv
import io
from collections import Counter
from itertools import product

import openpyxl
import pytest

from foundation.services import jobs
from reports.files.plain import csv_of
from reports.files.printed import pdf_of
from reports.files.workbook import xlsx_of
from reports.indicators import LEVELS, Level
from reports.indicators import occupancy as seats
from reports.indicators.facts import TOTAL
from reports.kinds import KINDS, Kind
from reports.models import MonthlyReport, ReportKind
from reports.services.building import build_report
from reports.tables import PREVIOUS, Column, Table, compared
from tests.conftest import NOW
from tests.desk import Desk, text_of
from tests.reports.conftest import JANUARY


def test_every_kind_is_described_in_the_order_of_the_forms():
    assert set(KINDS) == set(ReportKind.values)
    *numbers, of_the_text = (kind.number for kind in KINDS.values())
    assert of_the_text == ""
    assert numbers == sorted(set(numbers), key=lambda number: int(number.removeprefix("Y")))


def test_no_table_shows_a_column_twice():
    for kind in KINDS.values():
        for table in kind.tables:
            codes = Counter(column.code for column in table.columns)
            assert [code for code, count in codes.items() if count > 1] == [], table.number


def test_a_table_says_which_form_it_belongs_to():
    for kind in KINDS.values():
        for at, table in enumerate(kind.tables, start=1):
            assert table.number == f"{kind.number}-{at}"


def test_no_two_tables_have_a_code_in_common():
    codes = Counter(table.code for kind in KINDS.values() for table in kind.tables)

    assert [code for code, count in codes.items() if count > 1] == []


def test_no_two_kinds_call_a_head_differently():
    for one, other in product(KINDS.values(), repeat=2):
        for code in one.heads.keys() & other.heads.keys():
            assert str(one.heads[code]) == str(other.heads[code])


def test_every_level_of_a_table_is_described_and_the_total_comes_last():
    for kind in KINDS.values():
        for table in kind.tables:
            *levels, last = table.levels
            assert last == TOTAL
            assert all(LEVELS[level].head for level in levels)


class TestABareKindWithALevelOfItsOwn:
    """Floors inside their zones: no chart, no notes, no lists, no subjects."""

    @pytest.fixture(autouse=True)
    def bare(self, monkeypatch):
        floor = Level(
            code="floor",
            code_of=lambda _facts, fact: fact.floor,
            head="Zone / floor",
            label=lambda row: f"Floor {row['label']}",
            in_order=lambda _facts, codes: sorted(codes, reverse=True),
        )
        groups = (("seats", compared(seats.SEATS, PREVIOUS)), ("", (Column(seats.LETTABLE),)))
        kind = Kind(
            code=ReportKind.OUTPUT,
            number="Y99",
            title="Floors",
            short_title="floors",
            tables=(Table("floors", "Y99-1", "Seats by floor", ("zone", "floor", TOTAL), groups),),
        )
        monkeypatch.setitem(LEVELS, "floor", floor)
        monkeypatch.setitem(KINDS, ReportKind.OUTPUT, kind)
        monkeypatch.setattr(jobs, "publish", lambda job_id: True)

    def test_has_its_rows_each_inside_the_larger(self, make_document, small_park):
        (table,) = make_document(ReportKind.OUTPUT, language="en").tables

        assert table.label_head == "Zone / floor"
        assert [(row.label, row.is_part, row.is_total, row.cells[0]) for row in table.rows] == [
            ("Zone A", False, False, 100),
            (f"Floor {small_park.a.label}", True, False, 100),
            ("Zone C", False, False, 60),
            (f"Floor {small_park.c.label}", True, False, 60),
            ("Total", False, True, 160),
        ]

    def test_has_no_chart_and_only_the_notes_of_all(self, make_document):
        document = make_document(ReportKind.OUTPUT, language="en")

        assert document.chart is None
        assert document.lists == ()
        assert document.notes[0].startswith("“–”: nothing is known")

    def test_is_written_to_every_file(self, make_document):
        document = make_document(ReportKind.OUTPUT, language="en")

        book = openpyxl.load_workbook(io.BytesIO(xlsx_of(document)))
        lines = list(csv.reader(io.StringIO(csv_of(document).decode("utf-8-sig"))))
        assert book.sheetnames[0] == "Y99-1 Seats by floor"
        assert len(book.sheetnames) == 2  # the other holds the definitions
        assert ["Y99-1", "Total", "160", "160", "0", "0.0", "1145.50"] in lines
        assert pdf_of(document).startswith(b"%PDF")

    @pytest.mark.django_db(transaction=True)
    def test_is_drafted_told_of_and_read_with_the_rows_behind_a_figure(self, small_park):
        report = build_report(
            kind=ReportKind.OUTPUT,
            month=JANUARY,
            now=NOW,
            owner=small_park.operator,
            readers=[small_park.operator],
        )
        message = small_park.operator.messages.get()
        cell = f"floors:floor.{small_park.a.label}:seats"
        page = Desk(small_park.operator).get("reports:report-detail", report.pk, cell=cell)

        assert "2024" in message.subject
        assert MonthlyReport.objects.get().content["form"] == "Y99"
        assert f"Floor {small_park.a.label}" in text_of(page)

"""Printed tables: every figure can be read, however many columns there are and however large."""

import io
import re
from dataclasses import replace
from decimal import Decimal

import pypdf
import pytest
from django.utils import translation

from reports.files.book import PAGE as SHEET
from reports.files.cells import head_lines, widths_of
from reports.files.fitting import PAGE, parts_of
from reports.files.layout import line_width
from reports.files.printed import pdf_of
from reports.models import ReportKind
from tests.reports.conftest import figures_of

pytestmark = pytest.mark.django_db

LARGE = Decimal("1300000000000.00")  # 元: more than the park is to reach


def swollen(document):
    """The same document with a large sum wherever money stands, or could."""

    def grown(table):
        rows = tuple(
            replace(
                row,
                cells=tuple(
                    LARGE if column.unit == "yuan" else cell
                    for column, cell in zip(table.columns, row.cells, strict=True)
                ),
            )
            for row in table.rows
        )
        return replace(table, rows=rows)

    return replace(document, tables=tuple(grown(table) for table in document.tables))


@pytest.fixture(params=[ReportKind.OUTPUT, ReportKind.SERVICES, ReportKind.WORKFORCE])
def document(request, make_document):
    return make_document(request.param)


@pytest.mark.parametrize("grow", [lambda document: document, swollen])
def test_no_figure_is_printed_over_another(document, grow):
    """Figures that overlap are read back as one word."""
    grown = grow(document)
    with translation.override("zh-hans"):
        pages = pypdf.PdfReader(io.BytesIO(pdf_of(grown))).pages
    words = {word for page in pages for word in page.extract_text().split()}

    missing = {
        column.text(cell)
        for _table, _down, _across, column, cell in figures_of(grown)
        if column.text(cell) not in words
    }
    assert missing == set()


def test_every_column_is_printed_once_and_on_the_paper(document):
    for table in swollen(document).tables:
        parts = parts_of(table)

        assert [column.code for part in parts for column in part.columns] == [
            column.code for column in table.columns
        ]
        for part in parts:
            assert part.label_width + sum(part.widths) <= PAGE + 0.01
            assert len(part.widths) == len(part.columns)


def test_what_follows_says_that_it_does(make_document):
    document = swollen(make_document(ReportKind.SERVICES))
    wide = document.tables[0]
    twice = tuple(
        replace(row, cells=row.cells * 2, before={}) for row in wide.rows
    )  # as many columns as no table should have
    tables = (replace(wide, columns=wide.columns * 2, rows=twice), *document.tables[1:])
    document = replace(document, tables=tables)
    with translation.override("zh-hans"):
        pdf = pypdf.PdfReader(io.BytesIO(pdf_of(document)))
        text = re.sub(r"\s", "", "".join(page.extract_text() for page in pdf.pages))
    first = document.tables[0]

    assert len(parts_of(first)) > 1
    assert f"{first.number}{first.title}（续）".replace(" ", "") in text
    assert not [one for one in pdf.outline if "续" in str(one)]


def test_who_answers_for_a_form_never_stands_alone_on_a_page(document):
    """The page with the names has the notes above them."""
    with translation.override("zh-hans"):
        pages = pypdf.PdfReader(io.BytesIO(pdf_of(document))).pages
    with_names = [page.extract_text() for page in pages if "单位负责人" in page.extract_text()]

    assert len(with_names) == 1
    assert document.notes[0][:8] in re.sub(r"\s", "", with_names[0])


def test_no_sheet_is_printed_at_less_than_half_its_size(document):
    """It is as wide as a page, so what is twice as wide is half as large."""
    for table in document.tables:
        assert sum(widths_of(table)) < 2 * SHEET, table.number


def test_long_heads_of_a_sheet_are_broken_and_stand_on_as_many_lines(make_document):
    table = make_document(ReportKind.WORKFORCE).table("education_people")
    widths = widths_of(table)

    longest = max(line_width(column.under) for column in table.columns)
    assert max(widths[1:]) < longest
    assert head_lines(table, widths) == 3

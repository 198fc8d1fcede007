"""The files of a month: the workbook with the longest table, and the PDF of the whole set."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from zipfile import ZipFile

import pypdf
import typst
from django.conf import settings
from django.utils import translation

from bench.desk import Desk
from bench.filing import file_returns
from bench.reporting import check_workbook, plain_cells
from bench.reporting_returns import made
from bench.timing import Figure, Wrong
from reports.display import Edition, document_of
from reports.document import Document
from reports.files.month import month_pdf
from reports.files.workbook import xlsx_of
from reports.models import ReportKind

# The same texts in tables without a line, a head, a style or a font of the park's
BARE = b"""
#for rows in json(bytes(sys.inputs.data)) {
  table(columns: (1fr,) * rows.first().len(), ..rows.flatten())
}
"""


def measure(desk: Desk) -> Iterator[Figure]:
    """A cell of XLSX against its XML; the PDF of all reports against their texts alone."""
    month = file_returns(desk.park)
    with translation.override(settings.LANGUAGE_CODE):
        documents = _documents(desk, month)
        yield _workbook(desk, max(documents, key=_longest_table))
        yield _whole_month(desk, documents)


def _documents(desk: Desk, month: date) -> list[Document]:
    """Every report of the month, as the park reads it."""
    return [
        document_of(Edition(ReportKind(kind), month, 1, desk.park.now), content)
        for kind, content in made(ReportKind, month).items()
    ]


def _longest_table(document: Document) -> int:
    return max((len(one.rows) * len(one.columns) for one in document.tables), default=0)


def _workbook(desk: Desk, document: Document) -> Figure:
    data = xlsx_of(document)
    check_workbook(data, document)
    with ZipFile(io.BytesIO(data)) as book:
        sheets = [name for name in book.namelist() if "worksheets/sheet" in name]
        cells = sum(book.read(name).count(b"<c ") for name in sheets)
    rows = [[row.label, *row.cells] for table in document.tables for row in table.rows]
    pair = desk.rounds.beside(lambda: xlsx_of(document), plain_cells(rows))
    return Figure(
        area=f"XLSX of the longest tables, {cells:,} cells",
        product=pair.product * 1000 / cells,
        floor=pair.floor * 1000 / sum(map(len, rows)),
        unit="µs",
        bar=11,
    )


def _whole_month(desk: Desk, documents: Sequence[Document]) -> Figure:
    pages = _check_pdf(month_pdf(documents), documents)
    texts = json.dumps([_texts(document) for document in documents if document.tables])

    def floor() -> None:
        typst.compile(BARE, format="pdf", sys_inputs={"data": texts}, ignore_system_fonts=True)

    rounds = replace(desk.rounds, fewest=2, most=2, unmeasured=0)  # it takes many seconds
    pair = rounds.beside(lambda: month_pdf(documents), floor)
    return Figure(area=f"PDF of all reports, {pages:,} pages", **pair._asdict(), bar=2.5)


def _texts(document: Document) -> list[list[str]]:
    """The rows of its tables as they are printed, all as wide as the widest."""
    rows = [
        [row.label, *(c.text(cell) for c, cell in zip(table.columns, row.cells, strict=True))]
        for table in document.tables
        for row in table.rows
    ]
    width = max(map(len, rows))
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _check_pdf(data: bytes, documents: Sequence[Document]) -> int:
    """A bookmark leads to each report, and the total of its first column stands there."""
    pdf = pypdf.PdfReader(io.BytesIO(data))
    marks = {str(mark.title): mark for mark in _flat(pdf.outline)}
    for document in documents:
        found = [mark for title, mark in marks.items() if document.title in title]
        if not found:
            raise Wrong(f"the PDF has no bookmark for {document.title}")
        if not document.tables:
            continue
        first = pdf.get_destination_page_number(found[0]) or 0
        table = document.tables[0]
        total = table.columns[0].text(table.rows[-1].cells[0])
        near = "".join(page.extract_text() for page in pdf.pages[first : first + 2])
        if total not in near:
            raise Wrong(f"the PDF does not say {total} where {document.title} begins")
    return len(pdf.pages)


def _flat(outline: Sequence[object]) -> Iterator[pypdf.generic.Destination]:
    for mark in outline:
        if isinstance(mark, list):
            yield from _flat(mark)
        elif isinstance(mark, pypdf.generic.Destination):
            yield mark

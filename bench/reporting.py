"""The monthly occupancy report: its facts and tables, and its workbook."""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from bench.asking import statements
from bench.desk import Desk
from bench.timing import Figure, Wrong
from foundation.months import add_months, month_of, next_month
from reports.assembly import assemble
from reports.display import Edition, document_of
from reports.document import Document, Table
from reports.files.workbook import HEAD_ROWS, xlsx_of
from reports.models import ReportKind
from reports.services.snapshots import Snapshot, take_snapshot

KIND = ReportKind.OCCUPANCY


def measure(desk: Desk) -> Iterator[Figure]:
    """Facts and tables against the statements alone; a cell of XLSX against its XML."""
    month = add_months(month_of(desk.park.today), -1)
    yield _facts_and_tables(desk, month)
    yield _workbook(desk, month)


def _facts_and_tables(desk: Desk, month: date) -> Figure:
    def product() -> None:
        assemble(KIND, month, take_snapshot(KIND, month).facts)

    _check_facts(desk, month, take_snapshot(KIND, month))
    sent = [text for text in statements(product) if text.lstrip().startswith(("SELECT", "WITH"))]

    def floor() -> None:
        with desk.plain.transaction():
            for text in sent:
                desk.plain.execute(text.encode()).fetchall()

    pair = desk.rounds.beside(product, floor)
    return Figure(area="occupancy report: facts and tables", **pair._asdict(), bar=5)


def _check_facts(desk: Desk, month: date, snapshot: Snapshot) -> None:
    """Seat-days by enterprise must be what the blocks add up to."""
    wanted: Counter[int] = Counter()
    for block in desk.blocks():
        if block.kind == "firm" and block.enterprise is not None:
            wanted[block.enterprise] += block.length * block.days_within(month, next_month(month))
    given: Counter[int] = Counter()
    for fact in snapshot.facts.of("blocks"):
        if fact.month == f"{month:%Y-%m}" and fact.enterprise is not None:
            given[fact.enterprise] += fact.firm_days
    if +given != +wanted:
        raise Wrong("the facts of the report are not what the blocks add up to")


def _workbook(desk: Desk, month: date) -> Figure:
    document = _document(desk, month)
    data = xlsx_of(document)
    check_workbook(data, document)
    with ZipFile(io.BytesIO(data)) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
    cells = sum(len(re.findall(rb"<c ", sheet)) for sheet in sheets)
    rows = [[row.label, *row.cells] for table in document.tables for row in table.rows]
    floor = plain_cells(rows)
    pair = desk.rounds.beside(lambda: xlsx_of(document), floor)
    plain = sum(map(len, rows))
    return Figure(
        area=f"XLSX of the report, {cells:,} cells",
        product=pair.product * 1000 / cells,
        floor=pair.floor * 1000 / plain,
        unit="µs",
        bar=11,
    )


def _document(desk: Desk, month: date) -> Document:
    snapshot = take_snapshot(KIND, month)
    content = assemble(KIND, month, snapshot.facts)
    content |= {**snapshot.head, "filing": snapshot.filing}
    return document_of(Edition(KIND, month, 1, desk.park.now), content)


def check_workbook(data: bytes, document: Document) -> None:
    """Every number of every table stands in its cell."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for place, table in enumerate(document.tables):
        lines = book.get_sheet_by_index(place).to_python(skip_empty_area=False)[HEAD_ROWS:]
        for row, line in zip(table.rows, lines, strict=False):
            for number, cell in enumerate(row.cells, start=1):
                if cell is not None and not _same(table, number, cell, line[number]):
                    raise Wrong(f"{table.number} {row.label}: {line[number]} is not {cell}")


def _same(table: Table, number: int, cell: Any, written: Any) -> bool:
    column = table.columns[number - 1]
    shown = float(column.number(cell) or 0) / (100 if column.unit == "percent" else 1)
    return abs(shown - float(written)) < 1e-9 * max(1.0, abs(shown))


def plain_cells(rows: list[list[Any]]) -> Callable[[], object]:
    """The least that a cell costs: a row as XML, compressed. No style, no shared text."""

    def write() -> bytes:
        deflate = zlib.compressobj()
        parts = []
        for number, row in enumerate(rows, start=1):
            cells = "".join(
                f"<c><v>{cell}</v></c>"
                if not isinstance(cell, str)
                else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
                for cell in row
            )
            parts.append(deflate.compress(f'<row r="{number}">{cells}</row>'.encode()))
        return b"".join([*parts, deflate.flush()])

    return write

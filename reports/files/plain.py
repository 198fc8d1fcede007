"""CSV for other programs, and for Excel: UTF-8 with a mark, every line of the same width.

Each line of a table begins with the table's number, so that the tables can be told apart. What
differs from the edition before is listed after the tables, in lines that begin with the mark 修.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foundation.csv_files import encoded
from reports.document import Document, Table
from reports.files.layout import restated_heads, restated_mark, restated_title
from reports.units import Number


def csv_of(document: Document) -> bytes:
    """The whole document, table under table."""
    return encoded(_lines(document))


def _lines(document: Document) -> Iterator[Sequence[str | Number | None]]:
    yield [document.form]
    yield [f"{document.park} {document.title}"]
    for what, value in document.facts:
        yield [what, value]
    yield [document.edition]
    for table in document.tables:
        yield []
        yield from _lines_of(table)
    for listed in document.lists:
        yield []
        yield [listed.title]
        yield listed.heads
        yield from listed.rows
    yield from _restated(document)
    yield []
    for note in document.notes:
        yield [note]


def _lines_of(table: Table) -> Iterator[Sequence[str | Number | None]]:
    yield [table.number, table.title]
    yield [table.number, table.label_head, *(column.one_line for column in table.columns)]
    for row in table.rows:
        numbers = (
            column.number(cell) for column, cell in zip(table.columns, row.cells, strict=True)
        )
        yield [table.number, row.label, *numbers]


def _restated(document: Document) -> Iterator[Sequence[str | Number | None]]:
    """Each figure that is another than in the edition before, beside what it was."""
    restated, mark = list(document.restated), restated_mark()
    if not restated:
        return
    yield []
    yield [mark, restated_title()]
    yield [mark, *restated_heads()]
    for one in restated:
        was, now = one.column.number(one.before), one.column.number(one.now)
        yield [mark, one.table.number, one.row.label, one.column.one_line, was, now]

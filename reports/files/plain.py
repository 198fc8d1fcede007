"""CSV for other programs, and for Excel: UTF-8 with a mark, every line of the same width.

Each line of a table begins with the table's number, so that the tables can be told apart. What
differs from the edition before is listed after the tables, in lines that begin with the mark 修.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from foundation.csv_files import encoded
from reports.document import Document, Table
from reports.files.layout import (
    definition_heads,
    restated_heads,
    restated_mark,
    restated_title,
)
from reports.units import Number
from web.formats import MISSING


def csv_of(document: Document) -> bytes:
    """The whole document, table under table."""
    return encoded(_lines(document))


def _lines(document: Document) -> Iterator[Sequence[str | Number | None]]:
    yield [document.form]
    yield [document.name]
    yield from (list(fact) for fact in document.facts)
    yield [document.edition]
    yield from _text(document)
    for table in document.tables:
        yield []
        yield from _lines_of(table)
    for listed in document.lists:
        yield []
        yield [listed.title]
        yield listed.heads
        yield from listed.rows
    yield from _restated(document)
    yield from _foot(document)


def _text(document: Document) -> Iterator[Sequence[str | Number | None]]:
    """The text of a month, and where each of its numbers stands."""
    yield from ([paragraph.text] for paragraph in document.paragraphs)
    if document.cited:
        yield []
        yield [_("Where the numbers of the text stand")]
    for one in document.cited:
        yield [one.text, one.table, one.row, one.column, one.address]


def _foot(document: Document) -> Iterator[Sequence[str | Number | None]]:
    """Notes, who answers for it, what exactly is counted."""
    yield []
    yield from ([note] for note in document.notes)
    yield []
    yield from (list(who) for who in document.signatures)
    if document.definitions:
        yield []
        yield list(definition_heads())
    for one in document.definitions:
        yield [one.name, one.unit, one.definition, one.divisor or MISSING, one.version]


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

"""XLSX: a sheet for each table as an official form, a chart that stays a chart, the definitions.

Numbers are numbers with a format; what is unknown is a dash. Nothing is ever read as a formula.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.worksheet import Worksheet

from reports.document import Column, Document, Row, Table, WordTable
from reports.files.book import QUIET, Book
from reports.files.cells import (
    INK,
    RULE,
    CellStyles,
    edge_of,
    factor_of,
    head_lines,
    lines_of,
    number_format,
    number_in,
    widths_of,
)
from reports.files.chart_sheet import write_chart
from reports.files.head import write_foot, write_head
from reports.files.layout import (
    definition_heads,
    line_width,
    restated_heads,
    restated_mark,
    restated_title,
)
from reports.files.text_sheet import write_text
from reports.units import Number
from web.formats import MISSING

RESTATED = "#f9f0da"
HEAD_ROWS = 6  # above the rows of a table: form, title, table, facts, two lines of heads
WIDEST = 44.0


def xlsx_of(document: Document) -> bytes:
    """The workbook of a report."""
    book = Book(title=document.name, comments=document.edition, made_at=document.made_at)
    FormSheets(book, document).write()
    return book.bytes()


class FormSheets:
    """The sheets of one document. In a book of several, each name begins with the form's number."""

    def __init__(self, book: Book, document: Document, *, is_one_of_many: bool = False) -> None:
        self.book = book
        self.document = document
        self.prefix = f"{document.number or document.title} " if is_one_of_many else ""

    def write(self) -> str:
        """Write all of them; gives the name of the first."""
        document = self.document
        before = len(self.book.book.worksheets())
        write_text(self.book, document)
        for table in document.tables:
            self._table(table)
        for listed in document.lists:
            self._words(listed)
        self._restated()
        write_chart(self.book, document, self._named(pgettext("sheet", "Chart")))
        self._definitions()
        return str(self.book.book.worksheets()[before].get_name())

    def _named(self, title: str) -> str:
        return f"{self.prefix}{title}"

    def _sheet(self, name: str, *, widths: Sequence[float], repeat: tuple[int, int]) -> Worksheet:
        return self.book.sheet(self.document, name, widths=widths, repeat=repeat)

    # Tables of numbers

    def _table(self, table: Table) -> None:
        widths = widths_of(table)
        sheet = self._sheet(table.sheet_name, widths=widths, repeat=(HEAD_ROWS - 2, HEAD_ROWS - 1))
        sheet.set_default_row(19)
        sheet.freeze_panes(HEAD_ROWS, 1)
        write_head(self.book, sheet, self.document, f"{table.number}　{table.title}", table.units)
        self._column_heads(sheet, table, head_lines(table, widths))
        styles = {is_total: self._styles(table.columns, is_total) for is_total in (False, True)}
        for offset, row in enumerate(table.rows):
            self._row(sheet, HEAD_ROWS + offset, row, table.columns, styles[row.is_total])
        write_foot(self.book, sheet, self.document, HEAD_ROWS + len(table.rows))

    def _column_heads(self, sheet: Worksheet, table: Table, lines: int) -> None:
        top, below = HEAD_ROWS - 2, HEAD_ROWS - 1
        sheet.set_row(top, 20)
        sheet.write_blank(top, 0, None, self.book.style(top=2))
        place = 1
        for group in table.groups:
            last = place + len(group.columns) - 1
            style = self.book.style(
                top=2,
                align="center",
                font_color=QUIET,
                left=1,
                left_color=RULE,
                **({"bottom": 1, "bottom_color": RULE} if group.head else {}),
            )
            if last > place:
                sheet.merge_range(top, place, top, last, group.head, style)
            else:
                sheet.write_string(top, place, group.head, style)
            place = last + 1
        sheet.set_row(below, 17 * max(2, lines))
        heads = {"bottom": 1, "bottom_color": INK, "font_color": QUIET, "text_wrap": True}
        sheet.write_string(below, 0, table.label_head, self.book.style(**heads, valign="bottom"))
        for number, column in enumerate(table.columns, start=1):
            text = f"{column.head}\n{column.under}" if column.under else column.head
            style = self.book.style(**heads, **edge_of(column), align="right", valign="bottom")
            sheet.write_string(below, number, text, style)

    def _styles(self, columns: Sequence[Column], is_total: bool) -> list[CellStyles]:
        """Of the cells of a row, made once: looking each up by its features would take longest."""
        lines = lines_of(is_total)
        return [
            CellStyles(
                factor=factor_of(column),
                known=self.book.style(**lines, **edge_of(column), num_format=number_format(column)),
                unknown=self.book.style(
                    **lines, **edge_of(column), align="right", font_color=QUIET
                ),
                restated=self.book.style(
                    **lines,
                    **edge_of(column),
                    num_format=number_format(column, restated_mark()),
                    bg_color=RESTATED,
                ),
                restated_unknown=self.book.style(
                    **lines, **edge_of(column), align="right", bg_color=RESTATED
                ),
            )
            for column in columns
        ]

    def _row(
        self,
        sheet: Worksheet,
        at: int,
        row: Row,
        columns: Sequence[Column],
        styles: Sequence[CellStyles],
    ) -> None:
        label = {"indent": row.depth, "font_color": QUIET} if row.is_part else {}
        sheet.write_string(at, 0, row.label, self.book.style(**lines_of(row.is_total), **label))
        cells = zip(columns, row.cells, styles, strict=True)
        for number, (column, cell, style) in enumerate(cells, start=1):
            is_restated = column.code in row.before
            if cell is not None:
                look = style.restated if is_restated else style.known
                sheet.write_number(at, number, float(cell * style.factor), look)
            elif is_restated:
                text = f"{restated_mark()} {MISSING}"
                sheet.write_string(at, number, text, style.restated_unknown)
            else:
                sheet.write_string(at, number, MISSING, style.unknown)

    # What differs from the edition before

    def _restated(self) -> None:
        restated = list(self.document.restated)
        if not restated:
            return
        heads = restated_heads()
        texts = [(one.table.number, one.row.label, one.column.one_line) for one in restated]
        widths = [
            min(44.0, max(map(line_width, column)) + 3.0)
            for column in zip(heads[:3], *texts, strict=True)
        ]
        sheet = self._sheet(self._named(restated_title()), widths=[*widths, 16, 16], repeat=(4, 4))
        sheet.freeze_panes(5, 0)
        write_head(self.book, sheet, self.document, restated_title())
        lines = {"bottom": 1, "bottom_color": INK, "font_color": QUIET, "top": 2}
        self.book.line(sheet, 4, heads[:3], **lines)
        for number, head in enumerate(heads[3:], start=3):
            sheet.write_string(4, number, head, self.book.style(**lines, align="right"))
        for at, (one, words) in enumerate(zip(restated, texts, strict=True), start=5):
            self.book.line(sheet, at, words, **lines_of(is_total=False))
            for number, value in enumerate((one.before, one.now), start=3):
                self._figure(sheet, at, number, one.column, value)

    def _figure(
        self, sheet: Worksheet, at: int, number: int, column: Column, value: Number | None
    ) -> None:
        lines = lines_of(is_total=False)
        if value is None:
            style = self.book.style(**lines, align="right", font_color=QUIET)
            sheet.write_string(at, number, MISSING, style)
        else:
            style = self.book.style(**lines, num_format=number_format(column))
            sheet.write_number(at, number, number_in(column, value), style)

    # Tables of words

    def _words(self, listed: WordTable) -> None:
        widths = [
            min(WIDEST, max(8.0, *(line_width(row[n]) for row in (listed.heads, *listed.rows))) + 4)
            for n in range(len(listed.heads))
        ]
        sheet = self._sheet(self._named(listed.title), widths=widths, repeat=(4, 4))
        sheet.freeze_panes(5, 1)
        write_head(self.book, sheet, self.document, listed.title)
        heads = {"top": 2, "bottom": 1, "bottom_color": INK, "font_color": QUIET}
        self.book.line(sheet, 4, listed.heads, **heads)
        for at, row in enumerate(listed.rows, start=5):
            lines = max(1 + int(line_width(text) // (WIDEST - 2)) for text in row)
            sheet.set_row(at, 15 * lines + 4)
            self.book.line(sheet, at, row, bottom=1, bottom_color=RULE)
        if not self.document.tables:
            write_foot(self.book, sheet, self.document, 5 + len(listed.rows))

    def _definitions(self) -> None:
        if not self.document.definitions:
            return
        sheet = self._sheet(
            self._named(_("Definitions")), widths=[30, 12, 74, 24, 8], repeat=(4, 4)
        )
        sheet.freeze_panes(5, 1)
        write_head(self.book, sheet, self.document, _("Definitions"))
        heads = definition_heads()
        self.book.line(sheet, 4, heads, top=2, bottom=1, bottom_color=INK, font_color=QUIET)
        for at, one in enumerate(self.document.definitions, start=5):
            lines = 1 + int(line_width(one.definition) // 72)
            sheet.set_row(at, 16 * lines + 4)
            texts = (one.name, one.unit, one.definition, one.divisor or MISSING)
            self.book.line(sheet, at, texts, bottom=1, bottom_color=RULE)
            sheet.write_number(at, 4, one.version, self.book.style(bottom=1, bottom_color=RULE))

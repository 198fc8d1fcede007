"""XLSX: a sheet for each table as an official form, a chart that stays a chart, the definitions.

Numbers are numbers with a format; what is unknown is a dash. Nothing is ever read as a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.worksheet import Worksheet

from reports.charts import label_places
from reports.document import BarChart, Column, Document, Row, Table, WordTable, with_unit
from reports.files.cells import (
    INK,
    RULE,
    CellStyles,
    digits_of,
    edge_of,
    lines_of,
    number_format,
    number_in,
    widths_of,
)
from reports.files.layout import (
    line_width,
    restated_heads,
    restated_mark,
    restated_title,
    said,
)
from reports.units import Number
from web.formats import MISSING

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": "#1c2126"}
QUIET = "#4d545b"
RESTATED = "#f9f0da"
A4 = 9
PAGE = 118.0  # width of A4 across, in signs; narrower tables stand at the left of it
SPARE = 10.0
HEAD_ROWS = 6  # above the rows of a table: form, title, table, facts, two lines of heads
FILLS: dict[str, dict[str, Any]] = {
    "firm": {"fill": {"color": "#3f6f9d"}},
    "hold": {
        "pattern": {
            "pattern": "wide_upward_diagonal",
            "fg_color": "#8a5a00",
            "bg_color": "#f2dca6",
        }
    },
    "closed": {"fill": {"color": "#cfccc4"}},
    "free": {"fill": {"color": "#ffffff"}},
}
PLAIN: dict[str, Any] = {"fill": {"color": "#1f4f7d"}}  # the bars of a single series


def xlsx_of(document: Document) -> bytes:
    """The workbook of a report."""
    return _Workbook(document).bytes()


class _Workbook:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.stream = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.stream,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self.styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.span = 1  # columns of the sheet that is being written, spare ones among them

    def bytes(self) -> bytes:
        document = self.document
        self.book.set_properties(
            {
                "title": f"{document.park} {document.title}",
                "comments": document.edition,
                "created": timezone.localtime(document.made_at).replace(tzinfo=None),
            }
        )
        for table in document.tables:
            self._table(table)
        for listed in document.lists:
            self._words(listed)
        self._restated()
        self._chart(document.chart)
        self._definitions()
        self.book.close()
        return self.stream.getvalue()

    def style(self, **features: Any) -> Any:
        key = tuple(sorted(features.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format({**FONT, "valign": "vcenter", **features})
        return self.styles[key]

    def sheet(self, name: str, *, widths: Sequence[float], repeat: tuple[int, int]) -> Worksheet:
        """A sheet set up for print: A4 across, as wide as the page, heads on every page."""
        sheet = self.book.add_worksheet(_sheet_name(name))
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.center_horizontally()
        sheet.repeat_rows(*repeat)
        sheet.set_footer(f"&L{_escaped(self.document.edition)}&R&P / &N")
        if self.document.is_draft:
            sheet.set_header(f"&R{pgettext('report', 'Draft')}")
        sheet.hide_gridlines(2)
        missing = max(0.0, PAGE - sum(widths))
        all_widths = [*widths, *[SPARE] * round(missing / SPARE)]
        for number, width in enumerate(all_widths):
            sheet.set_column(number, number, width, self.style())
        self.span = len(all_widths)
        return sheet

    def across(self, sheet: Worksheet, row: int, text: str, **features: Any) -> None:
        """One text over the whole width of the page."""
        sheet.merge_range(row, 0, row, self.span - 1, text, self.style(**features))

    # Tables of numbers

    def _table(self, table: Table) -> None:
        sheet = self.sheet(
            table.sheet_name, widths=widths_of(table), repeat=(HEAD_ROWS - 2, HEAD_ROWS - 1)
        )
        sheet.freeze_panes(HEAD_ROWS, 1)
        self._head(sheet, f"{table.number}　{table.title}", table.units)
        self._column_heads(sheet, table)
        styles = {is_total: self._styles(table.columns, is_total) for is_total in (False, True)}
        for offset, row in enumerate(table.rows):
            self._row(sheet, HEAD_ROWS + offset, row, table.columns, styles[row.is_total])
        self._foot(sheet, HEAD_ROWS + len(table.rows))

    def _head(self, sheet: Worksheet, title: str, units: str = "") -> None:
        document = self.document
        self.across(sheet, 0, document.form, align="center", font_color=QUIET)
        sheet.set_row(1, 26)
        name = f"{document.park}　{document.title}".strip()
        self.across(sheet, 1, name, align="center", font_size=15)
        sheet.set_row(2, 20)
        line = [title, document.edition]
        if document.has_sample:
            line.append(_("with sample figures"))
        self.across(sheet, 2, "　　".join(line), font_size=11)
        sheet.set_row(3, 20)
        facts = [*document.facts, (_("Units"), units)] if units else document.facts
        self.across(sheet, 3, "　　".join(said(*fact) for fact in facts), font_color=QUIET)

    def _column_heads(self, sheet: Worksheet, table: Table) -> None:
        top, below = HEAD_ROWS - 2, HEAD_ROWS - 1
        sheet.set_row(top, 20)
        sheet.write_blank(top, 0, None, self.style(top=2))
        place = 1
        for group in table.groups:
            last = place + len(group.columns) - 1
            style = self.style(
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
        sheet.set_row(below, 34)
        heads = {"bottom": 1, "bottom_color": INK, "font_color": QUIET, "text_wrap": True}
        sheet.write_string(below, 0, table.label_head, self.style(**heads, valign="bottom"))
        for number, column in enumerate(table.columns, start=1):
            text = f"{column.head}\n{column.under}" if column.under else column.head
            style = self.style(**heads, **edge_of(column), align="right", valign="bottom")
            sheet.write_string(below, number, text, style)

    def _styles(self, columns: Sequence[Column], is_total: bool) -> list[CellStyles]:
        """Of the cells of a row, made once: looking each up by its features would take longest."""
        lines = lines_of(is_total)
        return [
            CellStyles(
                known=self.style(**lines, **edge_of(column), num_format=number_format(column)),
                unknown=self.style(**lines, **edge_of(column), align="right", font_color=QUIET),
                restated=self.style(
                    **lines,
                    **edge_of(column),
                    num_format=number_format(column, restated_mark()),
                    bg_color=RESTATED,
                ),
                restated_unknown=self.style(
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
        sheet.set_row(at, 19)
        label = {"indent": 1, "font_color": QUIET} if row.is_part else {}
        sheet.write_string(at, 0, row.label, self.style(**lines_of(row.is_total), **label))
        cells = zip(columns, row.cells, styles, strict=True)
        for number, (column, cell, style) in enumerate(cells, start=1):
            is_restated = column.code in row.before
            if cell is not None:
                look = style.restated if is_restated else style.known
                sheet.write_number(at, number, number_in(column, cell), look)
            elif is_restated:
                text = f"{restated_mark()} {MISSING}"
                sheet.write_string(at, number, text, style.restated_unknown)
            else:
                sheet.write_string(at, number, MISSING, style.unknown)

    def _foot(self, sheet: Worksheet, at: int) -> None:
        """Notes, then who answers for the table."""
        sheet.set_row(at, 8)
        at += 1
        for note in self.document.notes:
            sheet.set_row(at, 17)
            self.across(sheet, at, note, font_size=9, font_color=QUIET, text_wrap=True)
            at += 1
        sheet.set_row(at, 26)
        text = "　　　　　　".join(said(*who) for who in self.document.signatures)
        self.across(sheet, at, text, font_color=QUIET)

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
        sheet = self.sheet(restated_title(), widths=[*widths, 16, 16], repeat=(4, 4))
        sheet.freeze_panes(5, 0)
        self._head(sheet, restated_title())
        lines = {"bottom": 1, "bottom_color": INK, "font_color": QUIET, "top": 2}
        self._line(sheet, 4, heads[:3], **lines)
        for number, head in enumerate(heads[3:], start=3):
            sheet.write_string(4, number, head, self.style(**lines, align="right"))
        for at, (one, words) in enumerate(zip(restated, texts, strict=True), start=5):
            self._line(sheet, at, words, **lines_of(is_total=False))
            for number, value in enumerate((one.before, one.now), start=3):
                self._figure(sheet, at, number, one.column, value)

    def _figure(
        self, sheet: Worksheet, at: int, number: int, column: Column, value: Number | None
    ) -> None:
        lines = lines_of(is_total=False)
        if value is None:
            style = self.style(**lines, align="right", font_color=QUIET)
            sheet.write_string(at, number, MISSING, style)
        else:
            style = self.style(**lines, num_format=number_format(column))
            sheet.write_number(at, number, number_in(column, value), style)

    # Tables of words

    def _words(self, listed: WordTable) -> None:
        widths = [
            max(14.0, *(line_width(row[n]) for row in (listed.heads, *listed.rows))) + 4
            for n in range(len(listed.heads))
        ]
        sheet = self.sheet(listed.title, widths=widths, repeat=(4, 4))
        sheet.freeze_panes(5, 0)
        self._head(sheet, listed.title)
        heads = {"top": 2, "bottom": 1, "bottom_color": INK, "font_color": QUIET}
        self._line(sheet, 4, listed.heads, **heads)
        for offset, row in enumerate(listed.rows):
            self._line(sheet, 5 + offset, row, bottom=1, bottom_color=RULE)

    def _line(self, sheet: Worksheet, at: int, texts: Iterable[str], **features: Any) -> None:
        for number, text in enumerate(texts):
            sheet.write_string(at, number, text, self.style(text_wrap=True, **features))

    def _definitions(self) -> None:
        sheet = self.sheet(_("Definitions"), widths=[30, 12, 74, 24, 8], repeat=(4, 4))
        sheet.freeze_panes(5, 1)
        self._head(sheet, _("Definitions"))
        heads = (
            pgettext("definition", "Indicator"),
            pgettext("definition", "Unit"),
            pgettext("definition", "What is counted"),
            pgettext("definition", "Divided by"),
            pgettext("definition", "Version"),
        )
        self._line(sheet, 4, heads, top=2, bottom=1, bottom_color=INK, font_color=QUIET)
        for at, one in enumerate(self.document.definitions, start=5):
            lines = 1 + int(line_width(one.definition) // 72)
            sheet.set_row(at, 16 * lines + 4)
            texts = (one.name, one.unit, one.definition, one.divisor or MISSING)
            self._line(sheet, at, texts, bottom=1, bottom_color=RULE)
            sheet.write_number(at, 4, one.version, self.style(bottom=1, bottom_color=RULE))

    # The chart and the numbers that it draws

    def _chart(self, drawn: BarChart | None) -> None:
        if drawn is None or not drawn.labels:
            return
        name = _sheet_name(pgettext("sheet", "Chart"))
        sheet = self.sheet(name, widths=[24, *[16] * len(drawn.series)], repeat=(4, 4))
        self._head(sheet, drawn.title)
        heads = {"top": 2, "bottom": 1, "bottom_color": INK, "font_color": QUIET}
        names = (with_unit(series.name, drawn.unit) for series in drawn.series)
        self._line(sheet, 4, (drawn.head, *names), **heads)
        for offset, label in enumerate(drawn.labels):
            at = 5 + offset
            sheet.write_string(at, 0, label, self.style(bottom=1, bottom_color=RULE))
            for number, series in enumerate(drawn.series, start=1):
                style = self.style(bottom=1, bottom_color=RULE, num_format=digits_of(series.places))
                sheet.write_number(at, number, float(series.values[offset]), style)
        sheet.insert_chart(6 + len(drawn.labels), 0, self._bars(drawn, name))

    def _bars(self, drawn: BarChart, sheet_name: str) -> Any:
        """Bars across, the first label on top; several series are stacked."""
        is_stacked = len(drawn.series) > 1
        kind = {"subtype": "stacked"} if is_stacked else {}
        chart = self.book.add_chart({"type": "bar", **kind})
        last = 4 + len(drawn.labels)
        label_format = digits_of(max(map(label_places, drawn.series)))
        for number, series in enumerate(drawn.series, start=1):
            chart.add_series(
                {
                    "name": series.name,
                    "categories": [sheet_name, 5, 0, last, 0],
                    "values": [sheet_name, 5, number, last, number],
                    # What previews draw before anything has read the cells
                    "categories_data": list(drawn.labels),
                    "values_data": [float(value) for value in series.values],
                    "border": {"color": "#85847d", "width": 0.5},
                    "gap": 60,
                    "data_labels": {
                        "value": not is_stacked,
                        "num_format": label_format,
                        "font": {"size": 9, "color": INK},
                    },
                    **FILLS.get(series.code, PLAIN),
                }
            )
        text = {"name": FONT["font_name"], "size": 9, "bold": False, "color": INK}
        chart.set_title(
            {"name": drawn.caption, "name_font": {**text, "size": 10}, "overlay": False}
        )
        chart.set_y_axis(
            {
                "reverse": True,
                "crossing": "max",
                "num_font": text,
                "line": {"color": "#8d8b84"},
            }
        )
        chart.set_x_axis(
            {
                "num_font": text,
                "num_format": label_format,
                "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.75}},
                "line": {"none": True},
            }
        )
        chart.set_legend({"position": "bottom", "font": text} if is_stacked else {"none": True})
        chart.set_size({"width": 820, "height": 130 + 34 * len(drawn.labels)})
        return chart


def _sheet_name(name: str) -> str:
    """A name that Excel takes: 31 signs, without those it uses itself."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name)[:31]


def _escaped(text: str) -> str:
    """`&` begins a code in the head and foot of a printed page."""
    return text.replace("&", "&&")

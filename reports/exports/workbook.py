"""An export as XLSX. Numbers are numbers with a format; what is not known is an empty cell; texts
are texts: never formulas, never links. The file is always in Chinese: so are the forms it feeds."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from foundation.months import format_month
from reports.exports.layout import Column, Sheet
from reports.files.layout import line_width

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": "#1c2126"}
INK, QUIET, RULE = "#1c2126", "#4d545b", "#dcd8cd"
WAN = 10_000
HEAD_ROWS = 6  # form, title, facts, heads, units, sources
A4, A3, WIDE = 9, 8, 190  # a sheet that is wider than this, in signs, is printed on A3
FORMATS = {
    "wan": "#,##0.00",
    "amount": "#,##0.00",
    "count": "#,##0",
    "rate": "0.0000##",
    "percent": "0.0%",
    "day": "yyyy-mm-dd",
    "any": "#,##0.##",
}

Fact = tuple[str, str]


class Filled(NamedTuple):
    """A sheet with its rows, by the keys of its columns."""

    sheet: Sheet
    rows: Iterable[Mapping[str, Any]]


def xlsx_of(
    title: str, facts: Sequence[Fact], sheets: Iterable[Filled], made_at: datetime
) -> bytes:
    """The workbook: what it is, then its sheets."""
    stream = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        created = timezone.localtime(made_at).replace(tzinfo=None)
        book.set_properties({"title": title, "created": created})
        writer = _Writer(book, title, facts)
        writer.about()
        for filled in sheets:
            writer.sheet(filled)
    return stream.getvalue()


class _Writer:
    def __init__(self, book: Any, title: str, facts: Sequence[Fact]) -> None:
        self.book, self.title, self.facts = book, title, facts
        self.styles: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **features: Any) -> Any:
        key = tuple(sorted(features.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format({**FONT, "valign": "vcenter", **features})
        return self.styles[key]

    def page(self, name: str, widths: Sequence[float]) -> Worksheet:
        """A sheet set up for print, as wide as the page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A3 if sum(widths) > WIDE else A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&R&P / &N")
        sheet.hide_gridlines(2)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, self.style())
        return sheet

    def about(self) -> None:
        """The first sheet: what this is, of when, of whom."""
        sheet = self.page("说明", [18, 100])
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, self.title, self.style(font_size=15))
        sheet.write_string(1, 0, form_line(), self.style(font_color=QUIET))
        for at, (name, value) in enumerate(self.facts, start=3):
            lines = 1 + int(line_width(value) // 98)
            sheet.set_row(at, 17 * lines + 3)
            under = {"bottom": 1, "bottom_color": RULE}
            sheet.write_string(at, 0, name, self.style(font_color=QUIET, **under))
            sheet.write_string(at, 1, value, self.style(text_wrap=True, **under))

    def sheet(self, filled: Filled) -> None:
        columns = filled.sheet.columns
        sheet = self.page(filled.sheet.zh, [column.width for column in columns])
        sheet.repeat_rows(HEAD_ROWS - 3, HEAD_ROWS - 1)
        sheet.freeze_panes(HEAD_ROWS, 1)
        sheet.write_string(0, 0, form_line(), self.style(font_color=QUIET))
        sheet.set_row(1, 26)
        sheet.write_string(1, 0, f"{filled.sheet.zh}　{self.title}", self.style(font_size=14))
        line = "　　".join(f"{name}：{value}" for name, value in self.facts[:3])
        sheet.write_string(2, 0, line, self.style(font_color=QUIET))
        self._heads(sheet, columns)
        at = HEAD_ROWS
        for row in filled.rows:
            self._row(sheet, at, columns, row)
            at += 1
        for note in filled.sheet.notes:
            at += 1
            sheet.write_string(at, 0, f"注：{note}", self.style(font_size=9, font_color=QUIET))

    def _heads(self, sheet: Worksheet, columns: Sequence[Column]) -> None:
        """Three lines: what stands in a column, in which unit, where it comes from."""
        top = HEAD_ROWS - 3
        quiet: dict[str, Any] = {"font_color": QUIET, "font_size": 9, "text_wrap": True}
        lines: tuple[tuple[int, str, dict[str, Any]], ...] = (
            (34, "head", {"top": 2, "text_wrap": True}),
            (16, "unit", quiet),
            (26, "source", {**quiet, "bottom": 1, "bottom_color": INK}),
        )
        for at, (height, name, features) in enumerate(lines, start=top):
            sheet.set_row(at, height)
            for place, column in enumerate(columns):
                style = self.style(**features, **_side(place, column.kind))
                sheet.write_string(at, place, getattr(column, name), style)

    def _row(
        self, sheet: Worksheet, at: int, columns: Sequence[Column], row: Mapping[str, Any]
    ) -> None:
        texts = [(row[one.key], one.width) for one in columns if isinstance(row.get(one.key), str)]
        lines = max((1 + int(line_width(text) // width) for text, width in texts), default=1)
        sheet.set_row(at, 5 + 13 * lines)
        for place, column in enumerate(columns):
            self._cell(sheet, at, place, column.kind, row.get(column.key))

    def _cell(self, sheet: Worksheet, at: int, place: int, kind: str, value: Any) -> None:
        under = {"bottom": 1, "bottom_color": RULE}
        if value is None or value == "":
            sheet.write_blank(at, place, None, self.style(**under))
        elif kind == "month":
            sheet.write_string(at, place, format_month(value), self.style(align="right", **under))
        elif isinstance(value, date):
            sheet.write_datetime(at, place, _start_of(value), self._number(kind))
        elif isinstance(value, (int, Decimal)):
            parts = WAN if kind in {"wan", "amount"} else 1
            sheet.write_number(at, place, value / parts, self._number(kind))
        else:
            style = self.style(text_wrap=True, **_side(place, kind), **under)
            sheet.write_string(at, place, str(value), style)

    def _number(self, kind: str) -> Any:
        return self.style(num_format=FORMATS[kind], bottom=1, bottom_color=RULE)


def form_line() -> str:
    """That these are the park's figures, and no survey of the state."""
    return _("Management report of the park (not a government statistical survey)")


def _side(place: int, kind: str) -> dict[str, Any]:
    """Texts stand at the left, a little away from the numbers before them."""
    if kind != "text":
        return {"align": "right"}
    return {"align": "left", "indent": 1} if place else {"align": "left"}


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 — a cell has no time zone

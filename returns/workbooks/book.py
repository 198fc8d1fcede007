"""The pen of the workbooks: paper, heads, open entries, drop-downs; everything else is locked.

White cells are typed into; the rest is locked without a password. Texts are texts: never formulas,
never links.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from returns.workbooks.layout import Column, Sheets
from returns.workbooks.values import Sort, in_cell, rule_of

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": "#1c2126"}
QUIET = "#4d545b"
INK = "#1c2126"
RULE = "#b9b6ad"
SHADE = "#f2f0ea"  # of what is not typed into
A4 = 9
STAMP_ROW = 0
WIDEST = 12  # columns that one page across holds
LOCKS = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}


class Book:
    """A workbook that is being written, sheet by sheet, from above to below."""

    def __init__(self, title: str) -> None:
        self.stream = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.stream,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self.book.set_properties({"title": title})
        self.names = Sheets.names()
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._entry_styles: dict[tuple[Sort, bool], Any] = {}
        self._lists: dict[str, tuple[str, Sequence[str]]] = {}

    def bytes(self) -> bytes:
        """The finished file."""
        self._write_lists()
        self.book.close()
        return self.stream.getvalue()

    def style(self, **features: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(features.items()))
        if key not in self._styles:
            self._styles[key] = self.book.add_format({**FONT, "valign": "vcenter", **features})
        return self._styles[key]

    def sheet(
        self, what: str, columns: Sequence[Column], *, heads: int, across: bool = True
    ) -> Worksheet:
        """A sheet for paper of A4, locked but for its entries; its heads stand in row `heads`."""
        sheet = self.book.add_worksheet(self.names[what])
        if across:
            sheet.set_landscape()
        sheet.set_paper(A4)
        if len(columns) > WIDEST:  # several pages side by side, as wide as can be read
            sheet.set_print_scale(60)
        else:
            sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.repeat_rows(heads)
        sheet.set_footer("&R&P / &N")
        sheet.hide_gridlines(2)
        for place, column in enumerate(columns):
            options = {"hidden": True} if column.is_hidden else {}
            sheet.set_column(place, place, column.width, self.style(), options)
        sheet.protect("", LOCKS)
        return sheet

    def stamp(self, sheet: Worksheet, line: str) -> None:
        """Say, out of sight, which workbook it is."""
        sheet.set_row(STAMP_ROW, None, None, {"hidden": True})
        sheet.write_string(STAMP_ROW, 0, line, self.style(font_color=QUIET))

    def across(self, sheet: Worksheet, row: int, text: str, last: int, **features: Any) -> None:
        """One text over the columns from the second to `last`."""
        height = features.pop("height", 18)
        sheet.set_row(row, height)
        sheet.merge_range(row, 1, row, last, text, self.style(**features))

    def heads(self, sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
        """The heads with their units, and below them, hidden, the names of the columns."""
        sheet.set_row(row, 44 if any(column.unit for column in columns) else 24)
        for place, column in enumerate(columns):
            style = self.style(
                top=2,
                bottom=1,
                bottom_color=INK,
                font_color=QUIET,
                text_wrap=True,
                align="right" if column.is_right else "left",
                indent=1,
            )
            text = f"{column.head()}\n({column.unit})" if column.unit else column.head()
            sheet.write_string(row, place, text, style)
            if column.help:
                sheet.write_comment(row, place, str(column.help), {"x_scale": 1.6})
        sheet.set_row(row + 1, None, None, {"hidden": True})
        for place, column in enumerate(columns):
            sheet.write_string(row + 1, place, column.name, self.style(font_color=QUIET))

    def entry(
        self, sheet: Worksheet, row: int, place: int, sort: Sort, value: Any, *, is_open: bool
    ) -> None:
        """A cell that people type into, or, not `is_open`, only read."""
        self.put(sheet, row, place, in_cell(sort, value), self._entry_style(sort, is_open))

    def _entry_style(self, sort: Sort, is_open: bool) -> Any:
        """Looked up by the two: by its features it would take longer than writing the cell."""
        if (sort, is_open) not in self._entry_styles:
            self._entry_styles[sort, is_open] = self.style(
                locked=not is_open,
                border=1,
                border_color=RULE,
                num_format=sort.number_format,
                align="right" if sort.is_number else "left",
                indent=1,
                text_wrap=sort in {Sort.TEXT, Sort.REMARK},
                **({} if is_open else {"bg_color": SHADE}),
            )
        return self._entry_styles[sort, is_open]

    def put(self, sheet: Worksheet, row: int, place: int, value: Any, style: Any) -> None:
        """A number as a number, a text as a text, nothing as nothing."""
        if value is None or value == "":
            sheet.write_blank(row, place, None, style)
        elif isinstance(value, (Decimal, int)):
            sheet.write_number(row, place, value, style)
        else:
            sheet.write_string(row, place, str(value), style)

    def said(self, sheet: Worksheet, row: int, place: int, text: str, **features: Any) -> None:
        """What is only read."""
        sheet.write_string(row, place, text, self.style(**features))

    def rule(self, sheet: Worksheet, first: int, last: int, place: int, sort: Sort) -> None:
        """Let the program refuse what cannot be, from row `first` to `last`."""
        rule = rule_of(sort)
        if rule is not None and first <= last:
            sheet.data_validation(first, place, last, place, rule)

    def choose(self, sheet: Worksheet, first: int, last: int, place: int, listed: str) -> None:
        """Let people choose from a list of codes."""
        source, _values = self._lists[listed]
        rule = {
            "validate": "list",
            "source": source,
            "ignore_blank": True,
            "error_title": _("This cannot be")[:32],
            "error_message": _("Choose one from the list.")[:255],
        }
        if first <= last:
            sheet.data_validation(first, place, last, place, rule)

    def lists(self, lists: Mapping[str, Iterable[str]]) -> None:
        """What may be chosen, each list by its name; it is written on a hidden sheet of its own."""
        for place, (name, values) in enumerate(lists.items()):
            texts = list(values)
            letter = xl_col_to_name(place)
            source = f"='{self.names['codes']}'!${letter}$2:${letter}${len(texts) + 1}"
            self._lists[name] = (source, texts)

    def _write_lists(self) -> None:
        if not self._lists:
            return
        sheet = self.book.add_worksheet(self.names["codes"])
        sheet.protect("", LOCKS)
        sheet.hide()
        columns = [(name, texts) for name, (_source, texts) in self._lists.items()]
        for place, (name, _texts) in enumerate(columns):
            sheet.set_column(place, place, 30)
            sheet.write_string(0, place, name)
        for row in range(max(len(texts) for _name, texts in columns)):
            for place, (_name, texts) in enumerate(columns):
                if row < len(texts):
                    sheet.write_string(row + 1, place, texts[row])

"""A workbook: its sheets set up for print, its formats, its names. Nothing is read as a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import pgettext
from xlsxwriter.worksheet import Worksheet

from reports.document import Document

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": "#1c2126"}
QUIET = "#4d545b"
A4 = 9
PAGE = 118.0  # width of A4 across, in signs; narrower tables stand at the left of it
SPARE = 10.0
LONGEST_NAME = 31  # of a sheet, says Excel


class Book:
    """Sheets of one or several documents, in one file. The same sheets give the same bytes."""

    def __init__(self, *, title: str, comments: str, made_at: datetime) -> None:
        self.stream = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.stream,
            # Some ten thousand cells: files on the disk, one a sheet, would take longer.
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self.book.set_properties(
            {
                "title": title,
                "comments": comments,
                "created": timezone.localtime(made_at).replace(tzinfo=None),
            }
        )
        self.styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.names: set[str] = set()
        self.span = 1  # columns of the sheet that is being written, spare ones among them
        self.width = PAGE  # of these columns, in signs

    def bytes(self) -> bytes:
        self.book.close()
        return self.stream.getvalue()

    def style(self, **features: Any) -> Any:
        key = tuple(sorted(features.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format({**FONT, "valign": "vcenter", **features})
        return self.styles[key]

    def name(self, wanted: str) -> str:
        """A name that Excel takes and no sheet has: 31 signs, without those it uses itself."""
        plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in wanted).strip("' ")
        name, number = plain[:LONGEST_NAME], 2
        while name.casefold() in self.names:
            ending = f" {number}"
            name, number = plain[: LONGEST_NAME - len(ending)] + ending, number + 1
        self.names.add(name.casefold())
        return name

    def sheet(
        self, document: Document, name: str, *, widths: Sequence[float], repeat: tuple[int, int]
    ) -> Worksheet:
        """A sheet of `document`, printed with its edition under every page."""
        sheet = self.plain_sheet(name, document.edition, widths=widths, repeat=repeat)
        if document.is_draft:
            sheet.set_header(f"&R{pgettext('report', 'Draft')}")
        return sheet

    def plain_sheet(
        self, name: str, under: str, *, widths: Sequence[float], repeat: tuple[int, int]
    ) -> Worksheet:
        """A sheet set up for print: A4 across, as wide as the page, heads on every page."""
        sheet = self.book.add_worksheet(self.name(name))
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.center_horizontally()
        sheet.repeat_rows(*repeat)
        sheet.set_footer(f"&L{_escaped(under)}&R&P / &N")
        sheet.hide_gridlines(2)
        missing = max(0.0, PAGE - sum(widths))
        all_widths = [*widths, *[SPARE] * round(missing / SPARE)]
        for number, width in enumerate(all_widths):
            sheet.set_column(number, number, width, self.style())
        self.span, self.width = len(all_widths), sum(all_widths)
        return sheet

    def across(self, sheet: Worksheet, row: int, text: str, **features: Any) -> None:
        """One text over the whole width of the page."""
        style = self.style(**features)
        if self.span > 1:
            sheet.merge_range(row, 0, row, self.span - 1, "", style)
        sheet.write_string(row, 0, text, style)

    def line(self, sheet: Worksheet, at: int, texts: Iterable[str], **features: Any) -> None:
        """Texts side by side, from the first column on."""
        for number, text in enumerate(texts):
            sheet.write_string(at, number, text, self.style(text_wrap=True, **features))


def _escaped(text: str) -> str:
    """`&` begins a code in the head and foot of a printed page."""
    return text.replace("&", "&&")

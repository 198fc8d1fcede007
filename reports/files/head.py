"""The head and the foot of a form, as they are printed on every sheet of a workbook."""

from __future__ import annotations

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from reports.document import Document
from reports.files.book import QUIET, Book
from reports.files.layout import line_width, said


def write_head(
    book: Book, sheet: Worksheet, document: Document, title: str, units: str = ""
) -> None:
    """What form it is, of which park, which edition, and 表号, 制表单位, 报告期, 计量单位."""
    book.across(sheet, 0, document.form, align="center", font_color=QUIET)
    sheet.set_row(1, 26)
    name = f"{document.park}　{document.title}".strip()
    book.across(sheet, 1, name, align="center", font_size=15)
    sheet.set_row(2, 20)
    line = [title, document.edition]
    if document.has_sample:
        line.append(_("with sample figures"))
    book.across(sheet, 2, "　　".join(filter(None, line)), font_size=11)
    sheet.set_row(3, 20)
    facts = [*document.facts, (_("Units"), units)] if units else document.facts
    book.across(sheet, 3, "　　".join(said(*fact) for fact in facts), font_color=QUIET)


def write_foot(book: Book, sheet: Worksheet, document: Document, at: int) -> int:
    """Notes, then who answers for the table; gives the row after them."""
    sheet.set_row(at, 6)
    at += 1
    if document.notes:
        notes = "　".join(document.notes)
        lines = 1 + int(line_width(notes) * 0.92 // book.width)
        sheet.set_row(at, 4 + 13 * lines)
        book.across(sheet, at, notes, font_size=9, font_color=QUIET, text_wrap=True, valign="top")
        at += 1
    sheet.set_row(at, 26)
    text = "　　　　　　".join(said(*who) for who in document.signatures)
    book.across(sheet, at, text, font_color=QUIET)
    return at + 1

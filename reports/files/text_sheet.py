"""The text of a month on a sheet: its paragraphs, and where each of its numbers stands."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.document import Document
from reports.files.book import PAGE, QUIET, Book
from reports.files.cells import INK, RULE
from reports.files.head import write_foot, write_head
from reports.files.layout import line_width

FIRST = 4  # below the head
WIDTHS = (16.0, 12.0, 34.0, 48.0)
ON_A_LINE = PAGE - 4


def write_text(book: Book, document: Document) -> None:
    """Nothing for a document that says what it has to say in tables and lists."""
    if document.tables or document.lists:
        return
    sheet = book.sheet(document, document.title, widths=WIDTHS, repeat=(0, 1))
    write_head(book, sheet, document, "")
    at = FIRST
    for paragraph in document.paragraphs:
        text = f"　　{paragraph.text}"
        sheet.set_row(at, 8 + 18 * (1 + int(line_width(text) * 1.1 // ON_A_LINE)))
        book.across(sheet, at, text, font_size=11, text_wrap=True, valign="top")
        at += 1
    at = write_foot(book, sheet, document, at)
    if document.cited:
        sheet.set_row(at, 24)
        book.across(sheet, at, _("Where the numbers of the text stand"), valign="bottom")
        heads = (
            pgettext("head", "Number"),
            pgettext("restated", "Table"),
            pgettext("restated", "Row"),
            pgettext("restated", "Figure"),
        )
        book.line(sheet, at + 1, heads, top=2, bottom=1, bottom_color=INK, font_color=QUIET)
        for row, one in enumerate(document.cited, start=at + 2):
            texts = (one.text, one.table, one.row, one.column)
            book.line(sheet, row, texts, bottom=1, bottom_color=RULE)

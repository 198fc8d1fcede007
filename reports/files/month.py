"""A whole month in one file: a workbook with a sheet for each table, a PDF with its bookmarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.document import Document
from reports.files.book import QUIET, Book
from reports.files.cells import INK, RULE
from reports.files.contents import Contents
from reports.files.layout import line_width
from reports.files.printed import pdf_of_month
from reports.files.workbook import FormSheets
from web import formats
from web.formats import MISSING

WIDTHS = (12.0, 44.0, 52.0, 14.0)
LINK = "#1f4f7d"


def contents_of(documents: Sequence[Document]) -> Contents:
    """Which reports are in a month, of which edition, with how many returns filed."""
    first = documents[0]
    title = pgettext("contents", "%(park)s: tables of %(month)s") % {
        "park": first.park,
        "month": formats.month(first.month),
    }
    notes = [first.form]
    if any(document.is_draft for document in documents):
        notes.append(_("Drafts are in it: it is for looking through, not for publishing."))
    if any(document.has_sample for document in documents):
        notes.append(_("Sample: some of these figures are invented to show how the report works."))
    return Contents(
        title=title,
        heads=(
            pgettext("report", "Form"),
            pgettext("of a report", "Report"),
            pgettext("head", "Edition"),
            pgettext("report", "Returns filed"),
        ),
        rows=tuple(
            (
                document.number or MISSING,
                document.title,
                document.edition,
                document.facts[-1][1],
            )
            for document in documents
        ),
        notes=tuple(notes),
    )


def xlsx_of_month(documents: Sequence[Document]) -> bytes:
    """One workbook: the contents, each line a link, then every sheet of every report."""
    contents = contents_of(documents)
    made_at = max(document.made_at for document in documents)
    book = Book(title=contents.title, comments="; ".join(contents.notes), made_at=made_at)
    sheet = book.plain_sheet(
        pgettext("sheet", "Contents"), contents.title, widths=WIDTHS, repeat=(0, 2)
    )
    first_span = book.span
    sheets = [FormSheets(book, one, is_one_of_many=True).write() for one in documents]
    book.span = first_span
    sheet.set_row(0, 30)
    book.across(sheet, 0, contents.title, align="center", font_size=15)
    book.line(sheet, 2, contents.heads, top=2, bottom=1, bottom_color=INK, font_color=QUIET)
    lines = {"bottom": 1, "bottom_color": RULE, "text_wrap": True}
    for at, (texts, name) in enumerate(zip(contents.rows, sheets, strict=True), start=3):
        sheet.set_row(at, 4 + 15 * max(1, round(line_width(texts[2]) / WIDTHS[2] + 0.4)))
        for number, text in enumerate(texts):
            if number == 1:
                style = book.style(**lines, font_color=LINK, underline=1)
                sheet.write_url(at, number, f"internal:'{name}'!A1", style, text)
            else:
                sheet.write_string(at, number, text, book.style(**lines))
    for at, note in enumerate(contents.notes, start=4 + len(sheets)):
        book.across(sheet, at, note, font_size=9, font_color=QUIET)
    return book.bytes()


def month_pdf(documents: Sequence[Document]) -> bytes:
    """One PDF: the contents, then every report, with bookmarks and pages counted through."""
    return pdf_of_month(documents, contents_of(documents))


MONTH_WRITERS: dict[str, Callable[[Sequence[Document]], bytes]] = {
    "xlsx": xlsx_of_month,
    "pdf": month_pdf,
}

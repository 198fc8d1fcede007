"""The sheets of classes, markets and notes, in each of the workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from returns.content import Content
from returns.workbooks.book import QUIET, Book
from returns.workbooks.codes import Codes, listed_code
from returns.workbooks.layout import Column
from returns.workbooks.values import Sort
from returns.workbooks.was import was_text

HEADS = 3
# Which list a column is chosen from
LISTS: Mapping[str, str] = {
    "service_class": "classes",
    "market": "markets",
    "currency": "currencies",
    "month": "months",
    "whose": "enterprises",
    "figure": "figures",
}

Row = tuple[Mapping[str, Any], bool]  # the cells of a row by their columns, and whether it is open


def class_cells(content: Content, codes: Codes, whose: str = "") -> Iterator[dict[str, Any]]:
    """A row for each class."""
    for code, measures in content.classes.items():
        was = was_text({"whose": whose, "service_class": code, **measures})
        yield {"service_class": listed_code(codes.classes, code), **measures, "was": was}


def market_cells(content: Content, codes: Codes, whose: str = "") -> Iterator[dict[str, Any]]:
    """A row for each country or region and currency."""
    for (market, currency), measures in content.markets.items():
        key = {
            "market": listed_code(codes.markets, market),
            "currency": listed_code(codes.currencies, currency),
        }
        was = was_text({"whose": whose, "market": market, "currency": currency, **measures})
        yield {**key, **measures, "was": was}


def write_lines(
    book: Book,
    what: str,
    columns: Sequence[Column],
    rows: Iterator[dict[str, Any]],
    spare: int,
    titles: tuple[str, str],
    is_open: bool,
) -> None:
    """A sheet of lines of one return, with spare ones below."""
    write_table(book, what, columns, [(row, is_open) for row in rows], spare, titles, is_open)


def write_table(
    book: Book,
    what: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    spare: int,
    titles: tuple[str, str],
    is_open: bool,
) -> None:
    """A sheet of lines: those that are there, then spare ones if it `is_open`."""
    sheet = book.sheet(what, columns, heads=HEADS)
    _title(book, sheet, columns, titles)
    book.heads(sheet, HEADS, columns)
    first = at = HEADS + 2
    for cells, row_is_open in rows:
        _write(book, sheet, at, columns, cells, row_is_open)
        at += 1
    for _spare in range(spare if is_open else 0):
        _write(book, sheet, at, columns, {}, True)
        at += 1
    for place, column in enumerate(columns):
        if column.sort == Sort.CHOICE:
            book.choose(sheet, first, at - 1, place, LISTS[column.name])
        else:
            book.rule(sheet, first, at - 1, place, column.sort)
    sheet.freeze_panes(HEADS + 2, 1)


def _title(
    book: Book, sheet: Worksheet, columns: Sequence[Column], titles: tuple[str, str]
) -> None:
    last = len(columns) - 2
    sheet.set_row(0, 24)
    sheet.merge_range(0, 0, 0, last, titles[0], book.style(font_size=13))
    sheet.merge_range(1, 0, 1, last, titles[1], book.style(font_color=QUIET))
    sheet.set_row(2, 6)


def _write(
    book: Book,
    sheet: Worksheet,
    at: int,
    columns: Sequence[Column],
    cells: Mapping[str, Any],
    is_open: bool,
) -> None:
    texts = [str(cells.get(column.name) or "") for column in columns if column.sort == Sort.REMARK]
    sheet.set_row(at, 19 * max(1, *(text.count("\n") + 1 for text in (*texts, ""))))
    for place, column in enumerate(columns):
        value = cells.get(column.name)
        if column.is_hidden:
            book.said(sheet, at, place, str(value or ""), font_color=QUIET)
        else:
            may_type = is_open and column.is_entry
            book.entry(sheet, at, place, column.sort, value, is_open=may_type)

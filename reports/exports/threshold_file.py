"""The list of thresholds as a file: the rows that the page shows, in its order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.worksheet import Worksheet

from foundation.csv_files import encoded
from foundation.months import format_month
from reports.exports.workbook import FONT, QUIET, RULE, form_line
from reports.files.layout import line_width
from reports.threshold_list import ThresholdList
from returns.thresholds import Standing
from web import formats

Cell = str | int | Decimal | None
WAN = 10_000
TENTH = Decimal("0.1")
TEXT = "@"
A4, HEADS_AT = 9, 4


class Column(NamedTuple):
    """A column: its head, what stands in it, how wide it is, and how its numbers are written."""

    head: str
    cell: Callable[[Standing], Cell]
    width: int = 14
    number: str = "#,##0.00"
    is_number: bool = True


def columns() -> list[Column]:
    return [
        Column(_("Enterprise"), lambda one: one.enterprise.name, 34, TEXT, is_number=False),
        Column(_("Credit code"), lambda one: one.enterprise.credit_code, 22, TEXT, is_number=False),
        Column(_("Industry"), lambda one: one.enterprise.industry_code, 10, TEXT, is_number=False),
        Column(
            _("Name of the industry"),
            lambda one: one.enterprise.industry_name,
            26,
            TEXT,
            is_number=False,
        ),
        Column(_("Threshold (10,000 yuan)"), lambda one: _wan(one.threshold)),
        Column(_("Revenue of twelve months (10,000 yuan)"), lambda one: _wan(one.revenue)),
        Column(_("Months filed, of twelve"), lambda one: len(one.filed), 12, "0"),
        Column(_("Months missing"), missing_months, 24, TEXT, is_number=False),
        Column(_("Over the threshold (10,000 yuan)"), lambda one: _wan(one.distance)),
        Column(_("Of the threshold (%)"), _percent, 12, "0.0"),
        Column(_("State"), lambda one: str(one.state.label), 12, TEXT, is_number=False),
        Column(_("Revenue of the year to date (10,000 yuan)"), lambda one: _wan(one.year_to_date)),
        Column(_("Sample"), _sample, 8, TEXT, is_number=False),
    ]


def missing_months(standing: Standing) -> str:
    """The months that are owed and not filed."""
    between = pgettext("between items of a list", ", ")
    return between.join(formats.month(month) for month in standing.missing)


def xlsx_of(shown: ThresholdList) -> bytes:
    """The rows of the page as a workbook of one sheet, to be read and printed.

    Texts are texts: never formulas, never links.
    """
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        _Sheet(book, columns()).write(shown)
    return target.getvalue()


class _Sheet:
    """What it is, of when, by which source; then heads, rows and notes."""

    def __init__(self, book: Any, shown: Sequence[Column]) -> None:
        self.book, self.columns = book, shown

    def write(self, shown: ThresholdList) -> None:
        sheet = self.book.add_worksheet(format_month(shown.month))
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4)
        sheet.set_footer("&R&P / &N")
        sheet.repeat_rows(HEADS_AT)
        sheet.freeze_panes(HEADS_AT + 1, 1)
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, column.width)
        quiet = self._style(font_color=QUIET)
        sheet.write_string(0, 0, form_line(), quiet)
        sheet.set_row(1, 26)
        sheet.write_string(1, 0, _title(shown), self._style(font_size=14))
        sheet.write_string(2, 0, _period(shown), quiet)
        self._heads(sheet)
        rows = shown.rows
        for line, row in enumerate(rows, start=HEADS_AT + 1):
            self._row(sheet, line, row)
        last = HEADS_AT + max(len(rows), 1)
        sheet.autofilter(HEADS_AT, 0, last, len(self.columns) - 1)
        for line, note in enumerate(_notes(shown), start=last + 2):
            sheet.write_string(line, 0, note, self._style(font_color=QUIET, font_size=9))

    def _heads(self, sheet: Worksheet) -> None:
        sheet.set_row(HEADS_AT, 44)
        for place, column in enumerate(self.columns):
            left = {"align": "left", "indent": 1 if place else 0}
            side = {"align": "right"} if column.is_number else left
            head = self._style(text_wrap=True, top=2, bottom=1, **side)
            sheet.write_string(HEADS_AT, place, column.head, head)

    def _row(self, sheet: Worksheet, line: int, row: Standing) -> None:
        under = {"bottom": 1, "bottom_color": RULE}
        said = [(column.cell(row), column.width - 3) for column in self.columns]
        lines = [
            1 + int(line_width(text) // width) for text, width in said if isinstance(text, str)
        ]
        sheet.set_row(line, 5 + 14 * max(lines))
        for place, column in enumerate(self.columns):
            value = column.cell(row)
            if isinstance(value, (int, Decimal)):
                style = self._style(num_format=column.number, **under)
                sheet.write_number(line, place, value, style)
            elif value:
                text = self._style(text_wrap=True, indent=1 if place else 0, **under)
                sheet.write_string(line, place, value, text)
            else:
                sheet.write_blank(line, place, None, self._style(**under))

    def _style(self, **features: Any) -> Any:
        key = tuple(sorted(features.items()))
        if key not in self._styles:
            self._styles[key] = self.book.add_format({**FONT, "valign": "vcenter", **features})
        return self._styles[key]

    @cached_property
    def _styles(self) -> dict[tuple[tuple[str, Any], ...], Any]:
        return {}


def _title(shown: ThresholdList) -> str:
    words = {"month": formats.month(shown.month)}
    return _("Enterprises and the threshold of their industry, %(month)s") % words


def _period(shown: ThresholdList) -> str:
    return _(
        "Revenue of the twelve months from %(first)s to %(last)s, as filed. Near is from "
        "%(near)d%% of the threshold on."
    ) % {
        "first": formats.month(shown.first_month),
        "last": formats.month(shown.month),
        "near": shown.near,
    }


def _notes(shown: ThresholdList) -> list[str]:
    """Where the thresholds come from, and who is not in the list."""
    notes = [
        _("Thresholds: %(source)s. Who is in the survey is decided by the statistics office.")
        % {"source": shown.source}
    ]
    if shown.unknown:
        between = pgettext("between items of a list", ", ")
        firms = between.join(one.enterprise.short_name for one in shown.unknown)
        notes.append(
            _("Not in the list, as their industry is not known: %(firms)s") % {"firms": firms}
        )
    if shown.has_sample:
        notes.append(_("Sample: some values are invented for demonstration."))
    return notes


def csv_of(rows: Sequence[Standing]) -> bytes:
    """The rows as CSV; what is unknown is a dash."""
    shown = columns()
    lines = [[_plain(column.cell(row)) for column in shown] for row in rows]
    return encoded([[column.head for column in shown], *lines])


def _plain(cell: Cell) -> str | int | Decimal | None:
    return cell if cell is None or isinstance(cell, (int, Decimal)) else str(cell)


def _wan(yuan: Decimal | None) -> Decimal | None:
    return None if yuan is None else yuan / WAN


def _percent(standing: Standing) -> Decimal | None:
    share = standing.share
    return None if share is None else (share * 100).quantize(TENTH, ROUND_HALF_UP)


def _sample(standing: Standing) -> str:
    invented = not {"*", "industry_code"}.isdisjoint(standing.enterprise.sample_fields)
    return _("Sample") if invented else ""

"""The rows of a month's page as a file: the same rows, in the same order, with the same facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import NamedTuple

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.csv_files import encoded
from foundation.months import format_month
from returns.checks import Change
from returns.desk import FiledRow
from returns.models.reminders import ReturnReminder
from web import formats

Cell = str | int | Decimal | date | None
WAN = 10_000
TENTH = Decimal("0.1")


class Column(NamedTuple):
    """A column: its head, what stands in it, how wide it is and how a number is written."""

    head: str
    cell: Callable[[FiledRow], Cell]
    width: int = 11
    number: str = "#,##0"


def columns() -> list[Column]:
    """The columns of the page, in its order; what the page says below a figure has its own."""
    wan, one = "#,##0.00", "0.0"
    return [
        Column(_("Enterprise"), lambda row: row.enterprise.short_name, 20),
        Column(_("State"), lambda row: row.owed.word, 12),
        Column(_("Days late"), lambda row: row.days_late or None),
        Column(_("Sent back on"), _sent_back_on, 12),
        Column(_("What the park asks"), lambda row: row.owed.asks, 40),
        Column(_("Revenue (10,000 yuan)"), _revenue, 16, wan),
        Column(_("Revenue on last month (%)"), _percent("revenue_change"), 12, one),
        Column(_("Revenue on last year (%)"), _percent("revenue_on_year"), 12, one),
        Column(_("Staff at the end of the month (people)"), lambda row: row.headcount, 14),
        Column(_("Staff on last month (%)"), _percent("headcount_change"), 12, one),
        Column(_("Staff on last year (%)"), _percent("headcount_on_year"), 12, one),
        Column(_("Contracted seats"), lambda row: row.seats, 12),
        Column(_("What catches the eye"), _eye, 50),
        Column(_("Reminded last"), lambda row: reminded(row.reminder), 30),
        Column(_("Sample"), _sample, 8),
    ]


def reminded(reminder: ReturnReminder | None) -> str:
    """When an enterprise was told last, and by whom or why."""
    if reminder is None:
        return ""
    who = reminder.by.name if reminder.by else reminder.get_occasion_display()
    return f"{formats.moment(reminder.at)} {who}"


def xlsx_of(rows: Sequence[FiledRow], month: date) -> bytes:
    """The rows as a workbook of one sheet. Texts are texts: never formulas, never links."""
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(format_month(month))
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        shown = columns()
        styles = [book.add_format({"num_format": column.number}) for column in shown]
        for place, column in enumerate(shown):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.head, head)
        sheet.freeze_panes(1, 1)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows, start=1):
            for place, column in enumerate(shown):
                value = column.cell(row)
                if isinstance(value, date):
                    sheet.write_datetime(line, place, value, day)
                elif isinstance(value, (int, Decimal)):
                    sheet.write_number(line, place, value, styles[place])
                elif value:
                    sheet.write_string(line, place, value)
        sheet.autofilter(0, 0, max(len(rows), 1), len(shown) - 1)
    return target.getvalue()


def csv_of(rows: Sequence[FiledRow], month: date) -> bytes:
    """The rows as CSV; what is empty stays empty."""
    shown = columns()
    return encoded(
        [
            [column.head for column in shown],
            *([_plain(column.cell(row)) for column in shown] for row in rows),
        ]
    )


def _plain(cell: Cell) -> str | int | Decimal:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell


def _revenue(row: FiledRow) -> Decimal | None:
    return None if row.revenue is None else row.revenue / WAN


def _percent(name: str) -> Callable[[FiledRow], Decimal | None]:
    """A change in percent, rounded as the page shows it."""

    def cell(row: FiledRow) -> Decimal | None:
        change: Change | None = getattr(row, name)
        return None if change is None else (change.ratio * 100).quantize(TENTH, ROUND_HALF_UP)

    return cell


def _sent_back_on(row: FiledRow) -> date | None:
    found = row.owed.row
    is_asked = row.owed.is_sent_back and found is not None
    return timezone.localtime(found.since).date() if is_asked and found else None


def _eye(row: FiledRow) -> str:
    words = pgettext("between sentences of a list", "; ")
    return words.join(f"{one.text} ({one.limit})" for one in row.differences)


def _sample(row: FiledRow) -> str:
    return _("Sample") if row.owed.row and row.owed.row.sample_fields else ""

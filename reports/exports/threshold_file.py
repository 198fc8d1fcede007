"""The list of thresholds as a file: the rows that the page shows, in its order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.csv_files import encoded
from foundation.months import format_month
from returns.thresholds import Standing
from web import formats

Cell = str | int | Decimal | None
WAN = 10_000
TENTH = Decimal("0.1")


class Column(NamedTuple):
    """A column: its head, what stands in it, how wide it is and how a number is written."""

    head: str
    cell: Callable[[Standing], Cell]
    width: int = 14
    number: str = "#,##0.00"


def columns() -> list[Column]:
    return [
        Column(_("Enterprise"), lambda one: one.enterprise.name, 34),
        Column(_("Credit code"), lambda one: one.enterprise.credit_code, 22),
        Column(_("Industry"), lambda one: one.enterprise.industry_code, 10),
        Column(_("Name of the industry"), lambda one: one.enterprise.industry_name, 26),
        Column(_("Threshold (10,000 yuan)"), lambda one: _wan(one.threshold)),
        Column(_("Revenue of twelve months (10,000 yuan)"), lambda one: _wan(one.revenue)),
        Column(_("Months filed, of twelve"), lambda one: len(one.filed), 12, "0"),
        Column(_("Months missing"), missing_months, 24),
        Column(_("Over the threshold (10,000 yuan)"), lambda one: _wan(one.distance)),
        Column(_("Of the threshold (%)"), _percent, 12, "0.0"),
        Column(_("State"), lambda one: str(one.state.label), 12),
        Column(_("Revenue of the year to date (10,000 yuan)"), lambda one: _wan(one.year_to_date)),
        Column(_("Sample"), _sample, 8),
    ]


def missing_months(standing: Standing) -> str:
    """The months that are owed and not filed."""
    between = pgettext("between items of a list", ", ")
    return between.join(formats.month(month) for month in standing.missing)


def xlsx_of(rows: Sequence[Standing]) -> bytes:
    """The rows as a workbook of one sheet. Texts are texts: never formulas, never links."""
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(format_month(rows[0].month) if rows else "0")
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        shown = columns()
        styles = [book.add_format({"num_format": column.number}) for column in shown]
        for place, column in enumerate(shown):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.head, head)
        sheet.freeze_panes(1, 1)
        for line, row in enumerate(rows, start=1):
            for place, column in enumerate(shown):
                value = column.cell(row)
                if isinstance(value, (int, Decimal)):
                    sheet.write_number(line, place, value, styles[place])
                elif value:
                    sheet.write_string(line, place, str(value))
        sheet.autofilter(0, 0, max(len(rows), 1), len(shown) - 1)
    return target.getvalue()


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

"""All months of an enterprise, or all enterprises of a month: a row for each return."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from accounts.models import User
from foundation.months import month_of
from returns.content import Content
from returns.desk import closed_among, owed_months
from returns.figures import FIGURES
from returns.models import MonthlyReturn
from returns.owing import owing
from returns.services.steps import EDITABLE
from returns.workbooks.book import QUIET, SHADE, Book
from returns.workbooks.codes import code_lists, codes_of, listed_enterprise, month_text
from returns.workbooks.layout import (
    CLASSES,
    CREDIT_CODE,
    MARKETS,
    MONTH,
    NOTES,
    SHORT_NAME,
    STATE,
    WAS,
    WHOSE,
    Column,
    figure_column,
    label,
    typed_names,
)
from returns.workbooks.lines import Row, class_cells, market_cells, write_table
from returns.workbooks.remarks import remarks_of
from returns.workbooks.stamp import Kind, Stamp
from returns.workbooks.was import was_text
from tenants.models import Enterprise
from web import formats

HEADS = 4
SPARE_LINES = 100
MONTHS_COLUMNS = (MONTH, STATE)
PARK_COLUMNS = (CREDIT_CODE, SHORT_NAME, STATE)


class Line(NamedTuple):
    """A return, or a month without one."""

    enterprise: Enterprise
    month: date
    row: MonthlyReturn | None
    is_open: bool


def months_of(enterprise: Enterprise, user: User, today: date) -> bytes:
    """All months of an enterprise, newest last: seven queries."""
    months = set(owed_months(enterprise, today))
    returns = _returns(MonthlyReturn.objects.filter(enterprise=enterprise))
    by_month = {row.month: row for row in returns}
    lines = _lines(
        [(enterprise, month, by_month.get(month)) for month in sorted(months | set(by_month))],
        user,
    )
    title = _("%(enterprise)s: returns of all months") % {"enterprise": enterprise.name}
    stamp = Stamp(Kind.MONTHS, enterprise.credit_code)
    return _Many(title, stamp, MONTHS_COLUMNS, MONTH, lines, month_of(today)).bytes()


def park_of(month: date, user: User) -> bytes:
    """All enterprises that owe the return of `month`, by name: seven queries."""
    returns = {
        row.enterprise_id: row for row in _returns(MonthlyReturn.objects.filter(month=month))
    }
    owed = owing([month])[month] | set(returns)
    enterprises = Enterprise.objects.filter(pk__in=owed).by_name()
    lines = _lines([(one, month, returns.get(one.pk)) for one in enterprises], user)
    title = _("Returns of all enterprises for %(month)s") % {"month": formats.month(month)}
    stamp = Stamp(Kind.PARK, month=month)
    return _Many(title, stamp, PARK_COLUMNS, WHOSE, lines, month).bytes()


def _returns(rows: Any) -> Iterable[MonthlyReturn]:
    return rows.prefetch_related("classes", "markets")


def _lines(
    found: Sequence[tuple[Enterprise, date, MonthlyReturn | None]], user: User
) -> list[Line]:
    """Each with whether this person may fill it in."""
    closed = closed_among({month for _enterprise, month, _row in found})
    may_file = user.has_perm("returns.file_monthlyreturn")
    return [
        Line(
            enterprise,
            month,
            row,
            may_file and month not in closed and (row is None or row.state in EDITABLE),
        )
        for enterprise, month, row in found
    ]


class _Many:
    def __init__(
        self,
        title: str,
        stamp: Stamp,
        before: Sequence[Column],
        key: Column,
        lines: Sequence[Line],
        month: date,
    ) -> None:
        self.title, self.stamp, self.key, self.lines, self.month = title, stamp, key, lines, month
        self.columns = (*before, *(figure_column(name) for name in typed_names()), WAS)
        self.contents = [Content.of(line.row) if line.row else None for line in lines]
        self.book = Book(title)
        self.book.lists(
            {
                **code_lists(month),
                "months": [month_text(line.month) for line in lines],
                "enterprises": [listed_enterprise(line.enterprise) for line in lines],
                "figures": [label(name) for name in FIGURES],
            }
        )

    def bytes(self) -> bytes:
        self._returns()
        self._classes()
        self._markets()
        self._notes()
        return self.book.bytes()

    def _returns(self) -> None:
        book, columns = self.book, self.columns
        sheet = book.sheet("returns", columns, heads=HEADS)
        book.stamp(sheet, str(self.stamp))
        sheet.set_row(1, 26)
        book.said(sheet, 1, 0, self.title, font_size=13)
        advice = _("White cells are filled in; 0 is a figure, a blank cell is one not known yet.")
        book.said(sheet, 2, 0, advice, font_color=QUIET)
        sheet.set_row(3, 6)
        book.heads(sheet, HEADS, columns)
        first = at = HEADS + 2
        for line, content in zip(self.lines, self.contents, strict=True):
            self._row(sheet, at, line, content)
            at += 1
        for place, column in enumerate(columns):
            if column.is_entry and column is not MONTH:
                book.rule(sheet, first, at - 1, place, column.sort)
        first_figure = len(columns) - len(typed_names()) - 1
        sheet.freeze_panes(HEADS + 2, first_figure)
        sheet.repeat_columns(0, first_figure - 1)

    def _row(self, sheet: Worksheet, at: int, line: Line, content: Content | None) -> None:
        values = {name: content[name] if content else None for name in typed_names()}
        told = {
            "month": month_text(line.month),
            "credit_code": line.enterprise.credit_code,
            "enterprise": line.enterprise.short_name,
            "state": line.row.get_state_display() if line.row else _("Not filed"),
        }
        for place, column in enumerate(self.columns):
            if column.name in told:
                text = str(told[column.name])
                style = self.book.style(num_format="@", bg_color=SHADE, font_color=QUIET)
                self.book.put(sheet, at, place, text, style)
            elif column.is_hidden:
                self.book.said(sheet, at, place, was_text(values), font_color=QUIET)
            else:
                value = values[column.name]
                self.book.entry(sheet, at, place, column.sort, value, is_open=line.is_open)

    def _named(self, line: Line) -> dict[str, str]:
        """Whose and which month a line on the other sheets is."""
        if self.key is MONTH:
            return {"month": month_text(line.month)}
        return {"whose": listed_enterprise(line.enterprise)}

    def _whose(self, line: Line) -> str:
        """The same in one word."""
        return month_text(line.month) if self.key is MONTH else line.enterprise.credit_code

    def _table(self, what: str, columns: Sequence[Column], rows: Sequence[Row], note: str) -> None:
        is_open = any(line.is_open for line in self.lines)
        titles = (self.title, note)
        write_table(self.book, what, (self.key, *columns), rows, SPARE_LINES, titles, is_open)

    def _classes(self) -> None:
        rows = [
            ({**self._named(line), **cells}, line.is_open)
            for line, content in zip(self.lines, self.contents, strict=True)
            if content
            for cells in class_cells(content, codes_of(line.month), self._whose(line))
        ]
        note = _("Only classes in which something was signed or delivered.")
        self._table("classes", CLASSES, rows, note)

    def _markets(self) -> None:
        rows = [
            ({**self._named(line), **cells}, line.is_open)
            for line, content in zip(self.lines, self.contents, strict=True)
            if content
            for cells in market_cells(content, codes_of(line.month), self._whose(line))
        ]
        self._table("markets", MARKETS, rows, _("Clients outside the mainland, in their currency."))

    def _notes(self) -> None:
        rows = [
            ({**self._named(line), **_note(name, remark, self._whose(line))}, line.is_open)
            for line, content in zip(self.lines, self.contents, strict=True)
            if content
            for name, remark in remarks_of(content.notes).items()
        ]
        self._table("notes", NOTES, rows, _("What explains a figure that is asked about."))


def _note(name: str, remark: str, whose: str) -> dict[str, str]:
    was = was_text({"whose": whose, "figure": name, "remark": remark})
    return {"figure": label(name), "remark": remark, "was": was}

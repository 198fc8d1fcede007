"""What was filled into a workbook, return by return, and in which cell each value stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from foundation.spreadsheets import Problems, Sheet
from returns.figures import FIGURES
from returns.workbooks.codes import credit_code_of, month_in
from returns.workbooks.filled import NOTE, Filled, Key
from returns.workbooks.layout import (
    CREDIT_CODE,
    FORM,
    MONTH,
    SHORT_NAME,
    STATE,
    WAS,
    WHOSE,
    Column,
    figure_column,
    sort_named,
    typed_names,
)
from returns.workbooks.side_tables import SideTable, known_nouns
from returns.workbooks.stamp import Kind, NotOurWorkbook, Stamp
from returns.workbooks.tabular import (
    Line,
    Table,
    cleaned,
    cleaned_one,
    find_table,
    lines_of,
    refuse_odd_heads,
)
from returns.workbooks.values import Sort
from returns.workbooks.was import Was, is_untouched, was_in


def filled_in(sheets: Sequence[Sheet], stamp: Stamp, problems: Problems) -> list[Filled]:
    """Every return of a workbook. What cannot be read is noted with its cell.

    Raises `NotOurWorkbook` where its tables are not there.
    """
    reader = _Reader(sheets, stamp, problems)
    if stamp.kind == Kind.RETURN:
        reader.form()
    else:
        reader.returns()
    reader.side_tables()
    return list(reader.found.values())


class _Reader:
    def __init__(self, sheets: Sequence[Sheet], stamp: Stamp, problems: Problems) -> None:
        self.sheets, self.stamp, self.problems = sheets, stamp, problems
        self.found: dict[Key, Filled] = {}

    # The figures

    def form(self) -> None:
        """The form of one return: a row for each figure, by its code."""
        table = self._table(FORM, ("code", "now"))
        if table is None:
            raise _no_table()
        key = Key(self.stamp.credit_code, _month(self.stamp))
        filled = self.found[key] = Filled(key, table.place(table.head.number, "now"))
        known = set(typed_names())
        for line in lines_of(table, ("code", "now", "note")):
            name = line.text("code")
            if name in known:
                self._form_row(filled, name, line)
            elif line.raw("now") is not None or line.raw("note") is not None:
                said = _("This row is none of the form's. Take it out.")
                self.problems.add(line.at("now"), said, "unknown_row")

    def _form_row(self, filled: Filled, name: str, line: Line) -> None:
        if name in filled.places:
            said = _("This row is there twice.")
            self.problems.add(line.at("now"), said, "row_twice")
            return
        filled.places[name] = line.at("now")
        was = was_in(line.text("was"))
        is_read, value = cleaned_one(line.cells["now"], sort_named(name), self.problems)
        if is_read:
            self._figure(filled, name, value, was and {name: was.get("now", "")})
        if "note" in line.cells and name in FIGURES:
            is_read, text = cleaned_one(line.cells["note"], Sort.REMARK, self.problems)
            filled.places[f"{NOTE}:{name}"] = line.at("note")
            if is_read and not is_untouched(was, "note", text, Sort.REMARK):
                filled.remarks[name] = text

    def _figure(self, filled: Filled, name: str, value: Any, was: Was | None) -> None:
        """Take a figure, if it was touched."""
        if was is not None:
            filled.was[name] = was.get(name, "")
        if not is_untouched(was, name, value, sort_named(name)):
            filled.figures[name] = value

    def returns(self) -> None:
        """A row for each return."""
        before = (MONTH,) if self.stamp.kind == Kind.MONTHS else (CREDIT_CODE, SHORT_NAME)
        columns = (*before, STATE, *_FIGURE_COLUMNS, WAS)
        table = self._table(columns, (before[0].name, "revenue", "headcount"))
        if table is None:
            raise _no_table()
        sorts = {column.name: column.sort for column in _FIGURE_COLUMNS}
        for line in lines_of(table, (before[0].name, *sorts)):
            key = self._key(line, before[0])
            if key is None:
                continue
            if key in self.found:
                said = _("This return is there twice.")
                self.problems.add(line.at(before[0].name), said, "row_twice")
                continue
            filled = self.found[key] = Filled(key, line.at(before[0].name))
            was = was_in(line.text("was"))
            for name, value in cleaned(line, sorts, self.problems).items():
                self._figure(filled, name, value, was)
            filled.places = {name: line.at(name) for name in sorts if name in line.cells}

    def _key(self, line: Line, column: Column) -> Key | None:
        """Whose return of which month a row is; noted where it does not say."""
        if column is MONTH:
            month, code = month_in(line.raw("month")), self.stamp.credit_code
            said = _("Write the month as 2024-01.")
        else:
            month, code = _month(self.stamp), credit_code_of(line.text(column.name))
            said = _("Write the credit code of the enterprise: 18 digits and capital letters.")
        if month is None or not code:
            self.problems.add(line.at(column.name), said, "invalid")
            return None
        return Key(code, month)

    # Lines

    def side_tables(self) -> None:
        """Classes, markets and notes; of a sheet that is not there nothing is said."""
        for noun in known_nouns(has_notes=self.stamp.kind != Kind.RETURN):
            table, whose = self._side_table(noun.columns, noun.keys)
            if table is not None:
                side = SideTable(noun, table, self.found, self.problems)
                side.read(lambda line, whose=whose: self._whose(line, whose))  # type: ignore[misc]

    # Finding

    def _side_table(
        self, columns: tuple[Column, ...], keys: Sequence[str]
    ) -> tuple[Table | None, Column | None]:
        """A table beside that of the returns, and the column that says whose its rows are."""
        whose = {Kind.RETURN: None, Kind.MONTHS: MONTH, Kind.PARK: WHOSE}[self.stamp.kind]
        first = (whose,) if whose else ()
        return self._table((*first, *columns), (*(one.name for one in first), *keys)), whose

    def _table(self, columns: tuple[Column, ...], essential: Sequence[str]) -> Table | None:
        table = find_table(self.sheets, columns, essential)
        if table is not None:
            refuse_odd_heads(table, columns, self.problems)
        return table

    def _whose(self, line: Line, column: Column | None) -> Filled | None:
        """The return of which a line is; noted where the table of the returns has none such."""
        if column is None:
            return next(iter(self.found.values()), None)
        key = self._key(line, column)
        if key is None:
            return None
        if key not in self.found:
            said = _("This return is not in the table of the first sheet.")
            self.problems.add(line.at(column.name), said, "unknown_row")
        return self.found.get(key)


_FIGURE_COLUMNS = tuple(figure_column(name) for name in typed_names())


def _month(stamp: Stamp) -> date:
    assert stamp.month is not None  # noqa: S101 - stamps of these kinds have one
    return stamp.month


def _no_table() -> NotOurWorkbook:
    return NotOurWorkbook(
        _("The table of this workbook is not to be found: its heads are gone. Download it anew.")
    )

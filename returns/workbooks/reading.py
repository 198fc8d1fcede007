"""What was filled into a workbook, return by return, and in which cell each value stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from foundation.spreadsheets import Place, Problems, Sheet
from returns.content import CLASS, MARKET, MarketKey, Measures, class_cell, market_cell
from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES
from returns.workbooks.codes import (
    code_of,
    codes_of,
    credit_code_of,
    figure_names,
    figure_of,
    month_in,
)
from returns.workbooks.layout import (
    CLASSES,
    CREDIT_CODE,
    FORM,
    MARKETS,
    MONTH,
    NOTES,
    SHORT_NAME,
    STATE,
    WHOSE,
    Column,
    figure_column,
    sort_named,
    typed_names,
)
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
from returns.workbooks.values import Sort, sort_of

CLASS_SORTS = {name: sort_of(figure) for name, figure in CLASS_MEASURES.items()}
MARKET_SORTS = {
    "rate": Sort.RATE,
    **{name: sort_of(figure) for name, figure in MARKET_MEASURES.items()},
}


class Key(NamedTuple):
    """Whose return of which month; the credit code as it stands in the file."""

    credit_code: str
    month: date


@dataclass
class Filled:
    """What a workbook says of one return. What it does not have at all is None or not there."""

    key: Key
    place: Place
    figures: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    classes: dict[str, Measures] | None = None
    markets: dict[MarketKey, Measures] | None = None
    places: dict[str, Place] = field(default_factory=dict)
    has_all_remarks: bool = False  # a figure that is not in `remarks` has none

    def at(self, cell: str) -> Place:
        """Where a cell of the return stands: itself, its line, or its row."""
        line = cell.rpartition(":")[0]
        return self.places.get(cell) or self.places.get(line) or self.place

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in: the month of an enterprise that has no return."""
        known = [value for value in self.figures.values() if value not in (None, "", False)]
        return not (known or any(self.remarks.values()) or self.classes or self.markets)


def filled_in(sheets: Sequence[Sheet], stamp: Stamp, problems: Problems) -> list[Filled]:
    """Every return of a workbook. What cannot be read is noted with its cell.

    Raises `NotOurWorkbook` where its tables are not there.
    """
    reader = _Reader(sheets, stamp, problems)
    if stamp.kind == Kind.RETURN:
        reader.form()
    else:
        reader.returns()
    reader.classes()
    reader.markets()
    reader.notes()
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
        is_read, value = cleaned_one(line.cells["now"], sort_named(name), self.problems)
        if is_read:
            filled.figures[name] = value
        if "note" in line.cells and name in FIGURES:
            is_read, text = cleaned_one(line.cells["note"], Sort.REMARK, self.problems)
            filled.places[f"note:{name}"] = line.at("note")
            if is_read:
                filled.remarks[name] = text

    def returns(self) -> None:
        """A row for each return."""
        before = (MONTH,) if self.stamp.kind == Kind.MONTHS else (CREDIT_CODE, SHORT_NAME)
        columns = (*before, STATE, *_FIGURE_COLUMNS)
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
            filled.figures = cleaned(line, sorts, self.problems)
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

    def classes(self) -> None:
        def put(line: Line, filled: Filled) -> None:
            code = code_of(line.text("service_class"), codes_of(filled.key.month).classes)
            measures = cleaned(line, CLASS_SORTS, self.problems)
            cells = {name: class_cell(code, name) for name in measures}
            self._place(filled, f"{CLASS}:{code}", line, "service_class", cells)
            if filled.classes is not None and code in filled.classes:
                self._twice(line, "service_class")
            else:
                filled.classes = {**(filled.classes or {}), code: measures}

        self._lines(CLASSES, ("service_class",), CLASS_SORTS, put, CLASS)

    def markets(self) -> None:
        def put(line: Line, filled: Filled) -> None:
            codes = codes_of(filled.key.month)
            key = (
                code_of(line.text("market"), codes.markets),
                code_of(line.text("currency"), codes.currencies),
            )
            measures = cleaned(line, MARKET_SORTS, self.problems)
            cells = {name: market_cell(key, name) for name in measures}
            self._place(filled, f"{MARKET}:{key[0]}.{key[1]}", line, "market", cells)
            if filled.markets is not None and key in filled.markets:
                self._twice(line, "market")
            else:
                filled.markets = {**(filled.markets or {}), key: measures}

        self._lines(MARKETS, ("market", "currency"), MARKET_SORTS, put, MARKET)

    def _lines(
        self,
        columns: tuple[Column, ...],
        keys: tuple[str, ...],
        sorts: Mapping[str, Sort],
        put: Callable[[Line, Filled], None],
        kind: str,
    ) -> None:
        """Read a sheet of lines; where it is not there, nothing of it is said of any return."""
        table, whose = self._side_table(columns, keys)
        if table is None:
            return
        for filled in self.found.values():
            filled.places[kind] = table.place(table.head.number, keys[0])
            if kind == CLASS:
                filled.classes = {}
            else:
                filled.markets = {}
        for line in lines_of(table, (*keys, *sorts)):
            missing = [name for name in keys if not line.text(name)]
            for name in missing:
                self.problems.add(line.at(name), _("Choose one from the list."), "required")
            its = self._whose(line, whose)
            if its is not None and not missing:
                put(line, its)

    def notes(self) -> None:
        """What is said of figures, on a sheet of its own."""
        if self.stamp.kind == Kind.RETURN:
            return
        table, whose = self._side_table(NOTES, ("figure", "remark"))
        if table is None:
            return
        names = figure_names()
        for filled in self.found.values():
            filled.has_all_remarks = True
        for line in lines_of(table, ("figure", "remark")):
            name = figure_of(line.text("figure"), names)
            if name not in FIGURES:
                self.problems.add(line.at("figure"), _("Choose one from the list."), "required")
                continue
            its = self._whose(line, whose)
            is_read, text = cleaned_one(line.cells["remark"], Sort.REMARK, self.problems)
            if its is None or not is_read:
                continue
            if name in its.remarks:
                self._twice(line, "figure")
            its.remarks[name] = text
            its.places[f"note:{name}"] = line.at("remark")

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

    def _place(
        self, filled: Filled, name: str, line: Line, column: str, cells: Mapping[str, str]
    ) -> None:
        filled.places.setdefault(name, line.at(column))
        for measure, cell in cells.items():
            filled.places.setdefault(cell, line.at(measure))

    def _twice(self, line: Line, name: str) -> None:
        self.problems.add(line.at(name), _("The same line is there twice."), "row_twice")


_FIGURE_COLUMNS = tuple(figure_column(name) for name in typed_names())


def _month(stamp: Stamp) -> date:
    assert stamp.month is not None  # noqa: S101 - stamps of these kinds have one
    return stamp.month


def _no_table() -> NotOurWorkbook:
    return NotOurWorkbook(
        _("The table of this workbook is not to be found: its heads are gone. Download it anew.")
    )

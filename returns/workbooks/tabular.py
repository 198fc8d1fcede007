"""A table in a sheet: found by its heads, in whatever order they are, and read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from foundation.rows import Cell, cleaned_record, folded
from foundation.rows import Column as Read
from foundation.spreadsheets import Place, Problems, Row, Sheet, Value, cell_address
from returns.workbooks.layout import Column, known_heads
from returns.workbooks.values import FIELDS, Sort, as_typed

MOST_HEAD_ROWS = 40  # so far down heads are looked for


class Table(NamedTuple):
    """A table of a sheet: the row of its heads, and the place (from 0) of each of its columns."""

    sheet: Sheet
    head: Row
    places: Mapping[str, int]

    def place(self, number: int, name: str) -> Place:
        """The cell of a column in a row; the row's first where the column is not there."""
        column = self.places.get(name, min(self.places.values()))
        return Place(self.sheet.name, cell_address(number, column))


class Line(NamedTuple):
    """A row of a table: what stands in its columns, and where."""

    number: int
    cells: Mapping[str, Cell]

    def at(self, name: str) -> Place:
        return self.cells[name].place

    def raw(self, name: str) -> Value:
        """What stands in a column; None where it is blank or not there."""
        return self.cells[name].value if name in self.cells else None

    def text(self, name: str) -> str:
        value = self.raw(name)
        return "" if value is None else str(value).strip()


def find_table(
    sheets: Sequence[Sheet], columns: tuple[Column, ...], essential: Sequence[str]
) -> Table | None:
    """The first table that has all `essential` columns."""
    for sheet in sheets:
        best = max(
            (_table(sheet, row, columns) for row in sheet.rows[:MOST_HEAD_ROWS]),
            key=lambda table: (len(table.places), table.head.number),
            default=None,
        )
        if best is not None and best.places.keys() >= set(essential):
            return best
    return None


def _table(sheet: Sheet, row: Row, columns: tuple[Column, ...]) -> Table:
    known = known_heads(columns)
    places: dict[str, int] = {}
    for place, text in _texts(row):
        name = known.get(folded(text))
        if name is not None:
            places.setdefault(name, place)
    return Table(sheet, row, places)


def refuse_odd_heads(table: Table, columns: tuple[Column, ...], problems: Problems) -> None:
    """Note heads that are no column here, that are there twice, and cells that are merged."""
    known = known_heads(columns)
    seen: set[str] = set()
    for place, text in _texts(table.head):
        where = Place(table.sheet.name, cell_address(table.head.number, place))
        name = known.get(folded(text))
        if name is None:
            said = _("“%(head)s” is no column here. Take it out.") % {"head": text[:40]}
            problems.add(where, said, "unknown_column")
        elif name in seen:
            problems.add(where, _("This column is there twice."), "column_twice")
        else:
            seen.add(name)
    for merge in table.sheet.merges:
        if merge.bottom > table.head.number:
            where = Place(table.sheet.name, cell_address(merge.top, merge.left))
            said = _("These cells are merged: split them, and write one value in each.")
            problems.add(where, said, "merged_cells")


def lines_of(table: Table, names: Sequence[str]) -> Iterator[Line]:
    """The rows below the heads in which one of the columns `names` is not blank."""
    for row in table.sheet.rows:
        if row.number <= table.head.number:
            continue
        cells = {
            name: Cell(_at(row, place), table.place(row.number, name))
            for name, place in table.places.items()
        }
        if any(name in cells and cells[name].value is not None for name in names):
            yield Line(row.number, cells)


def cleaned(line: Line, sorts: Mapping[str, Sort], problems: Problems) -> dict[str, Any]:
    """The values of a row, of the columns that are there; what cannot be read is noted."""
    cells = {
        name: Cell(as_typed(line.cells[name].value), line.at(name))
        for name in sorts
        if name in line.cells
    }
    columns = {name: Read(FIELDS[sorts[name]], (name,)) for name in cells}
    first = next(iter(line.cells.values())).place
    return dict(cleaned_record(first, cells, columns, problems).values)


def cleaned_one(cell: Cell, sort: Sort, problems: Problems) -> tuple[bool, Any]:
    """Whether a cell can be read, and its value."""
    read = {"value": Read(FIELDS[sort], ("value",))}
    typed = {"value": Cell(as_typed(cell.value), cell.place)}
    record = cleaned_record(cell.place, typed, read, problems)
    return "value" in record.values, record["value"]


def _texts(row: Row) -> Iterator[tuple[int, str]]:
    for offset, value in enumerate(row.values):
        if isinstance(value, str):
            yield row.first_column + offset, value


def _at(row: Row, place: int) -> Value:
    offset = place - row.first_column
    return row.values[offset] if 0 <= offset < len(row.values) else None

"""A sheet as people see it: merged cells count in all their rows; titles, heads, sums, notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext_noop

from foundation.spreadsheets import Merge, Row, Sheet, Value, cell_address
from seats.imports.fields import ESSENTIAL, NAMES, PLACES, Field, field_of, folded

MOST_HEAD_ROWS = 40  # so far down heads are looked for
MOST_MERGED = 200_000  # cells of merged ones; nobody has more, but a file may say so
_SUM = re.compile(
    r"^(合计|小计|总计|共计|累计|总数|total|subtotal|grandtotal|sum)|(小计|合计|总计|汇总)$"
)
_NOTE = re.compile(
    r"^(注|备注|说明|制表|填表|审核|复核|负责人|日期|单位|note|remark|preparedby|checkedby)"
)

WHY = {
    "title": gettext_noop("above the heads"),
    "head": gettext_noop("heads"),
    "sum": gettext_noop("sum"),
    "note": gettext_noop("note below the table"),
    "vacant": gettext_noop("vacant seats"),
    "left_out": gettext_noop("left out, as you chose"),
    "row_left_out": gettext_noop("left out one by one"),
}
ROW_LEFT_OUT = "row_left_out"

Columns = Mapping[int, str]  # the columns (from 0) and what stands in them


class Skipped(NamedTuple):
    """A row that gives no line, why (a key of `WHY`), and what stands in it."""

    row: int
    why: str
    text: str


class Entry(NamedTuple):
    """A row of the table: its values by what they are, and the cell of each.

    A merged cell gives its value to each of its rows; `tops` says in which row it begins.
    """

    row: int
    values: dict[str, Value]
    cells: dict[str, str]
    tops: dict[str, int]


class Heads(NamedTuple):
    """The rows that hold the heads (0 and 0 where there are none)."""

    first: int
    last: int


class Grid:
    """The cells of a sheet by row and column; a merged cell's by any of its rows."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows: dict[int, Row] = {row.number: row for row in sheet.rows}
        self.last_row = sheet.last_row
        self.upper_rows = [*self.rows][:MOST_HEAD_ROWS]
        tall = (merge for merge in sheet.merges if merge.bottom > merge.top)
        self._tops = dict(
            islice((((row, m.left), m.top) for m in tall for row in _rows_of(m)), MOST_MERGED)
        )
        near = [merge for merge in sheet.merges if merge.top <= max(self.upper_rows, default=0)]
        self._corners = dict(
            islice(
                (
                    ((row, column), (merge.top, merge.left))
                    for merge in near
                    for row in _rows_of(merge)
                    for column in range(merge.left, merge.right + 1)
                ),
                MOST_MERGED,
            )
        )
        self.wide_rows = {merge.top for merge in near if merge.right > merge.left}

    @property
    def width(self) -> int:
        """How many columns there are, from A to the last that holds anything."""
        return max((row.first_column + len(row.values) for row in self.rows.values()), default=0)

    def own(self, row: int, column: int) -> Value:
        """What is written in this very cell."""
        cells = self.rows.get(row)
        if cells is None or not 0 <= column - cells.first_column < len(cells.values):
            return None
        return cells.values[column - cells.first_column]

    def top(self, row: int, column: int) -> int:
        """The row in which the cell begins."""
        return self._tops.get((row, column), row)

    def at(self, row: int, column: int) -> Value:
        return self.own(self.top(row, column), column)

    def head(self, row: int, column: int) -> str:
        """The text over a column in a row of heads: merged cells count in all their columns."""
        return str(self.own(*self._corners.get((row, column), (row, column))) or "")

    def text(self, row: int) -> str:
        """What stands in a row, for saying which one it is."""
        values = self.rows[row].values if row in self.rows else []
        return " · ".join(shown(value) for value in values if value is not None)[:120]

    def examples(self, after: int, column: int, most: int = 3) -> list[str]:
        """The first different values of a column below its head."""
        found: dict[str, None] = {}
        for number in self.rows:
            value = self.own(number, column)
            if number > after and value is not None and not isinstance(value, bool):
                found.setdefault(shown(value))
            if len(found) == most:
                break
        return list(found)


def _rows_of(merge: Merge) -> range:
    return range(merge.top, merge.bottom + 1)


def heads_of(grid: Grid, heads: Heads) -> dict[int, str]:
    """The head of each column, both rows of it: 租期 · 起."""
    return {column: " ".join(_pair(grid, heads, column)) for column in range(grid.width)}


def find_heads(grid: Grid) -> Heads:
    """The row or the two rows whose words name most columns; none where fewer than two do."""
    best, most = Heads(0, 0), 1
    for number in grid.upper_rows:
        for heads in (Heads(number, number), Heads(number, number + 1)):
            if heads.last != number and heads.last not in grid.rows:
                continue
            count = len(set(named(grid, heads).values()))
            if count > most:
                best, most = heads, count
    return best


def named(grid: Grid, heads: Heads) -> dict[int, Field]:
    """What the heads say that the columns are; a column that is named twice is the first."""
    found: dict[int, Field] = {}
    for column in range(grid.width):
        field = _field(_pair(grid, heads, column))
        if field is not None and field not in found.values():
            found[column] = field
    return found


def _field(pair: tuple[str, ...]) -> Field | None:
    """A head and the one above it say more than either: 租期 above 起."""
    joined = field_of("".join(pair))
    return joined or (field_of(pair[-1]) if len(pair) > 1 else None)


def _pair(grid: Grid, heads: Heads, column: int) -> tuple[str, ...]:
    """The texts of the head rows over a column; a text merged over several columns is each's."""
    texts = [grid.head(row, column) for row in range(heads.first, heads.last + 1)]
    if len(texts) == 2 and texts[1] and not texts[0] and heads.first not in grid.wide_rows:
        texts[0] = _head_to_the_left(grid, heads, column)
    return tuple(dict.fromkeys(text for text in texts if text))


def _head_to_the_left(grid: Grid, heads: Heads, column: int) -> str:
    """In a list whose cells are no longer merged, a head stands over the first of its columns."""
    for left in range(column - 1, -1, -1):
        if text := grid.head(heads.first, left):
            return text if grid.head(heads.last, left) else ""
    return ""


class Sorted(NamedTuple):
    """Every row of a sheet: the entries, what is skipped and why, and how many are blank."""

    entries: list[Entry]
    skipped: list[Skipped]
    blank: int


def sort_rows(grid: Grid, heads: Heads, columns: Columns, *, repeats: bool) -> Sorted:
    """The rows of the table and those beside it; no row is neither.

    `repeats`: an empty cell of the enterprise's columns says the same as the one above.
    """
    names = {name: column for column, name in columns.items()}
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    for number in grid.rows:
        if why := _beside(grid, number, heads, names):
            skipped.append(Skipped(number, why, grid.text(number)))
        else:
            entries.append(_entry(grid, number, names, entries[-1] if entries else None, repeats))
    return Sorted(entries, skipped, grid.last_row - len(grid.rows))


def _beside(grid: Grid, number: int, heads: Heads, names: Mapping[str, int]) -> str:
    """Why a row is none of the table's; empty where it is one."""
    if number < heads.first:
        return "title"
    if number <= heads.last or _repeats_heads(grid, number, heads, names):
        return "head"
    own = {name: value for name in names if (value := grid.own(number, names[name])) is not None}
    if not any(name in own for name in PLACES if name in names) and _is_sum(grid, number):
        return "sum"
    if not _says_more(own) and _NOTE.match(folded(grid.text(number))):
        return "note"
    return ""


def _repeats_heads(grid: Grid, number: int, heads: Heads, names: Mapping[str, int]) -> bool:
    """Whether the heads stand here once more, as they do on each printed page."""
    if not heads.first or len(names) < 2:
        return False
    return any(
        all(
            folded(grid.own(number, column) or "") == folded(grid.own(row, column) or "")
            for column in names.values()
        )
        for row in (heads.first, heads.last)
    )


def _is_sum(grid: Grid, number: int) -> bool:
    texts = [value for value in grid.rows[number].values if isinstance(value, str)]
    return any(_SUM.search(folded(text)) for text in texts[:2])


def _says_more(own: Mapping[str, Value]) -> bool:
    """Whether a row holds more of the table than words that may be a note."""
    return len(ESSENTIAL & set(own)) > 1


def _entry(
    grid: Grid, number: int, names: Mapping[str, int], above: Entry | None, repeats: bool
) -> Entry:
    values = {name: grid.at(number, column) for name, column in names.items()}
    if repeats and above is not None and all(values.get(name) is None for name in NAMES):
        values.update({name: above.values[name] for name in NAMES if name in above.values})
    return Entry(
        number,
        values,
        {name: cell_address(number, column) for name, column in names.items()},
        {name: grid.top(number, column) for name, column in names.items()},
    )


def count_by_reason(skipped: Iterable[Skipped]) -> Iterator[tuple[str, int]]:
    """How many rows were skipped for each reason, in the order of `WHY`."""
    counts = Counter(one.why for one in skipped)
    return ((why, counts[why]) for why in WHY if counts[why])


def shown(value: Value) -> str:
    """A value as people see it in its cell."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)[:60]

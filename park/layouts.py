"""How the seats of a floor lie: a grid of cells, and which of them is which seat.

Plain Python, no Django, no database. A layout is rows of signs: `S` a seat, `.` an aisle, `#` a
blocked cell (a column, a wall, a lift). Seats that touch form an island. Islands are taken from
the top, those side by side from the left, and each is numbered on its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

SEAT, AISLE, BLOCKED = "S", ".", "#"
MOST_ROWS = MOST_COLUMNS = 200

# How an island is numbered: row by row, every second row backwards, or column by column.
ROWS, SNAKE, COLUMNS = "rows", "snake", "columns"

# The default: islands of two rows of ten, four of them side by side.
ISLAND_ROWS, ISLAND_COLUMNS, ISLANDS_A_ROW = 2, 10, 4
ISLAND = ISLAND_ROWS * ISLAND_COLUMNS

_SIGNS = {
    **dict.fromkeys("Ss席座口□", SEAT),
    **dict.fromkeys(". ·_-空", AISLE),
    **dict.fromkeys("#Xx×■柱墙", BLOCKED),
}

Rows = tuple[str, ...]


class NoLayout(ValueError):
    """What was written is no layout."""


class WrongSign(NoLayout):
    """A sign that stands for no cell. `line` and `column` count from 1."""

    def __init__(self, line: int, column: int, sign: str) -> None:
        super().__init__(line, column, sign)
        self.line, self.column, self.sign = line, column, sign


class TooLarge(NoLayout):
    """More rows or columns than a layout may have."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(rows, columns)
        self.rows, self.columns = rows, columns


class Cell(NamedTuple):
    """A place in the grid, both counted from 0."""

    row: int
    column: int


class Island(NamedTuple):
    """Seats that touch. The first is number `first` of the floor, the others follow in order."""

    first: int
    cells: tuple[Cell, ...]

    @property
    def last(self) -> int:
        return self.first + len(self.cells) - 1


class Edges(NamedTuple):
    """What is written along the four sides of a floor: 北窗, 主通道."""

    top: str = ""
    bottom: str = ""
    left: str = ""
    right: str = ""


NO_EDGES = Edges()


class Layout(NamedTuple):
    """Every seat of a floor in its cell, and the cells that are blocked."""

    rows: Rows
    islands: tuple[Island, ...]

    @property
    def blocked(self) -> list[Cell]:
        return _cells(self.rows, BLOCKED)


def read(text: str) -> Rows:
    """The rows of a layout as somebody wrote it, all of the same length, in our three signs.

    Empty lines before and after do not count. Raises `WrongSign` or `TooLarge`.
    """
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    skipped = next((number for number, line in enumerate(lines) if line), 0)
    columns = max(map(len, lines), default=0)
    if len(lines) - skipped > MOST_ROWS or columns > MOST_COLUMNS:
        raise TooLarge(len(lines) - skipped, columns)
    rows = [_read_line(line, number) for number, line in enumerate(lines, start=1)]
    return same_width(rows[skipped:])


def _read_line(line: str, number: int) -> str:
    signs = []
    for column, sign in enumerate(line, start=1):
        cell = _SIGNS.get(sign) or _SIGNS.get(unicodedata.normalize("NFKC", sign))
        if cell is None:
            raise WrongSign(number, column, sign)
        signs.append(cell)
    return "".join(signs)


def written(rows: Iterable[str]) -> str:
    """Rows as they are kept, and shown to be edited."""
    return "\n".join(rows)


def same_width(rows: Sequence[str]) -> Rows:
    """`rows`, filled up with aisle to the longest."""
    width = max(map(len, rows), default=0)
    return tuple(row.ljust(width, AISLE) for row in rows)


def count_seats(rows: Iterable[str]) -> int:
    """How many seats are drawn."""
    return sum(row.count(SEAT) for row in rows)


def default_rows(seats: int) -> Rows:
    """Islands of 2 × 10, four side by side, with an aisle between them; the last may be smaller."""
    rows: list[str] = []
    for start in range(0, seats, ISLAND * ISLANDS_A_ROW):
        if rows:
            rows.append("")
        here = min(seats - start, ISLAND * ISLANDS_A_ROW)
        sizes = [min(ISLAND, here - taken) for taken in range(0, here, ISLAND)]
        rows += (_row_of_islands(sizes, row) for row in range(ISLAND_ROWS))
    return same_width(_without_end(rows))


def _row_of_islands(sizes: Iterable[int], row: int) -> str:
    widths = (min(ISLAND_COLUMNS, max(0, size - row * ISLAND_COLUMNS)) for size in sizes)
    row_of_islands = AISLE.join((SEAT * width).ljust(ISLAND_COLUMNS, AISLE) for width in widths)
    return row_of_islands.rstrip(AISLE)


def _without_end(rows: Sequence[str]) -> Sequence[str]:
    """`rows` without a last one that has no seat."""
    return rows if not rows or SEAT in rows[-1] else rows[:-1]


def grown(rows: Rows, seats: int) -> Rows:
    """`rows` with the seats that came later in islands below them: no seat is lost from a map."""
    missing = seats - count_seats(rows)
    if missing <= 0:
        return rows
    return same_width([*rows, *([""] if rows else []), *default_rows(missing)])


def layout(seats: int, rows: Rows = (), numbering: str = ROWS) -> Layout:
    """Where each of a floor's seats lies: as drawn in `rows`, and after them what is not drawn.

    Cells that are drawn beyond the floor's seats are none.
    """
    rows = grown(rows, seats) if rows else default_rows(seats)
    islands, first = [], 1
    for cells in _islands(rows):
        cells = sorted(cells, key=_orders(cells)[numbering])[: max(0, seats - first + 1)]
        if cells:
            islands.append(Island(first, tuple(cells)))
            first += len(cells)
    return Layout(rows, tuple(islands))


def _orders(cells: Iterable[Cell]) -> dict[str, Callable[[Cell], tuple[int, int]]]:
    top = min(cell.row for cell in cells)
    return {
        ROWS: lambda cell: (cell.row, cell.column),
        SNAKE: lambda cell: (
            cell.row,
            -cell.column if (cell.row - top) % 2 else cell.column,
        ),
        COLUMNS: lambda cell: (cell.column, cell.row),
    }


def _islands(rows: Rows) -> list[list[Cell]]:
    """The seats that touch one another side by side; from the top, then from the left."""
    waiting = set(_cells(rows, SEAT))
    islands = [_touching(cell, waiting) for cell in _cells(rows, SEAT) if cell in waiting]
    return sorted(islands, key=lambda cells: (cells[0].row, min(cell.column for cell in cells)))


def _touching(first: Cell, waiting: set[Cell]) -> list[Cell]:
    """All the cells of `waiting` that `first` leads to; they wait no longer."""
    waiting.remove(first)
    found = [first]
    for cell in found:
        row, column = cell
        for other in (
            Cell(row, column + 1),
            Cell(row, column - 1),
            Cell(row + 1, column),
            Cell(row - 1, column),
        ):
            if other in waiting:
                waiting.remove(other)
                found.append(other)
    return found


def _cells(rows: Rows, sign: str) -> list[Cell]:
    return [
        Cell(number, column)
        for number, row in enumerate(rows)
        for column, found in enumerate(row)
        if found == sign
    ]

"""How figures stand in the cells of a workbook: as numbers, with a format and thin lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Any, NamedTuple

from reports.document import Column, Table
from reports.files.layout import line_width, restated_mark
from reports.units import Number, Unit

INK, RULE = "#1c2126", "#dcd8cd"
WIDEST_HEAD = 14.0  # in half Chinese signs; longer heads are broken
SPARE = 2.5


class CellStyles(NamedTuple):
    """How a cell of a column looks with a number, and where nothing is known.

    `restated` ones differ from the edition before. `factor`: by what a number is multiplied.
    """

    factor: Decimal
    known: Any
    unknown: Any
    restated: Any
    restated_unknown: Any


def lines_of(is_total: bool) -> dict[str, Any]:
    """Under each row; around the total."""
    if is_total:
        return {"top": 1, "top_color": INK, "bottom": 2, "bottom_color": INK}
    return {"bottom": 1, "bottom_color": RULE}


def edge_of(column: Column) -> dict[str, Any]:
    """A thin line before each group of columns."""
    return {"left": 1, "left_color": RULE} if column.starts_group else {}


def factor_of(column: Column) -> Decimal:
    """What a spreadsheet holds of one that is kept: money in 万元, a percentage of one."""
    return Decimal(1) / (100 if column.unit == Unit.PERCENT else column.unit.scale)


def number_in(column: Column, cell: Number) -> float:
    """As a spreadsheet holds it."""
    return float(cell * factor_of(column))


def digits_of(places: int) -> str:
    """The format of numbers with so many decimals."""
    return "#,##0" + ("." + "0" * places if places else "")


def number_format(column: Column, mark: str = "") -> str:
    """As on the page: a change with its sign, `mark` before the number, which stays one."""
    digits = digits_of(column.places) + ("%" if column.unit == Unit.PERCENT else "")
    if not mark and not column.is_change:
        return digits
    before = f"{mark} " if mark else ""
    signs = ("+" if column.is_change else "", "−", "")
    return ";".join(f"{_literal(before + sign)}{digits}" for sign in signs)


def _literal(text: str) -> str:
    """A text inside a number's format."""
    return f'"{text}"' if text else ""


def widths_of(table: Table) -> list[float]:
    """How wide its columns must be: of the labels, then of the numbers."""
    labels = [table.label_head, *(row.label + "　" * row.depth for row in table.rows)]
    widths = [min(44.0, max(10.0, *map(line_width, labels)) + 2)]
    for number, column in enumerate(table.columns):
        cells = [cell for row in table.rows if (cell := row.cells[number]) is not None]
        is_marked = any(column.code in row.before for row in table.rows)
        mark = f"{restated_mark()} " if is_marked else ""
        # All have the same places: the largest or the smallest is the widest.
        figures = (mark + column.text(cell) for cell in ({max(cells), min(cells)} if cells else ()))
        heads = (min(WIDEST_HEAD, line_width(text)) for text in (column.head, column.under))
        widths.append(max(7.0, *heads, *map(line_width, figures)) + SPARE)
    return widths


def head_lines(table: Table, widths: Sequence[float]) -> int:
    """On how many lines the heads of its columns stand, where the longest are broken."""
    return max(
        sum(ceil(line_width(text) / (width - SPARE)) for text in (column.head, column.under))
        for column, width in zip(table.columns, widths[1:], strict=True)
    )

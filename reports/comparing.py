"""How a figure differs from that of another period, and an edition from the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from reports.units import Number, Unit, rounded

Cell = tuple[str, str, str]  # table, row, column


def change(now: Number | None, before: Number | None) -> Number | None:
    """The difference; of rates, as they are printed, in percentage points.

    Unknown where one of them is.
    """
    return None if now is None or before is None else now - before


def growth(now: Number | None, before: Number | None) -> Decimal | None:
    """The difference in percent of what was before. Unknown where that is 0, too."""
    if now is None or not before:
        return None
    return rounded(Decimal(now - before) * 100 / Decimal(before), Unit.PERCENT.places)


def cells_of(content: Mapping[str, Any]) -> Iterator[tuple[Cell, Any]]:
    """Every cell of a stored report, with what is stored in it."""
    for table in content["tables"]:
        for row in table["rows"]:
            for column, cell in zip(table["columns"], row["cells"], strict=True):
                yield (table["code"], row["key"], column["code"]), cell


def restated_cells(content: Mapping[str, Any], former: Mapping[str, Any]) -> dict[Cell, Any]:
    """The cells that differ from the edition before, with what is stored there."""
    before = dict(cells_of(former))
    return {
        cell: before.get(cell) for cell, value in cells_of(content) if before.get(cell) != value
    }

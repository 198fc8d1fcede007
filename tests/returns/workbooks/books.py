"""Workbooks of returns in tests: filled in as people do, and saved as their programs would."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl

from returns.workbooks.comparison import Comparison, compare_returns, read_returns
from tests.conftest import TODAY


def opened(data: bytes) -> Any:
    """A workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def edited(data: bytes, fill: Callable[[Any], None]) -> bytes:
    """The workbook after somebody has worked on it."""
    book = opened(data)
    fill(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def places(sheet: Any) -> dict[str, int]:
    """The columns of a sheet by their names, from the row that is hidden below the heads."""
    for row in sheet.iter_rows(max_row=12):
        names = {cell.value: cell.column for cell in row if isinstance(cell.value, str)}
        if {"now", "code"} <= names.keys() or len(names.keys() & NAMES) > 1:
            return names
    raise AssertionError("no heads")


NAMES = {"revenue", "headcount", "service_class", "contracts", "market", "currency", "remark"}


def cell_of(sheet: Any, name: str, column: str = "now") -> Any:
    """The cell of a figure on the form."""
    columns = places(sheet)
    for row in range(1, sheet.max_row + 1):
        if sheet.cell(row, columns["code"]).value == name:
            return sheet.cell(row, columns[column])
    raise AssertionError(name)


def compare(data: bytes, user: Any, today: Any = TODAY) -> Comparison:
    """What a workbook changes."""
    return compare_returns(read_returns(data), user=user, today=today)


def changes(comparison: Comparison) -> dict[str, tuple[str, str]]:
    """Every cell that changes, before and after in words; of a workbook of one return."""
    return {
        change.cell: (change.before, change.after)
        for one in comparison.found
        for change in one.changes
    }

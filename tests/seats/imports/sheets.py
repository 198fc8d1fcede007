"""Lists of allocations as people write them, and the way of one through the services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from accounts.models import User
from seats.models import AllocationImport
from seats.services.imports import apply_import, check_import, open_import
from tests.conftest import NOW, TODAY
from tests.factories.workbooks import written

HEADS = ("企业名称", "席位", "席位数", "状态", "首日", "末日", "备注")


def sheet_of(
    rows: Sequence[Sequence[Any]], merges: Sequence[tuple[int, int, int, int, Any]] = ()
) -> bytes:
    """A workbook of one sheet; merged cells are (top, left, bottom, right, value), rows from 1."""

    def fill(book: Any) -> None:
        put(book, book.add_worksheet("台账"), rows, merges)

    return written(fill)


def put(
    book: Any,
    sheet: Any,
    rows: Sequence[Sequence[Any]],
    merges: Sequence[tuple[int, int, int, int, Any]] = (),
) -> None:
    """Write rows into a sheet; days as Excel's own."""
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    for top, left, bottom, right, value in merges:
        sheet.merge_range(top - 1, left, bottom - 1, right, value)


def table(*rows: Sequence[Any], heads: Sequence[str] = HEADS) -> bytes:
    """A plain list: heads, then rows."""
    return sheet_of([heads, *rows])


def checked(
    data: bytes, operator: User, *, now: datetime = NOW, name: str = "席位台账.xlsx", **chosen: Any
) -> AllocationImport:
    """A list that was opened and checked, with other choices than were guessed."""
    row = open_import(file_name=name, data=data, now=now, acting_user=operator)
    AllocationImport.objects.filter(pk=row.pk).update(**chosen)
    return check_import(import_id=row.pk, now=now, acting_user=operator)


def applied(
    data: bytes, operator: User, *, today: date = TODAY, now: datetime = NOW, **chosen: Any
) -> AllocationImport:
    """A list that was applied."""
    row = checked(data, operator, now=now, **chosen)
    return apply_import(
        import_id=row.pk,
        expected_version=row.version,
        today=today,
        now=now,
        acting_user=operator,
    )


def changes(row: AllocationImport) -> list[tuple[int, str]]:
    """What becomes of each row of the sheet."""
    return list(row.lines.order_by("position").values_list("row", "change"))


def wrong(row: AllocationImport) -> set[tuple[str, str]]:
    """Every cell that is wrong, and the code of what is wrong with it."""
    return {(problem[1], problem[2]) for line in row.lines.all() for problem in line.problems}


def line(who, run, start="2024-03-01", last=None, kind="已签约", note=None, seats=None):
    """A row as most lists have it; `seats` is how many it says they are."""
    return [who, f"C-1-3F-{run}", seats, kind, start, last, note]

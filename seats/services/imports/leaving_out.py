"""Rows of a list that cannot be, or not yet, are left out, so that the others can be applied."""

from __future__ import annotations

from collections.abc import Collection

from accounts.models import User
from audit.context import recorded
from foundation.versions import save_next_version
from seats.imports.diff import Change
from seats.imports.grid import ROW_LEFT_OUT
from seats.models import AllocationImport, ImportState
from seats.services.imports.opening import unapplied

STOPPING = (Change.WRONG.value, Change.CONFLICTING.value)


def stopping_rows(row: AllocationImport) -> list[int]:
    """The rows of the sheet with which the list cannot be applied."""
    lines = row.lines.filter(change__in=STOPPING, row__gt=0)
    return list(lines.order_by("row").values_list("row", flat=True).distinct())


def rows_left_out(row: AllocationImport) -> set[int]:
    """The rows that somebody left out one by one."""
    return {number for number, why, _text in row.skipped if why == ROW_LEFT_OUT}


def leave_out_rows(
    *,
    import_id: int,
    rows: Collection[int] | None = None,
    acting_user: User,
    expected_version: int | None = None,
) -> AllocationImport:
    """Leave rows of the sheet out: the list is compared without them, their seats stay as they are.

    `rows` None: all that stop the list. A list with rows left out is the whole of no zone. Raises
    `WrongState` once it was applied, or `Stale`.
    """
    with recorded(acting_user):
        row = unapplied(import_id, expected_version)
        asked = stopping_rows(row) if rows is None else rows
        there = set(row.lines.filter(row__in=asked).values_list("row", flat=True))
        new = sorted(there - rows_left_out(row) - {0})
        row.skipped = [*row.skipped, *([number, ROW_LEFT_OUT, ""] for number in new)]
        return _to_be_compared(row)


def take_rows_in(*, import_id: int, acting_user: User) -> AllocationImport:
    """Take every row in again that was left out. Raises `WrongState` once it was applied."""
    with recorded(acting_user):
        row = unapplied(import_id)
        row.skipped = [one for one in row.skipped if one[1] != ROW_LEFT_OUT]
        return _to_be_compared(row)


def _to_be_compared(row: AllocationImport) -> AllocationImport:
    row.state = ImportState.READ
    save_next_version(row, ["skipped", "state"])
    return row

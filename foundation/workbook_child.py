"""Reads a workbook from stdin and writes its cells to stdout as JSON, under limits of its own.

`foundation.spreadsheets` starts this file in a process of its own, apart from Django: a workbook
of 5 kB can make the parser ask for hundreds of gigabytes, and then the whole process is aborted.
"""

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1024**3
CPU_SECONDS = 10
BLANK_ROWS = 100  # so many in a row, and the sheet is over
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_TEXT = 5_000


def main() -> None:
    """Print the visible sheets: `[[name, [[row number, first column, [value, …]], …]], …]`."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    if sys.platform == "linux":  # elsewhere it is refused, or not kept
        _limit(resource.RLIMIT_AS, MEMORY)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = [
        [sheet.name, list(_rows(workbook, sheet.name))]
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    json.dump(sheets, sys.stdout)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (limit, limit))


def _rows(workbook: CalamineWorkbook, name: str) -> Any:
    """The sheet's rows that are not blank, up to the first long gap."""
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None:
        return
    first_column, blank, kept = sheet.start[1], 0, 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_value(cell) for cell in cells[:MOST_COLUMNS]]
        while values and values[-1] is None:
            values.pop()
        if not values:
            blank += 1
            if blank > BLANK_ROWS:
                return
            continue
        blank, kept = 0, kept + 1
        if kept > MOST_ROWS:
            sys.exit(f"more than {MOST_ROWS} rows")
        yield [number, first_column, values]


def _value(cell: Any) -> Any:
    """Text, number, yes or no, a day as `{"day": …}`; None where there is nothing to read."""
    if isinstance(cell, datetime):
        return {"day": cell.date().isoformat()} if _is_day(cell) else cell.isoformat(" ")
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, str):
        return cell.strip()[:MOST_TEXT] or None
    if isinstance(cell, (bool, int, float)):
        return cell
    return str(cell)


def _is_day(instant: datetime) -> bool:
    return (instant.hour, instant.minute, instant.second, instant.microsecond) == (0, 0, 0, 0)


if __name__ == "__main__":
    main()

"""Reads a workbook from stdin and writes its cells to stdout as JSON, under limits of its own.

`foundation.spreadsheets` starts this file in a process of its own, apart from Django: a workbook
of 5 kB can make the parser ask for hundreds of gigabytes, and then the whole process is aborted.
"""

import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Collection
from datetime import date, datetime
from itertools import chain, islice, repeat
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1024**3
CPU_SECONDS = 10
MOST_COLUMNS = 100
MOST_MERGES = 50_000
MOST_TEXT = 5_000

FORMULA = {"formula": True}  # a formula of which the file keeps no value that could be read
Formulas = dict[int, set[int]]  # the columns (from 0) of a sheet's formulas, by row (from 1)

# What is asked for, as JSON in the first argument
OPTIONS: dict[str, Any] = {
    "only": None,  # the name of one sheet; else all that are visible
    "first": None,  # how many rows of each; else all
    "most": 20_000,  # rows that are not blank; a sheet with more is refused
    "gap": 100,  # so many blank rows, and the sheet is over; none: it is read to its end
}


def main() -> None:
    """Print the visible sheets: `[[name, rows, merged cells, last row], …]`.

    A row is `[number, first column, [value, …]]`; merged cells are `[top, left, bottom, right]`,
    rows from 1 and columns from 0; the last row is that of the last that is given.
    """
    options = {**OPTIONS, **json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}")}
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    if sys.platform == "linux":  # elsewhere it is refused, or not kept
        _limit(resource.RLIMIT_AS, MEMORY)
    data = sys.stdin.buffer.read()
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    formulas = _formulas_of(data)
    sheets = [
        _sheet(workbook, sheet.name, formulas.get(sheet.name, {}), options)
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
        and sheet.visible == SheetVisibleEnum.Visible
        and options["only"] in (None, sheet.name)
    ]
    json.dump(sheets, sys.stdout)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (limit, limit))


def _sheet(
    workbook: CalamineWorkbook, name: str, formulas: Formulas, options: dict[str, Any]
) -> list[Any]:
    sheet = workbook.get_sheet_by_name(name)
    rows = list(_rows(sheet, formulas, options))
    last = rows[-1][0] if rows else 0
    return [name, list(islice(rows, options["first"])), _merges(sheet, last), last]


def _rows(sheet: CalamineSheet, formulas: Formulas, options: dict[str, Any]) -> Any:
    """The sheet's rows that are not blank, up to its end or the first long gap."""
    first_column, blank, kept = sheet.start[1] if sheet.start else 0, 0, 0
    end = max(formulas, default=0)
    for number, cells in enumerate(chain(sheet.iter_rows(), repeat((), end)), start=1):
        values = [_value(cell) for cell in cells[:MOST_COLUMNS]]
        _mark(values, {column - first_column for column in formulas.get(number, ())})
        while values and values[-1] is None:
            values.pop()
        if not values:
            blank += 1
            if options["gap"] is not None and blank > options["gap"]:
                return
            continue
        blank, kept = 0, kept + 1
        if kept > options["most"]:
            sys.exit(f"more than {options['most']} rows")
        yield [number, first_column, values]


def _merges(sheet: CalamineSheet, last: int) -> list[list[int]]:
    """The merged cells of the rows that are given, cut where those end."""
    merged = [
        [top + 1, left, min(bottom + 1, last), min(right, MOST_COLUMNS)]
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if top < last and left < MOST_COLUMNS
    ]
    if len(merged) > MOST_MERGES:
        sys.exit(f"more than {MOST_MERGES} merged cells")
    return merged


def _mark(values: list[Any], formulas: Collection[int]) -> None:
    """Put `FORMULA` where one stands and no value was saved: such a cell is not blank."""
    columns = [column for column in formulas if 0 <= column < MOST_COLUMNS]
    values += [None] * (max(columns, default=-1) + 1 - len(values))
    for column in columns:
        if values[column] is None:
            values[column] = FORMULA


def _formulas_of(data: bytes) -> dict[str, Formulas]:
    """Where formulas stand, by sheet: calamine gives what was saved of them, or nothing."""
    found: dict[str, Formulas] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name, part in _parts(archive):
            text = archive.read(part)
            if re.search(rb"<(\w+:)?f[\s/>]", text):  # else it need not be walked through
                found[name] = _formulas_in(text)
    return found


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The name of each sheet and the part of the archive that holds it."""
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        of = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        if tag.endswith(" sheet"):
            sheets.append((of["name"], of["id"]))
        elif tag.endswith(" Relationship"):
            targets[of["Id"]] = posixpath.join("xl", of["Target"]).lstrip("/")

    there = set(archive.namelist())
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        if part in there:
            _walk(archive.read(part), start)
    return [(name, targets[key]) for name, key in sheets if targets.get(key) in there]


def _formulas_in(text: bytes) -> Formulas:
    formulas: Formulas = {}
    cell = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cell
        if tag.endswith(" c"):
            cell = attributes.get("r", "")
        elif tag.endswith(" f") and (address := re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", cell)):
            formulas.setdefault(int(address[2]), set()).add(_column(address[1]))

    _walk(text, start)
    return formulas


def _column(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _walk(text: bytes, start: Any) -> None:
    """Tell `start` of every element: its name after its namespace and a space, its attributes."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.Parse(text, True)


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

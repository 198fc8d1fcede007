"""Workbooks that people upload, read without trusting them; and telling all their errors at once.

What could harm is refused before it is opened: a look at the zip's own list of contents catches
bombs in a millisecond. What is left is parsed in a child process with limits on memory and time
(foundation/workbook_child.py): whatever a file does there, this process and its people go on.
"""

from __future__ import annotations

import codecs
import io
import json
import logging
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from web.refusals import Refusal

log = logging.getLogger(__name__)

LARGEST = 10 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 200
MOST_PARTS = 2_000
PATIENCE = 30  # seconds for the child, which has 10 of the processor
MOST_SHOWN = 500
MOST_ROWS_OF_ONE = 25_000  # 20,000 lines with what stands between them

_CHILD = Path(__file__).with_name("workbook_child.py")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # .xls, and every workbook with a password


class Formula:
    """A formula in a cell of which the file keeps no value: programs that calculate save one."""


Value = str | int | float | bool | date | Formula | None


class NotAWorkbook(Refusal):
    """The file is no .xlsx workbook, or none that can be read."""

    status = 400
    code = "not_a_workbook"
    title = gettext_lazy("Not a workbook")


class WorkbookTooLarge(Refusal):
    """The workbook is larger, or would unpack to more, than anybody types."""

    status = 400
    code = "workbook_too_large"
    title = gettext_lazy("Workbook too large")


class SpreadsheetErrors(Refusal):
    """Every error of every row, each with its cell. Nothing was imported."""

    status = 400
    code = "spreadsheet_errors"
    title = gettext_lazy("Cells need correcting")


class Row(NamedTuple):
    """A row that is not blank. `values` begin with column `first_column`, counted from 0."""

    number: int
    first_column: int
    values: list[Value]


class Merge(NamedTuple):
    """Cells that are one: rows from 1, columns from 0, all included."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(NamedTuple):
    """A visible sheet and its rows that are not blank; `last_row` is the number of the last."""

    name: str
    rows: list[Row]
    merges: Sequence[Merge] = ()
    last_row: int = 0


class Place(NamedTuple):
    """Where a value stands: a sheet and a cell; in a YAML file no sheet, but path and line."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.sheet else self.cell

    @property
    def position(self) -> tuple[int, int, str]:
        """Row and column: places sort by it as one reads them. AA comes after Z."""
        if cell := re.fullmatch(r"([A-Z]+)(\d+)", self.cell):
            return int(cell[2]), len(cell[1]), cell[1]
        line = re.search(r"\(line (\d+)\)$", self.cell)
        return int(line[1]) if line else 0, 0, ""


class Problems:
    """Collects what is wrong with a file, cell by cell, to tell it all at once."""

    def __init__(self) -> None:
        self._errors: dict[tuple[Place, str], dict[str, Any]] = {}

    def add(self, place: Place, message: str, code: str = "invalid") -> None:
        """Note what is wrong at `place`; the same words there count once."""
        self._errors[place, message] = {
            "field": str(place),
            "code": code,
            "message": message,
            "sheet": place.sheet,
            "cell": place.cell,
        }

    def __bool__(self) -> bool:
        return bool(self._errors)

    def refuse_if_any(self) -> None:
        """Raise `SpreadsheetErrors` with all of them, row by row (the first 500), if any."""
        if not self._errors:
            return
        count = len(self._errors)
        message = ngettext(
            "%(count)d error was found. Nothing was imported. Correct the file and try again.",
            "%(count)d errors were found. Nothing was imported. Correct the file and try again.",
            count,
        ) % {"count": count}
        errors = self._in_order()[:MOST_SHOWN]
        raise SpreadsheetErrors(message, errors=errors, extra={"error_count": count})

    def _in_order(self) -> list[dict[str, Any]]:
        """Sheet by sheet as they were met first, in each row by row and cell by cell."""
        sheets = list(dict.fromkeys(place.sheet for place, _message in self._errors))
        places = sorted(self._errors, key=lambda key: (sheets.index(key[0].sheet), key[0].position))
        return [self._errors[key] for key in places]


def cell_address(row: int, column: int) -> str:
    """What people call a cell: row 7, column 2 (counted from 0) is C7."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def bytes_of(upload: UploadedFile) -> bytes:
    """The bytes of an uploaded workbook; one that is too large is refused unread."""
    _refuse_large(upload.size or 0)
    return upload.read()


def read_workbook(data: bytes) -> list[Sheet]:
    """The visible sheets of an .xlsx workbook, each as far as its first hundred blank rows.

    Raises `NotAWorkbook` or `WorkbookTooLarge`, as the two below do.
    """
    return _read(data, {})


def look_into(data: bytes, *, rows: int) -> list[Sheet]:
    """The visible sheets with their first `rows`, to choose one from."""
    return _read(data, {"first": rows, "most": MOST_ROWS_OF_ONE, "gap": None})


def read_sheet(data: bytes, name: str) -> Sheet | None:
    """All of one visible sheet, whatever gaps it has; None where it has none of that name."""
    found = _read(data, {"only": name, "most": MOST_ROWS_OF_ONE, "gap": None})
    return found[0] if found else None


def _read(data: bytes, options: Mapping[str, Any]) -> list[Sheet]:
    _refuse_large(len(data))
    _refuse_other_files(data)
    _refuse_bombs(data)
    try:
        child = subprocess.run(  # noqa: S603 - our own file, with this Python
            [sys.executable, "-I", str(_CHILD), json.dumps(options)],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise WorkbookTooLarge(_too_much()) from None
    if child.returncode != 0:
        raise _unreadable(child)
    return [
        Sheet(
            name,
            [_row(number, first, values) for number, first, values in rows],
            [Merge(*merge) for merge in merges],
            last,
        )
        for name, rows, merges, last in json.loads(child.stdout)
    ]


def _refuse_large(size: int) -> None:
    if size > LARGEST:
        raise WorkbookTooLarge(
            _("A workbook may have %(most)d MB at most; this one has %(size)d MB.")
            % {"most": LARGEST // 1024**2, "size": -(-size // 1024**2)}
        )


def _refuse_other_files(data: bytes) -> None:
    if data.startswith(_OLD_EXCEL):
        raise NotAWorkbook(
            _("This is an old .xls file, or it has a password. Save it as .xlsx without password.")
        )
    if data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise NotAWorkbook(_("This is a web page, not a workbook. Save it as .xlsx."))
    if not data.startswith(b"PK"):
        raise NotAWorkbook(_("This is not an .xlsx workbook."))


def _refuse_bombs(data: bytes) -> None:
    """Refuse what would unpack to far more than it is, without unpacking it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise NotAWorkbook(_("The file is damaged. Save it again as .xlsx.")) from None
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise NotAWorkbook(_("This is not an .xlsx workbook."))
    if "xl/vbaProject.bin" in names:
        raise NotAWorkbook(_("This workbook has macros. Save it as .xlsx without macros."))
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or any(part.file_size > MOST_RATIO * max(part.compress_size, 1024) for part in parts)
    ):
        raise WorkbookTooLarge(_too_much())


def _unreadable(child: subprocess.CompletedProcess[bytes]) -> Refusal:
    """The refusal for a workbook on which the child failed: killed by a limit, or damaged."""
    words = child.stderr.decode(errors="replace").strip()
    log.warning("workbook refused", extra={"returncode": child.returncode, "error": words[-500:]})
    killed = child.returncode < 0 or "MemoryError" in words or "more than" in words
    if killed:
        return WorkbookTooLarge(_too_much())
    return NotAWorkbook(_("The file is damaged. Save it again as .xlsx."))


def _too_much() -> str:
    return _(
        "This workbook holds far more than can be imported at once. Copy the rows that count into "
        "a new workbook."
    )


def _row(number: int, first_column: int, values: list[Any]) -> Row:
    return Row(number, first_column, [_value(value) for value in values])


def _value(value: Any) -> Value:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"]) if "day" in value else Formula()
    return value

"""A spreadsheet comes in: kept, looked into, its columns guessed. Nothing of the park changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.context import recorded
from foundation.models import StoredFile
from foundation.spreadsheets import Sheet, look_into
from foundation.versions import locked, save_next_version
from seats.imports.columns import guess_columns
from seats.imports.grid import Grid, Heads, find_heads, heads_of
from seats.models import AllocationImport, ImportState
from seats.services.imports.park_now import places
from seats.services.refusals import WrongState
from web.refusals import Invalid, Refusal

LOOKED_AT = 60  # rows that are shown and guessed from


class EmptyWorkbook(Refusal):
    """No visible sheet of the workbook has anything in it."""

    status = 400
    code = "empty_workbook"
    title = gettext_lazy("Empty workbook")


class Choices(NamedTuple):
    """How a sheet is to be read."""

    head_rows: tuple[int, int]
    columns: Mapping[int, str]
    usual_kind: str
    repeats: bool


def open_import(
    *, file_name: str, data: bytes, now: datetime, acting_user: User
) -> AllocationImport:
    """Keep a workbook and read what it holds; of a single sheet the columns are guessed at once.

    Raises `NotAWorkbook`, `WorkbookTooLarge` or `EmptyWorkbook`, and has then kept nothing.
    """
    sheets = [sheet for sheet in look_into(data, rows=LOOKED_AT) if sheet.rows]
    if not sheets:
        raise EmptyWorkbook(_("This workbook is empty: no visible sheet has anything in it."))
    digest = hashlib.sha256(data).hexdigest()
    with recorded(acting_user):
        file = StoredFile.objects.create(
            name=f"imports/{uuid4().hex}.xlsx", data=data, size=len(data), sha256=digest
        )
        row = AllocationImport(
            file_name=file_name[-200:],
            file=file,
            sha256=digest,
            sheets=[{"name": sheet.name, "rows": sheet.last_row} for sheet in sheets],
            created_by=acting_user,
            created_at=now,
        )
        if len(sheets) == 1:
            _take(row, sheets[0])
        row.save()
    return row


def _as_before(row: AllocationImport, heads: Sequence[str]) -> None:
    """Take over what its person chose for this list last time, where its heads are the same.

    Who corrects a file and uploads it again need not say everything again; the pages show it.
    """
    before = (
        AllocationImport.objects.filter(
            file_name=row.file_name, sheet=row.sheet, created_by=row.created_by
        )
        .exclude(pk=row.pk)
        .order_by("-pk")
        .first()
    )
    if before is None:
        return
    row.answers = before.answers
    if [one.get("heads") for one in before.sheets if one["name"] == row.sheet] == [list(heads)]:
        row.head_rows, row.columns = before.head_rows, before.columns
        row.usual_kind, row.repeats = before.usual_kind, before.repeats


def choose_sheet(*, import_id: int, sheet: str, acting_user: User) -> AllocationImport:
    """Take one of several sheets, and guess its columns. Raises `Invalid` or `WrongState`."""
    row = AllocationImport.objects.select_related("file").get(pk=import_id)
    found = next((one for one in first_rows(row) if one.name == sheet), None)
    if found is None:
        raise Invalid({"sheet": _("Choose one of the sheets.")})
    with recorded(acting_user):
        row = unapplied(import_id)
        _take(row, found)
        row.state = ImportState.READ
        fields = ["sheets", "sheet", "head_rows", "columns", "usual_kind", "repeats", "answers"]
        save_next_version(row, [*fields, "questions", "counts", "skipped", "state"])
        row.lines.all().delete()
    return row


def first_rows(row: AllocationImport) -> list[Sheet]:
    """The first rows of each sheet, as they are in the file."""
    return look_into(bytes(row.file.data), rows=LOOKED_AT)


def unapplied(import_id: int, expected_version: int | None = None) -> AllocationImport:
    """The import, locked; raises `WrongState` once it was applied."""
    row = locked(AllocationImport.objects, import_id, expected_version)
    if row.state in {ImportState.APPLIED, ImportState.UNDONE}:
        raise WrongState(_("This list was applied already. Upload it again to compare it anew."))
    return row


def _take(row: AllocationImport, sheet: Sheet) -> None:
    grid = Grid(sheet)
    heads = find_heads(grid)
    row.sheet = sheet.name
    row.head_rows = [heads.first, heads.last]
    row.columns = {
        str(column): field.value for column, field in guess_columns(grid, heads, places()).items()
    }
    row.answers, row.questions, row.counts, row.skipped = {}, [], {}, []
    texts = list(heads_of(grid, heads).values()) if heads.first else []
    for one in row.sheets:
        one.pop("heads", None)
        if one["name"] == sheet.name:
            one["heads"] = texts
    _as_before(row, texts)


def choose_columns(
    *, import_id: int, choices: Choices, acting_user: User, expected_version: int | None = None
) -> AllocationImport:
    """Say what the columns are. Raises `WrongState` or `Stale`."""
    with recorded(acting_user):
        row = unapplied(import_id, expected_version)
        row.head_rows = list(choices.head_rows)
        row.columns = {str(column): name for column, name in choices.columns.items()}
        row.usual_kind, row.repeats = choices.usual_kind, choices.repeats
        row.state = ImportState.READ
        save_next_version(row, ["head_rows", "columns", "usual_kind", "repeats", "state"])
    return row


def answer_names(
    *, import_id: int, answers: Mapping[str, str], acting_user: User, forget: bool = False
) -> AllocationImport:
    """Say whom unclear names mean: the number of an enterprise, or that its rows are left out.

    `forget`: what was answered before is asked again.
    """
    with recorded(acting_user):
        row = unapplied(import_id)
        row.answers = dict(answers) if forget else {**row.answers, **answers}
        row.state = ImportState.READ
        save_next_version(row, ["answers", "state"])
    return row


def choose_whole_zones(
    *, import_id: int, zones: Sequence[str], from_day: date | None, acting_user: User
) -> AllocationImport:
    """Say that the list is the whole of these zones: what it does not name is released."""
    if zones and from_day is None:
        raise Invalid({"from_day": _("Say from which day they are released.")})
    with recorded(acting_user):
        row = unapplied(import_id)
        row.whole_zones, row.from_day = list(zones), from_day if zones else None
        row.state = ImportState.READ
        save_next_version(row, ["whole_zones", "from_day", "state"])
    return row


def heads_of_import(row: AllocationImport) -> Heads:
    return Heads(*row.head_rows) if row.head_rows else Heads(0, 0)

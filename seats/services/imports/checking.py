"""Comparing a list with the park: what it would change, and everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from accounts.models import User
from audit.context import recorded
from foundation.models import Job
from foundation.services.jobs import Progress, enqueue
from foundation.spreadsheets import Sheet, read_sheet
from foundation.versions import save_next_version
from seats.imports.diff import Change, Outcome, compare
from seats.imports.grid import ROW_LEFT_OUT, Grid, Skipped, sort_rows
from seats.imports.lines import Line, Reading
from seats.imports.names import Named, name_lines
from seats.imports.problems import Problem
from seats.imports.rows import read_lines
from seats.models import AllocationImport, AllocationImportLine, ImportState
from seats.services.imports.keeping import kept, problems_of, wrong_line
from seats.services.imports.leaving_out import rows_left_out
from seats.services.imports.opening import heads_of_import, unapplied
from seats.services.imports.park_now import park_of, places, register, zones_of

CHECK = "seats.check_import"
LEFT_OUT = {"left_out", ROW_LEFT_OUT}  # a list without these rows is the whole of nothing
LARGE = 1_000  # rows from which a list is worked on in the background
_STEPS = 4
_BATCH = 1_000


def is_large(row: AllocationImport) -> bool:
    """Whether the list is worked on in the background."""
    return any(sheet["rows"] > LARGE for sheet in row.sheets if sheet["name"] == row.sheet)


def request_check(*, row: AllocationImport, acting_user: User) -> Job:
    """Ask for the comparison in the background."""
    with recorded(acting_user):
        job = enqueue(kind=CHECK, key=str(row.pk), arguments={"import": row.pk}, owner=acting_user)
        AllocationImport.objects.filter(pk=row.pk).update(job=job)
    return job


def check_import(
    *, import_id: int, now: datetime, acting_user: User, progress: Progress | None = None
) -> AllocationImport:
    """Read the list as it was said, and compare it with the park as it is.

    While names are unclear the import stays `read`, with its questions; else it is `checked`.
    What somebody says of the list meanwhile is not lost: then it is read once more.
    Raises `NotAWorkbook` or `WorkbookTooLarge`, or `WrongState` once it was applied.
    """
    while (row := _checked(import_id, now, acting_user, progress)) is None:
        pass
    return row


def _checked(
    import_id: int, now: datetime, acting_user: User, progress: Progress | None
) -> AllocationImport | None:
    """The import, compared; None, and nothing written, where it is another than was read."""
    row = AllocationImport.objects.select_related("file").get(pk=import_id)
    version = row.version
    _tell(progress, 0, gettext_noop("Reading the list"))
    sheet = read_sheet(bytes(row.file.data), row.sheet)
    grid = Grid(sheet or Sheet(row.sheet, []))
    columns = {int(column): name for column, name in row.columns.items()}
    rows = sort_rows(grid, heads_of_import(row), columns, repeats=row.repeats)
    _tell(progress, 1, gettext_noop("Reading the lines"))
    reading = read_lines(rows.entries, places(), row.usual_kind)
    _leave_rows_out(reading, rows_left_out(row), grid)
    named = name_lines([*reading.lines, *reading.unreadable], register(), row.answers)
    named = named._replace(lines=[line for line in named.lines if line.floor])
    _leave_out(reading, named)
    reading.skipped = sorted([*rows.skipped, *reading.skipped])
    _tell(progress, 2, gettext_noop("Comparing it with the park"))
    problems = [*reading.problems, *reading.wrong_counts(), *named.problems]
    is_whole = not any(one.why in LEFT_OUT for one in reading.skipped)
    zones = row.whole_zones if is_whole and not problems else []
    outcomes = _compared(row, named.lines, now, zones) if not named.questions else []
    _tell(progress, 3, gettext_noop("Writing down what it would change"))
    with recorded(acting_user):
        row = unapplied(import_id)
        if row.version != version:
            return None
        lines = _keep(row, outcomes, problems if not named.questions else [])
        row.questions = [question._asdict() for question in named.questions]
        row.skipped = [list(one) for one in reading.skipped]
        row.counts = {
            **_counts(lines, outcomes),
            "zones": zones_of(line.floor for line in named.lines),
            "answered": named.answered,
            "rows": grid.last_row,
            "blank": rows.blank,
            "table": reading.rows,
        }
        if not is_whole:
            row.whole_zones, row.from_day = [], None
        row.state = ImportState.READ if named.questions else ImportState.CHECKED
        row.checked_at = now
        fields = ["questions", "skipped", "counts", "state", "checked_at"]
        save_next_version(row, [*fields, "whole_zones", "from_day"])
    return row


def _tell(progress: Progress | None, done: int, message: str) -> None:
    if progress is not None:
        progress.tell(done, _STEPS, message)


def _leave_out(reading: Reading, named: Named) -> None:
    """Rows whose enterprise nobody wants are none of the table's any more."""
    left = {line.row: Skipped(line.row, "left_out", str(line.names)) for line in named.left_out}
    _skip(reading, left)
    named.problems[:] = [problem for problem in named.problems if problem.row not in left]


def _leave_rows_out(reading: Reading, numbers: Collection[int], grid: Grid) -> None:
    """Nor are rows that were left out one by one."""
    there = {line.row for line in (*reading.lines, *reading.unreadable)}
    left = {row: Skipped(row, ROW_LEFT_OUT, grid.text(row)) for row in there & {*numbers}}
    _skip(reading, left)
    reading.lines = [line for line in reading.lines if line.row not in left]
    reading.unreadable = [line for line in reading.unreadable if line.row not in left]


def _skip(reading: Reading, left: Mapping[int, Skipped]) -> None:
    reading.rows -= len(left)
    reading.skipped += left.values()
    reading.problems = [problem for problem in reading.problems if problem.row not in left]


def _compared(
    row: AllocationImport, lines: Sequence[Line], now: datetime, zones: Sequence[str]
) -> list[Outcome]:
    """What the lines change; what they do not name of the zones of which they are the whole."""
    return compare(lines, park_of(lines, now=now, whole_zones=zones, from_day=row.from_day))


def _keep(
    row: AllocationImport, outcomes: Sequence[Outcome], problems: Iterable[Problem]
) -> list[AllocationImportLine]:
    """Put the outcomes in place of those of the check before, as they stand in the sheet."""
    row.lines.all().delete()
    lines = [kept(row, 0, outcome) for outcome in outcomes]
    first = {line.row: line for line in reversed(lines) if line.row}
    for problem in problems:
        if problem.row not in first:
            first[problem.row] = wrong_line(row, problem.row)
            lines.append(first[problem.row])
        first[problem.row].problems.append(list(problem))
        first[problem.row].change = Change.WRONG.value
    lines.sort(key=lambda line: (line.row == 0, line.row))
    for position, line in enumerate(lines):
        line.position = position
    return AllocationImportLine.objects.bulk_create(lines, batch_size=_BATCH)


def _counts(lines: Sequence[AllocationImportLine], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Lines and seats by change; how many cells are wrong."""
    seats: Counter[str] = Counter()
    for line in lines:
        lower, upper = (line.facts or line.before or {"seats": (0, 0)})["seats"]
        seats[line.change] += upper - lower
    changed = [outcome for outcome in outcomes if outcome.change == Change.CHANGED]
    problems = [problem for line in lines for problem in problems_of(line.problems)]
    return {
        "lines": dict(Counter(line.change for line in lines)),
        "seats": dict(seats),
        "seats_before": sum(outcome.before.seats.length for outcome in changed if outcome.before),
        "wrong": sum(not problem.is_conflict for problem in problems),
    }

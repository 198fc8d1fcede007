"""Applying a list: everything that it changes in one transaction, or nothing.

Under the lock it is compared once more with the park as it is then. What is written goes through
the functions by which people give, hold and release seats.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audit.context import recorded
from foundation.models import Job
from foundation.services.jobs import Progress, enqueue
from foundation.versions import save_next_version
from seats.imports.diff import Change, Outcome, compare, rectangle_of
from seats.imports.lines import Line
from seats.models import AllocationImport, AllocationImportLine, ImportState
from seats.services.imports.keeping import kept, kept_form, line_of, problems_of
from seats.services.imports.opening import unapplied
from seats.services.imports.park_now import park_of
from seats.services.imports.writing import Written, write
from seats.services.planning import planning_seats
from seats.services.reshaping import Form
from web.refusals import Refusal
from web.sentences import in_one_paragraph

APPLY = "seats.apply_import"
MOST_SAID = 50

_LINK = """
    UPDATE seats_allocationimportline l
    SET after = to_.form::jsonb, allocation_id = to_.allocation
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS to_(id, form, allocation)
    WHERE l.id = to_.id
"""


class ImportNotReady(Refusal):
    """There are cells to correct, seats that others have, or nothing to change."""

    code = "import_not_ready"
    title = gettext_lazy("Not ready")


class ImportOvertaken(Refusal):
    """Somebody changed the park after the list was compared with it."""

    code = "import_overtaken"
    title = gettext_lazy("The park has changed")


def request_apply(*, row: AllocationImport, expected_version: int, acting_user: User) -> Job:
    """Ask for it in the background. The same import is applied by one job at a time."""
    with recorded(acting_user):
        job = enqueue(
            kind=APPLY,
            key=str(row.pk),
            arguments={"import": row.pk, "version": expected_version},
            owner=acting_user,
        )
        AllocationImport.objects.filter(pk=row.pk).update(job=job)
    return job


def apply_import(
    *,
    import_id: int,
    expected_version: int | None,
    today: date,
    now: datetime,
    acting_user: User,
    progress: Progress | None = None,
) -> AllocationImport:
    """Change the park as the list was shown to change it.

    Raises `ImportNotReady`, `ImportOvertaken` (naming the cells), `Stale`, `WrongState` or `Busy`,
    and what giving and releasing seats raises; nothing is changed then.
    """
    rows = list(
        AllocationImportLine.objects.filter(allocation_import=import_id).order_by("position")
    )
    lines = [line_of(row.facts) for row in rows if row.facts is not None]
    with planning_seats(acting_user, [rectangle_of(line) for line in lines], now=now):
        if progress is not None:
            progress.confirm()
        row = unapplied(import_id, expected_version)
        _refuse_unready(row, rows)
        outcomes = _compared_again(row, rows, lines, now)
        source = f"{row.file_name} {row.sheet}"[:300]
        written = write(outcomes, source=source, today=today, now=now, acting_user=acting_user)
        _link(rows, written)
        row.undo = written.undo
        row.state, row.applied_by, row.applied_at = ImportState.APPLIED, acting_user, now
        save_next_version(row, ["undo", "state", "applied_by", "applied_at"])
        if progress is not None:
            progress.end({"import": row.pk})
    return row


def _refuse_unready(row: AllocationImport, rows: Sequence[AllocationImportLine]) -> None:
    if row.state != ImportState.CHECKED:
        raise ImportNotReady(_("Some names are not clear yet. Say whom they mean first."))
    problems = [problem for line in rows for problem in problems_of(line.problems)]
    if problems:
        said = [f"{problem.cell} {problem.words}".strip() for problem in problems[:MOST_SAID]]
        message = ngettext(
            "%(count)d cell is to be corrected before anything is applied.",
            "%(count)d cells are to be corrected before anything is applied.",
            len(problems),
        )
        raise ImportNotReady(
            in_one_paragraph([message % {"count": len(problems)}, *said[:3]]),
            errors=[
                {"field": problem.cell, "code": problem.code, "message": problem.words}
                for problem in problems[:MOST_SAID]
            ],
        )
    if not any(line.change in {"new", "changed", "missing"} for line in rows):
        raise ImportNotReady(_("The list says what is known already: there is nothing to apply."))


def _compared_again(
    row: AllocationImport,
    rows: Sequence[AllocationImportLine],
    lines: Sequence[Line],
    now: datetime,
) -> list[Outcome]:
    """The outcomes as they are now; raises `ImportOvertaken` where they are others than shown."""
    park = park_of(lines, now=now, whole_zones=row.whole_zones, from_day=row.from_day)
    outcomes = compare(lines, park)
    now_kept = [kept(row, 0, outcome) for outcome in outcomes]
    pairs = list(zip_longest(rows, now_kept))
    if differing := [pair for pair in pairs if _essence(pair[0]) != _essence(pair[1])]:
        raise _overtaken([one or other for other, one in differing if one or other])
    return outcomes


def _essence(line: AllocationImportLine | None) -> tuple[Any, ...]:
    """What a person saw of a line, in a form to be compared."""
    if line is None:
        return ()
    before = json.dumps(line.before, sort_keys=True)
    after = json.dumps(line.after, sort_keys=True) if line.change == Change.MISSING else ""
    return line.row, str(line.change), before, after, json.dumps(line.problems)


def _overtaken(lines: Sequence[AllocationImportLine]) -> ImportOvertaken:
    """That the park is another than the list was compared with, and where that matters."""
    errors = []
    for line in lines[:MOST_SAID]:
        problems = problems_of(line.problems)
        cell = problems[0].cell if problems else _first_cell(line)
        words = problems[0].words if problems else _("This would be another change now.")
        errors.append({"field": cell, "code": "import_overtaken", "message": words})
    count = len(lines)
    message = ngettext(
        "Nothing was applied: the park has changed since you looked, in %(count)d line.",
        "Nothing was applied: the park has changed since you looked, in %(count)d lines.",
        count,
    ) % {"count": count}
    said = [f"{error['field']} {error['message']}".strip() for error in errors[:3]]
    again = _("Look at what it would change now, then apply again.")
    return ImportOvertaken(in_one_paragraph([message, *said, again]), errors=errors)


def _first_cell(line: AllocationImportLine) -> str:
    return next(iter((line.facts or {}).get("cells", {}).values()), "")


def _link(rows: Sequence[AllocationImportLine], written: Written) -> None:
    """Let each line know what became of it: one statement, however many."""
    changed = [
        (row.pk, written.forms.get(place), row)
        for place, row in enumerate(rows)
        if row.change != Change.UNCHANGED
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _LINK,
            [
                [pk for pk, _form, _row in changed],
                [json.dumps(kept_form(form)) for _pk, form, _row in changed],
                [_allocation(form, row) for _pk, form, row in changed],
            ],
        )


def _allocation(form: Form | None, row: AllocationImportLine) -> int | None:
    """The allocation that has the seats now; that gave them up, where none has."""
    return form.allocation if form else (row.before or {}).get("allocation")

"""What the pages of an import show, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.requests import UserRequest
from foundation import clock
from seats.forms.imports import (
    MOST_NAMES,
    ColumnsForm,
    LeaveOutForm,
    NamesForm,
    UploadForm,
    WholeForm,
    heads_ending_in,
)
from seats.imports.columns import guess_columns
from seats.imports.grid import ROW_LEFT_OUT, WHY, Grid, Skipped, count_by_reason
from seats.imports.names import LEAVE_OUT, Register
from seats.models import AllocationImport, ImportState
from seats.services import imports as services
from seats.services.imports.applying import ImportOvertaken
from seats.services.imports.checking import LEFT_OUT
from seats.services.imports.opening import first_rows
from seats.services.imports.park_now import places
from seats.services.imports.undoing import refuse_built_on, refuse_undo
from seats.views.import_lines import STATES, shown_lines
from tenants.models import Enterprise
from web import formats
from web.htmx import see_other
from web.pagination import Page
from web.refusals import Refusal

LINES_ON_A_PAGE = 50
CHANGES = ("new", "changed", "missing", "conflicting", "wrong", "unchanged")


def next_step(row: AllocationImport) -> str:
    """The page on which a list goes on; its own once it was applied."""
    name = "seats:import-detail"
    if row.state == ImportState.CHECKED:
        name = "seats:import-changes"
    elif row.state == ImportState.READ:
        name = "seats:import-columns" if row.sheet else "seats:import-sheet"
        name = "seats:import-names" if row.questions else name
    return reverse(name, args=[row.pk])


def list_page(request: UserRequest, form: UploadForm) -> HttpResponse:
    """Every list that was read, newest first."""
    rows = AllocationImport.objects.visible_to(request.user).defer("undo", "skipped", "questions")
    people = ("created_by", "applied_by", "undone_by")
    page = Page(request, rows.select_related(*people).order_by("-created_at", "-pk"), size=20)
    return render(request, "seats/import_list.html", {"form": form, "page": page})


def grid_of(row: AllocationImport) -> Grid:
    """The first rows of the list's sheet."""
    sheets = {sheet.name: sheet for sheet in first_rows(row)}
    return Grid(sheets[row.sheet] if row.sheet else next(iter(sheets.values())))


def columns_page(request: UserRequest, row: AllocationImport, form: ColumnsForm) -> HttpResponse:
    """What stands in which column."""
    context = {
        "row": row,
        "form": form,
        "before": applied_before(row),
        "several": len(row.sheets) > 1,
    }
    return render(request, "seats/import_columns.html", context)


def guessed_again(request: UserRequest, row: AllocationImport) -> ColumnsForm:
    """The form with columns as they are guessed where the heads end in the row that was typed."""
    grid = grid_of(row)
    typed = request.POST.get("head_row", "")
    heads = heads_ending_in(grid, int(typed) if typed.isdecimal() and len(typed) < 7 else 0)
    row.head_rows = list(heads)
    found = guess_columns(grid, heads, places())
    row.columns = {str(column): field.value for column, field in found.items()}
    return ColumnsForm(None, row=row, grid=grid)


def choose_columns(request: UserRequest, row: AllocationImport, form: ColumnsForm) -> None:
    """Keep what was chosen."""
    services.choose_columns(
        import_id=row.pk,
        choices=form.choices,
        acting_user=request.user,
        expected_version=form.expected_version,
    )


def check(request: UserRequest, row: AllocationImport) -> HttpResponse:
    """Compare the list with the park, at once or in the background, and go where it goes on."""
    if services.is_large(row):
        services.request_check(row=row, acting_user=request.user)
        return see_other(request, reverse("seats:import-detail", args=[row.pk]))
    now_checked = services.check_import(import_id=row.pk, now=clock.now(), acting_user=request.user)
    return see_other(request, next_step(now_checked))


def names_page(
    request: UserRequest, row: AllocationImport, form: NamesForm, register: Register
) -> HttpResponse:
    """Whom unclear names mean."""
    count = len(row.questions)
    title = ngettext("%(count)s name is not clear", "%(count)s names are not clear", count)
    context = {
        "row": row,
        "form": form,
        "title": title % {"count": formats.number(count)},
        "more": max(0, count - MOST_NAMES),
        "enterprises": sorted(one.name for one in register.known.values()),
    }
    return render(request, "seats/import_names.html", context)


def changes_page(
    request: UserRequest, row: AllocationImport, form: WholeForm, refusal: Refusal | None = None
) -> HttpResponse:
    """What the list would change: how much, and line by line."""
    asked = request.GET.get("show", "")
    show = asked if asked in CHANGES else ""
    lines = row.lines.select_related("allocation_import").order_by("position")
    page = Page(request, lines.filter(change=show) if show else lines, size=LINES_ON_A_PAGE)
    context = {
        **_in_short(row),
        "form": form,
        "refusal": refusal,
        "kinds": list(_kinds(row, show)),
        "show": show,
        "page": page,
        "lines": shown_lines(list(page)),
    }
    status = refusal.status if refusal else 200
    return render(request, "seats/import_changes.html", context, status=status)


def leave_out(request: UserRequest, row: AllocationImport, form: LeaveOutForm) -> None:
    """Leave out what the page offered to leave out, or take all in again."""
    if form.cleaned_data["again"]:
        services.take_rows_in(import_id=row.pk, acting_user=request.user)
        return
    services.leave_out_rows(
        import_id=row.pk,
        rows=form.rows,
        acting_user=request.user,
        expected_version=form.expected_version,
    )


def _in_short(row: AllocationImport) -> dict[str, Any]:
    """How much there is to do and to correct, what was read, what was answered."""
    counted = row.counts.get("lines", {})
    to_do = sum(counted.get(change, 0) for change in ("new", "changed", "missing"))
    stops = row.counts.get("wrong", 0) + counted.get("conflicting", 0)
    stopping = services.stopping_rows(row) if stops else []
    skipped = [Skipped(*one) for one in row.skipped]
    return {
        "row": row,
        "title": _title(row, to_do, stops),
        "to_do": to_do,
        "stops": stops,
        "verb": apply_verb(to_do),
        "read": _read(row),
        "skipped": skipped,
        "stopping": len(stopping),
        "leave_out_verb": _leave_out_verb(len(stopping)),
        "left_out": _left_out(row),
        "is_part": any(one.why in LEFT_OUT for one in skipped),
        "answered": list(_answered(row)),
        "before": applied_before(row),
    }


def _leave_out_verb(rows: int) -> str:
    """不导入这 3 行: what the button says."""
    verb = ngettext("Leave %(count)s row out", "Leave %(count)s rows out", rows)
    return verb % {"count": formats.number(rows)}


def _left_out(row: AllocationImport) -> list[Skipped]:
    """The rows that somebody left out one by one, with what stands in them."""
    return [one for one in (Skipped(*one) for one in row.skipped) if one.why == ROW_LEFT_OUT]


def _answered(row: AllocationImport) -> Iterator[tuple[str, str]]:
    """Names that were not clear, and whom somebody said they mean."""
    answers = row.counts.get("answered", {})
    pks = [int(answer) for answer in answers.values() if answer != LEAVE_OUT]
    known = Enterprise.objects.in_bulk(pks)
    for said, answer in answers.items():
        yield said, _("left out") if answer == LEAVE_OUT else str(known[int(answer)].name)


def _title(row: AllocationImport, to_do: int, stops: int) -> str:
    if stops:
        title = ngettext("%(count)s thing to correct", "%(count)s things to correct", stops)
        return title % {"count": formats.number(stops)}
    if to_do:
        title = ngettext("%(count)s change", "%(count)s changes", to_do)
        return title % {"count": formats.number(to_do)}
    return _("Nothing would change")


def apply_verb(changes: int) -> str:
    """应用 12 项变更: what the button says."""
    verb = ngettext("Apply %(count)s change", "Apply %(count)s changes", changes)
    return verb % {"count": formats.number(changes)}


def _kinds(row: AllocationImport, show: str) -> Iterator[dict[str, Any]]:
    """Lines and seats by change, each a way to its lines."""
    words = dict(row.lines.model._meta.get_field("change").flatchoices)
    lines, seats = row.counts.get("lines", {}), row.counts.get("seats", {})
    for change in CHANGES:
        if count := lines.get(change, 0):
            yield {
                "change": change,
                "word": words[change],
                "state": STATES[change],
                "lines": count,
                "seats": seats.get(change, 0),
                "seats_before": _seats_before(row) if change == "changed" else None,
                "url": f"?show={change}#lines",
                "is_shown": change == show,
            }


def _seats_before(row: AllocationImport) -> int | None:
    """How many seats the changed lines had; None where that stays."""
    before = row.counts.get("seats_before")
    return None if before == row.counts.get("seats", {}).get("changed") else before


def _read(row: AllocationImport) -> dict[str, Any]:
    """The count of what was read: rows of the table, skipped ones, blank ones."""
    skipped = [Skipped(*one) for one in row.skipped]
    return {
        "rows": row.counts.get("rows", 0),
        "table": row.counts.get("table", 0),
        "blank": row.counts.get("blank", 0),
        "skipped": len(skipped),
        "reasons": [(_(WHY[why]), count) for why, count in count_by_reason(skipped)],
    }


def errors_of(row: AllocationImport) -> Iterator[Sequence[str | int]]:
    """Heads, then every cell to correct, in the order in which one reads the sheet."""
    yield [_("Row"), _("Cell"), _("Seats"), _("What is wrong")]
    lines = row.lines.exclude(problems=[]).select_related("allocation_import")
    for line in shown_lines(list(lines.order_by("position"))):
        for problem in line.problems:
            yield [problem.row, problem.cell, line.seats, problem.words]


def apply(request: UserRequest, row: AllocationImport, version: int | None) -> None:
    """Apply the list, at once or in the background."""
    if services.is_large(row):
        services.request_apply(
            row=row, expected_version=version or row.version, acting_user=request.user
        )
        return
    services.apply_import(
        import_id=row.pk,
        expected_version=version,
        today=clock.today(),
        now=clock.now(),
        acting_user=request.user,
    )
    messages.success(request, _("Applied. You can undo it as one for 24 hours."))


def not_applied(request: UserRequest, row: AllocationImport, refusal: Refusal) -> HttpResponse:
    """The changes as they are now, with what stands in the way."""
    if isinstance(refusal, ImportOvertaken):
        services.check_import(import_id=row.pk, now=clock.now(), acting_user=request.user)
    row.refresh_from_db()
    form = WholeForm(None, row=row, today=clock.today())
    return changes_page(request, row, form, refusal)


def tell_of_job(request: UserRequest, row: AllocationImport) -> None:
    """Say what a job in the background was refused with, or that it failed; once."""
    job = row.job
    if job is None:
        return
    if job.result and (words := job.result.get("refused")):
        messages.error(request, words)
    elif job.state == job.State.FAILED:
        messages.error(request, _("The work could not be finished. Nothing was changed by it."))
    AllocationImport.objects.filter(pk=row.pk).update(job=None)


def done_page(request: UserRequest, row: AllocationImport) -> HttpResponse:
    """What a list has changed, who applied it, whether it can still be undone."""
    lines = row.lines.exclude(change="unchanged").select_related("allocation_import")
    page = Page(request, lines.order_by("position"), size=LINES_ON_A_PAGE)
    context = {
        "row": row,
        "title": _done_title(row),
        "page": page,
        "lines": shown_lines(list(page)),
        "kinds": list(_kinds(row, "")),
        "read": _read(row),
        "left_out": _left_out(row),
        "may_undo": _may_undo(row),
        "undo_until": row.applied_at and row.applied_at + AllocationImport.UNDO_WITHIN,
    }
    return render(request, "seats/import_detail.html", context)


def _done_title(row: AllocationImport) -> str:
    words = {"file": row.file_name}
    if row.state == ImportState.UNDONE:
        return _("%(file)s: applied and undone") % words
    return _("%(file)s: applied") % words


def _may_undo(row: AllocationImport) -> bool:
    try:
        refuse_undo(row, clock.now())
    except Refusal:
        return False
    return True


def undo_page(
    request: UserRequest, row: AllocationImport, refusal: Refusal | None = None
) -> HttpResponse:
    """The effect of undoing; or why it can't be done."""
    status = refusal.status if refusal else 200
    if refusal is None:
        try:
            refuse_undo(row, clock.now())
            refuse_built_on(row, list(row.lines.exclude(change="unchanged")))
        except Refusal as found:
            refusal = found
    context = {"row": row, "refusal": refusal, "kinds": list(_kinds(row, "")), "verb": undo_verb()}
    return render(request, "seats/import_undo.html", context, status=status)


def undo_verb() -> str:
    return pgettext("import", "Undo all of it")


def applied_before(row: AllocationImport) -> AllocationImport | None:
    """The same file, where it was applied already."""
    twins = AllocationImport.objects.filter(sha256=row.sha256, applied_at__isnull=False)
    return twins.exclude(pk=row.pk).select_related("applied_by").order_by("-applied_at").first()

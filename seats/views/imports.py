"""Lists of allocations: upload, columns, names, what changes, apply, undo; and the list of all."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.csv_files import encoded
from foundation.spreadsheets import bytes_of
from seats.forms.imports import (
    ColumnsForm,
    LeaveOutForm,
    NamesForm,
    SheetForm,
    UploadForm,
    WholeForm,
)
from seats.imports.exporting import template
from seats.models import AllocationImport
from seats.services import imports as services
from seats.services.imports.park_now import register
from seats.views import import_pages as pages
from web.attachments import attachment
from web.forms import VersionMixin, add_refusal
from web.htmx import page_or_fragment, see_other
from web.posting import posted_from
from web.refusals import Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAY = "seats.import_allocations"


@require_http_methods(["GET", "POST"])
@login_required
@permission_required(MAY, raise_exception=True)
def import_list(request: UserRequest) -> HttpResponse:
    """Every list that was read, newest first; and a place to hand in another."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            data = bytes_of(upload)
            row = services.open_import(
                file_name=upload.name, data=data, now=clock.now(), acting_user=request.user
            )
            return see_other(request, pages.next_step(row))
        except Refusal as refusal:
            add_refusal(form, refusal)
    return pages.list_page(request, form)


@require_safe
@login_required
@permission_required(MAY, raise_exception=True)
def import_template(request: UserRequest) -> HttpResponse:
    """The empty list to fill in."""
    response = HttpResponse(template(), content_type=XLSX)
    name = _("Allocations") + ".xlsx"
    response.headers["Content-Disposition"] = attachment(name, fallback="allocations.xlsx")
    return response


@require_safe
@login_required
@permission_required(MAY, raise_exception=True)
def import_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Where a list is: what it did once it was applied; else on to the step that comes next."""
    row = _visible_or_404(request, pk)
    if row.job is not None and not row.job.is_finished:
        context = {"row": row, "job": row.job, "url": request.path}
        page, part = "seats/import_progress.html", "web/_progress.html"
        return page_or_fragment(request, page, part, context)
    pages.tell_of_job(request, row)
    url = pages.next_step(row)
    return pages.done_page(request, row) if url == request.path else see_other(request, url)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required(MAY, raise_exception=True)
def import_sheet(request: UserRequest, pk: int) -> HttpResponse:
    """Which sheet of the workbook."""
    row = _visible_or_404(request, pk)
    form = SheetForm(request.POST or None, row=row)
    if form.is_valid():
        try:
            sheet = form.cleaned_data["sheet"]
            services.choose_sheet(import_id=pk, sheet=sheet, acting_user=request.user)
            return see_other(request, reverse("seats:import-columns", args=[pk]))
        except Refusal as refusal:
            add_refusal(form, refusal)
    return render(request, "seats/import_sheet.html", {"form": form, "row": row})


@require_http_methods(["GET", "POST"])
@login_required
@permission_required(MAY, raise_exception=True)
def import_columns(request: UserRequest, pk: int) -> HttpResponse:
    """What stands in which column: as it was guessed, with examples, to be changed."""
    row = _visible_or_404(request, pk)
    form = ColumnsForm(request.POST or None, row=row, grid=pages.grid_of(row))
    if request.method == "POST" and "again" in request.POST:
        return pages.columns_page(request, row, pages.guessed_again(request, row))
    if form.is_valid():
        try:
            pages.choose_columns(request, row, form)
            return pages.check(request, row)
        except Refusal as refusal:
            add_refusal(form, refusal)
    return pages.columns_page(request, row, form)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required(MAY, raise_exception=True)
def import_names(request: UserRequest, pk: int) -> HttpResponse:
    """Whom the names mean that are not clear."""
    row = _visible_or_404(request, pk)
    known = register()
    if "forget" in request.POST:
        services.answer_names(import_id=pk, answers={}, acting_user=request.user, forget=True)
        return pages.check(request, row)
    form = NamesForm(request.POST or None, questions=row.questions, register=known)
    if row.questions and form.is_valid():
        try:
            services.answer_names(import_id=pk, answers=form.answers, acting_user=request.user)
            return pages.check(request, row)
        except Refusal as refusal:
            add_refusal(form, refusal)
    return pages.names_page(request, row, form, known)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required(MAY, raise_exception=True)
def import_changes(request: UserRequest, pk: int) -> HttpResponse:
    """What the list would change, and what is to be corrected; whether it is the whole of zones."""
    row = _visible_or_404(request, pk)
    form = WholeForm(request.POST or None, row=row, today=clock.today())
    if form.is_valid():
        try:
            zones, day = form.cleaned_data["zones"], form.cleaned_data["from_day"]
            services.choose_whole_zones(
                import_id=pk, zones=zones, from_day=day, acting_user=request.user
            )
            return pages.check(request, row)
        except Refusal as refusal:
            add_refusal(form, refusal)
    return pages.changes_page(request, row, form)


@posted_from("seats:import-changes", "pk")
@login_required
@permission_required(MAY, raise_exception=True)
def import_leave_out(request: UserRequest, pk: int) -> HttpResponse:
    """Leave out rows that cannot be applied, or take them in again; then compare."""
    row = _visible_or_404(request, pk)
    form = LeaveOutForm(request.POST)
    try:
        if form.is_valid():
            pages.leave_out(request, row, form)
        return pages.check(request, row)
    except Refusal as refusal:
        return pages.not_applied(request, row, refusal)


@require_safe
@login_required
@permission_required(MAY, raise_exception=True)
def import_errors(request: UserRequest, pk: int) -> HttpResponse:
    """Every cell to correct, as CSV."""
    row = _visible_or_404(request, pk)
    response = HttpResponse(encoded(pages.errors_of(row)), content_type="text/csv; charset=utf-8")
    what = _("cells to correct")
    name = f"{row.file_name}-{what}.csv"
    response.headers["Content-Disposition"] = attachment(name, fallback="cells.csv")
    return response


@posted_from("seats:import-changes", "pk")
@login_required
@permission_required(MAY, raise_exception=True)
def import_apply(request: UserRequest, pk: int) -> HttpResponse:
    """Change the park as it was shown."""
    row = _visible_or_404(request, pk)
    typed = VersionMixin(request.POST)
    version = typed.expected_version if typed.is_valid() else None
    try:
        pages.apply(request, row, version)
    except Refusal as refusal:
        return pages.not_applied(request, row, refusal)
    return see_other(request, reverse("seats:import-detail", args=[pk]))


@require_http_methods(["GET", "POST"])
@login_required
@permission_required(MAY, raise_exception=True)
def import_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take back all of an import: shows what that changes, then does it."""
    row = _visible_or_404(request, pk)
    if request.method == "GET":
        return pages.undo_page(request, row)
    try:
        services.undo_import(
            import_id=pk, today=clock.today(), now=clock.now(), acting_user=request.user
        )
    except Refusal as refusal:
        return pages.undo_page(request, row, refusal)
    messages.success(request, _("Undone. Everything is as it was before the import."))
    return see_other(request, reverse("seats:import-detail", args=[pk]))


def _visible_or_404(request: UserRequest, pk: int) -> AllocationImport:
    rows = AllocationImport.objects.visible_to(request.user)
    people = ("job", "created_by", "applied_by", "undone_by")
    return get_object_or_404(rows.select_related(*people), pk=pk)

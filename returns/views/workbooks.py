"""Returns as workbooks: download, upload, what changes, save."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.months import format_month
from returns.models import ReturnImport
from returns.services import EDITABLE
from returns.services.importing import apply_import
from returns.views import workbook_pages as pages
from returns.views.filing import visible_return
from returns.views.months import named_month
from returns.workbooks.entry_forms import SeenForm
from returns.workbooks.form import form_of
from returns.workbooks.many import months_of, park_of
from returns.workbooks.stamp import Kind
from tenants.models import Enterprise
from web.htmx import see_other
from web.posting import posted_from
from web.refusals import Refusal

SEES, FILES, PARK = (
    "returns.view_monthlyreturn",
    "returns.file_monthlyreturn",
    "returns.view_every_monthlyreturn",
)


@require_safe
@login_required
@permission_required(SEES, raise_exception=True)
def return_workbook(request: UserRequest, pk: int) -> HttpResponse:
    """The form of one return; to read only where it cannot be filled in."""
    row = visible_return(request, pk)
    is_open = request.user.has_perm(FILES) and row.state in EDITABLE
    data = form_of(row, is_open=is_open and not pages.is_closed(row.month))
    month = format_month(row.month)
    name = pgettext("sheet", "Return")
    return pages.workbook(data, f"{name}-{row.enterprise.short_name}-{month}", month)


@require_safe
@login_required
@permission_required(SEES, raise_exception=True)
def enterprise_workbook(request: UserRequest, pk: int) -> HttpResponse:
    """All months of an enterprise."""
    row = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    data = months_of(row, request.user, clock.today())
    name = pgettext("sheet", "Returns")
    return pages.workbook(data, f"{name}-{row.short_name}", "all")


@require_safe
@login_required
@permission_required(PARK, raise_exception=True)
def month_workbook(request: UserRequest, month: str) -> HttpResponse:
    """All enterprises of a month."""
    data = park_of(named_month(month), request.user)
    name = pgettext("sheet", "Returns")
    return pages.workbook(data, f"{name}-{month}", month)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required(FILES, raise_exception=True)
def return_upload(request: UserRequest, pk: int) -> HttpResponse:
    """Upload the form of one return."""
    row = visible_return(request, pk)
    target = pages.Target(Kind.RETURN, row.enterprise, row.month, row)
    return pages.upload_page(request, target)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required(FILES, raise_exception=True)
def enterprise_upload(request: UserRequest, pk: int) -> HttpResponse:
    """Upload all months of an enterprise."""
    row = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    return pages.upload_page(request, pages.Target(Kind.MONTHS, row))


@require_http_methods(["GET", "POST"])
@login_required
@permission_required(PARK, raise_exception=True)
@permission_required(FILES, raise_exception=True)
def month_upload(request: UserRequest, month: str) -> HttpResponse:
    """Upload all enterprises of a month."""
    return pages.upload_page(request, pages.Target(Kind.PARK, month=named_month(month)))


@require_safe
@login_required
@permission_required(FILES, raise_exception=True)
def workbook_changes(request: UserRequest, pk: int) -> HttpResponse:
    """What an uploaded workbook changes, before it is saved."""
    row = _visible_import(request, pk)
    if row.applied_at is not None:
        return see_other(request, pages.target_of(request, row).url)
    return pages.changes_page(request, row)


@posted_from("returns:workbook-changes", "pk")
@login_required
@permission_required(FILES, raise_exception=True)
def workbook_apply(request: UserRequest, pk: int) -> HttpResponse:
    """Save what a workbook says as drafts: all of it, or nothing."""
    row = _visible_import(request, pk)
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else ""
    try:
        _apply(request, row, seen)
    except Refusal as refusal:
        return pages.changes_page(request, row, refusal)
    return see_other(request, pages.target_of(request, row).url)


def _apply(request: UserRequest, row: ReturnImport, seen: str) -> None:
    saved = apply_import(
        import_id=row.pk,
        seen=seen,
        now=clock.now(),
        today=clock.today(),
        acting_user=request.user,
    )
    count = saved.counts["new"] + saved.counts["changed"]
    said = ngettext("%(n)d draft was saved.", "%(n)d drafts were saved.", count)
    messages.success(request, said % {"n": count})


def _visible_import(request: UserRequest, pk: int) -> ReturnImport:
    rows = ReturnImport.objects.visible_to(request.user).select_related("file", "enterprise")
    return get_object_or_404(rows, pk=pk)

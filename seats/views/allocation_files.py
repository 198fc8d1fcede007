"""Allocations as a file: what the list shows, block by block."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from seats.forms.allocations import AllocationFilter
from seats.holdings import allocations_in, blocks_of
from seats.imports.exporting import csv_of, lines_of, xlsx_of
from web.attachments import attachment

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@require_safe
@login_required
@permission_required("seats.view_allocation", raise_exception=True)
def allocation_export(request: UserRequest) -> HttpResponse:
    """The allocations of the list's filters: `format=xlsx` or csv; import reads the former back."""
    form = AllocationFilter(request.GET, user=request.user, today=clock.today())
    scope = form.scope(clock.today())
    lines = lines_of(blocks_of(scope, form.narrow(allocations_in(scope, request.user))))
    kind = "csv" if request.GET.get("format") == "csv" else "xlsx"
    content = csv_of(lines) if kind == "csv" else xlsx_of(lines)
    response = HttpResponse(content, content_type=TYPES[kind])
    what = _("Allocations")
    name = f"{what}-{scope.day.isoformat()}.{kind}"
    fallback = f"allocations-{scope.day.isoformat()}.{kind}"
    response.headers["Content-Disposition"] = attachment(name, fallback=fallback)
    return response

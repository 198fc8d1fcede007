"""Which enterprises are at or near the 规上 threshold of their industry."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.months import format_month
from reports.downloads import MEDIA_TYPES
from reports.exports.threshold_file import csv_of, xlsx_of
from reports.threshold_list import ThresholdList
from web.attachments import attachment
from web.pagination import Page


@require_safe
@login_required
@permission_required("returns.view_every_monthlyreturn", raise_exception=True)
def threshold_list(request: UserRequest) -> HttpResponse:
    """Enterprises with twelve months of revenue, the threshold, and what is between them."""
    shown = ThresholdList(request.GET, clock.today())
    context = {"shown": shown, "page": Page(request, shown.rows)}
    return render(request, "reports/threshold_list.html", context)


@require_safe
@login_required
@permission_required("returns.view_every_monthlyreturn", raise_exception=True)
def threshold_export(request: UserRequest) -> HttpResponse:
    """The rows that the page shows with these filters, all pages of them."""
    shown = ThresholdList(request.GET, clock.today())
    kind = "csv" if request.GET.get("format") == "csv" else "xlsx"
    content = csv_of(shown.rows) if kind == "csv" else xlsx_of(shown)
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    written = format_month(shown.month)
    name, fallback = f"{_('Thresholds')}-{written}.{kind}", f"thresholds-{written}.{kind}"
    response.headers["Content-Disposition"] = attachment(name, fallback=fallback)
    return response

"""The dashboard, and an indicator with the rows behind its figure."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.csv_files import encoded
from foundation.months import add_months, format_month, month_of, next_month, parse_month
from reports.dashboard import Dashboard, choice
from reports.explained import Explained, explained
from reports.indicators.facts import TOTAL
from reports.row_lists import lines_of
from web.attachments import attachment


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def dashboard(request: UserRequest) -> HttpResponse:
    """How full, how much, who, and who has filed; `?month=` and `?zone=` choose."""
    asked = choice(
        request.user,
        month=parse_month(request.GET.get("month", "")),
        zone=request.GET.get("zone", ""),
        today=clock.today(),
    )
    board = Dashboard(request.user, asked.month, asked.zone) if asked.month else None
    return render(request, "reports/dashboard.html", {"choice": asked, "board": board})


@require_safe
@login_required
@permission_required("reports.view_draft", raise_exception=True)
def indicator_detail(request: UserRequest, code: str) -> HttpResponse:
    """An indicator: its figure of a month, what it counts, what it is divided by, its rows."""
    return render(request, "reports/indicator_detail.html", {"page": _explained(request, code)})


@require_safe
@login_required
@permission_required("reports.view_draft", raise_exception=True)
def indicator_rows(request: UserRequest, code: str) -> HttpResponse:
    """The rows behind the figure of an indicator as CSV."""
    page = _explained(request, code)
    response = HttpResponse(encoded(lines_of(page)), content_type="text/csv; charset=utf-8")
    name = f"{format_month(page.month)}-{page.label}-{page.indicator.name}.csv"
    response.headers["Content-Disposition"] = attachment(name, fallback="rows.csv")
    return response


def _explained(request: UserRequest, code: str) -> Explained:
    """What was asked for; 404 where there is no such figure, or its month is not over."""
    today, asked = clock.today(), request.GET
    month = parse_month(asked.get("month", "")) or add_months(month_of(today), -1)
    if next_month(month) > today:
        raise Http404
    key = asked.get("key") or TOTAL
    by, span = asked.get("by", ""), asked.get("span", "")
    found = explained(code, month, by=by, key=key, span=span, user=request.user)
    if found is None:
        raise Http404
    return found

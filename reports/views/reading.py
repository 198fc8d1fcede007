"""Reading: the list, one report, the rows behind a figure, its files, the definitions."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation.csv_files import encoded
from reports.downloads import download
from reports.forms import BuildForm
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportFile
from reports.reading import ReportPage
from reports.row_lists import lines_of
from reports.shelf import Shelf
from web.attachments import attachment
from web.pagination import Page

ON_A_PAGE = 30


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def report_list(request: UserRequest) -> HttpResponse:
    """Reports by month, newest first: what was issued, what waits to be issued."""
    return list_page(request, BuildForm())


def list_page(request: UserRequest, form: BuildForm) -> HttpResponse:
    """The list beside the form that asks for a report."""
    shelf = Shelf(request.user, request.GET.get("kind", ""))
    context = {"shelf": shelf, "page": Page(request, shelf.reports, size=ON_A_PAGE), "form": form}
    return render(request, "reports/report_list.html", context)


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def report_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A report as it is printed; `?cell=` opens the rows behind a figure."""
    reports = MonthlyReport.objects.visible_to(request.user).with_restatement_due()
    report = get_object_or_404(reports.select_related("issued_by"), pk=pk)
    page = ReportPage(
        report,
        request.user,
        table=request.GET.get("table", ""),
        cell=request.GET.get("cell", ""),
        as_public="public" in request.GET,
    )
    return render(request, "reports/report_detail.html", {"report": report, "page": page})


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def report_rows(request: UserRequest, pk: int) -> HttpResponse:
    """The rows behind one figure as CSV."""
    report = get_object_or_404(MonthlyReport.objects.visible_to(request.user), pk=pk)
    is_public = "public" in request.GET
    page = ReportPage(report, request.user, cell=request.GET.get("cell", ""), as_public=is_public)
    if page.drill is None:
        raise Http404
    response = HttpResponse(encoded(lines_of(page.drill)), content_type="text/csv; charset=utf-8")
    name = f"{page.document.file_name}-{page.drill.row}-{page.drill.indicator.name}.csv"
    response.headers["Content-Disposition"] = attachment(name, fallback="rows.csv")
    return response


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def report_file(request: UserRequest, pk: int, format: str) -> HttpResponseBase:
    """A file of a report, as it was made when it was drafted or issued."""
    reports = MonthlyReport.objects.visible_to(request.user).filter(pk=pk)
    files = ReportFile.objects.for_reader(request.user, as_public="public" in request.GET)
    files = files.filter(report__in=reports).select_related("report")
    return download(request, get_object_or_404(files, format=format))


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def indicator_list(request: UserRequest) -> HttpResponse:
    """Every indicator: what exactly is counted, in which unit, divided by what."""
    groups = [(kind.code.label, kind.indicators) for kind in KINDS.values() if kind.indicators]
    return render(request, "reports/indicator_list.html", {"groups": groups})

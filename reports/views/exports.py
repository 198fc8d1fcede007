"""Figures for the systems of others: what will be in a workbook, making it, taking it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.downloads import stored_file
from foundation.models import Job
from foundation.results import Link, shows
from reports import services
from reports.export_desk import ExportDesk
from reports.forms import ExportForm
from reports.models import StatisticsExport
from reports.services.exporting import EXPORT
from web.forms import add_refusal
from web.htmx import see_other
from web.posting import posted_from
from web.refusals import Invalid


@shows(EXPORT)
def result_of_exporting(job: Job) -> Link:
    """The workbook that was made."""
    url = reverse("reports:export-file", args=[job.result["export"]]) if job.result else ""
    return Link(result_url=url, result=gettext_lazy("Download the workbook"))


@require_safe
@login_required
@permission_required("reports.view_statisticsexport", raise_exception=True)
def export_list(request: UserRequest) -> HttpResponse:
    """What was taken, by whom; with `?month=` what a workbook would hold."""
    desk = ExportDesk(request, request.GET, today=clock.today())
    return render(request, "reports/export_list.html", {"desk": desk})


@posted_from("reports:export-list")
@login_required
@permission_required("reports.export_statistics", raise_exception=True)
def export_create(request: UserRequest) -> HttpResponse:
    """Ask for a workbook; then follow the work."""
    form = ExportForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            job = services.request_export(**form.told, owner=request.user, today=clock.today())
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            return see_other(request, reverse("foundation:job-detail", args=[job.pk]))
    desk = ExportDesk(request, form=form, today=clock.today())
    return render(request, "reports/export_list.html", {"desk": desk})


@require_safe
@login_required
@permission_required("reports.export_statistics", raise_exception=True)
def export_file(request: UserRequest, pk: int) -> HttpResponseBase:
    """The workbook, for who made it, while it is there."""
    exports = StatisticsExport.objects.to_download(request.user)
    return stored_file(request, get_object_or_404(exports, pk=pk), plain="statistics")

"""A month as a whole: its reports made, issued together, and handed out in one file."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.models import Job
from foundation.results import Link, shows
from reports import month_page, services
from reports.downloads import download_month
from reports.forms import IssueMonthForm
from reports.issuing_together import Outcome, issue_together
from reports.month_page import MonthPage
from reports.services.month_files import BUNDLE
from web.htmx import see_other
from web.posting import posted_from
from web.refusals import Invalid

DRAFTS = "drafts"


@shows(BUNDLE)
def result_of_bundling(job: Job) -> Link:
    """The month whose files were put together."""
    url = reverse("reports:month-detail", args=[job.arguments["month"]])
    return Link(result_url=url, result=gettext_lazy("Look at the month"))


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def month_detail(request: UserRequest, month: date) -> HttpResponse:
    """All kinds of reports of a month with where each is, and the month in one file."""
    page = MonthPage(month, request.user, today=clock.today())
    if not page.is_over:
        raise Http404
    return render(request, "reports/month_detail.html", {"page": page})


@posted_from("reports:month-detail", "month")
@login_required
@permission_required("reports.build_monthlyreport", raise_exception=True)
def month_drafts(request: UserRequest, month: date) -> HttpResponse:
    """Have every draft made that the month has not."""
    try:
        jobs = services.request_month(
            month=month, owner=request.user, now=clock.now(), today=clock.today()
        )
    except Invalid:
        raise Http404 from None
    said = ngettext("%(n)d draft is being made.", "%(n)d drafts are being made.", len(jobs))
    messages.info(request, said % {"n": len(jobs)})
    return see_other(request, reverse("reports:month-detail", args=[month]))


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("reports.issue_monthlyreport", raise_exception=True)
def month_issue(request: UserRequest, month: date) -> HttpResponse:
    """Shows what issuing the drafts does, then issues those that are chosen, one by one."""
    page = MonthPage(month, request.user, today=clock.today())
    known = services.names_below(None, request.user)
    form = IssueMonthForm(request.POST or None, drafts=page.drafts, initial=known)
    outcome: Outcome | None = None
    if form.is_valid():
        outcome = issue_together(form, now=clock.now(), acting_user=request.user)
        if not outcome.refused:
            _say(request, outcome)
            return see_other(request, reverse("reports:month-detail", args=[month]))
    context = {"page": page, "form": form, "outcome": outcome}
    return render(request, "reports/month_issue.html", context, status=409 if outcome else 200)


def _say(request: UserRequest, outcome: Outcome) -> None:
    count = len(outcome.issued)
    said = ngettext("%(n)d report is issued.", "%(n)d reports are issued.", count)
    messages.success(request, said % {"n": count} + " " + _("Officials can read them from now on."))


@posted_from("reports:month-detail", "month")
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def month_bundle(request: UserRequest, month: date) -> HttpResponse:
    """Have the month put together in one workbook and one PDF; with drafts for the park only."""
    page = MonthPage(month, request.user, today=clock.today())
    with_drafts = request.POST.get("which") == DRAFTS and page.sees_drafts
    wanted = page.draft_files if with_drafts else page.issued_files
    if not wanted.is_there_anything:
        raise Http404
    job = services.request_month_files(month=month, with_drafts=with_drafts, owner=request.user)
    if job.owner_id != request.user.pk and not page.sees_drafts:
        return see_other(request, reverse("reports:month-detail", args=[month]))
    return see_other(request, reverse("foundation:job-detail", args=[job.pk]))


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def month_file(request: UserRequest, month: date, which: str, format: str) -> HttpResponseBase:
    """The month in one file: of issued editions always the same bytes."""
    if which not in {"issued", DRAFTS}:
        raise Http404
    file = month_page.month_file(month, request.user, format, with_drafts=which == DRAFTS)
    if file is None:
        raise Http404
    return download_month(request, file)

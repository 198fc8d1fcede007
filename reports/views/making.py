"""Having a report made, and issuing it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from foundation import clock
from foundation.models import Job
from foundation.results import Link, shows
from reports import services
from reports.forms import BuildForm, IssueForm
from reports.models import MonthlyReport, ReportKind, ReportState
from reports.services.requesting import BUILD
from reports.text_page import TextPage
from reports.views.reading import list_page
from web.forms import add_refusal
from web.htmx import see_other
from web.posting import posted_from
from web.refusals import Invalid, Refusal


@shows(BUILD)
def result_of_building(job: Job) -> Link:
    """The draft that was made."""
    url = reverse("reports:report-detail", args=[job.result["report"]]) if job.result else ""
    return Link(result_url=url, result=gettext_lazy("Look at the draft"))


@posted_from("reports:report-list")
@login_required
@permission_required("reports.build_monthlyreport", raise_exception=True)
def report_build(request: UserRequest) -> HttpResponse:
    """Ask for a report of a month that is over; then follow the work."""
    form = BuildForm(request.POST)
    if form.is_valid():
        try:
            job = services.request_report(
                **form.cleaned_data, owner=request.user, now=clock.now(), today=clock.today()
            )
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            return see_other(request, reverse("foundation:job-detail", args=[job.pk]))
    return list_page(request, form)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("reports.issue_monthlyreport", raise_exception=True)
def report_issue(request: UserRequest, pk: int) -> HttpResponse:
    """Shows what issuing does, then issues."""
    drafts = MonthlyReport.objects.visible_to(request.user).filter(state=ReportState.DRAFT)
    report = get_object_or_404(drafts.defer("content", "facts"), pk=pk)
    typed = request.POST if request.method == "POST" else None
    known = {"version": report.version, **services.names_below(None, request.user)}
    form = IssueForm(typed, initial=known, needs_reason=report.revision > 1)
    is_whole = form.is_valid()
    refusal = _issued(request, report, form) if is_whole else None
    if is_whole and refusal is None:
        return see_other(request, reverse("reports:report-detail", args=[pk]))
    loose = TextPage(report).loose if report.kind == ReportKind.TEXT else []
    context = {"report": report, "form": form, "former": _former(report), "loose": loose}
    status = refusal.status if refusal else 200
    return render(
        request, "reports/report_issue.html", {**context, "refusal": refusal}, status=status
    )


def _issued(request: UserRequest, report: MonthlyReport, form: IssueForm) -> Refusal | None:
    """Issue; give the refusal if it is refused."""
    try:
        services.issue_report(
            report_id=report.pk,
            reason=form.what_changed,
            signatures=form.signatures,
            now=clock.now(),
            acting_user=request.user,
            expected_version=form.expected_version,
        )
    except Refusal as refusal:
        return refusal
    messages.success(request, _("Issued. Officials can read it from now on."))
    return None


def _former(report: MonthlyReport) -> MonthlyReport | None:
    """The edition that is valid now, which this one replaces."""
    editions = MonthlyReport.objects.current().filter(kind=report.kind, month=report.month)
    return editions.select_related("issued_by").defer("content", "facts").first()

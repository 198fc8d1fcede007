"""Writing in the text of a month, beside the figures that it cites."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from foundation import clock
from reports import services
from reports.forms import TextForm
from reports.models import MonthlyReport, ReportKind, ReportState
from reports.text_page import TextPage
from web.forms import add_refusal
from web.htmx import see_other
from web.refusals import Refusal


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("reports.build_monthlyreport", raise_exception=True)
def text_edit(request: UserRequest, pk: int) -> HttpResponse:
    """The paragraphs to write in, and of each the figures that it may say."""
    drafts = MonthlyReport.objects.visible_to(request.user).filter(state=ReportState.DRAFT)
    report = get_object_or_404(drafts.defer("facts"), pk=pk, kind=ReportKind.TEXT)
    page = TextPage(report)
    typed = request.POST if request.method == "POST" else None
    form = TextForm(typed, initial={"version": report.version}, paragraphs=page.entries)
    if form.is_valid() and _is_written(request, pk, form):
        messages.success(request, _("Saved."))
        return see_other(request, reverse("reports:text-edit", args=[pk]))
    context = {"report": report, "page": page, "form": form}
    return render(request, "reports/text_edit.html", context)


def _is_written(request: UserRequest, pk: int, form: TextForm) -> bool:
    """Save what was typed; a refusal stands in the form."""
    try:
        services.write_text(
            report_id=pk,
            paragraphs=form.texts,
            now=clock.now(),
            acting_user=request.user,
            expected_version=form.expected_version,
        )
    except Refusal as refusal:
        add_refusal(form, refusal)
        return False
    return True

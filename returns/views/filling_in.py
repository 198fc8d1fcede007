"""What helps to fill a return in: nothing to report, who fills in what, the checks."""

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
from returns import services
from returns.checks import RULES, Thresholds
from returns.forms import PartsForm, StepForm
from returns.nil import NilSheet
from returns.views.filing import visible_return
from tenants.models import Enterprise
from web.forms import add_refusal
from web.htmx import see_other
from web.refusals import Refusal


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.file_monthlyreturn", raise_exception=True)
def return_nil(request: UserRequest, pk: int) -> HttpResponse:
    """See what a nil return of the month says; make the draft that, and go on to sign it."""
    row = visible_return(request, pk)
    if row.state not in services.EDITABLE:
        return see_other(request, reverse("returns:return-detail", args=[pk]))
    form = StepForm(request.POST or None, row=row)
    if form.is_valid():
        try:
            _report_nothing(request, form)
            return see_other(request, reverse("returns:return-submit", args=[pk]))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"form": form, "row": row, "nil": NilSheet(row)}
    return render(request, "returns/return_nil.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.assign_part", raise_exception=True)
def part_assign(request: UserRequest, enterprise: int) -> HttpResponse:
    """Say who of an enterprise fills in the money, and who the people."""
    firm = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=enterprise)
    form = PartsForm(request.POST or None, enterprise=firm)
    if form.is_valid():
        try:
            _assign(request, firm, form)
            return see_other(request, reverse("returns:return-list"))
        except Refusal as refusal:
            add_refusal(form, refusal)
    return render(request, "returns/part_assign.html", {"form": form, "enterprise": firm})


@require_safe
@login_required
@permission_required("returns.view_monthlyreturn", raise_exception=True)
def check_list(request: UserRequest) -> HttpResponse:
    """Every check of a return, whether it keeps it back, and from which number on it speaks."""
    thresholds = Thresholds.load()
    rules = [
        (rule, [(name.label, thresholds[name]) for name in rule.thresholds])
        for rule in RULES.values()
    ]
    return render(request, "returns/check_list.html", {"rules": rules})


def _report_nothing(request: UserRequest, form: StepForm) -> None:
    services.report_nothing(
        return_id=form.row.pk,
        now=clock.now(),
        acting_user=request.user,
        expected_version=form.expected_version,
    )


def _assign(request: UserRequest, firm: Enterprise, form: PartsForm) -> None:
    for part, person in form.chosen().items():
        services.assign_part(enterprise=firm, part=part, person=person, acting_user=request.user)
    messages.success(request, _("It is settled who fills in what."))

"""Targets: how far each is in a month; stating and changing them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.months import parse_month
from reports import services
from reports.dashboard import choice
from reports.forms import TargetForm
from reports.models import Target
from reports.target_history import history_of
from reports.targets import targets_in
from web.forms import add_refusal
from web.htmx import see_other
from web.refusals import Invalid, Stale


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def target_list(request: UserRequest) -> HttpResponse:
    """Every target with what is reached of it in a month, `?month=`."""
    asked = parse_month(request.GET.get("month", ""))
    chosen = choice(request.user, month=asked, zone="", today=clock.today())
    rows = Target.objects.visible_to(request.user).in_order()
    lines = targets_in(chosen.month, user=request.user, targets=rows) if chosen.month else []
    context = {"choice": chosen, "lines": lines, "targets": rows}
    return render(request, "reports/target_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("reports.change_target", raise_exception=True)
def target_create(request: UserRequest) -> HttpResponse:
    """State a target."""
    form = TargetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.add_target(acting_user=request.user, **form.facts)
        except Invalid as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The target is stated."))
            return see_other(request, reverse("reports:target-list"))
    return _form_page(request, form)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("reports.change_target", raise_exception=True)
def target_change(request: UserRequest, pk: int) -> HttpResponse:
    """Correct a target, or drop it; with everything that was changed about it."""
    target = get_object_or_404(Target.objects.visible_to(request.user), pk=pk)
    form = TargetForm.of(target, request.POST if request.method == "POST" else None)
    if form.is_valid() and _changed(request, target, form):
        return see_other(request, reverse("reports:target-list"))
    return _form_page(request, form, target=target, history=history_of(target))


def _changed(request: UserRequest, target: Target, form: TargetForm) -> bool:
    try:
        services.change_target(
            target_id=target.pk,
            acting_user=request.user,
            expected_version=form.expected_version,
            **form.facts,
        )
    except (Invalid, Stale) as refusal:
        if isinstance(refusal, Stale):
            form.show_newest(Target.objects.get(pk=target.pk))
        add_refusal(form, refusal)
        return False
    messages.success(request, _("The target is changed."))
    return True


def _form_page(request: UserRequest, form: TargetForm, **more: Any) -> HttpResponse:
    return render(request, "reports/target_form.html", {"form": form, **more})

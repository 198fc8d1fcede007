"""The one page per enterprise, and its end as a tenant."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from portal.dossier import Dossier, Run
from seats.services.departures import leave_park, seats_after
from tenants.models import Enterprise
from web.forms import DayField, add_refusal
from web.htmx import see_other
from web.refusals import Refusal


class DepartureForm(forms.Form):
    """The last day of a tenancy."""

    last_day = DayField(label=gettext_lazy("Last day in the park"))


@require_safe
@login_required
@permission_required("tenants.view_enterprise", raise_exception=True)
def enterprise_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Who an enterprise is, its seats, requests, returns, people, and what was changed."""
    dossier = _dossier(request, pk)
    context = {"dossier": dossier, "enterprise": dossier.enterprise}
    return render(request, "portal/enterprise_detail.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("tenants.end_tenancy", raise_exception=True)
def tenancy_end(request: UserRequest, pk: int) -> HttpResponse:
    """End a tenancy on a day after which no seat is the enterprise's."""
    dossier = _dossier(request, pk)
    form = DepartureForm(request.POST or None, initial={"last_day": clock.today()})
    last_day = form.cleaned_data["last_day"] if form.is_valid() else clock.today()
    if form.is_valid() and _left(request, dossier.enterprise, form):
        return see_other(request, reverse("portal:enterprise-detail", args=[pk]))
    held = [Run(block) for block in seats_after(dossier.enterprise, last_day)]
    context = {
        "form": form,
        "dossier": dossier,
        "enterprise": dossier.enterprise,
        "last_day": last_day,
        "held": held,
    }
    return render(request, "portal/enterprise_leave.html", context)


def _dossier(request: UserRequest, pk: int) -> Dossier:
    enterprises = Enterprise.objects.visible_to(request.user).with_state(clock.today())
    enterprise = get_object_or_404(enterprises, pk=pk)
    return Dossier(enterprise, request.user, clock.today(), clock.now())


def _left(request: UserRequest, enterprise: Enterprise, form: DepartureForm) -> bool:
    """End the tenancy, or say beside the day why not."""
    last_day = form.cleaned_data["last_day"]
    try:
        leave_park(
            enterprise=enterprise, last_day=last_day, now=clock.now(), acting_user=request.user
        )
    except Refusal as refusal:
        add_refusal(form, refusal)
        return False
    said = _("%(name)s leaves the park; its last day is %(day)s.")
    messages.success(request, said % {"name": enterprise.short_name, "day": last_day.isoformat()})
    return True

"""The rates of a month: everybody of the returns reads them, the park sets them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import UserRequest
from foundation import clock
from foundation.months import add_months, format_month, month_of, next_month
from park.models import ReportingMonth
from returns import services
from returns.rates import RatesDesk, RatesForm
from returns.views.months import named_month
from web.forms import add_refusal
from web.htmx import see_other
from web.refusals import Refusal


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.view_monthlyreturn", raise_exception=True)
def rate_list(request: UserRequest) -> HttpResponse:
    """The rates of a month; who reviews returns sets them here."""
    month = _month(request.GET.get("month", ""))
    may_set = request.user.has_perm("returns.review_monthlyreturn")
    if request.method == "POST" and not may_set:
        raise PermissionDenied
    desk = RatesDesk(month)
    form = RatesForm(request.POST or None, desk=desk)
    if form.is_valid() and _saved(request, form):
        return see_other(request, _url(month))
    context = {"desk": desk, "form": form, "may_set": may_set, "is_closed": _is_closed(month)}
    return render(request, "returns/rate_list.html", {**context, **_around(month)})


@require_POST
@login_required
@permission_required("returns.review_monthlyreturn", raise_exception=True)
def rate_copy(request: UserRequest) -> HttpResponse:
    """Take over the rates of the month before that this one lacks, and say so as their source."""
    month = _month(request.POST.get("month", ""))
    rates = RatesDesk(month).to_take_over
    try:
        services.set_rates(
            month=month, rates=rates, source=_("as last month"), acting_user=request.user
        )
        messages.success(request, _("Saved."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return see_other(request, _url(month))


def _saved(request: UserRequest, form: RatesForm) -> bool:
    try:
        services.set_rates(
            month=form.desk.month,
            rates=form.changed,
            source=form.cleaned_data["source"],
            acting_user=request.user,
        )
    except Refusal as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Saved."))
    return True


def _month(text: str) -> date:
    """The month that an address names, 404 where there is none such; else the current one."""
    return named_month(text) if text else month_of(clock.today())


def _is_closed(month: date) -> bool:
    return ReportingMonth.objects.closed().filter(month=month).exists()


def _around(month: date) -> dict[str, date | None]:
    """The months beside it, where there are any."""
    after = next_month(month)
    return {
        "month_before": add_months(month, -1),
        "month_after": after if after <= clock.today() else None,
    }


def _url(month: date) -> str:
    return f"{reverse('returns:rate-list')}?month={format_month(month)}"

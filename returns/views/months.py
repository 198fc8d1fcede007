"""The months: who has filed, who has not; closing one, opening it again."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.months import add_months, format_month, month_of, parse_month
from park.services import close_month, reopen_month
from returns.desk import (
    MonthDesk,
    closed_among,
    counted,
    owed_months,
    park_months,
    waiting,
    with_returns,
)
from returns.desk.differences import limits
from returns.desk.narrowing import Narrowed
from returns.forms import ReopeningForm
from returns.people import People
from returns.rates import waiting_by_currency
from returns.thresholds import standing_of
from tenants.models import Enterprise
from web.formats import month as month_in_words
from web.forms import add_refusal
from web.htmx import see_other
from web.pagination import Page
from web.refusals import Refusal

MONTHS_ON_A_PAGE = 24


@require_safe
@login_required
@permission_required("returns.view_monthlyreturn", raise_exception=True)
def return_list(request: UserRequest) -> HttpResponse:
    """The months, newest first: an enterprise's own, or the park's with how many have filed."""
    if request.user.has_perm("returns.view_every_monthlyreturn"):
        return _park_list(request)
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user)[:1])
    page = Page(request, owed_months(enterprise, clock.today()), size=MONTHS_ON_A_PAGE)
    months = with_returns(enterprise, list(page), clock.today())
    urgent = next(iter(waiting(months)), None)
    context = {"page": page, "months": months, "urgent": urgent, "enterprise": enterprise}
    context["standing"] = standing_of(enterprise, add_months(month_of(clock.today()), -1))
    return render(request, "returns/return_list.html", context)


@require_safe
@login_required
@permission_required("returns.view_every_monthlyreturn", raise_exception=True)
def month_detail(request: UserRequest, month: str) -> HttpResponse:
    """Who has filed a month, who has not, what was sent back, what catches the eye."""
    desk = MonthDesk(named_month(month), clock.today())
    narrowed = Narrowed(desk, request.GET)
    context = {
        "desk": desk,
        "narrowed": narrowed,
        "shown": narrowed.shown,
        "page": Page(request, narrowed.shown.rows),
        "people": People(desk.rows),
        "limits": limits(desk.month_limit),
        "awaited": {} if desk.is_closed else waiting_by_currency(desk.month),
    }
    return render(request, "returns/month_detail.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.close_reportingmonth", raise_exception=True)
def month_close(request: UserRequest, month: str) -> HttpResponse:
    """Close a month, after showing who is missing."""
    desk = MonthDesk(named_month(month), clock.today())
    context: dict[str, object] = {"desk": desk}
    if desk.is_closed:
        return see_other(request, month_url(desk.month))
    if request.method == "POST":
        try:
            _close(request, desk.month)
            return see_other(request, month_url(desk.month))
        except Refusal as refusal:
            context["refusal"] = refusal
    return render(request, "returns/month_close.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("returns.close_reportingmonth", raise_exception=True)
def month_reopen(request: UserRequest, month: str) -> HttpResponse:
    """Open a closed month again, saying why."""
    first_day = named_month(month)
    if first_day not in closed_among([first_day]):
        return see_other(request, month_url(first_day))
    form = ReopeningForm(request.POST or None)
    if form.is_valid():
        try:
            _reopen(request, first_day, form.cleaned_data["reason"])
            return see_other(request, month_url(first_day))
        except Refusal as refusal:
            add_refusal(form, refusal)
    return render(request, "returns/month_reopen.html", {"form": form, "month": first_day})


def _park_list(request: UserRequest) -> HttpResponse:
    """The park's months; the head says how many have filed the last one that is over."""
    page = Page(request, park_months(clock.today()), size=MONTHS_ON_A_PAGE)
    months = counted(list(page), clock.today())
    latest = next((month for month in months if month.is_over), None)
    context = {
        "page": page,
        "months": months,
        "latest": latest,
        "has_sample": any(month.has_sample for month in months),
    }
    return render(request, "returns/month_list.html", context)


def named_month(text: str) -> date:
    """The month that an address names; there is none after the current one."""
    month = parse_month(text)
    if month is None or month > month_of(clock.today()):
        raise Http404
    return month


def _close(request: UserRequest, month: date) -> None:
    close_month(month=month, now=clock.now(), today=clock.today(), acting_user=request.user)
    messages.success(request, _("%(month)s is closed.") % {"month": month_in_words(month)})


def _reopen(request: UserRequest, month: date, reason: str) -> None:
    reopen_month(month=month, reason=reason, now=clock.now(), acting_user=request.user)
    messages.success(request, _("%(month)s is open again.") % {"month": month_in_words(month)})


def month_url(month: date) -> str:
    return reverse("returns:month-detail", args=[format_month(month)])

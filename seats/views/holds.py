"""Holds: which end next; giving one longer, first the effect, then the deed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from foundation.models import Setting
from foundation.services.settings import setting
from seats.forms.holds import ExtendForm, PlaceFilter
from seats.holdings import with_blocks
from seats.holds_ahead import days_left, holds_ahead, lines
from seats.models import Allocation
from seats.services.allocations import refuse_confirmed
from seats.services.holds import extend_hold, refuse_extension
from seats.views import allocation_pages as pages
from seats.views.allocation_acts import is_hold
from seats.views.allocation_pages import visible_or_404
from seats.wording import allocation_title, hold_until
from web import formats
from web.forms import add_refusal
from web.htmx import see_other
from web.pagination import Page
from web.refusals import Refusal


@require_safe
@login_required
@permission_required("seats.view_allocation", raise_exception=True)
def hold_list(request: UserRequest) -> HttpResponse:
    """Holds that run, what ends first on top."""
    form = PlaceFilter(request.GET, user=request.user)
    rows = form.narrow(holds_ahead(request.user, clock.today()))
    page = Page(request, with_blocks(rows).select_related("request", "offer_of"))
    context = {
        "form": form,
        "page": page,
        "lines": lines(page, clock.today()),
        "warning_days": setting(Setting.Name.HOLD_WARNING_DAYS),
    }
    return render(request, "seats/hold_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.extend_hold", raise_exception=True)
def hold_extend(request: UserRequest, pk: int) -> HttpResponse:
    """Let a hold last longer: asks until when and why, shows the effect, then does it."""
    hold = visible_or_404(pk, request.user)
    form = ExtendForm(request.POST or None, initial={"version": hold.version})
    if not (form.is_valid() and form.cleaned_data["confirmed"]):
        return _asked(request, hold, form)
    try:
        extended = _extend(form, pk, request.user)
    except Refusal as refusal:
        return _refused(request, visible_or_404(pk, request.user), form, refusal)
    messages.success(request, _lasts(extended))
    return see_other(request, pages.url_of(hold))


def _extend(form: ExtendForm, hold_id: int, acting_user: User) -> Allocation:
    return extend_hold(
        allocation_id=hold_id,
        expires_at=form.end_of_hold,
        reason=form.cleaned_data["reason"],
        today=clock.today(),
        now=clock.now(),
        acting_user=acting_user,
        expected_version=form.expected_version,
    )


def _lasts(hold: Allocation) -> str:
    until = formats.MISSING if hold.expires_at is None else hold_until(hold.expires_at)
    return _("The hold lasts until %(day)s now. The enterprise is told.") % {"day": until}


def _asked(request: UserRequest, hold: Allocation, form: ExtendForm) -> HttpResponse:
    """Asks until when and why; once that is known, shows the effect."""
    try:
        refuse_confirmed(hold)
        if request.method == "GET" or not form.is_valid():
            return _page(request, hold, form)
        refuse_extension(hold, form.end_of_hold, clock.today())
    except Refusal as refusal:
        return _refused(request, hold, form, refusal)
    return _page(request, hold, form, until=hold_until(form.end_of_hold))


def _refused(
    request: UserRequest, hold: Allocation, form: ExtendForm, refusal: Refusal
) -> HttpResponse:
    """Says why it is not extended: beside the field, or on the page of a hold that is over."""
    if not (form.is_bound and is_hold(hold) and hold.expires_at):
        return pages.detail_page(request, hold, refusal)
    form.ask_again(hold.version)
    add_refusal(form, refusal)
    return _page(request, hold, form, status=refusal.status)


def _page(
    request: UserRequest, hold: Allocation, form: ExtendForm, *, until: str = "", status: int = 200
) -> HttpResponse:
    holding = pages.current(hold, clock.today())
    context = {
        "allocation": hold,
        "form": form,
        "holding": holding,
        "until": until,
        "more_days": _more_days(hold, form) if until else 0,
        "title": allocation_title(hold, holding.seats),
    }
    return render(request, "seats/hold_extend.html", context, status=status)


def _more_days(hold: Allocation, form: ExtendForm) -> int:
    """How many days longer it lasts."""
    before = days_left(hold, clock.today()) or 0
    return (form.cleaned_data["expires_at"] - clock.today()).days - before

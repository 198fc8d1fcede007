"""Allocations: who has, holds or keeps closed which seats; giving by hand and taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from seats.forms.allocations import (
    AllocationFilter,
    AllocationForm,
    RunFormSet,
    floor_numbers,
)
from seats.holdings import CURRENT, allocations_in, holdings, seats_in, with_blocks
from seats.models import Allocation, AllocationKind
from seats.services import allocations as services
from seats.services.fulfilment import confirm_seats
from seats.views import allocation_pages as pages
from web.forms import VersionMixin, add_refusal
from web.htmx import see_other
from web.pagination import Page
from web.refusals import Refusal


@require_safe
@login_required
@permission_required("seats.view_allocation", raise_exception=True)
def allocation_list(request: UserRequest) -> HttpResponse:
    """Allocations in a part of the place on a day: the rows of every figure of the place."""
    form = AllocationFilter(request.GET, user=request.user, today=clock.today())
    scope = form.scope(clock.today())
    rows = form.narrow(allocations_in(scope, request.user))
    page = Page(request, with_blocks(rows))
    context = {
        "form": form,
        "scope": scope,
        "page": page,
        "holdings": holdings(page, scope),
        "seats": seats_in(scope, rows) if scope.when in {CURRENT, ""} else None,
        "place": pages.place_named(scope),
        "query": request.GET.urlencode(),
    }
    return render(request, "seats/allocation_list.html", context)


@require_safe
@login_required
@permission_required("seats.view_allocation", raise_exception=True)
def allocation_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One allocation: its runs, its days, its history."""
    return pages.detail_page(request, pages.visible_or_404(pk, request.user))


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_allocation", raise_exception=True)
def allocation_create(request: UserRequest) -> HttpResponse:
    """Give seats to an enterprise, hold them for it, or close them."""
    if request.method == "GET" or "more" in request.POST:
        return pages.create_page(request, *pages.unsent(request))
    form = AllocationForm(request.POST, user=request.user)
    runs: Any = RunFormSet(request.POST, prefix="runs", form_kwargs={"floors": floor_numbers()})
    if not (form.is_valid() & runs.is_valid()):
        return pages.create_page(request, form, runs)
    try:
        allocation = _allocate(form, runs, request.user)
    except Refusal as refusal:
        if not runs.say(refusal):
            add_refusal(form, refusal)
        return pages.create_page(request, form, runs, refusal)
    messages.success(request, pages.allocated(allocation))
    return see_other(request, pages.url_of(allocation))


def _allocate(form: AllocationForm, runs: Any, acting_user: User) -> Allocation:
    typed = form.cleaned_data
    return services.allocate_seats(
        enterprise=typed["enterprise"],
        kind=AllocationKind(typed["kind"]),
        rectangles=runs.rectangles(typed["start"], typed["end"]),
        expires_at=form.end_of_hold,
        reason=typed["reason"],
        due_on=typed["due_on"],
        today=clock.today(),
        now=clock.now(),
        acting_user=acting_user,
    )


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.confirm_allocation", raise_exception=True)
def allocation_confirm(request: UserRequest, pk: int) -> HttpResponse:
    """Make a hold firm: shows what changes, then does it."""
    allocation = pages.visible_or_404(pk, request.user)
    if request.method == "GET":
        return pages.confirm_page(request, allocation)
    try:
        _confirm(request, pk)
    except Refusal as refusal:
        return pages.detail_page(request, pages.visible_or_404(pk, request.user), refusal)
    messages.success(request, _("Confirmed. The seats are contracted."))
    return see_other(request, pages.url_of(allocation))


def _confirm(request: UserRequest, allocation_id: int) -> None:
    typed = VersionMixin(request.POST)
    confirm_seats(
        allocation_id=allocation_id,
        today=clock.today(),
        now=clock.now(),
        acting_user=request.user,
        expected_version=typed.expected_version if typed.is_valid() else None,
    )

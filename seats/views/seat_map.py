"""The park map: every seat of the park on a day, and what changed since another."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from seats.forms.compared_days import ChangesFilter
from seats.forms.days import ChosenDay
from seats.views import compared_pages, map_pages
from web.htmx import page_or_fragment


@require_safe
@login_required
@permission_required("park.view_place", raise_exception=True)
def seat_map(request: UserRequest) -> HttpResponse:
    """All seats on one canvas; below it the same as a table, by zone, building or floor."""
    on = ChosenDay(request.GET, clock.today())
    context = map_pages.map_page(on, request.user, by=request.GET.get("by", ""))
    return page_or_fragment(request, "seats/seat_map.html", "seats/_map_day.html", context)


@require_safe
@login_required
@permission_required("park.view_place", raise_exception=True)
def change_list(request: UserRequest) -> HttpResponse:
    """What changed between two days, floor by floor, run by run."""
    form = ChangesFilter(request.GET, today=clock.today())
    return render(request, "seats/change_list.html", compared_pages.changes_page(request, form))

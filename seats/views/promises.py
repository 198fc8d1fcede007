"""Broken promises as a list: to whom, what was promised, which day holds now."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from seats.forms.holds import PromiseFilter
from seats.promises import all_broken, kept, seats_of
from web.pagination import Page


@require_safe
@login_required
@permission_required("seats.view_allocation", raise_exception=True)
def promise_list(request: UserRequest) -> HttpResponse:
    """Promises that a delay broke: the park sees all, an enterprise's people their own."""
    form = PromiseFilter(request.GET, user=request.user)
    rows = form.narrow(all_broken(request.user), clock.today())
    page = Page(request, rows)
    context = {
        "form": form,
        "page": page,
        "lines": kept(page, clock.today()),
        "seats": seats_of(rows),
        "of_park": request.user.has_perm("seats.view_every_allocation"),
    }
    return render(request, "seats/promise_list.html", context)

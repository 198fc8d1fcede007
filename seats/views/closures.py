"""Closed seats as a list: why, since when, until when."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from seats.closures import closures_from, lines
from seats.forms.holds import PlaceFilter
from seats.holdings import with_blocks
from web.pagination import Page


@require_safe
@login_required
@permission_required("seats.view_every_allocation", raise_exception=True)
def closure_list(request: UserRequest) -> HttpResponse:
    """Seats that are closed, or will be, what is due first on top."""
    form = PlaceFilter(request.GET, user=request.user)
    del form.fields["enterprise"]
    page = Page(request, with_blocks(form.narrow(closures_from(request.user, clock.today()))))
    shown = lines(page, clock.today())
    context = {
        "form": form,
        "page": page,
        "lines": shown,
        "overdue": sum(1 for line in shown if line.overdue_days),
    }
    return render(request, "seats/closure_list.html", context)

"""Requests from the enterprise's side: the list, writing one, submitting it, taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from seats import desk
from seats.forms.requests import (
    PREFILLED,
    EditForm,
    RequestFilter,
    RequestForm,
    typed_so_far,
    written_so_far,
)
from seats.models import RequestKind, SeatRequest
from seats.request_clock import RequestClock
from seats.services import requests as services
from seats.views.request_pages import (
    Line,
    acted,
    confirm_page,
    detail_page,
    form_page,
    too_late,
    visible_or_404,
)
from web.forms import add_refusal
from web.htmx import page_or_fragment, see_other
from web.pagination import Page
from web.refusals import Refusal, Stale


@require_safe
@login_required
@permission_required("seats.view_seatrequest", raise_exception=True)
def request_list(request: UserRequest) -> HttpResponse:
    """Requests, those that wait for the person's side first."""
    visible = SeatRequest.objects.visible_to(request.user)
    form, time = RequestFilter(request.GET or None, user=request.user), RequestClock(clock.now())
    rows = form.narrow(visible.select_related("enterprise", "owner", "created_by"))
    page = Page(request, desk.in_order_of_waiting(rows, request.user))
    context = {
        "form": form,
        "page": page,
        "lines": [Line(row, request.user, time) for row in page],
        "waiting": desk.waiting_for(visible, request.user).count(),
        "of_park": desk.is_of_the_park(request.user),
        "now": clock.now(),
    }
    return page_or_fragment(request, "seats/request_list.html", "seats/_request_list.html", context)


@require_safe
@login_required
@permission_required("seats.view_seatrequest", raise_exception=True)
def request_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One request: where it is, who has it, what comes next."""
    return detail_page(request, visible_or_404(pk, request.user))


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_seatrequest", raise_exception=True)
def request_create(request: UserRequest) -> HttpResponse:
    """Write a request, as a draft or submitted at once."""
    if "more" in request.POST:
        return form_page(request, RequestForm(user=request.user, **typed_so_far(request.POST)))
    form = RequestForm(request.POST or None, user=request.user, initial=_prefilled(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _written(request, _created(request, form))
        except Refusal as refusal:
            add_refusal(form, refusal)
    return form_page(request, form)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_seatrequest", raise_exception=True)
def request_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Change a draft, or what was sent back."""
    seat_request = own_or_403(request, pk)
    if request.method == "GET" and (late := too_late(request, seat_request, "submit")):
        return late
    if "more" in request.POST:
        form = EditForm(user=request.user, **typed_so_far(request.POST))
        return form_page(request, form, seat_request)
    form = EditForm(request.POST or None, user=request.user, **written_so_far(seat_request))
    if request.method == "POST" and form.is_valid():
        try:
            return _written(request, _edited(request, seat_request, form))
        except Refusal as refusal:
            add_refusal(form, refusal)
            if isinstance(refusal, Stale):
                form.catch_up(visible_or_404(pk, request.user))
    return form_page(request, form, seat_request)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_seatrequest", raise_exception=True)
def request_submit(request: UserRequest, pk: int) -> HttpResponse:
    """Hand a draft, or what was sent back, to the park."""
    seat_request = own_or_403(request, pk)
    if request.method == "POST":
        done = _("Submitted. The park has it now.")
        return acted(request, seat_request, services.submit_request, done)
    verb = ngettext(
        "Submit the request for %(seats)s seat",
        "Submit the request for %(seats)s seats",
        seat_request.seats,
    )
    return confirm_page(request, seat_request, "submit", verb)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_seatrequest", raise_exception=True)
def request_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    """Take a request back while it is not decided."""
    seat_request = own_or_403(request, pk)
    if request.method == "POST":
        done = _("Withdrawn. The park does not deal with it any more.")
        return acted(request, seat_request, services.withdraw_request, done)
    verb = ngettext(
        "Withdraw the request for %(seats)s seat",
        "Withdraw the request for %(seats)s seats",
        seat_request.seats,
    )
    return confirm_page(request, seat_request, "withdraw", verb)


def own_or_403(request: UserRequest, pk: int) -> SeatRequest:
    """The request, if the person speaks for its enterprise."""
    seat_request = visible_or_404(pk, request.user)
    if not desk.may_write(request.user, seat_request):
        raise PermissionDenied
    return seat_request


def _prefilled(request: UserRequest) -> dict[str, Any]:
    """What a link to the form has filled in."""
    query = request.GET
    typed = {name: query[name] for name in PREFILLED if query.get(name)}
    return {"kind": RequestKind.NEW, "zones": query.getlist("zones"), **typed}


def _created(request: UserRequest, form: RequestForm) -> SeatRequest:
    return services.create_request(
        enterprise=form.chosen_enterprise,
        wish=form.wish,
        now=clock.now(),
        acting_user=request.user,
    )


def _edited(request: UserRequest, seat_request: SeatRequest, form: EditForm) -> SeatRequest:
    return services.edit_request(
        request_id=seat_request.pk,
        wish=form.wish,
        now=clock.now(),
        acting_user=request.user,
        expected_version=form.expected_version,
    )


def _written(request: UserRequest, seat_request: SeatRequest) -> HttpResponse:
    """A request was written: submit it too, if that button was pressed."""
    if "submit" in request.POST:
        services.submit_request(
            request_id=seat_request.pk, now=clock.now(), acting_user=request.user
        )
        messages.success(request, _("Submitted. The park has it now."))
    else:
        messages.success(request, _("Saved as a draft. The park does not see it yet."))
    return see_other(request, reverse("seats:request-detail", args=[seat_request.pk]))

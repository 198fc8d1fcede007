"""The planner: what seats are needed for when, which plans there are, one click to hold one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from seats.forms.planning import (
    NeedForm,
    chosen_moves,
    chosen_runs,
    is_planned_for,
    query_of,
)
from seats.models import SeatRequest
from seats.services.offers import offer_request
from seats.services.plans import hold_plan
from seats.services.wishes import need_of
from seats.views import plan_pages as pages
from seats.views.allocation_pages import allocated, url_of
from web.forms import VersionMixin
from web.htmx import see_other
from web.refusals import Invalid, Refusal

MOST_DIGITS = 18  # of the number of a row


@require_safe
@login_required
@permission_required("seats.view_occupancy", raise_exception=True)
def planner(request: UserRequest) -> HttpResponse:
    """The need as a form, and the plans for it. Of a request: what it asks for."""
    seat_request = _request_or_404(request.GET, request.user)
    typed: QueryDict | None = request.GET if "seats" in request.GET else None
    if typed is None and seat_request is not None:
        need = need_of(seat_request, clock.today())
        typed = QueryDict(query_of(need, request=seat_request.pk))
    form = NeedForm(
        typed,
        user=request.user,
        seat_request=seat_request,
        initial={"start": clock.today()},
    )
    return pages.planner_page(request, form, seat_request)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_allocation", raise_exception=True)
def planner_hold(request: UserRequest) -> HttpResponse:
    """Hold the seats of a plan; where somebody was faster, say who, and plan anew."""
    if request.method == "GET":
        return redirect(f"{reverse('seats:planner')}?{request.GET.urlencode()}")
    seat_request = _request_or_404(request.GET, request.user)
    form = NeedForm(request.GET, user=request.user, seat_request=seat_request)
    if not form.is_valid():
        return pages.planner_page(request, form, seat_request)
    try:
        if seat_request is not None:
            return _offer(request, form, seat_request)
        return _hold(request, form)
    except Refusal as refusal:
        return pages.planner_page(request, form, seat_request, refusal)


def _hold(request: UserRequest, form: NeedForm) -> HttpResponse:
    enterprise = form.cleaned_data["enterprise"]
    if enterprise is None:
        form.add_error("enterprise", _("Say which enterprise the seats are for."))
        return pages.planner_page(request, form, None)
    held = hold_plan(
        enterprise=enterprise,
        rectangles=chosen_runs(request.POST, form.need),
        moves=chosen_moves(request.POST),
        today=clock.today(),
        now=clock.now(),
        acting_user=request.user,
    )
    messages.success(request, allocated(held.allocation))
    return see_other(request, url_of(held.allocation))


def _offer(request: UserRequest, form: NeedForm, seat_request: SeatRequest) -> HttpResponse:
    if not is_planned_for(seat_request):
        raise Invalid({"request": _("Choose the seats for this request on its own page.")})
    typed = VersionMixin(request.POST)
    runs = chosen_runs(request.POST, form.need)
    offer_request(
        request_id=seat_request.pk,
        rectangles=runs,
        today=clock.today(),
        now=clock.now(),
        acting_user=request.user,
        expected_version=typed.expected_version if typed.is_valid() else None,
    )
    messages.success(request, pages.offered(seat_request, runs))
    return see_other(request, reverse("seats:request-detail", args=[seat_request.pk]))


def _request_or_404(query: QueryDict, user: User) -> SeatRequest | None:
    """The request that the plans are for, if `user` may see it."""
    number = str(query.get("request") or "")
    if not number:
        return None
    if not number.isdecimal() or len(number) > MOST_DIGITS:
        raise Http404
    rows = SeatRequest.objects.visible_to(user).select_related("enterprise")
    return get_object_or_404(rows, pk=int(number))

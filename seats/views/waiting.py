"""The waiting list: its order, what would fit each today, who comes onto it and off it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.models import Setting
from foundation.services.settings import setting
from seats.forms.waiting import TakeOffForm
from seats.models import WaitingEntry
from seats.services.waiting import (
    put_on_waiting_list,
    refuse_waiting,
    take_off_waiting_list,
)
from seats.views.request_pages import acted, visible_or_404
from seats.waiting import Fit, WaitingLine, fits, on_the_list, standing, waiting_lines
from seats.wording import request_facts, request_title
from web.forms import add_refusal
from web.htmx import see_other
from web.pagination import Page
from web.refusals import Refusal


@require_safe
@login_required
@permission_required("seats.view_every_seatrequest", raise_exception=True)
def waiting_list(request: UserRequest) -> HttpResponse:
    """Who waits for seats, in the order in which they are offered what becomes vacant."""
    page = Page(request, on_the_list())
    context = {
        "page": page,
        "lines": waiting_lines(list(page), page.first, clock.today()),
        "offer_days": setting(Setting.Name.WAITING_OFFER_DAYS),
        "now": clock.now(),
    }
    return render(request, "seats/waiting_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.keep_waitinglist", raise_exception=True)
def request_wait(request: UserRequest, pk: int) -> HttpResponse:
    """Put a request on the waiting list: shows its place and what would fit today, then does it."""
    seat_request = visible_or_404(pk, request.user)
    if request.method == "POST":
        done = _("On the waiting list. The enterprise is told its place.")
        return acted(request, seat_request, put_on_waiting_list, done)
    try:
        refuse_waiting(seat_request, clock.now())
    except Refusal as refusal:
        messages.error(request, _said(refusal))
        return redirect("seats:request-detail", pk=pk)
    context = _place_to_come(seat_request)
    return render(request, "seats/request_wait.html", context)


def _said(refusal: Refusal) -> str:
    """What is wrong, where no field is on the page."""
    return " ".join(str(error["message"]) for error in refusal.errors) or str(refusal)


def _place_to_come(seat_request: Any) -> dict[str, Any]:
    known = fits([seat_request], clock.today())
    fit = known.get(seat_request.pk, Fit())
    number = standing(WaitingEntry.objects.all()).count() + 1
    return {
        "seat_request": seat_request,
        "title": request_title(seat_request),
        "facts": request_facts(seat_request),
        "number": number,
        "line": WaitingLine(WaitingEntry(request=seat_request), number, fit),
        "offer_days": setting(Setting.Name.WAITING_OFFER_DAYS),
    }


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.keep_waitinglist", raise_exception=True)
def waiting_remove(request: UserRequest, pk: int) -> HttpResponse:
    """Take a request off the list, saying why."""
    entry = _entry_or_404(request, pk)
    form = TakeOffForm(request.POST or None, initial={"version": entry.version})
    if request.method == "GET" or not form.is_valid():
        return _remove_page(request, entry, form)
    try:
        _take_off(request, pk, form)
    except Refusal as refusal:
        add_refusal(form, refusal)
        return _remove_page(request, _entry_or_404(request, pk), form, status=refusal.status)
    messages.success(request, _("Taken off the waiting list. The enterprise is told why."))
    return see_other(request, reverse("seats:request-detail", args=[entry.request_id]))


def _take_off(request: UserRequest, entry_id: int, form: TakeOffForm) -> None:
    take_off_waiting_list(
        entry_id=entry_id,
        reason=form.cleaned_data["reason"],
        now=clock.now(),
        acting_user=request.user,
        expected_version=form.expected_version,
    )


def _entry_or_404(request: UserRequest, pk: int) -> WaitingEntry:
    rows = WaitingEntry.objects.visible_to(request.user).select_related("request__enterprise")
    return get_object_or_404(rows, pk=pk)


def _remove_page(
    request: UserRequest, entry: WaitingEntry, form: TakeOffForm, status: int = 200
) -> HttpResponse:
    form.show_again(entry.version)
    context = {
        "entry": entry,
        "seat_request": entry.request,
        "title": request_title(entry.request),
        "form": form,
    }
    return render(request, "seats/waiting_remove.html", context, status=status)

"""Offers on their pages: made and taken back by the park, answered by the enterprise."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from foundation import clock
from seats.forms.answers import AnswerForm
from seats.forms.requests import DeclineForm, NoteForm
from seats.models import SeatRequest
from seats.services import offers
from seats.services.fulfilment import fulfil_request
from seats.views.decisions import answered, with_note
from seats.views.fitting_runs import answer_form
from seats.views.offer_pages import offer_effect
from seats.views.request_pages import acted, too_late, visible_or_404, wants_everywhere
from seats.views.requests import own_or_403
from web import formats


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.decide_seatrequest", raise_exception=True)
def request_offer(request: UserRequest, pk: int) -> HttpResponse:
    """Hold the chosen seats and offer them to the enterprise: all of them or nothing."""
    seat_request = visible_or_404(pk, request.user)
    if request.method == "GET":
        return redirect("seats:request-detail", pk=pk)
    form = answer_form(seat_request, request.POST, everywhere=wants_everywhere(request))
    form.is_offer = True
    return answered(request, form, _offer, _offered)


def _offer(request: UserRequest, form: AnswerForm) -> None:
    offers.offer_request(
        request_id=form.request.pk,
        rectangles=form.rectangles,
        released=form.released,
        expires_at=form.end_of_hold,
        note=form.cleaned_data["note"],
        today=clock.today(),
        now=clock.now(),
        acting_user=request.user,
        expected_version=form.expected_version,
    )


def _offered(form: AnswerForm) -> str:
    sentence = ngettext(
        "Offered: %(seats)s seat is held for %(enterprise)s.",
        "Offered: %(seats)s seats are held for %(enterprise)s.",
        form.count,
    )
    words = {"seats": formats.number(form.count), "enterprise": form.request.enterprise.short_name}
    return sentence % words


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.decide_seatrequest", raise_exception=True)
def request_recall(request: UserRequest, pk: int) -> HttpResponse:
    """Take an offer back, saying why."""
    seat_request = visible_or_404(pk, request.user)
    if request.method == "GET" and (late := too_late(request, seat_request, "recall")):
        return late
    act = partial(offers.recall_offer, today=clock.today())
    done = _("Taken back. The seats are vacant; the enterprise is told why.")
    return with_note(request, seat_request, act, _("Take the offer back"), done, kind=NoteForm)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_seatrequest", raise_exception=True)
def request_accept(request: UserRequest, pk: int) -> HttpResponse:
    """Take the offered seats: shows what becomes of them, then does it."""
    seat_request = own_or_403(request, pk)
    if request.method == "POST":
        act = partial(offers.accept_request, today=clock.today())
        return acted(request, seat_request, act, _("Accepted. The park hands the seats over."))
    return _effect_page(request, seat_request, "accept")


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.add_seatrequest", raise_exception=True)
def request_decline(request: UserRequest, pk: int) -> HttpResponse:
    """Turn an offer down, saying why."""
    seat_request = own_or_403(request, pk)
    if request.method == "GET" and (late := too_late(request, seat_request, "decline")):
        return late
    act = partial(offers.decline_request, today=clock.today())
    done = _("Declined. The seats are not held any more; the park looks for others.")
    return with_note(request, seat_request, act, _("Decline the offer"), done, kind=DeclineForm)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.decide_seatrequest", raise_exception=True)
def request_fulfil(request: UserRequest, pk: int) -> HttpResponse:
    """Confirm that accepted seats are handed over: shows what changes, then does it."""
    seat_request = visible_or_404(pk, request.user)
    if request.method == "POST":
        act = partial(fulfil_request, today=clock.today())
        return acted(request, seat_request, act, _("Done. The request is fulfilled."))
    return _effect_page(request, seat_request, "fulfil")


def _effect_page(request: UserRequest, seat_request: SeatRequest, step: str) -> HttpResponse:
    if late := too_late(request, seat_request, step):
        return late
    return render(request, "seats/request_effect.html", offer_effect(seat_request, step))

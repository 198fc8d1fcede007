"""Requests from the park's side: taking up, handing over, sending back, turning down, approving."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from foundation import clock
from seats import desk
from seats.forms.answers import AnswerForm
from seats.forms.requests import HandOverForm, NoteForm
from seats.models import SeatRequest
from seats.services import requests as services
from seats.services.approvals import approve_request
from seats.views.fitting_runs import answer_form
from seats.views.request_pages import (
    acted,
    as_it_is_now,
    confirm_page,
    detail_page,
    too_late,
    visible_or_404,
    wants_everywhere,
)
from seats.wording import request_title
from web import formats
from web.forms import VersionMixin, add_refusal
from web.htmx import see_other
from web.refusals import Refusal


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.decide_seatrequest", raise_exception=True)
def request_take_up(request: UserRequest, pk: int) -> HttpResponse:
    """Take a request in hand: the enterprise sees who has it."""
    seat_request = visible_or_404(pk, request.user)
    if request.method == "POST":
        done = _("You have it now. The enterprise sees your name.")
        return acted(request, seat_request, services.take_up_request, done)
    verb = ngettext(
        "Take up the request for %(seats)s seat",
        "Take up the request for %(seats)s seats",
        seat_request.seats,
    )
    return confirm_page(request, seat_request, "take_up", verb)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.decide_seatrequest", raise_exception=True)
def request_send_back(request: UserRequest, pk: int) -> HttpResponse:
    """Ask the enterprise to complete its request, saying what is missing."""
    seat_request = visible_or_404(pk, request.user)
    if request.method == "GET" and (late := too_late(request, seat_request, "send_back")):
        return late
    verb, done = _("Send back"), _("Sent back. The enterprise is told what is missing.")
    return _with_note(request, seat_request, services.send_back_request, verb, done)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.decide_seatrequest", raise_exception=True)
def request_reject(request: UserRequest, pk: int) -> HttpResponse:
    """Turn a request down, saying why."""
    seat_request = visible_or_404(pk, request.user)
    if request.method == "GET" and (late := too_late(request, seat_request, "reject")):
        return late
    verb, done = _("Turn down"), _("Turned down. The enterprise is told why.")
    return _with_note(request, seat_request, services.reject_request, verb, done)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.decide_seatrequest", raise_exception=True)
def request_hand_over(request: UserRequest, pk: int) -> HttpResponse:
    """Give a request that is in hand to a colleague."""
    seat_request = visible_or_404(pk, request.user)
    if request.method == "GET" and (late := too_late(request, seat_request, "hand_over")):
        return late
    form = HandOverForm(
        request.POST or None, owner=seat_request.owner, initial={"version": seat_request.version}
    )
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("to", "note")}
        done = _("Handed over to %(person)s.") % {"person": typed["to"]}
        return acted(request, seat_request, partial(services.hand_over_request, **typed), done)
    return note_page(request, seat_request, form, _("Hand over"))


def _with_note(
    request: UserRequest,
    seat_request: SeatRequest,
    act: Callable[..., object],
    verb: str,
    done: str,
) -> HttpResponse:
    return with_note(request, seat_request, act, verb, done, kind=NoteForm)


def with_note(
    request: UserRequest,
    seat_request: SeatRequest,
    act: Callable[..., object],
    verb: str,
    done: str,
    *,
    kind: type[NoteForm],
) -> HttpResponse:
    """Take a step that says why: asks for the words first."""
    form = kind(request.POST or None, initial={"version": seat_request.version})
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        return acted(request, seat_request, partial(act, note=note), done)
    return note_page(request, seat_request, form, verb)


def note_page(
    request: UserRequest, seat_request: SeatRequest, form: VersionMixin, verb: str
) -> HttpResponse:
    """The page that asks for the words of a step."""
    context = {
        "form": form,
        "seat_request": seat_request,
        "verb": verb,
        "title": request_title(seat_request),
    }
    return render(request, "seats/request_note.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.decide_seatrequest", raise_exception=True)
def request_approve(request: UserRequest, pk: int) -> HttpResponse:
    """Give the chosen seats, take back the others: all of it or nothing."""
    seat_request = visible_or_404(pk, request.user)
    if request.method == "GET":
        return redirect("seats:request-detail", pk=pk)
    form = answer_form(seat_request, request.POST, everywhere=wants_everywhere(request))
    return answered(request, form, _approve, _approved)


def answered(
    request: UserRequest,
    form: AnswerForm,
    act: Callable[[UserRequest, AnswerForm], None],
    done: Callable[[AnswerForm], str],
) -> HttpResponse:
    """Answer the request with the chosen seats; where that is refused, ask again."""
    pk = form.request.pk
    if not form.is_valid():
        form.show_again(form.request.version)
        return detail_page(request, form.request, form=form)
    try:
        act(request, form)
    except Refusal as refusal:
        return _asked_again(request, form, refusal)
    messages.success(request, done(form))
    return see_other(request, reverse("seats:request-detail", args=[pk]))


def _approve(request: UserRequest, form: AnswerForm) -> None:
    approve_request(
        request_id=form.request.pk,
        rectangles=form.rectangles,
        released=form.released,
        today=clock.today(),
        now=clock.now(),
        acting_user=request.user,
        expected_version=form.expected_version,
    )


def _approved(form: AnswerForm) -> str:
    words = {"seats": formats.number(form.count), "enterprise": form.request.enterprise.short_name}
    if form.gives_back:
        sentence = ngettext(
            "Approved: %(enterprise)s gives back %(seats)s seat.",
            "Approved: %(enterprise)s gives back %(seats)s seats.",
            form.count,
        )
    else:
        sentence = ngettext(
            "Approved: %(enterprise)s has %(seats)s seat more.",
            "Approved: %(enterprise)s has %(seats)s seats more.",
            form.count,
        )
    return sentence % words


def _asked_again(request: UserRequest, sent: AnswerForm, refusal: Refusal) -> HttpResponse:
    """Say the refusal, and show what is free by now; what was typed stays where it still fits."""
    fresh = visible_or_404(sent.request.pk, request.user)
    refusal = as_it_is_now(refusal, fresh)
    if not desk.actions(request.user, fresh).chooses_seats:
        return detail_page(request, fresh, refusal=refusal, status=refusal.status)
    form = answer_form(fresh, request.POST, everywhere=wants_everywhere(request))
    form.is_offer = sent.is_offer
    form.full_clean()
    form.errors.clear()
    add_refusal(form, named_as_typed(refusal))
    form.show_again(fresh.version)
    return detail_page(request, fresh, refusal=refusal, form=form, status=refusal.status)


def named_as_typed(refusal: Refusal) -> Refusal:
    """The refusal with its field as the form calls it."""
    for error in refusal.errors:
        if error["field"] == "expires_at":
            error["field"] = "until"
    return refusal

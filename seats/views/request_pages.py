"""What the pages of a request show: its line in a list, and its own page with what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from seats import desk
from seats.forms.answers import AnswerForm
from seats.forms.days import ChosenDay
from seats.forms.requests import RequestForm
from seats.holdings import Holding, with_blocks
from seats.models import Allocation, AllocationKind, RequestKind, SeatRequest
from seats.place import floors_on
from seats.request_clock import RequestClock
from seats.request_history import (
    Outcome,
    change_sentence,
    is_handed_over,
    phases_asked_and_got,
)
from seats.request_steps import bar_of
from seats.services.steps import refuse_wrong_state
from seats.views.fitting_runs import answer_form
from seats.views.offer_pages import before_and_after, effect_verb, given_back
from seats.views.place_tables import table, zone_of
from seats.views.plan_pages import request_plans, takes_to_tick
from seats.waiting import can_wait, place_of_request
from seats.wording import (
    needs_in_words,
    request_facts,
    request_name,
    request_title,
    request_what,
    zones_named,
)
from web import formats
from web.forms import VersionMixin
from web.htmx import see_other
from web.refusals import Refusal, Stale


class Line:
    """A request in a list, as `user` sees it. `time` reads what is left of its promise."""

    def __init__(self, request: SeatRequest, user: User, time: RequestClock) -> None:
        self.request = request
        self.left = time.left(request)
        of_park = desk.is_of_the_park(user)
        self.title = request_name(request) if of_park else request_what(request)
        self.facts = " · ".join(request_facts(request))
        self.glyph = desk.state_glyph(request)
        self.holder = desk.holder(request, user)


def visible_or_404(pk: int, user: User) -> SeatRequest:
    """The request `pk` with the people it names, if `user` may see it."""
    rows = SeatRequest.objects.visible_to(user).select_related("enterprise", "owner", "created_by")
    return get_object_or_404(rows.prefetch_related("phases"), pk=pk)


def detail_page(
    request: UserRequest,
    seat_request: SeatRequest,
    *,
    refusal: Refusal | None = None,
    form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one request: where it is, what comes next, what can be done."""
    actions = desk.actions(request.user, seat_request)
    context = _facts(seat_request, request.user) | _past(seat_request)
    context |= {"actions": actions, "refusal": refusal, "form": None}
    if actions.chooses_seats:
        context |= _choosing(request, seat_request, form)
    return render(request, "seats/request_detail.html", context, status=status)


def _choosing(
    request: UserRequest, seat_request: SeatRequest, form: AnswerForm | None
) -> dict[str, Any]:
    """Plans for what the request asks for, and the runs to choose from, the best plan's ticked."""
    everywhere = wants_everywhere(request)
    plans: dict[str, Any] = {}
    if seat_request.kind != RequestKind.RELEASE:
        plans = request_plans(seat_request, request.user, everywhere=everywhere)
    if form is None:
        takes = takes_to_tick(plans, request.GET.get("plan", ""))
        form = answer_form(seat_request, everywhere=everywhere, takes=takes)
    return {"form": form, "everywhere": everywhere, **plans}


def _facts(seat_request: SeatRequest, user: User) -> dict[str, Any]:
    """What the request is, where it is, and what it led to."""
    return {
        "seat_request": seat_request,
        "title": request_title(seat_request),
        "zones": zones_named(seat_request.zones),
        "needs": needs_in_words(seat_request),
        "left": RequestClock(clock.now()).left(seat_request),
        "waits_for": desk.waits_for(seat_request),
        "next_step": desk.next_step(seat_request, user),
        "holder": desk.holder(seat_request, user),
        "glyph": desk.state_glyph(seat_request),
        "allocations": _allocations(seat_request, user),
        "waiting": place_of_request(seat_request),
        "may_wait": can_wait(seat_request) and user.has_perm("seats.keep_waitinglist"),
        "now": clock.now(),
    }


def _past(seat_request: SeatRequest) -> dict[str, Any]:
    """What happened to the request so far."""
    rows = seat_request.changes.select_related("by").prefetch_related("runs__floor")
    changes = list(rows.order_by("-at", "-pk"))
    bar, outcome = bar_of(seat_request, changes), Outcome.of_all(changes)
    return {
        "steps": bar.steps,
        "current_step": bar.current,
        "history": [(change, change_sentence(change), Outcome.of(change)) for change in changes],
        "outcome": outcome,
        **_open_offer(seat_request),
        "phases": phases_asked_and_got(seat_request, outcome),
        "last_word": next(
            (change for change in changes if change.note and not is_handed_over(change)), None
        ),
    }


def _open_offer(seat_request: SeatRequest) -> dict[str, Any]:
    """What is held for the enterprise, while it may accept it and until its floor has come."""
    rows = with_blocks(Allocation.objects.filter(offer_of=seat_request))
    row = rows.filter(kind=AllocationKind.HOLD).first()
    if row is None:
        return {"offer": None}
    holding = Holding(row, list(row.blocks.all()))
    return {
        "offer": holding,
        "effect": before_and_after(seat_request, holding),
        "back": given_back(seat_request),
        "accept_verb": effect_verb("accept", holding.seats),
    }


def wants_everywhere(request: UserRequest) -> bool:
    """Whether free runs of other zones than those asked for are wanted too, all of them."""
    return request.GET.get("runs") == "all"


def _allocations(seat_request: SeatRequest, user: User) -> list[Holding]:
    """What was allocated; offers that are over stand in the history."""
    lasting = seat_request.allocations.visible_to(user).filter(ended_at=None)
    rows = with_blocks(lasting.order_by("pk"))
    return [Holding(row, list(row.blocks.all())) for row in rows]


def acted(
    request: UserRequest,
    seat_request: SeatRequest,
    act: Callable[..., object],
    done: str,
    **arguments: Any,
) -> HttpResponse:
    """Take a step with the request, then see it; a refusal is said on its page as it is now."""
    typed = VersionMixin(request.POST)
    version = typed.expected_version if typed.is_valid() else None
    try:
        act(
            request_id=seat_request.pk,
            now=clock.now(),
            acting_user=request.user,
            expected_version=version,
            **arguments,
        )
    except Refusal as refusal:
        return _refused(request, seat_request.pk, refusal)
    messages.success(request, done)
    return see_other(request, reverse("seats:request-detail", args=[seat_request.pk]))


def _refused(request: UserRequest, pk: int, refusal: Refusal) -> HttpResponse:
    """The refusal on the request's page as it is now."""
    fresh = visible_or_404(pk, request.user)
    said = as_it_is_now(refusal, fresh)
    return detail_page(request, fresh, refusal=said, status=said.status)


def as_it_is_now(refusal: Refusal, fresh: SeatRequest) -> Refusal:
    """Of a request that somebody changed meanwhile: where it is, as another step may be next."""
    if not isinstance(refusal, Stale):
        return refusal
    return Stale(
        _(
            "Somebody changed this while you were working on it. The request is “%(state)s” now; "
            "what you sent was not done."
        )
        % {"state": fresh.get_state_display()},
        extra=refusal.extra,
    )


def too_late(
    request: UserRequest, seat_request: SeatRequest, step: str
) -> HttpResponseRedirect | None:
    """The way to the request's page, saying why, where it is past `step` before anybody asks."""
    try:
        refuse_wrong_state(step, seat_request)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return redirect("seats:request-detail", pk=seat_request.pk)
    return None


def form_page(
    request: UserRequest, form: RequestForm, seat_request: SeatRequest | None = None
) -> HttpResponse:
    """The form of a request, and beside it what is vacant today."""
    on = ChosenDay(QueryDict(), clock.today())
    context = table(floors_on(on.day, today=on.today), on, zone_of)
    context |= {"form": form, "seat_request": seat_request}
    return render(request, "seats/request_form.html", context)


def confirm_page(
    request: UserRequest, seat_request: SeatRequest, step: str, verb: str
) -> HttpResponse:
    """Asks before a step; `verb` says it with the number of seats."""
    if late := too_late(request, seat_request, step):
        return late
    context = {
        "seat_request": seat_request,
        "title": request_title(seat_request),
        "facts": request_facts(seat_request),
        "verb": verb % {"seats": formats.number(seat_request.seats)},
    }
    return render(request, "seats/request_confirm.html", context)

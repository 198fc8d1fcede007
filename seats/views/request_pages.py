"""What the pages of a request show: its line in a list, and its own page with what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from seats import desk
from seats.forms.days import ChosenDay
from seats.forms.requests import RequestForm
from seats.forms.runs import ApprovalForm
from seats.holdings import Holding, with_blocks
from seats.models import RequestState, SeatRequest, StateChange
from seats.place import floors_on
from seats.request_history import Outcome, change_sentence
from seats.services.requests import refuse_wrong_state
from seats.views.fitting_runs import approval_form
from seats.views.place_tables import table, zone_of
from seats.wording import (
    request_facts,
    request_name,
    request_title,
    request_what,
    zones_named,
)
from web import formats
from web.forms import VersionMixin
from web.htmx import see_other
from web.refusals import Refusal
from web.rfc9457 import Text


class Line:
    """A request in a list, as `user` sees it."""

    def __init__(self, request: SeatRequest, user: User) -> None:
        self.request = request
        of_park = desk.is_of_the_park(user)
        self.title = request_name(request) if of_park else request_what(request)
        self.facts = " · ".join(request_facts(request))
        self.glyph = desk.state_glyph(request)
        self.holder = desk.holder(request, user)


def visible_or_404(pk: int, user: User) -> SeatRequest:
    """The request `pk` with the people it names, if `user` may see it."""
    rows = SeatRequest.objects.visible_to(user)
    return get_object_or_404(rows.select_related("enterprise", "owner", "created_by"), pk=pk)


def detail_page(
    request: UserRequest,
    seat_request: SeatRequest,
    *,
    refusal: Refusal | None = None,
    form: ApprovalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one request: where it is, what comes next, what can be done."""
    everywhere = wants_everywhere(request)
    actions = desk.actions(request.user, seat_request)
    if form is None and actions.approve:
        form = approval_form(seat_request, everywhere=everywhere)
    context = _facts(seat_request, request.user) | _past(seat_request)
    context |= {
        "actions": actions,
        "form": form if actions.approve else None,
        "refusal": refusal,
        "everywhere": everywhere,
    }
    return render(request, "seats/request_detail.html", context, status=status)


def _facts(seat_request: SeatRequest, user: User) -> dict[str, Any]:
    """What the request is, where it is, and what it led to."""
    return {
        "seat_request": seat_request,
        "title": request_title(seat_request),
        "zones": zones_named(seat_request.zones),
        "next_step": desk.next_step(seat_request, user),
        "holder": desk.holder(seat_request, user),
        "glyph": desk.state_glyph(seat_request),
        "allocations": _allocations(seat_request, user),
        "now": clock.now(),
    }


def _past(seat_request: SeatRequest) -> dict[str, Any]:
    """What happened to the request so far."""
    rows = seat_request.changes.select_related("by").prefetch_related("runs__floor")
    changes = list(rows.order_by("-at", "-pk"))
    return _steps(seat_request, changes) | {
        "history": [(change.at, change_sentence(change)) for change in changes],
        "outcome": next((outcome for change in changes if (outcome := Outcome.of(change))), None),
        "last_note": next((change.note for change in changes if change.note), ""),
    }


def wants_everywhere(request: UserRequest) -> bool:
    """Whether free runs of other zones than those asked for are wanted too, all of them."""
    return request.GET.get("runs") == "all"


def _allocations(seat_request: SeatRequest, user: User) -> list[Holding]:
    rows = with_blocks(seat_request.allocations.visible_to(user).order_by("pk"))
    return [Holding(row, list(row.blocks.all())) for row in rows]


def _steps(seat_request: SeatRequest, changes: Sequence[StateChange]) -> dict[str, Any]:
    """The steps of its life with the moments they were reached, and which of them is now."""
    reached: dict[str, datetime] = {}
    for change in reversed(changes):
        reached[change.to_state] = change.at
    state = seat_request.state
    middle = RequestState.SENT_BACK if state == RequestState.SENT_BACK else RequestState.IN_REVIEW
    over = {RequestState.REJECTED, RequestState.WITHDRAWN}
    last = RequestState(state) if state in over else RequestState.FULFILLED
    order = [RequestState.DRAFT, RequestState.SUBMITTED, middle, last]
    current = order.index(RequestState(state)) + 1
    labels: list[tuple[Text, datetime | None]] = [(step.label, reached.get(step)) for step in order]
    done = current == len(order) and last == RequestState.FULFILLED
    return {"steps": labels, "current_step": current + 1 if done else current}


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
        fresh = visible_or_404(seat_request.pk, request.user)
        return detail_page(request, fresh, refusal=refusal, status=refusal.status)
    messages.success(request, done)
    return see_other(request, reverse("seats:request-detail", args=[seat_request.pk]))


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

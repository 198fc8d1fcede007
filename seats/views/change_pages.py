"""The pages of a change to an allocation: the form, what it changes, and the deed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.requests import UserRequest
from foundation import clock
from seats.forms.allocations import RunFormSet, floor_numbers, typed_so_far
from seats.models import Allocation
from seats.services.lent import loans_out_of
from seats.views.allocation_pages import current, too_late, url_of
from seats.views.change_steps import Step
from seats.wording import allocation_title
from web.forms import add_refusal
from web.htmx import see_other
from web.refusals import Refusal

_OWN = {"csrfmiddlewaretoken", "confirmed", "version"}


def change(request: UserRequest, allocation: Allocation, kind: type[Step]) -> HttpResponse:
    """Ask what is to change, show what that does, then do it."""
    posted = request.POST if request.method == "POST" else None
    step = kind(allocation, request.user, posted, request.GET)
    if posted is None or "more" in posted or not step.is_valid():
        return form_page(request, step)
    try:
        if not step.form.cleaned_data["confirmed"]:
            return effect_page(request, step)
        changed = step.act()
    except Refusal as refusal:
        return refused(request, step, refusal)
    messages.success(request, step.done())
    return see_other(request, url_of(changed))


def form_page(request: UserRequest, step: Step, status: int = 200) -> HttpResponse:
    """Asks what is to change."""
    if not step.allocation.blocks.all():
        return too_late(request, step.allocation, _("No seats are left of it."))
    context = _named(step) | {
        "form": step.form,
        "runs": _with_room(request, step),
        "floors": list(floor_numbers()) if step.runs is not None else [],
    }
    return render(request, "seats/allocation_change.html", context, status=status)


def _with_room(request: UserRequest, step: Step) -> Any:
    """The runs to move to; with more empty lines where they are asked for."""
    if step.runs is None or "more" not in request.POST:
        return step.runs
    _values, typed = typed_so_far(request.POST)
    return RunFormSet(initial=typed, prefix="runs", form_kwargs={"floors": floor_numbers()})


def effect_page(request: UserRequest, step: Step) -> HttpResponse:
    """Shows what would be different, and asks to do it."""
    effect = step.effect()
    context = _named(step) | {
        "effect": effect,
        "verb": step.verb(effect),
        "is_danger": step.is_danger,
        "next": step.later(),
        "carried": list(_carried(request)),
        "version": step.form.expected_version,
        "loans": loans_out_of(step.allocation, clock.today()),
        "fit_outs": step.allocation.fit_outs.visible_to(request.user).order_by("-pk"),
        "handovers": step.allocation.handovers.visible_to(request.user).order_by("-pk"),
    }
    return render(request, "seats/allocation_change_effect.html", context)


def _carried(request: UserRequest) -> Any:
    """What was typed, for the page that shows the effect to send again."""
    for name, values in request.POST.lists():
        if name not in _OWN:
            for value in values:
                yield name, value


def refused(request: UserRequest, step: Step, refusal: Refusal) -> HttpResponse:
    """Says why nothing was changed; what was typed stays."""
    fresh = Allocation.objects.get(pk=step.allocation.pk)
    step.form.ask_again(fresh.version)
    for error in refusal.errors:
        error["field"] = step.renamed.get(error["field"], error["field"])
    add_refusal(step.form, refusal)
    return form_page(request, step, status=refusal.status)


def _named(step: Step) -> dict[str, Any]:
    holding = current(step.allocation, clock.today())
    return {
        "allocation": step.allocation,
        "step": step,
        "holding": holding,
        "title": allocation_title(step.allocation, holding.seats),
    }

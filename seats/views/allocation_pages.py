"""What the pages of an allocation show: its own page, and the effect of each step before it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from park.axis import floor_of
from park.models import Building, Floor, Zone
from park.services import first_open_day
from seats.closures import Next, free_after, next_on, rivals_of
from seats.forms.allocations import (
    AllocationForm,
    ReleaseForm,
    RunFormSet,
    floor_numbers,
    prefilled,
    typed_so_far,
)
from seats.history import history
from seats.holdings import Holding, Scope, count_seats
from seats.models import Allocation, AllocationKind, RequestState, SeatBlock, SeatRequest
from seats.promises import broken_of
from seats.rectangles import Rectangle
from seats.services.allocations import blocks_to_free, refuse_confirmed
from seats.services.refusals import SeatsTaken
from seats.services.steps import open_offer_of, refuse_open_offer
from seats.wording import allocation_title, building_name, zone_name
from web import formats
from web.forms import add_refusal
from web.refusals import Refusal
from web.rfc9457 import Text


def url_of(allocation: Allocation) -> str:
    """The page of an allocation."""
    return reverse("seats:allocation-detail", args=[allocation.pk])


def place_named(scope: Scope) -> str:
    """The part of the place that a list is about; empty for all of it."""
    if scope.floor is not None:
        floor = Floor.objects.filter(pk=scope.floor).first()
        return floor.label if floor else ""
    if scope.building is not None:
        building = Building.objects.select_related("zone").filter(pk=scope.building).first()
        return building_name(building.label) if building else ""
    return zone_name(scope.zone) if scope.zone else ""


def current(allocation: Allocation, day: date) -> Holding:
    """What the allocation has on `day`; what it will have, where that is nothing."""
    coming = [
        block
        for block in allocation.blocks.all()
        if block.period.upper is None or block.period.upper > day
    ]
    return Holding(allocation, there(allocation, day) or coming)


def there(allocation: Allocation, day: date) -> list[SeatBlock]:
    """The blocks of the allocation that count on `day`."""
    scope = Scope(day=day, today=day)
    return [block for block in allocation.blocks.all() if scope.is_there(block)]


def detail_page(
    request: UserRequest, allocation: Allocation, refusal: Refusal | None = None
) -> HttpResponse:
    """The page of one allocation."""
    holding = current(allocation, clock.today())
    context = {
        "allocation": allocation,
        "title": allocation_title(allocation, holding.seats),
        "seats_today": count_seats(there(allocation, clock.today())),
        "whole": Holding(allocation, list(allocation.blocks.all())),
        "history": history(allocation),
        "broken": broken_of(allocation),
        "cases": _cases(allocation, request.user),
        **_acts(allocation, holding, request.user),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "seats/allocation_detail.html", context, status=status)


def _cases(allocation: Allocation, user: User) -> dict[str, Any]:
    """The fit-outs and handover lists of its seats."""
    return {
        "fit_outs": allocation.fit_outs.visible_to(user).with_due().order_by("-pk"),
        "handovers": allocation.handovers.visible_to(user).order_by("-pk"),
    }


def _acts(allocation: Allocation, holding: Holding, user: User) -> dict[str, Any]:
    """What this person may do; a hold that a request offers goes the request's way."""
    offered_by = open_offer_of(allocation)
    is_offered = offered_by is not None and offered_by.state == RequestState.OFFERED
    has_seats = bool(holding.blocks) and offered_by is None
    return {
        "offered_by": offered_by,
        "may_release": has_seats and user.has_perm("seats.release_allocation"),
        "may_extend": user.has_perm("seats.extend_hold") and can_be_extended(allocation),
        "may_confirm": is_hold(allocation)
        and not is_offered
        and user.has_perm("seats.confirm_allocation"),
    }


def is_hold(allocation: Allocation) -> bool:
    """Whether the allocation is a hold that has not expired."""
    return allocation.kind == AllocationKind.HOLD and allocation.ended_at is None


def can_be_extended(allocation: Allocation) -> bool:
    """Whether it is a hold that ends by itself, and no request has it as its offer."""
    ends = is_hold(allocation) and allocation.expires_at is not None
    return ends and not SeatRequest.objects.filter(offer=allocation).exists()


def unsent(request: UserRequest) -> tuple[AllocationForm, Any]:
    """The form as a link filled it in, or, with room for more runs, as it was typed so far."""
    if request.method == "POST":
        values, runs = typed_so_far(request.POST)
    else:
        values, runs = prefilled(request.GET)
    form = AllocationForm(initial=values, user=request.user)
    rows = RunFormSet(initial=runs, prefix="runs", form_kwargs={"floors": floor_numbers()})
    return form, rows


def create_page(
    request: UserRequest, form: AllocationForm, runs: Any, refusal: Refusal | None = None
) -> HttpResponse:
    """The form to give, hold or close seats; where seats are taken, with the way to vacant ones."""
    context = {
        "form": form,
        "runs": runs,
        "floors": list(floor_numbers()),
    }
    if isinstance(refusal, SeatsTaken):
        conflicts = refusal.extra["conflicts"]
        context |= {
            "elsewhere": _vacant_beside(refusal, form),
            "rivals": rivals_of(conflicts, request.user),
            "free_after": free_after(conflicts),
        }
    status = refusal.status if refusal else 200
    return render(request, "seats/allocation_form.html", context, status=status)


def _vacant_beside(taken: SeatsTaken, form: AllocationForm) -> str:
    """Where to see what is vacant in the same zone on the first day."""
    seat = taken.extra["conflicts"][0]["first_seat"]
    zone = Zone.objects.get(buildings__floors=floor_of(seat))
    address = reverse("place:zone-detail", args=[zone.code])
    return f"{address}?on={form.cleaned_data['start'].isoformat()}#free"


def allocated(allocation: Allocation) -> str:
    """What was just done."""
    seats = count_seats(allocation.blocks.all())
    return _("Done. %(title)s.") % {"title": allocation_title(allocation, seats)}


def too_late(request: UserRequest, allocation: Allocation, reason: Text) -> HttpResponse:
    """The page of the allocation in place of a step that it is past, saying why."""
    messages.error(request, str(reason))
    return redirect(url_of(allocation))


def confirm_page(request: UserRequest, allocation: Allocation) -> HttpResponse:
    """The effect of confirming a hold: held → contracted, from which day."""
    try:
        refuse_confirmed(allocation)
        refuse_open_offer(allocation, unless_accepted=True)
    except Refusal as refusal:
        return too_late(request, allocation, refusal.message)
    return render(request, "seats/allocation_confirm.html", _confirming(allocation))


def _confirming(allocation: Allocation) -> dict[str, Any]:
    holding = current(allocation, clock.today())
    open_day = first_open_day(date.min)
    first = min((max(block.period.lower, open_day) for block in holding.blocks), default=None)
    verb = ngettext("Contract %(seats)s seat", "Contract %(seats)s seats", holding.seats)
    return {
        "allocation": allocation,
        "holding": holding,
        "first_day": first,
        "verb": verb % {"seats": formats.number(holding.seats)},
        "title": allocation_title(allocation, holding.seats),
    }


def release_page(
    request: UserRequest, allocation: Allocation, form: ReleaseForm, status: int = 200
) -> HttpResponse:
    """Asks which seats come back, and from which day."""
    if not allocation.blocks.all():
        return too_late(request, allocation, _("No seats are left of it."))
    holding = current(allocation, clock.today())
    context = {
        "allocation": allocation,
        "form": form,
        "holding": holding,
        "title": allocation_title(allocation, holding.seats),
    }
    return render(request, "seats/allocation_release.html", context, status=status)


def release_effect(request: UserRequest, allocation: Allocation, form: ReleaseForm) -> HttpResponse:
    """Shows what a release changes: which seats from which day, before → after."""
    try:
        blocks_to_free(allocation, start=form.cleaned_data["start"], seats=form.span)
    except Refusal as refusal:
        return release_refused(request, allocation, form, refusal)
    before, after = form.before_and_after
    context = {
        "allocation": allocation,
        "form": form,
        "freed": form.freed,
        "before": before,
        "after": after,
        "title": allocation_title(allocation, before),
        **_verb(allocation, form, request.user),
    }
    return render(request, "seats/allocation_release_effect.html", context)


def _verb(allocation: Allocation, form: ReleaseForm, user: User) -> dict[str, Any]:
    """What the step is called; of closed seats, also who has them later."""
    before, after = form.before_and_after
    if allocation.kind != AllocationKind.CLOSURE:
        return {"verb": release_verb(before - after)}
    return {"verb": reopen_verb(before - after), "next": _next_on(form, user)}


def _next_on(form: ReleaseForm, user: User) -> list[Next]:
    """Who has the seats later that closed seats give back."""
    return next_on([Rectangle(part.seats, part.day) for part in form.freed], user)


def release_verb(seats: int) -> str:
    """释放 40 席."""
    verb = ngettext("Release %(seats)s seat", "Release %(seats)s seats", seats)
    return verb % {"seats": formats.number(seats)}


def reopen_verb(seats: int) -> str:
    """重新开放 40 席."""
    verb = ngettext("Reopen %(seats)s seat", "Reopen %(seats)s seats", seats)
    return verb % {"seats": formats.number(seats)}


def release_refused(
    request: UserRequest, allocation: Allocation, form: ReleaseForm, refusal: Refusal
) -> HttpResponse:
    """Says why nothing was released; what was typed stays."""
    form.ask_again(allocation.version)
    add_refusal(form, refusal)
    return release_page(request, allocation, form, status=refusal.status)


def released(form: ReleaseForm) -> str:
    """What was just done."""
    before, after = form.before_and_after
    sentence = ngettext(
        "%(seats)s seat is free from %(day)s.",
        "%(seats)s seats are free from %(day)s.",
        before - after,
    )
    return sentence % {
        "seats": formats.number(before - after),
        "day": formats.iso_day(form.cleaned_data["start"]),
    }

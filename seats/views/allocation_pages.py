"""What the pages of an allocation show: its own page, and the effect of each step before it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.requests import UserRequest
from foundation import clock
from park.axis import floor_of
from park.models import Building, Floor, Zone
from park.services import first_open_day
from seats.closures import free_after, rivals_of
from seats.forms.allocations import (
    AllocationForm,
    RunFormSet,
    floor_numbers,
    prefilled,
    typed_so_far,
)
from seats.history import history
from seats.holdings import Holding, Scope, count_seats, most_at_once, with_blocks
from seats.models import Allocation, SeatBlock
from seats.promises import broken_of
from seats.services.allocations import refuse_confirmed
from seats.services.refusals import SeatsTaken
from seats.services.steps import refuse_open_offer
from seats.views.allocation_acts import acts
from seats.wording import allocation_title, building_name, zone_name
from web import formats
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


def visible_or_404(pk: int, user: User) -> Allocation:
    """The allocation `pk` with its blocks and the people it names, if `user` may see it."""
    rows = with_blocks(Allocation.objects.visible_to(user))
    people = ("enterprise", "request__enterprise", "created_by")
    return get_object_or_404(rows.select_related(*people), pk=pk)


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
        **acts(allocation, holding, request.user),
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
    seats = most_at_once(allocation.blocks.all())
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

"""Putting several floors off at once: first whose promises break, then the deed."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from foundation import clock
from park.models import Building, Floor, Zone
from seats.forms.floors import FloorsDelayForm, mark_of
from seats.models import BrokenPromise
from seats.promises import affected, breaking
from seats.services import floors as services
from web import formats
from web.forms import add_refusal
from web.htmx import see_other
from web.refusals import Refusal
from web.sentences import in_one_paragraph


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.deliver_floor", raise_exception=True)
def floors_delay(request: UserRequest, code: str) -> HttpResponse:
    """Move the planned day of floors of a zone, a phase or a building at once."""
    zone = get_object_or_404(Zone, code=code)
    floors = _undelivered(zone)
    initial = _meant(request, floors)
    form = FloorsDelayForm(
        request.POST or None, initial=initial, today=clock.today(), floors=floors
    )
    context = {"zone": zone, "form": form, "rows": _by_building(form, floors)}
    if request.method == "GET" or not form.is_valid():
        return render(request, "place/floors_delay.html", context)
    promises = services.promises_broken_by(form.chosen, form.day)
    if not form.saw(promises):
        return render(request, "place/floors_delay.html", context | _effect(form, promises))
    return _moved(request, form, context)


def _undelivered(zone: Zone) -> list[Floor]:
    rows = Floor.objects.filter(building__zone=zone, delivered_on__isnull=True)
    rows = rows.select_related("building__zone", "building__phase")
    return sorted(rows, key=lambda floor: (floor.building.code.zfill(6), floor.level))


def _meant(request: UserRequest, floors: list[Floor]) -> dict[str, list[str]]:
    """The buildings that a link has ticked: those of a phase, or one."""
    phase, building = request.GET.get("phase", ""), request.GET.get("building", "")
    meant = {
        str(floor.building_id)
        for floor in floors
        if (phase and floor.building.phase and str(floor.building.phase.number) == phase)
        or (building and str(floor.building_id) == building)
    }
    return {"buildings": sorted(meant)}


class BuildingRow(NamedTuple):
    """A building with its floors to choose from; each says whether it is ticked."""

    building: Building
    is_ticked: bool
    floors: list[tuple[Floor, bool]]
    seats: int
    days: list[date]

    @property
    def is_partly_ticked(self) -> bool:
        return any(is_ticked for _floor, is_ticked in self.floors)


def _by_building(form: FloorsDelayForm, floors: list[Floor]) -> list[BuildingRow]:
    rows = []
    for building, group in groupby(floors, key=lambda floor: floor.building):
        own = list(group)
        rows.append(
            BuildingRow(
                building,
                form.is_ticked("buildings", building.pk),
                [(floor, form.is_ticked("floors", floor.pk)) for floor in own],
                sum(floor.seat_count for floor in own),
                sorted({floor.planned_on for floor in own if floor.planned_on}),
            )
        )
    return rows


def _effect(form: FloorsDelayForm, promises: list[Any]) -> dict[str, Any]:
    rows = affected(promises, form.day)
    return {
        "day": form.day,
        "chosen": form.chosen,
        "parts": form.parts,
        "seats_chosen": sum(floor.seat_count for floor in form.chosen),
        "promises": promises,
        "breaking": breaking(promises, form.day),
        "affected": rows,
        "affected_seats": sum(row.seats for row in rows),
        "affected_lost": sum(row.lost for row in rows),
        "seen": mark_of(promises),
    }


def _moved(request: UserRequest, form: FloorsDelayForm, context: dict[str, Any]) -> HttpResponse:
    """Do it, then show the list of what is broken; a refusal is said where the person is."""
    try:
        broken = services.delay_floors(
            floor_ids=[floor.pk for floor in form.chosen],
            planned_on=form.day,
            now=clock.now(),
            acting_user=request.user,
            seen=form.blocks_seen,
        )
    except Refusal as refusal:
        form.forget()
        add_refusal(form, refusal)
        return render(request, "place/floors_delay.html", context, status=refusal.status)
    messages.success(request, _done(form, broken))
    return see_other(request, _where_to_look(context["zone"], broken))


def _where_to_look(zone: Zone, broken: list[BrokenPromise]) -> str:
    """The list of what is broken, or the zone where nothing is."""
    if broken:
        return f"{reverse('seats:promise-list')}?zone={zone.code}"
    return reverse("place:zone-detail", args=[zone.code])


def _done(form: FloorsDelayForm, broken: list[BrokenPromise]) -> str:
    floors = len(form.chosen)
    words = {
        "floors": formats.number(floors),
        "count": formats.number(len(broken)),
        "day": formats.iso_day(form.day),
    }
    if form.day is None:
        moved = ngettext(
            "%(floors)s floor has no planned day now.",
            "%(floors)s floors have no planned day now.",
            floors,
        )
    else:
        moved = ngettext(
            "%(floors)s floor is planned for %(day)s now.",
            "%(floors)s floors are planned for %(day)s now.",
            floors,
        )
    told = _("No promise is broken.")
    if broken:
        told = ngettext(
            "%(count)s promise is broken and kept on record; its enterprise is told.",
            "%(count)s promises are broken and kept on record; their enterprises are told.",
            len(broken),
        )
    return in_one_paragraph([moved % words, told % words])

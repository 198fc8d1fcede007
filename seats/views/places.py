"""The place from above: zones, their buildings, their floors, and what is free in each."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from park.models import Building, Zone
from seats.forms.days import ChosenDay
from seats.place import floors_on
from seats.views import place_tables as tables
from seats.views.floor_maps import with_map
from seats.wording import building_name, vacant_title, zone_name
from web.htmx import page_or_fragment


@require_safe
@login_required
@permission_required("park.view_place", raise_exception=True)
def zone_list(request: UserRequest) -> HttpResponse:
    """Every zone on a day, and what they add up to."""
    on = ChosenDay(request.GET, clock.today())
    context = tables.table(floors_on(on.day, today=on.today), on, tables.zone_of)
    seats = context["total"].occupancy
    context["title"] = vacant_title(_("The park"), seats, on.day, on.today)
    return render(request, "place/zone_list.html", context)


@require_safe
@login_required
@permission_required("park.view_place", raise_exception=True)
def zone_detail(request: UserRequest, code: str) -> HttpResponse:
    """A zone's buildings on a day, and the runs that are free in it."""
    zone = get_object_or_404(Zone, code=code)
    on = ChosenDay(request.GET, clock.today())
    floors = [each for each in floors_on(on.day, today=on.today) if each.zone == code]
    context = tables.table(floors, on, tables.building_of, f"zone={code}") | {
        "zone": zone,
        "phases": zone.phases.order_by("number"),
        "undelivered_phases": {
            f.floor.building.phase_id for f in floors if f.floor.delivered_on is None
        },
        "others": zone.buildings.filter(floors=None).select_related("zone").order_by("code"),
        "free": tables.free_page(request, on, zone.code, floors),
    }
    seats = context["total"].occupancy
    context["title"] = vacant_title(zone_name(code), seats, on.day, on.today)
    return render(request, "place/zone_detail.html", context)


@require_safe
@login_required
@permission_required("park.view_place", raise_exception=True)
def building_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A building's floors on a day, and the runs that are free in it."""
    building = get_object_or_404(Building.objects.select_related("zone", "phase"), pk=pk)
    on = ChosenDay(request.GET, clock.today())
    floors = [f for f in floors_on(on.day, today=on.today) if f.floor.building_id == pk]
    context = tables.table(floors, on, tables.itself, f"building={pk}") | {
        "building": building,
        "free": tables.free_page(request, on, building.zone.code, floors),
    }
    seats = context["total"].occupancy
    context["title"] = vacant_title(building_name(building.label), seats, on.day, on.today)
    return render(request, "place/building_detail.html", context)


@require_safe
@login_required
@permission_required("park.view_place", raise_exception=True)
def floor_detail(request: UserRequest, pk: int) -> HttpResponse:
    """One floor on a day: its map, the same as a list, and the run of it that one chooses."""
    on = ChosenDay(request.GET, clock.today())
    found = next((f for f in floors_on(on.day, today=on.today) if f.floor.pk == pk), None)
    if found is None:
        raise Http404
    context = with_map(request, found, on, tables.floor_page(found, on, request.user))
    page, part = "place/floor_detail.html", "place/_selection_effect.html"
    return page_or_fragment(request, page, part, context)

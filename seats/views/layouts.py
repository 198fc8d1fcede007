"""Drawing how a floor's seats lie: first the map that it makes, then it is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from park import services
from park.layouts import NO_EDGES, Edges, layout
from park.models import Floor, FloorLayout
from seats.floor_drawing import draw
from seats.forms.layouts import EDGES, LayoutForm, initial_of
from seats.views.floor_maps import drawing_of
from web.forms import VersionMixin, add_refusal
from web.htmx import see_other
from web.refusals import Refusal


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("park.change_layout", raise_exception=True)
def floor_layout(request: UserRequest, pk: int) -> HttpResponse:
    """Draw a floor's layout, or take the default again; the map is shown before it is kept."""
    floor = get_object_or_404(Floor.objects.select_related("building__zone"), pk=pk)
    kept = FloorLayout.objects.filter(floor=floor).first()
    form = LayoutForm(request.POST or None, floor=floor, kept=kept)
    if request.method == "GET":
        return _asked(request, form)
    if "default" in request.POST:
        return _default_again(request, floor)
    if not form.is_valid() or not form.was_seen or "look" in request.POST:
        return _looked_at(request, form)
    return _kept(request, form)


def _asked(request: UserRequest, form: LayoutForm) -> HttpResponse:
    """The layout as it is; with `?default`, the default, to be taken again."""
    wants_default = "default" in request.GET and form.kept is not None
    context: dict[str, Any] = {
        "drawing": drawing_of(form.floor, None if wants_default else form.kept),
        "edges": form.kept.edges if form.kept and not wants_default else NO_EDGES,
        "asks_default": wants_default,
    }
    return _page(request, form, context)


def _looked_at(request: UserRequest, form: LayoutForm, status: int = 200) -> HttpResponse:
    """What was drawn, as the map that it makes; what is wrong with it, beside the field."""
    if not form.is_valid():
        return _page(request, form, {}, status)
    form.carry(seen=form.mark)
    edges = Edges(*(form.cleaned_data[name] for name in EDGES))
    drawn = layout(form.floor.seat_count, form.rows, form.drawn["numbering"])
    context = {"drawing": draw(drawn, edges), "edges": edges, "may_keep": True}
    return _page(request, form, context, status)


def _kept(request: UserRequest, form: LayoutForm) -> HttpResponse:
    """Keep what was drawn and seen."""
    try:
        services.save_layout(
            floor_id=form.floor.pk,
            cells=form.cleaned_data["cells"],
            acting_user=request.user,
            expected_version=form.expected_version,
            **form.drawn,
        )
    except Refusal as refusal:
        return _refused(request, form, refusal)
    messages.success(request, _("The layout of %(floor)s is kept.") % {"floor": form.floor.label})
    return see_other(request, reverse("place:floor-detail", args=[form.floor.pk]))


def _default_again(request: UserRequest, floor: Floor) -> HttpResponse:
    """Take the default again; if it was drawn anew meanwhile, that is shown first."""
    typed = VersionMixin(request.POST)
    try:
        services.save_layout(
            floor_id=floor.pk,
            cells="",
            acting_user=request.user,
            expected_version=typed.expected_version if typed.is_valid() else None,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return see_other(request, reverse("place:floor-layout", args=[floor.pk]))
    words = {"floor": floor.label}
    messages.success(request, _("%(floor)s has the default layout again.") % words)
    return see_other(request, reverse("place:floor-detail", args=[floor.pk]))


def _refused(request: UserRequest, form: LayoutForm, refusal: Refusal) -> HttpResponse:
    """Says why it was not kept; what was drawn stays, and is to be looked at once more."""
    kept = FloorLayout.objects.filter(floor=form.floor).first()
    form.carry(seen="", version=str(initial_of(form.floor, kept)["version"]))
    add_refusal(form, refusal)
    context = {"drawing": drawing_of(form.floor, kept), "edges": kept.edges if kept else NO_EDGES}
    return _page(request, form, context, refusal.status)


def _page(
    request: UserRequest, form: LayoutForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context |= {"form": form, "floor": form.floor, "kept": form.kept}
    return render(request, "place/floor_layout.html", context, status=status)

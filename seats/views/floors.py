"""Handing a floor over and putting it off: first the effect, then the deed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

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
from foundation.models import Setting
from foundation.services.settings import setting
from park.models import Floor
from seats.forms.floors import DelayForm, DeliverForm, MoveForm, mark_of
from seats.promises import breaking
from seats.services import floors as services
from web import formats
from web.forms import add_refusal
from web.htmx import see_other
from web.refusals import Refusal


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.deliver_floor", raise_exception=True)
def floor_deliver(request: UserRequest, pk: int) -> HttpResponse:
    """Hand a floor over: from its day on, seats can be contracted."""
    floor = _floor(pk)
    initial = {"day_given": clock.today(), "version": floor.version}
    form = DeliverForm(request.POST or None, initial=initial, today=clock.today())

    def deliver(day: date, version: int | None) -> str:
        services.deliver_floor(
            floor_id=pk, day=day, seen=form.blocks_seen, **_who(request, version)
        )
        return _("%(floor)s is handed over.") % {"floor": floor.label}

    return _moved(request, floor, form, deliver, "place/floor_deliver.html")


@require_http_methods(["GET", "POST"])
@login_required
@permission_required("seats.deliver_floor", raise_exception=True)
def floor_delay(request: UserRequest, pk: int) -> HttpResponse:
    """Put a floor off: which promises that breaks is shown before it is confirmed."""
    floor = _floor(pk)
    form = DelayForm(request.POST or None, initial={"version": floor.version}, today=clock.today())

    def delay(day: date | None, version: int | None) -> str:
        broken = services.delay_floor(
            floor_id=pk, planned_on=day, seen=form.blocks_seen, **_who(request, version)
        )
        return _put_off(floor, day, len(broken))

    return _moved(request, floor, form, delay, "place/floor_delay.html")


def _who(request: UserRequest, version: int | None) -> dict[str, Any]:
    return {"now": clock.now(), "acting_user": request.user, "expected_version": version}


def _put_off(floor: Floor, day: date | None, broken: int) -> str:
    words = {
        "floor": floor.label,
        "count": formats.number(broken),
        "day": formats.iso_day(day),
    }
    if day is not None and (floor.planned_on is None or day < floor.planned_on):
        return _("%(floor)s is planned for %(day)s now. No promise is broken.") % words
    if not broken:
        return _("%(floor)s is put off. No promise is broken.") % words
    return (
        ngettext(
            "%(floor)s is put off. %(count)s promise is broken and kept on record.",
            "%(floor)s is put off. %(count)s promises are broken and kept on record.",
            broken,
        )
        % words
    )


def _floor(pk: int) -> Floor:
    return get_object_or_404(Floor.objects.select_related("building__zone"), pk=pk)


def _moved(
    request: UserRequest,
    floor: Floor,
    form: MoveForm,
    move: Callable[[Any, int | None], str],
    template: str,
) -> HttpResponse:
    """Ask for the day, show the effect, then do it."""
    context: dict[str, Any] = {"floor": floor, "form": form}
    if request.method == "POST" and form.is_valid():
        promises = services.promises_broken_by([floor], form.day)
        if form.saw(promises):
            try:
                messages.success(request, move(form.day, form.expected_version))
            except Refusal as refusal:
                floor.refresh_from_db()
                form.ask_again(floor.version)
                add_refusal(form, refusal)
                return render(request, template, context, status=refusal.status)
            return see_other(request, reverse("place:floor-detail", args=[floor.pk]))
        context |= _effect(floor, form, promises)
    return render(request, template, context)


def _effect(floor: Floor, form: MoveForm, promises: list[Any]) -> dict[str, Any]:
    waiting = floor.blocks.real().filter(allocation__expires_at=None).count()
    last_day = (form.day or form.today) + timedelta(days=setting(Setting.Name.PRESELECTION_DAYS))
    return {
        "day": form.day,
        "promises": promises,
        "breaking": breaking(promises, form.day),
        "seen": mark_of(promises),
        "waiting": waiting,
        "waiting_until": last_day,
    }

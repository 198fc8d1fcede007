"""Ends ahead: what ends within 30, 60 and 90 days, how long what is vacant has been so."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from seats.ends import EVERYWHERE, HORIZONS, Horizon, endings, horizons, tenancies_ending
from seats.forms.ends import EndsFilter
from seats.vacancy import days_ahead, in_all, longest_runs, vacancy_by_age
from web import formats
from web.pagination import Page


@require_safe
@login_required
@permission_required("seats.view_occupancy", raise_exception=True)
def ends(request: UserRequest) -> HttpResponse:
    """What ends soon, run by run; vacancy by age; the longest vacant run of each building."""
    today, form = clock.today(), EndsFilter(request.GET)
    part = form.part
    within = horizons(endings(today, HORIZONS[-1], part), today, part)
    chosen = next(horizon for horizon in within if horizon.days == form.days)
    context = _vacant(form, today) | {
        "form": form,
        "title": _title(chosen),
        "horizons": within,
        "chosen": chosen,
        "page": Page(request, chosen.endings),
        "tenancies": tenancies_ending(today, form.days) if part == EVERYWHERE else [],
    }
    return render(request, "seats/ends.html", context)


def _vacant(form: EndsFilter, today: date) -> dict[str, Any]:
    """For how long vacant seats have been so, and the longest runs of the buildings."""
    vacancy = vacancy_by_age(today, form.part)
    return {
        "vacancy": vacancy,
        "vacancy_total": in_all(vacancy),
        "days": days_ahead(today),
        "longest": longest_runs(today, form.part, form.chosen_buildings).items(),
    }


def _title(horizon: Horizon) -> str:
    """90 天内到期 334 席."""
    sentence = ngettext(
        "%(seats)s seat comes free within %(days)d days",
        "%(seats)s seats come free within %(days)d days",
        horizon.seats,
    )
    if not horizon.seats:
        sentence = _("Nothing ends within %(days)d days")
    return sentence % {"seats": formats.number(horizon.seats), "days": horizon.days}

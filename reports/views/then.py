"""An issued report beside what is known today."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from foundation import clock
from foundation.months import month_of
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportKind
from reports.then_and_now import ThenAndNow
from reports.today import Today
from web import formats
from web.pagination import Page


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def report_today(request: UserRequest, pk: int) -> HttpResponse:
    """An issued report: as issued, as its tables would be today, and what was recorded since.

    Of an occupancy report also its last day, floor by floor.
    """
    reports = MonthlyReport.objects.visible_to(request.user).issued()
    tabled = [kind for kind, described in KINDS.items() if described.tables]
    report = get_object_or_404(reports.filter(kind__in=tabled), pk=pk)
    today = Today(report, request.user)
    context = {
        "report": report,
        "today": today,
        "causes": Page(request, list(enumerate(today.causes, 1))),
        "cells": Page(request, today.differing, parameter="cells"),
    }
    if report.kind == ReportKind.OCCUPANCY:
        beside = ThenAndNow(report, request.user, today=clock.today())
        context |= {"beside": beside, "floors": Page(request, beside.floors, parameter="floors")}
        context |= {"deeds": Page(request, beside.deeds, parameter="deeds")}
    return render(request, "reports/report_today.html", context)


@require_safe
@login_required
@permission_required("reports.view_monthlyreport", raise_exception=True)
def report_on(request: UserRequest, day: str) -> HttpResponse:
    """The edition that counts for the month of a day; to its page beside today."""
    month = month_of(_day(day))
    reports = MonthlyReport.objects.visible_to(request.user).current()
    report = reports.filter(kind=ReportKind.OCCUPANCY, month=month).only("pk").first()
    if report is not None:
        return redirect("reports:report-today", pk=report.pk)
    said = _("No occupancy report of %(month)s is issued.") % {"month": formats.month(month)}
    messages.info(request, said)
    return redirect("reports:report-list")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None

"""Asking for a report: by a person, or by beat when one is due."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from foundation.models import Job
from foundation.months import add_months, format_month, month_of, next_month
from foundation.services.jobs import enqueue
from park.axis import FIRST_DAY
from park.models import Floor, ReportingMonth
from reports.models import MonthlyReport, ReportKind
from web.refusals import Invalid

BUILD = "reports.build"


def request_report(
    *, kind: str, month: date, owner: User | None, now: datetime, today: date
) -> Job:
    """Have the open draft of `kind` and `month` made, or made again. One such job at a time.

    Raises `Invalid` unless the month is over.
    """
    if kind not in ReportKind.values:
        raise Invalid({"kind": _("There is no such report.")})
    if month.day != 1 or month < FIRST_DAY:
        raise Invalid({"month": _("Give a month from January 1990 on.")})
    if next_month(month) > today:
        raise Invalid({"month": _("%(month)s is not over yet.") % {"month": format_month(month)}})
    return enqueue(
        kind=BUILD,
        key=f"{kind}/{format_month(month)}",
        arguments={"kind": str(kind), "month": format_month(month)},
        owner=owner,
    )


def draft_due_reports(*, today: date, now: datetime) -> list[Job]:
    """Ask for last month's reports: occupancy at once, output when the month is closed.

    What exists is not made again, so this can run every night and makes up for missed ones.
    """
    month = add_months(month_of(today), -1)
    if not Floor.objects.exists():
        return []
    due = {ReportKind.OCCUPANCY}
    if ReportingMonth.objects.closed().filter(month=month).exists():
        due.add(ReportKind.OUTPUT)
    made = set(MonthlyReport.objects.filter(month=month).values_list("kind", flat=True))
    return [
        request_report(kind=kind, month=month, owner=None, now=now, today=today)
        for kind in ReportKind
        if kind in due and kind not in made
    ]

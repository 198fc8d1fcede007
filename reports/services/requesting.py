"""Asking for a report: by a person, or by beat when one is due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.models import Job
from foundation.months import (
    add_months,
    format_month,
    month_of,
    months_between,
    next_month,
    parse_month,
)
from foundation.services.jobs import enqueue
from park.axis import FIRST_DAY
from park.models import Floor, ReportingMonth
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportKind, ReportState
from web import formats
from web.refusals import Invalid

BUILD = "reports.build"
FIRST_WAIT = timedelta(minutes=5)
MOST_TRIES = 6  # in a row; then somebody has to look, and the night asks once more


def request_report(
    *,
    kind: str,
    month: date,
    owner: User | None,
    now: datetime,
    today: date,
    tells: bool = True,
) -> Job:
    """Have the open draft of `kind` and `month` made, or made again. One such job at a time.

    `tells`: whether a message says when it is there. Raises `Invalid` unless the month is over.
    """
    if kind not in ReportKind.values:
        raise Invalid({"kind": _("There is no such report.")})
    if month.day != 1 or month < FIRST_DAY:
        raise Invalid({"month": _("Give a month from January 1990 on.")})
    if next_month(month) > today:
        raise Invalid({"month": _("%(month)s is not over yet.") % {"month": formats.month(month)}})
    return enqueue(
        kind=BUILD,
        key=f"{kind}/{format_month(month)}",
        arguments={
            "kind": str(kind),
            "month": format_month(month),
            **({} if tells else {"tells": False}),
        },
        owner=owner,
    )


def request_month(*, month: date, owner: User | None, now: datetime, today: date) -> list[Job]:
    """Have a draft made of every kind of which the month has no report. Raises `Invalid`.

    The text comes last: it tells of the others, and one message says that all of them are there.
    """
    there = set(MonthlyReport.objects.filter(month=month).values_list("kind", flat=True))
    missing = [kind for kind in KINDS if kind not in there]
    who = {"month": month, "owner": owner, "now": now, "today": today}
    return [
        request_report(kind=kind, tells=kind == missing[-1], **who)  # type: ignore[arg-type]
        for kind in missing
    ]


def draft_due_reports(*, today: date, now: datetime) -> list[Job]:
    """Ask for every report that is due: when its month is over, or once that is closed.

    Due are the months since the last report of a kind; without one, last month. A draft from before
    its month was closed is made again. So this can run every night and makes up for missed ones.
    """
    if not Floor.objects.exists():
        return []
    last_month = add_months(month_of(today), -1)
    return [
        request_report(kind=kind, month=month, owner=None, now=now, today=today)
        for kind in ReportKind
        for month in sorted({*_missing(kind, last_month), *_drafted_before_closing(kind)})
    ]


class FailedBuild(NamedTuple):
    """A report that could not be made: the last job for it, and how many in a row have failed."""

    job: Job
    kind: ReportKind
    month: date
    tries: int

    @property
    def retry_at(self) -> datetime | None:
        """When it is tried again by itself; None: it is not."""
        if self.tries >= MOST_TRIES or self.job.finished_at is None:
            return None
        return self.job.finished_at + FIRST_WAIT * 2 ** (self.tries - 1)


def failed_builds() -> list[FailedBuild]:
    """The reports whose last job has failed, the latest failure first."""
    later = Job.objects.filter(kind=BUILD, key=OuterRef("key"), pk__gt=OuterRef("pk"))
    last = Job.objects.filter(kind=BUILD, state=Job.State.FAILED).exclude(Exists(later))
    found = []
    for job in last.order_by("-finished_at"):
        month = parse_month(job.arguments["month"])
        if month is not None and job.arguments["kind"] in ReportKind.values:
            kind = ReportKind(job.arguments["kind"])
            found.append(FailedBuild(job, kind, month, _failures_in_a_row(job)))
    return found


def _failures_in_a_row(job: Job) -> int:
    of_it = Job.objects.filter(kind=BUILD, key=job.key)
    done = of_it.filter(state=Job.State.DONE).aggregate(last=Max("pk"))["last"] or 0
    return of_it.filter(state=Job.State.FAILED, pk__gt=done).count()


def retry_failed_builds(*, now: datetime, today: date) -> list[Job]:
    """Ask again for what could not be made, each time after twice as long.

    The open draft is made, or made again: however often it is tried there is one.
    """
    return [
        request_report(kind=one.kind, month=one.month, owner=None, now=now, today=today)
        for one in failed_builds()
        if one.retry_at is not None and one.retry_at <= now
    ]


def _missing(kind: ReportKind, last_month: date) -> list[date]:
    """The months without a report of `kind`, from after its last one on."""
    last = MonthlyReport.objects.filter(kind=kind).aggregate(last=Max("month"))["last"]
    months = list(months_between(next_month(last) if last else last_month, last_month))
    if not KINDS[kind].waits_for_closing:
        return months
    closed = ReportingMonth.objects.closed().filter(month__in=months)
    return list(closed.values_list("month", flat=True))


def _drafted_before_closing(kind: ReportKind) -> list[date]:
    """The months whose draft does not know with what they were closed."""
    closed_since = ReportingMonth.objects.closed().filter(
        month=OuterRef("month"), closed_at__gt=OuterRef("data_as_of")
    )
    drafts = MonthlyReport.objects.filter(kind=kind, state=ReportState.DRAFT)
    return list(drafts.filter(Exists(closed_since)).values_list("month", flat=True))

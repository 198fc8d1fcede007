"""What the worker does for the sample: its reports, one after the other, each issued once."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from foundation import clock
from foundation.months import parse_month
from foundation.services.jobs import Progress, handles
from reports.models import MonthlyReport, ReportKind
from reports.services.building import build_report
from reports.services.issuing import NotADraft, ReportOutdated, issue_report
from reports.services.month_files import request_month_files
from reports.services.telling import TablesNotIssued
from sample.reporting import REPORTS_JOB, whole_months
from web.refusals import Stale


class _PartOfTheJob(Progress):
    """The same job, for one of its reports: lost if the job is, but its steps are not the job's."""

    def tell(self, done: int, total: int, message: str = "", **parameters: int | str) -> None:
        """Say nothing: the job counts reports."""

    def end(self, result: dict[str, Any]) -> None:
        """Go on: the job ends with its last report."""


@handles(REPORTS_JOB)
def issue_reports(progress: Progress) -> dict[str, Any]:
    """Make and issue the reports of the job's arguments in their order.

    A worker that takes the job over goes on where the last one stopped: what is issued stays.
    """
    wanted = progress.arguments["reports"]
    for done, (kind, month) in enumerate(wanted):
        progress.tell(done, len(wanted), gettext_noop("Reports for %(month)s"), month=month)
        _issue(progress, ReportKind(kind), month)
    for month in whole_months(wanted):
        _ask_for_files(progress, month)
    return {"reports": len(wanted)}


def _ask_for_files(progress: Progress, written: str) -> None:
    """Have the files of a month put together, by a job of their own."""
    month = parse_month(written)
    if month is not None:
        request_month_files(month=month, with_drafts=False, owner=progress.job.owner)


def _issue(progress: Progress, kind: ReportKind, written: str) -> None:
    month, owner = parse_month(written), progress.job.owner
    if month is None or owner is None:
        raise ValueError(f"{written} by {owner}")
    if MonthlyReport.objects.issued().filter(kind=kind, month=month).exists():
        return
    part = _PartOfTheJob(progress.job)
    draft = build_report(kind=kind, month=month, now=clock.now(), owner=owner, progress=part)
    if draft.revision == 1:
        _issue_draft(progress, draft, owner)


def _issue_draft(progress: Progress, draft: MonthlyReport, owner: User) -> None:
    """Issue it, unless somebody has done so, or the data have changed: then a person decides."""
    with transaction.atomic():
        progress.confirm()
    try:
        issue_report(
            report_id=draft.pk,
            now=clock.now(),
            acting_user=owner,
            expected_version=draft.version,
            with_month_files=False,
        )
    except (NotADraft, ReportOutdated, Stale, TablesNotIssued):
        return

"""What the worker does for reports."""

from typing import Any

from celery import shared_task

from accounts.models import User
from accounts.permissions import ROLE_PERMISSIONS
from foundation import clock
from foundation.months import parse_month
from foundation.services.jobs import Progress, handles
from reports import services
from reports.exports.periods import Period
from reports.kinds import KINDS
from reports.models import ReportKind
from reports.services.agreement import compare_issued
from reports.services.building import build_report
from reports.services.delivering import deliver_due
from reports.services.exporting import EXPORT, build_export, delete_old_files
from reports.services.month_files import BUNDLE, put_together
from reports.services.requesting import BUILD
from tenants.models import Enterprise

ISSUE = "reports.issue_monthlyreport"


@handles(BUILD)
def build(progress: Progress) -> dict[str, Any]:
    """Make the draft that was asked for, and tell who asked; those who issue if nobody did.

    Of a whole month's drafts they are told of the first and the last, not of each.
    """
    owner, kind = progress.job.owner, ReportKind(progress.arguments["kind"])
    told = [owner] if owner else _issuers() if KINDS[kind].announces_itself else []
    month = parse_month(progress.arguments["month"])
    assert month is not None  # noqa: S101 — it was a month when the job was written
    report = build_report(
        kind=kind,
        month=month,
        now=clock.now(),
        owner=owner,
        progress=progress,
        readers=told if progress.arguments.get("tells", True) else [],
    )
    return {"report": report.pk}


@handles(EXPORT)
def export(progress: Progress) -> dict[str, Any]:
    """Make the workbook that was asked for."""
    told, owner = progress.arguments, progress.job.owner
    first, last = parse_month(told["first"]), parse_month(told["last"])
    assert first and last and owner  # noqa: S101, PT018 — so the job was written
    made = build_export(
        kind=told["kind"],
        period=Period(first, last),
        enterprise=Enterprise.objects.filter(pk=told["enterprise"]).first(),
        owner=owner,
        now=clock.now(),
        today=clock.today(),
        progress=progress,
    )
    return {"export": made.pk}


@handles(BUNDLE)
def bundle(progress: Progress) -> dict[str, Any]:
    """Put the files of a whole month together."""
    month = parse_month(progress.arguments["month"])
    assert month is not None  # noqa: S101 — it was a month when the job was written
    files = put_together(
        month=month,
        with_drafts=progress.arguments["drafts"],
        now=clock.now(),
        owner=progress.job.owner,
        progress=progress,
    )
    return {"files": [file.pk for file in files]}


def _issuers() -> list[User]:
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if ISSUE in permissions]
    return list(User.objects.filter(roles__overlap=roles, is_active=True).order_by("pk"))


@shared_task
def draft_due_reports() -> None:
    """Ask for reports as soon as they are due."""
    services.draft_due_reports(today=clock.today(), now=clock.now())


@shared_task
def retry_failed_builds() -> None:
    """Ask again for reports that could not be made."""
    services.retry_failed_builds(today=clock.today(), now=clock.now())


@shared_task
def deliver_subscriptions() -> None:
    """Tell subscribers of what was issued."""
    deliver_due(now=clock.now())


@shared_task
def delete_old_exports() -> None:
    """Take away the files of exports that are a day old."""
    delete_old_files(now=clock.now())


@shared_task
def compare_issued_reports() -> None:
    """Find the issued reports that corrections have overtaken."""
    compare_issued(now=clock.now(), readers=_issuers())

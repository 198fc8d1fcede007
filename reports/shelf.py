"""The reports that a person may read, and those that are being made."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from foundation.models import Job
from foundation.months import parse_month
from reports.models import (
    MonthlyReport,
    MonthlyReportQuerySet,
    ReportFile,
    ReportKind,
    ReportState,
)
from reports.services.requesting import BUILD, FailedBuild, failed_builds


class Shelf:
    """Reports by month, the newest first; of a kind, or all. What was restated stands behind."""

    def __init__(self, user: User, kind: str = "") -> None:
        self.user = user
        self.kind = kind if kind in ReportKind.values else ""
        self.kinds = ReportKind

    @property
    def reports(self) -> QuerySet[MonthlyReport]:
        chosen = self._visible.filter(kind=self.kind) if self.kind else self._visible
        return (
            chosen.exclude(state=ReportState.RESTATED)
            .with_restatement_due()
            .defer("content", "facts")
            .select_related("issued_by")
            .prefetch_related(Prefetch("files", ReportFile.objects.for_reader(self.user)))
            .in_order()
        )

    @cached_property
    def drafts(self) -> int:
        """How many wait to be issued."""
        return self._visible.filter(state=ReportState.DRAFT).count()

    @cached_property
    def latest(self) -> MonthlyReport | None:
        """The last month for which something is issued."""
        issued = self._visible.current().in_order()
        return issued.only("kind", "month").first()

    @cached_property
    def jobs(self) -> list[tuple[Job, date | None]]:
        """What the worker is making now, or will, each with its month."""
        jobs = Job.objects.visible_to(self.user).filter(kind=BUILD).unfinished()
        return [(job, parse_month(job.arguments["month"])) for job in jobs.order_by("-pk")]

    @cached_property
    def failed(self) -> list[FailedBuild]:
        """What could not be made; for those who can have it made again."""
        return failed_builds() if self.user.has_perm("reports.build_monthlyreport") else []

    @property
    def _visible(self) -> MonthlyReportQuerySet:
        return MonthlyReport.objects.visible_to(self.user)

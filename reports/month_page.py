"""A month with all its reports: what is issued, what waits, what is missing, and its files."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Prefetch

from accounts.models import User
from foundation.models import Job
from foundation.months import add_months, format_month, next_month
from park.models import ReportingMonth
from reports.kinds import KINDS, Kind
from reports.models import (
    FileFormat,
    MonthFile,
    MonthlyReport,
    ReportFile,
    ReportKind,
    ReportState,
)
from reports.services.month_files import BUNDLE, composition_of, editions_in
from reports.services.requesting import BUILD
from returns.models import MonthlyReturn
from returns.owing import owing

NOT_MADE, BEING_MADE, DRAFT, ISSUED, DUE = "not_made", "being_made", "draft", "issued", "due"


class MonthLine(NamedTuple):
    """A kind of report in a month: its valid edition, its draft, the work on one."""

    kind: Kind
    issued: MonthlyReport | None
    draft: MonthlyReport | None
    job: Job | None

    @property
    def state(self) -> str:
        """Where it is: what is valid comes first, then what is on the way."""
        if self.issued is not None:
            return DUE if self.issued.restatement_due else ISSUED  # type: ignore[attr-defined]
        if self.draft is not None:
            return DRAFT
        return BEING_MADE if self.job is not None else NOT_MADE

    @property
    def report(self) -> MonthlyReport | None:
        """What one reads of it."""
        return self.issued or self.draft


class Within(NamedTuple):
    """An edition that is in a file."""

    label: str
    revision: int


class MonthFiles(NamedTuple):
    """The files of the month: those that say what is said now, or are about to be made."""

    files: list[MonthFile]
    job: Job | None
    is_there_anything: bool

    @property
    def editions(self) -> list[Within]:
        """Which editions are in them."""
        held = self.files[0].editions if self.files else []
        return [Within(str(ReportKind(one["kind"]).label), one["revision"]) for one in held]


class MonthPage:
    """What the page of a month shows to `user`, in a fixed number of queries."""

    def __init__(self, month: date, user: User, *, today: date) -> None:
        self.month = month
        self.user = user
        self.today = today
        self.sees_drafts = user.has_perm("reports.view_draft")

    @property
    def is_over(self) -> bool:
        return next_month(self.month) <= self.today

    @property
    def before(self) -> date:
        return add_months(self.month, -1)

    @property
    def after(self) -> date | None:
        """The month after it, if that is over, too."""
        after = next_month(self.month)
        return after if next_month(after) <= self.today else None

    @cached_property
    def lines(self) -> list[MonthLine]:
        return [
            MonthLine(
                kind,
                self._editions.get((code, ReportState.ISSUED)),
                self._editions.get((code, ReportState.DRAFT)),
                self._jobs.get(f"{code}/{format_month(self.month)}"),
            )
            for code, kind in KINDS.items()
        ]

    @property
    def drafts(self) -> list[MonthlyReport]:
        """What could be issued, in the order in which it would be."""
        return [line.draft for line in self.lines if line.draft is not None]

    @property
    def missing(self) -> list[MonthLine]:
        """The kinds of which there is nothing, nor is anything being made."""
        return [line for line in self.lines if line.state == NOT_MADE]

    @property
    def issued(self) -> list[MonthLine]:
        return [line for line in self.lines if line.issued is not None]

    @cached_property
    def filing(self) -> tuple[int, int]:
        """How many returns are filed of how many, as of now."""
        expected = owing([self.month])[self.month]
        filed = MonthlyReturn.objects.filed().filter(month=self.month).count()
        return filed, len(expected)

    @cached_property
    def closing(self) -> ReportingMonth | None:
        return ReportingMonth.objects.filter(month=self.month).first()

    @cached_property
    def issued_files(self) -> MonthFiles:
        """Of issued editions: what everybody gets."""
        return self._files(with_drafts=False)

    @cached_property
    def draft_files(self) -> MonthFiles:
        """With drafts in it, for looking through."""
        return self._files(with_drafts=True)

    def _files(self, *, with_drafts: bool) -> MonthFiles:
        states = [ReportState.ISSUED, *([ReportState.DRAFT] if with_drafts else [])]
        editions = [one for (_kind, state), one in self._editions.items() if state in states]
        latest: dict[str, MonthlyReport] = {}
        for one in sorted(editions, key=lambda one: one.revision):
            latest[one.kind] = one
        composition = composition_of([latest[kind] for kind in KINDS if kind in latest])
        formats = FileFormat.values
        return MonthFiles(
            sorted(
                (file for file in self._every_file if file.composition == composition),
                key=lambda file: formats.index(file.format),
            ),
            self._jobs.get(f"{format_month(self.month)}/{'drafts' if with_drafts else 'issued'}"),
            bool(latest),
        )

    @cached_property
    def _every_file(self) -> list[MonthFile]:
        return list(MonthFile.objects.visible_to(self.user).filter(month=self.month))

    @cached_property
    def _editions(self) -> dict[tuple[str, str], MonthlyReport]:
        editions = (
            MonthlyReport.objects.visible_to(self.user)
            .filter(month=self.month)
            .exclude(state=ReportState.RESTATED)
            .with_restatement_due()
            .defer("content", "facts")
            .select_related("issued_by")
            .prefetch_related(Prefetch("files", ReportFile.objects.for_reader(self.user)))
        )
        return {(report.kind, report.state): report for report in editions}

    @cached_property
    def _jobs(self) -> dict[str, Job]:
        """What the worker is making of this month, by its key."""
        jobs = Job.objects.unfinished().filter(
            kind__in=[BUILD, BUNDLE], arguments__month=format_month(self.month)
        )
        return {job.key: job for job in jobs}


def month_file(month: date, user: User, form: str, *, with_drafts: bool) -> MonthFile | None:
    """The file of a month that says what is said now, if it is made and `user` may have it."""
    composition = composition_of(editions_in(month, with_drafts=with_drafts))
    files = MonthFile.objects.visible_to(user).filter(month=month, composition=composition)
    return files.filter(format=form).first()

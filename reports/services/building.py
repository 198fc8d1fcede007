"""Making a draft: figures from one snapshot, tables, files. Only the worker imports this."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.models import User
from foundation.services.jobs import Progress
from foundation.services.messages import tell
from foundation.versions import save_next_version
from reports.assembly import assemble
from reports.display import Edition
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportKind, ReportState
from reports.services.editions import (
    content_before,
    open_revision,
    render,
    replace_files,
    reports_locked,
)
from reports.services.snapshots import Snapshot, take_snapshot
from reports.services.telling import Told
from web import formats

STEPS = 4  # figures, tables, files, kept


def build_report(
    *,
    kind: ReportKind,
    month: date,
    now: datetime,
    owner: User | None,
    progress: Progress | None = None,
    readers: Iterable[User] = (),
) -> MonthlyReport:
    """Make the open draft of `kind` and `month`, or make it again from today's data.

    `readers` are told when it is there. Raises `JobLostError` if `progress` was taken over.
    """
    snapshot = take_snapshot(kind, month)
    _show(progress, 1, snapshot)
    assembled = assemble(kind, month, snapshot.facts)
    assembled |= {**snapshot.head, "filing": snapshot.filing}
    _show(progress, 2, snapshot)
    while True:
        revision = open_revision(kind, month)
        told = Told(kind, month)
        content = {**assembled, **told.content(), **snapshot.beside}
        edition = Edition(kind, month, revision, now)
        files = render(edition, content, content_before(edition))
        _show(progress, 3, snapshot)
        with reports_locked(owner):
            if open_revision(kind, month) != revision or told.is_overtaken():
                continue  # issued meanwhile: this becomes the one after it; or written in
            if progress is not None:
                progress.confirm()
            report = _write(kind, month, revision, _figures(snapshot, content, now))
            replace_files(report, files)
            _tell(readers, report)
            if progress is not None:
                progress.end({"report": report.pk})
            return report


def _figures(snapshot: Snapshot, content: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "content": content,
        "facts": snapshot.frozen(),
        "has_sample": content["has_sample"],
        "filed": snapshot.filed,
        "expected": snapshot.expected,
        "data_as_of": now,
    }


def _write(kind: ReportKind, month: date, revision: int, figures: dict[str, Any]) -> MonthlyReport:
    draft = (
        MonthlyReport.objects.select_for_update()
        .filter(kind=kind, month=month, state=ReportState.DRAFT)
        .first()
    )
    if draft is None:
        return MonthlyReport.objects.create(kind=kind, month=month, revision=revision, **figures)
    for name, value in figures.items():
        setattr(draft, name, value)
    save_next_version(draft, list(figures))
    return draft


def _show(progress: Progress | None, done: int, snapshot: Snapshot) -> None:
    if progress is not None:
        said = gettext_noop("%(filed)d of %(expected)d returns filed")
        progress.tell(done, STEPS, said, filed=snapshot.filed, expected=snapshot.expected)


def _tell(readers: Iterable[User], report: MonthlyReport) -> None:
    kind = KINDS[report.kind]
    tell(
        people=readers,
        subject=kind.draft_subject,
        body=gettext_noop(
            "Edition %(revision)d for %(month)s is ready to be looked through and issued. "
            "%(filed)d of %(expected)d returns are filed."
        ),
        url=reverse("reports:report-detail", args=[report.pk]),
        parameters={
            "month": formats.lazy_month(report.month),
            "report": kind.code.label,
            "revision": report.revision,
            "filed": report.filed,
            "expected": report.expected,
        },
    )

"""Whether issued editions still say what the data say. Only the worker imports this.

A month may be corrected after a report of it was issued: before it is closed, or while it is open
again. The edition stays as it is; that another is due must not depend on somebody remembering it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.models import User
from foundation.services.messages import tell
from foundation.versions import locked, save_next_version
from park.models import ReportingMonth
from reports.assembly import assemble
from reports.comparing import Cell, cells_of
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportKind
from reports.services.editions import reports_locked
from reports.services.snapshots import take_snapshot
from reports.services.target_rows import has_other_targets
from reports.services.telling import is_told_otherwise
from reports.tables import months_needed
from reports.targets import target_months
from web import formats


def compare_issued(*, now: datetime, readers: Iterable[User] = ()) -> None:
    """Note of every valid edition since when the data differ from it, or that they do not.

    `readers` are told of those that differ from now on.
    """
    closed = dict(ReportingMonth.objects.closed().values_list("month", "closed_at"))
    for report in MonthlyReport.objects.current().defer("facts").order_by("pk"):
        if KINDS[report.kind].is_text:
            differs = is_told_otherwise(report)
        elif not _was_open(report, closed, _months_of(report)):
            continue
        elif report.kind == ReportKind.TARGETS:
            differs = has_other_targets(report, report.filed)
        else:
            differs = _differs(report)
        if differs != (report.outdated_at is not None):
            _note(report, now if differs else None, readers)


def _months_of(report: MonthlyReport) -> Iterable[date]:
    """Every month that it shows, or that its figures are made of."""
    if report.kind == ReportKind.TARGETS:
        return target_months(report.month)
    return chain.from_iterable(months_needed(KINDS[report.kind].tables, report.month).values())


def _was_open(
    report: MonthlyReport, closed: Mapping[date, datetime], months: Iterable[date]
) -> bool:
    """Whether any of `months` was open at some time since it was issued."""
    issued_at = report.issued_at or report.data_as_of
    return any(month not in closed or closed[month] > issued_at for month in months)


def _differs(report: MonthlyReport) -> bool:
    """Whether any figure would be another today. Names do not matter."""
    kind = ReportKind(report.kind)
    facts = take_snapshot(kind, report.month).facts
    issued, today = _figures(report.content), _figures(assemble(kind, report.month, facts))
    shown = {(table, column) for table, _row, column in issued}
    return any(
        issued.get(cell) != today.get(cell)
        for cell in {*issued, *today}
        if (cell[0], cell[2]) in shown  # what later releases add, it never said
    )


def _figures(content: Mapping[str, Any]) -> dict[Cell, int | str]:
    """Every figure of a report that is known and not nought."""
    return {place: cell for place, cell in cells_of(content) if cell}


def _note(report: MonthlyReport, since: datetime | None, readers: Iterable[User]) -> None:
    with reports_locked(None):
        report = locked(MonthlyReport.objects.defer("content", "facts"), report.pk)
        if report not in MonthlyReport.objects.current():
            return  # replaced meanwhile
        report.outdated_at = since
        save_next_version(report, ["outdated_at"])
        if since is not None:
            _tell(readers, report)


def _tell(readers: Iterable[User], report: MonthlyReport) -> None:
    kind = KINDS[report.kind]
    tell(
        people=readers,
        subject=kind.restatement_subject,
        body=gettext_noop(
            "The data have been corrected since edition %(revision)d for %(month)s was issued: "
            "they give other figures now. Make the next edition and look through it."
        ),
        url=reverse("reports:report-detail", args=[report.pk]),
        parameters={
            "month": formats.lazy_month(report.month),
            "report": kind.code.label,
            "revision": report.revision,
        },
    )

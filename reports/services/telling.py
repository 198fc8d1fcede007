"""The text of a month: made from the tables of the month, written over by people, kept in step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.versions import locked, save_next_version
from reports.display import Edition
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportKind, ReportState
from reports.public import public_of
from reports.services.editions import content_before, render, replace_files, reports_locked
from reports.telling import draft, kept, told_otherwise
from web.refusals import Invalid, Refusal, Stale

LONGEST = 3000


class TablesNotIssued(Refusal):
    """A text is issued after the tables that it tells of, and says what they say."""

    code = "tables_not_issued"
    title = gettext_lazy("Issue the tables first")


class Told:
    """What a text is made of: nothing, for a kind that is none."""

    def __init__(self, kind: ReportKind, month: date) -> None:
        self.kind = kind
        self.month = month
        self.former = self._former() if KINDS[kind].is_text else None

    def _former(self) -> MonthlyReport | None:
        """The draft that people may have written in; without one the edition before."""
        editions = MonthlyReport.objects.filter(kind=self.kind, month=self.month)
        return editions.order_by("-revision").first()

    def content(self) -> dict[str, Any]:
        """What the text adds to the content of its edition."""
        if not KINDS[self.kind].is_text:
            return {}
        reports = reports_of(self.month)
        drafted = draft(_public(reports))
        before = self.former.content.get("paragraphs", []) if self.former else []
        return {
            "paragraphs": kept(drafted, before),
            "has_sample": any(report.has_sample for report in reports.values()),
        }

    def is_overtaken(self) -> bool:
        """Whether somebody has written in it meanwhile. Needs the lock."""
        if self.former is None:
            return False
        versions = MonthlyReport.objects.filter(pk=self.former.pk).values_list("version", flat=True)
        return versions.get() != self.former.version


def reports_of(month: date, *, issued_only: bool = False) -> dict[str, MonthlyReport]:
    """By kind, the edition of a month that is valid; where there is none, its draft."""
    states = [ReportState.ISSUED] if issued_only else [ReportState.ISSUED, ReportState.DRAFT]
    editions = MonthlyReport.objects.filter(month=month, state__in=states).defer("facts")
    found: dict[str, MonthlyReport] = {}
    for report in editions.exclude(kind=ReportKind.TEXT).order_by("kind", "-revision"):
        if report.kind not in found or report.state == ReportState.ISSUED:
            found[report.kind] = report
    return found


def _public(reports: Mapping[str, MonthlyReport]) -> dict[str, dict[str, Any]]:
    """What everybody may read of `reports`: a text is for everybody, so it says no more."""
    return {kind: public_of(report.content) for kind, report in reports.items()}


def refuse_unless_told(report: MonthlyReport) -> None:
    """A text must say what the issued tables of its month say. Raises `TablesNotIssued`."""
    if not KINDS[report.kind].is_text:
        return
    issued = reports_of(report.month, issued_only=True)
    contents = _public(issued)
    wrong = told_otherwise(report.content, contents)
    if missing := sorted({one["kind"] for one in wrong} - contents.keys()):
        raise TablesNotIssued(
            _("The text cites reports that are not issued: %(reports)s. Issue them first.")
            % {"reports": ", ".join(str(ReportKind(kind).label) for kind in missing)}
        )
    if wrong:
        raise TablesNotIssued(
            _(
                "The text says %(number)s where the issued table %(table)s says another figure. "
                "Make its draft again, read it, then issue it."
            )
            % {"number": wrong[0]["text"], "table": wrong[0]["number"]}
        )


def is_told_otherwise(report: MonthlyReport) -> bool:
    """Whether the issued tables say other figures by now than a text that was issued."""
    issued = reports_of(report.month, issued_only=True)
    contents = _public(issued)
    return bool(told_otherwise(report.content, contents))


def write_text(
    *,
    report_id: int,
    paragraphs: Mapping[str, str],
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> MonthlyReport:
    """Put people's words in the place of the drafted ones; numbers keep their cells.

    An empty text takes the paragraph out; the drafted words bring it back. Raises `Invalid`,
    `NotADraft` as `Invalid`, or `Stale`.
    """
    row = MonthlyReport.objects.get(pk=report_id)
    _check(row, paragraphs, expected_version)
    content = {**row.content, "paragraphs": [_written(one, paragraphs) for one in _texts(row)]}
    edition = Edition.of(row)
    files = render(edition, content, content_before(edition))
    with reports_locked(acting_user):
        report = locked(MonthlyReport.objects.all(), report_id)
        if report.version != row.version:
            raise Stale
        _check(report, paragraphs, expected_version)
        report.content = content
        save_next_version(report, ["content"])
        replace_files(report, files)
    return report


def _texts(report: MonthlyReport) -> list[dict[str, Any]]:
    return report.content.get("paragraphs", [])


def _check(
    report: MonthlyReport, paragraphs: Mapping[str, str], expected_version: int | None
) -> None:
    if report.is_issued or not KINDS[report.kind].is_text:
        raise Invalid({"paragraphs": _("Only the draft of a text can be written in.")})
    if expected_version is not None and report.version != expected_version:
        raise Stale
    unknown = paragraphs.keys() - {one["code"] for one in _texts(report)}
    if unknown:
        raise Invalid({"paragraphs": _("There is no such paragraph.")})
    if any(len(text) > LONGEST for text in paragraphs.values()):
        raise Invalid({"paragraphs": _("A paragraph is 3,000 characters at most.")})


def _written(stored: dict[str, Any], paragraphs: Mapping[str, str]) -> dict[str, Any]:
    if stored["code"] not in paragraphs:
        return stored
    text = " ".join(paragraphs[stored["code"]].split())
    is_edited = text != stored["drafted"]
    return {**stored, "text": text, "is_edited": is_edited, "is_stale": False}

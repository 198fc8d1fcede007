"""Issuing a draft: from then on it is frozen, and sealed to what was issued before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation.versions import locked, save_next_version
from reports.display import Edition
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportKind, ReportState
from reports.services.chain import head_of_chain, seal
from reports.services.editions import content_before, render, replace_files, reports_locked
from reports.services.month_files import request_month_files
from reports.services.signing import names_below
from reports.services.snapshots import take_snapshot
from reports.services.telling import refuse_unless_told
from seats.as_known import Mark
from web.refusals import Invalid, Refusal, Stale


class NotADraft(Refusal):
    """Only a draft can be issued."""

    code = "not_a_draft"
    title = gettext_lazy("Already issued")


class ReportOutdated(Refusal):
    """The data behind the draft has changed since it was made."""

    code = "report_outdated"
    title = gettext_lazy("Draft is out of date")


def issue_report(
    *,
    report_id: int,
    now: datetime,
    acting_user: User,
    reason: str = "",
    signatures: Mapping[str, str] | None = None,
    expected_version: int | None = None,
    with_month_files: bool = True,
) -> MonthlyReport:
    """Issue a draft as its final edition; from the second on with the reason for it.

    What it shows must still be what the data say; `signatures` name who answers for it, without
    them as in the edition before. Then the files of the whole month are asked for. Raises
    `NotADraft`, `Invalid`, `ReportOutdated`, `TablesNotIssued` or `Stale`.
    """
    draft = MonthlyReport.objects.get(pk=report_id)
    _check(draft, reason.strip(), expected_version)
    known = _check_figures(draft)
    refuse_unless_told(draft)
    named = names_below(signatures, acting_user)
    draft.content["signatures"] = named
    edition = replace(
        Edition.of(draft),
        reason=reason.strip() if draft.revision > 1 else "",
        issued_at=now,
        issued_by=str(acting_user),
    )
    files = render(edition, draft.content, content_before(edition))
    with reports_locked(acting_user):
        report = locked(MonthlyReport.objects.all(), report_id)
        _check(report, reason.strip(), expected_version)
        if report.version != draft.version:
            raise Stale  # made again meanwhile: nobody has looked through it
        refuse_unless_told(report)
        _restate_former(report)
        digests = replace_files(report, files)
        report.content |= {"known": known._asdict(), "signatures": named}
        _freeze(report, edition, digests, acting_user)
        if with_month_files:
            request_month_files(month=report.month, with_drafts=False, owner=acting_user)
    return report


def _check(draft: MonthlyReport, reason: str, expected_version: int | None) -> None:
    if draft.is_issued:
        raise NotADraft(_("This edition is issued. A correction is a new edition beside it."))
    if expected_version is not None and draft.version != expected_version:
        raise Stale
    if draft.revision > 1 and not reason:
        raise Invalid({"reason": _("Say what changed and why.")})


def _check_figures(draft: MonthlyReport) -> Mark:
    """Take the facts again: the same facts give the same figures. Tell what was known with them."""
    snapshot = take_snapshot(ReportKind(draft.kind), draft.month)
    known: dict[str, Any] = dict(snapshot.head)
    if KINDS[draft.kind].counts_returns:  # seats do not depend on who has filed
        known["filing"] = snapshot.filing
    known |= snapshot.beside
    was_known = {name: draft.content.get(name) for name in known}
    if (snapshot.frozen(), known) != (draft.facts, was_known):
        raise ReportOutdated(
            _(
                "The data have changed since this draft was made. Make it again, look through it, "
                "then issue it."
            )
        )
    return snapshot.known


def _restate_former(report: MonthlyReport) -> None:
    """The edition that was valid until now stays readable as restated."""
    former = MonthlyReport.objects.current().filter(kind=report.kind, month=report.month).first()
    if former is not None:
        former.state = ReportState.RESTATED
        save_next_version(former, ["state"])


def _freeze(
    report: MonthlyReport, edition: Edition, digests: dict[str, str], acting_user: User
) -> None:
    fields: dict[str, Any] = {
        "content": report.content,
        "reason": edition.reason,
        "issued_at": edition.issued_at,
        "issued_by": acting_user,
        "previous_sha256": head_of_chain(),
        "state": ReportState.ISSUED,
    }
    for name, value in fields.items():
        setattr(report, name, value)
    report.sha256 = seal(report, digests)
    save_next_version(report, [*fields, "sha256"])

"""Issuing several drafts of a month: one after the other, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from accounts.models import User
from reports import services
from reports.models import MonthlyReport
from web.refusals import Refusal


class Outcome(NamedTuple):
    """What was issued, and what was not and why: nothing is taken back."""

    issued: list[MonthlyReport]
    refused: list[tuple[MonthlyReport, Refusal]]


def issue_together(form: Any, *, now: datetime, acting_user: User) -> Outcome:
    """Issue what is chosen in `form`; a refusal of one does not keep the others back."""
    outcome = Outcome([], [])
    for draft in form.chosen:
        try:
            report = services.issue_report(
                report_id=draft.pk,
                reason=form.cleaned_data.get("reason", ""),
                signatures=form.signatures,
                now=now,
                acting_user=acting_user,
                expected_version=draft.version,
            )
        except Refusal as refusal:
            outcome.refused.append((draft, refusal))
        else:
            outcome.issued.append(report)
    return outcome

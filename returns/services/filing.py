"""Submitting a return, signed; taking a filed one up again to correct it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from park.lock import park_locked
from returns.catalogue import versions_of
from returns.checking import case_of
from returns.checks import Case, Finding, Thresholds, findings
from returns.content import Content
from returns.models import (
    MonthlyReturn,
    ReturnRevision,
    ReturnState,
    RevisionClass,
    RevisionMarket,
)
from returns.past import Past
from returns.services.handing_on import followed, hand_on, lock_with_next
from returns.services.steps import CORRECTABLE, EDITABLE, locked_in, move
from web.refusals import Invalid


def submit_return(
    *,
    return_id: int,
    signer: str,
    now: datetime,
    acting_user: User,
    reason: str = "",
    expected_version: int | None = None,
) -> ReturnRevision:
    """Submit the draft as a revision, signed; from the second on with the reason for it.

    The next month's draft follows it, if it began with what this one said before.

    Raises `Invalid` with all that the hard checks find, by cell, `WrongState`, `MonthClosed` or
    `Stale`.
    """
    with park_locked(acting_user, shared=True):
        lock_with_next(return_id)
        row = locked_in(EDITABLE, return_id, expected_version)
        content = Content.of(row)
        refuse_findings(findings(case_of(row, content)).blocking)
        if not signer.strip():
            raise Invalid({"signer": _("Say who signs this return.")})
        is_again = row.revision_count > 0
        if is_again and not reason.strip():
            raise Invalid({"reason": _("Say what changed and why.")})
        move(row, ReturnState.SUBMITTED, now, revision_count=row.revision_count + 1, question="")
        revision = ReturnRevision.objects.create(
            monthly_return=row,
            number=row.revision_count,
            signer=signer.strip(),
            reason=reason.strip() if is_again else "",
            submitted_by=acting_user,
            submitted_at=now,
            catalogue=versions_of(row.month),
            **content.filed,
        )
        _freeze_lines(revision, content)
        hand_on(row, now, acting_user)
        return revision


def correct_return(
    *, return_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> MonthlyReturn:
    """Take a filed return up again to correct it; until the next submission the old one counts.

    The draft follows the month before, where that was corrected since.
    """
    with park_locked(acting_user, shared=True):
        row = locked_in(CORRECTABLE, return_id, expected_version)
        move(row, ReturnState.DRAFT, now, **followed(row))
    return row


def refuse_findings(blocking: Iterable[Finding]) -> None:
    """Refuse to submit what hard checks find; all of it at once, by cell. Raises `Invalid`."""
    errors: dict[str, list[str]] = {}
    for finding in blocking:
        errors.setdefault(finding.place, []).append(finding.message)
    if errors:
        raise Invalid(errors)


def refuse_contradictions(content: Content, month: date) -> None:
    """The hard checks that need nothing but the return itself. Raises `Invalid`, by cell."""
    alone = Case(content, Past(month, {}), Thresholds.usual(), 0, None)
    refuse_findings(findings(alone).blocking)


def _freeze_lines(revision: ReturnRevision, content: Content) -> None:
    RevisionClass.objects.bulk_create(
        [
            RevisionClass(revision=revision, service_class=code, **measures)
            for code, measures in content.classes.items()
        ]
    )
    RevisionMarket.objects.bulk_create(
        [
            RevisionMarket(revision=revision, market=market, currency=currency, **measures)
            for (market, currency), measures in content.markets.items()
        ]
    )

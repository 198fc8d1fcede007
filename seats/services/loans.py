"""Loans of seats before any seat moves: proposed, agreed to, refused, cancelled.

`STEPS` is the one table of what may follow what. Moving the seats is in seats/services/lending.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.context import recorded
from foundation.uploads import Upload
from foundation.versions import locked, save_next_version
from park.axis import Span
from seats.models import LoanState, LoanStep, SeatLoan
from seats.services.lendable import check_lendable, needs_consent
from seats.services.loan_messages import tell_both
from seats.services.planning import planning_seats
from seats.services.refusals import WrongState
from tenants.models import Enterprise, Membership
from web.refusals import Forbidden, Invalid

_UNDER_WAY = frozenset({LoanState.PROPOSED, LoanState.AGREED})

STEPS: dict[str, tuple[frozenset[LoanState], LoanState]] = {
    "agree": (frozenset({LoanState.PROPOSED}), LoanState.AGREED),
    "refuse": (_UNDER_WAY, LoanState.REFUSED),
    "cancel": (_UNDER_WAY, LoanState.CANCELLED),
    "arrange": (frozenset({LoanState.AGREED}), LoanState.ARRANGED),
    "return": (frozenset({LoanState.ARRANGED, LoanState.ENDED_EARLY}), LoanState.ENDED_EARLY),
    "complete": (frozenset({LoanState.ARRANGED}), LoanState.RETURNED),
}
PAPERS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
NO_PAPER = gettext_lazy("The scan is a PDF, JPEG or PNG file; its content decides, not its name.")


def can(step: str, state: str) -> bool:
    """Whether `step` may follow `state`."""
    return state in STEPS[step][0]


def refuse_wrong_state(step: str, loan: SeatLoan) -> None:
    """Raise `WrongState` unless `step` may follow now."""
    if not can(step, loan.state):
        if step == "arrange" and loan.state == LoanState.PROPOSED:
            message = _("The lender has not agreed to loan %(number)s yet.")
        else:
            message = _("This can't be done any more: loan %(number)s is “%(state)s” now.")
        raise WrongState(
            message % {"number": loan.number, "state": loan.get_state_display()},
            extra={"state": loan.state},
        )


def propose_loan(
    *,
    borrower: Enterprise,
    seats: Span,
    start: date,
    end: date,
    now: datetime,
    acting_user: User,
    reason: str = "",
    consent_reference: str = "",
    consent_on: date | None = None,
    source: str = "",
    sample_fields: Sequence[str] = (),
) -> SeatLoan:
    """Propose that whoever has `seats` lends them to `borrower` on [start, end).

    Raises what `check_lendable` raises, or `Busy`.
    """
    with planning_seats(acting_user, now=now):
        lent = check_lendable(seats, start, end, borrower)
        loan = SeatLoan.objects.create(
            lender=lent.lender,
            borrower=borrower,
            lender_allocation=lent.allocation,
            floor=lent.floor,
            seats=NumericRange(*seats),
            period=DateRange(start, end),
            reason=reason.strip(),
            needs_consent=needs_consent(lent.floor),
            consent_reference=consent_reference.strip(),
            consent_on=consent_on,
            since=now,
            created_by=acting_user,
            created_at=now,
            source=source,
            sample_fields=list(sample_fields),
        )
        note_step(loan, now, acting_user)
        tell_both("propose", loan)
    return loan


def agree_to_loan(
    *,
    loan_id: int,
    name: str,
    now: datetime,
    acting_user: User,
    reference: str = "",
    paper: Upload | None = None,
    expected_version: int | None = None,
) -> SeatLoan:
    """The lender agrees: by one of its own people, or on a paper that the park records.

    `name` is who agrees. The park must say where the paper is (`reference`). Raises `Invalid`,
    `Forbidden`, `WrongState` or `Stale`.
    """
    if not name.strip():
        raise Invalid({"name": _("Say who agrees.")})
    check_paper(paper)
    with recorded(acting_user):
        loan = locked(SeatLoan.objects, loan_id, expected_version)
        is_of_park = refuse_others(loan, acting_user)
        if is_of_park and not reference.strip():
            raise Invalid({"reference": _("Say on which paper the lender agreed.")})
        loan.agreed_name, loan.agreed_at = name.strip(), now
        loan.agreement_reference = reference.strip()
        fields = ["agreed_name", "agreed_at", "agreement_reference"]
        if paper is not None:
            loan.paper.save(paper_name(loan, paper), ContentFile(paper.data), save=False)
            fields.append("paper")
        take_step("agree", loan, now, acting_user, fields)
        tell_both("agree", loan)
    return loan


def check_paper(paper: Upload | None) -> None:
    """Refuse a scan that is neither a picture nor a PDF. What it is was read from its content."""
    if paper is not None and paper.media_type not in PAPERS:
        raise Invalid({"paper": str(NO_PAPER)})


def paper_name(loan: SeatLoan, paper: Upload) -> str:
    """Where the scan is kept; its ending is one of `PAPERS`."""
    return f"loans/{loan.number}/{loan.version}.{PAPERS[paper.media_type]}"


def refuse_loan(
    *,
    loan_id: int,
    note: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> SeatLoan:
    """The lender does not lend, or not any more before it is arranged; `note` says why."""
    if not note.strip():
        raise Invalid({"note": _("Say why the seats are not lent.")})
    with recorded(acting_user):
        loan = locked(SeatLoan.objects, loan_id, expected_version)
        refuse_others(loan, acting_user)
        take_step("refuse", loan, now, acting_user, note=note)
        tell_both("refuse", loan, note=note)
    return loan


def cancel_loan(
    *,
    loan_id: int,
    note: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> SeatLoan:
    """The park does not go on with a loan that is not arranged; `note` says why."""
    if not note.strip():
        raise Invalid({"note": _("Say why the loan is cancelled.")})
    with recorded(acting_user):
        loan = locked(SeatLoan.objects, loan_id, expected_version)
        take_step("cancel", loan, now, acting_user, note=note)
        tell_both("cancel", loan, note=note)
    return loan


def answers_for_lender(user: User, loan: SeatLoan) -> bool:
    """Whether `user` is of the lender."""
    return Membership.objects.current().filter(user=user, enterprise=loan.lender_id).exists()


def refuse_others(loan: SeatLoan, acting_user: User) -> bool:
    """Raise `Forbidden` unless `acting_user` is of the lender, or of the park: then True."""
    if acting_user.has_perm("seats.arrange_seatloan"):
        return True
    if not answers_for_lender(acting_user, loan):
        raise Forbidden(_("This is for the enterprise to answer that lends the seats."))
    return False


def take_step(
    step: str,
    loan: SeatLoan,
    now: datetime,
    acting_user: User | None,
    fields: Sequence[str] = (),
    *,
    note: str = "",
) -> None:
    """Take the step with a locked loan, if the table allows it, and write it down."""
    refuse_wrong_state(step, loan)
    loan.state, loan.since = STEPS[step][1], now
    save_next_version(loan, ["state", "since", *fields])
    note_step(loan, now, acting_user, note=note)


def note_step(loan: SeatLoan, now: datetime, acting_user: User | None, *, note: str = "") -> Any:
    """Write down where the loan is now, who took it there, and what they said."""
    return LoanStep.objects.create(
        loan=loan, to_state=loan.state, note=note.strip(), by=acting_user, at=now
    )

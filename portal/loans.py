"""Loans of seats that wait for whoever looks: to be answered by the lender, to be arranged."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from portal.waiting import SHOWN, Matter
from seats.loan_desk import Eyes, loan_title, with_names
from seats.models import LoanState, SeatLoan
from web import formats


def loans_that_wait(user: User) -> Iterator[Matter]:
    """Proposals for the lender's managers, loans that are agreed for the park, the oldest first."""
    eyes = Eyes(user)
    rows = with_names(SeatLoan.objects.visible_to(user)).order_by("since", "pk")
    if user.has_perm("seats.arrange_seatloan"):
        action, waiting = _("Arrange it"), rows.filter(state=LoanState.AGREED)
    elif user.has_perm("seats.answer_seatloan"):
        action = _("Answer")
        waiting = rows.filter(state=LoanState.PROPOSED, lender__in=eyes.own)
    else:
        return
    for loan in waiting[:SHOWN]:
        yield Matter(
            loan_title(loan, eyes),
            f"{loan.run} · {formats.period(loan.start, loan.last_day)}",
            reverse("seats:loan-detail", args=[loan.pk]),
            "look",
            action,
            bool(loan.sample_fields),
        )

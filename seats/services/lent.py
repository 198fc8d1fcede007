"""What a loan keeps others from doing with the seats while they are lent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.axis import FIRST_DAY, Span, intersection
from seats.models import Allocation, SeatLoan
from seats.rectangles import last_included
from tenants.models import Enterprise
from web import formats
from web.refusals import Refusal


class SeatsBorrowed(Refusal):
    """Who borrows seats cannot dispose of them: they go back to the lender."""

    code = "seats_borrowed"
    title = gettext_lazy("Seats are borrowed")


class SeatsLent(Refusal):
    """Who lent seats cannot dispose of them before they are back."""

    code = "seats_lent"
    title = gettext_lazy("Seats are lent")


def refuse_borrowed(allocation: Allocation) -> None:
    """Raise `SeatsBorrowed` where `allocation` holds seats by a loan."""
    loan = loan_of(allocation)
    if loan is not None:
        raise SeatsBorrowed(
            _(
                "These seats are borrowed until %(day)s and go back by themselves. To give them "
                "back earlier, return loan %(number)s."
            )
            % {"day": formats.iso_day(last_included(loan.end)), "number": loan.number},
            extra={"loan": loan.pk},
        )


def loan_of(allocation: Allocation) -> SeatLoan | None:
    """The loan by which `allocation` has its seats, if it is one."""
    return SeatLoan.objects.filter(borrower_allocation=allocation).first()


def refuse_lent(
    allocation: Allocation,
    *,
    start: date = FIRST_DAY,
    seats: Sequence[Span] | None = None,
    field: str = "start",
) -> None:
    """Raise `SeatsLent` where some of `seats` (None: all) are lent on `start` or later."""
    for loan in loans_out_of(allocation, start):
        if seats is None or any(intersection(loan.span, one) for one in seats):
            raise SeatsLent(
                _(
                    "%(seats)s is lent to %(borrower)s until %(day)s. What comes after that day "
                    "can be decided now; for anything earlier return loan %(number)s first."
                )
                % {
                    "seats": loan.run,
                    "borrower": loan.borrower.short_name,
                    "day": formats.iso_day(last_included(loan.end)),
                    "number": loan.number,
                },
                field=field,
                extra={"loan": loan.pk, "until": formats.iso_day(last_included(loan.end))},
            )


def loans_out_of(allocation: Allocation, day: date) -> list[SeatLoan]:
    """The loans by which seats of `allocation` are with a borrower on `day` or later."""
    loans = SeatLoan.objects.filter(lender_allocation=allocation).out_after(day)
    return list(loans.select_related("borrower", "floor").order_by("seats", "period"))


def refuse_leaving(enterprise: Enterprise, day: date) -> None:
    """Raise `SeatsLent` where seats of `enterprise` are lent on `day` or later."""
    loan = (
        SeatLoan.objects.filter(lender=enterprise)
        .out_after(day)
        .select_related("borrower", "floor")
        .first()
    )
    if loan is not None:
        raise SeatsLent(
            _("%(seats)s is lent to %(borrower)s until %(until)s: return loan %(number)s first.")
            % {
                "seats": loan.run,
                "borrower": loan.borrower.short_name,
                "until": formats.iso_day(last_included(loan.end)),
                "number": loan.number,
            },
            field="last_day",
            extra={"loan": loan.pk},
        )

"""Moving lent seats: to the borrower for the days of the loan, and back earlier than agreed.

On the agreed day nothing need be done: the lender's blocks go on by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.context import name_deed, recorded
from foundation.versions import locked, save_next_version
from park.axis import Span, free_spans, intersection
from park.services import refuse_closed_months
from seats.models import Allocation, AllocationKind, BlockKind, LoanState, SeatBlock, SeatLoan
from seats.rectangles import Rectangle
from seats.services.allocations import place
from seats.services.blocks import free_from, new_block, start_later
from seats.services.lendable import Lent, check_lendable, needs_consent
from seats.services.loan_messages import tell_both
from seats.services.loans import refuse_wrong_state, take_step
from seats.services.planning import planning_seats
from web import formats
from web.refusals import Invalid, Refusal

WARNED_AHEAD = timedelta(days=3)


class ConsentMissing(Refusal):
    """The zone is leased in: its landlord must consent before others sit there."""

    code = "consent_missing"
    title = gettext_lazy("The landlord's consent is missing")


def arrange_loan(
    *,
    loan_id: int,
    today: date,
    now: datetime,
    acting_user: User,
    consent_reference: str = "",
    consent_on: date | None = None,
    expected_version: int | None = None,
) -> SeatLoan:
    """Move the seats to the borrower for the days of the loan: all of it or nothing.

    The lender's blocks stop before these days and go on after them. Raises what `check_lendable`
    raises, `ConsentMissing`, `WrongState`, `Stale` or `Busy`.
    """
    with planning_seats(acting_user, now=now):
        loan = locked(SeatLoan.objects, loan_id, expected_version)
        lent = plan_arranging(
            loan, consent_reference=consent_reference, consent_on=consent_on, today=today
        )
        name_deed("lend", loan=loan.pk)
        lender_allocation = locked(Allocation.objects, loan.lender_allocation_id)
        cut_out(lent, today=today)
        save_next_version(lender_allocation, [])
        loan.borrower_allocation = _allocation_of_borrower(loan, now, acting_user)
        place(loan.borrower_allocation, [lent.rectangle], today=today)
        consent = ["needs_consent", "consent_reference", "consent_on"]
        take_step("arrange", loan, now, acting_user, ["borrower_allocation", *consent])
        tell_both("arrange", loan)
    return loan


def plan_arranging(
    loan: SeatLoan, *, consent_reference: str = "", consent_on: date | None = None, today: date
) -> Lent:
    """What arranging `loan` would move; the consent is set on it. Raises what arranging raises."""
    refuse_wrong_state("arrange", loan)
    lent = check_lendable(loan.span, loan.start, loan.period.upper, loan.borrower, own=loan)
    loan.needs_consent = needs_consent(lent.floor)
    loan.consent_reference = consent_reference.strip() or loan.consent_reference
    loan.consent_on = consent_on or loan.consent_on
    if loan.consent_on is not None and loan.consent_on > today:
        raise Invalid({"consent_on": _("The landlord's consent cannot be of a day to come.")})
    if loan.needs_consent and not (loan.consent_reference and loan.consent_on):
        field = "consent_on" if loan.consent_reference else "consent_reference"
        raise ConsentMissing(
            _("Zone %(zone)s is leased in: give the landlord's consent, what it is and its day.")
            % {"zone": lent.floor.building.zone.code},
            field=field,
        )
    return lent


def cut_out(lent: Lent, *, today: date) -> None:
    """Take the seats out of the lender's blocks on the days of the loan."""
    blocks = list(
        SeatBlock.objects.within(lent.seats)
        .during(lent.start, lent.end)
        .filter(allocation=lent.allocation)
    )
    after = [
        Rectangle(part, lent.end, block.period.upper)
        for block, part in _parts(blocks, lent.seats)
        if block.period.upper is None or block.period.upper > lent.end
    ]
    free_from(blocks, start=lent.start, seats=lent.seats, today=today)
    SeatBlock.objects.bulk_create(
        new_block(lent.allocation, BlockKind.FIRM, rectangle, today) for rectangle in after
    )


def _parts(blocks: Sequence[SeatBlock], seats: Span) -> list[tuple[SeatBlock, Span]]:
    """Each block with the part of it that is in `seats`."""
    return [(block, part) for block in blocks if (part := intersection(block.span, seats))]


def _allocation_of_borrower(loan: SeatLoan, now: datetime, acting_user: User) -> Allocation:
    return Allocation(
        enterprise=loan.borrower,
        kind=AllocationKind.FIRM,
        reason=loan.reason,
        source=loan.source,
        sample_fields=loan.sample_fields,
        created_by=acting_user,
        created_at=now,
    )


def return_loan(
    *,
    loan_id: int,
    start: date,
    today: date,
    now: datetime,
    acting_user: User,
    note: str = "",
    expected_version: int | None = None,
) -> SeatLoan:
    """Give the seats back earlier than agreed: from `start` on the lender has them again.

    Raises `Invalid` where `start` is not one of the days of the loan, `MonthClosed`, `WrongState`,
    `Stale` or `Busy`.
    """
    with planning_seats(acting_user, now=now):
        loan = locked(SeatLoan.objects, loan_id, expected_version)
        plan_return(loan, start)
        name_deed("give_back", loan=loan.pk)
        allocations = Allocation.objects.filter(
            pk__in=[loan.lender_allocation_id, loan.borrower_allocation_id]
        ).select_for_update(no_key=True)
        for allocation in list(allocations):
            save_next_version(allocation, [])
        give_back(loan, start, today=today)
        loan.returned_on = start
        take_step("return", loan, now, acting_user, ["returned_on"], note=note)
        tell_both("return", loan)
    return loan


def plan_return(loan: SeatLoan, start: date) -> Rectangle:
    """What the lender gets back earlier. Raises what the early return raises."""
    refuse_wrong_state("return", loan)
    if not loan.start <= start < loan.end:
        raise Invalid(
            {
                "start": _("Give a day from %(first)s to %(last)s: they go back on %(end)s anyway.")
                % {
                    "first": formats.iso_day(loan.start),
                    "last": formats.iso_day(loan.end - timedelta(days=1)),
                    "end": formats.iso_day(loan.end),
                }
            }
        )
    refuse_closed_months(start, loan.end, field="start")
    return Rectangle(loan.span, start, loan.end)


def give_back(loan: SeatLoan, start: date, *, today: date) -> None:
    """Let the borrower's block end on `start`, and the lender's go on from there.

    What goes on after the loan begins earlier; where the lender gave that up, a block fills it in.
    """
    end = loan.end
    borrowed = SeatBlock.objects.filter(
        allocation=loan.borrower_allocation_id, period__endswith__gt=start
    )
    free_from(list(borrowed), start=start, seats=None, today=today)
    going_on = [
        block
        for block in SeatBlock.objects.within(loan.span).filter(
            allocation=loan.lender_allocation_id, period__startswith=end
        )
        if loan.seats.lower <= block.seats.lower and block.seats.upper <= loan.seats.upper
    ]
    start_later([block.pk for block in going_on], start, today)
    rest = free_spans(loan.span, [b.span for b in going_on])
    SeatBlock.objects.bulk_create(
        new_block(loan.lender_allocation, BlockKind.FIRM, Rectangle(part, start, end), today)
        for part in rest
    )


def mind_loans(*, today: date, now: datetime) -> int:
    """Tell both sides three days before a loan ends, and when it has. Returns how many."""
    loans = SeatLoan.objects.filter(
        state__in=[LoanState.ARRANGED, LoanState.ENDED_EARLY], reminded_at__isnull=True
    )
    due = [loan.pk for loan in loans if today < loan.end <= today + WARNED_AHEAD]
    over = SeatLoan.objects.filter(state=LoanState.ARRANGED, period__endswith__lte=today)
    told = sum(_remind(pk, now) for pk in due)
    return told + sum(_complete(pk, now) for pk in over.values_list("pk", flat=True))


def _remind(loan_id: int, now: datetime) -> bool:
    with recorded(None):
        loan = locked(SeatLoan.objects, loan_id)
        if loan.reminded_at is not None:
            return False
        loan.reminded_at = now
        loan.save(update_fields=["reminded_at"])
        tell_both("remind", loan)
    return True


def _complete(loan_id: int, now: datetime) -> bool:
    with recorded(None):
        loan = locked(SeatLoan.objects, loan_id)
        if loan.state != LoanState.ARRANGED:
            return False
        take_step("complete", loan, now, None)
        tell_both("complete", loan)
    return True

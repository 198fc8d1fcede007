"""Whether seats can be lent on some days: asked at the proposal, and when it is arranged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.axis import Span, free_spans, intersection, run_label
from park.models import Floor
from park.services import refuse_closed_months
from seats.models import Allocation, BlockKind, SeatBlock, SeatLoan
from seats.models.loans import OPEN
from seats.rectangles import Rectangle, last_included
from seats.services.lent import SeatsBorrowed, SeatsLent, refuse_lent
from seats.services.planning import check_shape
from seats.services.refusals import EnterpriseLeft, no_such_seat, not_delivered
from tenants.models import Enterprise, Tenancy
from web import formats
from web.refusals import Invalid, Refusal


class NotLendable(Refusal):
    """Nobody has these seats by contract, or not one enterprise alone."""

    code = "not_lendable"
    title = gettext_lazy("These seats cannot be lent")


class LoanBeyondLender(Refusal):
    """The loan would last longer than the lender has the seats."""

    code = "loan_beyond_lender"
    title = gettext_lazy("Longer than the lender has the seats")


class Lent(NamedTuple):
    """What would be lent: a run of one floor on some days, by whom, out of which allocation."""

    floor: Floor
    seats: Span
    start: date
    end: date
    allocation: Allocation
    lender: Enterprise

    @property
    def rectangle(self) -> Rectangle:
        return Rectangle(self.seats, self.start, self.end)


def check_lendable(
    seats: Span, start: date, end: date, borrower: Enterprise, *, own: SeatLoan | None = None
) -> Lent:
    """Who would lend `seats` on [start, end) to `borrower`; refuse what cannot be lent.

    `own` is the loan that asks, where it is there already. Raises `Invalid`, `NoSuchSeat`,
    `CrossesFloors`, `NotDelivered`, `MonthClosed`, `NotLendable`, `SeatsLent`, `SeatsBorrowed`,
    `LoanBeyondLender` or `EnterpriseLeft`.
    """
    check_shape([Rectangle(seats, start, end)])
    floor = _floor(Rectangle(seats, start, end))
    refuse_closed_months(start, end, field="start")
    allocation = own.lender_allocation if own else _lending(floor, seats, start)
    lender = Enterprise.objects.get(allocations=allocation)  # it is firm, so somebody has it
    lent = Lent(floor, seats, start, end, allocation, lender)
    if lent.lender == borrower:
        message = _("%(enterprise)s has these seats itself.")
        raise Invalid({"borrower": message % {"enterprise": borrower.short_name}})
    _refuse_left(borrower, start, end)
    _refuse_second_loan(lent, own)
    _refuse_not_held(lent)
    return lent


def _floor(rectangle: Rectangle) -> Floor:
    floor = Floor.objects.select_related("building__zone").filter(pk=rectangle.floor).first()
    if floor is None or rectangle.seats.upper > floor.seats.upper:
        raise no_such_seat(rectangle, floor)
    if floor.delivered_on is None:
        raise not_delivered(floor)
    return floor


def _lending(floor: Floor, seats: Span, day: date) -> Allocation:
    """The one allocation that has `seats` on `day`."""
    blocks = list(
        SeatBlock.objects.on(day).within(seats).real().select_related("allocation__enterprise")
    )
    allocations = {block.allocation_id for block in blocks}
    if not blocks or blocks[0].allocation is None:
        raise NotLendable(
            _("%(seats)s is vacant on %(day)s: give these seats instead of lending them.")
            % {"seats": run_label(floor.label, seats), "day": formats.iso_day(day)},
            field="first_seat",
        )
    if other := next((block for block in blocks if block.kind != BlockKind.FIRM), None):
        _refuse_other_kind(floor, other)
    if len(allocations) > 1:
        raise NotLendable(
            _("These seats are of several allocations: %(seats)s. Lend each of them by itself.")
            % {"seats": ", ".join(_named(floor, block) for block in blocks)},
            field="first_seat",
        )
    return blocks[0].allocation


def _refuse_other_kind(floor: Floor, block: SeatBlock) -> None:
    words = {"seats": run_label(floor.label, block.span)}
    if block.kind == BlockKind.HOLD:
        message = _("%(seats)s is only held. Confirm the hold before its seats are lent.")
    else:
        message = _("%(seats)s is closed.")
    raise NotLendable(message % words, field="first_seat")


def _named(floor: Floor, block: SeatBlock) -> str:
    label = run_label(floor.label, block.span)
    return f"{label} {block.enterprise}"


def _refuse_left(borrower: Enterprise, start: date, end: date) -> None:
    """Raise `EnterpriseLeft` where `borrower` has left the park, or leaves during [start, end)."""
    stays = list(Tenancy.objects.filter(enterprise=borrower).order_by("period"))
    if not stays:
        return  # a prospect becomes a tenant with its first seats
    last = stays[-1].period
    if last.upper is None or last.upper >= end:
        return
    words = {
        "enterprise": borrower.short_name,
        "day": formats.iso_day(last_included(last.upper)),
    }
    if last.upper <= start:
        message = _("%(enterprise)s left the park; its last day was %(day)s.")
    else:
        message = _("%(enterprise)s leaves the park; its last day is %(day)s. Lend up to then.")
    raise EnterpriseLeft(message % words, field="borrower")


def _refuse_second_loan(lent: Lent, own: SeatLoan | None) -> None:
    """No sub-letting, nothing lent twice, no two proposals for the same seats."""
    if SeatLoan.objects.filter(borrower_allocation=lent.allocation).exists():
        raise SeatsBorrowed(
            _("%(seats)s is borrowed itself: what is borrowed cannot be lent on.")
            % {"seats": run_label(lent.floor.label, lent.seats)},
            field="first_seat",
        )
    rivals = SeatLoan.objects.within(lent.seats).during(lent.start, lent.end)
    others = rivals.exclude(pk=own.pk) if own else rivals
    rival = others.filter(state__in=OPEN).first()
    if rival is not None:
        raise SeatsLent(
            _("A loan of these seats is under way already: %(number)s.") % {"number": rival.number},
            field="first_seat",
            extra={"loan": rival.pk},
        )


def _refuse_not_held(lent: Lent) -> None:
    """Raise unless the lender has all of the seats, firm, on all of the days."""
    blocks = list(
        SeatBlock.objects.within(lent.seats)
        .during(lent.start, lent.end)
        .filter(allocation=lent.allocation)
    )
    if other := next((block for block in blocks if block.kind != BlockKind.FIRM), None):
        _refuse_other_kind(lent.floor, other)
    day, missing = _first_gap(lent, blocks)
    if not missing:
        return
    _refuse_lent_out(lent, day)
    words = {
        "seats": run_label(lent.floor.label, missing[0]),
        "lender": lent.lender.short_name,
        "day": formats.iso_day(last_included(day)),
        "first_day": formats.iso_day(day),
    }
    if day > lent.start:
        raise LoanBeyondLender(
            _("%(lender)s has %(seats)s until %(day)s. Lend these seats up to that day.") % words,
            field="end",
            extra={"until": words["day"]},
        )
    raise NotLendable(
        _("%(lender)s does not have %(seats)s on %(first_day)s.") % words, field="first_seat"
    )


def _refuse_lent_out(lent: Lent, day: date) -> None:
    """Where the gap is a loan, say that loan."""
    loans = SeatLoan.objects.filter(lender_allocation=lent.allocation).within(lent.seats)
    if loans.during(lent.start, lent.end).out_after(day).exists():
        refuse_lent(lent.allocation, start=day, seats=[lent.seats], field="first_seat")


def _first_gap(lent: Lent, blocks: Sequence[SeatBlock]) -> tuple[date, list[Span]]:
    """The first day on which `blocks` do not hold all of the seats, and which they miss then."""
    days = {lent.start, *(block.period.upper for block in blocks)}
    for day in sorted(day for day in days if day and lent.start <= day < lent.end):
        held = [
            part
            for block in blocks
            if block.period.lower <= day
            and (block.period.upper is None or day < block.period.upper)
            if (part := intersection(block.span, lent.seats))
        ]
        if missing := free_spans(lent.seats, held):
            return day, missing
    return lent.end, []


def needs_consent(floor: Floor) -> bool:
    """Whether a landlord has a say: the floor's zone is leased in."""
    return floor.building.zone.leased_in

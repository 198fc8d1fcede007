"""What a person may do with an allocation now, and what is lent of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from accounts.models import User
from foundation import clock
from park.axis import place_of
from seats.holdings import Holding
from seats.loan_desk import Eyes, Line, in_order, with_names
from seats.models import Allocation, AllocationKind, RequestState, SeatLoan, SeatRequest
from seats.services.steps import open_offer_of


def acts(allocation: Allocation, holding: Holding, user: User) -> dict[str, Any]:
    """What `user` may do: what a request offers goes its way, borrowed seats go back early."""
    offered_by = open_offer_of(allocation)
    is_offered = offered_by is not None and offered_by.state == RequestState.OFFERED
    loans = _loans(allocation, user)
    borrowed = next((one for one in loans if one.borrower_allocation_id == allocation.pk), None)
    is_free = offered_by is None and borrowed is None and allocation.ended_at is None
    may_dispose = bool(holding.blocks) and is_free
    eyes, today = Eyes(user), clock.today()
    return {
        "offered_by": offered_by,
        "borrowed": borrowed,
        "lent": [Line(one, eyes, today) for one in loans if one is not borrowed],
        "lending": lending_query(holding),
        "may_release": may_dispose and user.has_perm("seats.release_allocation"),
        "may_change": may_dispose and user.has_perm("seats.change_allocation"),
        "may_lend": may_dispose and _may_lend(allocation, user),
        "may_extend": user.has_perm("seats.extend_hold") and can_be_extended(allocation),
        "may_confirm": is_hold(allocation)
        and not is_offered
        and user.has_perm("seats.confirm_allocation"),
    }


def is_hold(allocation: Allocation) -> bool:
    """Whether the allocation is a hold that has not expired."""
    return allocation.kind == AllocationKind.HOLD and allocation.ended_at is None


def can_be_extended(allocation: Allocation) -> bool:
    """Whether it is a hold that ends by itself, and no request has it as its offer."""
    ends = is_hold(allocation) and allocation.expires_at is not None
    return ends and not SeatRequest.objects.filter(offer=allocation).exists()


def lending_query(holding: Holding) -> str:
    """What fills in the form to lend the first of the runs: a query string."""
    if not holding.blocks:
        return ""
    block = holding.blocks[0]
    first, last = place_of(block.seats.lower), place_of(block.seats.upper - 1)
    return urlencode({"floor": block.floor.label, "first": first, "last": last})


def _may_lend(allocation: Allocation, user: User) -> bool:
    return allocation.kind == AllocationKind.FIRM and user.has_perm("seats.arrange_seatloan")


def _loans(allocation: Allocation, user: User) -> list[SeatLoan]:
    """The loans that this allocation gives, those under way first, or the one that it is."""
    rows = SeatLoan.objects.visible_to(user).filter(
        Q(lender_allocation=allocation) | Q(borrower_allocation=allocation)
    )
    return list(in_order(with_names(rows), clock.today()))

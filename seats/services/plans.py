"""Turning a plan into holds: checked once more under the lock, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from park.axis import Span, run_label
from seats.models import Allocation, AllocationKind, BlockKind, SeatBlock
from seats.rectangles import Rectangle
from seats.services.allocation_checks import check_expiry
from seats.services.allocations import place
from seats.services.planning import check_shape, planning_seats
from seats.services.refusals import NotHeld
from tenants.models import Enterprise


class PlannedMove(NamedTuple):
    """A tenant's block that is to go elsewhere, and its first seat there."""

    block: int
    to: int


class Held(NamedTuple):
    """What a plan became: the hold of who asked, and one for each who moves."""

    allocation: Allocation
    for_movers: list[Allocation]


def hold_plan(
    *,
    enterprise: Enterprise,
    rectangles: Sequence[Rectangle],
    today: date,
    now: datetime,
    acting_user: User,
    expires_at: datetime | None = None,
    moves: Sequence[PlannedMove] = (),
) -> Held:
    """Hold the seats of a plan for `enterprise`; for each who is to move, where it would go.

    A plan is as old as the page it stands on: whatever was taken since is refused by name. Raises
    what `allocate_seats` raises, and `NotHeld` where who is to move has moved or left.
    """
    check_shape(rectangles)
    check_expiry(AllocationKind.HOLD, expires_at, now)

    def hold(holder: Enterprise, runs: Sequence[Rectangle], reason: str = "") -> Allocation:
        allocation = Allocation(
            enterprise=holder,
            kind=AllocationKind.HOLD,
            expires_at=expires_at,
            reason=reason,
            created_by=acting_user,
            created_at=now,
        )
        place(allocation, runs, today=today)
        return allocation

    start = min(rectangle.start for rectangle in rectangles)
    with planning_seats(acting_user, rectangles, now=now):
        allocation = hold(enterprise, rectangles)
        movers = []
        for block, target in _targets(moves, start):
            check_shape([target])
            label = run_label(block.floor.label, block.span)
            reason = _("To move here from %(run)s") % {"run": label}
            movers.append(hold(block.enterprise, [target], reason))  # type: ignore[arg-type]
    return Held(allocation, movers)


def _targets(moves: Sequence[PlannedMove], start: date) -> list[tuple[SeatBlock, Rectangle]]:
    """Each block that is to move, and where it would be from `start` until its end."""
    there = SeatBlock.objects.filter(kind=BlockKind.FIRM).on(start)
    blocks = there.select_related("floor", "enterprise").in_bulk([move.block for move in moves])
    if len(blocks) < len(moves):
        raise NotHeld(
            _("Who is to move does not have those seats any more. Plan again."), field="moves"
        )
    targets = []
    for move in moves:
        block = blocks[move.block]
        span = Span(move.to, move.to + block.seats.upper - block.seats.lower)
        targets.append((block, Rectangle(span, start, block.period.upper)))
    return targets

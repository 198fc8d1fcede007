"""Writing rectangles: a constant number of statements, however many blocks there are.

Call these only inside `planning_seats`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import DateField, F, Func, Value

from park.axis import Span, free_spans
from seats.models import Allocation, BlockKind, SeatBlock
from seats.rectangles import Rectangle


def new_block(
    allocation: Allocation, kind: BlockKind, rectangle: Rectangle, today: date
) -> SeatBlock:
    """A block of `allocation`, decided today, not yet saved."""
    return SeatBlock(
        allocation=allocation,
        enterprise_id=allocation.enterprise_id,
        floor_id=rectangle.floor,
        kind=kind,
        seats=tuple(rectangle.seats),
        period=(rectangle.start, rectangle.end),
        recorded_on=today,
    )


def runs_from(allocation: Allocation, day: date) -> list[Rectangle]:
    """What the allocation has from `day` on."""
    return [
        Rectangle(
            block.span,
            max(day, block.period.lower),
            block.period.upper,
        )
        for block in allocation.blocks.order_by("seats", "period")
        if block.period.upper is None or block.period.upper > day
    ]


def free_from(blocks: Sequence[SeatBlock], *, start: date, seats: Span | None, today: date) -> None:
    """End `blocks` on `start`; of each, what lies outside `seats` (None: nothing) stays."""
    kept = [
        SeatBlock(
            allocation_id=block.allocation_id,
            enterprise_id=block.enterprise_id,
            floor_id=block.floor_id,
            kind=block.kind,
            seats=tuple(rest),
            period=(max(start, block.period.lower), block.period.upper),
            recorded_on=today,
        )
        for block in blocks
        if seats is not None
        for rest in free_spans(block.span, [seats])
    ]
    trim([block.pk for block in blocks if block.period.lower < start], start, today)
    delete([block.pk for block in blocks if block.period.lower >= start], today)
    SeatBlock.objects.bulk_create(kept)


def trim(block_ids: Sequence[int], end: date, today: date) -> None:
    """Let blocks that began before `end` end there."""
    let_end(block_ids, end, today)


def let_end(block_ids: Sequence[int], end: date | None, today: date) -> None:
    """Let blocks end on `end`, earlier or later than they do; None: until further notice."""
    if block_ids:
        SeatBlock.objects.filter(pk__in=block_ids).update(
            period=Func(
                F("period__startswith"), Value(end, output_field=DateField()), function="daterange"
            ),
            recorded_on=today,
        )


def start_later(block_ids: Sequence[int], start: date, today: date) -> None:
    """Let blocks that reach beyond `start` begin there."""
    if block_ids:
        SeatBlock.objects.filter(pk__in=block_ids).update(
            period=Func(
                Value(start, output_field=DateField()), F("period__endswith"), function="daterange"
            ),
            recorded_on=today,
        )


def delete(block_ids: Sequence[int], today: date) -> None:
    """Delete blocks; their last event says on which day that was decided."""
    if block_ids:
        blocks = SeatBlock.objects.filter(pk__in=block_ids)
        blocks.update(recorded_on=today)
        blocks.delete()

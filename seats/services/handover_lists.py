"""The lines of a handover list: what it starts with, what may not be on it, writing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from park.axis import Span, floor_of, free_spans, together
from seats.handover_lines import Key, NewLine, given_back, key_of, kit
from seats.models import Allocation, Direction, Handover, HandoverLine, Item
from seats.services.fit_out_seats import runs_of_allocation
from web.refusals import Invalid

MOST_LINES = 500
MOST_OF_A_KIND = 100_000


def proposed_lines(
    allocation: Allocation,
    direction: Direction,
    on: date,
    spans: Sequence[Span] = (),
    replaces: Handover | None = None,
) -> list[NewLine]:
    """What a new list starts with."""
    if replaces is not None:
        return [
            NewLine(
                *(line.span, Item(line.item), line.count, line.name),
                *(line.worn, line.damaged, line.missing, line.note),
            )
            for line in replaces.lines.order_by("pk")
        ]
    spans = list(spans) or candidates(allocation, direction, on)
    if direction == Direction.RETURN:
        return given_back(spans, moved_in(allocation))
    return kit(spans)


def candidates(allocation: Allocation, direction: Direction, on: date) -> list[Span]:
    """The runs that a list may be about: what is there from `on`; at return, what moved in."""
    if direction == Direction.RETURN:
        return sorted({line.span for line in moved_in(allocation)}) or spans_of(allocation)
    return runs_of_allocation(allocation, on) or spans_of(allocation)


def spans_of(allocation: Allocation) -> list[Span]:
    """All seats that the allocation has or ever had, in as few runs as they have."""
    seats = allocation.blocks.values_list("seats", flat=True)
    return together(Span(one.lower, one.upper) for one in seats)


def moved_in(allocation: Allocation) -> list[HandoverLine]:
    """What the move-in lists that count say of the allocation's seats, the latest of each thing.

    They are the enterprise's: seats that were split off or moved to another allocation keep theirs.
    """
    counting = Handover.objects.counting().filter(
        enterprise=allocation.enterprise_id, direction=Direction.MOVE_IN
    )
    lines = HandoverLine.objects.filter(handover__in=counting)
    own = spans_of(allocation)
    latest = {
        key_of(line): line
        for line in lines.order_by("handover__on", "handover", "pk")
        if not free_spans(line.span, own)
    }
    return sorted(latest.values(), key=lambda line: line.pk)


def check_lines(allocation: Allocation, lines: Sequence[NewLine]) -> None:
    """Refuse lines that make no sense, or are about seats of others. Raises `Invalid`."""
    if not 1 <= len(lines) <= MOST_LINES:
        raise Invalid({"lines": _("A list has one to 500 lines.")})
    known = spans_of(allocation)
    seen: set[Key] = set()
    for number, line in enumerate(lines):
        for field, message in _wrong_with(line, known, seen):
            raise Invalid({f"lines[{number}].{field}": message})
        seen.add(line.key)


def _wrong_with(line: NewLine, known: Sequence[Span], seen: set[Key]) -> Iterable[tuple[str, Any]]:
    if line.seats.length < 1 or free_spans(line.seats, known):
        yield "first_seat", _("These seats are not of this allocation.")
    if floor_of(line.seats.lower) != floor_of(line.seats.upper - 1):
        yield "last_seat", _("A run ends with its floor. Give one run for each floor.")
    if (line.item == Item.OTHER) != bool(line.name.strip()):
        yield "name", _("Say what it is; desks, chairs, computers and ports need no name.")
    if line.key in seen:
        yield "item", _("This is on the list twice.")
    if max(line.count, line.worn, line.damaged, line.missing) > MOST_OF_A_KIND:
        yield "count", _("At most 100,000 of a kind.")
    if min(line.count, line.worn, line.damaged, line.missing) < 0:
        yield "count", _("A count is not negative.")
    if line.worn + line.damaged + line.missing > line.count:
        yield "count", _("Worn, damaged and missing are together more than there should be.")


def write_lines(handover: Handover, lines: Sequence[NewLine]) -> None:
    """Write the lines of a list that has none; a return with what the move-in list said."""
    then = (
        {key_of(line): line for line in moved_in(handover.allocation)} if handover.is_return else {}
    )
    HandoverLine.objects.bulk_create(
        HandoverLine(
            handover=handover,
            floor_id=floor_of(line.seats.lower),
            seats=tuple(line.seats),
            item=line.item,
            name=line.name.strip(),
            count=line.count,
            worn=line.worn,
            damaged=line.damaged,
            missing=line.missing,
            note=line.note.strip(),
            **_then(then.get(line.key)),
        )
        for line in lines
    )


def _then(line: HandoverLine | None) -> dict[str, int]:
    if line is None:
        return {}
    return {
        "then_count": line.count - line.missing,
        "then_worn": line.worn,
        "then_damaged": line.damaged,
    }

"""Closed seats: why, since when, until when, and which of them are overdue; and what meets them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, Max, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from park.axis import Span, floor_of, intersection, run_label
from park.models import Floor
from seats.holdings import Holding
from seats.models import Allocation, AllocationKind, SeatBlock
from seats.rectangles import ONE_DAY, Rectangle, last_included
from web import formats
from web.rfc9457 import Text


def closures_from(user: User, today: date) -> QuerySet[Allocation]:
    """Closures of today and of days to come that `user` may see: what is due first on top."""
    closures = Allocation.objects.visible_to(user).filter(kind=AllocationKind.CLOSURE)
    due = Coalesce("due_on", Max(F("blocks__period__endswith")))
    rows = closures.with_seats_from(today).annotate(due=due)
    return rows.order_by(F("due").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class ClosureLine:
    """A closure as a line of the list."""

    holding: Holding
    today: date

    @property
    def overdue_days(self) -> int:
        """For how many days it has been closed longer than it was meant to be."""
        due = self.holding.allocation.due_on
        if due is None or self.holding.last_day is not None:
            return 0  # with a last day it opens by itself
        return max(0, (self.today - due).days)

    @property
    def state(self) -> Text:
        first, last = self.holding.first_day, self.holding.last_day
        if first is not None and first > self.today:
            return _("not closed yet")
        if days := self.overdue_days:
            return ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days}
        if last is not None:
            return _("opens by itself")
        return _("on time") if self.holding.allocation.due_on else _("no day is set")

    @property
    def glyph(self) -> str:
        if self.overdue_days:
            return "stop"
        is_open = self.holding.last_day is None and self.holding.allocation.due_on is None
        return "look" if is_open else "wait"


def lines(closures: Iterable[Allocation], today: date) -> list[ClosureLine]:
    """Each of `closures` (from `with_blocks`) with what it closes from today on."""
    return [ClosureLine(Holding(row, _still(row, today)), today) for row in closures]


def _still(allocation: Allocation, today: date) -> list[SeatBlock]:
    return [
        block
        for block in allocation.blocks.all()
        if block.period.upper is None or block.period.upper > today
    ]


class Rival(NamedTuple):
    """Seats that are wanted and somebody has: who, on which days, where to change that."""

    label: str
    seats: int
    holder: str
    days: str
    kind: Text
    allocation_id: int | None


def rivals_of(conflicts: Sequence[dict[str, Any]], user: User) -> list[Rival]:
    """The conflicts of a refusal as lines of a table, as far as `user` may know them."""
    spans = [Span(each["first_seat"], each["last_seat"] + 1) for each in conflicts]
    floors = Floor.objects.in_bulk({floor_of(span.lower) for span in spans})
    rows = SeatBlock.objects.visible_to(user).filter(floor__in=floors).select_related("allocation")
    blocks = list(rows)
    return [
        _rival(floors[floor_of(span.lower)], span, each, _block_of(span, each, blocks))
        for span, each in zip(spans, conflicts, strict=True)
    ]


def _block_of(
    span: Span, conflict: dict[str, Any], blocks: Iterable[SeatBlock]
) -> SeatBlock | None:
    """The block that a conflict is about, where the person may see it."""
    for block in blocks:
        days = (_iso(block.period.lower), _iso(last_included(block.period.upper)))
        is_there = intersection(span, block.span)
        if is_there and days == (conflict["start"], conflict["end"]):
            return block
    return None


def _rival(floor: Floor, span: Span, conflict: dict[str, Any], block: SeatBlock | None) -> Rival:
    allocation = block.allocation if block else None
    closed = allocation.reason if allocation and allocation.kind == AllocationKind.CLOSURE else ""
    return Rival(
        run_label(floor.label, span),
        span.length,
        conflict["held_by"] or closed or _("another enterprise"),
        formats.period(
            date.fromisoformat(conflict["start"]),
            date.fromisoformat(conflict["end"]) if conflict["end"] else None,
        ),
        block.get_kind_display() if block else "",
        allocation.pk if allocation else None,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def free_after(conflicts: Sequence[dict[str, Any]]) -> date | None:
    """The first day on which nothing of `conflicts` is in the way; None where that is never."""
    ends = [each["end"] for each in conflicts]
    if None in ends:
        return None
    return max(date.fromisoformat(end) for end in ends) + ONE_DAY


class Next(NamedTuple):
    """Who has seats after they come back, and from which day."""

    label: str
    holder: str
    day: date


def next_on(freed: Sequence[Rectangle], user: User) -> list[Next]:
    """Who has seats of `freed` later on, by the order of the seats."""
    rows = SeatBlock.objects.visible_to(user).filter(floor__in={run.floor for run in freed})
    later = rows.select_related("floor", "enterprise", "allocation").order_by("seats", "period")
    return [
        Next(
            run_label(block.floor.label, part),
            str(block.enterprise or (block.allocation.reason if block.allocation else "")),
            block.period.lower,
        )
        for block in later
        for run in freed
        if (part := intersection(run.seats, block.span)) and block.period.lower > run.start
    ]

"""What a change to an allocation would do, shown before it is decided. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from foundation.months import month_of
from park.axis import free_spans, run_label
from park.models import Floor
from seats.models import Allocation, SeatBlock
from seats.occupancy import Grouping, occupancy_on
from seats.rectangles import Rectangle, last_included


@dataclass(frozen=True)
class Change:
    """Seats that an allocation would lose and get, each for some days; `stays`: as they are."""

    freed: Sequence[Rectangle] = ()
    taken: Sequence[Rectangle] = ()
    stays: Sequence[Rectangle] = ()

    @property
    def first_day(self) -> date:
        """The first day on which something is different; of what only stays, its first."""
        return min(one.start for one in [*self.freed, *self.taken] or self.stays)


@dataclass(frozen=True)
class EffectRun:
    """A run on some days, as a line of an effect."""

    label: str
    seats: int
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class BeforeAfter:
    """A number of seats on the first day of a change, without it and with it."""

    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Effect:
    """What is different, from which day, and what the holder and the park have then."""

    day: date
    freed: list[EffectRun] = field(default_factory=list)
    taken: list[EffectRun] = field(default_factory=list)
    stays: list[EffectRun] = field(default_factory=list)
    holder: BeforeAfter = BeforeAfter(0, 0)
    vacant: BeforeAfter = BeforeAfter(0, 0)
    is_last: bool = False

    @property
    def month(self) -> date:
        """The first month whose figures change."""
        return month_of(self.day)

    @property
    def seats_freed(self) -> int:
        return sum(run.seats for run in self.freed)

    @property
    def seats_taken(self) -> int:
        return sum(run.seats for run in self.taken)

    @property
    def seats_staying(self) -> int:
        return sum(run.seats for run in self.stays)


def effect_of(allocation: Allocation, change: Change, *, today: date) -> Effect:
    """What `change` does to the seats of its enterprise (of a closure: its own) and of the park."""
    rectangles = [*change.freed, *change.taken, *change.stays]
    floors = Floor.objects.in_bulk({one.floor for one in rectangles})
    day = change.first_day
    freed, taken = (_on(day, part) for part in (change.freed, change.taken))
    held = _held(allocation, day)
    counted = [floor for floor in floors.values() if floor.delivered_on or day > today]
    here = {floor.pk for floor in counted}
    gain = _seats(one for one in freed if one.floor in here) - _seats(
        one for one in taken if one.floor in here
    )
    vacant = occupancy_on(day, today=today, by=Grouping.PARK)[1].free
    after = held - _seats(freed) + _seats(taken)
    return Effect(
        day=day,
        freed=runs_of(change.freed, floors),
        taken=runs_of(change.taken, floors),
        stays=runs_of(change.stays, floors),
        holder=BeforeAfter(held, after),
        vacant=BeforeAfter(vacant, vacant + gain),
        is_last=after == 0 and not _has_more(allocation, change),
    )


def runs_of(rectangles: Iterable[Rectangle], floors: dict[int, Floor]) -> list[EffectRun]:
    """Rectangles as people read them, in the order of the seats."""
    return [
        EffectRun(
            run_label(floors[one.floor].label, one.seats),
            one.seats.length,
            one.start,
            last_included(one.end),
        )
        for one in sorted(rectangles, key=lambda one: (one.seats, one.start))
    ]


def _on(day: date, rectangles: Iterable[Rectangle]) -> list[Rectangle]:
    return [one for one in rectangles if one.start <= day and (one.end is None or day < one.end)]


def _seats(rectangles: Iterable[Rectangle]) -> int:
    return sum(one.seats.length for one in rectangles)


def _held(allocation: Allocation, day: date) -> int:
    """Seats that the enterprise has on `day`, in whichever allocation."""
    blocks = SeatBlock.objects.on(day)
    if allocation.enterprise_id is None:
        blocks = blocks.filter(allocation=allocation)
    else:
        blocks = blocks.filter(enterprise=allocation.enterprise_id)
    length = F("seats__endswith") - F("seats__startswith")
    return blocks.aggregate(seats=Coalesce(Sum(length), 0))["seats"]


def _has_more(allocation: Allocation, change: Change) -> bool:
    """Whether the enterprise has other seats on a day after the change."""
    blocks = SeatBlock.objects.during(change.first_day, None)
    if allocation.enterprise_id is not None:
        others = blocks.filter(enterprise=allocation.enterprise_id)
        if others.exclude(allocation=allocation).exists():
            return True
    gone = [one.seats for one in change.freed]
    return any(free_spans(block.span, gone) for block in blocks.filter(allocation=allocation))

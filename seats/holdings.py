"""Allocations as a list: which of them hold seats in some part of the place on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from park.axis import Span, free_spans, run_label, slot_of
from seats.models import Allocation, ApprovedRun, BlockKind, BrokenPromise, SeatBlock
from seats.models.allocations import SeatBlockQuerySet
from seats.rectangles import last_included
from seats.wording import hold_until, kind_word
from web.rfc9457 import Text

CURRENT, AHEAD, FUTURE, ENDED = "current", "ahead", "future", "ended"


@dataclass(frozen=True)
class Scope:
    """A part of the place and a day; empty means all of it. `when` "" means whenever."""

    day: date
    today: date
    when: str = CURRENT
    kind: str = ""
    zone: str = ""
    building: int | None = None
    floor: int | None = None

    def blocks(self) -> SeatBlockQuerySet:
        """The blocks in this part of the place, on whatever day."""
        blocks = SeatBlock.objects.real()
        if self.zone:
            blocks = blocks.filter(floor__building__zone__code=self.zone)
        if self.building is not None:
            blocks = blocks.filter(floor__building=self.building)
        if self.floor is not None:
            blocks = blocks.filter(floor=self.floor)
        return blocks

    def there(self, blocks: SeatBlockQuerySet) -> SeatBlockQuerySet:
        """Those of `blocks` that are there on the day, as occupancy counts them.

        A floor that is not handed over exists only in the plan: on days to come.
        """
        blocks = blocks.on(self.day)
        if self.day > self.today:
            return blocks
        return blocks.filter(floor__delivered_on__isnull=False)

    def counted(self) -> SeatBlockQuerySet:
        """The blocks that make up the figure of this kind on the day."""
        blocks = self.there(self.blocks())
        return blocks.filter(kind=self.kind) if self.kind else blocks

    def is_there(self, block: SeatBlock) -> bool:
        """Whether `block` is there on the day; its floor is loaded."""
        upper = block.period.upper
        on_the_day = block.period.lower <= self.day and (upper is None or self.day < upper)
        return on_the_day and (self.day > self.today or block.floor.delivered_on is not None)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.zone or self.building is not None or self.floor is not None)


def allocations_in(scope: Scope, user: User) -> QuerySet[Allocation]:
    """The allocations of `scope` that `user` may see, by the enterprise's name, closures last."""
    rows = Allocation.objects.visible_to(user)
    own = Q(allocation=OuterRef("pk"))
    if scope.when == CURRENT:
        rows = rows.filter(Exists(scope.counted().filter(own)))
    elif scope.when == AHEAD:
        rows = rows.filter(Exists(SeatBlock.objects.during(scope.day, None).filter(own)))
    elif scope.when == FUTURE:
        still = SeatBlock.objects.during(scope.day, None).filter(own)
        there = scope.there(SeatBlock.objects.filter(own))
        rows = rows.filter(Exists(still), ~Exists(there))
    elif scope.when == ENDED:
        rows = rows.exclude(Exists(SeatBlock.objects.during(scope.day, None).filter(own)))
    if scope.when != CURRENT and scope.kind:
        rows = rows.filter(kind=scope.kind)
    if scope.when != CURRENT and scope.is_narrowed:
        rows = rows.filter(Exists(scope.blocks().filter(own)))
    return rows.order_by(F("enterprise__pinyin").asc(nulls_last=True), "pk")


def blocks_of(scope: Scope, allocations: QuerySet[Allocation]) -> SeatBlockQuerySet:
    """The blocks that `allocations` have in `scope`: those of the day, from it on, or all."""
    if scope.when == CURRENT:
        blocks = scope.counted()
    else:
        blocks = scope.blocks()
        if scope.when in {AHEAD, FUTURE}:
            blocks = blocks.during(scope.day, None)
    return blocks.filter(allocation__in=allocations.order_by().values("pk"))


def seats_in(scope: Scope, allocations: QuerySet[Allocation]) -> int:
    """How many seats `allocations` have in `scope`: the figure that led here."""
    length = F("seats__endswith") - F("seats__startswith")
    blocks = scope.counted().filter(allocation__in=allocations.order_by().values("pk"))
    return blocks.aggregate(seats=Coalesce(Sum(length), 0))["seats"]


@dataclass(frozen=True)
class BlockLine:
    """A block as a line of a table."""

    block: SeatBlock

    @property
    def label(self) -> str:
        return label_of(self.block)

    @property
    def seats(self) -> int:
        return self.block.seats.upper - self.block.seats.lower

    @property
    def glyph(self) -> str:
        return glyph_of(self.block.kind)

    @property
    def word(self) -> Text:
        return kind_word(self.block)


@dataclass(frozen=True)
class Holding:
    """An allocation with the runs it has: those on the day, or all where it has none then."""

    allocation: Allocation
    blocks: list[SeatBlock] = field(default_factory=list)

    @property
    def runs(self) -> list[str]:
        return [label_of(block) for block in self.blocks]

    @property
    def seats(self) -> int:
        """How many seats, at most, on one day: who moves from forty to forty others has forty."""
        return most_at_once(self.blocks)

    @property
    def lines(self) -> list[BlockLine]:
        return [BlockLine(block) for block in self.blocks]

    @property
    def glyph(self) -> str:
        """Its kind as the page parts name it."""
        return glyph_of(self.allocation.kind)

    @property
    def word(self) -> Text:
        """Its kind in words."""
        return kind_word(self.blocks[0]) if self.blocks else self.allocation.get_kind_display()

    @property
    def until(self) -> str:
        """Until when it is held, in words; empty where no day is set."""
        expires_at = self.allocation.expires_at
        return "" if expires_at is None else hold_until(expires_at)

    @property
    def first_day(self) -> date | None:
        return min((block.period.lower for block in self.blocks), default=None)

    @property
    def last_day(self) -> date | None:
        ends = [block.period.upper for block in self.blocks]
        return None if not ends or None in ends else last_included(max(ends))


def with_blocks(rows: QuerySet[Allocation]) -> QuerySet[Allocation]:
    """Each allocation with its enterprise and its blocks: two queries, however many there are."""
    blocks = SeatBlock.objects.select_related("floor").order_by("seats", "period")
    return rows.select_related("enterprise").prefetch_related(Prefetch("blocks", blocks))


def holdings(rows: Iterable[Allocation], scope: Scope) -> list[Holding]:
    """What each of `rows` (from `with_blocks`) has in `scope`."""
    return [Holding(row, _shown(row, scope)) for row in rows]


def _shown(allocation: Allocation, scope: Scope) -> list[SeatBlock]:
    blocks = list(allocation.blocks.all())
    there = [block for block in blocks if scope.is_there(block)]
    if scope.when != CURRENT or not there:
        return there or blocks
    return [block for block in there if _counts(block, scope)]


def _counts(block: SeatBlock, scope: Scope) -> bool:
    return (
        (not scope.kind or block.kind == scope.kind)
        and (not scope.zone or block.floor.label.startswith(f"{scope.zone}-"))
        and (scope.building is None or block.floor.building_id == scope.building)
        and (scope.floor is None or block.floor_id == scope.floor)
    )


def glyph_of(kind: str) -> str:
    """What a kind of block is called by the page parts."""
    return "closed" if kind == BlockKind.CLOSURE else kind


def label_of(block: SeatBlock) -> str:
    """C-1-3F-345 — 404."""
    return run_label(block.floor.label, block.span)


def count_seats(blocks: Iterable[SeatBlock | ApprovedRun | BrokenPromise]) -> int:
    """How many seats are in `blocks`; the same seats in two periods count once."""
    by_floor: dict[int, list[Span]] = {}
    for block in blocks:
        span = block.span
        by_floor.setdefault(block.floor_id, []).append(span)
    return sum(count_covered(floor, spans) for floor, spans in by_floor.items())


def most_at_once(blocks: Iterable[SeatBlock]) -> int:
    """How many seats are in `blocks` on the day that has the most; no two share a seat and day."""
    blocks = list(blocks)
    return max((_on(day, blocks) for day in {block.period.lower for block in blocks}), default=0)


def _on(day: date, blocks: Iterable[SeatBlock]) -> int:
    return sum(
        block.seats.upper - block.seats.lower
        for block in blocks
        if block.period.lower <= day and (block.period.upper is None or day < block.period.upper)
    )


def count_covered(floor: int, spans: Iterable[Span]) -> int:
    """How many numbers of the floor's slot are in any of `spans`."""
    slot = slot_of(floor)
    return slot.length - sum(rest.length for rest in free_spans(slot, spans))

"""A day as it was known at some moment, and what was recorded since that changes it (ADR 0003).

The moment is a place in the history: the last events of blocks and of floors that were there.
Everything that writes them holds the park-wide lock, so events are numbered in the order in which
they became known. The days asked about are over: a floor counts once it is handed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max, QuerySet

from park.axis import SLOT
from park.models import Floor
from seats.models import BlockKind, SeatBlock
from seats.occupancy import Occupancy

DELETE = "delete"


class Mark(NamedTuple):
    """The last events that were known."""

    blocks: int
    floors: int


def mark_now() -> Mark:
    """What is known in the snapshot of this transaction."""
    return _mark(_events_of(SeatBlock), _events_of(Floor))


def mark_at(moment: datetime) -> Mark:
    """What had been recorded by `moment`, by the database's own clock."""
    return _mark(
        *(_events_of(model).filter(pgh_created_at__lte=moment) for model in (SeatBlock, Floor))
    )


def _events_of(model: Any) -> QuerySet[Any]:
    return model.pgh_event_model.objects.all()


def _mark(blocks: QuerySet[Any], floors: QuerySet[Any]) -> Mark:
    return Mark(*(rows.aggregate(last=Max("pgh_id"))["last"] or 0 for rows in (blocks, floors)))


_KNOWN = """
    WITH floors AS (
        SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id AS id, label, delivered_on, pgh_label
        FROM park_floorevent
        WHERE pgh_id <= %(floors)s
        ORDER BY pgh_obj_id, pgh_id DESC
    ),
    blocks AS (
        SELECT DISTINCT ON (pgh_obj_id) floor_id, kind, seats, period, pgh_label
        FROM seats_seatblockevent
        WHERE pgh_id <= %(blocks)s
        ORDER BY pgh_obj_id, pgh_id DESC
    ),
    areas AS (
        SELECT floor_id, kind, sum(upper(seats) - lower(seats)) AS seats
        FROM blocks
        WHERE pgh_label <> 'delete' AND period @> %(day)s::date
        GROUP BY floor_id, kind
    )
    SELECT f.label,
           (%(slot)s - coalesce(sum(a.seats) FILTER (WHERE a.kind = 'void'), 0))::int,
           coalesce(sum(a.seats) FILTER (WHERE a.kind = 'firm'), 0)::int,
           coalesce(sum(a.seats) FILTER (WHERE a.kind = 'hold'), 0)::int,
           coalesce(sum(a.seats) FILTER (WHERE a.kind = 'closure'), 0)::int
    FROM floors f LEFT JOIN areas a ON a.floor_id = f.id
    WHERE f.delivered_on IS NOT NULL AND f.pgh_label <> 'delete'
    GROUP BY f.id, f.label
"""


def occupancy_known(day: date, mark: Mark) -> dict[str, Occupancy]:
    """Each floor's seats at the end of `day` by its label, as they were known at `mark`."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {**mark._asdict(), "day": day, "slot": SLOT})
        return {label: Occupancy(*figures) for label, *figures in cursor.fetchall()}


class Effect(NamedTuple):
    """By how many seats something changed a floor's figures of the day."""

    floor: int
    seats: int
    firm: int
    held: int
    closed: int

    @property
    def free(self) -> int:
        return self.seats - self.firm - self.held - self.closed


@dataclass
class Deed:
    """What somebody recorded at once, as far as it changes the day. `user` None: Xiyuan itself."""

    at: datetime
    user: int | None
    effects: list[Effect] = field(default_factory=list)
    allocations: list[int] = field(default_factory=list)


def deeds_since(day: date, mark: Mark) -> list[Deed]:
    """What was recorded after `mark` and changes `day`, in its order.

    What it adds up to is the difference between `day` as known then and as known now. Four
    statements, however much it is.
    """
    blocks = list(_blocks_since(day, mark))
    floors = list(
        _events_of(Floor)
        .filter(pgh_id__gt=mark.floors)
        .select_related("pgh_context")
        .order_by("pgh_id")
    )
    touched = {event.floor_id for event in blocks} | {event.pgh_obj_id for event in floors}
    ledger = _Ledger(day, _known_floors(touched, mark), _known_blocks(touched, day, mark))
    deeds = (ledger.record(events) for events in _in_order(blocks, floors))
    return [deed for deed in deeds if deed.effects]


def _blocks_since(day: date, mark: Mark) -> QuerySet[Any]:
    """Later events of blocks that cover `day` in any of their forms."""
    events = _events_of(SeatBlock)
    of_the_day = events.filter(period__contains=day).values("pgh_obj_id")
    later = events.filter(pgh_id__gt=mark.blocks, pgh_obj_id__in=of_the_day)
    return later.select_related("pgh_context").order_by("pgh_id")


def _last(events: QuerySet[Any], up_to: int) -> QuerySet[Any]:
    latest = events.filter(pgh_id__lte=up_to).order_by("pgh_obj_id", "-pgh_id")
    return latest.distinct("pgh_obj_id")


def _known_floors(floors: Collection[int], mark: Mark) -> Iterable[Any]:
    return _last(_events_of(Floor).filter(pgh_obj_id__in=floors), mark.floors)


def _known_blocks(floors: Collection[int], day: date, mark: Mark) -> Iterable[Any]:
    """The blocks of some floors that were known to cover the day."""
    events = _events_of(SeatBlock)
    last = _last(events.filter(floor__in=floors), mark.blocks)
    return events.filter(pk__in=last.values("pk"), period__contains=day).exclude(pgh_label=DELETE)


def _in_order(blocks: Iterable[Any], floors: Iterable[Any]) -> Iterator[list[Any]]:
    """The events of each deed, deed by deed as they were recorded."""
    deeds: dict[Any, list[Any]] = {}
    for event in [*blocks, *floors]:
        alone = (type(event), event.pgh_id)  # without a context it is a deed of its own
        deeds.setdefault(event.pgh_context_id or alone, []).append(event)
    return iter(sorted(deeds.values(), key=lambda events: events[0].pgh_created_at))


class _Ledger:
    """The figures of some floors on a day, while events are recorded one after the other."""

    def __init__(self, day: date, floors: Iterable[Any], blocks: Iterable[Any]) -> None:
        self.day = day
        self.counts: dict[int, bool] = {}
        self.sums: dict[int, Counter[str]] = {}
        self.forms: dict[
            int, tuple[int, int, str, int]
        ] = {}  # of a block: event, floor, kind, seats
        for event in [*floors, *blocks]:
            self._take(event)

    def record(self, events: list[Any]) -> Deed:
        """Take the events of a deed, and tell what they change."""
        floors = sorted({_floor_of(event) for event in events})
        before = [self._figures(floor) for floor in floors]
        allocations = [event.allocation_id for event in events if self._take(event)]
        after = [self._figures(floor) for floor in floors]
        context = events[0].pgh_context
        return Deed(
            min(event.pgh_created_at for event in events),
            context.metadata.get("user") if context else None,
            [
                Effect(floor, *(new - old for new, old in zip(now, was, strict=True)))
                for floor, was, now in zip(floors, before, after, strict=True)
                if was != now
            ],
            list(dict.fromkeys(pk for pk in allocations if pk)),
        )

    def _figures(self, floor: int) -> Occupancy:
        if not self.counts.get(floor):
            return Occupancy()
        sums = self.sums.get(floor, Counter())
        kinds = (BlockKind.FIRM, BlockKind.HOLD, BlockKind.CLOSURE)
        return Occupancy(SLOT - sums[BlockKind.VOID], *(sums[kind] for kind in kinds))

    def _take(self, event: Any) -> bool:
        """Whether the event changed what a block is on the day."""
        if not hasattr(event, "period"):
            is_there = event.pgh_label != DELETE and event.delivered_on is not None
            self.counts[event.pgh_obj_id] = is_there
            return False
        last, *former = self.forms.get(event.pgh_obj_id, (0, event.floor_id, event.kind, 0))
        if event.pgh_id < last:
            return False
        form = (event.floor_id, event.kind, self._seats(event))
        self.forms[event.pgh_obj_id] = (event.pgh_id, *form)
        self._add(*former, sign=-1)
        self._add(*form, sign=1)
        return form[2] != former[2] or (form[2] > 0 and form != tuple(former))

    def _add(self, floor: int, kind: str, seats: int, *, sign: int) -> None:
        self.sums.setdefault(floor, Counter())[kind] += sign * seats

    def _seats(self, event: Any) -> int:
        lower, upper = event.period.lower, event.period.upper
        is_on = lower <= self.day and (upper is None or self.day < upper)
        is_there = is_on and event.pgh_label != DELETE
        return event.seats.upper - event.seats.lower if is_there else 0


def _floor_of(event: Any) -> int:
    return event.floor_id if hasattr(event, "period") else event.pgh_obj_id

"""Pre-selections (预选): which enterprises hold how many seats on floors that are not handed over.

For today and days to come the rows say it; for a past day the event table, as it was known at the
end of that day (ADR 0003): since then most holds were confirmed, released, or are over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from park.axis import Span
from park.models import Floor
from seats.holdings import count_covered
from seats.models import BlockKind, SeatBlock


class Promised(NamedTuple):
    """What is pre-selected on floors that are not handed over."""

    enterprises: frozenset[int | None] = frozenset()
    seats: int = 0

    def __add__(self, other: Promised) -> Promised:  # type: ignore[override]
        return Promised(self.enterprises | other.enterprises, self.seats + other.seats)


def promised(floors: Iterable[Floor], day: date, *, today: date) -> dict[int, Promised]:
    """By floor: which enterprises hold how many seats from `day` on, as known on that day.

    What will be known on a day to come, nobody can say: there it is what is known today.
    """
    keys = [floor.pk for floor in floors]
    enterprises: dict[int, set[int | None]] = {}
    runs: dict[int, list[Span]] = {}
    for floor, enterprise, seats in _holds(keys, day, today) if keys else ():
        enterprises.setdefault(floor, set()).add(enterprise)
        runs.setdefault(floor, []).append(Span(seats.lower, seats.upper))
    return {
        floor: Promised(frozenset(enterprises[floor]), count_covered(floor, spans))
        for floor, spans in runs.items()
    }


def _holds(floors: Collection[int], day: date, today: date) -> QuerySet[Any, Any]:
    rows = SeatBlock.objects.all() if day >= today else _known_on(day)
    holds = rows.filter(floor__in=floors, kind=BlockKind.HOLD, period__overlap=(day, None))
    return holds.order_by("seats").values_list("floor", "enterprise", "seats")


def _known_on(day: date) -> QuerySet[Any]:
    """Each block as it was at the end of `day`: its last event until then, unless a delete."""
    events: QuerySet[Any] = SeatBlock.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    until_then = events.filter(recorded_on__lte=day).order_by("pgh_obj", "-pgh_id")
    last = until_then.distinct("pgh_obj").values("pk")
    return events.filter(pk__in=last).exclude(pgh_label="delete")

"""What every area works with: the park, a connection of its own, and how often to measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import psycopg

from bench.park import Park
from bench.timing import Rounds


class PlainBlock(NamedTuple):
    """A block as plain numbers and days; `end` is the first day after."""

    id: int
    allocation: int | None
    enterprise: int | None
    floor: int
    kind: str
    lower: int
    upper: int
    start: date
    end: date

    @property
    def length(self) -> int:
        return self.upper - self.lower

    def is_on(self, day: date) -> bool:
        return self.start <= day < self.end

    def days_within(self, start: date, end: date) -> int:
        """How many of its days are in [start, end)."""
        return max(0, (min(self.end, end) - max(self.start, start)).days)


@dataclass(frozen=True)
class Desk:
    """`plain`: psycopg without Django, for everything that is done by hand."""

    park: Park
    plain: psycopg.Connection[Any]
    rounds: Rounds

    def blocks(self) -> list[PlainBlock]:
        """Every block, read by hand."""
        rows = self.plain.execute(
            "SELECT id, allocation_id, enterprise_id, floor_id, kind, lower(seats), upper(seats),"
            " lower(period), coalesce(upper(period), '9999-12-31') FROM seats_seatblock"
        )
        return [PlainBlock(*row) for row in rows.fetchall()]

    def last_allocation(self) -> int:
        """The number of the allocation made last."""
        return self.plain.execute("SELECT max(id) FROM seats_allocation").fetchall()[0][0]

    def undo_allocations_after(self, number: int) -> None:
        """Take away, by hand, what was allocated since."""
        self.plain.execute("DELETE FROM seats_seatblock WHERE allocation_id > %s", [number])
        self.plain.execute("DELETE FROM seats_allocation WHERE id > %s", [number])

    def floor_labels(self) -> dict[str, int]:
        """The number of each floor by its label."""
        return dict(self.plain.execute("SELECT label, id FROM park_floor").fetchall())

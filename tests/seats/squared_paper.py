"""The park on squared paper, one cell for each seat and day: what the database is compared with.

No ORM, no SQL, no ranges: whatever the product works out with rectangles is counted here.
The paper ends on a day after which nothing changes any more; its last column stands for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

SLOT = 4096


class Cell(NamedTuple):
    """Why a seat is not free on a day."""

    kind: str
    enterprise: int | None
    allocation: int


@dataclass
class PaperFloor:
    """A floor: for each of its seats the day from which it exists (None: not yet known)."""

    pk: int
    zone: str
    building: str
    label: str
    opens: list[date | None]
    is_delivered: bool

    @property
    def seats(self) -> list[int]:
        return [self.pk * SLOT + place for place in range(len(self.opens))]


@dataclass
class SquaredPaper:
    """The cells of all floors on the days from `first` to `last`."""

    first: date
    last: date
    floors: dict[int, PaperFloor] = field(default_factory=dict)
    cells: dict[tuple[int, date], Cell] = field(default_factory=dict)

    def days(self, start: date | None = None, end: date | None = None) -> list[date]:
        """The days of [start, end) on the paper; without an end, up to its last."""
        start = max(start or self.first, self.first)
        end = min(end or date.max, self.last + timedelta(days=1))
        return [start + timedelta(days=number) for number in range((end - start).days)]

    def exists(self, seat: int, day: date) -> bool:
        floor = self.floors.get(seat // SLOT)
        place = seat % SLOT
        if floor is None or place >= len(floor.opens):
            return False
        opens = floor.opens[place]
        return opens is not None and opens <= day

    def is_free(self, seat: int, day: date) -> bool:
        return self.exists(seat, day) and (seat, day) not in self.cells

    def put(self, cell: Cell, seats: Iterable[int], days: Sequence[date]) -> None:
        """Fill cells; each must be free."""
        for seat in seats:
            for day in days:
                assert self.is_free(seat, day), (seat, day, self.cells.get((seat, day)))
                self.cells[seat, day] = cell

    def clear(self, allocation: int, seats: Iterable[int], days: Iterable[date]) -> None:
        """Free the cells that `allocation` has among these."""
        wanted = set(seats)
        for day in days:
            for seat in wanted:
                if (cell := self.cells.get((seat, day))) and cell.allocation == allocation:
                    del self.cells[seat, day]

    def occupancy(
        self, days: Sequence[date], today: date, by: str
    ) -> dict[str | int | None, Counter[str]]:
        """Seats × days by kind, counted cell by cell, for each floor, building, zone or holder.

        A floor that is not handed over counts on days after `today` only.
        """
        found: dict[str | int | None, Counter[str]] = {}
        for floor in self.floors.values():
            key = {"floor": floor.label, "building": floor.building, "zone": floor.zone}.get(by)
            if by != "enterprise":
                found.setdefault(key, Counter())
            for day in days:
                if not floor.is_delivered and day <= today:
                    continue
                for seat in floor.seats:
                    if self.exists(seat, day):
                        cell = self.cells.get((seat, day), Cell("free", None, 0))
                        holder = cell.enterprise if by == "enterprise" else key
                        found.setdefault(holder, Counter()).update(["seats", cell.kind])
        return found

    def free_runs(self, days: Sequence[date]) -> list[tuple[int, int]]:
        """Runs free on all of `days`, grown seat by seat; longest first, then by number."""
        runs: list[list[int]] = []
        for floor in self.floors.values():
            run: list[int] = []
            for seat in floor.seats:
                if not all(self.is_free(seat, day) for day in days):
                    run = []
                elif run:
                    run.append(seat)
                else:
                    run = [seat]
                    runs.append(run)
        return sorted(
            ((run[0], run[-1] + 1) for run in runs), key=lambda run: (run[0] - run[1], run[0])
        )

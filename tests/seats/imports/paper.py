"""The park cell by cell, one for each seat and day: what an import is compared with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from seats.models import SeatBlock

FIRST, LAST = date(2023, 12, 1), date(2024, 7, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]

Cells = dict[tuple[int, date], tuple[str, int | None]]


class Decided(NamedTuple):
    """Seats on days, as somebody decided; the last day included, None for ever."""

    first: int
    last: int
    start: date
    end: date | None
    kind: str
    enterprise: int | None

    def cells(self) -> Cells:
        return {
            (seat, day): (self.kind, self.enterprise)
            for seat in range(self.first, self.last + 1)
            for day in DAYS
            if self.start <= day and (self.end is None or day <= self.end)
        }


def cells_of_the_park() -> Cells:
    """Who has which seat on which day, from the rows of the database, seat by seat."""
    found: Cells = {}
    for block in SeatBlock.objects.real():
        for seat in range(block.seats.lower, block.seats.upper):
            for day in DAYS:
                if block.period.lower <= day and (
                    block.period.upper is None or day < block.period.upper
                ):
                    assert (seat, day) not in found, "given twice"
                    found[seat, day] = (block.kind, block.enterprise_id)
    return found


def put(cells: Cells, *decided: Decided) -> Cells:
    """The cells with what was decided; each must be free."""
    full = dict(cells)
    for one in decided:
        for key, value in one.cells().items():
            assert key not in full, (key, full.get(key))
            full[key] = value
    return full


def without(cells: Cells, *decided: Decided) -> Cells:
    """The cells without those of what was decided."""
    gone: set[Any] = {key for one in decided for key in one.cells()}
    return {key: value for key, value in cells.items() if key not in gone}

"""What the squared paper knows of loans, and of allocations that move, split, last longer, end."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass
class PaperLoan:
    """Seats that are with a borrower on [start, end); only proposed while `borrower` is None."""

    lender: int  # allocation
    borrower: int | None  # allocation
    lender_enterprise: int
    borrower_enterprise: int
    seats: range
    start: date
    end: date
    has_ended: bool = False  # on its last day, as agreed
    is_agreed: bool = False

    def is_out_after(self, day: date) -> bool:
        return self.borrower is not None and self.end > day and not self.has_ended

    def meets(self, seats: set[int] | None) -> bool:
        return seats is None or not seats.isdisjoint(self.seats)


def last_days(cells: list[tuple[int, date]]) -> dict[int, date]:
    """For each seat the last of its days."""
    found: dict[int, date] = {}
    for seat, day in cells:
        found[seat] = max(day, found.get(seat, day))
    return found


def days_by_seat(cells: list[tuple[int, date]], start: date) -> dict[int, set[date]]:
    """For each seat its days from `start` on."""
    found: dict[int, set[date]] = {}
    for seat, day in cells:
        if day >= start:
            found.setdefault(seat, set()).add(day)
    return found


def gaps(days: set[date]) -> bool:
    """Whether the days are not one after the other."""
    return max(days) - min(days) != timedelta(days=len(days) - 1)

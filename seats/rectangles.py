"""A run of seats for a run of days: the shape of a block that is not yet anyone's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from park.axis import LAST_DAY, Span, floor_of

ONE_DAY = timedelta(days=1)


class Rectangle(NamedTuple):
    """Seats [seats.lower, seats.upper) on days [start, end); `end` None: until further notice."""

    seats: Span
    start: date
    end: date | None = None

    @classmethod
    def of_days(cls, first_seat: int, last_seat: int, first: date, last: date | None) -> Rectangle:
        """From first and last seat, first and last day, as people say them: both included."""
        end = None if last is None or last >= LAST_DAY else last + ONE_DAY
        return cls(Span(first_seat, last_seat + 1), first, end)

    @property
    def floor(self) -> int:
        return floor_of(self.seats.lower)

    def meets(self, other: Rectangle) -> bool:
        """Whether the two share a seat on a day."""
        return (
            self.seats.lower < other.seats.upper
            and other.seats.lower < self.seats.upper
            and (other.end is None or self.start < other.end)
            and (self.end is None or other.start < self.end)
        )


def first_pair_that_meets(rectangles: Sequence[Rectangle]) -> tuple[Rectangle, Rectangle] | None:
    """Two of `rectangles` that share a seat on a day, or None if no two do."""
    ordered = sorted(rectangles, key=lambda rectangle: rectangle.seats)
    for position, rectangle in enumerate(ordered):
        for other in ordered[position + 1 :]:
            if other.seats.lower >= rectangle.seats.upper:
                break
            if rectangle.meets(other):
                return rectangle, other
    return None


def last_included(end: date | None) -> date | None:
    """The last day of a half-open period that ends with `end`, as people say it."""
    return None if end is None else end - ONE_DAY

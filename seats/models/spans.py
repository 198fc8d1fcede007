"""What every row about a run of seats can say of it."""

from __future__ import annotations

from typing import Any

from park.axis import Span


class HasSpan:
    """A row whose `seats` are a range of the axis."""

    seats: Any

    @property
    def span(self) -> Span:
        """The seats, as the arithmetic of the axis takes them."""
        return Span(self.seats.lower, self.seats.upper)

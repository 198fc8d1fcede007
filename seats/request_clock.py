"""How much time is left of what was promised: in working hours, for lists, pages and the API."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from foundation.working_days import KNOWN_YEARS, WorkingCalendar
from seats.models import SeatRequest
from seats.wording import hold_until
from web.parts.facts import SOON


@dataclass(frozen=True)
class Left:
    """What is left of a promise at one moment; below nought it is over by that much."""

    due: datetime
    exact: float
    promised: int
    is_calendar_known: bool

    @property
    def hours(self) -> int:
        """Whole working hours: of what is left those that are full, of what is over each begun."""
        return math.floor(self.exact)

    @property
    def over(self) -> int:
        """How many hours it is over; 0 while it is in time."""
        return max(0, -self.hours)

    @property
    def is_soon(self) -> bool:
        """Whether it asks for a look, as {% clock %} does."""
        return not self.over and self.hours <= SOON

    @property
    def used(self) -> int:
        """How much of what was promised has gone by."""
        return max(0, self.promised - max(self.hours, 0))

    @property
    def until(self) -> str:
        """The moment in words; the last day where it ends with it."""
        return hold_until(self.due)

    @property
    def known_until(self) -> int:
        """The last year whose holidays are known."""
        return KNOWN_YEARS[-1]


class RequestClock:
    """Reads promises at one moment; asks for the calendar once, and only if there is a promise."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    @cached_property
    def _calendar(self) -> WorkingCalendar:
        return WorkingCalendar.load()

    def left(self, request: SeatRequest) -> Left | None:
        """What is left of the promise; None where nothing is promised."""
        return self._left(request.promised_at, request.promised_hours)

    def left_of(self, row: Mapping[str, Any]) -> Left | None:
        """The same of a row of `.values()`."""
        return self._left(row["promised_at"], row["promised_hours"])

    def _left(self, due: datetime | None, hours: int | None) -> Left | None:
        if due is None:
            return None
        exact = self._calendar.hours_between(self._now, due)
        return Left(due, exact, hours or 0, self._calendar.is_known(due))

"""The days of a month: when its returns open, are due, are looked at, and when it closes.

The only place that says so. The settings name days of the following month; one that is not worked
moves to the next working day (foundation/working_days.py). The opening is no day on which anybody
must act: it stays the first, so that it comes before the due day also after a long holiday.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from foundation.models import Setting
from foundation.months import next_month
from foundation.services.settings import settings_of
from foundation.working_days import WorkingCalendar

_NAMES = (Setting.Name.RETURN_DUE_DAY, Setting.Name.REVIEW_DAY, Setting.Name.CLOSE_DAY)


class MonthDays(NamedTuple):
    """The days of `month`; each lies in the month after it, or later."""

    month: date
    opens_on: date
    due_on: date
    review_on: date
    closes_on: date


@dataclass(frozen=True)
class MonthCalendar:
    """The days of any number of months, read once."""

    working: WorkingCalendar
    due_day: int
    review_day: int
    close_day: int

    @classmethod
    def load(cls) -> MonthCalendar:
        """As it is set now: three queries."""
        days = settings_of(_NAMES)
        return cls(WorkingCalendar.load(), *(days[name] for name in _NAMES))

    def of(self, month: date) -> MonthDays:
        """The days of `month`."""
        first = next_month(month)
        due, review, close = (
            self.working.on_or_after(first.replace(day=day))
            for day in (self.due_day, self.review_day, self.close_day)
        )
        return MonthDays(month, first, due, review, close)

    def of_each(self, months: Iterable[date]) -> dict[date, MonthDays]:
        """The days of each of `months`."""
        return {month: self.of(month) for month in months}


def month_days(month: date) -> MonthDays:
    """The days of one month."""
    return MonthCalendar.load().of(month)

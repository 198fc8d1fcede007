"""Working days and working hours: the state's calendar, and this park's exceptions from it.

Holidays and the weekends worked in their place (调休) come from the package `chinesecalendar`, for
the years whose notice of the State Council it knows; in other years Monday to Friday are worked.
The table `WorkingDay` overrides both. A working day has the hours that are set, but for a break
from 12 to 13 o'clock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from chinese_calendar.constants import holidays, workdays
from django.utils import timezone

from foundation.models import Setting, WorkingDay

KNOWN_YEARS = range(min(holidays).year, max(holidays).year + 1)
BREAK = (timedelta(hours=12), timedelta(hours=13))
ONE_DAY = timedelta(days=1)
NOTHING = timedelta()

Part = tuple[timedelta, timedelta]  # of a day, from and until


class Moment(NamedTuple):
    """An instant as the clock on the wall says it."""

    day: date
    since_midnight: timedelta


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days and hours of this park, read once for any number of questions."""

    exceptions: Mapping[date, bool]
    work_from: int
    work_until: int

    @classmethod
    def load(cls) -> WorkingCalendar:
        """As it is set now: two queries."""
        hours = dict(Setting.objects.filter(name__startswith="work_").values_list("name", "value"))
        return cls(
            dict(WorkingDay.objects.values_list("day", "is_working")),
            *(
                hours.get(name, Setting.DEFAULTS[name])
                for name in (Setting.Name.WORK_FROM, Setting.Name.WORK_UNTIL)
            ),
        )

    def is_working_day(self, day: date) -> bool:
        """Whether the park works on `day`."""
        if day in self.exceptions:
            return self.exceptions[day]
        return day in workdays or (day.weekday() < 5 and day not in holidays)

    def is_known(self, day: date) -> bool:
        """Whether holidays near `day` are known: the state publishes them a year at a time."""
        return day.year in KNOWN_YEARS

    def on_or_after(self, day: date) -> date:
        """`day`, or the next working day where it is none."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def working_day_after(self, day: date, count: int = 1) -> date:
        """The working day that comes `count` working days after `day`; before it, where negative.

        `day` itself does not count, whether it is worked or not.
        """
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _one in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def days_between(self, start: date, end: date) -> int:
        """Working days after `start` until `end`, which counts; 0 where `end` is not later."""
        first, last = start + ONE_DAY, end + ONE_DAY
        return max(self._working_days_before(last) - self._working_days_before(first), 0)

    def hours_between(self, start: datetime, end: datetime) -> float:
        """Working hours from `start` to `end`; negative where `end` comes first."""
        return self.time_between(start, end) / timedelta(hours=1)

    def time_between(self, start: datetime, end: datetime) -> timedelta:
        """The same, exactly."""
        if end < start:
            return -self.time_between(end, start)
        first, last = _moment(start), _moment(end)
        whole = self._working_days_before(last.day) - self._working_days_before(first.day)
        return whole * self._of_a_day - self._passed(first) + self._passed(last)

    def after(self, start: datetime, hours: float) -> datetime:
        """The first instant at which `hours` working hours have passed since `start`."""
        left, (day, begin) = timedelta(hours=hours), _moment(start)
        if left <= NOTHING:
            return start
        while True:
            for opens, closes in self._spans_of(day):
                from_ = max(opens, begin)
                if (here := closes - from_) >= left:
                    return timezone.make_aware(datetime.combine(day, time.min)) + from_ + left
                left -= max(here, NOTHING)
            day, begin = day + ONE_DAY, NOTHING

    def _spans_of(self, day: date) -> list[Part]:
        return self._spans if self.is_working_day(day) else []

    def _passed(self, moment: Moment) -> timedelta:
        """The working time of its day until then."""
        return sum(
            (
                max(min(closes, moment.since_midnight) - opens, NOTHING)
                for opens, closes in self._spans_of(moment.day)
            ),
            NOTHING,
        )

    @property
    def _spans(self) -> list[Part]:
        return [
            (timedelta(hours=self.work_from), BREAK[0]),
            (BREAK[1], timedelta(hours=self.work_until)),
        ]

    @property
    def _of_a_day(self) -> timedelta:
        return sum((closes - opens for opens, closes in self._spans), NOTHING)

    def _working_days_before(self, day: date) -> int:
        """How many working days there were before `day`, since the beginning of the calendar."""
        weeks, rest = divmod(day.toordinal() - 1, 7)  # day 1 was a Monday
        weekdays = weeks * 5 + min(rest, 5)
        return weekdays - bisect_left(self._days_off, day) + bisect_left(self._days_on, day)

    @cached_property
    def _days_off(self) -> list[date]:
        """Days from Monday to Friday that are not worked."""
        return [day for day in self._special if day.weekday() < 5 and not self.is_working_day(day)]

    @cached_property
    def _days_on(self) -> list[date]:
        """Saturdays and Sundays that are worked."""
        return [day for day in self._special if day.weekday() >= 5 and self.is_working_day(day)]

    @cached_property
    def _special(self) -> list[date]:
        return sorted({*holidays, *workdays, *self.exceptions})


def _moment(instant: datetime) -> Moment:
    local = timezone.localtime(instant)
    return Moment(local.date(), local - timezone.make_aware(datetime.combine(local, time.min)))


def is_working_day(day: date) -> bool:
    """Whether the park works on `day`."""
    return WorkingCalendar.load().is_working_day(day)


def working_hours_between(start: datetime, end: datetime) -> float:
    """Working hours from `start` to `end`; negative where `end` comes first."""
    return WorkingCalendar.load().hours_between(start, end)


def after_working_hours(start: datetime, hours: float) -> datetime:
    """The first instant at which `hours` working hours have passed since `start`."""
    return WorkingCalendar.load().after(start, hours)

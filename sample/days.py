"""The sample's days: most are fixed; the last weeks count back from the day of loading.

So the park looks alive on whatever day it is loaded: something was just decided, something expires
soon, the next phase is still to come.
"""

import re
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from foundation.months import add_months, month_of

_RELATIVE = re.compile(r"today([+-]\d+)")
_PHASE = re.compile(r"phase-(\d)")

# Zone D's phases that are being built: how many months after loading they are planned to open.
MONTHS_AHEAD = {2: 12, 3: 24}


def day_of(written: date | str, today: date) -> date:
    """The day that a data file means: a date, `today-40`, `today+3` or `phase-2`."""
    if isinstance(written, date):
        return written
    if phase := _PHASE.fullmatch(written):
        return phase_opens(int(phase[1]), today)
    match = _RELATIVE.fullmatch(written)
    if match is None:
        raise ValueError(f"not a day: {written}")
    return today + timedelta(days=int(match[1]))


def phase_opens(number: int, today: date) -> date:
    """The day planned for a phase that is being built: the first of a quarter, years ahead."""
    month = add_months(month_of(today), MONTHS_AHEAD[number])
    return add_months(month, -(month.month - 1) % 3)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of `day`, in Asia/Shanghai."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))

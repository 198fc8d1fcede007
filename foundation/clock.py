"""The one place where the clock is read. Services and queries are given `today` or `now`."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This instant, aware."""
    return timezone.now()


def today() -> date:
    """The day it is in Asia/Shanghai."""
    return timezone.localdate()

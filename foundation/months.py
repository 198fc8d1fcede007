"""Arithmetic of calendar months. A month is the date of its first day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta


def month_of(day: date) -> date:
    """The month that `day` is in."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The month `count` months after `month` (before it, where negative)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def next_month(month: date) -> date:
    return add_months(month, 1)


def last_day(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def days_in(month: date) -> int:
    return (next_month(month) - month).days


def months_between(first: date, last: date) -> Iterator[date]:
    """Every month from `first` to `last`, both included."""
    month = month_of(first)
    while month <= last:
        yield month
        month = next_month(month)


def parse_month(text: str) -> date | None:
    """The month that `YYYY-MM` names; None where it names none."""
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})", text.strip()):
        year, number = int(match[1]), int(match[2])
        if 1990 <= year <= 9998 and 1 <= number <= 12:
            return date(year, number, 1)
    return None


def format_month(month: date) -> str:
    """`YYYY-MM`. Reports ask for every fact; `strftime` would take ten times as long."""
    return f"{month.year:04}-{month.month:02}"

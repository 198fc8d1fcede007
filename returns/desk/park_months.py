"""The months of the whole park: how many owe a return, how many have filed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from foundation.months import month_of, months_between, next_month
from park.month_days import MonthCalendar
from returns.desk.owed import closed_among, counts, first_month
from returns.models import MonthlyReturn, ReturnState
from returns.owing import owing


class Found(NamedTuple):
    """What matters of a return where returns are counted."""

    state: str
    is_filed: bool
    is_sample: bool


@dataclass(frozen=True)
class ParkMonth:
    """A month of the whole park: n of m filed."""

    month: date
    due: date
    today: date
    is_closed: bool
    owed: int = 0
    filed: int = 0
    submitted: int = 0
    sent_back: int = 0
    has_sample: bool = False

    @property
    def missing(self) -> int:
        return self.owed - self.filed

    @property
    def is_over(self) -> bool:
        return next_month(self.month) <= self.today

    @property
    def is_late(self) -> bool:
        return self.missing > 0 and self.due < self.today and not self.is_closed


def park_months(today: date) -> list[date]:
    """The months of the park's returns, newest first."""
    return list(reversed(list(months_between(first_month(today), month_of(today)))))


def counted(months: Sequence[date], today: date) -> list[ParkMonth]:
    """Each of `months` with how many owe a return, and how many filed it."""
    owed = owing(months)
    states = _states(months)
    closed = closed_among(months)
    calendar = MonthCalendar.load()
    return [
        _counted(
            ParkMonth(month, calendar.of(month).due_on, today, month in closed),
            owed[month],
            states.get(month, {}),
        )
        for month in months
    ]


def _counted(month: ParkMonth, owed: set[int], states: dict[int, Found]) -> ParkMonth:
    """`month` with its numbers: only those that owe a return count."""
    found = [states[enterprise] for enterprise in owed if enterprise in states]
    return replace(
        month,
        owed=len(owed),
        filed=sum(one.is_filed for one in found),
        submitted=sum(one.state == ReturnState.SUBMITTED for one in found),
        sent_back=sum(one.state == ReturnState.SENT_BACK for one in found),
        has_sample=any(one.is_sample for one in found),
    )


def _states(months: Sequence[date]) -> dict[date, dict[int, Found]]:
    """For each month and enterprise: what was found of its return."""
    states: dict[date, dict[int, Found]] = {}
    for row in MonthlyReturn.objects.filter(month__in=months).only(
        "month", "enterprise", "state", "revision_count", "sample_fields"
    ):
        states.setdefault(row.month, {})[row.enterprise_id] = Found(
            row.state, counts(row), bool(row.sample_fields)
        )
    return states

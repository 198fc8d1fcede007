"""A return put beside all that it is checked against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from itertools import accumulate

from foundation.months import next_month
from returns.checks import Case, Found, Thresholds, findings
from returns.content import Content
from returns.models import MonthlyReturn
from returns.past import Past, past_of, usual_per_head
from seats.models import BlockKind, SeatBlock


def case_of(row: MonthlyReturn, content: Content, past: Past | None = None) -> Case:
    """The case of a return that says `content`: five queries, one less with its `past`."""
    return Case(
        content=content,
        past=past if past is not None else past_of(row.enterprise_id, row.month),
        thresholds=Thresholds.load(),
        seats=most_seats(row.month, [row.enterprise_id])[row.enterprise_id],
        usual_per_head=usual_per_head(row.month),
    )


def checked(row: MonthlyReturn, content: Content | None = None) -> Found:
    """What the checks find in a draft, or in what somebody is about to save of it."""
    return findings(case_of(row, content or Content.of(row)))


def most_seats(month: date, enterprises: Collection[int]) -> Counter[int]:
    """The most seats that each of `enterprises` has under contract on a day of `month`; one query.

    Not those of its last day: seats in use at the peak may have been given back since.
    """
    blocks = (
        SeatBlock.objects.during(month, next_month(month))
        .filter(enterprise__in=enterprises, kind=BlockKind.FIRM)
        .values_list("enterprise", "period", "seats")
    )
    changes: dict[int, Counter[date]] = {}
    for enterprise, period, seats in blocks:
        days = changes.setdefault(enterprise, Counter())
        days[max(period.lower, month)] += seats.upper - seats.lower
        if period.upper is not None:
            days[period.upper] -= seats.upper - seats.lower
    return Counter({enterprise: _most(days) for enterprise, days in changes.items()})


def _most(changes: Counter[date]) -> int:
    """The highest that a number gets that changes by so much on these days."""
    return max(accumulate(changes[day] for day in sorted(changes)))

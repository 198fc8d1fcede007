"""The people and the seats in use that enterprises filed, broken down.

What was not given is not there: shares are of the staff of those who gave it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from foundation.months import format_month, last_day
from reports.indicators.facts import invented
from reports.indicators.registry import Source
from reports.indicators.returns import counting
from returns.figures import BREAKDOWNS


class BreakdownFact(NamedTuple):
    """How many of an enterprise's staff are of a category at the end of a month."""

    month: str
    enterprise: int
    category: str
    people: int
    sample_fields: list[str]


class UseFact(NamedTuple):
    """The seats of an enterprise that gave how many it used: at its peak, and by contract."""

    month: str
    enterprise: int
    in_use: int
    contracted: int
    sample_fields: list[str]


_WHOSE = (
    "monthly_return__month",
    "monthly_return__enterprise",
    "monthly_return__sample_fields",
)


def _taking(breakdown: str) -> Callable[[Sequence[date], Collection[str]], list[BreakdownFact]]:
    names = BREAKDOWNS[breakdown]

    def take(months: Sequence[date], _columns: Collection[str]) -> list[BreakdownFact]:
        rows = counting(months).order_by(*_WHOSE[:2]).values_list(*_WHOSE, *names)
        return [
            BreakdownFact(
                month=format_month(month),
                enterprise=enterprise,
                category=name,
                people=people,
                sample_fields=invented(sample_fields, {"people": (name,)}),
            )
            for month, enterprise, sample_fields, *numbers in rows
            for name, people in zip(names, numbers, strict=True)
            if people is not None
        ]

    return take


# What an enterprise has by contract at the end of the last day of each month.
_CONTRACTED = """
    SELECT m.month, s.enterprise_id, sum(upper(s.seats) - lower(s.seats))
    FROM unnest(%(months)s::date[], %(days)s::date[]) AS m (month, day)
    JOIN seats_seatblock s ON s.period @> m.day AND s.kind = 'firm'
    JOIN park_floor f ON f.id = s.floor_id AND f.delivered_on IS NOT NULL
    GROUP BY m.month, s.enterprise_id
"""


def take_use(months: Sequence[date], _columns: Collection[str]) -> list[UseFact]:
    """The seats in use of those who gave them, and what they have by contract."""
    with connection.cursor() as cursor:
        days = [last_day(month) for month in months]
        cursor.execute(_CONTRACTED, {"months": list(months), "days": days})
        contracted = {(month, who): int(seats) for month, who, seats in cursor.fetchall()}
    given = counting(months).filter(peak_seats__isnull=False).order_by(*_WHOSE[:2])
    return [
        UseFact(
            month=format_month(month),
            enterprise=enterprise,
            in_use=in_use,
            contracted=contracted.get((month, enterprise), 0),
            sample_fields=invented(sample_fields, {"in_use": ("peak_seats",)}),
        )
        for month, enterprise, sample_fields, in_use in given.values_list(*_WHOSE, "peak_seats")
    ]


EDUCATION, AGE, ORIGIN = (
    Source(breakdown, BreakdownFact, _taking(breakdown), names_enterprises=True)
    for breakdown in ("education", "age", "origin")
)
USE = Source("use", UseFact, take_use, names_enterprises=True)

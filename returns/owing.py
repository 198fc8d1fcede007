"""Who owes the return of a month: its tenants, and whoever has filed it all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from foundation.months import next_month
from returns.models import MonthlyReturn
from tenants.models import Tenancy


def owing(months: Sequence[date]) -> dict[date, set[int]]:
    """The enterprises that owe a return for each of `months`, in two queries.

    Tenants of at least one day; and those whose tenancy was moved away after they had filed.
    """
    if not months:
        return {}
    first, end = min(months), next_month(max(months))
    tenancies = list(Tenancy.objects.during(first, end).values_list("enterprise", "period"))
    owed = {
        month: {enterprise for enterprise, period in tenancies if shares_a_day(period, month)}
        for month in months
    }
    filed = MonthlyReturn.objects.filed().filter(month__in=list(months))
    for month, enterprise in filed.values_list("month", "enterprise"):
        owed[month].add(enterprise)
    return owed


def shares_a_day(period: Any, month: date) -> bool:
    """Whether the half-open `period` shares a day with `month`."""
    return period.lower < next_month(month) and (period.upper is None or period.upper > month)

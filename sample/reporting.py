"""Which reports the sample issues: two months of the articles, and the last twelve."""

from __future__ import annotations

from datetime import date

from foundation.months import add_months, format_month, month_of, next_month
from park.month_days import MonthCalendar

REPORTS_JOB = "sample.reports"
IN_DETAIL = ("services", "markets", "workforce")
MONTHS_OF_THE_ARTICLES = (date(2021, 11, 1), date(2024, 2, 1))


def reports_to_issue(today: date) -> list[tuple[str, str]]:
    """Kind and month of each, in the order of time; of returns only where the month is closed.

    What reports on them say in detail is issued for the first month of the articles and the last.
    """
    this_month = month_of(today)
    last_twelve = [add_months(this_month, -count) for count in range(12, 0, -1)]
    months = sorted({*MONTHS_OF_THE_ARTICLES, *last_twelve})
    days = MonthCalendar.load()
    over = [month for month in months if next_month(month) <= today]
    closed = [month for month in over if today > days.of(month).closes_on]
    in_detail = {*MONTHS_OF_THE_ARTICLES[:1], *closed[-1:]}
    return [
        (kind, format_month(month))
        for month in over
        for kind in (
            "occupancy",
            *(IN_DETAIL if month in in_detail.intersection(closed) else ()),
            *(["output"] if month in closed else ()),
        )
    ]

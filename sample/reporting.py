"""Which reports the sample issues: two months of the articles, and the last twelve."""

from __future__ import annotations

from datetime import date

from foundation.months import add_months, format_month, month_of, next_month
from park.month_days import MonthCalendar

REPORTS_JOB = "sample.reports"
MONTHS_OF_THE_ARTICLES = (date(2021, 11, 1), date(2024, 2, 1))


def reports_to_issue(today: date) -> list[tuple[str, str]]:
    """Kind and month of each, in the order of time; output only where the month is closed."""
    this_month = month_of(today)
    last_twelve = [add_months(this_month, -count) for count in range(12, 0, -1)]
    months = sorted({*MONTHS_OF_THE_ARTICLES, *last_twelve})
    days = MonthCalendar.load()
    reports = []
    for month in months:
        if next_month(month) > today:
            continue
        reports.append(("occupancy", format_month(month)))
        if today > days.of(month).closes_on:
            reports.append(("output", format_month(month)))
    return reports

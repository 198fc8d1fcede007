"""Which reports the sample issues: two months of the articles, and the last twelve.

The last two closed months have every kind, and their files; the others the two that people read
first, so that a new park is not busy for long.
"""

from __future__ import annotations

from datetime import date

from foundation.months import add_months, format_month, month_of, next_month
from park.month_days import MonthCalendar
from reports.kinds import KINDS
from reports.models import ReportKind

REPORTS_JOB = "sample.reports"
FIRST_READ = (ReportKind.OCCUPANCY, ReportKind.OUTPUT)
IN_DETAIL = (ReportKind.SERVICES, ReportKind.MARKETS, ReportKind.WORKFORCE)
MONTHS_OF_THE_ARTICLES = (date(2021, 11, 1), date(2024, 2, 1))
WHOLE_MONTHS = 2


def reports_to_issue(today: date) -> list[tuple[str, str]]:
    """Kind and month of each, in the order of time; most only where the month is closed.

    Of the first month of the articles what reports on returns say in detail is issued, too.
    """
    this_month = month_of(today)
    last_twelve = [add_months(this_month, -count) for count in range(12, 0, -1)]
    months = sorted({*MONTHS_OF_THE_ARTICLES, *last_twelve})
    days = MonthCalendar.load()
    over = [month for month in months if next_month(month) <= today]
    closed = [month for month in over if today > days.of(month).closes_on]
    whole = set(closed[-WHOLE_MONTHS:])
    kinds = {month: {ReportKind.OCCUPANCY} for month in over}
    for month in closed:
        kinds[month] = set(ReportKind) if month in whole else set(FIRST_READ)
    if MONTHS_OF_THE_ARTICLES[0] in closed:
        kinds[MONTHS_OF_THE_ARTICLES[0]] |= set(IN_DETAIL)
    return [
        (str(kind), format_month(month)) for month in over for kind in KINDS if kind in kinds[month]
    ]


def whole_months(reports: list[tuple[str, str]]) -> list[str]:
    """The months of which every kind is issued: their files are made, too."""
    return sorted({month for kind, month in reports if kind == ReportKind.TEXT})

"""What was filed before: the figures that a new month stands beside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from django.db.models import QuerySet, Sum

from foundation.months import add_months
from returns.models import ReturnFigures, ReturnRevision

GUARD_MONTHS = 6
ENOUGH = 5  # enterprises whose median says something of the park


class Past(NamedTuple):
    """An enterprise's filed months before `month`, from its last revisions; newest last.

    `contracts_left`: what contracts were filed of all months before, less what was executed of
    them, in 元; None where no contract was ever filed.
    """

    month: date
    filed: dict[date, ReturnRevision]
    contracts_left: Decimal | None = None

    @property
    def last_month(self) -> ReturnRevision | None:
        """What counts for the month before; None where nothing was filed."""
        return self.filed.get(add_months(self.month, -1))

    @property
    def year_before(self) -> ReturnRevision | None:
        """What counts for the same month a year before."""
        return self.filed.get(add_months(self.month, -12))

    @property
    def before(self) -> dict[str, Decimal | int | None]:
        """The last month's figures by their names; nothing known, nothing said."""
        row = self.last_month
        return row.figures() if row else dict.fromkeys(ReturnFigures.FIELDS)

    @property
    def opening(self) -> int | None:
        """The headcount with which the month begins: the last month's at its end."""
        return self._headcount(-1)

    @property
    def opening_before(self) -> int | None:
        """The headcount with which the last month began."""
        return self._headcount(-2)

    @property
    def usual_revenue(self) -> Decimal | None:
        """The median revenue of the last six months, of those that were filed and not 0."""
        return self.usual("revenue")

    def usual(self, name: str) -> Decimal | None:
        """The median of a figure in the last six months, of those that were filed and not 0."""
        months = (add_months(self.month, -count) for count in range(1, GUARD_MONTHS + 1))
        amounts = [getattr(self.filed[month], name) for month in months if month in self.filed]
        known = [amount for amount in amounts if amount]
        return median(known) if known else None

    @property
    def revenue_this_year(self) -> Decimal:
        """The revenue filed for the months of the year before this one."""
        return sum((row.revenue or Decimal(0) for row in self._this_year()), Decimal(0))

    @property
    def months_missing_this_year(self) -> int:
        """How many earlier months of the year have no return that counts."""
        return self.month.month - 1 - len(self._this_year())

    def _headcount(self, count: int) -> int | None:
        row = self.filed.get(add_months(self.month, count))
        return row.headcount if row else None

    def _this_year(self) -> list[ReturnRevision]:
        return [row for month, row in self.filed.items() if month.year == self.month.year]


def past_of(enterprise_id: int, month: date) -> Past:
    """What `enterprise_id` has filed before `month`: thirteen months, and its contracts."""
    revisions = ReturnRevision.objects.counting().filter(
        monthly_return__enterprise=enterprise_id, monthly_return__month__lt=month
    )
    near = (
        revisions.filter(monthly_return__month__gte=add_months(month, -12))
        .select_related("monthly_return")
        .order_by("monthly_return__month")
    )
    left = contracts_left(revisions).get(enterprise_id)
    return Past(month, {row.monthly_return.month: row for row in near}, left)


def contracts_left(revisions: QuerySet[ReturnRevision]) -> dict[int, Decimal]:
    """What the contracts in `revisions` leave to execute, by enterprise; one query.

    Whoever filed no contract at all is not in it.
    """
    totals = (
        revisions.order_by()
        .values_list("monthly_return__enterprise")
        .annotate(signed=Sum("contract_value"), done=Sum("executed_value"))
        .filter(signed__isnull=False)
    )
    return {enterprise: signed - (done or 0) for enterprise, signed, done in totals}


def usual_per_head(month: date) -> Decimal | None:
    """The park's median revenue per head of the month before `month`, 元 a head.

    None where too few have filed: a median of few says who they are.
    """
    filed = ReturnRevision.objects.counting().filter(
        monthly_return__month=add_months(month, -1), revenue__gt=0, headcount__gt=0
    )
    ratios = [
        revenue / headcount for revenue, headcount in filed.values_list("revenue", "headcount")
    ]
    return median(ratios) if len(ratios) >= ENOUGH else None

"""The indicators of the output report, and the returns behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import format_month
from reports.indicators.facts import invented
from reports.indicators.registry import Ratio, Source, Total
from reports.units import Unit
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from returns.owing import owing


class ReturnFact(NamedTuple):
    """What an enterprise filed for a month, or that it has not. Revenue in 元."""

    month: str
    enterprise: int
    state: str  # filed, or where the return is: draft, sent_back, none
    expected: int
    filed: int
    revenue: Decimal | None
    headcount: int | None
    sample_fields: list[str]


# Which fields of a return each column is made of: that there is one, is made of none of them
MADE_OF = {"expected": (), "filed": (), "revenue": ("revenue",), "headcount": ("headcount",)}
NOT_BEGUN = "none"
FILED = "filed"


def take_returns(months: Sequence[date]) -> list[ReturnFact]:
    """One fact for each enterprise that owed a return for a month, or filed one all the same."""
    facts = {
        (format_month(month), enterprise): _owed(format_month(month), enterprise)
        for month, enterprises in owing(months).items()
        for enterprise in enterprises
    }
    for month, enterprise, state in _unfiled(months):
        if (month, enterprise) in facts:
            facts[month, enterprise] = facts[month, enterprise]._replace(state=state)
    for fact in _filed(months):
        facts[fact.month, fact.enterprise] = fact
    return [facts[place] for place in sorted(facts)]


def _owed(month: str, enterprise: int) -> ReturnFact:
    return ReturnFact(month, enterprise, NOT_BEGUN, 1, 0, None, None, [])


def _unfiled(months: Sequence[date]) -> list[tuple[str, int, str]]:
    begun = MonthlyReturn.objects.filter(
        month__in=months, state__in=[ReturnState.DRAFT, ReturnState.SENT_BACK]
    )
    return [
        (format_month(month), enterprise, state)
        for month, enterprise, state in begun.values_list("month", "enterprise", "state")
    ]


def _filed(months: Sequence[date]) -> list[ReturnFact]:
    """The revisions that count; a return being corrected counts as it was last filed."""
    revisions = (
        ReturnRevision.objects.counting()
        .filter(monthly_return__month__in=months)
        .values_list(
            "monthly_return__month",
            "monthly_return__enterprise",
            "revenue",
            "headcount",
            "monthly_return__sample_fields",
        )
    )
    return [
        ReturnFact(
            month=format_month(month),
            enterprise=enterprise,
            state=FILED,
            expected=1,
            filed=1,
            revenue=revenue,
            headcount=headcount,
            sample_fields=invented(sample_fields, MADE_OF),
        )
        for month, enterprise, revenue, headcount, sample_fields in revisions
    ]


RETURNS = Source("returns", ReturnFact, take_returns, decimals=("revenue",))

EXPECTED = Total(
    code="expected",
    name=_("Returns expected"),
    short=pgettext_lazy("head", "Expected"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Enterprises that were tenants on at least one day of the month, and those that filed."
    ),
    source="returns",
    column="expected",
)
FILED_RETURNS = Total(
    code="filed",
    name=_("Returns filed"),
    short=pgettext_lazy("head", "Filed"),
    unit=Unit.ENTERPRISE,
    definition=_("Returns submitted and not sent back. A correction counts once submitted."),
    source="returns",
    column="filed",
)
FILING_RATE = Ratio(
    code="filing_rate",
    name=_("Filing rate"),
    short=pgettext_lazy("head", "Filing rate"),
    unit=Unit.PERCENT,
    definition=_("Returns filed ÷ returns expected."),
    numerator=FILED_RETURNS,
    denominator=EXPECTED,
    factor=100,
)
REVENUE = Total(
    code="revenue",
    name=_("Revenue"),
    short=pgettext_lazy("head", "Revenue"),
    unit=Unit.YUAN,
    definition=_("Revenue of the month, as filed. Output in this park means revenue."),
    is_flow=True,
    source="returns",
    column="revenue",
    if_none=None,
)
REVENUE_TO_DATE = Total(
    code="revenue_to_date",
    name=_("Revenue of the year to date"),
    short=pgettext_lazy("head", "Revenue, year to date"),
    unit=Unit.YUAN,
    definition=_("Revenue of the months of the year up to this one, as filed."),
    source="returns",
    column="revenue",
    if_none=None,
)
HEADCOUNT = Total(
    code="headcount",
    name=_("Staff"),
    short=pgettext_lazy("head", "Staff"),
    unit=Unit.PERSON,
    definition=_("People employed at the end of the month, as filed."),
    source="returns",
    column="headcount",
    if_none=None,
)
REVENUE_PER_HEAD = Ratio(
    code="revenue_per_head",
    name=_("Revenue per head"),
    short=pgettext_lazy("head", "Revenue per head"),
    unit=Unit.YUAN_PER_PERSON,
    definition=_("Revenue of the month ÷ staff at the end of the month, of those who filed."),
    numerator=REVENUE,
    denominator=HEADCOUNT,
)

SOURCES: tuple[Source, ...] = (RETURNS,)
INDICATORS: tuple[Any, ...] = (
    EXPECTED,
    FILED_RETURNS,
    FILING_RATE,
    REVENUE,
    REVENUE_TO_DATE,
    HEADCOUNT,
    REVENUE_PER_HEAD,
)

"""The indicators of the output report: what enterprises earned, paid and delivered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.indicators.registry import Ratio, Source, Total
from reports.indicators.returns import RETURNS
from reports.units import Unit

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


def to_date(total: Total, **other: Any) -> Total:
    """The same of the months of the year up to the month of the report."""
    words = {
        "name": format_lazy(pgettext_lazy("indicator", "{name}, year to date"), name=total.name),
        "short": format_lazy(pgettext_lazy("head", "{name}, year to date"), name=total.short),
        "definition": format_lazy(
            _("{definition} Of the months of the year up to this one."),
            definition=total.definition,
        ),
    }
    return replace(total, code=f"{total.code}_to_date", **{**words, **other})


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
REVENUE_TO_DATE = to_date(
    REVENUE,
    name=_("Revenue of the year to date"),
    short=pgettext_lazy("head", "Revenue, year to date"),
    definition=_("Revenue of the months of the year up to this one, as filed."),
)
TAXES = Total(
    code="taxes",
    name=_("Taxes"),
    short=pgettext_lazy("head", "Taxes"),
    unit=Unit.YUAN,
    definition=_("Taxes paid in the month, all together, as filed."),
    source="returns",
    column="taxes",
    if_none=None,
)
TAXES_TO_DATE = to_date(TAXES)
EXECUTED = Total(
    code="executed_value",
    name=_("Executed value"),
    short=pgettext_lazy("head", "Executed value"),
    unit=Unit.YUAN,
    definition=_(
        "Outsourced services that were delivered and recognised or received in the month, as "
        "filed. It is not revenue, and revenue is not it."
    ),
    number="SO03",
    source="returns",
    column="executed_value",
    if_none=None,
)
EXECUTED_TO_DATE = to_date(EXECUTED)
SETTLEMENT = Total(
    code="internal_settlement",
    name=_("Internal settlement of cost centres"),
    short=pgettext_lazy("head", "Internal settlement"),
    unit=Unit.YUAN,
    definition=_(
        "What the parents of cost centres settle with them. It is not revenue, and is added to "
        "none."
    ),
    source="returns",
    column="internal_settlement",
    if_none=None,
)
SETTLEMENT_TO_DATE = to_date(SETTLEMENT)
GROSS_OUTPUT = Total(
    code="gross_output",
    name=_("Gross output"),
    short=pgettext_lazy("head", "Gross output"),
    unit=Unit.YUAN,
    definition=_(
        "The gross output of the statistics. The park does not collect it: it is shown as “–”, "
        "and neither revenue nor the executed value ever stands for it."
    ),
    source="returns",
    column="gross_output",
    is_held=False,
    if_none=None,
)
HEADCOUNT = Total(
    code="headcount",
    name=_("Staff"),
    short=pgettext_lazy("head", "Staff"),
    unit=Unit.PERSON,
    definition=_("People employed at the end of the month, as filed."),
    number="SO10",
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
IN_USE = Total(
    code="in_use",
    name=_("Seats in use at the peak"),
    short=pgettext_lazy("head", "In use"),
    unit=Unit.SEAT,
    definition=_("The most seats in use at once on a day of the month, as filed."),
    source="use",
    column="in_use",
    if_none=None,
)
IN_USE_OF = Total(
    code="in_use_of",
    name=_("Contracted seats of those who gave the seats in use"),
    short=pgettext_lazy("head", "Contracted"),
    unit=Unit.SEAT,
    definition=_(
        "Seats that these enterprises have by contract at the end of the last day of the month."
    ),
    source="use",
    column="contracted",
    if_none=None,
)
USE_RATE = Ratio(
    code="use_rate",
    name=_("Rate of seats in use"),
    short=pgettext_lazy("head", "Use rate"),
    unit=Unit.PERCENT,
    definition=_("Seats in use at the peak ÷ contracted seats, of those who gave both."),
    numerator=IN_USE,
    denominator=IN_USE_OF,
    factor=100,
)

SOURCES: tuple[Source, ...] = (RETURNS,)
INDICATORS: tuple[Any, ...] = (
    EXPECTED,
    FILED_RETURNS,
    FILING_RATE,
    REVENUE,
    REVENUE_TO_DATE,
    TAXES,
    TAXES_TO_DATE,
    EXECUTED,
    EXECUTED_TO_DATE,
    SETTLEMENT,
    SETTLEMENT_TO_DATE,
    GROSS_OUTPUT,
    HEADCOUNT,
    REVENUE_PER_HEAD,
    IN_USE,
    IN_USE_OF,
    USE_RATE,
)

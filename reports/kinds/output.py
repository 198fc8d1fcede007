"""Y2 产值月报: what the enterprises filed, by class of business and one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext, pgettext_lazy

from reports import document
from reports.document import BarChart, Series
from reports.indicators import occupancy as seats
from reports.indicators import output as returns
from reports.indicators.facts import TOTAL
from reports.kinds.counting_returns import (
    FILING_COMPARED,
    MISSING_RETURNS,
    filing_compared,
    filing_to_date,
)
from reports.kinds.kind import Kind
from reports.models import ReportKind
from reports.tables import (
    GROWTH,
    PREVIOUS,
    TO_DATE,
    TO_DATE_BEFORE,
    TOTAL_ONLY,
    YEAR_BEFORE,
    Column,
    Disclosure,
    Group,
    Table,
    compared,
    in_the_year,
    rate_compared,
)
from reports.units import Unit, rounded
from web import formats

_CLASSES = ("class", TOTAL)
_ENTERPRISES = ("enterprise", TOTAL)
_SIZES = ("size", TOTAL)
_STANDINGS = ("standing", TOTAL)

_FILING: Group = (
    "filing",
    (Column(returns.FILED_RETURNS), Column(returns.EXPECTED), Column(returns.FILING_RATE)),
)


_REVENUE = in_the_year(returns.REVENUE, returns.REVENUE_TO_DATE)
_EXECUTED: tuple[Group, ...] = (
    *in_the_year(returns.EXECUTED, returns.EXECUTED_TO_DATE),
    ("", (Column(returns.GROSS_OUTPUT),)),
)
_TAXES = in_the_year(returns.TAXES, returns.TAXES_TO_DATE)
_SETTLEMENT = in_the_year(returns.SETTLEMENT, returns.SETTLEMENT_TO_DATE)
_PEOPLE: tuple[Group, ...] = (
    ("headcount", compared(returns.HEADCOUNT, PREVIOUS, YEAR_BEFORE)),
    ("revenue_per_head", compared(returns.REVENUE_PER_HEAD, PREVIOUS, YEAR_BEFORE)),
)
_SEATS: tuple[Group, ...] = (("firm", compared(seats.FIRM, PREVIOUS, YEAR_BEFORE)),)
_USE: tuple[Group, ...] = rate_compared(returns.USE_RATE, PREVIOUS, YEAR_BEFORE)
# What else the form has of the large and the small: of the month, of the year, how both grew
_OTHERWISE: tuple[Group, ...] = (
    ("taxes", (Column(returns.TAXES), Column(returns.TAXES, GROWTH, YEAR_BEFORE))),
    (
        "taxes_to_date",
        (
            Column(returns.TAXES_TO_DATE, period=TO_DATE),
            Column(returns.TAXES_TO_DATE, GROWTH, TO_DATE_BEFORE),
        ),
    ),
    ("headcount", (Column(returns.HEADCOUNT), Column(returns.HEADCOUNT, GROWTH, YEAR_BEFORE))),
)

_TABLES = (
    Table(
        "class_revenue",
        "Y2-1",
        gettext_lazy("Revenue by business class"),
        _CLASSES,
        (_FILING, *_REVENUE),
        Disclosure("class_revenue"),
    ),
    Table(
        "class_people",
        "Y2-2",
        gettext_lazy("Staff by business class"),
        _CLASSES,
        _PEOPLE,
        TOTAL_ONLY,  # the staff report has the staff of the classes, as far as it is public
    ),
    Table("class_seats", "Y2-3", gettext_lazy("Seats by business class"), _CLASSES, _SEATS),
    Table(
        "enterprise_revenue",
        "Y2-4",
        gettext_lazy("Revenue by enterprise"),
        _ENTERPRISES,
        _REVENUE,
        TOTAL_ONLY,
    ),
    Table(
        "enterprise_people",
        "Y2-5",
        gettext_lazy("Staff by enterprise"),
        _ENTERPRISES,
        _PEOPLE,
        TOTAL_ONLY,
    ),
    Table("enterprise_seats", "Y2-6", gettext_lazy("Seats by enterprise"), _ENTERPRISES, _SEATS),
    Table(
        "class_executed",
        "Y2-7",
        gettext_lazy("Executed value by business class"),
        _CLASSES,
        _EXECUTED,
        Disclosure("class_executed"),
    ),
    Table(
        "class_taxes",
        "Y2-8",
        gettext_lazy("Taxes by business class"),
        _CLASSES,
        _TAXES,
        Disclosure("class_taxes"),
    ),
    Table(
        "enterprise_executed",
        "Y2-9",
        gettext_lazy("Executed value by enterprise"),
        _ENTERPRISES,
        _EXECUTED,
        TOTAL_ONLY,
    ),
    Table(
        "enterprise_taxes",
        "Y2-10",
        gettext_lazy("Taxes by enterprise"),
        _ENTERPRISES,
        _TAXES,
        TOTAL_ONLY,
    ),
    Table(
        "enterprise_settlement",
        "Y2-11",
        gettext_lazy("Internal settlement of cost centres"),
        _ENTERPRISES,
        _SETTLEMENT,
        TOTAL_ONLY,
        holds_only_known=True,
    ),
    Table(
        "enterprise_seats_in_use",
        "Y2-12",
        gettext_lazy("Seats in use by enterprise"),
        _ENTERPRISES,
        _USE,
        TOTAL_ONLY,
    ),
    Table(
        "size_output",
        "Y2-13",
        gettext_lazy("Enterprises above and below the designated size"),
        _SIZES,
        _REVENUE,
        Disclosure("size_output"),
    ),
    Table(
        "standing_output",
        "Y2-14",
        gettext_lazy("Fortune 500 and top 100 enterprises"),
        _STANDINGS,
        _REVENUE,
        Disclosure("standing_output"),
    ),
    Table(
        "size_executed",
        "Y2-15",
        gettext_lazy("Executed value above and below the designated size"),
        _SIZES,
        _EXECUTED,
        Disclosure("size_executed"),
    ),
    Table(
        "standing_executed",
        "Y2-16",
        gettext_lazy("Executed value of Fortune 500 and top 100 enterprises"),
        _STANDINGS,
        _EXECUTED,
        Disclosure("standing_executed"),
    ),
    Table(
        "size_otherwise",
        "Y2-17",
        gettext_lazy("Taxes and staff above and below the designated size"),
        _SIZES,
        _OTHERWISE,
        Disclosure("size_otherwise"),
    ),
    Table(
        "standing_otherwise",
        "Y2-18",
        gettext_lazy("Taxes and staff of Fortune 500 and top 100 enterprises"),
        _STANDINGS,
        _OTHERWISE,
        Disclosure("standing_otherwise"),
    ),
    Table(
        "size_seats",
        "Y2-19",
        gettext_lazy("Seats above and below the designated size"),
        _SIZES,
        _SEATS,
    ),
    Table(
        "standing_seats",
        "Y2-20",
        gettext_lazy("Seats of Fortune 500 and top 100 enterprises"),
        _STANDINGS,
        _SEATS,
    ),
)


def _notes(_month: date, content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "Output means revenue as filed by the enterprises. Revenue per head = revenue ÷ staff "
        "at the end of the month."
    )
    yield _(
        "The executed value of outsourced services is a figure of its own. Gross output is not "
        "collected: it is “–”. What parents settle with their cost centres is added to neither."
    )
    yield _(
        "Seats in use are those at the peak, as filed, ÷ the contracted seats of the enterprises "
        "that gave them."
    )
    yield filing_compared(content["filing"])
    yield filing_to_date(content["filing"])


def revenue_by_class(month: date, tables: Sequence[document.Table]) -> BarChart:
    """The classes by their revenue, the largest first."""
    places = Unit.YUAN.places
    filed = [
        (label, rounded(Decimal(figure) / Unit.YUAN.scale, places))
        for label, figure in tables[0].figures("revenue", "class")
        if figure
    ]
    filed.sort(key=lambda bar: -bar[1])
    return BarChart(
        title=_("Revenue by business class"),
        caption=_("Revenue of %(month)s, 10,000 yuan.") % {"month": formats.month(month)},
        head=pgettext("head", "Business class"),
        unit=str(Unit.YUAN.label),
        labels=tuple(label for label, _value in filed),
        series=(
            Series(
                "revenue",
                pgettext("head", "Revenue"),
                places,
                tuple(value for _label, value in filed),
            ),
        ),
    )


KIND = Kind(
    code=ReportKind.OUTPUT,
    number="Y2",
    title=pgettext_lazy("title", "Output of the enterprises"),
    short_title=pgettext_lazy("file", "output"),
    draft_subject=gettext_noop("Draft of the output report for %(month)s"),
    restatement_subject=gettext_noop("Output report for %(month)s is to be restated"),
    tables=_TABLES,
    heads={"filing": pgettext_lazy("head", "Returns")},
    indicators=returns.INDICATORS,
    waits_for_closing=True,
    announces_itself=True,
    counts_returns=True,
    filing_compared=FILING_COMPARED,
    notes=_notes,
    chart=revenue_by_class,
    lists=(MISSING_RETURNS,),
)

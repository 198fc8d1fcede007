"""Which tables a report has, and what stands in their columns. What they hold is assembly's.

A column shows an indicator for a period, or how it changed against one:

    Column(FIRM)                                 已签约 本月
    Column(FIRM, period=PREVIOUS)                上月
    Column(FIRM, CHANGE, PREVIOUS)               增减
    Column(FIRM, GROWTH, PREVIOUS)               环比 %
    Column(CONTRACTED_RATE, CHANGE, PREVIOUS)    增减，个百分点
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import add_months, months_between
from reports.indicators import Indicator, Ratio
from reports.indicators import occupancy as seats
from reports.indicators import output as returns
from reports.indicators.facts import CALENDAR, TOTAL
from reports.models import ReportKind
from reports.units import Unit
from web.rfc9457 import Text


class Period(TextChoices):
    """The months that a figure is of, seen from the month of the report."""

    MONTH = "month", pgettext_lazy("period", "This month")
    PREVIOUS = "previous", pgettext_lazy("period", "Month before")
    YEAR_BEFORE = "year_before", pgettext_lazy("period", "Year before")
    TO_DATE = "to_date", pgettext_lazy("period", "This year")
    TO_DATE_BEFORE = "to_date_before", pgettext_lazy("period", "Last year to date")

    def months(self, month: date) -> list[date]:
        """The months of this period in a report for `month`."""
        year_before = add_months(month, -12)
        match self:
            case Period.PREVIOUS:
                return [add_months(month, -1)]
            case Period.YEAR_BEFORE:
                return [year_before]
            case Period.TO_DATE:
                return list(months_between(month.replace(month=1), month))
            case Period.TO_DATE_BEFORE:
                return list(months_between(year_before.replace(month=1), year_before))
            case _:
                return [month]

    @property
    def compared(self) -> Period:
        """The period that is compared with this one."""
        return Period.TO_DATE if self == Period.TO_DATE_BEFORE else Period.MONTH


class Measure(TextChoices):
    """The figure itself, its difference from another period, or that in percent of it."""

    VALUE = "value", pgettext_lazy("measure", "Figure")
    CHANGE = "change", pgettext_lazy("measure", "Change")
    GROWTH = "growth", pgettext_lazy("measure", "Growth")


VALUE, CHANGE, GROWTH = Measure.VALUE, Measure.CHANGE, Measure.GROWTH
PREVIOUS, YEAR_BEFORE = Period.PREVIOUS, Period.YEAR_BEFORE
TO_DATE, TO_DATE_BEFORE = Period.TO_DATE, Period.TO_DATE_BEFORE


class Column(NamedTuple):
    indicator: Indicator
    measure: Measure = Measure.VALUE
    period: Period = Period.MONTH

    @property
    def code(self) -> str:
        if self.measure != Measure.VALUE:
            return f"{self.indicator.code}.{self.measure}.{self.period}"
        suffix = "" if self.period == Period.MONTH else f".{self.period}"
        return f"{self.indicator.code}{suffix}"

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods whose figures it needs; the base of a comparison last."""
        is_figure = self.measure == Measure.VALUE
        return (self.period,) if is_figure else (self.period.compared, self.period)

    def figure(self, period: Period) -> str:
        """What the indicator's figure for a period is called, whichever column shows it."""
        return f"{self.indicator.code}.{period}"

    @property
    def unit(self) -> Unit:
        """Rates differ by percentage points."""
        if self.measure == Measure.GROWTH:
            return Unit.PERCENT
        is_rate = self.indicator.unit == Unit.PERCENT
        return Unit.POINT if is_rate and self.measure == Measure.CHANGE else self.indicator.unit

    @property
    def places(self) -> int:
        """Decimals that are printed."""
        is_growth = self.measure == Measure.GROWTH
        return self.unit.places if is_growth else self.indicator.places


# Columns under one head: an indicator, an indicator in a period, or a word (`HEADS` in display).
Group = tuple[str, tuple[Column, ...]]


@dataclass(frozen=True)
class Table:
    """`levels`: the kinds of its rows, the larger before the smaller that they hold."""

    code: str
    number: str
    title: Text
    levels: tuple[str, ...]
    groups: tuple[Group, ...]

    @property
    def columns(self) -> list[Column]:
        return [column for _head, columns in self.groups for column in columns]

    @property
    def sources(self) -> list[str]:
        """Where its rows come from."""
        parts = (part for column in self.columns for part in column.indicator.parts())
        return [source for source in dict.fromkeys(p.source for p in parts) if source != CALENDAR]


def _compared(indicator: Indicator, *bases: Period) -> tuple[Column, ...]:
    """The figure; then for each base the figure there, the difference, and that in percent."""
    compared = (
        column
        for base in bases
        for column in (
            Column(indicator, period=base),
            Column(indicator, CHANGE, base),
            Column(indicator, GROWTH, base),
        )
    )
    return (Column(indicator, period=bases[0].compared), *compared)


def _rate_compared(rate: Ratio, *bases: Period) -> tuple[Group, ...]:
    """A rate after what it is divided by; then for each base both, and the points between."""
    now = (rate.code, (Column(rate.divisor), Column(rate)))
    compared = (
        (
            f"{rate.code}.{base}",
            (
                Column(rate.divisor, period=base),
                Column(rate, period=base),
                Column(rate, CHANGE, base),
            ),
        )
        for base in bases
    )
    return (now, *compared)


_PLACES = ("zone", "building", TOTAL)
_CLASSES = ("class", TOTAL)
_ENTERPRISES = ("enterprise", TOTAL)

OCCUPANCY_TABLES = (
    Table(
        "places",
        "Y1-1",
        _("Seats and area at the end of the month"),
        _PLACES,
        (
            ("seats", (Column(seats.SEATS), Column(seats.CLOSED), Column(seats.AVAILABLE))),
            ("firm", _compared(seats.FIRM, PREVIOUS)),
            ("", (Column(seats.HELD), Column(seats.FREE), Column(seats.CONTRACTED_RATE))),
            ("area", (Column(seats.LETTABLE), Column(seats.LET), Column(seats.LETTING_RATE))),
        ),
    ),
    Table(
        "contracted",
        "Y1-2",
        _("Contracted seats compared"),
        _PLACES,
        (
            ("firm", _compared(seats.FIRM, YEAR_BEFORE)),
            *_rate_compared(seats.CONTRACTED_RATE, PREVIOUS, YEAR_BEFORE),
        ),
    ),
    Table(
        "stock",
        "Y1-3",
        _("Seats that exist and free seats compared"),
        _PLACES,
        (
            ("seats", _compared(seats.SEATS, PREVIOUS, YEAR_BEFORE)),
            ("free", _compared(seats.FREE, PREVIOUS, YEAR_BEFORE)),
        ),
    ),
    Table(
        "kept",
        "Y1-4",
        _("Held and closed seats compared"),
        _PLACES,
        (
            ("held", _compared(seats.HELD, PREVIOUS, YEAR_BEFORE)),
            ("closed", _compared(seats.CLOSED, PREVIOUS, YEAR_BEFORE)),
        ),
    ),
    Table(
        "area",
        "Y1-5",
        _("Let area compared"),
        _PLACES,
        (
            ("let_m2", _compared(seats.LET, PREVIOUS, YEAR_BEFORE)),
            *_rate_compared(seats.LETTING_RATE, PREVIOUS, YEAR_BEFORE),
        ),
    ),
    Table(
        "days",
        "Y1-6",
        _("Seat-days and daily averages of the month"),
        _PLACES,
        (
            (
                "seat_days",
                (
                    Column(seats.SEAT_DAYS),
                    Column(seats.FIRM_DAYS),
                    Column(seats.HELD_DAYS),
                    Column(seats.CLOSED_DAYS),
                    Column(seats.FREE_DAYS),
                ),
            ),
            (
                "average",
                (
                    Column(seats.SEATS_AVERAGE),
                    Column(seats.FIRM_AVERAGE),
                    Column(seats.HELD_AVERAGE),
                    Column(seats.CLOSED_AVERAGE),
                    Column(seats.FREE_AVERAGE),
                ),
            ),
        ),
    ),
    Table(
        "averages",
        "Y1-7",
        _("Daily averages compared"),
        _PLACES,
        (
            ("seats_average", _compared(seats.SEATS_AVERAGE, PREVIOUS, YEAR_BEFORE)),
            ("firm_average", _compared(seats.FIRM_AVERAGE, PREVIOUS, YEAR_BEFORE)),
        ),
    ),
    Table(
        "ahead",
        "Y1-8",
        _("Chosen ahead"),
        _PLACES,
        (
            (
                "ahead",
                (
                    Column(seats.AHEAD_ENTERPRISES),
                    Column(seats.AHEAD_SEATS),
                    Column(seats.AHEAD_FIRM),
                    Column(seats.AHEAD_HELD),
                ),
            ),
            ("ahead_seats", _compared(seats.AHEAD_SEATS, PREVIOUS, YEAR_BEFORE)[1:]),
        ),
    ),
    Table(
        "enterprises",
        "Y1-9",
        _("Seats by enterprise"),
        _ENTERPRISES,
        (
            ("firm", _compared(seats.FIRM, PREVIOUS, YEAR_BEFORE)),
            ("held", _compared(seats.HELD, PREVIOUS, YEAR_BEFORE)),
        ),
    ),
    Table(
        "enterprise_use",
        "Y1-10",
        _("Area, seat-days and averages by enterprise"),
        _ENTERPRISES,
        (
            ("let_m2", _compared(seats.LET, PREVIOUS, YEAR_BEFORE)),
            ("seat_days", (Column(seats.FIRM_DAYS), Column(seats.HELD_DAYS))),
            ("average", (Column(seats.FIRM_AVERAGE), Column(seats.HELD_AVERAGE))),
            ("", (Column(seats.AHEAD_SEATS),)),
        ),
    ),
)

_FILING: Group = (
    "filing",
    (Column(returns.FILED_RETURNS), Column(returns.EXPECTED), Column(returns.FILING_RATE)),
)
_REVENUE: tuple[Group, ...] = (
    ("revenue", _compared(returns.REVENUE, PREVIOUS, YEAR_BEFORE)),
    ("revenue_to_date", _compared(returns.REVENUE_TO_DATE, TO_DATE_BEFORE)),
)
_PEOPLE: tuple[Group, ...] = (
    ("headcount", _compared(returns.HEADCOUNT, PREVIOUS, YEAR_BEFORE)),
    ("revenue_per_head", _compared(returns.REVENUE_PER_HEAD, PREVIOUS, YEAR_BEFORE)),
)
_SEATS: tuple[Group, ...] = (("firm", _compared(seats.FIRM, PREVIOUS, YEAR_BEFORE)),)

OUTPUT_TABLES = (
    Table("class_revenue", "Y2-1", _("Revenue by business class"), _CLASSES, (_FILING, *_REVENUE)),
    Table("class_people", "Y2-2", _("Staff by business class"), _CLASSES, _PEOPLE),
    Table("class_seats", "Y2-3", _("Seats by business class"), _CLASSES, _SEATS),
    Table("enterprise_revenue", "Y2-4", _("Revenue by enterprise"), _ENTERPRISES, _REVENUE),
    Table("enterprise_people", "Y2-5", _("Staff by enterprise"), _ENTERPRISES, _PEOPLE),
    Table("enterprise_seats", "Y2-6", _("Seats by enterprise"), _ENTERPRISES, _SEATS),
)

FORMS: dict[ReportKind, str] = {ReportKind.OCCUPANCY: "Y1", ReportKind.OUTPUT: "Y2"}
TABLES: dict[ReportKind, tuple[Table, ...]] = {
    ReportKind.OCCUPANCY: OCCUPANCY_TABLES,
    ReportKind.OUTPUT: OUTPUT_TABLES,
}


def months_needed(kind: ReportKind, month: date) -> dict[str, Sequence[date]]:
    """For each source, the months whose facts the tables of a report show."""
    needed: dict[str, set[date]] = {}
    for table in TABLES[kind]:
        for column in table.columns:
            for part in column.indicator.parts():
                for period in column.periods:
                    needed.setdefault(part.source, set()).update(period.months(month))
    return {source: sorted(months) for source, months in needed.items()}

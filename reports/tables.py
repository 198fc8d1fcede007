"""What a table of a report is: its rows' levels, its columns. `reports.kinds` says which there are.

A column shows an indicator for a period, or how it changed against one:

    Column(FIRM)                                 已签约 本月
    Column(FIRM, period=PREVIOUS)                上月
    Column(FIRM, CHANGE, PREVIOUS)               增减
    Column(FIRM, GROWTH, PREVIOUS)               环比 %
    Column(CONTRACTED_RATE, CHANGE, PREVIOUS)    增减，个百分点
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from foundation.months import add_months, months_between
from reports.indicators import Indicator, Ratio
from reports.indicators.facts import CALENDAR
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


# Columns under one head: an indicator, an indicator in a period, or a word (`Kind.heads`).
Group = tuple[str, tuple[Column, ...]]


@dataclass(frozen=True)
class Disclosure:
    """What of a table those read who may not know what single enterprises filed.

    Its rows, as far as they tell that of nobody (`reports.suppression`): tables of one `group` hide
    the same ones. Or only its total, where rows are enterprises themselves.
    """

    group: str = ""

    @property
    def is_total_only(self) -> bool:
        return not self.group


TOTAL_ONLY = Disclosure()


@dataclass(frozen=True)
class Table:
    """`levels`: the kinds of its rows, the larger before the smaller that they hold.

    `disclosure`: None where everybody may read all of it. `holds_only_known`: who owes a return has
    no row of dashes in it, as most never have such a figure.
    """

    code: str
    number: str
    title: Text
    levels: tuple[str, ...]
    groups: tuple[Group, ...]
    disclosure: Disclosure | None = None
    holds_only_known: bool = False

    @property
    def columns(self) -> list[Column]:
        return [column for _head, columns in self.groups for column in columns]

    @property
    def sources(self) -> list[str]:
        """Where its rows come from."""
        parts = (part for column in self.columns for part in column.indicator.parts())
        return [source for source in dict.fromkeys(p.source for p in parts) if source != CALENDAR]


def compared(indicator: Indicator, *bases: Period) -> tuple[Column, ...]:
    """The figure; then for each base the figure there, the difference, and that in percent."""
    columns = (
        column
        for base in bases
        for column in (
            Column(indicator, period=base),
            Column(indicator, CHANGE, base),
            Column(indicator, GROWTH, base),
        )
    )
    return (Column(indicator, period=bases[0].compared), *columns)


def in_the_year(month: Indicator, to_date: Indicator) -> tuple[Group, ...]:
    """A figure of the month and that of the year to date, each compared."""
    return (
        (month.code, compared(month, Period.PREVIOUS, Period.YEAR_BEFORE)),
        (to_date.code, compared(to_date, Period.TO_DATE_BEFORE)),
    )


def rate_compared(rate: Ratio, *bases: Period) -> tuple[Group, ...]:
    """A rate after what it is divided by; then for each base both, and the points between."""
    now = (rate.code, (Column(rate.divisor), Column(rate)))
    before = (
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
    return (now, *before)


def indicators_of(tables: Iterable[Table]) -> list[Indicator]:
    """Every indicator that `tables` show, in any column."""
    return [column.indicator for table in tables for column in table.columns]


def months_needed(tables: Iterable[Table], month: date) -> dict[str, Sequence[date]]:
    """For each source, the months whose facts `tables` show in a report for `month`."""
    needed: dict[str, set[date]] = {}
    for table in tables:
        for column in table.columns:
            for part in column.indicator.parts():
                for period in column.periods:
                    needed.setdefault(part.source, set()).update(period.months(month))
    return {source: sorted(months) for source, months in needed.items()}

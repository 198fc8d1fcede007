"""The figure of a cell from facts: the one place that says what a column of a row shows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from foundation.months import format_month
from reports.comparing import change, growth
from reports.indicators import Figures, Indicator
from reports.tables import Measure, Period
from reports.units import Number


class Counting:
    """Figures of rows for a month and the periods that it is compared with."""

    def __init__(self, figures: Figures, month: date) -> None:
        self.facts = figures.facts
        self.figures = figures
        self.months = {
            period: [format_month(one) for one in period.months(month)] for period in Period
        }
        self._known = self._known_periods()

    def figure(self, indicator: Indicator, period: Period, *keys: str) -> Number | None:
        """The figure of the rows `keys` for a period; None where nothing is known of it."""
        if period not in self._known:
            return None
        return self.figures.figure(indicator, self.months[period], *keys)

    def cell(
        self, indicator: Indicator, measure: Measure, period: Period, *keys: str
    ) -> Number | None:
        """What a column shows: a figure, or how it differs from that of another period."""
        if measure == Measure.VALUE:
            return self.figure(indicator, period, *keys)
        now = self.figure(indicator, period.compared, *keys)
        before = self.figure(indicator, period, *keys)
        return change(now, before) if measure == Measure.CHANGE else growth(now, before)

    def _known_periods(self) -> Collection[Period]:
        """Before the park had any seat nothing is known of its seats, which is not nought."""
        there = {fact.month for fact in self.facts.of("floors")}
        return {
            period
            for period, months in self.months.items()
            if period == Period.MONTH or not there or not there.isdisjoint(months)
        }

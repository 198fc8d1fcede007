"""From facts to the tables of a report. The only place that needs pandas: the worker imports it.

What comes out is plain JSON without any language: codes, keys, whole numbers, decimals as texts,
None where nothing is known or a base is missing. The same facts give the same tables to the digit.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

import pandas as pd

from foundation.months import format_month
from reports.comparing import change, growth
from reports.indicators import Facts, Figures
from reports.indicators.facts import TOTAL
from reports.indicators.levels import LEVELS, kept_row, keys_in_order
from reports.kinds import KINDS
from reports.models import ReportKind
from reports.tables import Column, Measure, Period, Table
from reports.units import Number

SCHEMA = 1


def assemble(kind: ReportKind, month: date, facts: Facts) -> dict[str, Any]:
    """The tables of a report, and the lists beside them."""
    described = KINDS[kind]
    return {
        "schema": SCHEMA,
        "form": described.number,
        "month": format_month(month),
        "tables": [_Assembly(table, month, facts).content() for table in described.tables],
        "unfiled": [],  # every report has it, since the first ones
        **{listed.code: listed.rows(month, facts) for listed in described.lists},
        "has_sample": facts.has_sample,
    }


class _Assembly:
    """One table as a frame: a row for each key, a column for each `Column`."""

    def __init__(self, table: Table, month: date, facts: Facts) -> None:
        self.table = table
        self.facts = facts
        self.figures = Figures(facts, table.levels)
        self.months = {
            period: [format_month(one) for one in period.months(month)] for period in Period
        }

    def content(self) -> dict[str, Any]:
        frame = self._frame()
        lines = zip(frame.index, frame.itertuples(index=False, name=None), strict=True)
        return {
            "code": self.table.code,
            "number": self.table.number,
            "levels": list(self.table.levels),
            "columns": [
                _column(column, head) for head, columns in self.table.groups for column in columns
            ],
            "rows": [
                {**kept_row(key, self.facts), "cells": [_plain(cell) for cell in cells]}
                for key, cells in lines
            ],
        }

    def _frame(self) -> pd.DataFrame:
        levels = [LEVELS[code] for code in self.table.levels if code != TOTAL]
        owed = self._owed() if levels[0].owes_returns else []
        rows = chain(owed, *(self.facts.of(source) for source in self.table.sources))
        keys = [*keys_in_order(levels, self.facts, rows), TOTAL]
        figures = pd.DataFrame(index=keys, dtype=object)
        shown = pd.DataFrame(index=keys, dtype=object)
        for column in self.table.columns:
            for period in column.periods:
                figures[column.figure(period)] = self._series(column, period, keys)
            shown[column.code] = _shown(column, figures)
        stays = {TOTAL, *(levels[0].key_of(self.facts, fact) for fact in owed)}
        return shown[[any(shown.loc[key]) or key in stays for key in keys]]

    def _series(self, column: Column, period: Period, keys: list[str]) -> pd.Series:
        months = self.months[period]
        values: list[Number | None] = [None] * len(keys)
        if self._is_known(period):
            values = [self.figures.figure(column.indicator, months, key) for key in keys]
        return pd.Series(values, index=keys, dtype=object)

    def _is_known(self, period: Period) -> bool:
        """Before the park had any seat nothing is known of its seats, which is not nought."""
        floors = self.facts.of("floors")
        months = self.months[period]
        return period == Period.MONTH or not floors or any(fact.month in months for fact in floors)

    def _owed(self) -> list[Any]:
        """The returns of the month: who owed one stays, though nothing else is known of it."""
        month = self.months[Period.MONTH]
        return [fact for fact in self.facts.of("returns") if fact.month in month]


def _shown(column: Column, figures: pd.DataFrame) -> pd.Series:
    """What the column shows: the figure of its period, or how the compared period differs."""
    first, *base = (figures[column.figure(period)] for period in column.periods)
    if not base:
        return first
    compare = change if column.measure == Measure.CHANGE else growth
    pairs = zip(first, base[0], strict=True)
    return pd.Series([compare(*pair) for pair in pairs], index=figures.index, dtype=object)


def _column(column: Column, head: str) -> dict[str, Any]:
    divisor = column.indicator.divisor
    return {
        "code": column.code,
        "head": head,
        "indicator": column.indicator.code,
        "version": column.indicator.version,
        "measure": column.measure.value,
        "period": column.period.value,
        "unit": column.unit.value,
        "places": column.places,
        "divisor": divisor.code if divisor and column.measure == Measure.VALUE else None,
    }


def _plain(cell: Number | None) -> int | str | None:
    return str(cell) if isinstance(cell, Decimal) else cell

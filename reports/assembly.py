"""From facts to the tables of a report.

What comes out is plain JSON without any language: codes, keys, whole numbers, decimals as texts,
None where nothing is known or a base is missing. The same facts give the same tables to the digit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Any

from foundation.months import format_month
from reports.comparing import change, growth
from reports.counting import Counting
from reports.indicators import Facts, Figures
from reports.indicators.facts import TOTAL
from reports.indicators.levels import LEVELS, Node, kept_row, nodes_in_order
from reports.kinds import KINDS
from reports.models import ReportKind
from reports.suppression import Line, Screen, levels_shown
from reports.tables import Column, Measure, Period, Table
from reports.units import Number

SCHEMA = 1
_THE_TOTAL = Line(TOTAL, (TOTAL,))


def assemble(kind: ReportKind, month: date, facts: Facts) -> dict[str, Any]:
    """The tables of a report, and the lists beside them."""
    described = KINDS[kind]
    figures_at = cache(lambda levels: Figures(facts, levels))  # many tables have the same rows
    screens = _screens(described.tables, month, figures_at)
    lists = {listed.code: listed.rows(month, facts) for listed in described.lists}
    secret = {
        listed.code: list(listed.secret)
        for listed in described.lists
        if any(row[name] for row in lists[listed.code] for name in listed.secret)
    }
    return {
        "schema": SCHEMA,
        "form": described.number,
        "month": format_month(month),
        "tables": [
            _Assembly(table, month, figures_at(table.levels), screens.get(table.code)).content()
            for table in described.tables
        ],
        "unfiled": [],  # every report has it, since the first ones
        **lists,
        **({"secret": secret} if secret else {}),
        **({"to_come": list(described.to_come)} if described.to_come else {}),
        "has_sample": facts.has_sample,
    }


def _screens(
    tables: Iterable[Table], month: date, figures_at: Callable[[tuple[str, ...]], Figures]
) -> dict[str, Screen]:
    """For each table that not everybody may read whole, by its code, what is hidden of it."""
    groups: dict[str, list[Table]] = {}
    for table in tables:
        if table.disclosure is not None:
            alone = f"{table.code}, alone"
            groups.setdefault(table.disclosure.group or alone, []).append(table)
    screens: dict[str, Screen] = {}
    for together in groups.values():
        screen = Screen(together, month, figures_at(levels_shown(together)))
        screens |= {table.code: screen for table in together}
    return screens


class _Assembly:
    """One table: a row for each key, a column for each `Column`."""

    def __init__(self, table: Table, month: date, figures: Figures, screen: Screen | None) -> None:
        self.table = table
        self.facts = figures.facts
        self.screen = screen
        self.month = month
        self.figures = figures
        self.counting = Counting(figures, month)

    def content(self) -> dict[str, Any]:
        if self.table.levels == (TOTAL,):
            return self._of_the_whole()
        nodes, stays = self._nodes()
        every = [Line(key, (key,)) for node in nodes for key in node.every_key()]
        content = {**self._head(), "rows": self._rows([*every, _THE_TOTAL], stays)}
        if self.screen is not None:
            content["public"] = self._public(self.screen, nodes)
        return content

    def _head(self) -> dict[str, Any]:
        return {
            "code": self.table.code,
            "number": self.table.number,
            "levels": list(self.table.levels),
            "columns": [
                _column(column, head) for head, columns in self.table.groups for column in columns
            ],
        }

    def _of_the_whole(self) -> dict[str, Any]:
        """A table of one row: without figures that would tell what one enterprise filed."""
        screen = Screen([self.table], self.month, self.figures)
        blank = {column.code for column in self.table.columns if screen.tells_too_much(column)}
        rows = self._rows([_THE_TOTAL], {TOTAL}, blank)
        return {**self._head(), "rows": rows, "is_anonymous": True}

    def _public(self, screen: Screen, nodes: Sequence[Node]) -> list[dict[str, Any]]:
        """The rows as everybody may read them."""
        disclosure = self.table.disclosure
        is_total_only = disclosure is None or disclosure.is_total_only
        lines = [] if is_total_only else list(screen.lines(self.table, nodes))
        blank = {column.code for column in self.table.columns if screen.tells_too_much(column)}
        return self._rows([*lines, _THE_TOTAL], {TOTAL}, blank)

    def _nodes(self) -> tuple[Sequence[Node], set[str]]:
        """The rows that the facts count in, and the keys of those that stay though empty."""
        levels = [LEVELS[code] for code in self.table.levels if code != TOTAL]
        keeps_owed = levels[0].owes_returns and not self.table.holds_only_known
        owed = self._owed() if keeps_owed else []
        groups = (group for source in self.table.sources for group in self.figures.groups(source))
        rows = chain(owed, (group.facts[0] for group in groups))
        stays = {key for fact in owed for key in levels[0].keys_of(self.facts, fact)}
        return nodes_in_order(levels, self.facts, rows), {TOTAL, *stays}

    def _rows(
        self, lines: Sequence[Line], stays: set[str], blank: Collection[str] = ()
    ) -> list[dict[str, Any]]:
        """`lines` with their cells. Of those where nothing is known only `stays` remain.

        Nothing is known in columns that are `blank`.
        """
        cells = zip(*self._columns(lines, blank), strict=True)
        return [
            {**_kept(line, self.facts), "cells": [_plain(cell) for cell in row]}
            for line, row in zip(lines, cells, strict=True)
            if any(row) or line.key in stays
        ]

    def _columns(
        self, lines: Sequence[Line], blank: Collection[str]
    ) -> Iterator[Sequence[Number | None]]:
        """The cells of `lines`, column by column. A figure that several show is counted once."""
        figures: dict[str, list[Number | None]] = {}
        for column in self.table.columns:
            if column.code in blank:
                yield [None] * len(lines)
                continue
            for period in column.periods:
                name = column.figure(period)
                if name not in figures:
                    figures[name] = self._series(column, period, lines)
            yield _shown(column, figures)

    def _series(self, column: Column, period: Period, lines: Sequence[Line]) -> list[Number | None]:
        return [self.counting.figure(column.indicator, period, *line.keys) for line in lines]

    def _owed(self) -> list[Any]:
        """The returns of the month: who owed one stays, though nothing else is known of it."""
        month = self.counting.months[Period.MONTH]
        return [fact for fact in self.facts.of("returns") if fact.month in month]


def _kept(line: Line, facts: Facts) -> dict[str, Any]:
    """What is frozen of a row; of hidden ones together, which they are."""
    kept = kept_row(line.key, facts)
    return {**kept, "of": list(line.keys), "inside": line.inside} if line.inside else kept


def _shown(column: Column, figures: dict[str, list[Number | None]]) -> list[Number | None]:
    """What the column shows: the figure of its period, or how the compared period differs."""
    first, *base = (figures[column.figure(period)] for period in column.periods)
    if not base:
        return first
    compare = change if column.measure == Measure.CHANGE else growth
    return [compare(now, before) for now, before in zip(first, base[0], strict=True)]


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

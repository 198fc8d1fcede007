"""The rows behind one cell of a report, read off its frozen facts alone.

A cell's address is `table:row:column`, such as `places:zone.A:firm.change.previous`. Its rows stand
in parts: what a rate is divided by is one of its own, and so is the period that is compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.months import format_month, parse_month
from reports.comparing import change, growth
from reports.display import value_of
from reports.document import Column
from reports.indicators import SOURCES, Distinct, Facts, Indicator, Ratio, Total, rows_of
from reports.indicators.levels import LEVELS
from reports.parts import Part, anonymous_part_of, part_of
from reports.tables import Measure, Period
from reports.units import Number
from reports.words import columns_of, indicator_of, row_label


@dataclass(frozen=True)
class Drill:
    """A cell explained: its figure, its parts, and what they make."""

    cell: str
    row: str
    column: Column
    indicator: Indicator
    figure: Number | None
    recomputed: Number | None
    parts: tuple[Part, ...]
    is_anonymous: bool = False

    @property
    def text(self) -> str:
        return self.column.text(self.figure)

    @property
    def adds_up(self) -> bool:
        return self.figure == self.recomputed

    @property
    def divisor(self) -> Part | None:
        """What a rate of the month is divided by."""
        is_rate = isinstance(self.indicator, Ratio) and len(self.parts) == 2
        return self.parts[1] if is_rate else None


def drill(
    content: Mapping[str, Any], facts: Mapping[str, Any], cell: str, *, with_names: bool = True
) -> Drill | None:
    """The rows behind `cell`; None where there is no such cell or nothing is known of it.

    Without names, enterprises whose figures are not public are told by how many they are.
    """
    table_code, _colon, rest = cell.partition(":")
    row_key, _colon, column_code = rest.partition(":")
    table = _find(content["tables"], "code", table_code)
    row = _find(table["rows"], "key", row_key) if table else None
    stored = _find(table["columns"], "code", column_code) if table else None
    if table is None or row is None or stored is None:
        return None
    place = table["columns"].index(stored)
    figure = value_of(row["cells"][place])
    if figure is None:
        return None
    month = parse_month(content["month"])
    assert month is not None  # noqa: S101 — it was written by `format_month`
    known = Facts.from_json(facts, SOURCES)
    is_guarded = table.get("is_public", False) or table.get("is_anonymous", False)
    is_anonymous = not with_names and is_guarded
    explained = _Explained(known, month, table, row, stored, is_anonymous)
    return Drill(
        cell=cell,
        row=row_label(row),
        column=columns_of(table["columns"])[place],
        indicator=indicator_of(stored),
        figure=figure,
        recomputed=explained.figure,
        parts=tuple(explained.parts),
        is_anonymous=is_anonymous,
    )


def _find(rows: Sequence[Any], name: str, value: str) -> Any:
    return next((row for row in rows if row[name] == value), None)


class _Explained:
    """Goes back from a cell to its facts, and from these to the figure again."""

    def __init__(
        self,
        facts: Facts,
        month: date,
        table: Mapping[str, Any],
        row: Mapping[str, Any],
        stored: Mapping[str, Any],
        is_anonymous: bool,
    ) -> None:
        self.facts = facts
        self.month = month
        self.table = table
        self.keys = row.get("of", [row["key"]])
        self.is_anonymous = is_anonymous
        self.parts: list[Part] = []
        indicator = indicator_of(stored)
        measure, period = Measure(stored["measure"]), Period(stored["period"])
        if measure == Measure.VALUE:
            self.figure = self._value(indicator, period)
        else:
            now, before = self._value(indicator, period.compared), self._value(indicator, period)
            self.figure = change(now, before) if measure == Measure.CHANGE else growth(now, before)

    def _value(self, indicator: Indicator, period: Period) -> Number | None:
        totals = [self._part(part, period).total for part in indicator.parts()]
        return indicator.quotient(*totals) if isinstance(indicator, Ratio) else totals[0]

    def _part(self, indicator: Total | Distinct, period: Period) -> Part:
        months = [format_month(month) for month in period.months(self.month)]
        rows = rows_of(indicator, self.facts, months, self.keys)
        if self.is_anonymous and "enterprise" in SOURCES[indicator.source].columns:
            part = anonymous_part_of(indicator, rows, months)
        else:
            part = part_of(self.facts, indicator, self._in_order(indicator, rows), months)
        self.parts.append(part)
        return part

    def _in_order(self, indicator: Total | Distinct, rows: list[Any]) -> list[Any]:
        """As the table has them; facts come by month and place."""
        if "enterprise" not in SOURCES[indicator.source].columns:
            return rows
        by_name = {pk: at for at, pk in enumerate(self.facts.enterprises)}
        if isinstance(indicator, Distinct) or len(self.table["levels"]) == 1:
            return sorted(rows, key=lambda fact: by_name[fact.enterprise])
        *_above, smallest, _total = self.table["levels"]
        level = LEVELS[smallest]
        if level.is_place:
            return rows
        standing = {row["key"]: at for at, row in enumerate(self.table["rows"])}
        return sorted(
            rows,
            key=lambda fact: (
                next(
                    (standing[key] for key in level.keys_of(self.facts, fact) if key in standing),
                    len(standing),
                ),
                by_name.get(fact.enterprise, len(by_name)),
            ),
        )

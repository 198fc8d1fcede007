"""The rows behind one cell of a report, read off its frozen facts alone.

A cell's address is `table:row:column`, such as `places:zone.A:firm.change.previous`. Its rows stand
in parts: what a rate is divided by is one of its own, and so is the period that is compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.months import format_month, parse_month
from reports.comparing import change, growth
from reports.display import value_of
from reports.document import Column
from reports.indicators import SOURCES, Distinct, Facts, Indicator, Ratio, Total, rows_of
from reports.indicators.facts import CALENDAR, is_invented
from reports.indicators.levels import LEVELS
from reports.tables import Measure, Period
from reports.units import Number, places_of, printed, written
from reports.words import columns_of, indicator_of, row_label
from web import formats


@dataclass(frozen=True)
class Line:
    """One row: whose or which, where and when, and how much of the figure it is.

    `is_sample` says whether that is invented.
    """

    name: str
    where: str
    when: str
    amount: Number
    printed: Number | None
    text: str
    is_sample: bool


@dataclass(frozen=True)
class Part:
    """Rows that add up to one total. They have the decimals that it takes to do so on paper.

    In the order of the table: place by place, or by enterprise (of each, by month and place).
    """

    name: str
    period: str
    unit: str
    lines: tuple[Line, ...]
    total: Number | None
    printed: Number | None
    text: str


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


def drill(content: Mapping[str, Any], facts: Mapping[str, Any], cell: str) -> Drill | None:
    """The rows behind `cell`; None where there is no such cell or nothing is known of it."""
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
    explained = _Explained(Facts.from_json(facts, SOURCES), month, table, row, stored)
    return Drill(
        cell=cell,
        row=row_label(row),
        column=columns_of(table["columns"])[place],
        indicator=indicator_of(stored),
        figure=figure,
        recomputed=explained.figure,
        parts=tuple(explained.parts),
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
    ) -> None:
        self.facts = facts
        self.month = month
        self.table = table
        self.row = row
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
        rows = rows_of(indicator, self.facts, months, self.row["level"], self.row["key"])
        amounts = [_amount(indicator, fact) for fact in rows]
        places = max(indicator.places, places_of(amounts, indicator.unit))
        lines = tuple(
            _line(self.facts, indicator, fact, places) for fact in self._in_order(indicator, rows)
        )
        total = sum(line.amount for line in lines)
        part = Part(
            name=str(indicator.name),
            period=_months_named(months),
            unit=str(indicator.unit.label),
            lines=lines,
            total=total,
            printed=printed(total, indicator.unit),
            text=written(total, indicator.unit, places=places),
        )
        self.parts.append(part)
        return part

    def _in_order(self, indicator: Total | Distinct, rows: list[Any]) -> list[Any]:
        """As the table has them; facts come by month and place."""
        if "enterprise" not in SOURCES[indicator.source].columns:
            return rows
        by_name = {pk: at for at, pk in enumerate(self.facts.enterprises)}
        if isinstance(indicator, Distinct):
            return sorted(rows, key=lambda fact: by_name[fact.enterprise])
        *_above, smallest, _total = self.table["levels"]
        level = LEVELS[smallest]
        if level.is_place:
            return rows
        standing = {row["key"]: at for at, row in enumerate(self.table["rows"])}
        return sorted(
            rows,
            key=lambda fact: (
                standing.get(level.key_of(self.facts, fact) or "", len(standing)),
                by_name.get(fact.enterprise, len(by_name)),
            ),
        )


def _amount(indicator: Total | Distinct, fact: Any) -> Number:
    """How much of the figure a fact is."""
    return 1 if isinstance(indicator, Distinct) else getattr(fact, indicator.column)


def _months_named(months: Sequence[str]) -> str:
    first, last = parse_month(months[0]), parse_month(months[-1])
    if first == last:
        return formats.month(last)
    return _("%(first)s to %(last)s") % {
        "first": formats.month(first),
        "last": formats.month(last),
    }


def _line(facts: Facts, indicator: Total | Distinct, fact: Any, places: int) -> Line:
    amount = _amount(indicator, fact)
    name, where, when = _NAMES[indicator.source](facts, fact)
    return Line(
        name=name,
        where="" if isinstance(indicator, Distinct) else where,
        when="" if isinstance(indicator, Distinct) else when,
        amount=amount,
        printed=printed(amount, indicator.unit),
        text=written(amount, indicator.unit, places=places),
        is_sample=is_invented(fact, _counted(indicator)),
    )


def _counted(indicator: Total | Distinct) -> str:
    """The column whose values a figure counts."""
    return indicator.of if isinstance(indicator, Distinct) else indicator.column


def _holder(facts: Facts, pk: int | None) -> str:
    if pk is None:
        return pgettext("seats", "Closed")
    return facts.enterprises[pk].short_name


def _name_of_floor(_facts: Facts, fact: Any) -> tuple[str, str, str]:
    return fact.floor, "", ""


def _name_of_block(facts: Facts, fact: Any) -> tuple[str, str, str]:
    days = formats.period(date.fromisoformat(fact.first_day), date.fromisoformat(fact.last_day))
    return _holder(facts, fact.enterprise), fact.run, days


def _name_of_choice(facts: Facts, fact: Any) -> tuple[str, str, str]:
    first_day = formats.period(date.fromisoformat(fact.first_day), None)
    return _holder(facts, fact.enterprise), fact.run, first_day


def _name_of_return(facts: Facts, fact: Any) -> tuple[str, str, str]:
    return _holder(facts, fact.enterprise), "", formats.month(parse_month(fact.month))


def _name_of_month(_facts: Facts, fact: Any) -> tuple[str, str, str]:
    return formats.month(parse_month(fact.month)), "", ""


_NAMES = {
    "floors": _name_of_floor,
    "blocks": _name_of_block,
    "ahead": _name_of_choice,
    "returns": _name_of_return,
    CALENDAR: _name_of_month,
}

"""All that a return says: its figures, its classes of services, its markets; and where each stands.

A *cell* is one value of a return: `revenue`, `class:BPO-2-3:executed_value`, `market:HKG.USD:rate`.
Forms, workbooks, checks and lists of corrections all name values this way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from returns.figures import FIGURES
from returns.models import MonthlyReturn, ReturnFigures, ReturnRevision
from returns.models.figures import ClassFigures, MarketFigures

Value = Decimal | int | None
Measures = Mapping[str, Value]
MarketKey = tuple[str, str]  # country or region, currency

CLASS, MARKET = "class", "market"
FEN = Decimal("0.01")


@dataclass(frozen=True)
class Content:
    """What a draft or a revision says. `filed` by the names of `ReturnFigures.FILED`."""

    filed: Mapping[str, Any]
    classes: Mapping[str, Measures] = field(default_factory=dict)
    markets: Mapping[MarketKey, Measures] = field(default_factory=dict)

    @classmethod
    def of(cls, row: MonthlyReturn | ReturnRevision) -> Content:
        """Two queries, unless the lines are there already."""
        return cls(row.filed(), _classes(row.classes.all()), _markets(row.markets.all()))

    def __getitem__(self, name: str) -> Any:
        return self.filed[name]

    @property
    def notes(self) -> Mapping[str, str]:
        return self.filed["notes"]

    def figures(self) -> dict[str, Value]:
        """The figures alone."""
        return {name: self.filed[name] for name in FIGURES}

    def class_sum(self, measure: str) -> Any:
        """The sum of a measure over the classes."""
        return sum(line[measure] or 0 for line in self.classes.values())

    def market_sum(self, measure: str) -> Decimal:
        """The sum of an amount over the markets, in 元 by their rates."""
        return sum((in_yuan(line, measure) for line in self.markets.values()), Decimal(0))

    def cells(self) -> Iterator[tuple[str, Any]]:
        """Every cell with its value."""
        yield from ((name, self.filed[name]) for name in ReturnFigures.FILED if name != "notes")
        yield from self.line_cells()

    def line_cells(self) -> Iterator[tuple[str, Value]]:
        """Those of the classes and the markets."""
        for code, measures in self.classes.items():
            yield from ((class_cell(code, name), value) for name, value in measures.items())
        for key, measures in self.markets.items():
            yield from ((market_cell(key, name), value) for name, value in measures.items())


def class_cell(code: str, measure: str) -> str:
    """Where a measure of a class stands."""
    return f"{CLASS}:{code}:{measure}"


def market_cell(key: MarketKey, measure: str) -> str:
    """Where a measure of a market stands."""
    return f"{MARKET}:{key[0]}.{key[1]}:{measure}"


def in_yuan(line: Measures, measure: str) -> Decimal:
    """An amount of a market in 元, rounded to 分; 0 where amount or rate is unknown."""
    amount, rate = line[measure], line["rate"]
    if amount is None or rate is None:
        return Decimal(0)
    return (Decimal(amount) * rate).quantize(FEN, ROUND_HALF_UP)


def _classes(lines: Iterable[ClassFigures]) -> dict[str, Measures]:
    return {
        line.service_class: {name: getattr(line, name) for name in ClassFigures.FIELDS}
        for line in sorted(lines, key=lambda line: line.service_class)
    }


def _markets(lines: Iterable[MarketFigures]) -> dict[MarketKey, Measures]:
    return {
        (line.market, line.currency): {name: getattr(line, name) for name in MarketFigures.FIELDS}
        for line in sorted(lines, key=lambda line: (line.market, line.currency))
    }

"""What an indicator is: a name, a definition, and where its figure and its rows come from.

A *source* gives facts: the rows behind figures, each with a month. An indicator adds up one column
of one source (`Total`), counts the different values of one (`Distinct`), or divides two totals
(`Ratio`). Figures and rows are both read off the same facts, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from reports.units import Number, Unit, rounded
from web.rfc9457 import Text


class Source(NamedTuple):
    """Where facts come from: `take` gives those of all asked months, whatever their number."""

    code: str
    fact: type[Any]
    take: Callable[[Sequence[date]], list[Any]]
    decimals: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.fact._fields


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure that explains itself. `version` grows when the definition changes.

    `short` is its name in the head of a table, where the title has said what the table is about.
    `is_flow`: it is of a month's days, not of its last day, so that months can be added up.
    """

    code: str
    name: Text
    short: Text
    unit: Unit
    definition: Text
    version: int = 1
    decimals: int | None = None
    is_flow: bool = False

    @property
    def places(self) -> int:
        """Decimals that are printed."""
        return self.unit.places if self.decimals is None else self.decimals

    @property
    def divisor(self) -> Indicator | None:
        """What the figure is divided by, where it is a quotient."""
        return None

    def parts(self) -> Iterator[Total | Distinct]:
        """The totals that the figure is made of."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Total(Indicator):
    """The sum of one column of one source. Without any fact it is 0, or unknown if `if_none`."""

    source: str
    column: str
    if_none: Number | None = 0

    def parts(self) -> Iterator[Total | Distinct]:
        yield self


@dataclass(frozen=True, kw_only=True)
class Distinct(Indicator):
    """How many different `of` there are among the facts whose `column` is not nought."""

    source: str
    column: str
    of: str

    def parts(self) -> Iterator[Total | Distinct]:
        yield self


@dataclass(frozen=True, kw_only=True)
class Ratio(Indicator):
    """One total divided by another, times `factor`. Unknown where the divisor is 0 or missing."""

    numerator: Total
    denominator: Total
    factor: int = 1

    @property
    def divisor(self) -> Indicator:
        return self.denominator

    def parts(self) -> Iterator[Total | Distinct]:
        yield self.numerator
        yield self.denominator

    def quotient(self, numerator: Number | None, denominator: Number | None) -> Decimal | None:
        """The figure, rounded as it is printed."""
        if numerator is None or not denominator:
            return None
        return rounded(Decimal(numerator) * self.factor / Decimal(denominator), self.places)

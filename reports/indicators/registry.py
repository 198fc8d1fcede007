"""What an indicator is: a name, a definition, and where its figure and its rows come from.

A *source* gives facts: the rows behind figures, each with a month. An indicator adds up one column
of one source (`Total`), counts the different values of one (`Distinct`), or divides two totals
(`Ratio`). Figures and rows are both read off the same facts, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from reports.units import Number, Unit, rounded
from web.rfc9457 import Text


class Source(NamedTuple):
    """Where facts come from: `take` gives those of all asked months, whatever their number.

    Of the columns that are `optional` it takes those that are asked for; the others are None, and
    are not frozen. `names_enterprises`: its figures are what single enterprises have filed.
    """

    code: str
    fact: Any
    take: Callable[[Sequence[date], Collection[str]], list[Any]]
    decimals: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    names_enterprises: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        columns: tuple[str, ...] = self.fact._fields
        return columns

    def held(self, wanted: Collection[str]) -> tuple[str, ...]:
        """The columns that facts have where `wanted` are counted."""
        return tuple(name for name in self.columns if name not in self.optional or name in wanted)


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure that explains itself. `version` grows when the definition changes.

    `short` is its name in the head of a table, where the title has said what the table is about.
    `number` is that of the statistics of outsourced services (SO01 …), where it has one.
    `is_flow`: it is of a month's days, not of its last day, so that months can be added up.
    """

    code: str
    name: Text
    short: Text
    unit: Unit
    definition: Text
    version: int = 1
    decimals: int | None = None
    number: str = ""
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
    """The sum of one column of one source. Without any fact it is 0, or unknown if `if_none`.

    `unknown_if` names a column that is not nought where a fact should count and nobody knows how
    much: then the sum is unknown. `is_whole`: that of the whole table, the same in each row.
    `is_held`: not where nobody collects it.
    """

    source: str
    column: str
    if_none: Number | None = 0
    unknown_if: str = ""
    is_whole: bool = False
    is_held: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return (self.column, self.unknown_if) if self.unknown_if else (self.column,)

    def parts(self) -> Iterator[Total | Distinct]:
        yield self


@dataclass(frozen=True, kw_only=True)
class Distinct(Indicator):
    """How many different `of` there are among the facts whose `column` is not nought.

    `unless`: without those of which a fact in the same row has that column, too.
    """

    source: str
    column: str
    of: str
    is_whole: bool = False
    unless: str = ""
    is_held: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        read = (self.column, self.of)
        return (*read, self.unless) if self.unless else read

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


def columns_read(indicators: Iterable[Indicator]) -> dict[str, set[str]]:
    """For each source, the columns that `indicators` read."""
    read: dict[str, set[str]] = {}
    for one in indicators:
        for part in one.parts():
            read.setdefault(part.source, set()).update(part.columns)
    return read

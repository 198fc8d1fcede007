"""What facts add up to: the figures of the rows of tables, and the facts behind one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reports.indicators.facts import CALENDAR, TOTAL, Facts, is_invented
from reports.indicators.levels import LEVELS, Level
from reports.indicators.registry import Distinct, Indicator, Ratio, Total
from reports.units import Number


class Figures:
    """Every figure that `facts` hold, for the rows of tables at `levels`."""

    def __init__(self, facts: Facts, levels: Sequence[str]) -> None:
        self.facts = facts
        self.levels = levels
        self._found: dict[str, dict[tuple[str, str], Any]] = {}

    def figure(self, indicator: Indicator, months: Sequence[str], key: str) -> Number | None:
        """The figure of `key` for `months` together; None where nothing is known."""
        if isinstance(indicator, Ratio):
            return indicator.quotient(
                self.figure(indicator.numerator, months, key),
                self.figure(indicator.denominator, months, key),
            )
        (part,) = indicator.parts()
        found = self._of(part)
        place = TOTAL if part.source == CALENDAR else key
        known = [found[month, place] for month in months if (month, place) in found]
        if isinstance(part, Distinct):
            return len(set().union(*known))
        return sum(known) if known else part.if_none

    def keys(self, level: str, sources: Iterable[str]) -> list[str]:
        """The keys at `level` that any of `sources` has a fact for, in the facts' order."""
        found = {
            LEVELS[level].key_of(self.facts, fact): None
            for source in sources
            if _answered(self.facts.of(source), [LEVELS[level]])
            for fact in self.facts.of(source)
        }
        return [key for key in found if key is not None]

    def _of(self, part: Total | Distinct) -> dict[tuple[str, str], Any]:
        if part.code not in self._found:
            keyed = self._keyed(part)
            if isinstance(part, Distinct):
                self._found[part.code] = _gathered(part, keyed)
            else:
                self._found[part.code] = _added(keyed)
        return self._found[part.code]

    def _keyed(self, part: Total | Distinct) -> Iterator[tuple[tuple[str, str], Any, Any]]:
        codes = [TOTAL] if part.source == CALENDAR else self.levels
        facts = self.facts.of(part.source)
        levels = _answered(facts, [LEVELS[code] for code in codes])
        for fact in facts:
            value = getattr(fact, part.column)
            if value is None:
                continue
            for level in levels:
                key = level.key_of(self.facts, fact)
                if key is not None:
                    yield (fact.month, key), value, fact


def _answered(facts: Sequence[Any], levels: Iterable[Level]) -> list[Level]:
    """The levels that facts of a source can be told apart by."""
    first = next(iter(facts), None)
    return [level for level in levels if level.answers(first)]


def _added(keyed: Iterable[tuple[tuple[str, str], Any, Any]]) -> dict[tuple[str, str], Number]:
    totals: dict[tuple[str, str], Number] = {}
    for place, value, _fact in keyed:
        totals[place] = totals.get(place, 0) + value
    return totals


def _gathered(
    part: Distinct, keyed: Iterable[tuple[tuple[str, str], Any, Any]]
) -> dict[tuple[str, str], set[Any]]:
    found: dict[tuple[str, str], set[Any]] = {}
    for place, value, fact in keyed:
        if value:
            found.setdefault(place, set()).add(getattr(fact, part.of))
    return found


def rows_of(
    part: Total | Distinct, facts: Facts, months: Sequence[str], level: str, key: str
) -> list[Any]:
    """The facts that a figure is made of: they add up to it, or are counted in it."""
    wanted = set(months)
    says_nought = isinstance(part, Total) and part.if_none is None  # 0 is an answer there
    rows = [
        fact
        for fact in facts.of(part.source)
        if fact.month in wanted
        and (getattr(fact, part.column) or (says_nought and getattr(fact, part.column) is not None))
        and (part.source == CALENDAR or LEVELS[level].key_of(facts, fact) == key)
    ]
    if isinstance(part, Distinct):
        rows.sort(key=lambda fact: is_invented(fact, part.of))  # what is real in any is real
        return list({getattr(fact, part.of): fact for fact in reversed(rows)}.values())[::-1]
    return rows

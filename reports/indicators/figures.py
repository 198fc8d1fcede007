"""What facts add up to: the figures of the rows of tables, and the facts behind one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from reports.indicators.facts import CALENDAR, TOTAL, Facts, is_invented
from reports.indicators.levels import LEVELS, Level
from reports.indicators.registry import Distinct, Indicator, Ratio, Total
from reports.units import Number

Place = tuple[str, str]  # month, key of a row


class Figures:
    """Every figure that `facts` hold, for the rows of tables at `levels`."""

    def __init__(self, facts: Facts, levels: Sequence[str]) -> None:
        self.facts = facts
        self.levels = levels
        self._found: dict[str, dict[Place, Any]] = {}
        self._keys: dict[str, list[list[str]]] = {}

    def figure(self, indicator: Indicator, months: Sequence[str], *keys: str) -> Number | None:
        """The figure of the rows `keys` for `months` together; None where nothing is known."""
        if isinstance(indicator, Ratio):
            return indicator.quotient(
                self.figure(indicator.numerator, months, *keys),
                self.figure(indicator.denominator, months, *keys),
            )
        (part,) = indicator.parts()
        found = self._of(part)
        places = (TOTAL,) if _is_of_all(part) else keys
        known = [
            found[month, place] for month in months for place in places if (month, place) in found
        ]
        if isinstance(part, Distinct):
            return len(set().union(*known))
        if any(amount is None for amount in known):
            return None
        return sum(known) if known else part.if_none

    def keys(self, level: str, sources: Iterable[str]) -> list[str]:
        """The keys at `level` that any of `sources` has a fact for, in the facts' order."""
        found = {
            key: None
            for source in sources
            if _answered(self.facts.of(source), [LEVELS[level]])
            for fact in self.facts.of(source)
            for key in LEVELS[level].keys_of(self.facts, fact)
        }
        return list(found)

    def counted(self, part: Total | Distinct) -> Iterator[tuple[Any, list[str], Any]]:
        """Each fact that `part` counts, with the keys of its rows and how much it is."""
        value_of = reading(part)
        for fact, keys in zip(self.facts.of(part.source), self._keys_of(part.source), strict=True):
            value = value_of(fact)
            if value is not None:
                yield fact, keys, value

    def _of(self, part: Total | Distinct) -> dict[Place, Any]:
        if part.code not in self._found:
            gather = self._gathered if isinstance(part, Distinct) else self._added
            self._found[part.code] = gather(part)
        return self._found[part.code]

    def _keys_of(self, source: str) -> list[list[str]]:
        """For each fact of a source, the keys of the rows that it counts in."""
        if source not in self._keys:
            codes = [TOTAL] if source == CALENDAR else [*dict.fromkeys([*self.levels, TOTAL])]
            facts = self.facts.of(source)
            levels = _answered(facts, [LEVELS[code] for code in codes])
            self._keys[source] = [
                [key for level in levels for key in level.keys_of(self.facts, fact)]
                for fact in facts
            ]
        return self._keys[source]

    def _added(self, part: Any) -> dict[Place, Number | None]:
        totals: dict[Place, Any] = {}
        for fact, keys, value in self.counted(part):
            month = fact.month
            for key in keys:
                totals[month, key] = totals.get((month, key), 0) + value
        if part.unknown_if:
            for fact, keys in zip(
                self.facts.of(part.source), self._keys_of(part.source), strict=True
            ):
                if getattr(fact, part.unknown_if):
                    totals |= dict.fromkeys(((fact.month, key) for key in keys), None)
        return totals

    def _gathered(self, part: Any) -> dict[Place, set[Any]]:
        found: dict[Place, set[Any]] = {}
        not_these: dict[Place, set[Any]] = {}
        for fact, keys, value in self.counted(part):
            places = [(fact.month, key) for key in keys]
            if value:
                for place in places:
                    found.setdefault(place, set()).add(getattr(fact, part.of))
            if part.unless and getattr(fact, part.unless):
                for place in places:
                    not_these.setdefault(place, set()).add(getattr(fact, part.of))
        return {place: values - not_these.get(place, set()) for place, values in found.items()}


def _answered(facts: Sequence[Any], levels: Iterable[Level]) -> list[Level]:
    """The levels that facts of a source can be told apart by."""
    first = next(iter(facts), None)
    return [level for level in levels if level.answers(first)]


def _is_of_all(part: Total | Distinct) -> bool:
    return part.is_whole or part.source == CALENDAR


def reading(part: Total | Distinct) -> Callable[[Any], Any]:
    """What reads the column of `part` off a fact; None where facts have no such column."""
    column = part.column
    return lambda fact: getattr(fact, column, None)


def rows_of(
    part: Total | Distinct, facts: Facts, months: Sequence[str], keys: Sequence[str]
) -> list[Any]:
    """The facts that the figure of the rows `keys` is made of: they add up to it."""
    wanted, rows_wanted = set(months), set(keys)
    levels = [LEVELS[code] for code in dict.fromkeys(key.partition(".")[0] for key in keys)]
    says_nought = isinstance(part, Total) and part.if_none is None  # 0 is an answer there
    value_of, is_of_all = reading(part), _is_of_all(part)

    def is_meant(fact: Any) -> bool:
        return is_of_all or any(
            key in rows_wanted for level in levels for key in level.keys_of(facts, fact)
        )

    rows = [
        fact
        for fact in facts.of(part.source)
        if fact.month in wanted
        and ((value := value_of(fact)) or (says_nought and value is not None))
        and is_meant(fact)
    ]
    if isinstance(part, Distinct):
        if part.unless:
            not_these = {
                (fact.month, getattr(fact, part.of))
                for fact in facts.of(part.source)
                if fact.month in wanted and getattr(fact, part.unless) and is_meant(fact)
            }
            rows = [fact for fact in rows if (fact.month, getattr(fact, part.of)) not in not_these]
        rows.sort(key=lambda fact: is_invented(fact, part.of))  # what is real in any is real
        return list({getattr(fact, part.of): fact for fact in reversed(rows)}.values())[::-1]
    return rows

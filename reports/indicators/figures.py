"""What facts add up to: the figures of the rows of tables, and the facts behind one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from reports.indicators.facts import CALENDAR, TOTAL, Facts, is_invented
from reports.indicators.levels import LEVELS, Level
from reports.indicators.registry import Distinct, Indicator, Ratio, Total
from reports.units import Number

Place = tuple[str, str]  # month, key of a row


class Group(NamedTuple):
    """The facts of a month that count in the same rows."""

    month: str
    keys: tuple[str, ...]
    facts: list[Any]


class Figures:
    """Every figure that `facts` hold, for the rows of tables at `levels`."""

    def __init__(self, facts: Facts, levels: Iterable[str]) -> None:
        self.facts = facts
        self.levels = list(dict.fromkeys([*levels, TOTAL]))
        self._found: dict[tuple[Any, ...], dict[Place, Any]] = {}
        self._who: dict[tuple[str, str], dict[Place, set[int]]] = {}
        self._groups: dict[str, list[Group]] = {}

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

    def groups(self, source: str) -> list[Group]:
        """The facts of a source, those that count in the same rows of the same month together."""
        if source not in self._groups:
            facts = self.facts.of(source)
            codes = [TOTAL] if source == CALENDAR else self.levels
            levels = _answered(facts, [LEVELS[code] for code in codes])
            found: dict[tuple[str, tuple[str, ...]], list[Any]] = {}
            for fact in facts:
                keys = tuple(key for level in levels for key in level.keys_of(self.facts, fact))
                found.setdefault((fact.month, keys), []).append(fact)
            self._groups[source] = [Group(*place, together) for place, together in found.items()]
        return self._groups[source]

    def enterprises(self, part: Total | Distinct) -> dict[Place, set[int]]:
        """Who makes up the figures of a part, by month and row: of whom it is not nought."""
        place = (part.source, part.column)
        if place not in self._who:
            value_of = reading(part)
            found: dict[Place, set[int]] = {}
            for group in self.groups(part.source):
                who = {fact.enterprise for fact in group.facts if value_of(fact)}
                if who:
                    for key in group.keys:
                        found.setdefault((group.month, key), set()).update(who)
            self._who[place] = found
        return self._who[place]

    def _of(self, part: Total | Distinct) -> dict[Place, Any]:
        is_distinct = isinstance(part, Distinct)
        place = (part.source, *part.columns, is_distinct)  # of a month, and of a year to date
        if place not in self._found:
            self._found[place] = self._gathered(part) if is_distinct else self._added(part)
        return self._found[place]

    def _added(self, part: Any) -> dict[Place, Number | None]:
        value_of = reading(part)
        totals: dict[Place, Number] = {}
        for group in self.groups(part.source):
            known = [value for fact in group.facts if (value := value_of(fact)) is not None]
            if known:
                amount: Number = sum(known)
                for key in group.keys:
                    totals[group.month, key] = totals.get((group.month, key), 0) + amount
        return {**totals, **self._unknown(part)}

    def _unknown(self, part: Any) -> dict[Place, None]:
        """Where something counts and nobody knows how much."""
        if not part.unknown_if:
            return {}
        is_unknown = attrgetter(part.unknown_if)
        return {
            (group.month, key): None
            for group in self.groups(part.source)
            if any(map(is_unknown, group.facts))
            for key in group.keys
        }

    def _gathered(self, part: Any) -> dict[Place, set[Any]]:
        value_of = reading(part)
        found: dict[Place, set[Any]] = {}
        is_not = attrgetter(part.unless) if part.unless else lambda _fact: False
        not_these: dict[Place, set[Any]] = {}
        for group in self.groups(part.source):
            counted = {getattr(fact, part.of) for fact in group.facts if value_of(fact)}
            barred = {getattr(fact, part.of) for fact in group.facts if is_not(fact)}
            for places, values in ((found, counted), (not_these, barred)):
                for key in group.keys if values else ():
                    places.setdefault((group.month, key), set()).update(values)
        return {place: values - not_these.get(place, set()) for place, values in found.items()}


def _answered(facts: Sequence[Any], levels: Iterable[Level]) -> list[Level]:
    """The levels that facts of a source can be told apart by."""
    first = next(iter(facts), None)
    return [level for level in levels if level.answers(first)]


def _is_of_all(part: Total | Distinct) -> bool:
    return part.is_whole or part.source == CALENDAR


def reading(part: Total | Distinct) -> Callable[[Any], Any]:
    """What reads the column of `part` off a fact; None where facts have no such column."""
    return attrgetter(part.column) if part.is_held else lambda _fact: None


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

"""The rows behind figures, as they are frozen with a report, and what they add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from reports.indicators.registry import Distinct, Indicator, Ratio, Source, Total
from reports.units import Number

TOTAL = "total"
UNCLASSIFIED = "unclassified"
CALENDAR = "calendar"  # a source of its own: the days of a month are the same for every key


class EnterpriseFact(NamedTuple):
    """Who an enterprise was when the report was made. In the order of names.

    `former` holds its business class in those months in which it counted in another.
    """

    enterprise: int
    name: str
    short_name: str
    business_class: str
    former: dict[str, str]
    is_sample: bool


def invented(sample_fields: Iterable[str], made_of: Mapping[str, Iterable[str]]) -> list[str]:
    """Which columns of a fact are invented: `made_of` names the fields that each is made of.

    `sample_fields` are those of the row that the fact comes from; * stands for all of them.
    """
    names = set(sample_fields)
    return [column for column, fields in made_of.items() if not names.isdisjoint(["*", *fields])]


def is_invented(fact: Any, column: str) -> bool:
    """Whether `column` of a fact is invented."""
    return column in getattr(fact, "sample_fields", ())


class Facts:
    """All rows behind a report, by source. `to_json` and `from_json` are each other's inverse.

    The `sample_fields` of a fact name its columns that are invented.
    """

    def __init__(
        self, tables: Mapping[str, Sequence[Any]], enterprises: Iterable[EnterpriseFact] = ()
    ) -> None:
        self.tables = tables
        self.enterprises = {fact.enterprise: fact for fact in enterprises}

    def of(self, source: str) -> Sequence[Any]:
        return self.tables.get(source, ())

    def key_of(self, fact: Any, level: str) -> str | None:
        """Which row of a table at `level` a fact belongs to; None: to none."""
        return KEYS[level](self, fact)

    def class_of(self, enterprise: int, month: str) -> str:
        """Where the figures of an enterprise counted in a month."""
        known = self.enterprises.get(enterprise)
        return known.former.get(month, known.business_class) if known else UNCLASSIFIED

    @property
    def has_sample(self) -> bool:
        """Whether anything of it is invented."""
        return any(
            getattr(fact, "sample_fields", ()) for facts in self.tables.values() for fact in facts
        )

    def to_json(self, sources: Mapping[str, Source]) -> dict[str, Any]:
        """Plain JSON: numbers are whole, decimals are texts, so nothing is lost."""
        tables = {
            code: {
                "columns": list(sources[code].columns),
                "rows": [_plain(sources[code], fact) for fact in facts],
            }
            for code, facts in self.tables.items()
        }
        people = [list(fact) for fact in self.enterprises.values()]
        columns = list(EnterpriseFact._fields)
        return {**tables, "enterprises": {"columns": columns, "rows": people}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], sources: Mapping[str, Source]) -> Facts:
        tables = {
            code: [_fact(sources[code], row) for row in table["rows"]]
            for code, table in stored.items()
            if code in sources
        }
        enterprises = [EnterpriseFact(*row) for row in stored["enterprises"]["rows"]]
        return cls(tables, enterprises)


def _by_enterprise(_facts: Facts, fact: Any) -> str | None:
    return None if fact.enterprise is None else f"enterprise.{fact.enterprise}"


def _by_class(facts: Facts, fact: Any) -> str | None:
    if fact.enterprise is None:
        return None
    return f"class.{facts.class_of(fact.enterprise, fact.month)}"


# What a fact belongs to, by the level of the table's row; None: to no row of that level.
KEYS: dict[str, Callable[[Facts, Any], str | None]] = {
    TOTAL: lambda _facts, _fact: TOTAL,
    "zone": lambda _facts, fact: f"zone.{fact.zone}",
    "building": lambda _facts, fact: f"building.{fact.building}",
    "enterprise": _by_enterprise,
    "class": _by_class,
}


def _plain(source: Source, fact: Any) -> list[Any]:
    texts = {
        name: f"{value:.2f}"
        for name in source.decimals
        if (value := getattr(fact, name)) is not None
    }
    return list(fact._replace(**texts))


def _fact(source: Source, row: Sequence[Any]) -> Any:
    fact = source.fact(*row)
    decimals = {
        name: Decimal(text) for name in source.decimals if (text := getattr(fact, name)) is not None
    }
    return fact._replace(**decimals)


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
            self.facts.key_of(fact, level): None
            for source in sources
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
        levels = [TOTAL] if part.source == CALENDAR else self.levels
        for fact in self.facts.of(part.source):
            value = getattr(fact, part.column)
            if value is None:
                continue
            for level in levels:
                key = self.facts.key_of(fact, level)
                if key is not None:
                    yield (fact.month, key), value, fact


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
        and (part.source == CALENDAR or facts.key_of(fact, level) == key)
    ]
    if isinstance(part, Distinct):
        rows.sort(key=lambda fact: is_invented(fact, part.of))  # what is real in any is real
        return list({getattr(fact, part.of): fact for fact in reversed(rows)}.values())[::-1]
    return rows

"""The rows behind figures, as they are frozen with a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from reports.indicators.registry import Source

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

"""The rows behind figures, as they are frozen with a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from reports.indicators.registry import Source

TOTAL = "total"
UNCLASSIFIED = "unclassified"
CALENDAR = "calendar"  # a source of its own: the days of a month are the same for every key

Names = Mapping[str, Mapping[str, Sequence[str]]]


class EnterpriseFact(NamedTuple):
    """Who an enterprise was when the report was made. In the order of names.

    `former` holds its business class in those months in which it counted in another, and
    `former_groups` likewise its `groups`: which lists of large firms it is on. `size` is whether it
    is above the designated size of its industry at the end of the last month; empty: unknown.
    """

    enterprise: int
    name: str
    short_name: str
    business_class: str
    former: dict[str, str]
    is_sample: bool
    groups: Sequence[str] = ()
    former_groups: Mapping[str, Sequence[str]] = MappingProxyType({})
    size: str = ""


def invented(sample_fields: Iterable[str], made_of: Mapping[str, Iterable[str]]) -> list[str]:
    """Which columns of a fact are invented: `made_of` names the fields that each is made of.

    `sample_fields` are those of the row that the fact comes from; * stands for all of them.
    """
    names = set(sample_fields)
    if not names:
        return []
    return [column for column, fields in made_of.items() if not names.isdisjoint(["*", *fields])]


def is_invented(fact: Any, column: str) -> bool:
    """Whether `column` of a fact is invented."""
    return column in getattr(fact, "sample_fields", ())


class Facts:
    """All rows behind a report, by source. `to_json` and `from_json` are each other's inverse.

    The `sample_fields` of a fact name its columns that are invented. `held` tells for sources that
    have more columns which ones the facts have. `names` are what codes were called, by the list
    that they are of: Chinese, English.
    """

    def __init__(
        self,
        tables: Mapping[str, Sequence[Any]],
        enterprises: Iterable[EnterpriseFact] = (),
        *,
        held: Mapping[str, Sequence[str]] | None = None,
        names: Names | None = None,
    ) -> None:
        self.tables = tables
        self.enterprises = {fact.enterprise: fact for fact in enterprises}
        self.held = held or {}
        self.names: Names = names or {}

    def of(self, source: str) -> Sequence[Any]:
        return self.tables.get(source, ())

    def class_of(self, enterprise: int, month: str) -> str:
        """Where the figures of an enterprise counted in a month."""
        known = self.enterprises.get(enterprise)
        return known.former.get(month, known.business_class) if known else UNCLASSIFIED

    def groups_of(self, enterprise: int, month: str) -> Sequence[str]:
        """Which lists of large firms an enterprise was on in a month."""
        known = self.enterprises.get(enterprise)
        return known.former_groups.get(month, known.groups) if known else ()

    def size_of(self, enterprise: int, _month: str) -> str:
        """Whether an enterprise is above the designated size of its industry."""
        known = self.enterprises.get(enterprise)
        return (known.size if known else "") or UNCLASSIFIED

    @property
    def has_sample(self) -> bool:
        """Whether anything of it is invented."""
        return any(
            getattr(fact, "sample_fields", ()) for facts in self.tables.values() for fact in facts
        )

    def to_json(self, sources: Mapping[str, Source]) -> dict[str, Any]:
        """Plain JSON: numbers are whole, decimals are texts, so nothing is lost."""
        stored: dict[str, Any] = {}
        for code, facts in self.tables.items():
            columns = tuple(self.held.get(code, sources[code].columns))
            plain = _plain(sources[code], columns)
            stored[code] = {"columns": list(columns), "rows": [plain(fact) for fact in facts]}
        people = [list(map(_unwrapped, fact)) for fact in self.enterprises.values()]
        stored["enterprises"] = {"columns": list(EnterpriseFact._fields), "rows": people}
        if self.names:
            stored["names"] = {kind: dict(names) for kind, names in self.names.items()}
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], sources: Mapping[str, Source]) -> Facts:
        """The facts as they were frozen, by the columns that there were then."""
        tables = {code: table for code, table in stored.items() if code in sources}
        columns = stored["enterprises"]["columns"]
        return cls(
            {code: _facts(sources[code], table) for code, table in tables.items()},
            [
                EnterpriseFact(**dict(zip(columns, row, strict=True)))
                for row in stored["enterprises"]["rows"]
            ],
            held={code: table["columns"] for code, table in tables.items()},
            names=stored.get("names"),
        )


def _unwrapped(value: Any) -> Any:
    """A value as JSON gives it back."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _plain(source: Source, columns: Sequence[str]) -> Callable[[Any], list[Any]]:
    """What makes a plain row of a fact."""
    chosen = itemgetter(*(source.columns.index(name) for name in columns))
    decimals = [place for place, name in enumerate(columns) if name in source.decimals]

    def plain(fact: Any) -> list[Any]:
        row = list(chosen(fact))
        for place in decimals:
            if row[place] is not None:
                row[place] = f"{row[place]:.2f}"
        return row

    return plain


def _facts(source: Source, table: Mapping[str, Any]) -> list[Any]:
    """The facts of one source. Columns that are no more are left out, new ones are None."""
    columns = table["columns"]
    known = [place for place, name in enumerate(columns) if name in source.columns]
    decimals = [place for place in known if columns[place] in source.decimals]
    facts = []
    for stored in table["rows"]:
        row = list(stored)
        for place in decimals:
            if row[place] is not None:
                row[place] = Decimal(row[place])
        facts.append(source.fact(**{columns[place]: row[place] for place in known}))
    return facts

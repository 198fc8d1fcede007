"""The levels of rows: which row a fact counts in, what it is called, where in its table it stands.

    Table(..., levels=("zone", "building", TOTAL), ...)     zone by zone, each before its buildings

A table names its levels, the larger before the smaller inside it, the total last. A level is one
entry of `LEVELS`, and stays there when no table uses it any more: issued reports have such rows.
The code of a smaller one holds that of the larger where it could stand in several of these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from reports.indicators.facts import TOTAL, UNCLASSIFIED, Facts
from tenants.models import BusinessClass
from web.rfc9457 import Text


def _code_alone(_facts: Facts, code: str) -> dict[str, str]:
    return {"label": code}


def _as_kept(row: Mapping[str, Any]) -> str:
    return row["label"]


def _sorted(_facts: Facts, codes: Collection[str]) -> Iterable[str]:
    return sorted(codes)


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of rows.

    `code_of` tells which of its rows a fact counts in; None: in none. `kept` is what is frozen of
    a row: codes for what is named on display, names for what may be renamed. `label` makes of that
    what the row is called in the language that is active, and `in_order` sorts codes as rows stand.
    `head` stands over the labels of tables whose smallest rows these are.
    """

    code: str
    code_of: Callable[[Facts, Any], str | None]
    column: str = ""  # what it reads of a fact; a fact without that column is of none of its rows
    head: Text = ""
    kept: Callable[[Facts, str], dict[str, str]] = _code_alone
    label: Callable[[Mapping[str, Any]], str] = _as_kept
    in_order: Callable[[Facts, Collection[str]], Iterable[str]] = _sorted
    is_place: bool = False  # facts come in the order of places
    owes_returns: bool = False  # a row stays while somebody in it owes a return

    def answers(self, fact: Any) -> bool:
        """Whether facts of this kind can be told apart by it: a return is of no zone."""
        return not self.column or hasattr(fact, self.column)

    def key(self, code: str) -> str:
        """What the row of `code` is known by: zone.A, enterprise.12, total."""
        return TOTAL if self.code == TOTAL else f"{self.code}.{code}"

    def key_of(self, facts: Facts, fact: Any) -> str | None:
        """The key of the row that a fact counts in; None: in none."""
        code = self.code_of(facts, fact)
        return None if code is None else self.key(code)


def keys_in_order(levels: Sequence[Level], facts: Facts, rows: Iterable[Any]) -> Iterator[str]:
    """The keys that the facts `rows` count in: each is followed by those that stand inside it."""
    tree: dict[str, Any] = {}
    for fact in rows:
        place = tree
        for level in levels:
            code = level.code_of(facts, fact)
            if code is None:
                break
            place = place.setdefault(code, {})
    return _keys(tree, levels, facts)


def _keys(tree: Mapping[str, Any], levels: Sequence[Level], facts: Facts) -> Iterator[str]:
    if tree:
        level, *smaller = levels
        for code in level.in_order(facts, tree.keys()):
            yield level.key(code)
            yield from _keys(tree[code], smaller, facts)


def kept_row(key: str, facts: Facts) -> dict[str, Any]:
    """What is frozen of the row that is known by `key`."""
    level, _dot, code = key.partition(".")
    return {"key": key, "level": level, **LEVELS[level].kept(facts, code)}


def _enterprise_of(_facts: Facts, fact: Any) -> str | None:
    return None if fact.enterprise is None else str(fact.enterprise)


def _names_of_enterprise(facts: Facts, code: str) -> dict[str, str]:
    enterprise = facts.enterprises[int(code)]
    return {"label": enterprise.name, "short": enterprise.short_name}


def _by_name(facts: Facts, codes: Collection[str]) -> Iterable[str]:
    return (code for code in map(str, facts.enterprises) if code in codes)


def _class_of(facts: Facts, fact: Any) -> str | None:
    """The main business of its enterprise, unless the fact is of a business itself."""
    if own := getattr(fact, "business_class", ""):
        return own
    return None if fact.enterprise is None else facts.class_of(fact.enterprise, fact.month)


def _class_named(row: Mapping[str, Any]) -> str:
    code = row["label"]
    if code == UNCLASSIFIED:
        return pgettext("business", "Not classified")
    return str(BusinessClass(code).label)


def _as_classes_are_listed(_facts: Facts, codes: Collection[str]) -> Iterable[str]:
    return (code for code in (*BusinessClass.values, UNCLASSIFIED) if code in codes)


LEVELS: dict[str, Level] = {
    level.code: level
    for level in (
        Level(
            code=TOTAL,
            code_of=lambda _facts, _fact: "",
            label=lambda _row: pgettext("row", "Total"),
        ),
        Level(
            code="zone",
            code_of=lambda _facts, fact: fact.zone,
            column="zone",
            head=pgettext_lazy("head", "Zone"),
            label=lambda row: _("Zone %(code)s") % {"code": row["label"]},
            is_place=True,
        ),
        Level(
            code="building",
            code_of=lambda _facts, fact: fact.building,
            column="building",
            head=pgettext_lazy("head", "Zone / building"),
            label=lambda row: _("Building %(code)s") % {"code": row["label"]},
            in_order=lambda _facts, codes: sorted(codes, key=lambda code: (len(code), code)),
            is_place=True,
        ),
        Level(
            code="enterprise",
            code_of=_enterprise_of,
            column="enterprise",
            head=pgettext_lazy("head", "Enterprise"),
            kept=_names_of_enterprise,
            in_order=_by_name,
            owes_returns=True,
        ),
        Level(
            code="class",
            code_of=_class_of,
            column="enterprise",
            head=pgettext_lazy("head", "Business class"),
            label=_class_named,
            in_order=_as_classes_are_listed,
            owes_returns=True,
        ),
    )
}

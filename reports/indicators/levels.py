"""The levels of rows: which row a fact counts in, what it is called, where in its table it stands.

    Table(..., levels=("zone", "building", TOTAL), ...)     zone by zone, each before its buildings

A table names its levels, the larger before the smaller inside it, the total last. A level is one
entry of `LEVELS`, and stays there when no table uses it any more: issued reports have such rows.
The code of a smaller one holds that of the larger where it could stand in several of these.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from reports.indicators.facts import TOTAL, UNCLASSIFIED, Facts
from returns.catalogue import ancestors
from returns.figures import BREAKDOWNS, FIGURES
from seats.models import RequestKind
from tenants.models import BusinessClass
from web.rfc9457 import Text

HIDDEN = "hidden"  # the rows that not everybody may read, together


def _code_alone(_facts: Facts, code: str) -> dict[str, str]:
    return {"label": code}


def _as_kept(row: Mapping[str, Any]) -> str:
    return row["label"]


def _sorted(_facts: Facts, codes: Collection[str]) -> Iterable[str]:
    return sorted(codes)


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of rows.

    `code_of` tells which of its rows a fact counts in; None: in none. Where rows overlap,
    `codes_of` tells all of them instead, and the rows do not add up to the total. `kept` is what is
    frozen of a row: codes for what is named on display, names for what may be renamed. `label`
    makes of that what the row is called in the language that is active, and `in_order` sorts codes
    as rows stand. `head` stands over the labels of tables whose smallest rows these are.
    """

    code: str
    code_of: Callable[[Facts, Any], str | None]
    codes_of: Callable[[Facts, Any], Iterable[str]] | None = None
    column: str = ""  # what it reads of a fact; a fact without that column is of none of its rows
    head: Text = ""
    kept: Callable[[Facts, str], dict[str, str]] = _code_alone
    label: Callable[[Mapping[str, Any]], str] = _as_kept
    in_order: Callable[[Facts, Collection[str]], Iterable[str]] = _sorted
    is_place: bool = False  # facts come in the order of places
    owes_returns: bool = False  # a row stays while somebody in it owes a return

    def key(self, code: str) -> str:
        """What the row of `code` is known by: zone.A, enterprise.12, total."""
        return TOTAL if self.code == TOTAL else f"{self.code}.{code}"

    def answers(self, fact: Any) -> bool:
        """Whether facts of this kind can be told apart by it: a return is of no zone."""
        return not self.column or hasattr(fact, self.column)

    def keys_of(self, facts: Facts, fact: Any) -> list[str]:
        """The keys of the rows that a fact counts in: one, or none; several where they overlap."""
        if self.codes_of is not None:
            return [self.key(code) for code in self.codes_of(facts, fact)]
        code = self.code_of(facts, fact)
        return [] if code is None else [self.key(code)]


class Node(NamedTuple):
    """A row by its key, with those that stand inside it."""

    key: str
    inside: tuple[Node, ...] = ()

    def every_key(self) -> Iterator[str]:
        """Its key, then those inside it."""
        yield self.key
        for node in self.inside:
            yield from node.every_key()


def nodes_in_order(levels: Sequence[Level], facts: Facts, rows: Iterable[Any]) -> tuple[Node, ...]:
    """The rows that the facts `rows` count in, each with those that stand inside it."""
    tree: dict[str, Any] = {}
    for fact in rows:
        if levels[0].codes_of is not None:
            tree |= {code: {} for code in levels[0].codes_of(facts, fact)}
            continue
        place = tree
        for level in levels:
            code = level.code_of(facts, fact)
            if code is None:
                break
            place = place.setdefault(code, {})
    return _nodes(tree, levels, facts)


def _nodes(tree: Mapping[str, Any], levels: Sequence[Level], facts: Facts) -> tuple[Node, ...]:
    if not tree:
        return ()
    level, *smaller = levels
    return tuple(
        Node(level.key(code), _nodes(tree[code], smaller, facts))
        for code in level.in_order(facts, tree.keys())
    )


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


def _size_of(facts: Facts, fact: Any) -> str | None:
    return None if fact.enterprise is None else facts.size_of(fact.enterprise, fact.month)


def _standing_of(facts: Facts, fact: Any) -> str | None:
    """The first list of large firms that it is on; otherwise none of them."""
    if fact.enterprise is None:
        return None
    groups = facts.groups_of(fact.enterprise, fact.month)
    return next((group for group in _STANDINGS if group in groups), _NEITHER)


# Of enterprises, at the end of a month
_TENANCIES: dict[str, Text] = {
    "prospect": pgettext_lazy("standing", "Prospects"),
    "tenant": pgettext_lazy("standing", "Tenants"),
}
_NEITHER = "neither"
_STANDINGS: dict[str, Text] = {
    "fortune_500": pgettext_lazy("enterprises", "Of Fortune Global 500 groups"),
    "industry_top_100": pgettext_lazy("enterprises", "Of an industry's top 100, no Fortune 500"),
    _NEITHER: pgettext_lazy("enterprises", "Others"),
}
_SIZES: dict[str, Text] = {
    "above": pgettext_lazy("enterprises", "Above the designated size"),
    "below": pgettext_lazy("enterprises", "Below the designated size"),
    UNCLASSIFIED: pgettext_lazy(
        "enterprises", "Not classified: no industry, or none with a threshold"
    ),
}
_GROUPS_OF_MARKETS: dict[str, Text] = {
    "EU": pgettext_lazy("markets", "European Union"),
    "RCEP": pgettext_lazy("markets", "RCEP members"),
}


def _listed(words: Mapping[str, Text]) -> dict[str, Any]:
    """A level whose rows are `words`, in their order."""
    return {
        "label": lambda row: str(words[row["label"]]),
        "in_order": lambda _facts, codes: (code for code in words if code in codes),
    }


@cache
def _service_at(depth: int, service_class: str) -> str | None:
    line = ancestors(service_class)
    return line[depth] if depth < len(line) else None


def _names_of(catalogue: str) -> Callable[[Facts, str], dict[str, str]]:
    """Keeps what a code was called in the month of the report."""

    def kept(facts: Facts, code: str) -> dict[str, str]:
        zh, en = facts.names[catalogue][code]
        return {"label": code, "zh": zh, "en": en}

    return kept


def named(zh: str, en: str) -> str:
    """A frozen name in the language that is active."""
    return en if (get_language() or "").startswith("en") else zh


def _as_named(row: Mapping[str, Any]) -> str:
    return named(row["zh"], row["en"])


def _as_catalogued(catalogue: str) -> Callable[[Facts, Collection[str]], Iterable[str]]:
    return lambda facts, codes: (code for code in facts.names[catalogue] if code in codes)


def _service_level(depth: int, head: Text) -> Level:
    return Level(
        code=f"service_{depth + 1}",
        code_of=lambda _facts, fact: _service_at(depth, fact.service_class),
        column="service_class",
        head=head,
        kept=_names_of("services"),
        label=_as_named,
        in_order=_as_catalogued("services"),
    )


def _breakdown_level(code: str, head: Text) -> Level:
    """The parts of the staff in one breakdown, as they are filed."""
    names = {name: FIGURES[name].label for name in BREAKDOWNS[code]}
    return Level(
        code=code,
        code_of=lambda _facts, fact: fact.category,
        column="category",
        head=head,
        **_listed(names),
    )


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
            code="floor",
            code_of=lambda _facts, fact: fact.floor,
            column="floor",
            head=pgettext_lazy("head", "Zone / building / floor"),
            in_order=lambda _facts, codes: codes,  # facts come floor by floor, upwards
            is_place=True,
        ),
        Level(
            code="tenancy",
            code_of=lambda _facts, fact: fact.tenancy,
            column="tenancy",
            head=pgettext_lazy("head", "Standing"),
            **_listed(_TENANCIES),
        ),
        Level(
            code="request_kind",
            code_of=lambda _facts, fact: fact.request_kind,
            column="request_kind",
            head=pgettext_lazy("head", "Kind of request"),
            **_listed({kind.value: kind.label for kind in RequestKind}),
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
        Level(
            code="standing",
            code_of=_standing_of,
            column="enterprise",
            head=pgettext_lazy("head", "Enterprises"),
            **_listed(_STANDINGS),
        ),
        Level(
            code="size",
            code_of=_size_of,
            column="enterprise",
            head=pgettext_lazy("head", "Enterprises"),
            **_listed(_SIZES),
        ),
        _service_level(0, pgettext_lazy("head", "Class of services")),
        _service_level(1, pgettext_lazy("head", "Class of services")),
        _service_level(2, pgettext_lazy("head", "Class of services")),
        Level(
            code="market",
            code_of=lambda _facts, fact: fact.market,
            column="market",
            head=pgettext_lazy("head", "Country or region"),
            kept=_names_of("markets"),
            label=_as_named,
            in_order=_as_catalogued("markets"),
        ),
        Level(
            code="market_group",
            code_of=lambda _facts, _fact: None,
            codes_of=lambda _facts, fact: fact.groups,
            column="groups",
            head=pgettext_lazy("head", "Group of countries"),
            **_listed(_GROUPS_OF_MARKETS),
        ),
        _breakdown_level("education", pgettext_lazy("head", "Education")),
        _breakdown_level("age", pgettext_lazy("head", "Age")),
        _breakdown_level("origin", pgettext_lazy("head", "Origin")),
        Level(
            code=HIDDEN,
            code_of=lambda _facts, _fact: None,
            column=HIDDEN,  # which no fact has: it is made of other rows
            label=lambda _row: pgettext("row", "Other (not public)"),
        ),
    )
}

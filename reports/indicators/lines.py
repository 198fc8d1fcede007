"""The lines of returns: what was done in each class of services, and for each country or region.

The lines of a return add up to its figures: no return that says otherwise can be submitted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from foundation.months import format_month, parse_month
from reports.indicators.facts import invented
from reports.indicators.registry import Source
from returns.catalogue import USD, Catalogue, markets, service_classes
from returns.content import in_yuan
from returns.models import ExchangeRate, RevisionClass, RevisionMarket

NOUGHT = Decimal("0.00")
FEN = Decimal("0.01")


class ClassFact(NamedTuple):
    """What an enterprise did in a month in one class of services. Money in 元."""

    month: str
    enterprise: int
    service_class: str
    contracts: int | None
    contract_value: Decimal | None
    executed: Decimal | None
    offshore: Decimal | None
    onshore: Decimal | None
    sample_fields: list[str]


class MarketFact(NamedTuple):
    """What an enterprise did in a month for clients of one country or region, in one currency.

    Amounts in that currency, in 元 by the rate of the return, and in US dollars: the amount itself,
    or 元 ÷ the month's rate of the dollar. `…_unknown`: that rate is missing, so nobody knows.
    """

    month: str
    enterprise: int
    market: str
    currency: str
    groups: list[str]
    rate: str
    usd_rate: str
    contract_amount: Decimal | None
    executed_amount: Decimal | None
    contract_yuan: Decimal | None
    executed_yuan: Decimal | None
    contract_usd: Decimal | None
    executed_usd: Decimal | None
    contract_unknown: int
    executed_unknown: int
    sample_fields: list[str]


_OF_A_CLASS = {
    **dict.fromkeys(("contracts", "contract_value"), ("classes",)),
    **dict.fromkeys(("executed", "offshore", "onshore"), ("classes",)),
}
_OF_A_MARKET = dict.fromkeys(
    (
        *("contract_amount", "executed_amount", "contract_yuan", "executed_yuan"),
        *("contract_usd", "executed_usd"),
    ),
    ("markets",),
)


_WHOSE = (
    "revision__monthly_return__month",
    "revision__monthly_return__enterprise",
    "revision__monthly_return__sample_fields",
)


def take_classes(months: Sequence[date], _columns: Collection[str]) -> list[ClassFact]:
    """Every class in which something was filed, month by month."""
    rows = (
        RevisionClass.objects.counting(months)
        .order_by(*_WHOSE[:2], "service_class")
        .values_list(
            *(*_WHOSE, "service_class", "contracts", "contract_value", "executed_value"),
            "offshore_executed_value",
        )
    )
    return [
        ClassFact(
            month=format_month(month),
            enterprise=enterprise,
            service_class=service_class,
            contracts=contracts,
            contract_value=contract_value,
            executed=executed,
            offshore=offshore,
            onshore=_onshore(executed, offshore),
            sample_fields=invented(sample_fields, _OF_A_CLASS),
        )
        for (
            month,
            enterprise,
            sample_fields,
            service_class,
            contracts,
            contract_value,
            executed,
            offshore,
        ) in rows
    ]


def _onshore(executed: Decimal | None, offshore: Decimal | None) -> Decimal | None:
    """What was executed for clients in the mainland."""
    return None if executed is None and offshore is None else (executed or 0) - (offshore or NOUGHT)


def take_markets(months: Sequence[date], _columns: Collection[str]) -> list[MarketFact]:
    """Every country or region for which something was filed, month by month."""
    dollars = dict(
        ExchangeRate.objects.filter(month__in=list(months), currency=USD).values_list(
            "month", "rate"
        )
    )
    groups = {
        month: {entry.code: list(entry.groups) for entry in markets(month)} for month in months
    }
    rows = (
        RevisionMarket.objects.counting(months)
        .order_by(*_WHOSE[:2], "market", "currency")
        .values_list(*_WHOSE, "market", "currency", "rate", "contract_amount", "executed_amount")
    )
    return [
        _market(
            MarketFact(
                month=format_month(month),
                enterprise=enterprise,
                market=market,
                currency=currency,
                groups=groups[month].get(market, []),
                rate=str(rate),
                usd_rate=str(dollars.get(month, "")),
                contract_amount=contracted,
                executed_amount=executed,
                contract_yuan=None,
                executed_yuan=None,
                contract_usd=None,
                executed_usd=None,
                contract_unknown=0,
                executed_unknown=0,
                sample_fields=invented(sample_fields, _OF_A_MARKET),
            ),
            rate,
            dollars.get(month),
        )
        for month, enterprise, sample_fields, market, currency, rate, contracted, executed in rows
    ]


def _market(fact: MarketFact, rate: Decimal, dollar: Decimal | None) -> MarketFact:
    """The amounts of a line in 元 and in dollars."""
    amounts: dict[str, Any] = {}
    for measure in ("contract", "executed"):
        amount = getattr(fact, f"{measure}_amount")
        yuan = None if amount is None else in_yuan({"amount": amount, "rate": rate}, "amount")
        dollars = amount if fact.currency == USD else _in_dollars(yuan, dollar)
        amounts[f"{measure}_yuan"], amounts[f"{measure}_usd"] = yuan, dollars
        amounts[f"{measure}_unknown"] = int(yuan is not None and dollars is None)
    return fact._replace(**amounts)


def _in_dollars(yuan: Decimal | None, dollar: Decimal | None) -> Decimal | None:
    if not yuan:  # not given, or nothing: that is so in every currency
        return yuan
    return None if dollar is None else (yuan / dollar).quantize(FEN, ROUND_HALF_UP)


CLASSES = Source(
    "classes",
    ClassFact,
    take_classes,
    decimals=("contract_value", "executed", "offshore", "onshore"),
    names_enterprises=True,
)
MARKETS = Source(
    "markets",
    MarketFact,
    take_markets,
    decimals=tuple(_OF_A_MARKET),
    names_enterprises=True,
)


def names_of_codes(tables: Mapping[str, Sequence[Any]]) -> dict[str, dict[str, list[str]]]:
    """What the codes in the facts were called in the last month that they are in.

    In the order of the list in force in the last month of all.
    """
    found = {}
    for source, column, catalogue in (
        (CLASSES.code, "service_class", service_classes),
        (MARKETS.code, "market", markets),
    ):
        if source in tables:
            name = "services" if source == CLASSES.code else source
            found[name] = _names(tables[source], column, catalogue)
    return found


def _names(facts: Iterable[Any], column: str, catalogue: Any) -> dict[str, list[str]]:
    last_seen: dict[str, str] = {}
    for fact in facts:  # by month
        last_seen[getattr(fact, column)] = fact.month
    if not last_seen:
        return {}
    names: dict[str, list[str]] = {}
    for month in sorted({*last_seen.values()}, reverse=True):
        for entry in _catalogue_of(month, catalogue):
            names.setdefault(entry.code, [entry.zh, entry.en])
    used = {code for seen in last_seen for code in _with_ancestors(seen)}
    return {
        code: names.get(code, [code, code])
        for code in [*names, *sorted(used - {*names})]
        if code in used
    }


def _catalogue_of(month: str, catalogue: Any) -> Catalogue:
    first_day = parse_month(month)
    found: Catalogue = catalogue(first_day)
    return found


def _with_ancestors(code: str) -> list[str]:
    parts = code.split("-")
    return ["-".join(parts[: number + 1]) for number in range(len(parts))]

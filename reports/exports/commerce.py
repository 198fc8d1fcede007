"""The five groups of the commerce ministry's system, from the returns of a period.

Each function gives the rows of one sheet of data/commerce.yaml, by the keys of its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from reports.exports.amounts import in_dollars, less, remark, share, total
from reports.exports.facts import Facts, Figures, Place
from reports.exports.firms import Firm
from reports.exports.words import EDUCATION, identity, missing_rows
from returns.catalogue import USD, ancestors, markets, service_classes
from returns.content import in_yuan

Row = Mapping[str, Any]

CONTRACTS = (
    "contracts",
    "contract_value",
    "offshore_contract_value",
    "executed_value",
    "offshore_executed_value",
    "onshore_executed_value",
)
FLOWS = ("joined", "left")
STOCKS = (*("headcount", *EDUCATION, "graduates", "insured", "dispatched", "interns", "trainees"),)
CLASS_MEASURES = ("contracts", "contract_value", "executed_value", "offshore_executed_value")


def contracts(facts: Facts) -> Iterator[Row]:
    """Per enterprise: what was signed and executed in the period."""
    months = facts.period.months
    for pk, firm in facts.firms.items():
        rows = facts.of(pk, months)
        sums = {name: total(rows, name) for name in CONTRACTS}
        yield {
            **identity(firm),
            "filed": len(rows),
            **sums,
            "onshore_contract_value": less(sums["contract_value"], sums["offshore_contract_value"]),
            "remark": remark(facts, pk, months, CONTRACTS),
        }


def classes(facts: Facts) -> Iterator[Row]:
    """Per enterprise and class of services."""
    lines = _by_firm(facts, facts.classes, lambda line: line["service_class"])
    known = service_classes(facts.period.last)
    for firm, code, of_class in lines:
        path = ancestors(code)
        sums = {name: total(of_class, name) for name in CLASS_MEASURES}
        yield {
            **identity(firm),
            "root": path[0],
            "middle": known.name(path[1]) if len(path) > 1 else "",
            "leaf": known.name(code) if len(path) > 2 else "",
            "code": code,
            **sums,
            "onshore_executed_value": less(sums["executed_value"], sums["offshore_executed_value"]),
        }


def market_lines(facts: Facts) -> Iterator[Row]:
    """Per enterprise, month, country or region and currency: with the rate of that month."""
    order = {pk: number for number, pk in enumerate(facts.firms)}
    inside = [line for line in facts.markets if line["place"][1] in facts.period.months]
    for line in sorted(inside, key=lambda one: (order[one["place"][0]], one["place"][1])):
        firm, month = line["place"]
        yield {
            **identity(facts.firms[firm]),
            "month": month,
            "market": line["market"],
            "market_name": markets(month).name(line["market"]),
            "currency": line["currency"],
            "rate": line["rate"],
            "contract_amount": line["contract_amount"],
            "executed_amount": line["executed_amount"],
            "contract_yuan": _yuan(line, "contract_amount"),
            "executed_yuan": _yuan(line, "executed_amount"),
            "contract_usd": _dollars(facts, line, "contract_amount"),
            "executed_usd": _dollars(facts, line, "executed_amount"),
        }


def people(facts: Facts) -> Iterator[Row]:
    """Per enterprise: who came and left, and the staff at the end of the period."""
    months = facts.period.months
    for pk, firm in facts.firms.items():
        rows = facts.of(pk, months)
        first, last = facts.filed.get((pk, months[0])), facts.filed.get((pk, months[-1]))
        stocks = {name: last[name] if last else None for name in STOCKS}
        graduated = _together(stocks[name] for name in EDUCATION[:3])
        yield {
            **identity(firm),
            "opening": first["opening"] if first else None,
            **{name: total(rows, name) for name in FLOWS},
            **stocks,
            "college": graduated,
            "college_share": share(graduated, stocks["headcount"]),
            "remark": remark(facts, pk, months, FLOWS),
        }


def certifications(facts: Facts) -> Iterator[Row]:
    """The enterprises alone: their certificates are not kept here yet."""
    yield from map(identity, facts.firms.values())


def enterprise(facts: Facts) -> Iterator[Row]:
    """Who each enterprise is."""
    yield from map(_profile, facts.firms.values())


def hires(facts: Facts) -> Iterator[Row]:
    """Per enterprise and month that is filed."""
    for pk, firm in facts.firms.items():
        for month in facts.period.months:
            if row := facts.filed.get((pk, month)):
                yield {
                    **identity(firm),
                    "month": month,
                    **{name: row[name] for name in (*FLOWS, "headcount")},
                }


SHEETS: dict[str, Callable[[Facts], Iterator[Row]]] = {
    "contracts": contracts,
    "classes": classes,
    "markets": market_lines,
    "people": people,
    "certifications": certifications,
    "enterprise": enterprise,
    "hires": hires,
    "missing": missing_rows,
}


def _by_firm(
    facts: Facts, lines: Any, key: Callable[[Figures], Any]
) -> Iterator[tuple[Firm, Any, list[Figures]]]:
    """Lines of the period together that have enterprise and key in common, by name and key."""
    groups: dict[tuple[int, Any], list[Figures]] = {}
    for line in lines:
        place: Place = line["place"]
        if place[1] in facts.period.months:
            groups.setdefault((place[0], key(line)), []).append(line)
    order = {pk: number for number, pk in enumerate(facts.firms)}
    for pk, code in sorted(groups, key=lambda group: (order[group[0]], group[1])):
        yield facts.firms[pk], code, groups[pk, code]


def _together(counts: Iterable[int | None]) -> int | None:
    """Their sum; None where one is not known."""
    known = list(counts)
    return None if None in known else sum(one for one in known if one is not None)


def _yuan(line: Figures, name: str) -> Decimal | None:
    return None if line[name] is None else in_yuan(line, name)


def _dollars(facts: Facts, line: Figures, name: str) -> Decimal | None:
    """In dollars: as it is where it is in dollars, else by the park's rate of the month."""
    if line["currency"] == USD:
        return line[name]
    return in_dollars(_yuan(line, name), facts.dollars.get(line["place"][1]))


def _profile(firm: Firm) -> Row:
    known, contact = firm.enterprise, firm.contact
    return {
        **identity(firm),
        "short_name": known.short_name,
        "aliases": "、".join(firm.aliases),
        "registration": known.get_registration_type_display(),
        "industry_code": known.industry_code,
        "industry": known.industry_name,
        "business": firm.business,
        "parent_group": known.parent_group,
        "address": "、".join(firm.floors),
        "seats": firm.seats or None,
        "since": firm.since,
        "contact": contact.name if contact else "",
        "contact_title": contact.title if contact else "",
        "phone": contact.phone if contact else "",
        "email": contact.email if contact else "",
    }

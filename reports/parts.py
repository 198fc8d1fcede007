"""The rows behind a figure in words: whose, where, when, how much, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from foundation.months import parse_month
from reports.indicators import Distinct, Facts, Total
from reports.indicators.facts import CALENDAR, is_invented
from reports.indicators.levels import named
from reports.units import Number, places_of, printed, written
from returns.figures import FIGURES
from tenants.models import BusinessClass
from web import formats


@dataclass(frozen=True)
class Line:
    """One row: whose or which, where and when, and how much of the figure it is.

    `is_sample` says whether that is invented.
    """

    name: str
    where: str
    when: str
    amount: Number
    printed: Number | None
    text: str
    is_sample: bool


@dataclass(frozen=True)
class Part:
    """Rows that add up to one total. They have the decimals that it takes to do so on paper.

    In the order of the table: place by place, or by enterprise (of each, by month and place).
    """

    name: str
    period: str
    unit: str
    lines: tuple[Line, ...]
    total: Number | None
    printed: Number | None
    text: str


def _amount(indicator: Total | Distinct, fact: Any) -> Number:
    """How much of the figure a fact is."""
    return 1 if isinstance(indicator, Distinct) else getattr(fact, indicator.column)


def part_of(
    facts: Facts, indicator: Total | Distinct, rows: Sequence[Any], months: Sequence[str]
) -> Part:
    """`rows` of a figure for `months` as lines, in their order, with what they add up to."""
    amounts = [_amount(indicator, fact) for fact in rows]
    places = max(indicator.places, places_of(amounts, indicator.unit))
    lines = tuple(_line(facts, indicator, fact, places) for fact in rows)
    return _part(indicator, lines, places, months)


def anonymous_part_of(
    indicator: Total | Distinct, rows: Sequence[Any], months: Sequence[str]
) -> Part:
    """The same without names: for each month of how many enterprises its rows are."""
    amounts = [_amount(indicator, fact) for fact in rows]
    places = max(indicator.places, places_of(amounts, indicator.unit))
    return _part(indicator, tuple(_anonymous_lines(indicator, rows, places)), places, months)


def _anonymous_lines(
    indicator: Total | Distinct, rows: Sequence[Any], places: int
) -> Iterator[Line]:
    for month, facts in groupby(rows, key=lambda fact: fact.month):
        together = list(facts)
        amount = sum(_amount(indicator, fact) for fact in together)
        count = len({fact.enterprise for fact in together})
        yield Line(
            name=ngettext("%(n)d enterprise", "%(n)d enterprises", count) % {"n": count},
            where="",
            when=formats.month(parse_month(month)),
            amount=amount,
            printed=printed(amount, indicator.unit),
            text=written(amount, indicator.unit, places=places),
            is_sample=any(is_invented(fact, _counted(indicator)) for fact in together),
        )


def _part(
    indicator: Total | Distinct, lines: tuple[Line, ...], places: int, months: Sequence[str]
) -> Part:
    total = sum(line.amount for line in lines)
    return Part(
        name=str(indicator.name),
        period=_months_named(months),
        unit=str(indicator.unit.label),
        lines=lines,
        total=total,
        printed=printed(total, indicator.unit),
        text=written(total, indicator.unit, places=places),
    )


def _months_named(months: Sequence[str]) -> str:
    first, last = parse_month(months[0]), parse_month(months[-1])
    if first == last:
        return formats.month(last)
    return _("%(first)s to %(last)s") % {
        "first": formats.month(first),
        "last": formats.month(last),
    }


def _line(facts: Facts, indicator: Total | Distinct, fact: Any, places: int) -> Line:
    amount = _amount(indicator, fact)
    name, where, when = _NAMES[indicator.source](facts, fact)
    return Line(
        name=name,
        where="" if isinstance(indicator, Distinct) else where,
        when="" if isinstance(indicator, Distinct) else when,
        amount=amount,
        printed=printed(amount, indicator.unit),
        text=written(amount, indicator.unit, places=places),
        is_sample=is_invented(fact, _counted(indicator)),
    )


def _counted(indicator: Total | Distinct) -> str:
    """The column whose values a figure counts."""
    return indicator.of if isinstance(indicator, Distinct) else indicator.column


def _holder(facts: Facts, pk: int | None) -> str:
    if pk is None:
        return pgettext("seats", "Closed")
    return facts.enterprises[pk].short_name


def _name_of_floor(_facts: Facts, fact: Any) -> tuple[str, str, str]:
    return fact.floor, "", ""


def _name_of_block(facts: Facts, fact: Any) -> tuple[str, str, str]:
    days = formats.period(date.fromisoformat(fact.first_day), date.fromisoformat(fact.last_day))
    return _holder(facts, fact.enterprise), fact.run, days


def _name_of_choice(facts: Facts, fact: Any) -> tuple[str, str, str]:
    first_day = formats.period(date.fromisoformat(fact.first_day), None)
    return _holder(facts, fact.enterprise), fact.run, first_day


def _name_of_return(facts: Facts, fact: Any) -> tuple[str, str, str]:
    return _holder(facts, fact.enterprise), "", formats.month(parse_month(fact.month))


def _name_of_class(facts: Facts, fact: Any) -> tuple[str, str, str]:
    name = named(*facts.names["services"][fact.service_class])
    return _holder(facts, fact.enterprise), name, formats.month(parse_month(fact.month))


def _name_of_market(facts: Facts, fact: Any) -> tuple[str, str, str]:
    name = f"{named(*facts.names['markets'][fact.market])} {fact.currency} {fact.rate}"
    return _holder(facts, fact.enterprise), name, formats.month(parse_month(fact.month))


def _name_of_category(facts: Facts, fact: Any) -> tuple[str, str, str]:
    category = str(FIGURES[fact.category].label)
    return _holder(facts, fact.enterprise), category, formats.month(parse_month(fact.month))


def _name_of_tenant(facts: Facts, fact: Any) -> tuple[str, str, str]:
    last = date.fromisoformat(fact.last_day) if fact.last_day else None
    days = formats.period(date.fromisoformat(fact.first_day), last)
    return _holder(facts, fact.enterprise), "", days


def _name_of_line(facts: Facts, fact: Any) -> tuple[str, str, str]:
    what = fact.name or str(BusinessClass(fact.business_class).label)
    since = formats.period(date.fromisoformat(fact.started_on), None)
    return _holder(facts, fact.enterprise), what, since


def _name_of_flow(facts: Facts, fact: Any) -> tuple[str, str, str]:
    return _holder(facts, fact.enterprise), fact.floor, ""


def _name_of_ending(facts: Facts, fact: Any) -> tuple[str, str, str]:
    until = formats.period(None, date.fromisoformat(fact.last_day))
    return _holder(facts, fact.enterprise), fact.run, until


def _name_of_vacancy(_facts: Facts, fact: Any) -> tuple[str, str, str]:
    return fact.floor, fact.run, formats.period(date.fromisoformat(fact.since), None)


def _name_of_request(facts: Facts, fact: Any) -> tuple[str, str, str]:
    received = formats.iso_day(date.fromisoformat(fact.received_on))
    return _holder(facts, fact.enterprise), fact.number, received


def _name_of_month(_facts: Facts, fact: Any) -> tuple[str, str, str]:
    return formats.month(parse_month(fact.month)), "", ""


_NAMES = {
    "floors": _name_of_floor,
    "blocks": _name_of_block,
    "ahead": _name_of_choice,
    "returns": _name_of_return,
    "use": _name_of_return,
    "classes": _name_of_class,
    "markets": _name_of_market,
    "education": _name_of_category,
    "age": _name_of_category,
    "origin": _name_of_category,
    "staff": _name_of_return,
    "tenancies": _name_of_tenant,
    "lines": _name_of_line,
    "plan": _name_of_floor,
    "flows": _name_of_flow,
    "area_flows": _name_of_floor,
    "endings": _name_of_ending,
    "vacancies": _name_of_vacancy,
    "projects": _name_of_choice,
    "requests": _name_of_request,
    "filings": _name_of_return,
    CALENDAR: _name_of_month,
}

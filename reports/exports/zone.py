"""The quarterly statistics of development zones: what the park knows of them.

Each function gives the rows of one sheet of data/zone.yaml. Values are those of the year to date,
as firms above the designated size report them; what is not known is an empty cell, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.exports.amounts import less, remark, share, total
from reports.exports.facts import Facts
from reports.exports.firms import Firm
from reports.exports.periods import Period
from reports.exports.words import identity, missing_rows
from returns.figures import Section, figures_in
from seats.occupancy import Occupancy

Row = Mapping[str, Any]

RESULTS = ("revenue", *(figure.name for figure in figures_in(Section.FINANCE)))
IN_WAN, HEADS = "万元", "人"
BY_HAND = "手工填写"


@dataclass(frozen=True)
class ZoneFacts:
    """Facts of the year to date, with the year before; and what only this workbook needs."""

    facts: Facts
    above: frozenset[int]  # who is 规上 at the end of the quarter
    seats: Occupancy  # on its last day

    @property
    def period(self) -> Period:
        return self.facts.period


def basics(known: ZoneFacts) -> Iterator[Row]:
    """The park itself, a line for each item."""
    park, end = known.facts.park, known.period.end
    yield _item("园区（开发区）名称", "", park.name if park else None, "园区资料")
    yield _item("运营单位", "", park.operator or None if park else None, "园区资料")
    yield _item("行政区划代码", "", park.region_code or None if park else None, "园区资料")
    for name in ("开发区代码", "开发区级别", "批准机关及文号"):
        yield _item(name, "", None, BY_HAND)
    for name, unit in (("规划面积", "公顷"), ("已开发面积", "公顷")):
        yield _item(name, unit, None, BY_HAND)
    on_day = f"席位，{end:%Y-%m-%d}"
    yield _item("现有席位", "席", known.seats.seats, on_day)
    yield _item("其中：已签约席位", "席", known.seats.firm, on_day)
    tenants = [pk for pk, firm in known.facts.firms.items() if firm.is_tenant]
    above = _above(known)
    yield _item("期末入驻企业数", "家", len(tenants), f"企业档案，{end:%Y-%m-%d}")
    yield _item("其中：规模以上服务业企业", "家", len(above), "近十二个月已报营业收入与本行业标准")
    yield from _sums(known)
    for name in (
        "固定资产投资",
        "招商引资到位资金",
        "实际利用外资",
        "规模以上工业总产值",
        "地方一般公共预算收入",
    ):
        yield _item(name, IN_WAN, None, BY_HAND)


def firms(known: ZoneFacts) -> Iterator[Row]:
    """Those above the designated size, the year to date."""
    for pk in _above(known):
        yield _results(known, pk, known.period.months)


def cumulated(known: ZoneFacts) -> Iterator[Row]:
    """The same month by month; January is no report of its own."""
    months = known.period.months
    for pk in _above(known):
        for number in range(2, len(months) + 1):
            yield _results(known, pk, months[:number])


def units(known: ZoneFacts) -> Iterator[Row]:
    """Every enterprise that is here on the last day."""
    tenants = [(pk, firm) for pk, firm in known.facts.firms.items() if firm.is_tenant]
    for number, (pk, firm) in enumerate(tenants, start=1):
        yield {"number": number, **_unit(known, pk, firm)}


def projects(known: ZoneFacts) -> Iterator[Row]:
    """None: they are not kept here yet."""
    yield from ()


SHEETS: dict[str, Callable[[ZoneFacts], Iterator[Row]]] = {
    "basics": basics,
    "firms": firms,
    "cumulated": cumulated,
    "units": units,
    "projects": projects,
    "missing": lambda known: missing_rows(known.facts),
}


def _item(item: str, unit: str, value: Any, origin: str, note: str = "") -> Row:
    return {"item": item, "unit": unit, "value": value, "origin": origin, "remark": note}


def _sums(known: ZoneFacts) -> Iterator[Row]:
    """Of all that is filed; what is missing is said beside it."""
    facts, months = known.facts, known.period.months
    counted = facts.owed_count - len(facts.missing)
    said = f"应报 {facts.owed_count} 份，已报 {counted} 份"
    filed = [row for (_pk, month), row in facts.filed.items() if month in months]
    for name, label in (
        ("revenue", "营业收入（本年累计）"),
        ("taxes", "税收（本年累计）"),
        ("executed_value", "服务外包执行额（本年累计）"),
        ("offshore_executed_value", "其中：离岸执行额（本年累计）"),
    ):
        given = [row[name] for row in filed if row[name] is not None]
        value = sum(given) / 10_000 if given else None
        note = said if len(given) == len(filed) else f"{said}，其中 {len(given)} 份填有此项"
        yield _item(label, IN_WAN, value, "月报", note)
    last = [row["headcount"] for (_pk, month), row in facts.filed.items() if month == months[-1]]
    of_month = f"{months[-1]:%Y-%m} 已报 {len(last)} 份"
    yield _item("期末从业人员", HEADS, sum(last) if last else None, "月报", of_month)


def _above(known: ZoneFacts) -> list[int]:
    """Those that are here on the last day; who has left is reported where it has gone to."""
    firms = known.facts.firms.items()
    return [pk for pk, firm in firms if firm.is_tenant and pk in known.above]


def _results(known: ZoneFacts, pk: int, months: Sequence[date]) -> Row:
    """One enterprise from January to the last of `months`."""
    facts, firm = known.facts, known.facts.firms[pk]
    before = Period(months[0], months[-1]).year_before.months
    last = facts.filed.get((pk, months[-1]))
    revenue, revenue_before = _whole(facts, pk, months, "revenue"), _base(facts, pk, before)
    return {
        **identity(firm),
        "industry_code": firm.enterprise.industry_code,
        "period": f"1—{months[-1].month}月" if len(months) > 1 else f"{months[-1].month}月",
        **{name: _whole(facts, pk, months, name) for name in RESULTS},
        "revenue_before": revenue_before,
        "growth": _growth(revenue, revenue_before),
        "headcount": last["headcount"] if last else None,
        "remark": _said(facts, pk, months),
    }


def _whole(facts: Facts, pk: int, months: Sequence[date], name: str) -> Any:
    """The year to date; None where a return of it is missing."""
    owed = [month for month in months if (pk, month) in facts.owed]
    return total(facts.of(pk, months), name) if _all_filed(facts, pk, owed) else None


def _base(facts: Facts, pk: int, months: Sequence[date]) -> Any:
    """Revenue of the same months of the year before; None unless each is filed."""
    return total(facts.of(pk, months), "revenue") if _all_filed(facts, pk, months) else None


def _all_filed(facts: Facts, pk: int, months: Sequence[date]) -> bool:
    return all((pk, month) in facts.filed for month in months)


def _growth(now: Any, before: Any) -> Any:
    """As a part of one; None where the base is missing or not above 0."""
    return share(less(now, before), before) if before and before > 0 else None


def _said(facts: Facts, pk: int, months: Sequence[date]) -> str:
    """What is missing, and the months of the year in which it was not here."""
    said = [remark(facts, pk, months, RESULTS)]
    absent = [month for month in months if (pk, month) not in facts.owed]
    if absent:
        said.append(f"{'、'.join(f'{month:%Y-%m}' for month in absent)} 不在园区，未计入")
    return "；".join(part for part in said if part)


def _unit(known: ZoneFacts, pk: int, firm: Firm) -> Row:
    facts, enterprise, contact = known.facts, firm.enterprise, firm.contact
    months = known.period.months
    last = facts.filed.get((pk, months[-1]))
    return {
        **identity(firm),
        "registration": enterprise.get_registration_type_display(),
        "section": firm.section,
        "industry_code": enterprise.industry_code,
        "industry": enterprise.industry_name,
        "business": firm.business,
        "address": "、".join(firm.floors),
        "since": firm.since,
        "above": _above_word(known, pk, firm),
        "revenue": _whole(facts, pk, months, "revenue"),
        "headcount": last["headcount"] if last else None,
        "contact": contact.name if contact else "",
        "phone": contact.phone if contact else "",
        "remark": remark(facts, pk, months, ["revenue"]),
    }


def _above_word(known: ZoneFacts, pk: int, firm: Firm) -> str:
    """是 or 否; nothing where its industry is not known."""
    if not firm.enterprise.industry_code:
        return ""
    return "是" if pk in known.above else "否"

"""The park's 审核关系 restated in plain Python, as an examiner with paper and pencil applies them.

It imports nothing of the product: a verdict is what the rule's words say, from plain numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MAY_BE_REVERSED = [
    *("revenue", "taxes", "internal_settlement", "contract_value", "offshore_contract_value"),
    *("executed_value", "offshore_executed_value", "onshore_executed_value"),
]
GUARDED = ["revenue", "taxes", "internal_settlement", "contract_value", "executed_value"]
LUMPY = ["contract_value"]
EDUCATION = ["postgraduate", "bachelor", "junior_college", "below_college"]
AGE = ["age_18_26", "age_27_35", "age_36_up"]
ORIGIN = ["local", "same_province", "elsewhere"]
HARD = {"V0", "V1", "V2", "V3", "V4", "V5", "V11", "V12", "V16", "V18"}
LIMITS = {
    "change": 30,
    "low": 30,
    "high": 1000,
    "taxes": 25,
    "unit": 50,
    "insured": 60,
}


@dataclass
class Paper:
    """A return on paper, beside what the examiner knows already."""

    said: dict[str, Any]
    classes: dict[str, dict[str, Any]] = field(default_factory=dict)
    markets: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    # what was filed before: 1 is the month before, 2 the one before that
    before: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    contracts_left: Decimal | None = None
    seats: int = 0
    park_per_head: Decimal | None = None
    limits: dict[str, int] = field(default_factory=lambda: dict(LIMITS))

    def __getitem__(self, name: str) -> Any:
        return self.said.get(name)

    def last(self, name: str) -> Any:
        return self.before.get(1, {}).get(name)


def verdicts(paper: Paper) -> set[tuple[str, str]]:
    """Every objection: the rule, and where it stands."""
    found = {objection for rule in RULES for objection in rule(paper)}
    doubted = {place for code, place in found if code == "V12"}
    return {(code, place) for code, place in found if code in HARD or place not in doubted}


def blocking(paper: Paper, notes: Mapping[str, str]) -> set[tuple[str, str]]:
    """Those that keep it from being submitted: hard ones; the unit guard until it is explained.

    Of the contracts of a month the unit guard only asks: one large contract is nothing wrong.
    """
    return {
        (code, place)
        for code, place in verdicts(paper)
        if code in HARD and not (code == "V12" and (place in LUMPY or notes.get(f"V12:{place}")))
    }


def v0_must_be_said(paper: Paper) -> Iterator[tuple[str, str]]:
    yield from (("V0", name) for name in ("revenue", "headcount") if paper[name] is None)


def v1_v11_negative_without_reason(paper: Paper) -> Iterator[tuple[str, str]]:
    """本月累计 ≥ 上月累计 unless 冲减 with reason; no negatives except 冲减."""
    if paper["reversal_reason"]:
        return
    for name in MAY_BE_REVERSED:
        if paper[name] is not None and paper[name] < 0:
            yield "V1" if name == "revenue" else "V11", name
    lines = [(f"class:{code}", line) for code, line in paper.classes.items()]
    lines += [(f"market:{a}.{b}", line) for (a, b), line in paper.markets.items()]
    for where, line in lines:
        for name, value in line.items():
            if value is not None and value < 0:
                yield "V11", f"{where}:{name}"


def v2_executed(paper: Paper) -> Iterator[tuple[str, str]]:
    """离岸+在岸 = 执行额; ITO+BPO+KPO = 执行额."""
    whole, off, on = (paper[n] for n in ("executed_value", "offshore_executed_value", ON))
    if whole is None:
        if off or on or _all_classes(paper, "executed_value"):
            yield "V2", "executed_value"
    elif (off or 0) + (on or 0) != whole and not (whole == 0 and not off and not on):
        yield "V2", ON
    for name in ("contracts", "contract_value", "executed_value", "offshore_executed_value"):
        if _all_classes(paper, name) != (paper[name] or 0):
            yield "V2", "class:"


def v3_markets(paper: Paper) -> Iterator[tuple[str, str]]:
    """Σ国别 = 离岸, but for what typing 万元 to two decimals leaves: 100 元 a line."""
    for name, part in (
        ("offshore_contract_value", "contract_amount"),
        ("offshore_executed_value", "executed_amount"),
    ):
        yuan = sum((_yuan(line, part) for line in paper.markets.values()), Decimal(0))
        if abs(yuan - (paper[name] or 0)) > 100 * len(paper.markets):
            yield "V3", "market:"
    for (market, currency), line in paper.markets.items():
        if line.get("rate") is None:
            yield "V3", f"market:{market}.{currency}:rate"


def v4_breakdowns(paper: Paper) -> Iterator[tuple[str, str]]:
    """学历合计 = 年龄合计 = 来源合计 = 期末从业; one that nobody filled in is not asked for."""
    for names in (EDUCATION, AGE, ORIGIN):
        parts = [paper[name] for name in names if paper[name] is not None]
        if parts and paper["headcount"] is not None and sum(parts) != paper["headcount"]:
            yield "V4", names[0]


def v5_balance(paper: Paper) -> Iterator[tuple[str, str]]:
    """期初+新增−减少 = 期末; 期初 = last month's 期末."""
    last, opening = paper.last("headcount"), paper["opening"]
    if last is not None and opening is not None and opening != last:
        yield "V5", "opening"
    opening = opening if opening is not None else last
    four = [opening, paper["joined"], paper["left"], paper["headcount"]]
    if all(number is not None for number in four) and four[0] + four[1] - four[2] != four[3]:
        yield "V5", "headcount"


def v6_change(paper: Paper) -> Iterator[tuple[str, str]]:
    """|环比| > 30%."""
    for name in ("revenue", "executed_value", "headcount"):
        now, last = paper[name], paper.last(name)
        if (
            now is not None
            and last
            and 100 * abs(Decimal(now) / Decimal(last) - 1) > _of(paper, "change")
        ):
            yield "V6", name


def v7_per_head(paper: Paper) -> Iterator[tuple[str, str]]:
    """营业收入/人 outside 0.3–10× park median."""
    revenue, people, usual = paper["revenue"], paper["headcount"], paper.park_per_head
    if revenue and people and usual and not paper["is_cost_centre"]:
        times = Decimal(revenue) / people / usual
        if 100 * times < _of(paper, "low") or 100 * times > _of(paper, "high"):
            yield "V7", "revenue"


def v8_seats(paper: Paper) -> Iterator[tuple[str, str]]:
    """在用席位 > 签约席位."""
    if (paper["peak_seats"] or 0) > paper.seats:
        yield "V8", "peak_seats"


def v9_contracts(paper: Paper) -> Iterator[tuple[str, str]]:
    """执行额 > 合同余额; the month's own contracts count."""
    if paper["executed_value"] is None or paper.contracts_left is None:
        return
    if paper["executed_value"] > paper.contracts_left + (paper["contract_value"] or 0):
        yield "V9", "executed_value"


def v10_taxes(paper: Paper) -> Iterator[tuple[str, str]]:
    """税收 > 营业收入×25%. A cost centre has no revenue to compare with."""
    taxes, revenue = paper["taxes"], paper["revenue"]
    if not taxes or taxes < 0 or revenue is None or paper["is_cost_centre"]:
        return
    if 100 * taxes > revenue * paper.limits["taxes"]:
        yield "V10", "taxes"


def v12_unit(paper: Paper) -> Iterator[tuple[str, str]]:
    """Value > 50× own 6-month median: 元 instead of 万元?"""
    for name in GUARDED:
        known = [paper.before[n].get(name) for n in range(1, 7) if n in paper.before]
        amounts = sorted(amount for amount in known if amount)
        if amounts and paper[name] is not None:
            half, odd = divmod(len(amounts), 2)
            middle = amounts[half] if odd else (amounts[half - 1] + amounts[half]) / 2
            if paper[name] > paper.limits["unit"] * middle:
                yield "V12", name


def v13_no_revenue(paper: Paper) -> Iterator[tuple[str, str]]:
    """从业 > 0 but 营收 = 0 two months running."""
    nothing = paper["revenue"] == 0 and paper.last("revenue") == 0
    if nothing and paper["headcount"] and not paper["is_cost_centre"]:
        yield "V13", "revenue"


def v15_insured(paper: Paper) -> Iterator[tuple[str, str]]:
    """参保人数 < 从业×60%."""
    people, insured = paper["headcount"], paper["insured"]
    if insured is not None and people and 100 * insured < people * paper.limits["insured"]:
        yield "V15", "insured"


def v16_parts(paper: Paper) -> Iterator[tuple[str, str]]:
    """返乡, 毕业生, 参保 are parts of 从业."""
    for name in ("returnees", "graduates", "insured"):
        part, people = paper[name], paper["headcount"]
        if part is not None and people is not None and part > people:
            yield "V16", name


def v17_flows(paper: Paper) -> Iterator[tuple[str, str]]:
    """Where the staff is another than the month before, who came and who went is said."""
    last, now = paper.last("headcount"), paper["headcount"]
    if last is None or now is None or last == now:
        return
    if paper["joined"] is None or paper["left"] is None:
        yield "V17", "joined"


def v18_settlement(paper: Paper) -> Iterator[tuple[str, str]]:
    """内部结算额 is filed by cost centres only."""
    if paper["internal_settlement"] and not paper["is_cost_centre"]:
        yield "V18", "internal_settlement"


ON = "onshore_executed_value"
RULES = [
    *(v0_must_be_said, v1_v11_negative_without_reason, v2_executed, v3_markets, v4_breakdowns),
    *(v5_balance, v6_change, v7_per_head, v8_seats, v9_contracts, v10_taxes, v12_unit),
    *(v13_no_revenue, v15_insured, v16_parts, v17_flows, v18_settlement),
]


def _all_classes(paper: Paper, name: str) -> Any:
    return sum(line.get(name) or 0 for line in paper.classes.values())


def _yuan(line: Mapping[str, Any], part: str) -> Decimal:
    if line.get(part) is None or line.get("rate") is None:
        return Decimal(0)
    return Decimal(line[part] * line["rate"]).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _of(paper: Paper, name: str) -> int:
    return paper.limits[name]

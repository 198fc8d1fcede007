"""Checks of what an enterprise earns: sums, the unit guard, jumps, plausible parts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from foundation.models import Setting
from returns.cells import full_label
from returns.checks.case import Case, Finding, find
from returns.checks.change import change_of, how_much, jump_in_words
from returns.content import CLASS, MARKET, Measures
from returns.figures import FIGURES, Sign, Unit
from web.formats import number, percent, wan

WAN = 10_000
ROUNDING = 100  # 元 a market: amounts are typed in 万元 to two decimals
GUARDED = ("revenue", "taxes", "internal_settlement", "contract_value", "executed_value")
# One framework contract may well be a hundred times the usual month: it is asked about, no more.
LUMPY = frozenset({"contract_value"})
ALL_CLASSES, ALL_MARKETS = f"{CLASS}:", f"{MARKET}:"  # the places of what is said of all of them


def in_ten_thousands(amount: Decimal) -> Decimal:
    """What was meant where yuan were typed into a field of 10,000 yuan."""
    return (amount / WAN).quantize(Decimal("0.01"), ROUND_HALF_UP)


def missing(case: Case) -> Iterator[Finding]:
    """What every return must say."""
    for name, figure in FIGURES.items():
        if figure.is_required and case.content[name] is None:
            yield find("V0", name, _("Please fill this in; 0 if there was none."))


def unit_guard(case: Case) -> Iterator[Finding]:
    """Money that is many times what is usual here was probably typed in yuan."""
    times = case.thresholds[Setting.Name.CHECK_UNIT]
    for name in GUARDED:
        amount, usual = case.content[name], case.past.usual(name)
        if amount is None or usual is None or amount <= times * usual:
            continue
        text = _(
            "This field is in 10,000 yuan. It is %(times)s times the median of the last six "
            "months (%(usual)s)."
        ) % {"times": number(amount / usual, 0), "usual": wan(usual)}
        found = find("V12", name, _("Did you type yuan?"), text, instead=in_ten_thousands(amount))
        yield found._replace(is_only_asked=name in LUMPY)


def reversals(case: Case) -> Iterator[Finding]:
    """Without a reason nothing that only a reversal makes negative is below nought."""
    if case.content["reversal_reason"]:
        return
    for name, figure in FIGURES.items():
        value = case.content[name]
        if figure.sign == Sign.REVERSAL and value is not None and value < 0:
            rule = "V1" if name == "revenue" else "V11"
            yield find(rule, name, _("Negative only as a reversal: say why below."))
    for cell, value in case.content.line_cells():
        if value is not None and value < 0:
            yield find("V11", cell, _("Negative only as a reversal: say why below."))


def executed_value(case: Case) -> Iterator[Finding]:
    """ITO + BPO + KPO is the executed value, and offshore + onshore too."""
    content = case.content
    total, offshore, onshore = (
        content[name]
        for name in ("executed_value", "offshore_executed_value", "onshore_executed_value")
    )
    if total is None and (offshore or onshore or content.class_sum("executed_value")):
        yield find("V2", "executed_value", _("Say how much was executed in all."))
    if total is None:
        return
    parts = (offshore or 0) + (onshore or 0)
    if parts != total and (total or offshore or onshore):
        title = _("Offshore and onshore must add up to the executed value.")
        yield find("V2", "onshore_executed_value", title, _off_by(total - parts))


def classes(case: Case) -> Iterator[Finding]:
    """Each sum over the classes is what is said of all together."""
    content = case.content
    for name in ("contracts", "contract_value", "executed_value", "offshore_executed_value"):
        total, parts = content[name] or 0, content.class_sum(name)
        if total == parts:
            continue
        said = {"figure": full_label(name), "classes": _written(name, parts)}
        title = _("%(figure)s: the classes add up to %(classes)s.") % said
        yield find("V2", ALL_CLASSES, title, _off_by(total - parts, name))


def markets(case: Case) -> Iterator[Finding]:
    """The markets, in yuan by their rates, add up to offshore; rounding may remain."""
    content = case.content
    room = ROUNDING * len(content.markets)
    for name, measure in (
        ("offshore_contract_value", "contract_amount"),
        ("offshore_executed_value", "executed_amount"),
    ):
        total, parts = content[name] or Decimal(0), content.market_sum(measure)
        if abs(total - parts) > room:
            said = {"figure": full_label(name), "markets": wan(parts)}
            title = _("%(figure)s: the countries and regions add up to %(markets)s.") % said
            yield find("V3", ALL_MARKETS, title, _off_by(total - parts))
    for key, line in content.markets.items():
        if line["rate"] is None:
            place = f"{MARKET}:{key[0]}.{key[1]}:rate"
            yield find("V3", place, _("Give the rate."), _without_rate(line))


def cost_centre(case: Case) -> Iterator[Finding]:
    """Internal settlement is of cost centres."""
    if case.content["internal_settlement"] and not case.is_cost_centre:
        title = _("Only a cost centre of another firm files internal settlement.")
        yield find("V18", "internal_settlement", title, _("Say above that it is one."))


def jumps(case: Case) -> Iterator[Finding]:
    """Money that changed much on the month before."""
    most = case.thresholds.percent(Setting.Name.CHECK_CHANGE)
    for name in ("revenue", "executed_value"):
        change = change_of(case.content[name], case.past.before[name], most)
        if change is not None and change.is_big:
            yield find("V6", name, jump_in_words(change), how_much(most))


def per_head(case: Case) -> Iterator[Finding]:
    """Revenue per head that is far from the park's median of the month before."""
    revenue, headcount = case.content["revenue"], case.content["headcount"]
    if not revenue or not headcount or not case.usual_per_head or case.is_cost_centre:
        return
    ratio = Decimal(revenue) / headcount / case.usual_per_head
    low = case.thresholds.percent(Setting.Name.CHECK_PER_HEAD_LOW)
    high = case.thresholds.percent(Setting.Name.CHECK_PER_HEAD_HIGH)
    if not low <= ratio <= high:
        said = {"times": number(ratio, 2), "usual": number(case.usual_per_head, 0)}
        title = _("Revenue per head is %(times)s times the park's median (%(usual)s yuan).") % said
        yield find("V7", "revenue", title, _("Please say why; you can still submit."))


def balance_of_contracts(case: Case) -> Iterator[Finding]:
    """More is executed than contracts that were filed leave."""
    executed, left = case.content["executed_value"], case.past.contracts_left
    if executed is None or left is None:
        return
    left += case.content["contract_value"] or 0
    if executed > left:
        title = _("Contracts that were filed leave %(left)s.") % {"left": wan(left)}
        yield find("V9", "executed_value", title, _("Please say why; you can still submit."))


def taxes(case: Case) -> Iterator[Finding]:
    """Taxes that are a large part of revenue; a cost centre has no revenue to compare with."""
    if case.is_cost_centre:
        return
    paid, revenue = case.content["taxes"], case.content["revenue"]
    most = case.thresholds.percent(Setting.Name.CHECK_TAXES)
    if paid is not None and revenue is not None and paid > 0 and paid > revenue * most:
        title = _("More than %(most)s of the revenue.") % {"most": percent(most, 0)}
        yield find("V10", "taxes", title, _("Please say why; you can still submit."))


def no_revenue(case: Case) -> Iterator[Finding]:
    """People, and no revenue for two months running."""
    people, revenue = case.content["headcount"], case.content["revenue"]
    last = case.past.last_month
    if people and revenue == 0 and last and last.revenue == 0 and not case.is_cost_centre:
        title = _("Staff, but no revenue for two months running.")
        yield find("V13", "revenue", title, _("Please say why; you can still submit."))


def _without_rate(line: Measures) -> str:
    """What to do where the park has set none."""
    if not line["contract_amount"] and not line["executed_amount"]:
        return _("Nothing is typed in this line: take it out if there was nothing.")
    return _(
        "That of your contract will do. Or wait for the park's: it sees that you wait, and what it "
        "sets comes here by itself."
    )


def _off_by(amount: Decimal | int, name: str = "executed_value") -> str:
    said = {"amount": _written(name, amount if amount > 0 else -amount)}
    if amount > 0:
        return _("%(amount)s short.") % said
    return _("%(amount)s too many.") % said


def _written(name: str, amount: Decimal | int) -> str:
    return wan(amount) if FIGURES[name].unit == Unit.MONEY else number(amount)

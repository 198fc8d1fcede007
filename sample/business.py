"""The sample's money: taxes, contracts, what was executed by class and market, results.

What is executed is a part of what is earned; contracts are signed before they run out; and what is
offshore is the sum of the markets at the rates of the month, so every sum is right by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from returns.content import MarketKey, in_yuan
from sample.chance import chance, hundreds
from sample.rates import sample_rates

Line = dict[str, Any]
NOTHING = Decimal(0)


class Earned(NamedTuple):
    """What an enterprise earned in a month, with how many people."""

    month: date
    amount: Decimal
    average_people: float


class Work(NamedTuple):
    """The outsourced services of a month: figures, classes and markets."""

    figures: dict[str, Any]
    classes: dict[str, Line]
    markets: dict[MarketKey, Line]


@dataclass
class Book:
    """The contracts of one enterprise, month after month."""

    key: str
    classes: list[str]
    offshore: Mapping[str, Any]
    left: Decimal = NOTHING
    _share: float = field(init=False)
    _second: float = field(init=False)

    def __post_init__(self) -> None:
        own = chance("executed", self.key)
        self._share = own.uniform(0.82, 0.97)
        has_second = len(self.classes) > 1 and own.random() < 0.5
        self._second = own.uniform(0.12, 0.3) if has_second else 0.0

    def month(self, earned: Earned) -> Work:
        """What is signed and executed in the next month."""
        now = chance("executed", self.key, earned.month)
        executed = hundreds(float(earned.amount) * self._share * now.uniform(0.985, 1.015))
        contracts, signed = self._sign(earned.month, executed)
        markets = dict(self._markets(earned.month, signed, executed))
        offshore_signed = _in_all(markets, "contract_amount")
        offshore = _in_all(markets, "executed_amount")
        figures = {
            "contracts": contracts,
            "contract_value": signed,
            "offshore_contract_value": offshore_signed,
            "executed_value": executed,
            "offshore_executed_value": offshore,
            "onshore_executed_value": executed - offshore,
        }
        return Work(figures, self._by_class(figures), markets)

    def _sign(self, month: date, executed: Decimal) -> tuple[int, Decimal]:
        """Half a year's work where two more months would use up what is left; some small orders."""
        now = chance("contracts", self.key, month)
        contracts, signed = 0, NOTHING
        if self.left < 3 * executed:
            contracts, signed = 1, hundreds(float(executed) * now.uniform(5.5, 9))
        if executed and now.random() < 0.3:
            orders = now.randint(1, 3)
            contracts += orders
            signed += hundreds(float(executed) * orders * now.uniform(0.25, 0.4))
        self.left += signed - executed
        return contracts, signed

    def _markets(
        self, month: date, signed: Decimal, executed: Decimal
    ) -> Iterator[tuple[MarketKey, Line]]:
        rates = sample_rates(month) if self.offshore else {}
        for market, currency, weight in self.offshore.get("markets", ()):
            rate = rates[currency]
            luck = chance("market", self.key, market, month)
            part = self.offshore["share"] * weight * luck.uniform(0.94, 1.06) / float(rate)
            line = {
                "rate": rate,
                "contract_amount": hundreds(float(signed) * part),
                "executed_amount": hundreds(float(executed) * part),
            }
            yield (market, currency), line

    def _by_class(self, figures: Mapping[str, Any]) -> dict[str, Line]:
        names = ("contracts", "contract_value", "executed_value", "offshore_executed_value")
        whole = {name: figures[name] for name in names}
        main, *others = self.classes
        if not self._second:
            return {main: whole}
        part: Line = {name: hundreds(float(whole[name]) * self._second) for name in names[1:]}
        has_contract = whole["contracts"] > 1
        part |= {"contracts": 1 if has_contract else 0}
        part |= {} if has_contract else {"contract_value": NOTHING}
        return {main: {name: whole[name] - part[name] for name in names}, others[0]: part}


def results(key: str, earned: Earned, average_pay: Decimal) -> dict[str, Decimal]:
    """The figures of the results. The operating profit is what the others leave."""
    own, now = chance("results", key), chance("results", key, earned.month)
    amount = float(earned.amount)

    def part(low: float, high: float) -> Decimal:
        usual = own.uniform(low, high)
        return hundreds(amount * usual * now.uniform(0.97, 1.03))

    found = {
        "business_costs": part(0.77, 0.83),
        "tax_surcharge": part(0.003, 0.005),
        "selling_expenses": part(0.015, 0.03),
        "admin_expenses": part(0.05, 0.08),
        "finance_expenses": part(-0.001, 0.003),
        "vat_payable": part(0.015, 0.032),
        "investment_income": part(0.001, 0.004) if earned.month.month == 12 else NOTHING,
    }
    spent = ("business_costs", "tax_surcharge", "selling_expenses", "admin_expenses")
    profit = earned.amount + found["investment_income"] - found["finance_expenses"]
    profit -= sum((found[name] for name in spent), NOTHING)
    total = profit + part(-0.001, 0.002)
    wages = float(average_pay) * earned.average_people * own.uniform(1.24, 1.3)
    return {
        **found,
        "operating_profit": profit,
        "total_profit": total,
        "income_tax": hundreds(float(max(total, NOTHING)) * own.choice([0.15, 0.25])),
        "wages_payable": hundreds(wages),
    }


def taxes_of(found: Mapping[str, Decimal]) -> Decimal:
    """All taxes of the month together."""
    return found["vat_payable"] + found["tax_surcharge"] + found["income_tax"]


def is_near(amounts: Iterable[Decimal], threshold: float) -> bool:
    """Whether the last twelve months come near the threshold for larger firms (规上)."""
    return float(sum(amounts, NOTHING)) >= 0.8 * threshold


def _in_all(markets: Mapping[MarketKey, Line], measure: str) -> Decimal:
    return hundreds(sum((in_yuan(line, measure) for line in markets.values()), NOTHING))

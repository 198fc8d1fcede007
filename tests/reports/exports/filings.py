"""What enterprises filed, on paper: plain numbers, from which tests add up by hand what a workbook
must say. `File` files them; nothing here reads the database."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from foundation.months import next_month
from returns.models import MonthlyReturn
from returns.services import open_return
from tenants.models import Enterprise
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.returns import submit

CLASSES = ("BPO-2-1", "BPO-2-3", "BPO-3", "ITO-1-1")
RATES = {"USD": "7.1", "HKD": "0.91", "JPY": "0.048312"}
Places = Sequence[tuple[str, str]]
PLACES: Places = (("HKG", "HKD"), ("USA", "USD"), ("JPN", "JPY"))


@dataclass
class Filing:
    """One return as it was filed: figures in 元, lines of classes and markets."""

    firm: str
    month: date
    figures: dict[str, Any]
    classes: dict[str, dict[str, Any]] = field(default_factory=dict)
    markets: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


def invent(
    chance: random.Random, firm: str, month: date, opening: int, places: Places | None = None
) -> Filing:
    """A return that keeps the rules: sums over classes and markets are what is said of all."""
    if places is None:
        places = chance.sample(PLACES, chance.randrange(3))
    markets: dict[tuple[str, str], dict[str, Any]] = {}
    offshore = signed = Decimal(0)
    for place in places:
        amount = Decimal(chance.randrange(1, 9_000_000)) / 100
        rate = Decimal(RATES[place[1]])
        contract = Decimal(chance.randrange(1, 9_000_000)) / 100
        offshore += in_yuan(amount, rate)
        signed += in_yuan(contract, rate)
        markets[place] = {
            "rate": rate,
            "contract_amount": contract,
            "executed_amount": amount,
        }
    classes = {
        code: {
            "contracts": chance.randrange(9),
            "contract_value": Decimal(chance.randrange(1, 900_000_000)) / 100,
            "executed_value": Decimal(chance.randrange(1, 900_000_000)) / 100,
            "offshore_executed_value": Decimal(0),
        }
        for code in chance.sample(CLASSES, 2)
    }
    first = next(iter(classes.values()))
    first["executed_value"] += offshore
    first["offshore_executed_value"] = offshore
    joined, left = chance.randrange(30), chance.randrange(20)
    headcount = opening + joined - left
    college = headcount // 3
    executed = sum(one["executed_value"] for one in classes.values())
    figures = {
        "revenue": Decimal(chance.randrange(100_000_000, 900_000_000)) / 100,
        "taxes": Decimal(chance.randrange(1_000_000)) / 100,
        "contracts": sum(one["contracts"] for one in classes.values()),
        "contract_value": sum(one["contract_value"] for one in classes.values()),
        "offshore_contract_value": signed,
        "executed_value": executed,
        "offshore_executed_value": offshore,
        "onshore_executed_value": executed - offshore,
        "opening": opening,
        "joined": joined,
        "left": left,
        "headcount": headcount,
        "postgraduate": 1,
        "bachelor": college,
        "junior_college": 10,
        "below_college": headcount - college - 11,
        "total_profit": Decimal(chance.randrange(-9_000_000, 9_000_000)) / 100,
    }
    return Filing(firm, month, figures, classes, markets)


def in_yuan(amount: Decimal, rate: Decimal) -> Decimal:
    """An amount in 元, to the 分."""
    return (amount * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


def file_it(filing: Filing, enterprise: Enterprise) -> MonthlyReturn:
    """File it as people do."""
    row = open_return(
        enterprise=enterprise,
        month=filing.month,
        figures=filing.figures,
        classes=filing.classes,
        markets=filing.markets,
        now=NOW,
        today=next_month(filing.month),
        acting_user=UserFactory(),
    )
    return submit(row)

"""Random returns: right at first, then wrong in a few places; and the product's case of them."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from foundation.models import Setting
from foundation.months import add_months
from returns.checks import Case, Thresholds
from returns.content import Content
from returns.models import ClassFigures, MarketFigures, ReturnFigures, ReturnRevision
from returns.past import Past
from tests.returns.paper_rules import (
    AGE,
    EDUCATION,
    GUARDED,
    LIMITS,
    MAY_BE_REVERSED,
    ORIGIN,
    Paper,
)

MONTH = date(2024, 1, 1)
CLASSES = ["BPO-2-3", "BPO-2-1", "ITO-1-1"]
MARKETS = [("HKG", "HKD"), ("HKG", "USD"), ("JPN", "JPY")]
RATES = [Decimal(1), Decimal("7.1234"), Decimal("0.051234")]
LIMIT_NAMES = {
    "change": Setting.Name.CHECK_CHANGE,
    "low": Setting.Name.CHECK_PER_HEAD_LOW,
    "high": Setting.Name.CHECK_PER_HEAD_HIGH,
    "taxes": Setting.Name.CHECK_TAXES,
    "unit": Setting.Name.CHECK_UNIT,
    "insured": Setting.Name.CHECK_INSURED,
}
NOTHING_STATED = {"is_nil": False, "is_cost_centre": False, "reversal_reason": ""}
COUNTS = ["joined", "left", "insured", "returnees", "graduates", "peak_seats"]
EDGES = [None, -1, 0, 1, 30, 50, 60, 100, 130, 131, 5000, 5001]


def random_paper(random: Random) -> Paper:
    """A return; every other time one of a firm whose thresholds are not the usual ones."""
    people = random.randint(0, 40)
    parts = {
        name: part
        for names in (EDUCATION, AGE, ORIGIN)
        if random.random() < 0.8
        for name, part in zip(names, _parts(random, people, len(names)), strict=True)
    }
    joined = random.randint(0, 5)
    last = random.choice([people, people, max(0, people - joined), None])
    markets = _markets(random)
    offshore = sum((_yuan(line, "executed_amount") for line in markets.values()), Decimal(0))
    offshore_signed = sum((_yuan(line, "contract_amount") for line in markets.values()), Decimal(0))
    onshore = Decimal(random.randint(0, 300))
    said = {
        **parts,
        "headcount": people,
        "opening": last,
        "joined": random.choice([joined, joined, None]),
        "left": joined if last == people else 0,
        "insured": random.randint(0, people),
        "peak_seats": random.randint(0, 30),
        "revenue": Decimal(random.randint(0, 400)),
        "taxes": Decimal(random.randint(0, 100)),
        "executed_value": offshore + onshore,
        "offshore_executed_value": offshore,
        "onshore_executed_value": onshore,
        "contracts": random.randint(0, 4),
        "contract_value": offshore_signed + random.randint(0, 50),
        "offshore_contract_value": offshore_signed,
        "is_cost_centre": random.random() < 0.2,
        "reversal_reason": random.choice(["", "", "冲减上月"]),
    }
    paper = Paper(said, _classes(random, said), markets, _before(random, last))
    paper.contracts_left = random.choice([None, Decimal(random.randint(-50, 600))])
    paper.seats = random.randint(0, 30)
    paper.park_per_head = random.choice([None, Decimal(random.randint(1, 40))])
    if random.random() < 0.5:
        paper.limits = {name: random.choice([1, 10, usual, 90]) for name, usual in LIMITS.items()}
    for _ in range(random.choice([0, 0, 1, 2, 5])):
        _spoil(random, paper)
    return paper


def case_of_paper(paper: Paper, notes: dict[str, str]) -> Case:
    """The same for the product."""
    nothing = dict.fromkeys(ReturnFigures.FIELDS)
    filed = {
        add_months(MONTH, -number): ReturnRevision(**figures)
        for number, figures in sorted(paper.before.items(), reverse=True)
    }
    thresholds = {LIMIT_NAMES[name].value: value for name, value in paper.limits.items()}
    return Case(
        content=Content(
            {**nothing, **NOTHING_STATED, **paper.said, "notes": notes},
            {key: _whole(ClassFigures, line) for key, line in paper.classes.items()},
            {key: _whole(MarketFigures, line) for key, line in paper.markets.items()},
        ),
        past=Past(MONTH, filed, paper.contracts_left),
        thresholds=Thresholds(thresholds),
        seats=paper.seats,
        usual_per_head=paper.park_per_head,
    )


def _whole(model: Any, line: dict[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(model.FIELDS), **line}


def _parts(random: Random, whole: int, count: int) -> list[int | None]:
    cuts = sorted(random.randint(0, whole) for _ in range(count - 1))
    parts = [upper - lower for lower, upper in zip([0, *cuts], [*cuts, whole], strict=True)]
    return [None if part == 0 and random.random() < 0.5 else part for part in parts]


def _markets(random: Random) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        key: {
            "rate": random.choice(RATES),
            "contract_amount": random.choice([None, Decimal(random.randint(0, 200))]),
            "executed_amount": Decimal(random.randint(0, 200)),
        }
        for key in random.sample(MARKETS, random.choice([0, 0, 1, 2, 3]))
    }


def _yuan(line: dict[str, Any], part: str) -> Decimal:
    """Whole fen, as a figure must be."""
    return Decimal(round((line[part] or 0) * line["rate"] * 100)) / 100


def _classes(random: Random, said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    names = ["contracts", "contract_value", "executed_value", "offshore_executed_value"]
    classes: dict[str, dict[str, Any]] = {CLASSES[0]: {name: said[name] for name in names}}
    for code in random.sample(CLASSES[1:], random.choice([0, 1, 2])):
        moved = {name: said[name] // 4 for name in names}
        classes[code] = moved
        for name in names:
            classes[CLASSES[0]][name] -= moved[name]
    return classes


def _before(random: Random, last: int | None) -> dict[int, dict[str, Any]]:
    months = {
        number: {
            **{name: random.choice([None, Decimal(random.randint(0, 9))]) for name in GUARDED},
            "revenue": Decimal(random.choice([0, 0, random.randint(0, 400)])),
            "executed_value": random.choice([None, Decimal(random.randint(0, 400))]),
            "headcount": random.randint(0, 40),
        }
        for number in range(1, 9)
        if random.random() < 0.6
    }
    months.pop(1, None)
    if last is not None:
        money = {"revenue": Decimal(random.choice([0, random.randint(1, 400)]))}
        done = {"executed_value": random.choice([None, Decimal(random.randint(1, 400))])}
        months[1] = {**money, **done, "headcount": last}
    return months


def _spoil(random: Random, paper: Paper) -> None:
    """Another value in one place: a figure, or something of a line."""
    edge = random.choice(EDGES)
    money = None if edge is None else Decimal(edge)
    count = None if edge is None else abs(edge)
    names = [*COUNTS, "headcount", "opening", *AGE, *ORIGIN, *EDUCATION]
    said = {
        "revenue": random.choice([None, Decimal(-1), Decimal(0), Decimal(0)]),
        random.choice(["joined", "left"]): None,
        random.choice(MAY_BE_REVERSED): money,
        random.choice(names): count,
    }
    places = [*said, "line", "line", "line"]
    place = random.choice(places)
    if place == "line":
        _spoil_line(random, paper, money)
    else:
        paper.said[place] = said[place]


def _spoil_line(random: Random, paper: Paper, money: Decimal | None) -> None:
    if paper.markets and random.random() < 0.4:
        line = random.choice(list(paper.markets.values()))
        line[random.choice(["contract_amount", "executed_amount"])] = money
        line["rate"] = random.choice([line["rate"], line["rate"], None])
    elif random.random() < 0.7:
        line = random.choice(list(paper.classes.values()))
        line[random.choice(["contract_value", "executed_value", "offshore_executed_value"])] = money
    else:
        paper.classes.pop(random.choice(list(paper.classes)))
        paper.classes = paper.classes or {CLASSES[0]: {}}

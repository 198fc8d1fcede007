"""A random park with everything that returns can say: in the database, and on paper."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.permissions import Role
from returns.models import MonthlyReturn
from returns.services import (
    FiledElsewhere,
    correct_return,
    open_return,
    report_nothing,
    save_draft,
    send_back_return,
    set_rate,
    submit_return,
    take_over_returns,
)
from tenants.models import BusinessClass, Enterprise, Tenancy
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.reports import set_main_business
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.reports.paper import first_of
from tests.reports.returns_on_paper import AGE, EDUCATION, ORIGIN, Books, Filed
from web.refusals import Refusal

MONTH = date(2024, 2, 1)
TODAY = date(2024, 3, 20)
MONTHS = [first_of(MONTH, back) for back in (0, 1, 2, 11, 12, 13, 14)]
LEAVES = ["BPO-2-1", "BPO-2-3", "BPO-1-2", "BPO-3", "ITO-1-1", "KPO-3-9"]
MARKETS = [
    (("HKG", "HKD"), Decimal("0.910000")),
    (("USA", "USD"), Decimal("7.100000")),
    (("USA", "EUR"), Decimal("7.700000")),
    (("DEU", "EUR"), Decimal("7.700000")),
    (("FRA", "USD"), Decimal("7.150000")),
    (("JPN", "JPY"), Decimal("0.050000")),
    (("SGP", "USD"), Decimal("7.120000")),
]
CLASSES = [None, BusinessClass.CUSTOMER_SERVICE, BusinessClass.FINANCIAL_SERVICES]


def invented(chance: random.Random) -> Filed:
    """A return that no hard check refuses."""
    staff = chance.choice([0, 3, 4, 40, 250])
    figures: dict[str, Any] = {"headcount": staff, "revenue": money(chance)}
    figures |= coming_and_going(chance, staff)
    figures |= some_figures(chance, staff)
    for names in (EDUCATION, AGE, ORIGIN):
        if chance.random() < 0.8:
            figures |= shared_out(chance, staff, names)
    if chance.random() < 0.15:
        figures |= {"is_cost_centre": True, "internal_settlement": money(chance)}
        figures["revenue"] = Decimal(0)
    return Filed(figures, *business(chance, figures))


def coming_and_going(chance: random.Random, staff: int) -> dict[str, Any]:
    joined, left = chance.randrange(6), chance.randrange(6)
    if chance.random() < 0.8 and staff - joined + left >= 0:
        return {"opening": staff - joined + left, "joined": joined, "left": left}
    return {"left": left} if chance.random() < 0.5 else {}


def some_figures(chance: random.Random, staff: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name in ("taxes", "average_pay"):
        if chance.random() < 0.7:
            figures[name] = money(chance)
    for name in ("returnees", "graduates", "insured"):
        if chance.random() < 0.7:
            figures[name] = chance.randint(0, staff)
    for name in ("dispatched", "interns", "trainees", "peak_seats"):
        if chance.random() < 0.6:
            figures[name] = chance.choice([0, 2, 30])
    return figures


def money(chance: random.Random) -> Decimal:
    return chance.choice([Decimal(0), Decimal(chance.randrange(10**9)) / 100])


def shared_out(chance: random.Random, staff: int, names: tuple[str, ...]) -> dict[str, int]:
    parts = dict.fromkeys(names, 0)
    for _person in range(staff):
        parts[chance.choice(names)] += 1
    return parts


def business(chance: random.Random, figures: dict[str, Any]) -> tuple[Any, Any]:
    """Classes and markets, and the sums of them in `figures`."""
    markets: dict[tuple[str, str], dict[str, Any]] = {}
    offshore = contracted_offshore = Decimal(0)
    for key, rate in chance.sample(MARKETS, chance.randrange(4)):
        line = markets[key] = {"rate": rate, "executed_amount": None, "contract_amount": None}
        if chance.random() < 0.9:
            line["executed_amount"] = Decimal(chance.randrange(10**5) * 100)
            offshore += line["executed_amount"] * rate
        if chance.random() < 0.5:
            line["contract_amount"] = Decimal(chance.randrange(10**5) * 100)
            contracted_offshore += line["contract_amount"] * rate
    least = 1 if offshore or contracted_offshore else 0
    codes = chance.sample(LEAVES, chance.randint(least, 3))
    classes: dict[str, dict[str, Any]] = {}
    for at, code in enumerate(codes):
        onshore = money(chance)
        line = classes[code] = {"executed_value": onshore}
        if at == 0:
            line["offshore_executed_value"] = offshore
            line["executed_value"] = onshore + offshore
            line["contract_value"] = contracted_offshore + money(chance)
        if chance.random() < 0.7:
            line["contracts"] = chance.randrange(4)
    if codes:
        figures["executed_value"] = sum(line["executed_value"] for line in classes.values())
        figures["offshore_executed_value"] = offshore
        figures["onshore_executed_value"] = figures["executed_value"] - offshore
        figures["contract_value"] = classes[codes[0]]["contract_value"]
        figures["offshore_contract_value"] = contracted_offshore
        figures["contracts"] = sum(line.get("contracts", 0) for line in classes.values())
    return classes, markets


@dataclass
class World:
    """A park in the database, and the same on paper."""

    books: Books
    enterprises: list[Enterprise]


def populate(seed: int, count: int) -> World:
    chance = random.Random(seed)  # noqa: S311 — no secret, the same each time
    author = UserFactory(roles=[Role.OPERATOR_MANAGER])
    world = World(Books(), [])
    floor = make_floor(seats=20 * count, delivered_on=date(2020, 1, 1), acting_user=author)
    for number in range(count):
        settle(world, chance, floor, number, author)
    for month in MONTHS:
        if chance.random() < 0.8:
            rate = Decimal("7.1") + Decimal(chance.randrange(1000)) / 10000
            set_rate(
                month=month,
                currency="USD",
                rate=rate,
                source="中国外汇交易中心",
                acting_user=author,
            )
            world.books.dollars[month] = rate
    file_all(world, chance, author)
    change_some(world, chance, author)
    return world


def settle(world: World, chance: random.Random, floor: Any, number: int, author: Any) -> None:
    standing = chance.choice(["neither", "neither", "fortune_500", "industry_top_100"])
    industry, threshold = chance.choice([("", None), ("6550", 20_000_000), ("8090", 5_000_000)])
    enterprise = EnterpriseFactory(
        industry_code=industry,
        is_fortune_500=standing == "fortune_500",
        is_industry_top_100=standing == "industry_top_100" or chance.random() < 0.1,
    )
    if enterprise.is_industry_top_100 and standing == "neither":
        standing = "industry_top_100"
    first = date(2022, 1, 1) + timedelta(days=chance.randrange(720))
    end = None if chance.random() < 0.7 else first + timedelta(days=chance.randrange(1, 700))
    Tenancy.objects.create(enterprise=enterprise, period=(first, end))
    business_class = chance.choice(CLASSES)
    if business_class:
        set_main_business(enterprise, business_class)
    start = max(first, date(2023, 1, 5) + timedelta(days=chance.randrange(400)))
    if chance.random() < 0.8 and (end is None or start < end):  # no seats but of a tenant
        last = end and end - timedelta(days=1)
        if chance.random() < 0.4:
            some_days = start + timedelta(days=chance.randrange(90))
            last = min(last or some_days, some_days)
        run = (number * 20 + 1, number * 20 + chance.randint(1, 20))
        make_allocation(floor, run, to=enterprise, start=start, last=last, acting_user=author)
        after = last and last + timedelta(days=1)
        world.books.seats.append((enterprise.pk, run[1] - run[0] + 1, start, after))
    world.enterprises.append(enterprise)
    if threshold:
        world.books.thresholds[enterprise.pk] = threshold
    world.books.tenants[enterprise.pk] = first, end
    world.books.classes[enterprise.pk] = str(business_class or "unclassified")
    world.books.standings[enterprise.pk] = standing


def file_all(world: World, chance: random.Random, author: Any) -> None:
    """Most of what is owed, as it was filed elsewhere: one statement for all."""
    filed = []
    for enterprise in world.enterprises:
        for month in MONTHS:
            if chance.random() < 0.2 or not owes(world, enterprise, month):
                continue
            one = invented(chance)
            world.books.filed[enterprise.pk, month] = one
            filed.append(
                FiledElsewhere(
                    enterprise,
                    month,
                    one.figures,
                    signer="李娜",
                    submitted_by=author,
                    submitted_at=NOW,
                    accepted_at=None,
                    classes=one.classes,
                    markets=one.markets,
                )
            )
    if filed:
        take_over_returns(filed=filed, today=TODAY, acting_user=author)


def owes(world: World, enterprise: Enterprise, month: date) -> bool:
    first, end = world.books.tenants[enterprise.pk]
    last = (month + timedelta(days=31)).replace(day=1)
    return first < last and (end is None or end > month)


def change_some(world: World, chance: random.Random, author: Any) -> None:
    """Send some back, correct some, leave some half corrected; one files that there is nothing."""
    rows = list(MonthlyReturn.objects.order_by("pk"))
    for row in chance.sample(rows, min(len(rows), 6)):
        place = row.enterprise_id, row.month
        what = chance.choice(["send_back", "correct", "begin", "begin"])
        if what == "send_back":
            send_back_return(return_id=row.pk, question="V5？", now=NOW, acting_user=author)
            del world.books.filed[place]
            continue
        correct_return(return_id=row.pk, now=NOW, acting_user=author)
        # Taken up, it begins with last month's staff where it left that blank: blank it stays here
        opening = world.books.filed[place].figures.get("opening")
        figures = {"revenue": money(chance), "taxes": money(chance), "opening": opening}
        save_draft(return_id=row.pk, figures=figures, now=NOW, acting_user=author)
        if what == "correct":
            try:
                submit_return(
                    return_id=row.pk, signer="李娜", reason="更正", now=NOW, acting_user=author
                )
            except Refusal:  # an earlier month says otherwise: the first one counts on
                continue
            before = world.books.filed[place]
            world.books.filed[place] = before._replace(figures={**before.figures, **figures})
    file_nothing(world, author)


def file_nothing(world: World, author: Any) -> None:
    for enterprise in world.enterprises:
        place = enterprise.pk, MONTH
        if place in world.books.filed or not owes(world, enterprise, MONTH):
            continue
        if MonthlyReturn.objects.filter(enterprise=enterprise, month=MONTH).exists():
            continue
        row = open_return(
            enterprise=enterprise, month=MONTH, figures={}, now=NOW, today=TODAY, acting_user=author
        )
        report_nothing(return_id=row.pk, now=NOW, acting_user=author)
        try:
            submit_return(return_id=row.pk, signer="李娜", now=NOW, acting_user=author)
        except Refusal:
            return
        revision = row.revisions.get()
        # What a nil return says of the staff is another test's matter.
        world.books.filed[place] = Filed(revision.figures(), {}, {})
        return

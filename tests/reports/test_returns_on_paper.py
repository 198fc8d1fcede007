"""Every cell of every table of returns, and of its public edition, against paper.

(returns_on_paper.py; what seats are on paper is in test_against_paper.py.)
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.permissions import Role
from reports.assembly import assemble
from reports.display import value_of
from reports.kinds import KINDS
from reports.models import ReportKind
from reports.services.snapshots import read
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
from tests.reports.returns_on_paper import AGE, EDUCATION, ORIGIN, Books, Censor, Filed, Sheet
from tests.undone import undone
from web.refusals import Refusal

pytestmark = pytest.mark.django_db

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
    joined, left = chance.randrange(6), chance.randrange(6)
    figures: dict[str, Any] = {"headcount": staff, "revenue": money(chance)}
    if chance.random() < 0.8 and staff - joined + left >= 0:
        figures |= {"opening": staff - joined + left, "joined": joined, "left": left}
    elif chance.random() < 0.5:
        figures["left"] = left
    for name in ("taxes", "average_pay"):
        if chance.random() < 0.7:
            figures[name] = money(chance)
    for name in ("returnees", "graduates", "insured"):
        if chance.random() < 0.7:
            figures[name] = chance.randint(0, staff)
    for name in ("dispatched", "interns", "trainees", "peak_seats"):
        if chance.random() < 0.6:
            figures[name] = chance.choice([0, 2, 30])
    for names in (EDUCATION, AGE, ORIGIN):
        if chance.random() < 0.8:
            figures |= shared_out(chance, staff, names)
    if chance.random() < 0.15:
        figures |= {"is_cost_centre": True, "internal_settlement": money(chance)}
        figures["revenue"] = Decimal(0)
    return Filed(figures, *business(chance, figures))


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
    chance = random.Random(seed)
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
    enterprise = EnterpriseFactory(
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
        figures = {"revenue": money(chance), "taxes": money(chance)}
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


# Which tables hide the same rows, as docs/reports.md says
GROUPS: dict[str, list[str]] = {
    **{code: [code] for code in ("class_revenue", "class_executed", "class_taxes")},
    **{code: [code] for code in ("size_output", "standing_output", "class_staff")},
    **{code: [code] for code in ("education_people", "age_people", "origin_people")},
    "services executed": [
        *("services_executed", "services_offshore", "services_onshore", "services_share")
    ],
    "services contracted": ["services_contracts", "services_contract_value"],
    "markets executed": ["market_executed_usd", "market_executed"],
    "markets contracted": ["market_contract_usd", "market_contract"],
}
GROUPS_OF_MARKETS = {
    "markets executed": ["group_executed_usd", "group_executed"],
    "markets contracted": ["group_contract_usd", "group_contract"],
}
TOTAL_ONLY = [
    *("class_people", "enterprise_revenue", "enterprise_people", "enterprise_executed"),
    *("enterprise_taxes", "enterprise_settlement", "enterprise_seats_in_use", "services"),
    *("class_moves", "class_of_staff", "class_beside"),
]


def printed(table: Mapping[str, Any], rows: str) -> dict[str, dict[str, Any]]:
    return {
        row["key"]: {
            column["code"]: value_of(cell)
            for column, cell in zip(table["columns"], row["cells"], strict=True)
        }
        for row in table[rows]
    }


def on_paper(sheet: Sheet, table: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    row = sheet.rows(keys)
    return {column["code"]: sheet.cell(column, row) for column in table["columns"]}


def check_whole(sheet: Sheet, table: Mapping[str, Any]) -> None:
    """All rows as the park reads them."""
    found = printed(table, "rows")
    for key in every_key(sheet, table["levels"]):
        expected = on_paper(sheet, table, [key])
        if key in found:
            assert found.pop(key) == expected, (table["code"], key)
        else:
            assert not any(expected.values()), (table["code"], key)
    assert not found, table["code"]


def every_key(sheet: Sheet, levels: list[str]) -> list[str]:
    keys = {"total"}
    for level in levels[:-1]:
        if level in {"class", "enterprise", "standing", "size"}:
            bare = (sheet._bare(who, MONTH) for who in sheet.books.tenants)
            keys |= {f"{level}.{atom.codes[level]}" for atom in bare}
        elif level == "market_group":
            keys |= {"market_group.EU", "market_group.RCEP"}
        else:
            keys |= {f"{level}.{a.codes[level]}" for a in sheet.atoms if level in a.codes}
    return sorted(keys)


def check_public(sheet: Sheet, tables: Mapping[str, Any], codes: list[str]) -> set[str]:
    """The rows of tables that hide the same ones; gives what is hidden."""
    first = tables[codes[0]]
    columns = [column for code in codes for column in tables[code]["columns"]]
    censor = Censor(sheet, columns)
    hidden: set[str] = set()
    for code in codes:
        found = printed(tables[code], "public")
        expected = {"total": ["total"]}
        gather(sheet, censor, first["levels"][:-1], "total", found_order(first), expected, hidden)
        compare(sheet, censor, tables[code], found, expected)
    return hidden


def found_order(table: Mapping[str, Any]) -> list[str]:
    return [row["key"] for row in table["rows"]]


def gather(sheet, censor, levels, above, order, expected, hidden) -> None:
    """Note the rows inside `above` in `expected`, and what is hidden of them."""
    if not levels or not censor.checks:
        return
    level, *smaller = levels
    inside = sheet.row(above)
    siblings = {
        f"{level}.{atom.codes[level]}"
        for atom in sheet.atoms
        if level in atom.codes and inside(atom)
    }
    listed = [key for key in order if key in siblings] + sorted(siblings - {*order})
    gone = censor.hidden(listed)
    hidden |= gone
    for key in listed:
        if key not in gone:
            expected[key] = [key]
            gather(sheet, censor, smaller, key, order, expected, hidden)
    if gone and len(gone) < len(listed):
        expected["hidden" if above == "total" else f"hidden.{above}"] = sorted(gone)


def compare(sheet, censor, table, found, expected) -> None:
    for key, keys in expected.items():
        cells = on_paper(sheet, table, keys)
        for column in table["columns"]:
            if censor.is_blank(column):
                cells[column["code"]] = None
        if key in found:
            assert found.pop(key) == cells, (table["code"], key, keys)
        else:
            assert not any(cells.values()), (table["code"], key, keys)
    assert not found, (table["code"], list(found))


def check_total_only(sheet: Sheet, table: Mapping[str, Any]) -> None:
    censor = Censor(sheet, table["columns"])
    compare(sheet, censor, table, printed(table, "public"), {"total": ["total"]})


def check_groups_of_markets(sheet, tables, codes, plain, hidden) -> None:
    """A group stands for itself only where taking the shown countries off it tells nothing."""
    columns = [column for code in [*plain, *codes] for column in tables[code]["columns"]]
    censor = Censor(sheet, columns)
    known = [hidden]
    expected = {"total": ["total"]}
    for key in ("market_group.EU", "market_group.RCEP") if censor.checks else ():
        members = {f"market.{atom.codes['market']}" for atom in sheet.atoms if sheet.row(key)(atom)}
        parts = [part for one in known for part in (one & members, one - members)]
        if members and not any(censor.tells_any(part) for part in [members, *parts] if part):
            known = parts
            expected[key] = [key]
    for code in codes:
        compare(sheet, censor, tables[code], printed(tables[code], "public"), expected)


class TestReturns:
    @example(seed=7, count=14)
    @given(seed=st.integers(0, 10**6), count=st.sampled_from([2, 5, 9, 14]))
    @settings(
        max_examples=10,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_are_what_one_adds_up_by_hand_and_public_ones_tell_of_nobody(self, seed, count):
        with undone():
            sheet = Sheet(populate(seed, count).books, MONTH)
            for kind in ReportKind:
                if kind == ReportKind.OCCUPANCY:
                    continue
                content = assemble(kind, MONTH, read(kind, MONTH).facts)
                self.check(sheet, {table["code"]: table for table in content["tables"]})

    @staticmethod
    def check(sheet: Sheet, tables: Mapping[str, Any]) -> None:
        for table in tables.values():
            check_whole(sheet, table)
        for group, codes in GROUPS.items():
            if codes[0] in tables:
                hidden = check_public(sheet, tables, codes)
                if group in GROUPS_OF_MARKETS:
                    overlapping = GROUPS_OF_MARKETS[group]
                    check_groups_of_markets(sheet, tables, overlapping, codes, hidden)
        for code in {*TOTAL_ONLY} & tables.keys():
            check_total_only(sheet, tables[code])


def test_every_table_that_is_not_for_everybody_is_checked_here():
    checked = {
        *TOTAL_ONLY,
        *(code for codes in (*GROUPS.values(), *GROUPS_OF_MARKETS.values()) for code in codes),
    }
    tables = [table for kind in KINDS.values() for table in kind.tables]

    assert {table.code for table in tables if table.disclosure is not None} == checked

"""Every cell of every table of returns, and of its public edition, against paper.

(returns_on_paper.py; what seats are on paper is in test_against_paper.py.)
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reports.assembly import assemble
from reports.display import value_of
from reports.kinds import KINDS
from reports.models import ReportKind
from reports.services.snapshots import read
from returns.catalogue import markets, service_classes
from tenants.models import BusinessClass
from tests.reports.park_of_returns import MONTH, populate
from tests.reports.returns_on_paper import Censor, Sheet, months_of
from tests.undone import undone

pytestmark = pytest.mark.django_db

OF_RETURNS = (ReportKind.OUTPUT, ReportKind.SERVICES, ReportKind.MARKETS, ReportKind.WORKFORCE)

# Which tables hide the same rows, as docs/reports.md says
GROUPS: dict[str, list[str]] = {
    **{code: [code] for code in ("class_revenue", "class_executed", "class_taxes")},
    "class_staff": ["class_staff"],
    **{code: [code] for code in ("size_output", "size_executed", "size_otherwise")},
    **{code: [code] for code in ("standing_output", "standing_executed", "standing_otherwise")},
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
    *("services_to_date", "class_moves", "class_moves_to_date", "class_turnover"),
    *("class_of_staff", "class_insured", "class_beside"),
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
    levels, known = first["levels"][:-1], of_months_shown(sheet, tables)
    order = as_they_stand([tables[code] for code in codes])
    for code in codes:
        found = printed(tables[code], "public")
        expected = {"total": ["total"]}
        gather(known, censor, levels, "total", order, expected, hidden)
        compare(sheet, censor, tables[code], found, expected)
    return hidden


def of_months_shown(sheet: Sheet, tables: Mapping[str, Any]) -> Sheet:
    """What makes rows: nothing of a month that no table shows, but whoever owes in one that is."""
    columns = [column for table in tables.values() for column in table["columns"]]
    periods = {"month", *(column["period"] for column in columns)}
    shown = {month for period in periods for month in months_of(period, sheet.month)}
    known = copy(sheet)
    known.atoms = [
        *(atom for atom in sheet.atoms if atom.month in shown),
        *(
            sheet._bare(who, month)
            for month in shown
            for who, _one in sheet._expected({month}, lambda _atom: True)
        ),
    ]
    return known


def as_they_stand(tables: list[Mapping[str, Any]]) -> list[str]:
    """Rows in the order of their lists, those without any figure, too: of two that are alike the
    first is hidden. Others as they are printed.
    """
    listed = [
        *(f"standing.{code}" for code in ("fortune_500", "industry_top_100", "neither")),
        *(f"size.{code}" for code in ("above", "below", "unclassified")),
        *(f"class.{code}" for code in (*BusinessClass.values, "unclassified")),
        *(f"market.{code}" for code in markets(MONTH).entries),
        *(f"service_{one.level}.{code}" for code, one in service_classes(MONTH).entries.items()),
    ]
    printed_keys = (row["key"] for table in tables for row in table["rows"])
    return list(dict.fromkeys([*listed, *printed_keys]))


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
    @example(seed=126, count=5)  # a market of a month that no table shows
    @given(seed=st.integers(0, 10**6), count=st.sampled_from([2, 5, 9, 14]))
    @settings(
        max_examples=10,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    def test_are_what_one_adds_up_by_hand_and_public_ones_tell_of_nobody(self, seed, count):
        with undone():
            sheet = Sheet(populate(seed, count).books, MONTH)
            for kind in OF_RETURNS:
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

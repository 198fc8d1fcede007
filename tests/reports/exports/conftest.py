"""A park with a quarter of returns, as it was filed and as it is on paper."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from accounts.models import User
from returns.models import MonthlyReturn, ReturnState
from returns.services import set_rate
from tenants.models import BusinessClass, Contact, Enterprise, Tenancy
from tests.conftest import NOW
from tests.factories.park import ParkFactory, make_floor
from tests.factories.reports import set_main_business
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.reports.exports.filings import Filing, file_it, invent

MONTHS = [date(2023, month, 1) for month in (10, 11, 12)]
HEADS = 6  # rows above the figures of a sheet


@dataclass
class Filed:
    """The enterprises by name, what each filed, and what was sent back."""

    operator: User
    firms: dict[str, Enterprise]
    filings: list[Filing]
    sent_back: Filing

    def of(self, firm: str, *months: date) -> list[Filing]:
        return [one for one in self.filings if one.firm == firm and one.month in (months or MONTHS)]


@pytest.fixture
def filed(operator: User) -> Filed:
    """Three firms: one files every month, one once and is sent back once, one never."""
    ParkFactory()
    floor = make_floor(zone="C", seats=100, acting_user=operator)
    upper = make_floor(zone="C", level=2, seats=100, acting_user=operator)
    firms = {
        name: EnterpriseFactory(
            name=name, short_name=name[:6], industry_code=code, registration_type=kind
        )
        for name, code, kind in (
            ("一号呼叫有限公司", "6591", "foreign"),
            ("=二号数据(内江)有限公司", "7299", "domestic"),
            ("三号未报有限公司", "", ""),
        )
    }
    one, two, three = firms.values()
    for firm, seats, start in (
        (one, (1, 20), date(2021, 3, 1)),
        (two, (21, 30), date(2023, 10, 9)),
    ):
        make_allocation(floor, seats, to=firm, start=start, acting_user=operator)
    make_allocation(upper, (1, 5), to=one, start=date(2022, 1, 1), acting_user=operator)
    Tenancy.objects.create(enterprise=three, period=(date(2023, 11, 15), None))
    Contact.objects.create(enterprise=one, name="+王欣", phone="0832-0000123")
    set_main_business(one, BusinessClass.CUSTOMER_SERVICE)
    for month in MONTHS[:2]:
        set_rate(
            month=month, currency="USD", rate=Decimal("7.1"), source="测试", acting_user=operator
        )
    chance = random.Random(20231231)  # noqa: S311 — figures, no secret
    filings = list(_a_year(chance, one.name))
    filings += [invent(chance, two.name, MONTHS[0], 60)]
    sent_back = invent(chance, two.name, MONTHS[1], filings[-1].figures["headcount"])
    for filing in [*filings, sent_back]:
        file_it(filing, firms[filing.firm])
    back = MonthlyReturn.objects.filter(enterprise=two, month=MONTHS[1])
    back.update(state=ReturnState.SENT_BACK)
    return Filed(operator, firms, filings, sent_back)


def _a_year(chance: random.Random, firm: str) -> Iterator[Filing]:
    opening = 100
    for month in range(1, 13):
        # In December, for which the park has set no rate of the dollar, a client in Japan
        places = [("JPN", "JPY")] if month == 12 else None
        filing = invent(chance, firm, date(2023, month, 1), opening, places)
        opening = filing.figures["headcount"]
        yield filing


def rows_of(data: bytes, sheet: str) -> list[list[Any]]:
    """The rows of a sheet below its heads and above its notes, as two libraries read them."""
    found = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    one = [[cell.value for cell in row] for row in found.iter_rows(min_row=HEADS + 1)]
    other = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet)
    other_rows = other.to_python(skip_empty_area=False)[HEADS:]
    rows = [row for row in one if not _is_note(row)]
    others = [row for row in other_rows if not _is_note(row)]
    assert [[_same(cell) for cell in row] for row in rows] == [
        [_same(cell) for cell in row] for row in others
    ]
    return rows


def _is_note(row: list[Any]) -> bool:
    first = row[0]
    return (isinstance(first, str) and first.startswith("注：")) or not any(
        cell not in (None, "") for cell in row
    )


def _same(cell: Any) -> Any:
    """What both libraries read alike."""
    if cell in (None, ""):
        return None
    if isinstance(cell, (int, float)):
        return round(float(cell), 6)
    return cell.date() if hasattr(cell, "date") else cell


__all__ = ["MONTHS", "NOW", "Filed", "filed", "rows_of"]

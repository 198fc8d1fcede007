"""What the tests of reports share: a small park with a month worth a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from accounts.permissions import Role
from park.models import Floor, Park
from reports.assembly import assemble
from reports.display import Edition, document_of
from reports.document import Column, Document, Table
from reports.models import MonthlyReport, ReportKind
from reports.services.building import build_report
from reports.services.snapshots import read
from reports.units import Number
from returns.services import correct_return, submit_return
from seats.models import AllocationKind
from tenants.models import BusinessClass, Enterprise
from tests.clockless import no_statement_asks_the_clock
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.park import ParkFactory, make_floor
from tests.factories.reports import file_return, set_main_business
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

__all__ = ["no_statement_asks_the_clock"]

JANUARY = date(2024, 1, 1)
DECEMBER = date(2023, 12, 1)
YEAR_BEFORE = date(2023, 1, 1)
FIRST_ROW, FIRST_COLUMN = 6, 1  # of the numbers on the sheet of a table


@dataclass
class SmallPark:
    park: Park
    operator: User
    a: Floor
    c: Floor
    d: Floor
    ping_an: Enterprise
    kai_chang: Enterprise
    absent: Enterprise

    def correct(self, revenue: str = "2000000.00", month: date = JANUARY) -> None:
        """A return is corrected after the fact: its revenue is another."""
        row = self.ping_an.monthly_returns.get(month=month)
        who: Any = {"return_id": row.pk, "now": NOW, "acting_user": self.operator}
        correct_return(**who)
        row.refresh_from_db()
        row.revenue = Decimal(revenue)
        row.save(update_fields=["revenue"])
        submit_return(**who, signer="李娜", reason="漏报一笔合同")


@pytest.fixture
def official(db: None) -> User:
    return UserFactory(name="王女士", roles=[Role.OFFICIAL], area_code="511000")


@pytest.fixture
def small_park(operator: User) -> SmallPark:
    """January 2024: contracted, held, closed and chosen seats; two of three returns are filed."""
    here = ParkFactory()
    a = make_floor(zone="A", seats=100, lettable_m2=Decimal("715.50"), acting_user=operator)
    c = make_floor(zone="C", seats=60, lettable_m2=Decimal("430.00"), acting_user=operator)
    d = make_floor(
        zone="D", seats=50, delivered_on=None, planned_on=date(2024, 4, 1), acting_user=operator
    )
    ping_an, kai_chang, absent = (
        EnterpriseFactory(name=name, short_name=short)
        for name, short in (
            ("深圳平安综合金融服务有限公司内江分公司", "平安金服"),
            ("=上海凯长信息科技有限公司", "上海凯长"),
            ("诚伯信息有限公司", "诚伯信息"),
        )
    )
    small = SmallPark(here, operator, a, c, d, ping_an, kai_chang, absent)
    _fill(small)
    return small


@pytest.fixture
def draft(small_park: SmallPark) -> Callable[..., MonthlyReport]:
    """Make the draft of a report for January."""

    def make(kind: ReportKind = ReportKind.OCCUPANCY) -> MonthlyReport:
        return build_report(kind=kind, month=JANUARY, now=NOW, owner=small_park.operator)

    return make


def _fill(small: SmallPark) -> None:
    for floor, run, to, start, kind in (
        (small.a, (1, 30), small.ping_an, date(2022, 5, 15), AllocationKind.FIRM),
        (small.a, (31, 50), small.kai_chang, date(2023, 3, 1), AllocationKind.FIRM),
        (small.c, (1, 20), small.absent, date(2024, 1, 10), AllocationKind.FIRM),
        (small.c, (31, 40), None, date(2024, 1, 20), AllocationKind.CLOSURE),
    ):
        make_allocation(floor, run, to=to, start=start, kind=kind, acting_user=small.operator)
    make_allocation(
        small.d,
        (1, 30),
        to=small.ping_an,
        start=date(2024, 4, 1),
        kind=AllocationKind.HOLD,
        today=date(2024, 1, 25),
        acting_user=small.operator,
    )
    set_main_business(small.ping_an, BusinessClass.FINANCIAL_SERVICES)
    set_main_business(small.absent, BusinessClass.CUSTOMER_SERVICE)
    for enterprise, month, revenue, headcount in (
        (small.ping_an, YEAR_BEFORE, "1000000.00", 80),
        (small.ping_an, DECEMBER, "1200000.50", 100),
        (small.ping_an, JANUARY, "1234567.89", 110),
        (small.kai_chang, DECEMBER, "0", 20),
        (small.kai_chang, JANUARY, "345678.90", 25),
    ):
        file_return(enterprise, month, revenue, headcount, acting_user=small.operator)


@pytest.fixture
def make_document(small_park: SmallPark) -> Callable[..., Document]:
    """A report of the small park as it is read: by its second edition, unless it says more."""

    def document(
        kind: ReportKind = ReportKind.OCCUPANCY,
        *,
        language: str = "zh-hans",
        issued: bool = True,
        sample: bool = False,
        former: dict[str, Any] | None = None,
    ) -> Document:
        snapshot = read(kind, JANUARY)
        content = assemble(kind, JANUARY, snapshot.facts)
        content |= {**snapshot.head, "filing": snapshot.filing, "has_sample": sample}
        edition = Edition(
            kind=kind,
            month=JANUARY,
            revision=2,
            data_as_of=NOW,
            reason="上海凯长首日更正",
            issued_at=NOW if issued else None,
            issued_by="张敏" if issued else "",
        )
        with translation.override(language):
            return document_of(edition, content, former)

    return document


def figures_of(document: Document) -> Iterator[tuple[Table, int, int, Column, Number | None]]:
    """Every known figure of every table, by sheet and place: what the files must say."""
    for table in document.tables:
        for down, row in enumerate(table.rows):
            for across, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
                yield table, down, across, column, cell

"""A month in which seats are lent: each side's figures by its days, the park's as ever."""

from datetime import date
from decimal import Decimal

import pytest

from reports.assembly import assemble
from reports.display import value_of
from reports.models import ReportKind
from reports.services.snapshots import read
from tests.factories.loans import make_arranged
from tests.reports.conftest import JANUARY

pytestmark = pytest.mark.django_db


def test_only_the_figures_of_the_two_change_and_by_the_days_of_the_loan(small_park):
    """Ten seats from 25 January on: seven days of the month, ten seats at its end."""
    before, lender, borrower = cells(), small_park.ping_an, small_park.kai_chang
    make_arranged(
        small_park.a,
        (1, 10),
        to=borrower,
        start=date(2024, 1, 25),
        last=date(2024, 2, 5),
        acting_user=small_park.operator,
    )
    after = cells()

    moved = {cell for cell, value in after.items() if before[cell] != value}
    in_and_out = {cell for cell in moved if cell[0].endswith("flows")}
    assert {cell[1] for cell in moved - in_and_out} == {
        f"enterprise.{lender.pk}",
        f"enterprise.{borrower.pk}",
    }
    for enterprise, seats, days, let_m2 in (
        (lender, (30, 20), (930, 860), ("214.65", "143.10")),
        (borrower, (20, 30), (620, 690), ("143.10", "214.65")),
    ):
        row = f"enterprise.{enterprise.pk}"
        for cell, (then, now) in {
            ("enterprises", row, "firm"): seats,
            ("enterprise_use", row, "firm_days"): days,
            ("enterprise_use", row, "let_m2"): [Decimal(each) for each in let_m2],
        }.items():
            assert (Decimal(before[cell]), Decimal(after[cell])) == (then, now), cell


def test_what_comes_and_goes_is_as_much(small_park):
    """Where they lie ten seats are given up and taken: at the end there are as many as ever."""
    before = cells()
    make_arranged(
        small_park.a,
        (1, 10),
        to=small_park.kai_chang,
        start=date(2024, 1, 25),
        last=date(2024, 2, 5),
        acting_user=small_park.operator,
    )
    after = cells()

    def by(column):
        cell = ("flows", "zone.A", column)
        return after[cell] - before[cell]

    assert (by("seats_gained"), by("seats_given_up"), by("seats_after")) == (10, 10, 0)


def cells():
    """Every cell of the month's report: table, row, column → figure."""
    content = assemble(ReportKind.OCCUPANCY, JANUARY, read(ReportKind.OCCUPANCY, JANUARY).facts)
    return {
        (table["code"], row["key"], column["code"]): value_of(cell)
        for table in content["tables"]
        for row in table["rows"]
        for column, cell in zip(table["columns"], row["cells"], strict=True)
    }

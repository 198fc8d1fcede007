"""What the services refuse, the database refuses too, whoever writes past them."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES, Unit
from returns.models import (
    ExchangeRate,
    MonthlyReturn,
    PartAssignment,
    ReturnClass,
    ReturnMarket,
    ReturnRevision,
    RevisionClass,
    RevisionMarket,
)
from tests.conftest import NOW
from tests.factories.returns import JANUARY, make_return
from tests.factories.tenants import make_member

pytestmark = pytest.mark.django_db

RIGHT = {"revenue": Decimal(10), "headcount": 100}


def revisions(**figures):
    """Write one past every service."""
    row = make_return()
    stated = {"number": 1, "signer": "李娜", "submitted_at": NOW, "reason": ""}
    return ReturnRevision.objects.bulk_create(
        [
            ReturnRevision(
                monthly_return=row,
                submitted_by=make_member(row.enterprise),
                **{**stated, **RIGHT, **figures},
            )
        ]
    )[0]


def refused(name):
    return pytest.raises(IntegrityError, match=name)


class TestRevisions:
    @pytest.mark.parametrize(
        ("figures", "constraint"),
        [
            ({"opening": 90, "joined": 5, "left": 0}, "staff_balanced"),
            ({"opening": 90, "joined": 11, "left": 2}, "staff_balanced"),
            (
                {
                    "executed_value": 5,
                    "offshore_executed_value": 2,
                    "onshore_executed_value": 2,
                },
                "executed_adds_up",
            ),
            ({"local": 99}, "origin_adds_up"),
            ({"local": 50, "elsewhere": 51}, "origin_adds_up"),
            ({"bachelor": 0}, "education_adds_up"),
            ({"age_36_up": 101}, "age_adds_up"),
            ({"revenue": -1}, "negative_has_reason"),
            ({"taxes": Decimal("-0.01")}, "negative_has_reason"),
            ({"internal_settlement": -1}, "negative_has_reason"),
            ({"contract_value": -1}, "negative_has_reason"),
            ({"offshore_contract_value": -1}, "negative_has_reason"),
            ({"revenue": None}, "figures_there"),
            ({"headcount": None}, "figures_there"),
            ({"number": 2}, "correction_has_reason"),
            ({"headcount": -1}, "headcount"),
            ({"joined": -1}, "joined"),
        ],
    )
    def test_that_contradict_themselves_are_none(self, figures, constraint):
        with refused(constraint):
            revisions(**figures)

    @pytest.mark.parametrize(
        "figures",
        [
            {"opening": 90, "joined": 12, "left": 2},
            {"opening": 90, "joined": 5},
            {"executed_value": 5, "offshore_executed_value": 2, "onshore_executed_value": 3},
            {"executed_value": 5, "offshore_executed_value": 2},
            {"local": 60, "elsewhere": 40, "bachelor": 100, "age_18_26": 100},
            {"revenue": -1, "taxes": -1, "reversal_reason": "冲减"},
            {"total_profit": -5, "finance_expenses": -5},
            {"number": 2, "reason": "补报"},
        ],
    )
    def test_that_are_right_are_kept(self, figures):
        assert revisions(**figures).pk

    def test_lines_are_once_and_a_market_has_its_rate(self):
        revision = revisions()
        line = {"revision": revision, "market": "HKG", "currency": "HKD"}
        for rate in (None, Decimal(0), Decimal(-1)):
            with refused("revisionmarket_rate"), transaction.atomic():
                RevisionMarket.objects.bulk_create([RevisionMarket(**line, rate=rate)])
        RevisionMarket.objects.bulk_create([RevisionMarket(**line, rate=1)])
        with refused("revisionmarket_once"), transaction.atomic():
            RevisionMarket.objects.bulk_create([RevisionMarket(**line, rate=2)])
        code = {"revision": revision, "service_class": "BPO-2-3"}
        RevisionClass.objects.bulk_create([RevisionClass(**code)])
        with refused("revisionclass_once"), transaction.atomic():
            RevisionClass.objects.bulk_create([RevisionClass(**code)])

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE returns_returnrevision SET revenue = 1",
            "DELETE FROM returns_returnrevision",
            "UPDATE returns_revisionclass SET executed_value = 1",
            "DELETE FROM returns_revisionclass",
            "UPDATE returns_revisionmarket SET rate = 1",
            "DELETE FROM returns_revisionmarket",
        ],
    )
    def test_are_never_changed_by_any_statement(self, statement):
        revision = revisions()
        RevisionClass.objects.create(revision=revision, service_class="BPO-2-3")
        RevisionMarket.objects.create(revision=revision, market="HKG", currency="HKD", rate=1)

        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)


class TestDrafts:
    def test_have_each_line_once(self):
        row = make_return()
        ReturnClass.objects.create(monthly_return=row, service_class="BPO-2-3")
        with refused("returnclass_once"), transaction.atomic():
            ReturnClass.objects.create(monthly_return=row, service_class="BPO-2-3")
        market = {"monthly_return": row, "market": "HKG", "currency": "HKD"}
        ReturnMarket.objects.create(**market)
        with refused("returnmarket_once"), transaction.atomic():
            ReturnMarket.objects.create(**market)
        with refused("returnmarket_rate"), transaction.atomic():
            ReturnMarket.objects.filter(**market).update(rate=0)

    def test_are_one_a_month_that_begins_on_its_first_day(self):
        row = make_return()
        with refused("first_day"), transaction.atomic():
            MonthlyReturn.objects.update(month=JANUARY.replace(day=2))
        with refused("one_a_month"), transaction.atomic():
            MonthlyReturn.objects.bulk_create(
                [MonthlyReturn(enterprise=row.enterprise, month=JANUARY, since=NOW, saved_at=NOW)]
            )


class TestWhatHelps:
    @pytest.mark.parametrize(
        "change",
        [{"rate": 0}, {"rate": -1}, {"currency": "CNY"}, {"month": JANUARY.replace(day=2)}],
    )
    def test_a_rate_is_positive_of_a_month_and_not_of_yuan(self, change):
        usual = {"month": JANUARY, "currency": "USD", "rate": 7}
        with refused("makes_sense"):
            ExchangeRate.objects.bulk_create([ExchangeRate(**{**usual, **change})])

    def test_there_is_one_rate_a_month_and_one_person_a_part(self):
        row = make_return()
        user = make_member(row.enterprise)
        ExchangeRate.objects.create(month=JANUARY, currency="USD", rate=7)
        with refused("exchangerate_one"), transaction.atomic():
            ExchangeRate.objects.create(month=JANUARY, currency="USD", rate=8)
        PartAssignment.objects.create(enterprise=row.enterprise, part="money", user=user)
        with refused("partassignment_one"), transaction.atomic():
            PartAssignment.objects.create(enterprise=row.enterprise, part="money", user=user)


COLUMN_OF = {
    **dict.fromkeys((Unit.MONEY, Unit.PAY), ("numeric", 16, 2)),
    **dict.fromkeys(
        (Unit.PEOPLE, Unit.CONTRACTS, Unit.SEATS, Unit.SHIFTS, Unit.POSTS), ("integer", 32, 0)
    ),
}


class TestColumns:
    @pytest.mark.parametrize(
        ("model", "figures"),
        [
            (MonthlyReturn, FIGURES),
            (ReturnRevision, FIGURES),
            (ReturnClass, CLASS_MEASURES),
            (RevisionClass, CLASS_MEASURES),
            (ReturnMarket, MARKET_MEASURES),
            (RevisionMarket, MARKET_MEASURES),
        ],
    )
    def test_are_the_figures_each_by_its_unit(self, model, figures):
        columns = columns_of(model)
        for name, figure in figures.items():
            assert columns[name] == (*COLUMN_OF[figure.unit], "YES"), name
        numbers = {name for name, column in columns.items() if column[0] == "numeric"}
        money = {name for name, figure in figures.items() if figure.unit.is_money}
        assert numbers - {"rate"} == money

    def test_of_a_draft_and_of_its_revision_are_the_same(self):
        assert list(FIGURES) == list(MonthlyReturn.FIELDS) == list(ReturnRevision.FIELDS)
        draft, revision = columns_of(MonthlyReturn), columns_of(ReturnRevision)
        for name in MonthlyReturn.FILED:
            assert draft[name] == revision[name]


def columns_of(model):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT column_name, data_type, numeric_precision, numeric_scale, is_nullable
            FROM information_schema.columns WHERE table_name = %s""",
            [model._meta.db_table],
        )
        return {name: tuple(rest) for name, *rest in cursor.fetchall()}

"""The sample's returns say all that a return can say, and nothing that contradicts itself."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db.models import F, Sum

from returns.catalogue import service_classes
from returns.checking import checked
from returns.figures import FIGURES, Section, figures_in
from returns.models import (
    ExchangeRate,
    MonthlyReturn,
    ReturnRevision,
    RevisionClass,
    RevisionMarket,
)
from sample.loading import load_sample
from tests.sample.conftest import PASSWORD, SHANGHAI

NOW = datetime(2026, 12, 10, 15, 0, tzinfo=SHANGHAI)
NOVEMBER = date(2026, 11, 1)
RESULTS = [figure.name for figure in figures_in(Section.FINANCE)]
ALWAYS = {name for name in FIGURES if name not in {*RESULTS, "internal_settlement", "average_pay"}}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]


def of(short_name):
    return ReturnRevision.objects.filter(monthly_return__enterprise__short_name=short_name)


class TestWhatTheySay:
    @pytest.mark.parametrize("name", sorted(ALWAYS))
    def test_everybody_gives_every_figure(self, name):
        assert not ReturnRevision.objects.filter(**{name: None}).exists()

    def test_nobody_has_more_of_anything_than_staff(self):
        for part in ("returnees", "graduates", "insured"):
            assert not ReturnRevision.objects.filter(**{f"{part}__gt": F("headcount")}).exists()

    def test_classes_add_up_to_what_is_said_of_all_together(self):
        sums = {
            row["revision"]: row
            for row in RevisionClass.objects.values("revision").annotate(
                number=Sum("contracts"),
                signed=Sum("contract_value"),
                done=Sum("executed_value"),
                offshore=Sum("offshore_executed_value"),
            )
        }
        for row in ReturnRevision.objects.filter(is_nil=False):
            found = sums[row.pk]
            assert (found["number"], found["signed"]) == (row.contracts, row.contract_value)
            assert (found["done"], found["offshore"]) == (
                row.executed_value,
                row.offshore_executed_value,
            )

    def test_classes_are_the_smallest_of_the_tree(self):
        used = set(RevisionClass.objects.values_list("service_class", flat=True))
        assert used <= {entry.code for entry in service_classes(NOVEMBER).leaves}
        assert {code.partition("-")[0] for code in used} == {"ITO", "BPO"}

    def test_three_work_offshore_and_their_markets_add_up(self):
        rows = ReturnRevision.objects.filter(offshore_executed_value__gt=0)
        names = rows.values_list("monthly_return__enterprise__short_name", flat=True)
        assert set(names) == {"诚伯信息", "史家软件", "台州亿兴"}
        for row in rows.prefetch_related("markets"):
            parts = [line.rate * line.executed_amount for line in row.markets.all()]
            assert abs(sum(parts) - row.offshore_executed_value) <= 100 * len(parts)
        codes = RevisionMarket.objects.values_list("market", "currency")
        assert set(codes) == {("HKG", "HKD"), ("USA", "USD"), ("JPN", "JPY"), ("SGP", "USD")}

    def test_rates_are_those_of_the_month_and_marked_as_invented(self):
        rates = {(row.month, row.currency): row.rate for row in ExchangeRate.objects.all()}
        for line in RevisionMarket.objects.select_related("revision__monthly_return"):
            assert line.rate == rates[line.revision.monthly_return.month, line.currency]
        assert not ExchangeRate.objects.exclude(sample_fields=["*"]).exists()
        assert set(ExchangeRate.objects.values_list("source", flat=True)) == {"样本，非实际汇率"}
        assert ExchangeRate.objects.filter(month=date(2026, 12, 1)).count() == 3

    def test_a_cost_centre_has_settlements_and_no_revenue(self):
        assert set(of("平安金服").values_list("is_cost_centre", "revenue")) == {(True, 0)}
        assert not of("平安金服").filter(internal_settlement__lte=0).exists()
        others = ReturnRevision.objects.exclude(monthly_return__enterprise__short_name="平安金服")
        assert not others.exclude(internal_settlement__in=[0]).filter(
            internal_settlement__isnull=False
        )

    def test_one_is_nil(self):
        (row,) = ReturnRevision.objects.filter(is_nil=True)
        assert str(row.monthly_return) == "田家标注 2025-02"
        assert (row.revenue, row.executed_value, row.joined, row.left) == (0, 0, 0, 0)
        assert row.opening == row.headcount > 0
        assert not row.classes.exists()

    def test_larger_firms_file_results_that_add_up(self):
        filed = ReturnRevision.objects.filter(operating_profit__isnull=False)
        assert 0 < filed.count() < ReturnRevision.objects.count()
        names = set(filed.values_list("monthly_return__enterprise__short_name", flat=True))
        assert {"迈睿", "诚伯信息"} <= names
        assert not {"平安金服", "永兴数科"} & names
        spent = ("business_costs", "tax_surcharge", "selling_expenses", "admin_expenses")
        for row in filed:
            left = row.revenue - sum(getattr(row, name) for name in spent)
            left += row.investment_income - row.finance_expenses
            assert left == row.operating_profit
            paid = row.vat_payable + row.tax_surcharge + row.income_tax
            assert paid == row.taxes


class TestWhatCatchesTheEye:
    def test_in_the_open_month_four_say_something_odd_without_a_word(self):
        found = {
            row.enterprise.short_name: {one.rule.code for one in checked(row).unexplained}
            for row in MonthlyReturn.objects.filter(month=NOVEMBER).select_related("enterprise")
        }
        assert {name: codes for name, codes in found.items() if codes} == {
            "双才电商": {"V6"},
            "凌家审核": {"V15"},
            "苏家客服": {"V8"},
            "大治软件": {"V10"},
        }

    def test_nothing_in_it_is_contradictory(self):
        for row in MonthlyReturn.objects.filter(month=NOVEMBER):
            assert not checked(row).blocking, row

    def test_in_a_closed_month_everything_is_explained(self):
        for row in MonthlyReturn.objects.filter(month__in=[date(2021, 11, 1), date(2024, 4, 1)]):
            assert not checked(row).unexplained, row
            assert not checked(row).blocking, row


def test_a_month_that_is_closed_says_nothing_odd_any_more(sample):
    """What is computed of a month does not depend on the day of the load, but for what is odd."""
    october = of("双才电商").get(monthly_return__month=date(2026, 10, 1))
    november = of("双才电商").get(monthly_return__month=NOVEMBER)
    assert Decimal("1.3") < november.revenue / october.revenue < Decimal("1.8")
    assert not load_sample(password=PASSWORD, now=NOW)

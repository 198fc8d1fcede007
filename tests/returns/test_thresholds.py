"""Thresholds: whose revenue of twelve months, as filed, is at or near that of its industry."""

from datetime import date
from decimal import Decimal

import pytest

from foundation.models import Setting
from foundation.months import add_months
from returns.models import MonthlyReturn, ReturnState
from returns.thresholds import State, above_threshold, standing_of, standings, threshold
from tenants.models import Enterprise
from tests.factories.reports import file_return
from tests.factories.returns import make_tenant

DECEMBER = date(2023, 12, 1)


class TestThreshold:
    # In 万元, as the statistics write them: by section, and by division or group where one differs
    @pytest.mark.parametrize(
        ("code", "wan"),
        [
            ("6591", 2000),
            ("6020", 2000),
            ("7840", 2000),
            ("8411", 2000),
            ("7299", 1000),
            ("7491", 1000),
            ("8311", 1000),
            ("7020", 1000),
            ("7090", 1000),
            ("8010", 500),
            ("8710", 500),
            ("8511", 500),
            ("7010", None),
            ("6940", None),
            ("5292", None),
            ("3911", None),
            ("", None),
        ],
    )
    def test_is_that_of_the_industry(self, code, wan):
        assert threshold(code, DECEMBER) == (None if wan is None else Decimal(wan) * 10_000)


def tenant(code="6591", first_day=date(2021, 3, 1)) -> Enterprise:
    firm = make_tenant(first_day)
    firm.industry_code = code
    firm.save()
    return firm


def file_months(firm, revenue, months=12, last=DECEMBER):
    for back in range(months):
        file_return(firm, add_months(last, -back), revenue, 10)


@pytest.mark.django_db
class TestStanding:
    def test_counts_the_twelve_months_that_end_with_the_month(self):
        firm = tenant()
        for number in range(14):  # 1, 2, 4, 8 … tell every month apart
            file_return(firm, add_months(DECEMBER, -number), 2**number, 10)

        standing = standing_of(firm, add_months(DECEMBER, -1))

        assert standing.revenue == sum(2**number for number in range(1, 13))
        assert standing.year_to_date == sum(2**number for number in range(1, 12))
        assert standing.is_whole
        assert standing.missing == []

    @pytest.mark.parametrize(
        ("monthly", "state", "is_above"),
        [
            ("1666666.67", State.ABOVE, True),  # 20,000,000.04
            ("1666666.66", State.NEAR, False),  # 19,999,999.92
            ("1333333.34", State.NEAR, False),  # 16,000,000.08: 80 %
            ("1333333.33", State.FAR, False),  # 15,999,999.96
        ],
    )
    def test_is_above_near_or_far(self, monthly, state, is_above):
        firm = tenant()
        file_months(firm, monthly)

        standing = standing_of(firm, DECEMBER)

        assert standing.state == state
        assert (firm.pk in above_threshold(DECEMBER)) is is_above
        assert standing.distance == 12 * Decimal(monthly) - 20_000_000
        assert standing.to_go == (None if is_above else 20_000_000 - 12 * Decimal(monthly))

    def test_is_above_exactly_at_the_threshold(self):
        firm = tenant("8010")
        file_return(firm, DECEMBER, 5_000_000, 10)

        assert above_threshold(DECEMBER) == {firm.pk}
        assert standing_of(firm, DECEMBER).share == 1

    def test_how_near_is_near_is_a_setting(self):
        firm = tenant()
        file_months(firm, 1_250_000)  # 75 %
        assert standing_of(firm, DECEMBER).state == State.FAR

        Setting.objects.create(name=Setting.Name.NEAR_THRESHOLD, value=75)

        assert standing_of(firm, DECEMBER).state == State.NEAR

    def test_names_the_months_that_are_missing_and_adds_nothing_for_them(self):
        firm = tenant(first_day=date(2023, 6, 15))
        file_months(firm, 1_000_000, months=5)  # August to December
        sent_back = MonthlyReturn.objects.get(enterprise=firm, month=date(2023, 9, 1))
        MonthlyReturn.objects.filter(pk=sent_back.pk).update(state=ReturnState.SENT_BACK)

        standing = standing_of(firm, DECEMBER)

        assert standing.missing == [date(2023, 6, 1), date(2023, 7, 1), date(2023, 9, 1)]
        assert standing.revenue == 4_000_000
        assert not standing.is_whole

    def test_industries_without_threshold_and_unknown_ones_are_never_above(self):
        finance, unknown = tenant("6940"), tenant("")
        for firm in (finance, unknown):
            file_months(firm, 10_000_000, months=3)

        assert above_threshold(DECEMBER) == set()
        assert standing_of(finance, DECEMBER).state == State.WITHOUT
        assert standing_of(unknown, DECEMBER).state == State.UNKNOWN

    def test_everybody_at_once_is_everybody_one_by_one_in_a_fixed_number_of_queries(
        self, django_assert_num_queries
    ):
        firms = [tenant(code) for code in ("6591", "7299", "8010", "")]
        for number, firm in enumerate(firms, start=1):
            file_months(firm, 500_000 * number, months=2 * number)
        tenant(first_day=date(2024, 1, 1))  # not there yet

        with django_assert_num_queries(5):
            found = standings(DECEMBER)

        assert {one.enterprise for one in found} == set(firms)
        assert all(one == standing_of(one.enterprise, DECEMBER) for one in found)
        above = {one.enterprise.pk for one in found if one.state == State.ABOVE}
        assert above == above_threshold(DECEMBER)

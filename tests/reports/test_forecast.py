"""What becomes of targets at the pace of the last twelve months."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.permissions import Role
from reports.forecast import forecast
from reports.kinds.targets import TARGETS
from reports.models import ReportKind
from reports.services.target_rows import target_rows
from tests.factories.accounts import UserFactory
from tests.factories.reports import file_return, make_target
from tests.factories.returns import make_tenant
from tests.reports.conftest import JANUARY


def drawn_on(actual, before, wanted, year):
    numbers = {"actual": Decimal(actual), "before": Decimal(before), "wanted": Decimal(wanted)}
    return forecast(**numbers, month=JANUARY, year=year)


class TestForecast:
    """Against each month walked through by hand."""

    @pytest.mark.parametrize(
        ("actual", "before", "wanted"),
        [(42, 30, 500), (14_352, 12_000, 100_000), (1, 0, 2), (499, 487, 500), (99, 98, 150)],
    )
    def test_without_a_year_is_the_first_month_that_has_enough(self, actual, before, wanted):
        month, amount, steps = JANUARY, Decimal(actual), 0
        while amount < wanted and steps < 600:
            steps += 1
            month = (month + timedelta(days=31)).replace(day=1)
            amount = actual + Decimal(actual - before) * steps / 12

        found = drawn_on(actual, before, wanted, None)

        expected = (month, None) if amount >= wanted else None
        assert found == expected

    @pytest.mark.parametrize(
        ("actual", "before", "year", "there_is"),
        [
            (100, 88, 2024, 111),  # eleven months to come, one each
            (100, 88, 2026, 135),
            (100, 112, 2024, 89),
            (10, 130, 2025, 0),  # never less than nothing
        ],
    )
    def test_with_a_year_is_how_much_there_is_at_its_end(self, actual, before, year, there_is):
        found = drawn_on(actual, before, 500, year)

        assert found == (date(year, 12, 1), there_is)

    @pytest.mark.parametrize(
        ("actual", "before", "year"),
        [
            (500, 400, None),  # reached
            (500, 400, 2030),
            (100, 100, None),  # stands still
            (100, 120, None),
            (100, 99, None),  # in four hundred years
            (100, 90, 2023),  # its year is over
        ],
    )
    def test_is_none_where_nothing_can_be_said(self, actual, before, year):
        found = drawn_on(actual, before, 500, year)

        assert found is None


@pytest.mark.django_db
class TestForecastInTheReport:
    def rows(self, *, year=None, filed=10):
        with translation.override("en"):
            kept = target_rows(ReportKind.TARGETS, JANUARY, filed)["targets"]
            return [TARGETS.words(row)[4] for row in kept]

    def test_is_drawn_on_from_the_same_month_of_the_year_before(self):
        for day in (date(2022, 5, 1), date(2023, 6, 1), date(2023, 7, 1)):
            make_tenant(day)
        make_target(value=Decimal(10))  # 3 firms, 1 a year before: two a year
        make_target(name_zh="到年底", value=Decimal(10), year=2025)

        assert sorted(self.rows()) == ["December 2025: 7 enterprises", "reached in July 2027"]

    def test_needs_the_figure_of_a_year_before(self, small_park):
        make_target(indicator="headcount", unit="person", value=Decimal(100_000))

        assert self.rows() == ["–"]

    def test_tells_no_single_enterprise_of_a_year_before(self):
        firm = make_tenant(date(2022, 5, 1))
        user = UserFactory(roles=[Role.OPERATOR_MANAGER])
        file_return(firm, date(2023, 1, 1), "1.00", 50, acting_user=user)
        file_return(firm, JANUARY, "1.00", 60, acting_user=user)
        make_target(indicator="headcount", unit="person", value=Decimal(100))

        (row,) = target_rows(ReportKind.TARGETS, JANUARY, 10)["targets"]

        assert (row["actual"], row["before"]) == ("60", None)

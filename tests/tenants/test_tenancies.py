"""When enterprises are of the park."""

from datetime import date

import pytest
from django.db.utils import IntegrityError

from park.models import ReportingMonth
from park.services import MonthClosed
from tenants.models import Enterprise, Tenancy
from tenants.services.tenancies import NotATenant, begin_tenancy, end_tenancy
from tests.conftest import NOW
from tests.factories.tenants import EnterpriseFactory
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

MARCH = date(2024, 3, 1)


@pytest.fixture
def enterprise():
    return EnterpriseFactory()


@pytest.fixture
def end(operator, enterprise):
    return lambda last_day: end_tenancy(
        enterprise=enterprise, last_day=last_day, acting_user=operator
    )


def days(period):
    """("03-01", None) as days of 2024."""
    return tuple(day and date.fromisoformat(f"2024-{day}") for day in period)


def periods(enterprise):
    return [(t.period.lower, t.period.upper) for t in enterprise.tenancies.order_by("period")]


class TestBeginTenancy:
    def test_lasts_until_further_notice(self, enterprise):
        begin_tenancy(enterprise=enterprise, first_day=MARCH)

        assert periods(enterprise) == [(MARCH, None)]

    def test_changes_nothing_for_a_tenant(self, enterprise):
        begin_tenancy(enterprise=enterprise, first_day=MARCH)

        begin_tenancy(enterprise=enterprise, first_day=date(2025, 1, 1))

        assert periods(enterprise) == [(MARCH, None)]

    def test_brings_forward_what_was_to_begin_later(self, enterprise):
        begin_tenancy(enterprise=enterprise, first_day=date(2025, 1, 1))

        begin_tenancy(enterprise=enterprise, first_day=MARCH)

        assert periods(enterprise) == [(MARCH, None)]

    def test_after_one_that_ended_is_a_new_one(self, enterprise, end):
        begin_tenancy(enterprise=enterprise, first_day=date(2020, 1, 1))
        end(date(2023, 12, 31))

        begin_tenancy(enterprise=enterprise, first_day=MARCH)

        assert periods(enterprise) == [(date(2020, 1, 1), date(2024, 1, 1)), (MARCH, None)]

    @pytest.mark.parametrize(
        ("known", "wanted", "expected"),
        [
            ([("01-01", "04-01")], ("03-01", None), [("01-01", None)]),
            ([("01-01", "04-01")], ("03-01", "05-01"), [("01-01", None)]),
            ([("01-01", "04-01")], ("02-01", "03-01"), [("01-01", "04-01")]),
            ([("01-01", "03-01")], ("03-01", "05-01"), [("01-01", None)]),
            ([("06-01", "09-01")], ("03-01", "06-01"), [("03-01", "09-01")]),
            (
                [("06-01", None)],
                ("03-01", "05-01"),
                [("03-01", "05-01"), ("06-01", None)],
            ),
            (
                [("01-01", "03-01"), ("05-01", "07-01"), ("09-01", None)],
                ("02-01", "06-01"),
                [("01-01", "07-01"), ("09-01", None)],
            ),
        ],
    )
    def test_holds_all_the_days_that_are_wanted(self, enterprise, known, wanted, expected):
        for period in known:
            Tenancy.objects.create(enterprise=enterprise, period=days(period))

        first_day, end = days(wanted)
        begin_tenancy(enterprise=enterprise, first_day=first_day, end=end)

        assert periods(enterprise) == [days(period) for period in expected]

    @pytest.mark.parametrize(
        ("known", "wanted"),
        [
            ([], ("2023-11-01", "2023-12-01")),
            ([("2024-02-01", None)], ("2023-11-01", "2024-02-01")),
            ([("2023-11-01", "2024-01-15")], ("2024-01-10", None)),
        ],
    )
    def test_makes_nobody_a_tenant_of_a_closed_month(self, enterprise, known, wanted):
        for start, end in known:
            period = (date.fromisoformat(start), end and date.fromisoformat(end))
            Tenancy.objects.create(enterprise=enterprise, period=period)
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)
        before = periods(enterprise)
        first_day, end = wanted

        with pytest.raises(MonthClosed):
            begin_tenancy(
                enterprise=enterprise,
                first_day=date.fromisoformat(first_day),
                end=end and date.fromisoformat(end),
            )

        assert periods(enterprise) == before

    def test_may_have_been_a_tenant_of_a_closed_month_all_along(self, enterprise):
        begin_tenancy(enterprise=enterprise, first_day=date(2023, 1, 1))
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

        begin_tenancy(enterprise=enterprise, first_day=date(2024, 1, 5), end=MARCH)

        assert periods(enterprise) == [(date(2023, 1, 1), None)]


class TestEndTenancy:
    def test_includes_its_last_day(self, enterprise, end):
        begin_tenancy(enterprise=enterprise, first_day=MARCH)

        end(MARCH)

        assert periods(enterprise) == [(MARCH, date(2024, 3, 2))]

    def test_refuses_who_is_no_tenant(self, end):
        with pytest.raises(NotATenant):
            end(MARCH)

    @pytest.mark.parametrize("last_day", [date(2024, 2, 29), date(9999, 12, 31)])
    def test_refuses_a_day_that_cannot_be_its_last(self, enterprise, end, last_day):
        begin_tenancy(enterprise=enterprise, first_day=MARCH)

        with pytest.raises(Invalid) as refusal:
            end(last_day)
        assert refusal.value.errors[0]["field"] == "last_day"

    def test_changes_no_closed_month(self, enterprise, end):
        begin_tenancy(enterprise=enterprise, first_day=date(2020, 1, 1))
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

        with pytest.raises(MonthClosed):
            end(date(2024, 1, 30))
        end(date(2024, 1, 31))


def test_no_enterprise_is_here_twice_on_a_day(enterprise):
    Tenancy.objects.create(enterprise=enterprise, period=(date(2020, 1, 1), MARCH))
    Tenancy.objects.create(enterprise=enterprise, period=(MARCH, None))
    Tenancy.objects.create(enterprise=EnterpriseFactory(), period=(MARCH, None))

    with pytest.raises(IntegrityError, match="one_at_a_time"):
        Tenancy.objects.create(enterprise=enterprise, period=(date(2024, 2, 29), MARCH))


@pytest.mark.parametrize("period", [(None, MARCH), (MARCH, MARCH)])
def test_a_tenancy_has_a_first_day(enterprise, period):
    with pytest.raises(IntegrityError, match="has_a_first_day"):
        Tenancy.objects.create(enterprise=enterprise, period=period)


@pytest.mark.parametrize(
    ("start", "end", "is_there"),
    [
        (date(2024, 2, 1), MARCH, False),
        (date(2024, 2, 1), date(2024, 3, 2), True),
        (date(2024, 4, 1), date(2024, 5, 1), True),
        (date(2024, 6, 1), date(2024, 7, 1), False),
    ],
)
def test_tenants_of_a_month_were_there_on_one_of_its_days(enterprise, start, end, is_there):
    Tenancy.objects.create(enterprise=enterprise, period=(MARCH, date(2024, 6, 1)))

    assert Enterprise.objects.tenants_during(start, end).exists() is is_there

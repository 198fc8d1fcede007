"""Chosen ahead: what was known at the end of the month, whatever was decided afterwards."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from park.axis import Span, seat_at
from reports.indicators import figures
from seats.models import AllocationKind
from seats.services.allocations import confirm_hold, release_seats
from seats.services.floors import delay_floor, deliver_floor
from seats.services.lending import return_loan
from tests.factories.loans import make_arranged
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db

JANUARY = date(2024, 1, 1)
FEBRUARY = date(2024, 2, 1)
IN_JANUARY, IN_FEBRUARY = date(2024, 1, 20), date(2024, 2, 20)
CODES = ["ahead_seats", "ahead_firm", "ahead_held", "ahead_enterprises"]
FAR = datetime(2090, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def at(day):
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def ahead(month=JANUARY, by="total", key="total"):
    """Seats, of these contracted and held, and how many enterprises."""
    found = figures(CODES, [month], by=by)
    return tuple(found.get((code, f"{month:%Y-%m}", key), 0) for code in CODES)


@pytest.fixture
def floor(operator):
    return make_floor(zone="C", seats=100, acting_user=operator)


@pytest.fixture
def choose(floor, operator):
    def make(run, start, *, on=IN_JANUARY, kind=AllocationKind.HOLD, to=None, last=None):
        return make_allocation(
            floor,
            run,
            kind=kind,
            start=start,
            last=last,
            to=to or EnterpriseFactory(),
            today=on,
            now=at(on),
            expires_at=FAR if kind == AllocationKind.HOLD else None,
            acting_user=operator,
        )

    return make


def test_counts_what_begins_after_the_last_day(choose):
    choose((1, 10), date(2024, 1, 31))
    choose((11, 30), date(2024, 2, 1))
    choose((31, 35), date(2024, 6, 1), kind=AllocationKind.FIRM)

    assert ahead() == (25, 5, 20, 2)
    assert ahead(FEBRUARY) == (5, 5, 0, 1)


def test_what_was_chosen_after_the_month_was_not_known_then(choose):
    choose((1, 10), date(2024, 4, 1), on=IN_FEBRUARY)

    assert ahead() == (0, 0, 0, 0)
    assert ahead(FEBRUARY) == (10, 0, 10, 1)


def test_a_later_release_does_not_change_what_was_known(choose, operator):
    hold = choose((1, 10), date(2024, 4, 1))
    release_seats(
        allocation_id=hold.pk,
        start=date(2024, 4, 1),
        today=IN_FEBRUARY,
        now=at(IN_FEBRUARY),
        acting_user=operator,
    )

    assert ahead() == (10, 0, 10, 1)
    assert ahead(FEBRUARY) == (0, 0, 0, 0)


def test_a_later_confirmation_does_not_change_what_was_known(choose, operator):
    hold = choose((1, 10), date(2024, 4, 1))
    confirm_hold(
        allocation_id=hold.pk, today=IN_FEBRUARY, now=at(IN_FEBRUARY), acting_user=operator
    )

    assert ahead() == (10, 0, 10, 1)
    assert ahead(FEBRUARY) == (10, 10, 0, 1)


def test_a_release_within_the_month_counts(choose, operator, floor):
    hold = choose((1, 10), date(2024, 4, 1))
    release_seats(
        allocation_id=hold.pk,
        start=date(2024, 4, 1),
        seats=Span(seat_at(floor.pk, 1), seat_at(floor.pk, 5)),
        today=IN_JANUARY,
        now=at(IN_JANUARY),
        acting_user=operator,
    )

    assert ahead() == (6, 0, 6, 1)


def test_keeping_seats_is_no_choice_ahead(choose, operator, floor):
    """Giving some seats back from March on lets a block of the others begin in March."""
    firm = choose((1, 50), date(2023, 5, 1), kind=AllocationKind.FIRM)
    release_seats(
        allocation_id=firm.pk,
        start=date(2024, 3, 1),
        seats=Span(seat_at(floor.pk, 21), seat_at(floor.pk, 51)),
        today=IN_JANUARY,
        now=at(IN_JANUARY),
        acting_user=operator,
    )
    assert firm.blocks.filter(period__startswith=date(2024, 3, 1)).exists()

    assert ahead() == (0, 0, 0, 0)


def test_of_seats_kept_in_part_the_new_ones_count(choose):
    enterprise = EnterpriseFactory()
    choose((1, 10), date(2024, 1, 1), last=date(2024, 3, 31), to=enterprise)
    choose((6, 20), date(2024, 4, 1), to=enterprise)

    assert ahead() == (10, 0, 10, 1)


def test_seats_that_somebody_else_leaves_count(choose):
    choose((1, 10), date(2024, 1, 1), last=date(2024, 3, 31))
    choose((1, 10), date(2024, 4, 1))

    assert ahead() == (10, 0, 10, 1)


def test_floors_to_come_count_and_an_enterprise_counts_once_in_the_total(operator, choose):
    coming = make_floor(
        zone="D", seats=50, delivered_on=None, planned_on=date(2024, 5, 1), acting_user=operator
    )
    enterprise = EnterpriseFactory()
    choose((1, 10), date(2024, 4, 1), to=enterprise)
    make_allocation(
        coming,
        (1, 30),
        kind=AllocationKind.HOLD,
        start=date(2024, 5, 1),
        to=enterprise,
        today=IN_JANUARY,
        now=at(IN_JANUARY),
        acting_user=operator,
    )

    assert ahead(by="zone", key="zone.D") == (30, 0, 30, 1)
    assert ahead(by="zone", key="zone.C") == (10, 0, 10, 1)
    assert ahead() == (40, 0, 40, 1)

    delay_floor(
        floor_id=coming.pk,
        planned_on=None,
        now=at(IN_FEBRUARY),
        acting_user=operator,
    )
    assert ahead() == (40, 0, 40, 1), "the delay was not known in January"
    assert ahead(FEBRUARY) == (10, 0, 10, 1)


def test_what_waits_for_a_late_floor_still_counts(operator):
    """The day that was planned has come, the floor has not: its seats are no seats yet."""
    late = make_floor(
        zone="D", seats=50, delivered_on=None, planned_on=date(2024, 2, 1), acting_user=operator
    )
    make_allocation(
        late,
        (1, 30),
        kind=AllocationKind.HOLD,
        start=date(2024, 2, 1),
        today=IN_JANUARY,
        now=at(IN_JANUARY),
        acting_user=operator,
    )

    assert ahead() == (30, 0, 30, 1)
    assert ahead(FEBRUARY) == (30, 0, 30, 1)
    deliver_floor(
        floor_id=late.pk, day=date(2024, 3, 6), now=at(date(2024, 3, 6)), acting_user=operator
    )
    assert ahead(FEBRUARY) == (30, 0, 30, 1)
    assert ahead(date(2024, 3, 1)) == (0, 0, 0, 0)


class TestLoans:
    """Seats on loan are chosen ahead by nobody; what is lent is counted where it is."""

    MARCH = date(2024, 3, 1)

    @pytest.fixture
    def lender(self):
        return EnterpriseFactory()

    @pytest.fixture
    def loan(self, choose, lender, floor, operator):
        """Seats 1 to 20 of fifty are lent for February and March, arranged in January."""
        choose((1, 50), date(2023, 5, 1), kind=AllocationKind.FIRM, to=lender)
        return make_arranged(
            floor,
            (1, 20),
            start=FEBRUARY,
            last=date(2024, 3, 31),
            today=IN_JANUARY,
            now=at(IN_JANUARY),
            acting_user=operator,
        )

    def test_neither_who_takes_them_nor_who_gets_them_back_chose_them(self, loan):
        assert [ahead(month) for month in (JANUARY, FEBRUARY, self.MARCH)] == [(0, 0, 0, 0)] * 3

    def test_nor_where_they_come_back_early(self, loan, operator):
        return_loan(
            loan_id=loan.pk,
            start=date(2024, 3, 11),
            today=IN_FEBRUARY,
            now=at(IN_FEBRUARY),
            acting_user=operator,
        )

        assert [ahead(month) for month in (JANUARY, FEBRUARY)] == [(0, 0, 0, 0)] * 2

    def test_what_else_they_choose_counts(self, loan, choose, lender):
        choose((51, 60), date(2024, 4, 1), to=lender)
        choose((61, 70), date(2024, 4, 1), to=loan.borrower)

        assert ahead() == (20, 0, 20, 2)

    def test_each_has_what_it_has_on_the_last_day_and_over_the_month(self, loan, lender):
        """Fifty seats: 29 days of 30 and 20 in February, 30 days more or less in April."""

        def firm(month, enterprise):
            key = f"enterprise.{enterprise.pk}"
            found = figures(["firm", "firm_days"], [month], by="enterprise")
            name = f"{month:%Y-%m}"
            return tuple(found.get((code, name, key), 0) for code in ("firm", "firm_days"))

        april = date(2024, 4, 1)
        assert [firm(month, lender) for month in (JANUARY, FEBRUARY, april)] == [
            (50, 50 * 31),
            (30, 30 * 29),
            (50, 50 * 30),
        ]
        assert [firm(month, loan.borrower) for month in (JANUARY, FEBRUARY, april)] == [
            (0, 0),
            (20, 20 * 29),
            (0, 0),
        ]

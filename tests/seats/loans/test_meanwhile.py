"""Lent seats: given back early, what nobody may do with them, who is told, what cannot be kept."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from foundation.models import Message
from park.models import ReportingMonth
from park.services import MonthClosed
from seats.models import LoanState, SeatBlock, SeatLoan
from seats.services.allocations import release_seats
from seats.services.departures import leave_park
from seats.services.lending import arrange_loan, mind_loans, return_loan
from seats.services.lent import SeatsBorrowed, SeatsLent
from seats.services.refusals import WrongState
from tests.conftest import NOW, TODAY
from tests.factories.loans import FIRST, LAST, agree, make_arranged
from tests.factories.seats import START, make_allocation, make_run, shape_of
from tests.factories.tenants import make_member
from tests.seats.loans.days import ALL, BACK, LENT, ONE_DAY, seats_on, told
from web.refusals import Invalid

pytestmark = pytest.mark.django_db


class TestGivingBackEarly:
    def test_ends_the_one_and_lets_the_other_go_on(self, arranged, held, lender, borrower, by):
        day = date(2024, 5, 1)

        done = return_loan(loan_id=arranged.pk, start=day, today=TODAY, **by)

        assert (done.state, done.returned_on, done.period.upper) == ("ended_early", day, BACK)
        assert seats_on(lender, day - ONE_DAY) == ALL - LENT
        assert seats_on(borrower, day - ONE_DAY) == LENT
        assert seats_on(lender, day) == ALL
        assert seats_on(borrower, day) == set()
        assert (11, 30, day, None) in shape_of(held)

    def test_gives_back_what_the_lender_has_only_that_long(self, floor, lender, by):
        short = make_allocation(floor, (61, 80), to=lender, last=LAST)
        loan = make_arranged(floor, (61, 70))
        day = date(2024, 5, 1)

        return_loan(loan_id=loan.pk, start=day, today=TODAY, **by)

        assert shape_of(short) == [
            (61, 70, day, BACK),
            (61, 80, START, FIRST),
            (71, 80, FIRST, BACK),
        ]

    def test_before_it_begins_leaves_nothing_of_it(self, arranged, lender, borrower, by):
        return_loan(loan_id=arranged.pk, start=FIRST, today=TODAY, **by)

        assert all(seats_on(lender, day) == ALL for day in (FIRST, LAST, BACK))
        assert not SeatBlock.objects.filter(enterprise=borrower).exists()

    @pytest.mark.parametrize("day", [FIRST - ONE_DAY, BACK])
    def test_is_refused_on_a_day_that_is_none_of_it(self, arranged, day, by):
        with pytest.raises(Invalid):
            return_loan(loan_id=arranged.pk, start=day, today=TODAY, **by)

    def test_is_refused_before_it_is_arranged(self, loan, by):
        with pytest.raises(WrongState):
            return_loan(loan_id=loan.pk, start=FIRST, today=TODAY, **by)

    def test_is_refused_in_a_closed_month(self, arranged, by):
        ReportingMonth.objects.create(month=date(2024, 4, 1), closed_at=NOW)
        with pytest.raises(MonthClosed):
            return_loan(loan_id=arranged.pk, start=date(2024, 4, 20), today=TODAY, **by)


class TestMeanwhile:
    def test_who_borrows_disposes_of_nothing(self, arranged, by):
        with pytest.raises(SeatsBorrowed, match=arranged.number):
            release_seats(
                allocation_id=arranged.borrower_allocation_id, start=FIRST, today=TODAY, **by
            )

    def test_the_lender_gives_up_only_what_comes_after(self, arranged, held, floor, by):
        release = {"allocation_id": held.pk, "today": TODAY, **by}

        with pytest.raises(SeatsLent, match="until 2024-05-31"):
            release_seats(start=date(2024, 5, 31), **release)
        release_seats(start=FIRST, seats=make_run(floor, 1, 10).seats, **release)
        release_seats(start=BACK, **release)

        assert shape_of(held) == [(1, 60, START, FIRST), (31, 60, FIRST, BACK)]
        assert shape_of(arranged.borrower_allocation) == [(11, 30, FIRST, BACK)]

    def test_the_lender_does_not_leave_the_park_before(self, floor, lender, by):
        short = make_allocation(floor, (61, 80), to=lender, last=LAST)
        make_arranged(floor, (61, 80))
        leave = {"enterprise": lender, "now": NOW, "acting_user": by["acting_user"]}

        with pytest.raises(SeatsLent, match="is lent to"):
            leave_park(last_day=date(2024, 4, 30), **leave)
        leave_park(last_day=LAST, **leave)
        assert shape_of(short) == [(61, 80, START, FIRST)]


class TestTelling:
    def test_both_sides_at_each_step(self, loan, lender, borrower, operator, by):
        people = make_member(lender), make_member(borrower)
        agree(loan, operator)
        arrange_loan(loan_id=loan.pk, today=TODAY, **by)
        return_loan(loan_id=loan.pk, start=date(2024, 5, 1), today=TODAY, **by)

        number = loan.number
        assert [told(person) for person in people] == [
            [
                f"Loan {number} is agreed",
                "Your seats are lent until 2024-05-31",
                "Your 20 seats come back on 2024-05-01",
            ],
            [
                f"Loan {number} is agreed",
                "You have 20 seats on loan until 2024-05-31",
                "Your 20 seats on loan end on 2024-04-30",
            ],
        ]
        assert not Message.objects.filter(recipient=people[1], body__contains="迈睿").exists()

    def test_three_days_before_the_end_and_when_it_is_over_each_once(
        self, arranged, lender, borrower
    ):
        people = make_member(lender), make_member(borrower)
        days = [BACK - timedelta(days=number) for number in (4, 3, 2, 0)] + [BACK + ONE_DAY]

        counts = [mind_loans(today=day, now=NOW) for day in days]

        assert counts == [0, 1, 0, 1, 0]
        assert [told(person) for person in people] == [
            ["Your 20 seats come back on 2024-06-01", "Your 20 seats are back"],
            ["Your 20 seats on loan end on 2024-05-31", "Your 20 seats on loan have ended"],
        ]
        arranged.refresh_from_db()
        assert arranged.state == LoanState.RETURNED
        assert arranged.steps.latest("pk").by is None


class TestTheDatabase:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"state": "agreed"},
            {"state": "arranged", "agreed_name": "吴静", "agreed_at": NOW},
            {"returned_on": FIRST},
            {"seats": (0, 5)},
            {"period": (FIRST, None)},
        ],
    )
    def test_keeps_no_loan_that_cannot_be(self, loan, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            SeatLoan.objects.filter(pk=loan.pk).update(**wrong)

    def test_keeps_no_loan_to_oneself(self, loan):
        with pytest.raises(IntegrityError), transaction.atomic():
            SeatLoan.objects.filter(pk=loan.pk).update(borrower=loan.lender)

    def test_keeps_no_arranged_loan_without_a_consent_that_it_needs(self, arranged):
        with pytest.raises(IntegrityError), transaction.atomic():
            SeatLoan.objects.filter(pk=arranged.pk).update(needs_consent=True)

"""Lending seats: what each step asks and refuses, and who has which seats on every day."""

from datetime import date, timedelta

import pytest

from foundation.models import Message
from park.models import ReportingMonth, Zone
from park.services import MonthClosed
from seats.models import AllocationKind, LoanState
from seats.services.allocations import release_seats
from seats.services.lendable import LoanBeyondLender, NotLendable
from seats.services.lending import ConsentMissing, arrange_loan
from seats.services.lent import SeatsBorrowed, SeatsLent
from seats.services.loans import agree_to_loan, cancel_loan, refuse_loan
from seats.services.refusals import CrossesFloors, EnterpriseLeft, NotDelivered, WrongState
from tenants.models import Tenancy
from tenants.services import end_tenancy
from tests.conftest import NOW, TODAY
from tests.factories.loans import FIRST, LAST, agree, make_arranged, make_loan
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_run, shape_of
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.seats.loans.days import ALL, BACK, LENT, ONE_DAY, seats_on, told
from web.refusals import Forbidden, Invalid, Stale

pytestmark = pytest.mark.django_db


class TestArranging:
    def test_gives_the_borrower_the_seats_on_just_these_days(self, arranged, lender, borrower):
        expected = {
            FIRST - ONE_DAY: (ALL, set()),
            FIRST: (ALL - LENT, LENT),
            LAST: (ALL - LENT, LENT),
            BACK: (ALL, set()),
            BACK + timedelta(days=900): (ALL, set()),
        }
        found = {day: (seats_on(lender, day), seats_on(borrower, day)) for day in expected}

        assert found == expected
        assert arranged.state == LoanState.ARRANGED

    def test_lets_blocks_of_the_same_allocation_go_on_after_it(self, arranged, held):
        assert shape_of(held) == [
            (1, 10, FIRST, None),
            (1, 60, START, FIRST),
            (11, 30, BACK, None),
            (31, 60, FIRST, None),
        ]
        assert shape_of(arranged.borrower_allocation) == [(11, 30, FIRST, BACK)]

    def test_makes_who_borrows_a_tenant(self, arranged, borrower):
        assert Tenancy.objects.get(enterprise=borrower).period.lower == FIRST

    def test_ends_with_the_lender_where_that_is_all_it_has(self, floor, lender, borrower):
        short = make_allocation(floor, (61, 80), to=lender, last=LAST)

        make_arranged(floor, (61, 80), to=borrower)

        assert shape_of(short) == [(61, 80, START, FIRST)]

    def test_waits_for_the_lender(self, loan, by):
        with pytest.raises(WrongState, match="has not agreed"):
            arrange_loan(loan_id=loan.pk, today=TODAY, **by)

    def test_asks_for_the_landlords_consent_where_the_zone_is_leased_in(
        self, floor, loan, operator, by
    ):
        Zone.objects.update(leased_in=True)
        agree(loan, operator)
        arrange = {"loan_id": loan.pk, "today": TODAY, **by}

        with pytest.raises(ConsentMissing) as no_letter:
            arrange_loan(**arrange)
        with pytest.raises(ConsentMissing) as no_day:
            arrange_loan(**arrange, consent_reference="函 7 号")
        with pytest.raises(Invalid):
            arrange_loan(
                **arrange, consent_reference="函 7 号", consent_on=TODAY + timedelta(days=1)
            )
        done = arrange_loan(**arrange, consent_reference="函 7 号", consent_on=TODAY)

        assert [one.value.field for one in (no_letter, no_day)] == [
            "consent_reference",
            "consent_on",
        ]
        assert (done.needs_consent, done.consent_reference) == (True, "函 7 号")

    def test_is_refused_where_the_lender_gave_the_seats_up_meanwhile(
        self, loan, held, floor, operator, by
    ):
        agree(loan, operator)
        seats = make_run(floor, 11, 12).seats
        release_seats(allocation_id=held.pk, start=FIRST, seats=seats, today=TODAY, **by)

        with pytest.raises(NotLendable, match="does not have C-1-1F-011 — 012"):
            arrange_loan(loan_id=loan.pk, today=TODAY, **by)
        loan.refresh_from_db()
        assert loan.state == LoanState.AGREED

    def test_refuses_what_somebody_changed_meanwhile(self, loan, operator, by):
        agree(loan, operator)

        with pytest.raises(Stale):
            arrange_loan(loan_id=loan.pk, today=TODAY, expected_version=1, **by)

    def test_statements_do_not_grow_with_the_blocks(
        self, floor, lender, operator, by, django_assert_max_num_queries
    ):
        make_allocation(floor, *[(place, place) for place in range(61, 101)], to=lender)
        loan = agree(make_loan(floor, (61, 100)), operator)

        with django_assert_max_num_queries(45):
            arrange_loan(loan_id=loan.pk, today=TODAY, **by)


class TestProposing:
    def test_finds_the_lender_by_itself(self, loan, lender, held):
        assert (loan.lender, loan.lender_allocation) == (lender, held)
        assert loan.number == f"L-2024-{loan.pk:04d}"
        assert seats_on(lender, FIRST) == ALL

    @pytest.mark.parametrize(
        ("places", "days", "refusal", "said"),
        [
            ((61, 70), {}, NotLendable, "C-1-1F-061 — 070 is vacant on 2024-04-01"),
            ((51, 70), {}, NotLendable, "does not have C-1-1F-061 — 070 on 2024-04-01"),
            ((71, 80), {}, NotLendable, "C-1-1F-071 — 080 is only held"),
            ((81, 90), {}, NotLendable, "C-1-1F-081 — 090 is closed"),
            ((91, 95), {}, LoanBeyondLender, "has C-1-1F-091 — 095 until 2024-04-30"),
            ((1, 5), {"start": date(2024, 2, 1)}, NotLendable, "is vacant on 2024-02-01"),
            ((1, 5), {"start": LAST, "last": FIRST}, Invalid, "last day must not come before"),
            ((1, 101), {}, Exception, "ends with seat C-1-1F-100"),
        ],
    )
    def test_refuses_what_cannot_be_lent(self, floor, held, places, days, refusal, said):
        make_allocation(floor, (71, 80), kind=AllocationKind.HOLD)
        make_allocation(floor, (81, 90), kind=AllocationKind.CLOSURE)
        make_allocation(floor, (91, 95), last=date(2024, 4, 30))

        with pytest.raises(refusal) as refused:
            make_loan(floor, places, **days)
        sentences = [str(refused.value), *(str(e["message"]) for e in refused.value.errors)]
        assert any(said in sentence for sentence in sentences), sentences

    def test_refuses_seats_of_two_allocations(self, floor, held):
        make_allocation(floor, (61, 70), to=EnterpriseFactory(short_name="佰里"))

        with pytest.raises(NotLendable, match="C-1-1F-001 — 060 迈睿, C-1-1F-061 — 070 佰里"):
            make_loan(floor, (51, 65))

    def test_refuses_the_lender_as_borrower(self, floor, held, lender):
        with pytest.raises(Invalid):
            make_loan(floor, (1, 5), to=lender)

    def test_refuses_a_run_over_two_floors(self, floor, held):
        make_floor(level=2, seats=100)
        with pytest.raises(CrossesFloors):
            make_loan(floor, (1, 4100))

    def test_refuses_seats_of_a_floor_that_is_not_there(self):
        planned = make_floor(level=3, delivered_on=None, planned_on=date(2024, 3, 1))
        make_allocation(planned, (1, 10), kind=AllocationKind.HOLD)
        with pytest.raises(NotDelivered):
            make_loan(planned, (1, 5))

    def test_refuses_who_has_left_and_who_leaves_before_the_end(
        self, floor, held, borrower, operator
    ):
        make_allocation(floor, (99, 99), to=borrower, start=date(2024, 1, 1), last=START)
        end_tenancy(enterprise=borrower, last_day=date(2024, 4, 15), acting_user=operator)

        with pytest.raises(EnterpriseLeft, match=r"its last day is 2024-04-15\. Lend"):
            make_loan(floor, (1, 5), to=borrower)
        make_loan(floor, (1, 5), to=borrower, last=date(2024, 4, 15))
        with pytest.raises(EnterpriseLeft, match="its last day was 2024-04-15"):
            make_loan(floor, (6, 9), to=borrower, start=date(2024, 4, 16))

    def test_refuses_a_closed_month(self, floor, operator):
        make_allocation(floor, (1, 60), start=date(2023, 12, 1))
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

        with pytest.raises(MonthClosed):
            make_loan(floor, (1, 5), start=date(2024, 1, 20))

    def test_refuses_what_is_lent_or_proposed_already(self, floor, arranged, by):
        other = make_loan(floor, (31, 40))

        with pytest.raises(SeatsBorrowed, match="cannot be lent on"):
            make_loan(floor, (11, 15), start=FIRST, last=FIRST)
        with pytest.raises(SeatsLent, match="C-1-1F-011 — 030 is lent to 诚伯信息"):
            make_loan(floor, (11, 15), start=START)
        with pytest.raises(SeatsLent, match=other.number):
            make_loan(floor, (40, 45))
        cancel_loan(loan_id=other.pk, note="不需要了", **by)
        make_loan(floor, (40, 45))


class TestAnswering:
    def test_somebody_of_the_lender_agrees_in_their_name(self, loan, lender, borrower, operator):
        of_lender, of_borrower = make_member(lender), make_member(borrower)

        agreed = agree_to_loan(loan_id=loan.pk, name="吴静", now=NOW, acting_user=of_lender)

        assert (agreed.state, agreed.agreed_name, agreed.agreed_at) == ("agreed", "吴静", NOW)
        assert told(of_borrower) == [f"Loan {loan.number} is agreed"]
        assert told(operator) == [f"迈睿 agreed to loan {loan.number}"]

    def test_the_park_says_on_which_paper(self, loan, by):
        with pytest.raises(Invalid):
            agree_to_loan(loan_id=loan.pk, name="吴静", **by)
        with pytest.raises(Invalid):
            agree_to_loan(loan_id=loan.pk, name=" ", reference="函", **by)
        agree_to_loan(loan_id=loan.pk, name="吴静", reference="函 1 号", **by)

    def test_nobody_else_does(self, loan, borrower):
        with pytest.raises(Forbidden):
            agree_to_loan(loan_id=loan.pk, name="周倩", now=NOW, acting_user=make_member(borrower))

    def test_a_refusal_says_why_and_is_the_end(self, loan, lender, borrower, operator, by):
        person, other = make_member(lender), make_member(borrower)
        with pytest.raises(Invalid):
            refuse_loan(loan_id=loan.pk, note=" ", now=NOW, acting_user=person)

        refuse_loan(loan_id=loan.pk, note="自己要用", now=NOW, acting_user=person)

        assert told(operator) == [f"迈睿 refused loan {loan.number}"]
        [letter] = Message.objects.filter(recipient=other)
        assert "自己要用" not in letter.body
        assert "迈睿" not in letter.body
        with pytest.raises(WrongState):
            agree(loan, operator)

"""Two people change the same seats at once: real threads, real transactions, the real lock."""

from datetime import date, timedelta
from functools import partial

import pytest

from seats.models import LoanState, SeatBlock, SeatLoan
from seats.services.allocations import release_seats
from seats.services.changes import end_allocation, extend_allocation, split_allocation
from seats.services.lendable import NotLendable
from seats.services.lending import arrange_loan, mind_loans, return_loan
from seats.services.lent import SeatsLent
from seats.services.loans import agree_to_loan, cancel_loan, propose_loan, refuse_loan
from seats.services.moves import move_seats
from seats.services.refusals import NotHeld, SeatsTaken, WrongState
from tests.conftest import NOW, TODAY
from tests.factories.loans import FIRST, LAST, agree, make_arranged, make_loan
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_run
from tests.factories.tenants import EnterpriseFactory
from tests.seats.test_races import pairs_that_meet
from tests.together import together
from web.refusals import Invalid

pytestmark = pytest.mark.django_db(transaction=True)

MAY = date(2024, 5, 1)


@pytest.fixture
def floor():
    return make_floor(seats=100)


@pytest.fixture
def held(floor, operator):
    return make_allocation(floor, (1, 40), acting_user=operator)


@pytest.fixture
def on(operator):
    return {"today": TODAY, "now": NOW, "acting_user": operator}


@pytest.fixture
def at(operator):
    return {"now": NOW, "acting_user": operator}


def refusals_of(results):
    return [type(result) for result in results if isinstance(result, Exception)]


def test_a_loan_is_arranged_once(floor, held, operator, on):
    loan = agree(make_loan(floor, (1, 10)), operator)
    arrange = partial(arrange_loan, loan_id=loan.pk, **on)

    results = together(arrange, arrange)

    assert refusals_of(results) == [WrongState]
    assert SeatLoan.objects.get().borrower_allocation is not None
    assert pairs_that_meet() == []


def test_of_two_proposals_for_the_same_seats_one_is_made(floor, held, at):
    seats, end = make_run(floor, 1, 10).seats, LAST + timedelta(days=1)
    calls = [
        partial(propose_loan, borrower=EnterpriseFactory(), seats=seats, start=FIRST, end=end, **at)
        for _ in range(2)
    ]

    assert refusals_of(together(*calls)) == [SeatsLent]
    assert SeatLoan.objects.count() == 1


def test_a_loan_is_agreed_or_refused_or_cancelled(floor, held, at):
    loan = make_loan(floor, (1, 10))
    results = together(
        partial(agree_to_loan, loan_id=loan.pk, name="周倩", reference="函", **at),
        partial(refuse_loan, loan_id=loan.pk, note="自用", **at),
        partial(cancel_loan, loan_id=loan.pk, note="不要了", **at),
    )

    # Agreeing may be followed by one of the others; nothing follows those.
    states = list(loan.steps.order_by("pk").values_list("to_state", flat=True))
    assert set(refusals_of(results)) == {WrongState}
    assert states[0] == "proposed"
    assert states[1:] in (
        ["agreed", "refused"],
        ["agreed", "cancelled"],
        ["refused"],
        ["cancelled"],
    )


def test_seats_are_lent_or_released_never_both(floor, held, operator, on):
    loan = agree(make_loan(floor, (1, 10)), operator)

    lent, released = together(
        partial(arrange_loan, loan_id=loan.pk, **on),
        partial(release_seats, allocation_id=held.pk, start=FIRST, **on),
    )

    loan.refresh_from_db()
    if isinstance(lent, Exception):
        assert isinstance(lent, NotLendable)
        assert loan.state == LoanState.AGREED
    else:
        assert isinstance(released, SeatsLent)
        assert loan.state == LoanState.ARRANGED
    assert pairs_that_meet() == []


def test_an_early_return_and_the_end_of_the_loan_meet_in_one_state(floor, held, on):
    loan = make_arranged(floor, (1, 10))
    over = LAST + timedelta(days=1)

    together(
        partial(return_loan, loan_id=loan.pk, start=MAY, **on),
        partial(mind_loans, today=over, now=NOW),
        partial(mind_loans, today=over, now=NOW),
    )

    loan.refresh_from_db()
    last = loan.steps.latest("pk").to_state
    assert loan.state == last
    assert loan.steps.filter(to_state=last).count() == 1
    assert pairs_that_meet() == []


def test_two_moves_to_the_same_seats_end_in_one_refusal_that_names_the_other(
    floor, held, operator, on
):
    other = make_allocation(floor, (41, 60), to=EnterpriseFactory(), acting_user=operator)
    target = [make_run(floor, 71, 90).seats]

    results = together(
        *(
            partial(move_seats, allocation_id=one.pk, start=MAY, arriving=target, **on)
            for one in (held, other)
        )
    )

    assert refusals_of(results) == [SeatsTaken]
    winner = next(result for result in results if not isinstance(result, Exception))
    refusal = next(result for result in results if isinstance(result, Exception))
    assert refusal.extra["conflicts"][0]["held_by"] == winner.enterprise.short_name
    assert pairs_that_meet() == []


def test_every_change_of_one_allocation_at_once_leaves_seats_that_add_up(floor, held, on):
    calls = [
        partial(split_allocation, allocation_id=held.pk, runs=[make_run(floor, 1, 10).seats], **on),
        partial(end_allocation, allocation_id=held.pk, last_day=LAST, **on),
        partial(
            move_seats,
            allocation_id=held.pk,
            start=MAY,
            leaving=[make_run(floor, 21, 30).seats],
            arriving=[make_run(floor, 51, 60).seats],
            **on,
        ),
        partial(extend_allocation, allocation_id=held.pk, end=None, **on),
    ]

    results = together(*calls)

    assert set(refusals_of(results)) <= {Invalid, NotHeld}
    on_the_day = SeatBlock.objects.filter(enterprise=held.enterprise_id).on(MAY)
    assert sum(block.seats.upper - block.seats.lower for block in on_the_day) == 40
    assert pairs_that_meet() == []

"""What the history of an allocation says of each change, and by whom."""

from datetime import date

import pytest
from django.utils import translation

from park.axis import Span
from seats.deeds import shift_between
from seats.history import history
from seats.rectangles import Rectangle
from seats.services.allocations import release_seats
from seats.services.changes import end_allocation, extend_allocation, split_allocation
from seats.services.lending import return_loan
from seats.services.moves import move_seats
from tests.conftest import NOW, TODAY
from tests.factories.loans import make_arranged
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_run
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


@pytest.fixture(autouse=True)
def _in_english(_nobodys_language, settings):
    """What is said here, and what people without a language of their own are told."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def floor():
    return make_floor(seats=100)


@pytest.fixture
def by(operator):
    return {"today": TODAY, "now": NOW, "acting_user": operator}


def newest(allocation):
    return history(allocation)[0].sentence


def test_a_move_says_from_where_to_where(floor, by, operator):
    high = make_floor(level=2, seats=100)
    allocation = make_allocation(floor, (1, 40), acting_user=operator)

    move_seats(
        allocation_id=allocation.pk,
        start=MAY,
        leaving=[make_run(floor, 21, 40).seats],
        arriving=[make_run(high, 1, 20).seats],
        **by,
    )

    assert newest(allocation) == (
        "张敏 moved 20 seats on 2024-05-01: C-1-1F-021 — 040 → C-1-2F-001 — 020"
    )


def test_a_split_names_the_other_on_both(floor, by, operator):
    allocation = make_allocation(floor, (1, 40), acting_user=operator)

    other = split_allocation(allocation_id=allocation.pk, runs=[make_run(floor, 1, 15).seats], **by)

    assert newest(allocation) == f"张敏 made 15 seats of it No. {other.pk}"
    assert newest(other) == f"张敏 split it off No. {allocation.pk}"


def test_an_extension_and_an_end_say_until_when(floor, by, operator):
    allocation = make_allocation(floor, (1, 40), last=date(2024, 4, 30), acting_user=operator)

    extend_allocation(allocation_id=allocation.pk, end=JUNE, **by)
    extended = newest(allocation)
    extend_allocation(allocation_id=allocation.pk, end=None, **by)
    endless = newest(allocation)
    end_allocation(allocation_id=allocation.pk, last_day=date(2024, 6, 30), **by)

    assert extended == "张敏 extended 40 seats until 2024-05-31"
    assert endless == "张敏 extended 40 seats until further notice"
    assert newest(allocation) == "张敏 ended it: its last day is 2024-06-30"


def test_a_loan_is_told_on_both_sides_and_only_the_lender_reads_the_other(floor, by, operator):
    lending = make_allocation(floor, (1, 40), acting_user=operator)
    loan = make_arranged(
        floor, (1, 10), to=EnterpriseFactory(short_name="诚伯信息"), acting_user=operator
    )
    borrowed = loan.borrower_allocation

    assert newest(lending) == "张敏 lent 10 seats to 诚伯信息 from 2024-04-01 to 2024-05-31"
    assert newest(borrowed) == f"张敏 gave the seats on loan until 2024-05-31: {loan.number}"

    return_loan(loan_id=loan.pk, start=MAY, **by)

    assert newest(lending) == "张敏 recorded that 10 lent seats come back on 2024-05-01"
    assert newest(borrowed) == "张敏 recorded that 10 seats on loan go back on 2024-05-01"


def test_a_release_says_what_it_did_as_before(floor, by, operator):
    allocation = make_allocation(floor, (1, 40), acting_user=operator)

    runs = [make_run(floor, 1, 5).seats, make_run(floor, 31, 40).seats]
    release_seats(allocation_id=allocation.pk, start=MAY, runs=runs, **by)

    assert newest(allocation) == "张敏 gave back 15 seats from 2024-05-01"


def test_asks_as_often_for_many_deeds_as_for_few(
    floor, by, operator, django_assert_max_num_queries
):
    allocation = make_allocation(floor, (1, 40), acting_user=operator)
    for place in range(1, 20):
        move_seats(
            allocation_id=allocation.pk,
            start=MAY,
            leaving=[make_run(floor, place, place).seats],
            arriving=[make_run(floor, 50 + place, 50 + place).seats],
            **by,
        )

    with django_assert_max_num_queries(5):
        assert len(history(allocation)) == 20


def test_what_is_only_cut_into_other_pieces_is_neither_lost_nor_got():
    before = [Rectangle(Span(0, 10), START, None)]
    after = [
        Rectangle(Span(0, 4), START, MAY),
        Rectangle(Span(4, 10), START, None),
        Rectangle(Span(0, 4), MAY, None),
    ]

    shift = shift_between(before, after)

    assert (shift.seats_lost, shift.seats_got) == (0, 0)
    lost = shift_between(before, after[:2])
    assert (lost.lost, lost.lost_from, lost.got) == ([Span(0, 4)], MAY, [])

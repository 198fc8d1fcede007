"""Seats that changed hands without a signed list: against sets of seats counted by hand."""

from datetime import timedelta

import pytest

from park.axis import seat_at
from seats.handover_gaps import gaps, named
from seats.models import AllocationKind, Direction
from seats.services.allocations import release_seats
from seats.services.changes import split_allocation
from tests.conftest import NOW, TODAY
from tests.factories.fit_outs import make_handover, sign
from tests.factories.loans import make_arranged
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import make_member

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MOVE_IN, RETURN = Direction.MOVE_IN, Direction.RETURN


@pytest.fixture
def release(staff):
    def run(allocation, start, seats=None):
        told = {"today": TODAY, "now": NOW, "acting_user": staff}
        release_seats(allocation_id=allocation.pk, start=start, seats=seats, **told)

    return run


def places(direction, day=TODAY):
    """The places of all gaps, one by one."""
    return {
        (gap.allocation_id, seat % 4096 + 1)
        for gap in gaps(day)[direction]
        for span in gap.spans
        for seat in range(*span)
    }


def of(allocation, *runs):
    return {(allocation.pk, place) for first, last in runs for place in range(first, last + 1)}


def test_who_moved_in_has_a_list_once_both_have_signed_it(allocation, list_in, firm):
    assert places(MOVE_IN) == of(allocation, (1, 40))
    handover = list_in("offered")
    assert places(MOVE_IN) == of(allocation, (1, 40))
    sign(handover, firm)
    assert places(MOVE_IN) == set()


def test_a_part_that_is_missing_shows(allocation, staff, firm, span, floor):
    make_handover(allocation, park=staff, firm=firm, spans=[span(11, 20)])

    assert places(MOVE_IN) == of(allocation, (1, 10), (21, 40))
    other = make_allocation(floor, (50, 60), to=allocation.enterprise, start=TODAY)
    [gap] = gaps(TODAY, allocation)[MOVE_IN]
    assert len(gaps(TODAY)[MOVE_IN]) == 2
    assert [one.allocation_id for one in gaps(TODAY, other)[MOVE_IN]] == [other.pk]
    assert (gap.seats, gap.since) == (30, TODAY)


def test_who_comes_later_or_only_holds_has_moved_nowhere(floor):
    make_allocation(floor, (50, 60), start=TODAY + DAY)
    make_allocation(floor, (61, 70), start=TODAY, kind=AllocationKind.HOLD)
    make_allocation(floor, (71, 80), start=TODAY, kind=AllocationKind.CLOSURE)

    assert places(MOVE_IN) == set()
    assert len(places(MOVE_IN, TODAY + DAY)) == 11


def test_seats_given_back_wait_for_a_list_from_the_day_on(allocation, release, staff, firm, span):
    release(allocation, TODAY + 3 * DAY, span(31, 40))

    assert places(RETURN, TODAY + 2 * DAY) == set()
    assert places(RETURN, TODAY + 3 * DAY) == of(allocation, (31, 40))
    assert places(MOVE_IN, TODAY + 3 * DAY) == of(allocation, (1, 30))
    [gap] = gaps(TODAY + 3 * DAY)[RETURN]
    assert gap.since == TODAY + 3 * DAY
    make_handover(allocation, park=staff, firm=firm, direction=RETURN, spans=[span(31, 35)])
    assert places(RETURN, TODAY + 3 * DAY) == of(allocation, (36, 40))


def test_seats_that_go_on_under_the_same_allocation_were_not_given_back(allocation, release, span):
    """A release cuts blocks: the piece that stays was part of one that ended."""
    release(allocation, TODAY + DAY, span(1, 10))

    assert places(RETURN, TODAY + DAY) == of(allocation, (1, 10))


def test_seats_split_off_keep_their_list_and_were_not_given_back(
    allocation, list_in, staff, firm, span
):
    list_in("signed")
    told = {"today": TODAY + DAY, "now": NOW, "acting_user": staff}
    other = split_allocation(allocation_id=allocation.pk, runs=[span(1, 15)], **told)

    assert places(MOVE_IN, TODAY + DAY) == places(RETURN, TODAY + DAY) == set()
    end = {"start": TODAY + 5 * DAY, "seats": None, **told}
    release_seats(allocation_id=other.pk, **end)
    assert places(RETURN, TODAY + 5 * DAY) == of(other, (1, 15))
    make_handover(other, park=staff, firm=firm, direction=RETURN, on=TODAY + 5 * DAY)
    assert places(RETURN, TODAY + 5 * DAY) == set()


def test_who_comes_back_to_seats_that_were_given_back_needs_a_new_list(
    allocation, release, list_in, floor, enterprise, staff, firm
):
    list_in("signed")
    release(allocation, TODAY + 5 * DAY)
    make_handover(allocation, park=staff, firm=firm, direction=RETURN, on=TODAY + 5 * DAY)
    again = make_allocation(floor, (1, 40), to=enterprise, start=TODAY + 9 * DAY)

    assert places(MOVE_IN, TODAY + 9 * DAY) == of(again, (1, 40))
    assert places(RETURN, TODAY + 9 * DAY) == set()
    release(again, TODAY + 20 * DAY)
    assert places(RETURN, TODAY + 20 * DAY) == of(again, (1, 40))


def test_borrowed_seats_stay_on_the_lenders_list(allocation, list_in, floor):
    """Nobody is reminded of a list of the borrower's, and none of the lender's is missing after."""
    list_in("signed")
    loan = make_arranged(floor, (11, 20), start=TODAY + 2 * DAY, last=TODAY + 5 * DAY)

    for day in (TODAY + 2 * DAY, TODAY + 5 * DAY, TODAY + 6 * DAY):
        assert places(MOVE_IN, day) == places(RETURN, day) == set(), day
    assert gaps(TODAY + 2 * DAY, loan.borrower_allocation) == {MOVE_IN: [], RETURN: []}


def test_without_a_list_the_lender_lacks_one_of_what_it_has_on_the_day(allocation, floor):
    make_arranged(floor, (11, 20), start=TODAY + 2 * DAY, last=TODAY + 5 * DAY)

    assert places(MOVE_IN, TODAY + 3 * DAY) == of(allocation, (1, 10), (21, 40))
    assert places(MOVE_IN, TODAY + 6 * DAY) == of(allocation, (1, 40))


def test_a_borrower_that_signed_for_its_seats_gives_them_back_by_a_list_too(
    allocation, list_in, floor, staff, span
):
    list_in("signed")
    loan = make_arranged(floor, (11, 20), start=TODAY, last=TODAY + 5 * DAY)
    borrowed, guest = loan.borrower_allocation, make_member(loan.borrower)
    make_handover(borrowed, park=staff, firm=guest, spans=[span(11, 14)])

    assert places(RETURN, TODAY + 5 * DAY) == set()
    assert places(RETURN, TODAY + 6 * DAY) == of(borrowed, (11, 14))
    back = {"direction": RETURN, "on": TODAY + 6 * DAY, "spans": [span(11, 14)]}
    make_handover(borrowed, park=staff, firm=guest, **back)
    assert places(RETURN, TODAY + 6 * DAY) == set()


def test_a_list_of_the_day_of_the_return_is_of_the_stay_before(
    allocation, release, list_in, staff, firm
):
    """Whatever the order in which the two were signed."""
    release(allocation, TODAY + 5 * DAY, None)
    make_handover(allocation, park=staff, firm=firm, direction=RETURN, on=TODAY)
    list_in("signed", on=TODAY)

    assert places(MOVE_IN) == of(allocation, (1, 40))


def test_seats_of_another_enterprise_are_another_matter(allocation, release, list_in, floor, staff):
    list_in("signed")
    release(allocation, TODAY + 5 * DAY)
    other = make_allocation(floor, (1, 40), start=TODAY + 5 * DAY)

    assert places(MOVE_IN, TODAY + 5 * DAY) == of(other, (1, 40))
    assert places(RETURN, TODAY + 5 * DAY) == of(allocation, (1, 40))


def test_floors_stay_apart_where_their_slots_touch(staff):
    lower, upper = make_floor(level=1, seats=4096), make_floor(level=2, seats=10)
    assert upper.pk == lower.pk + 1
    allocation = make_allocation(lower, (4090, 4096), start=TODAY)
    other = make_allocation(upper, (1, 3), start=TODAY)

    rows = named(gaps(TODAY)[MOVE_IN])

    assert {row.allocation: row.runs for row in rows} == {
        allocation: ["C-1-1F-4090 — 4096"],
        other: ["C-1-2F-001 — 003"],
    }
    assert seat_at(upper.pk, 1) == seat_at(lower.pk, 4096) + 1


def test_they_are_found_and_named_in_three_queries(allocation, floor, django_assert_num_queries):
    for place in range(41, 60):
        make_allocation(floor, (place, place), start=TODAY)

    with django_assert_num_queries(3):
        assert len(named(gaps(TODAY)[MOVE_IN])) == 20

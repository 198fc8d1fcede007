"""Moving from some seats to others on one day, compared cell by cell with squared paper."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from park.models import ReportingMonth
from park.services import MonthClosed
from seats.effects import effect_of
from seats.models import AllocationKind, SeatBlock
from seats.services.changes import PeriodsDiffer
from seats.services.expiry import end_expired_holds
from seats.services.lending import return_loan
from seats.services.lent import SeatsBorrowed, SeatsLent
from seats.services.moves import move_seats, plan_move
from seats.services.refusals import (
    CrossesFloors,
    HoldExpired,
    NoSuchSeat,
    NotDelivered,
    NotHeld,
    SeatsTaken,
    WrongState,
)
from tests.conftest import NOW, TODAY
from tests.factories.loans import make_arranged
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_run, shape_of
from tests.factories.tenants import EnterpriseFactory
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


@pytest.fixture(autouse=True)
def _in_english(_nobodys_language, settings):
    """What is said here, and what people without a language of their own are told."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def low():
    return make_floor(seats=100)


@pytest.fixture
def high():
    return make_floor(level=2, seats=100)


@pytest.fixture
def enterprise():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def allocation(low, enterprise, operator):
    return make_allocation(low, (1, 40), to=enterprise, acting_user=operator)


@pytest.fixture
def move(operator):
    def act(allocation, arriving, *, leaving=None, start=MAY, **more):
        return move_seats(
            allocation_id=allocation.pk,
            start=start,
            leaving=leaving and [run.seats for run in leaving],
            arriving=[run.seats for run in arriving],
            today=TODAY,
            now=NOW,
            acting_user=operator,
            **more,
        )

    return act


def seats_on(enterprise, day):
    return {
        seat
        for block in SeatBlock.objects.filter(enterprise=enterprise)
        if block.period.lower <= day < (block.period.upper or date.max)
        for seat in range(block.seats.lower, block.seats.upper)
    }


def seats_of(*runs):
    return {seat for run in runs for seat in range(*run.seats)}


def test_to_another_floor_leaves_no_gap_and_no_day_twice(low, high, allocation, enterprise, move):
    old, new = make_run(low, 1, 40), make_run(high, 11, 50)

    move(allocation, [new])

    days = [START, MAY - timedelta(days=1), MAY, date(2030, 1, 1)]
    assert [seats_on(enterprise, day) for day in days] == [
        seats_of(old),
        seats_of(old),
        seats_of(new),
        seats_of(new),
    ]
    assert shape_of(allocation) == [(1, 40, START, MAY), (11, 50, MAY, None)]


def test_of_a_part_leaves_the_rest_where_it_is(low, high, allocation, enterprise, move):
    move(allocation, [make_run(high, 1, 10)], leaving=[make_run(low, 31, 40)])

    assert seats_on(enterprise, MAY) == seats_of(make_run(low, 1, 30), make_run(high, 1, 10))


def test_within_a_floor_keeps_the_seats_that_are_old_and_new(low, allocation, enterprise, move):
    move(allocation, [make_run(low, 21, 60)])

    assert seats_on(enterprise, MAY) == seats_of(make_run(low, 21, 60))
    assert shape_of(allocation) == [
        (1, 40, START, MAY),
        (21, 40, MAY, None),
        (41, 60, MAY, None),
    ]


def test_lasts_as_long_as_the_old_seats_did(low, high, enterprise, move):
    short = make_allocation(low, (1, 10), last=date(2024, 5, 31), to=enterprise)

    move(short, [make_run(high, 1, 10)])

    assert seats_on(enterprise, JUNE) == set()
    assert shape_of(short) == [(1, 10, START, MAY), (1, 10, MAY, JUNE)]


def test_before_it_begins_moves_all_of_its_days(low, high, allocation, move):
    move(allocation, [make_run(high, 1, 40)], start=TODAY)

    assert shape_of(allocation) == [(1, 40, START, None)]
    assert allocation.blocks.get().floor == high


def test_says_how_many_seats_more_or_fewer(low, high, allocation, operator):
    change = plan_move(
        allocation,
        start=MAY,
        leaving=None,
        arriving=[make_run(high, 1, 45).seats],
        acting_user=operator,
    )
    effect = effect_of(allocation, change, today=TODAY)

    assert (effect.seats_freed, effect.seats_taken, effect.holder.difference) == (40, 45, 5)
    assert (effect.vacant.before, effect.vacant.after) == (160, 155)
    assert shape_of(allocation) == [(1, 40, START, None)]


def test_refuses_to_move_to_what_is_taken_naming_who(low, high, allocation, enterprise, move):
    make_allocation(high, (5, 9), to=EnterpriseFactory(short_name="佰里"))

    with pytest.raises(SeatsTaken, match="C-1-2F-005 — 009 is taken by 佰里"):
        move(allocation, [make_run(high, 1, 40)])
    assert shape_of(allocation) == [(1, 40, START, None)]


def test_refuses_what_makes_no_sense(low, high, allocation, move):
    with pytest.raises(Invalid):
        move(allocation, [make_run(low, 1, 40)])
    with pytest.raises(Invalid):
        move(allocation, [])
    with pytest.raises(NotHeld):
        move(allocation, [make_run(high, 1, 10)], leaving=[make_run(low, 36, 45)])
    with pytest.raises(NoSuchSeat):
        move(allocation, [make_run(high, 91, 101)])
    with pytest.raises(CrossesFloors):
        move(allocation, [make_run(low, 90, 4100)])
    with pytest.raises(Stale):
        move(allocation, [make_run(high, 1, 40)], expected_version=7)


def test_refuses_runs_of_different_days(low, high, enterprise, allocation, move, operator):
    make_allocation(low, (41, 50), to=enterprise, last=date(2024, 5, 31))
    move(allocation, [make_run(low, 51, 60)], leaving=[make_run(low, 31, 40)], start=JUNE)

    with pytest.raises(PeriodsDiffer):
        move(allocation, [make_run(high, 1, 60)])


def test_moves_what_is_held_without_a_gap_though_in_several_pieces(
    low, high, enterprise, allocation, move
):
    """After an early return the seats are in one piece before that day and in another after it."""
    loan = make_arranged(low, (1, 10))
    return_loan(
        loan_id=loan.pk,
        start=date(2024, 4, 11),
        today=TODAY,
        now=NOW,
        acting_user=allocation.created_by,
    )

    move(allocation, [make_run(high, 1, 40)], start=date(2024, 4, 20))

    assert seats_on(enterprise, date(2024, 4, 19)) == seats_of(make_run(low, 1, 40))
    assert seats_on(enterprise, date(2024, 4, 20)) == seats_of(make_run(high, 1, 40))


def test_refuses_a_closed_month(low, high, enterprise, move):
    old = make_allocation(low, (1, 10), start=date(2023, 12, 1), to=enterprise)
    ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

    with pytest.raises(MonthClosed):
        move(old, [make_run(high, 1, 10)], start=date(2024, 1, 15))
    move(old, [make_run(high, 1, 10)], start=date(2024, 2, 1))


def test_refuses_what_nobody_disposes_of(low, high, allocation, move):
    loan = make_arranged(low, (1, 10))
    closure = make_allocation(low, (91, 95), kind=AllocationKind.CLOSURE)
    hold = make_allocation(low, (81, 90), kind=AllocationKind.HOLD)
    end_expired_holds(now=NOW + timedelta(days=60))
    to = [make_run(high, 1, 5)]

    with pytest.raises(SeatsLent):
        move(allocation, to)
    with pytest.raises(SeatsBorrowed):
        move(loan.borrower_allocation, to)
    with pytest.raises(WrongState):
        move(closure, to)
    with pytest.raises(HoldExpired):
        move(hold, to)
    move(allocation, to, leaving=[make_run(low, 31, 35)])


class TestFloorsToCome:
    @pytest.fixture
    def planned(self):
        return make_floor(level=5, delivered_on=None, planned_on=date(2024, 4, 1))

    def test_take_holds_only(self, planned, allocation, move):
        with pytest.raises(NotDelivered):
            move(allocation, [make_run(planned, 1, 40)])

    def test_a_hold_that_moves_to_a_floor_that_is_there_expires_in_time(
        self, planned, high, enterprise, move
    ):
        waiting = make_allocation(
            planned, (1, 10), kind=AllocationKind.HOLD, start=date(2024, 4, 1), to=enterprise
        )
        assert waiting.expires_at is None

        moved = move(waiting, [make_run(high, 1, 10)])

        assert moved.expires_at is None, "until May it waits for the floor as before"
        all_of_it = move(
            make_allocation(planned, (21, 30), kind=AllocationKind.HOLD, start=MAY, to=enterprise),
            [make_run(high, 21, 30)],
        )
        assert all_of_it.expires_at == NOW + timedelta(days=15)

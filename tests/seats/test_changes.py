"""Extending, ending and splitting an allocation, and releasing several runs of it in one go."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from park.models import ReportingMonth
from park.services import MonthClosed
from seats.effects import effect_of
from seats.models import Allocation, AllocationKind, SeatBlock
from seats.services.allocations import allocate_seats, release_seats
from seats.services.changes import (
    PeriodsDiffer,
    end_allocation,
    extend_allocation,
    plan_end,
    plan_extension,
    plan_release,
    plan_split,
    split_allocation,
)
from seats.services.expiry import end_expired_holds
from seats.services.lent import SeatsBorrowed, SeatsLent
from seats.services.refusals import BlocksOverlap, HoldExpired, NotHeld, SeatsTaken
from tenants.models import Tenancy
from tests.conftest import NOW, TODAY
from tests.factories.loans import FIRST, LAST, make_arranged
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_request, make_run, shape_of
from tests.factories.tenants import EnterpriseFactory
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db

JUNE, YEAR_END = date(2024, 6, 1), date(2024, 12, 31)
ONE_DAY = timedelta(days=1)


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
def enterprise():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def by(operator):
    return {"today": TODAY, "now": NOW, "acting_user": operator}


@pytest.fixture
def run(floor):
    """The seats of a run of the floor, by place."""
    return lambda first, last: make_run(floor, first, last).seats


@pytest.fixture
def allocate(floor, enterprise, operator):
    def make(*places, **more):
        return make_allocation(
            floor, *places, **{"to": enterprise, "acting_user": operator, **more}
        )

    return make


def seat_days_of(enterprise):
    """Every seat and day up to the end of 2025 that the enterprise has, and of which kind."""
    end = date(2026, 1, 1)
    return {
        (seat, block.period.lower + timedelta(days=number)): block.kind
        for block in SeatBlock.objects.filter(enterprise=enterprise)
        for number in range(((block.period.upper or end) - block.period.lower).days)
        for seat in range(block.seats.lower, block.seats.upper)
    }


class TestReleasingSeveralRuns:
    def test_frees_a_part_of_each(self, allocate, run, by):
        allocation = allocate((1, 20), (41, 60))

        release_seats(allocation_id=allocation.pk, start=JUNE, runs=[run(1, 5), run(51, 60)], **by)

        assert shape_of(allocation) == [
            (1, 20, START, JUNE),
            (6, 20, JUNE, None),
            (41, 50, JUNE, None),
            (41, 60, START, JUNE),
        ]

    def test_does_nothing_where_one_of_them_is_not_there(self, allocate, run, by):
        allocation = allocate((1, 20))

        with pytest.raises(NotHeld):
            release_seats(
                allocation_id=allocation.pk, start=JUNE, runs=[run(1, 5), run(71, 75)], **by
            )
        assert shape_of(allocation) == [(1, 20, START, None)]

    def test_refuses_runs_that_share_seats(self, allocate, run, by):
        allocation = allocate((1, 20))

        with pytest.raises(BlocksOverlap):
            release_seats(
                allocation_id=allocation.pk, start=JUNE, runs=[run(1, 5), run(5, 9)], **by
            )


class TestExtending:
    def test_lets_those_that_end_last_go_on(self, allocate, by):
        allocation = allocate((1, 20), (31, 40), last=LAST)
        release_seats(
            allocation_id=allocation.pk,
            start=FIRST,
            seats=make_run(allocation.blocks.first().floor, 31, 40).seats,
            **by,
        )

        extend_allocation(allocation_id=allocation.pk, end=YEAR_END + ONE_DAY, **by)

        assert shape_of(allocation) == [
            (1, 20, START, YEAR_END + ONE_DAY),
            (31, 40, START, FIRST),
        ]

    def test_of_a_part_adds_a_block_for_it(self, allocate, run, by):
        allocation = allocate((1, 20), last=LAST)

        extend_allocation(allocation_id=allocation.pk, end=None, runs=[run(6, 10)], **by)

        assert shape_of(allocation) == [(1, 20, START, JUNE), (6, 10, JUNE, None)]

    def test_keeps_the_enterprise_a_tenant_as_long(self, allocate, enterprise, operator, by):
        allocation = allocate((1, 20), last=LAST)
        Tenancy.objects.update(period=(START, JUNE))

        extend_allocation(allocation_id=allocation.pk, end=date(2024, 9, 1), **by)

        upper = Tenancy.objects.get(enterprise=enterprise).period.upper
        assert upper is None or upper >= date(2024, 9, 1)

    def test_names_the_rival(self, floor, allocate, by):
        allocation = allocate((1, 20), last=LAST)
        make_allocation(floor, (20, 25), start=JUNE, to=EnterpriseFactory(short_name="佰里"))

        with pytest.raises(SeatsTaken, match="C-1-1F-020 is taken by 佰里"):
            extend_allocation(allocation_id=allocation.pk, end=YEAR_END, **by)

    def test_refuses_what_makes_no_sense(self, allocate, run, by):
        endless, ending = allocate((1, 20)), allocate((31, 40), (51, 60), last=LAST)
        release_seats(allocation_id=ending.pk, start=FIRST, seats=run(51, 60), **by)
        extend = {"end": YEAR_END, **by}

        with pytest.raises(Invalid):
            extend_allocation(allocation_id=endless.pk, **extend)
        with pytest.raises(Invalid):
            extend_allocation(allocation_id=ending.pk, **{**extend, "end": JUNE})
        with pytest.raises(PeriodsDiffer):
            extend_allocation(allocation_id=ending.pk, runs=[run(31, 40), run(51, 60)], **extend)
        with pytest.raises(NotHeld, match=r"does not have these seats\.$"):  # no day is named
            extend_allocation(allocation_id=ending.pk, runs=[run(71, 80)], **extend)
        with pytest.raises(Stale):
            extend_allocation(allocation_id=ending.pk, expected_version=1, **extend)

    def test_refuses_borrowed_and_lent_seats(self, floor, allocate, by):
        allocation = allocate((1, 20), last=LAST)
        loan = make_arranged(floor, (1, 20))

        with pytest.raises(SeatsLent):
            extend_allocation(allocation_id=allocation.pk, end=YEAR_END, **by)
        with pytest.raises(SeatsBorrowed):
            extend_allocation(allocation_id=loan.borrower_allocation_id, end=YEAR_END, **by)

    def test_refuses_a_closed_month(self, allocate, by):
        allocation = allocate((1, 20), start=date(2024, 1, 1), last=date(2024, 1, 20))
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)

        with pytest.raises(MonthClosed):
            extend_allocation(allocation_id=allocation.pk, end=YEAR_END, **by)

    def test_extends_holds_and_closures_too(self, allocate, by):
        hold = allocate((1, 20), kind=AllocationKind.HOLD, last=LAST)
        closure = allocate((31, 40), kind=AllocationKind.CLOSURE, last=LAST)

        for allocation in (hold, closure):
            extend_allocation(allocation_id=allocation.pk, end=None, **by)

        assert shape_of(hold) == [(1, 20, START, None)]
        assert shape_of(closure) == [(31, 40, START, None)]


class TestEnding:
    def test_frees_all_of_it_after_its_last_day(self, allocate, by):
        allocation = allocate((1, 20), (31, 40))

        end_allocation(allocation_id=allocation.pk, last_day=LAST, **by)

        assert shape_of(allocation) == [(1, 20, START, JUNE), (31, 40, START, JUNE)]

    def test_refuses_an_expired_hold(self, allocate, by):
        hold = allocate((1, 20), kind=AllocationKind.HOLD)
        end_expired_holds(now=NOW + timedelta(days=60))

        for act, more in [
            (end_allocation, {"last_day": LAST}),
            (extend_allocation, {"end": None}),
            (split_allocation, {"runs": [make_run(make_floor(level=9), 1, 1).seats]}),
        ]:
            with pytest.raises(HoldExpired):
                act(allocation_id=hold.pk, **more, **by)

    def test_says_that_it_is_the_last_of_the_enterprise(self, allocate):
        first, second = allocate((1, 20)), allocate((31, 40))

        def is_last(allocation, change):
            return effect_of(allocation, change, today=TODAY).is_last

        assert not is_last(first, plan_end(first, LAST))
        second.blocks.all().delete()
        assert is_last(first, plan_end(first, LAST))
        assert not is_last(
            first, plan_release(first, JUNE, [make_run(first.blocks.get().floor, 1, 5).seats])
        )


class TestSplitting:
    def test_gives_the_part_an_allocation_of_its_own(self, allocate, enterprise, run, by):
        request = make_request(enterprise=enterprise)
        allocation = allocate((1, 60), last=LAST, reason="签约 7 号")
        Allocation.objects.update(request=request)

        other = split_allocation(allocation_id=allocation.pk, runs=[run(11, 20), run(51, 60)], **by)

        assert shape_of(allocation) == [(1, 10, START, JUNE), (21, 50, START, JUNE)]
        assert shape_of(other) == [(11, 20, START, JUNE), (51, 60, START, JUNE)]
        same = ("enterprise_id", "kind", "request_id", "reason", "expires_at")
        allocation.refresh_from_db()
        assert [getattr(other, name) for name in same] == [
            getattr(allocation, name) for name in same
        ]

    def test_changes_no_figure_on_any_day(self, allocate, enterprise, run, by):
        allocation = allocate((1, 60), last=LAST)
        release_seats(allocation_id=allocation.pk, start=FIRST, seats=run(15, 30), **by)
        before = seat_days_of(enterprise)

        split_allocation(allocation_id=allocation.pk, runs=[run(11, 20)], **by)

        assert seat_days_of(enterprise) == before

    def test_leaves_closed_months_with_the_old_one(self, allocate, enterprise, run, by):
        allocation = allocate((1, 20), start=date(2024, 1, 1))
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=NOW)
        before = seat_days_of(enterprise)

        other = split_allocation(allocation_id=allocation.pk, runs=[run(1, 5)], **by)

        february = date(2024, 2, 1)
        assert shape_of(other) == [(1, 5, february, None)]
        assert (1, 20, date(2024, 1, 1), february) in shape_of(allocation)
        assert seat_days_of(enterprise) == before

    def test_refuses_all_of_it_and_what_it_does_not_have(self, floor, allocate, run, by):
        allocation = allocate((1, 20))

        with pytest.raises(Invalid):
            split_allocation(allocation_id=allocation.pk, runs=[run(1, 20)], **by)
        with pytest.raises(NotHeld):
            split_allocation(allocation_id=allocation.pk, runs=[run(15, 25)], **by)
        make_arranged(floor, (1, 5))
        with pytest.raises(SeatsLent):
            split_allocation(allocation_id=allocation.pk, runs=[run(1, 2)], **by)
        split_allocation(allocation_id=allocation.pk, runs=[run(11, 12)], **by)


def test_a_part_of_a_hold_that_waits_for_a_floor_expires_where_its_own_floor_is_there(
    floor, enterprise, operator, by
):
    planned = make_floor(level=5, delivered_on=None, planned_on=START)
    hold = allocate_seats(
        enterprise=enterprise,
        kind=AllocationKind.HOLD,
        rectangles=[make_run(floor, 1, 10), make_run(planned, 1, 10)],
        **by,
    )

    other = split_allocation(allocation_id=hold.pk, runs=[make_run(floor, 1, 10).seats], **by)

    hold.refresh_from_db()
    other.refresh_from_db()
    assert (hold.expires_at, other.expires_at) == (None, NOW + timedelta(days=15))


class TestEffects:
    def test_says_what_the_enterprise_and_the_park_have_before_and_after(
        self, floor, allocate, run, operator
    ):
        allocation = allocate((1, 20), last=LAST)
        allocate((31, 40))
        make_allocation(floor, (91, 100), kind=AllocationKind.CLOSURE)

        released = effect_of(allocation, plan_release(allocation, FIRST, [run(1, 5)]), today=TODAY)
        extended = effect_of(
            allocation, plan_extension(allocation, YEAR_END, None, operator), today=TODAY
        )
        split = effect_of(allocation, plan_split(allocation, [run(1, 5)]), today=TODAY)

        pairs = [
            (one.day, one.holder.before, one.holder.after, one.vacant.before, one.vacant.after)
            for one in (released, extended, split)
        ]
        assert pairs == [
            (FIRST, 30, 25, 60, 65),
            (JUNE, 10, 30, 80, 60),
            (START, 30, 30, 60, 60),
        ]
        assert released.month == date(2024, 4, 1)

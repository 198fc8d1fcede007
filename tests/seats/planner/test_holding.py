"""A plan becomes holds: as it is now, all of it or nothing."""

from datetime import date

import pytest

from park.axis import seat_at
from seats.models import Allocation, AllocationKind, SeatBlock
from seats.planner import Need, find_plans
from seats.services.allocations import release_seats
from seats.services.plans import PlannedMove, hold_plan
from seats.services.refusals import NotHeld, SeatsTaken
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, shape_of
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db

MAY = date(2024, 5, 1)


@pytest.fixture
def hold(operator):
    def act(plan, to=None, **more):
        return hold_plan(
            enterprise=to or EnterpriseFactory(),
            rectangles=plan.blocks,
            moves=[PlannedMove(move.block, move.to.seats.lower) for move in plan.moves],
            today=TODAY,
            now=NOW,
            acting_user=operator,
            **more,
        )

    return act


def best_plan(seats, **wishes):
    return find_plans(Need(seats, MAY, **wishes), today=TODAY)[0]


class TestHolding:
    def test_holds_every_run_of_the_plan(self, hold):
        make_allocation(make_floor(seats=100), (41, 60))
        enterprise = EnterpriseFactory()

        allocation, movers = hold(best_plan(80), to=enterprise)

        assert (allocation.kind, allocation.enterprise) == (AllocationKind.HOLD, enterprise)
        assert allocation.expires_at > NOW
        assert shape_of(allocation) == [(1, 40, MAY, None), (61, 100, MAY, None)]
        assert movers == []

    def test_on_floors_not_handed_over_it_waits_for_them(self, hold):
        make_floor(seats=100, delivered_on=None, planned_on=TODAY)
        assert hold(best_plan(80)).allocation.expires_at is None

    def test_a_plan_that_somebody_was_faster_than_is_refused_with_the_name(self, hold):
        floor = make_floor(seats=100)
        plan = best_plan(80)
        make_allocation(floor, (75, 75), to=EnterpriseFactory(short_name="诚伯信息"), start=MAY)

        with pytest.raises(SeatsTaken, match="诚伯信息"):
            hold(plan)
        assert not Allocation.objects.filter(kind=AllocationKind.HOLD).exists()


class TestMoves:
    @pytest.fixture
    def floor(self):
        return make_floor(seats=100)

    @pytest.fixture
    def tenant(self, floor):
        upstairs = make_floor(level=2, seats=30)
        block = make_allocation(floor, (41, 60), last=date(2024, 12, 31)).blocks.get()
        return block, upstairs

    def test_who_is_to_move_gets_a_hold_where_it_would_go(self, hold, tenant):
        block, upstairs = tenant

        allocation, [mover] = hold(best_plan(90, contiguous=True, moves_allowed=True))

        assert sum(last - first + 1 for first, last, *_days in shape_of(allocation)) == 70
        assert mover.enterprise == block.enterprise
        assert mover.reason != ""
        assert shape_of(mover) == [(1, 20, MAY, date(2025, 1, 1))]
        assert mover.blocks.get().floor == upstairs
        block.refresh_from_db()
        assert block.kind == "firm"

    def test_nothing_is_held_where_its_new_seats_are_taken_by_now(self, hold, tenant):
        plan = best_plan(90, contiguous=True, moves_allowed=True)
        make_allocation(tenant[1], (5, 5), start=date(2024, 12, 1))

        with pytest.raises(SeatsTaken):
            hold(plan)
        assert not SeatBlock.objects.filter(kind="hold").exists()

    def test_nor_where_it_has_left(self, hold, tenant, operator):
        plan = best_plan(90, contiguous=True, moves_allowed=True)
        release_seats(
            allocation_id=tenant[0].allocation_id,
            start=date(2024, 4, 1),
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )

        with pytest.raises(NotHeld):
            hold(plan)
        assert not SeatBlock.objects.filter(kind="hold").exists()

    def test_nobody_moves_over_the_end_of_a_floor(self, tenant, operator):
        block, upstairs = tenant
        with pytest.raises(Exception, match="30"):
            hold_plan(
                enterprise=EnterpriseFactory(),
                rectangles=best_plan(10).blocks,
                moves=[PlannedMove(block.pk, seat_at(upstairs.pk, 20))],
                today=TODAY,
                now=NOW,
                acting_user=operator,
            )

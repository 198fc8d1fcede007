"""Plans that ask others to move: a few, each as a whole, into seats free for as long."""

from datetime import date

import pytest

from park.axis import Span, seat_at
from seats.models import AllocationKind
from seats.planner import Need, find_plans
from seats.planner.wording import plan_title, waits_short, why
from tests.conftest import TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db

MAY = date(2024, 5, 1)


def plans_for(seats, **wishes):
    wishes = {"contiguous": True, "moves_allowed": True, **wishes}
    return find_plans(Need(seats, MAY, **wishes), today=TODAY)


@pytest.fixture
def floor(db):
    return make_floor(seats=100)


@pytest.fixture
def upstairs(db):
    return make_floor(level=2, seats=30)


class TestMoves:
    def test_a_tenant_in_the_way_goes_where_it_has_as_much(self, floor, upstairs):
        tenant = EnterpriseFactory(short_name="迈睿")
        block = make_allocation(floor, (41, 60), to=tenant, last=date(2024, 12, 31)).blocks.get()

        [plan] = plans_for(90)

        [move] = plan.moves
        assert (move.block, move.enterprise) == (block.pk, tenant.pk)
        assert (move.label, move.to_label) == ("C-1-1F-041 — 060", "C-1-2F-001 — 020")
        assert (move.to.start, move.to.end) == (MAY, date(2025, 1, 1))
        first = seat_at(floor.pk, 1)
        assert [block.seats for block in plan.blocks] == [
            Span(first, first + 40),
            Span(first + 60, first + 90),
        ]
        assert [block.seats for block in plan.after_moves] == [Span(first + 40, first + 60)]
        assert (plan.seats, plan.runs, plan.longest) == (70, 1, 90)
        assert plan_title(plan) == "C-1-1F: one run of 90 seats"
        assert waits_short(plan) == "1 move"
        assert "迈睿 moves with 20 seats from C-1-1F-041 — 060 to C-1-2F-001 — 020." in why(
            plan, named=True
        )

    def test_nobody_is_asked_to_move_unless_it_is_allowed(self, floor, upstairs):
        make_allocation(floor, (41, 60))
        assert plans_for(90, moves_allowed=False) == []

    def test_nor_where_it_makes_nothing_better(self, floor, upstairs):
        make_allocation(floor, (81, 90))
        assert [plan.moves for plan in plans_for(80)] == [()]

    def test_comes_after_what_moves_nobody(self, floor, upstairs):
        make_allocation(floor, (41, 60))

        plans = plans_for(70, contiguous=False)

        assert [len(plan.moves) for plan in plans][:1] == [0]
        assert plans[-1].moves
        assert plans[-1].runs == 1


class TestWhoStays:
    def test_who_has_nowhere_to_go(self, floor):
        make_allocation(floor, (31, 60))
        make_floor(level=2, seats=29)

        assert plans_for(80) == []

    def test_who_would_have_to_leave_again_before_its_end(self, floor, upstairs):
        make_allocation(floor, (31, 50))
        make_allocation(upstairs, (1, 30), start=date(2030, 1, 1))
        assert plans_for(90) == []

    def test_who_has_seats_beside(self, floor, upstairs):
        tenant = EnterpriseFactory()
        make_allocation(floor, (41, 50), to=tenant)
        make_allocation(floor, (51, 60), to=tenant)

        assert plans_for(95) == []

    @pytest.mark.parametrize("kind", [AllocationKind.HOLD, AllocationKind.CLOSURE])
    def test_what_is_held_or_closed(self, floor, upstairs, kind):
        make_allocation(floor, (41, 60), kind=kind)
        assert plans_for(90) == []

    def test_who_comes_later_only(self, floor, upstairs):
        make_allocation(floor, (41, 60), start=date(2024, 6, 1))
        assert plans_for(90) == []

    def test_all_where_more_than_three_are_in_the_way(self, floor):
        make_floor(level=2, seats=24)
        for first in (11, 31, 51, 71):
            make_allocation(floor, (first, first + 5))

        assert plans_for(95) == []
        assert len(plans_for(70)[0].moves) == 3


def test_two_who_move_do_not_get_the_same_seats(floor):
    make_floor(level=2, seats=30)
    make_allocation(floor, (21, 40))
    make_allocation(floor, (61, 80))

    assert plans_for(95) == []

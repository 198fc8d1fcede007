"""Several floors put off at once; who is told of it; nobody breaks what they did not see."""

from datetime import date

import pytest

from foundation.models import Message
from park.models import Phase
from seats.models import AllocationKind, BrokenPromise
from seats.services.floors import delay_floor, delay_floors, deliver_floor, promises_broken_by
from seats.services.refusals import PromisesChanged, WrongState
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, shape_of
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.seats.comparison import assert_void_says_what_is_no_seat
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

JUNE = date(2024, 6, 1)
SEPTEMBER = date(2024, 9, 1)


@pytest.fixture(autouse=True)
def void_says_what_is_no_seat():
    yield
    assert_void_says_what_is_no_seat()


@pytest.fixture
def floors():
    """D-1-1F and D-1-2F: 40 seats each, planned for June."""
    return [
        make_floor(zone="D", level=level, seats=40, delivered_on=None, planned_on=JUNE)
        for level in (1, 2)
    ]


@pytest.fixture
def hold():
    def run(floor, *places, **more):
        return make_allocation(floor, *places, kind=AllocationKind.HOLD, **{"start": JUNE, **more})

    return run


@pytest.fixture
def delay(operator):
    def run(floors, planned_on=SEPTEMBER, **more):
        return delay_floors(
            floor_ids=[floor.pk for floor in floors],
            planned_on=planned_on,
            now=NOW,
            acting_user=operator,
            **more,
        )

    return run


def planned_days(floors):
    for floor in floors:
        floor.refresh_from_db()
    return [floor.planned_on for floor in floors]


class TestSeveralFloors:
    def test_are_moved_together_and_keep_what_they_break(self, floors, hold, delay):
        first, second = hold(floors[0], (1, 20)), hold(floors[1], (5, 9))

        broken = delay(floors)

        assert planned_days(floors) == [SEPTEMBER, SEPTEMBER]
        assert [floor.version for floor in floors] == [2, 2]
        assert {promise.allocation for promise in broken} == {first, second}
        assert shape_of(first) == [(1, 20, SEPTEMBER, None)]
        assert shape_of(second) == [(5, 9, SEPTEMBER, None)]

    def test_may_come_earlier_and_break_nothing(self, floors, hold, delay):
        waiting = hold(floors[0], (1, 20))

        assert delay(floors, date(2024, 4, 1)) == []

        assert planned_days(floors) == [date(2024, 4, 1)] * 2
        assert shape_of(waiting) == [(1, 20, JUNE, None)]

    def test_all_or_none(self, floors, delay):
        with pytest.raises(WrongState):
            delay([*floors, make_floor(zone="D", level=3)])

        assert planned_days(floors) == [JUNE, JUNE]

    def test_refuses_none_at_all(self, delay):
        with pytest.raises(Invalid):
            delay([])

    @pytest.mark.parametrize("day", [TODAY, date(2024, 1, 1)])
    def test_refuses_a_day_that_is_not_to_come(self, floors, delay, day):
        with pytest.raises(Invalid):
            delay(floors, day)

    def test_move_the_day_of_a_phase_that_is_whole_among_them(self, floors, delay):
        zone = floors[0].building.zone
        phase = Phase.objects.create(zone=zone, number=1, planned_on=JUNE)
        floors[0].building.phase = phase
        floors[0].building.save()

        delay(floors[:1])
        phase.refresh_from_db()
        assert phase.planned_on == JUNE

        delay(floors)
        phase.refresh_from_db()
        assert phase.planned_on == SEPTEMBER


class TestWhatWasSeen:
    def test_is_what_breaks(self, floors, hold, delay):
        hold(floors[0], (1, 20))
        seen = [block.pk for block in promises_broken_by(floors, SEPTEMBER)]

        assert len(delay(floors, seen=seen)) == 1

    def test_refuses_to_break_more_than_that(self, floors, hold, delay, operator):
        hold(floors[0], (1, 20))
        seen = [block.pk for block in promises_broken_by(floors, SEPTEMBER)]
        hold(floors[0], (21, 30))

        with pytest.raises(PromisesChanged):
            delay(floors, seen=seen)
        with pytest.raises(PromisesChanged):
            delay_floor(
                floor_id=floors[0].pk, planned_on=SEPTEMBER, now=NOW, acting_user=operator, seen=[]
            )
        assert not BrokenPromise.objects.exists()


class TestTheEnterprises:
    def test_are_each_told_once_which_seats_come_when(self, floors, hold, delay):
        one, other = EnterpriseFactory(), EnterpriseFactory()
        people = [make_member(one, language="en"), make_member(other, language="en")]
        hold(floors[0], (1, 20), to=one)
        hold(floors[1], (5, 9), to=one, last=date(2024, 7, 31))
        hold(floors[1], (20, 29), to=other, start=SEPTEMBER)

        delay(floors)

        message = Message.objects.get(recipient=people[0])
        assert message.subject == "25 seats promised to you come later"
        assert "D-1-1F-001 — 020: 2024-06-01 → 2024-09-01" in message.body
        assert "D-1-2F-005 — 009: 2024-06-01 → –" in message.body
        assert not Message.objects.filter(recipient=people[1]).exists()

    def test_are_told_of_an_unknown_day(self, floors, hold, delay):
        own = EnterpriseFactory()
        person = make_member(own, language="en")
        hold(floors[0], (1, 20), to=own)

        delay(floors, None)

        assert "2024-06-01 → –" in Message.objects.get(recipient=person).body

    def test_are_told_by_a_handover_later_than_planned(self, hold, operator):
        late = make_floor(zone="D", level=3, delivered_on=None, planned_on=date(2024, 2, 10))
        own = EnterpriseFactory()
        person = make_member(own, language="en")
        hold(late, (1, 10), to=own, start=date(2024, 2, 10))

        deliver_floor(floor_id=late.pk, day=TODAY, now=NOW, acting_user=operator)

        body = Message.objects.get(recipient=person).body
        assert "D-1-3F-001 — 010: 2024-02-10 → 2024-02-22" in body

    def test_are_not_told_where_nothing_breaks(self, floors, hold, delay):
        own = EnterpriseFactory()
        make_member(own)
        hold(floors[0], (1, 20), to=own, start=SEPTEMBER)

        delay(floors)

        assert not Message.objects.exists()

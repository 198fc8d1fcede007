"""Giving seats, holding and closing them; confirming a hold."""

from datetime import date, timedelta

import pytest

from park.axis import Span, seat_at
from park.models import ReportingMonth
from park.services import MonthClosed
from seats.models import Allocation, AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats, confirm_hold, release_seats
from seats.services.refusals import (
    BlocksOverlap,
    CrossesFloors,
    NoSuchSeat,
    NotDelivered,
    SeatsTaken,
    WrongState,
)
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_run
from tests.factories.seats import shape_of as shape
from tests.factories.tenants import EnterpriseFactory
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor(seats=100)


@pytest.fixture
def enterprise():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def allocate(operator, enterprise):
    """Allocate runs given as (first place, last place) of a floor."""

    def run(floor, *places, **more):
        return make_allocation(
            floor, *places, **{"to": enterprise, "acting_user": operator, **more}
        )

    return run


class TestAllocateSeats:
    def test_gives_every_run(self, floor, allocate):
        allocation = allocate(floor, (1, 20), (41, 60))

        assert shape(allocation) == [(1, 20, START, None), (41, 60, START, None)]

    def test_refuses_a_single_seat_on_a_single_day_twice(self, floor, allocate):
        allocate(floor, (10, 10), last=START)

        with pytest.raises(SeatsTaken) as refusal:
            allocate(floor, (1, 100), last=START, to=EnterpriseFactory())

        assert refusal.value.extra["conflicts"] == [
            {
                "first_seat": seat_at(floor.pk, 10),
                "last_seat": seat_at(floor.pk, 10),
                "start": "2024-03-01",
                "end": "2024-03-01",
                "held_by": "诚伯信息",
            }
        ]
        assert "C-1-1F-010" in str(refusal.value)
        assert Allocation.objects.count() == 1

    def test_days_that_touch_are_no_conflict(self, floor, allocate):
        allocate(floor, (1, 100), last=date(2024, 3, 31))

        allocate(floor, (1, 100), start=date(2024, 4, 1), to=EnterpriseFactory())

    def test_refuses_seats_beyond_the_floor_naming_its_last(self, floor, allocate):
        with pytest.raises(NoSuchSeat) as refusal:
            allocate(floor, (90, 101))

        assert refusal.value.extra["last_label"] == "C-1-1F-100"

    def test_refuses_seats_that_no_floor_has(
        self, floor, allocate, today, now, operator, enterprise
    ):
        with pytest.raises(NoSuchSeat):
            allocate_seats(
                enterprise=enterprise,
                kind=AllocationKind.FIRM,
                rectangles=[Rectangle(Span(2_000_000_000, 2_000_000_010), START)],
                today=today,
                now=now,
                acting_user=operator,
            )

    def test_refuses_a_run_over_two_floors_offering_the_split(
        self, floor, today, now, operator, enterprise
    ):
        above = make_floor(level=2)
        first, last = seat_at(floor.pk, 90), seat_at(above.pk, 10)

        with pytest.raises(CrossesFloors) as refusal:
            allocate_seats(
                enterprise=enterprise,
                kind=AllocationKind.FIRM,
                rectangles=[Rectangle.of_days(first, last, START, None)],
                today=today,
                now=now,
                acting_user=operator,
            )

        split = refusal.value.extra["split"]
        assert [(part["first_seat"], part["last_seat"]) for part in split] == [
            (first, floor.seats.upper - 1),
            (above.seats.lower, last),
        ]

    @pytest.mark.parametrize("first", [0, 2**31 - 9000])
    def test_names_the_first_seat_that_is_none_of_a_run_over_all_floors(
        self, operator, enterprise, today, now, first
    ):
        make_floor(level=2)

        with pytest.raises(NoSuchSeat) as refusal:
            allocate_seats(
                enterprise=enterprise,
                kind=AllocationKind.FIRM,
                rectangles=[Rectangle.of_days(first, 2**31 - 3, START, None)],
                today=today,
                now=now,
                acting_user=operator,
            )
        assert "split" not in refusal.value.extra

    def test_offers_no_split_that_nobody_can_have_meant(self, operator, enterprise, today, now):
        floors = [make_floor(level=level, acting_user=operator) for level in range(1, 53)]

        with pytest.raises(CrossesFloors) as refusal:
            allocate_seats(
                enterprise=enterprise,
                kind=AllocationKind.FIRM,
                rectangles=[
                    Rectangle.of_days(floors[0].seats.lower, floors[-1].seats.lower, START, None)
                ],
                today=today,
                now=now,
                acting_user=operator,
            )
        assert "split" not in refusal.value.extra

    def test_refuses_two_of_its_own_runs_that_overlap(self, floor, allocate):
        with pytest.raises(BlocksOverlap):
            allocate(floor, (1, 20), (20, 30))

    @pytest.mark.parametrize("places", [[(20, 10)], []])
    def test_refuses_runs_that_are_none(self, floor, allocate, places):
        with pytest.raises(Invalid):
            allocate(floor, *places)

    def test_refuses_an_end_before_its_start(self, floor, allocate):
        with pytest.raises(Invalid) as refusal:
            allocate(floor, (1, 10), last=START - timedelta(days=1))

        assert refusal.value.errors[0]["field"] == "end"

    def test_refuses_days_of_a_closed_month(self, floor, allocate, now):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        with pytest.raises(MonthClosed):
            allocate(floor, (1, 10), start=date(2024, 1, 31))
        allocate(floor, (1, 10), start=date(2024, 2, 1))

    @pytest.mark.parametrize("last", [None, date(2024, 2, 15)])
    def test_refuses_to_reach_over_a_closed_month(self, floor, allocate, now, last):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        with pytest.raises(MonthClosed):
            allocate(floor, (1, 10), start=date(2023, 12, 15), last=last)

    def test_looks_at_the_days_of_every_run(self, floor, enterprise, operator, now):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)
        runs = [
            make_run(floor, 1, 10, date(2023, 11, 15), date(2023, 11, 20)),
            make_run(floor, 1, 10, date(2023, 12, 20), date(2024, 2, 5)),
        ]

        with pytest.raises(MonthClosed):
            allocate_seats(
                enterprise=enterprise,
                kind=AllocationKind.FIRM,
                rectangles=runs,
                today=TODAY,
                now=NOW,
                acting_user=operator,
            )

    def test_makes_the_enterprise_a_tenant_from_its_first_day(self, floor, allocate, enterprise):
        allocate(floor, (1, 10))

        assert [t.period.lower for t in enterprise.tenancies.all()] == [START]

    def test_closes_seats_for_nobody(self, floor, allocate):
        allocation = allocate(floor, (1, 10), kind=AllocationKind.CLOSURE, reason="消防检修")

        assert allocation.enterprise is None
        assert allocation.blocks.get().kind == "closure"

    def test_a_hold_makes_nobody_a_tenant(self, floor, allocate, enterprise):
        allocate(floor, (1, 10), kind=AllocationKind.HOLD)

        assert not enterprise.tenancies.exists()

    @pytest.mark.parametrize(
        ("kind", "expires_at"),
        [
            (AllocationKind.FIRM, NOW + timedelta(days=1)),
            (AllocationKind.CLOSURE, NOW + timedelta(days=1)),
            (AllocationKind.HOLD, NOW),
            (AllocationKind.HOLD, NOW - timedelta(days=1)),
        ],
    )
    def test_only_a_hold_expires_and_not_before_now(self, floor, allocate, kind, expires_at):
        with pytest.raises(Invalid) as refusal:
            allocate(floor, (1, 10), kind=kind, expires_at=expires_at)

        assert refusal.value.errors[0]["field"] == "expires_at"

    @pytest.mark.parametrize("kind", AllocationKind.values)
    def test_somebody_has_what_is_not_closed_and_nobody_what_is(
        self, floor, enterprise, operator, kind
    ):
        wrong_holder = enterprise if kind == "closure" else None

        with pytest.raises(Invalid) as refusal:
            allocate_seats(
                enterprise=wrong_holder,
                kind=AllocationKind(kind),
                rectangles=[make_run(floor, 1, 10)],
                today=TODAY,
                now=NOW,
                acting_user=operator,
            )

        assert refusal.value.errors[0]["field"] == "enterprise"

    def test_writes_down_who_did_it(self, floor, allocate, operator):
        allocation = allocate(floor, (1, 10))

        for row in (allocation, allocation.blocks.get()):
            event = row.events.get()
            assert event.pgh_label == "insert"
            assert event.pgh_context.metadata["user"] == operator.pk

    def test_a_hold_expires_after_the_days_that_are_set(self, floor, allocate, now):
        hold = allocate(floor, (1, 10), kind=AllocationKind.HOLD)

        assert hold.expires_at == now + timedelta(days=15)

    def test_statements_do_not_grow_with_the_runs(
        self, floor, allocate, django_assert_max_num_queries
    ):
        fragments = [(place, place) for place in range(1, 100, 2)]

        with django_assert_max_num_queries(14):
            allocate(floor, *fragments)


class TestUndeliveredFloor:
    @pytest.fixture
    def planned(self):
        return make_floor(level=5, delivered_on=None, planned_on=date(2024, 3, 29))

    def test_cannot_be_contracted(self, planned, allocate):
        with pytest.raises(NotDelivered):
            allocate(planned, (1, 10), start=date(2024, 4, 1))

    def test_can_be_held_from_its_planned_day(self, planned, allocate):
        hold = allocate(planned, (1, 10), start=date(2024, 3, 29), kind=AllocationKind.HOLD)

        assert hold.expires_at is None

    def test_has_no_seats_before(self, planned, allocate):
        with pytest.raises(NoSuchSeat) as refusal:
            allocate(planned, (1, 10), start=date(2024, 3, 28), kind=AllocationKind.HOLD)

        assert refusal.value.extra["planned_on"] == "2024-03-29"

    def test_without_a_planned_day_has_no_seats(self, allocate):
        with pytest.raises(NoSuchSeat):
            allocate(
                make_floor(level=6, delivered_on=None),
                (1, 10),
                start=date(2030, 1, 1),
                kind=AllocationKind.HOLD,
            )


class TestHolds:
    @pytest.fixture
    def hold(self, floor, allocate, now):
        return allocate(
            floor, (1, 20), kind=AllocationKind.HOLD, expires_at=now + timedelta(days=2)
        )

    def test_becomes_firm(self, hold, today, now, operator):
        confirm_hold(allocation_id=hold.pk, today=today, now=now, acting_user=operator)

        hold.refresh_from_db()
        assert (hold.kind, hold.expires_at) == ("firm", None)
        assert hold.blocks.get().kind == "firm"

    def test_becomes_firm_once(self, hold, today, now, operator):
        confirm_hold(allocation_id=hold.pk, today=today, now=now, acting_user=operator)

        with pytest.raises(WrongState):
            confirm_hold(allocation_id=hold.pk, today=today, now=now, acting_user=operator)

    def test_without_seats_becomes_nothing(self, hold, today, now, operator):
        release_seats(
            allocation_id=hold.pk, start=START, today=today, now=now, acting_user=operator
        )

        with pytest.raises(WrongState):
            confirm_hold(allocation_id=hold.pk, today=today, now=now, acting_user=operator)

    def test_makes_a_tenant_when_it_becomes_firm(self, hold, enterprise, today, now, operator):
        confirm_hold(allocation_id=hold.pk, today=today, now=now, acting_user=operator)

        assert [t.period.lower for t in enterprise.tenancies.all()] == [START]

    def test_cannot_be_confirmed_by_who_saw_an_older_one(self, hold, today, now, operator):
        with pytest.raises(Stale):
            confirm_hold(
                allocation_id=hold.pk,
                today=today,
                now=now,
                acting_user=operator,
                expected_version=hold.version + 1,
            )

    @pytest.mark.parametrize("kind", [AllocationKind.FIRM, AllocationKind.CLOSURE])
    def test_nothing_else_can_be_confirmed(self, floor, allocate, today, now, operator, kind):
        allocation = allocate(floor, (50, 60), kind=kind)

        with pytest.raises(WrongState):
            confirm_hold(allocation_id=allocation.pk, today=today, now=now, acting_user=operator)

    def test_never_stands_in_the_way_once_expired(self, hold, floor, today, now, operator):
        late = now + timedelta(days=3)
        other = EnterpriseFactory()

        allocate_seats(
            enterprise=other,
            kind=AllocationKind.FIRM,
            rectangles=[Rectangle(floor.seats, START)],
            today=today,
            now=late,
            acting_user=operator,
        )

    def test_stays_a_hold_in_months_that_are_closed(self, floor, allocate, today, now, operator):
        hold = allocate(
            floor,
            (1, 20),
            kind=AllocationKind.HOLD,
            start=date(2024, 1, 10),
            expires_at=now + timedelta(days=2),
        )
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        confirm_hold(allocation_id=hold.pk, today=today, now=now, acting_user=operator)

        kinds = {(b.kind, b.period.lower, b.period.upper) for b in hold.blocks.all()}
        assert kinds == {
            ("hold", date(2024, 1, 10), date(2024, 2, 1)),
            ("firm", date(2024, 2, 1), None),
        }

"""Occupancy and free runs: small parks counted by hand, random ones counted on squared paper."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.axis import Span
from seats.free_runs import free_runs
from seats.models import AllocationKind
from seats.occupancy import Grouping, Occupancy, occupancy_during, occupancy_on
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats
from seats.services.floors import extend_floor
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.seats.comparison import (
    assert_same_everywhere,
    assert_same_seat_days,
    assert_void_says_what_is_no_seat,
)
from tests.seats.squared_paper import Cell, PaperFloor, SquaredPaper
from tests.undone import undone
from web.refusals import Refusal

pytestmark = pytest.mark.django_db

FIRST = date(2024, 1, 1)
LAST = date(2024, 4, 30)
LEAP_FEBRUARY = (date(2024, 2, 1), date(2024, 3, 1))


def total_on(day, today=TODAY):
    return occupancy_on(day, today=today, by=Grouping.PARK)[1]


class TestOneDay:
    def test_counts_seats_by_what_they_are(self, operator):
        floor = make_floor(seats=100)
        make_allocation(floor, (1, 30), start=TODAY)
        make_allocation(floor, (31, 50), start=TODAY, kind=AllocationKind.HOLD)
        make_allocation(floor, (51, 55), start=TODAY, kind=AllocationKind.CLOSURE)

        total = total_on(TODAY)

        assert total == Occupancy(seats=100, firm=30, held=20, closed=5)
        assert (total.free, total.available, total.rate) == (45, 95, 30 / 95)

    def test_the_first_and_the_last_day_count_and_their_neighbours_do_not(self):
        make_allocation(make_floor(), (1, 10), start=TODAY, last=TODAY + timedelta(days=2))

        days = [TODAY + timedelta(days=number) for number in (-1, 0, 2, 3)]
        assert [total_on(day).firm for day in days] == [0, 10, 10, 0]

    def test_a_rate_of_nothing_is_none(self):
        assert total_on(TODAY).rate is None

    def test_a_planned_floor_counts_from_its_day_if_that_is_to_come(self):
        planned = TODAY + timedelta(days=10)
        make_floor(seats=40, delivered_on=None, planned_on=planned)

        assert [total_on(planned + timedelta(days=days)).seats for days in (-1, 0)] == [0, 40]

    def test_a_floor_whose_day_has_passed_is_not_there_today(self):
        floor = make_floor(seats=40, delivered_on=None, planned_on=TODAY - timedelta(days=30))
        make_allocation(floor, (1, 10), start=TODAY, kind=AllocationKind.HOLD)

        assert total_on(TODAY) == Occupancy()
        assert total_on(TODAY + timedelta(days=1)) == Occupancy(seats=40, held=10)

    def test_a_floor_without_a_day_never_counts(self):
        make_floor(seats=40, delivered_on=None)

        assert total_on(date(9000, 1, 1)) == Occupancy()

    @pytest.mark.parametrize("day", [date(1989, 12, 31), date(1900, 1, 1)])
    def test_before_the_first_of_all_days_there_is_no_seat(self, day):
        make_floor(seats=40)

        assert total_on(day) == Occupancy()
        assert free_runs(day, day + timedelta(days=1)) == []

    def test_an_enterprise_without_seats_that_day_has_no_row(self):
        floor = make_floor(seats=40)
        here, gone = EnterpriseFactory(), EnterpriseFactory()
        make_allocation(floor, (1, 10), start=TODAY, to=here)
        make_allocation(floor, (11, 20), start=FIRST, last=TODAY - timedelta(days=1), to=gone)

        rows, _total = occupancy_on(TODAY, today=TODAY, by=Grouping.ENTERPRISE)

        assert [row.key for row in rows] == [here.pk, None]


class TestOneMonth:
    def test_counts_seat_days(self):
        floor = make_floor(seats=100)
        make_allocation(floor, (1, 30), start=date(2024, 2, 20), last=date(2024, 3, 5))

        _rows, total = occupancy_during(*LEAP_FEBRUARY, today=TODAY, by=Grouping.PARK)

        assert total == Occupancy(seats=100 * 29, firm=30 * 10)

    def test_an_open_end_counts_to_the_end_of_the_month(self):
        make_allocation(make_floor(seats=100), (1, 30), start=date(2024, 2, 29))

        _rows, total = occupancy_during(*LEAP_FEBRUARY, today=TODAY, by=Grouping.PARK)

        assert total.firm == 30

    def test_of_a_floor_not_handed_over_only_the_days_to_come_count(self):
        floor = make_floor(seats=10, delivered_on=None, planned_on=date(2024, 2, 1))
        make_allocation(floor, (1, 2), start=date(2024, 2, 10), kind=AllocationKind.HOLD)

        _rows, total = occupancy_during(*LEAP_FEBRUARY, today=TODAY, by=Grouping.PARK)

        assert total == Occupancy(seats=10 * 7, held=2 * 7)  # the 23rd to the 29th


class TestFreeRuns:
    def test_are_free_on_every_day_asked_for(self):
        floor = make_floor(seats=20)
        make_allocation(floor, (6, 10), start=date(2024, 3, 10), last=date(2024, 3, 10))

        runs = free_runs(date(2024, 3, 1), date(2024, 4, 1))

        assert [run.seats for run in runs] == [
            Span(floor.seats.lower + 10, floor.seats.lower + 20),
            Span(floor.seats.lower, floor.seats.lower + 5),
        ]

    def test_never_join_two_floors(self):
        lower, upper = make_floor(level=1, seats=4096), make_floor(level=2, seats=4096)

        assert [run.seats for run in free_runs(TODAY, None)] == [lower.seats, upper.seats]

    def test_can_be_narrowed(self):
        make_floor(zone="B", seats=5)
        fits = make_floor(zone="C", level=1, seats=10)
        make_floor(zone="C", level=2, seats=9)
        planned = make_floor(zone="C", level=3, seats=50, delivered_on=None, planned_on=TODAY)

        def found(**narrower):
            return [run.floor_id for run in free_runs(TODAY, None, **narrower)]

        assert found(min_seats=10) == [planned.pk, fits.pk]
        assert found(min_seats=10, delivered=True) == [fits.pk]
        assert found(zones=["C"], delivered=False) == [planned.pk]
        assert len(found(zones=["B", "C"])) == 4
        assert len(found(zones=[])) == 4


_DAYS = st.integers(0, 100).map(lambda number: FIRST + timedelta(days=number))

_FLOORS = st.lists(
    st.fixed_dictionaries(
        {
            "zone": st.sampled_from(["A", "B1"]),
            "building": st.sampled_from(["1", "12"]),
            "seats": st.integers(1, 6),
            "state": st.sampled_from(["delivered", "delivered", "planned", "unknown"]),
            "day": _DAYS,
            "grows": st.one_of(st.none(), st.tuples(st.integers(1, 4), _DAYS)),
        }
    ),
    min_size=1,
    max_size=4,
)

_BLOCKS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["firm", "firm", "hold", "closure"]),
            "floor": st.integers(0, 3),
            "first": st.integers(0, 9),
            "length": st.integers(1, 6),
            "start": _DAYS,
            "days": st.one_of(st.none(), st.integers(1, 60)),
            "enterprise": st.integers(0, 2),
        }
    ),
    max_size=10,
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(floors=_FLOORS, blocks=_BLOCKS, day=_DAYS)
def test_random_parks_agree_with_squared_paper(operator, floors, blocks, day):
    with undone():
        paper = SquaredPaper(FIRST, LAST)
        for level, floor in enumerate(floors, start=1):
            _draw_floor(paper, level, floor, operator)
        enterprises = [EnterpriseFactory() for _ in range(3)]
        for block in blocks:
            _draw_block(paper, block, enterprises, operator)

        one_day = timedelta(days=1)
        assert_same_everywhere(
            paper,
            [
                (day, day + one_day),
                (TODAY, TODAY + one_day),
                (TODAY + one_day, TODAY + 2 * one_day),
                (day, day + 17 * one_day),
                LEAP_FEBRUARY,
            ],
            today=TODAY,
        )
        assert_same_seat_days(paper, FIRST, LAST, today=TODAY)
        assert_same_seat_days(paper, LEAP_FEBRUARY[0], LEAP_FEBRUARY[0], today=TODAY)
        assert_void_says_what_is_no_seat()


def _draw_floor(paper, level, floor, operator):
    opens = None if floor["state"] == "unknown" else floor["day"]
    is_delivered = floor["state"] == "delivered"
    row = make_floor(
        zone=floor["zone"],
        building=floor["building"],
        level=level,
        seats=floor["seats"],
        planned_on=opens,
        delivered_on=opens if is_delivered else None,
        acting_user=operator,
    )
    days = [opens] * floor["seats"]
    if floor["grows"] is not None:
        more, first_day = floor["grows"]
        extend_floor(
            floor_id=row.pk,
            seat_count=floor["seats"] + more,
            first_day=first_day,
            now=NOW,
            acting_user=operator,
        )
        days += [max(opens, first_day) if is_delivered else opens] * more
    building = f"{floor['zone']}-{floor['building']}"
    paper.floors[row.pk] = PaperFloor(
        row.pk, floor["zone"], building, row.label, days, is_delivered
    )


def _draw_block(paper, block, enterprises, operator):
    """Ask for a block; it must be given exactly if the paper has room for it."""
    floor = list(paper.floors.values())[block["floor"] % len(paper.floors)]
    lower = floor.pk * 4096 + block["first"]
    seats = Span(lower, lower + block["length"])
    end = block["days"] and block["start"] + timedelta(days=block["days"])
    days = paper.days(block["start"], end)
    is_closure = block["kind"] == "closure"
    enterprise = None if is_closure else enterprises[block["enterprise"]]
    has_room = all(paper.is_free(seat, day) for seat in range(*seats) for day in days)
    is_allowed = floor.is_delivered or block["kind"] == "hold"

    try:
        allocation = allocate_seats(
            enterprise=enterprise,
            kind=AllocationKind(block["kind"]),
            rectangles=[Rectangle(seats, block["start"], end)],
            reason="装修" if is_closure else "",
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )
    except Refusal:
        assert not (has_room and is_allowed)
    else:
        assert has_room
        assert is_allowed
        cell = Cell(block["kind"], enterprise and enterprise.pk, allocation.pk)
        paper.put(cell, range(*seats), days)

"""What changed between two days: small cases by hand, random parks seat by seat."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.models import Floor
from seats.changes import KINDS, What, changes_between
from seats.models import AllocationKind
from seats.occupancy import Grouping, occupancy_on
from seats.services.allocations import release_seats
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.seats.random_takings import days, random_park, state_of, takings, tireless
from tests.undone import undone

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2024, 2, 1), date(2024, 2, 20)
IN_BETWEEN = date(2024, 2, 10)


def lines(comparison):
    """Each change as (first place, last place, was, now, what)."""
    return [
        (
            change.seats.lower % 4096 + 1,
            change.seats.upper % 4096,
            change.was.kind,
            change.now.kind,
            change.what,
        )
        for change in comparison.changes
    ]


class TestChangesBetween:
    def test_names_what_was_taken_given_back_and_changed_hands(self, operator):
        floor = make_floor(seats=100)
        one, other = EnterpriseFactory(), EnterpriseFactory()
        gone = make_allocation(floor, (1, 30), start=BEFORE, to=one)
        stays = make_allocation(floor, (31, 40), start=BEFORE, to=one)
        who = {"now": NOW, "today": TODAY, "acting_user": operator}
        release_seats(allocation_id=gone.pk, start=IN_BETWEEN, **who)
        heir = make_allocation(floor, (21, 30), start=IN_BETWEEN, to=other)
        make_allocation(floor, (51, 60), start=IN_BETWEEN, kind=AllocationKind.CLOSURE)
        new = make_allocation(floor, (61, 65), start=AFTER, kind=AllocationKind.HOLD, to=one)

        found = changes_between(BEFORE, AFTER, today=TODAY)

        assert lines(found) == [
            (1, 20, "firm", "free", What.LOST),
            (21, 30, "firm", "firm", What.CHANGED),
            (51, 60, "free", "closure", What.OTHER),
            (61, 65, "free", "hold", What.GAINED),
        ]
        assert [(c.was.allocation, c.now.allocation) for c in found.changes][:2] == [
            (gone.pk, None),
            (gone.pk, heir.pk),
        ]
        assert found.changes[3].now.recorded_on == TODAY
        assert new.pk == found.changes[3].now.allocation
        assert stays.pk not in {c.was.allocation for c in found.changes}
        assert [tuple(total) for total in found.totals()] == [
            ("firm", 40, 0, 20, 20, 10),
            ("hold", 0, 5, 0, 5, 0),
            ("closure", 0, 10, 0, 10, 0),
            ("free", 60, 20, 15, 65, 0),
        ]
        assert list(found.seats_by_what().values()) == [5, 20, 10, 10]

    def test_who_goes_on_by_another_allocation_has_not_moved(self):
        floor, firm = make_floor(seats=10), EnterpriseFactory()
        last = IN_BETWEEN - timedelta(days=1)
        make_allocation(floor, (1, 5), start=BEFORE, last=last, to=firm)
        make_allocation(floor, (1, 5), start=IN_BETWEEN, to=firm)

        assert changes_between(BEFORE, AFTER, today=TODAY).changes == []

    def test_seats_that_were_held_and_are_contracted_are_another_kind(self):
        floor, firm = make_floor(seats=10), EnterpriseFactory()
        last = IN_BETWEEN - timedelta(days=1)
        hold = {"kind": AllocationKind.HOLD, "start": BEFORE, "last": last}
        make_allocation(floor, (1, 5), to=firm, **hold)
        make_allocation(floor, (1, 5), start=IN_BETWEEN, to=firm)

        found = changes_between(BEFORE, AFTER, today=TODAY)

        assert lines(found) == [(1, 5, "hold", "firm", What.CHANGED)]

    def test_a_floor_that_came_is_opened_and_one_that_is_only_planned_is_not_there_yet(self):
        make_floor(level=1, seats=10, delivered_on=IN_BETWEEN)
        make_floor(level=2, seats=10, delivered_on=None, planned_on=IN_BETWEEN)
        make_floor(level=3, seats=10, delivered_on=None, planned_on=date(2024, 3, 1))

        assert lines(changes_between(BEFORE, AFTER, today=TODAY)) == [
            (1, 10, "void", "free", What.OTHER)
        ]
        assert len(changes_between(BEFORE, date(2024, 3, 1), today=TODAY).changes) == 3

    def test_can_be_narrowed_to_some_floors(self):
        for zone in ("A", "C"):
            make_allocation(make_floor(zone=zone), (1, 5), start=IN_BETWEEN)
        only = Floor.objects.filter(building__zone__code="A")

        found = changes_between(BEFORE, AFTER, today=TODAY, floors=only)

        assert [change.floor.label for change in found.changes] == ["A-1-1F"]
        assert found.totals()[-1].was == 100

    def test_shows_strangers_no_change_of_hands(self):
        floor, own = make_floor(seats=30), EnterpriseFactory()
        last = IN_BETWEEN - timedelta(days=1)
        for run, after in (((1, 10), own), ((11, 20), EnterpriseFactory())):
            make_allocation(floor, run, start=BEFORE, last=last)
            make_allocation(floor, run, start=IN_BETWEEN, to=after)

        found = changes_between(BEFORE, AFTER, today=TODAY, named=[own.pk])

        assert [change.seats.length for change in found.changes] == [10]
        (change,) = found.changes
        assert (change.was.enterprise, change.was.allocation) == (None, None)
        assert change.now.enterprise == own.pk
        assert changes_between(BEFORE, AFTER, today=TODAY, named=[]).changes == []

    def test_walks_from_building_2_to_building_10(self):
        for building in ("10", "2"):
            make_allocation(make_floor(building=building), (1, 5), start=IN_BETWEEN)

        found = changes_between(BEFORE, AFTER, today=TODAY)

        assert [change.floor.label for change in found.changes] == ["C-2-1F", "C-10-1F"]

    def test_takes_three_statements(self, django_assert_num_queries):
        for level in range(1, 9):
            make_allocation(make_floor(level=level), (1, 5), start=IN_BETWEEN)

        with django_assert_num_queries(3):
            changes_between(BEFORE, AFTER, today=TODAY)


class TestAgainstSquaredPaper:
    """Whatever happened: every seat, looked at on both days."""

    @tireless
    @given(takings, days, days, st.sampled_from(["all", "first", "none"]))
    def test_says_of_every_seat_what_the_paper_says(self, operator, taken, before, after, who):
        with undone():
            paper, firms = random_park(taken, operator)
            named = {"all": None, "first": [firms[0].pk], "none": []}[who]

            found = changes_between(before, after, today=TODAY, named=named)

            _compare(paper, found, before, after, named)
            if named is None:
                _rows, occupancy = occupancy_on(after, today=TODAY, by=Grouping.PARK)
                now = {total.kind: total.now for total in found.totals()}
                assert [now[kind] for kind in KINDS] == [
                    *(occupancy.firm, occupancy.held, occupancy.closed, occupancy.free)
                ]


def _compare(paper, found, before, after, named):
    seats = [seat for floor in paper.floors.values() for seat in floor.seats]
    was, now = (
        {seat: state_of(paper, seat, day, named) for seat in seats} for day in (before, after)
    )
    told = {
        seat: (tuple(change.was[:2]), tuple(change.now[:2]))
        for change in found.changes
        for seat in range(*change.seats)
    }
    assert told == {seat: (was[seat], now[seat]) for seat in seats if was[seat] != now[seat]}
    assert len(told) == sum(change.seats.length for change in found.changes)
    for one, next_ in pairwise(found.changes):
        is_beside = one.seats.upper == next_.seats.lower
        assert not is_beside or one[2:] != next_[2:], "runs are as long as they can be"
    for total in found.totals():
        assert total.was + total.gained - total.lost == total.now
        for counted, figure in ((was, total.was), (now, total.now)):
            assert figure == sum(kind == total.kind for kind, _whose in counted.values())

"""What ends, and for how long vacant seats have been so: by hand, and seat by seat on paper."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from seats.ends import Part, endings, horizons, tenancies_ending
from seats.models import Allocation, AllocationKind, BlockKind
from seats.services.allocations import confirm_hold, release_seats
from seats.vacancy import longest_runs, vacancy_by_age
from tenants.services import end_tenancy
from tests.conftest import NOW, TODAY
from tests.factories.loans import make_arranged
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_run
from tests.factories.tenants import EnterpriseFactory
from tests.seats.random_parks import BLOCKS, FLOORS, draw_park
from tests.undone import undone

pytestmark = pytest.mark.django_db


def day(number):
    """The day so many days from today."""
    return TODAY + timedelta(days=number)


def said(days=90, part=None):
    found = endings(TODAY, days, part) if part else endings(TODAY, days)
    return [(one.label, one.holder, one.last_day) for one in found]


@pytest.fixture
def floor(db):
    return make_floor(seats=100)


class TestEndings:
    def test_runs_by_their_last_day(self, floor):
        one, other = (EnterpriseFactory(short_name=name) for name in ("京阿唯", "迈睿"))
        make_allocation(floor, (1, 30), start=TODAY, last=day(40), to=one)
        make_allocation(floor, (31, 40), start=TODAY, last=day(5), to=other)
        make_allocation(floor, (41, 50), start=TODAY)

        assert said() == [
            ("C-1-1F-031 — 040", "迈睿", day(5)),
            ("C-1-1F-001 — 030", "京阿唯", day(40)),
        ]

    def test_today_is_the_first_of_so_many_days(self, floor):
        for place, number in enumerate((0, 29, 30), start=1):
            make_allocation(floor, (place, place), start=TODAY, last=day(number))
        make_allocation(floor, (9, 9), start=day(-9), last=day(-1))

        assert [last for _label, _name, last in said(30)] == [day(0), day(29)]

    def test_what_is_lent_ends_neither_when_it_goes_nor_when_it_comes_back(self, floor, operator):
        lender = EnterpriseFactory(short_name="迈睿")
        lending = make_allocation(floor, (1, 30), start=TODAY, to=lender)
        make_arranged(floor, (1, 10), start=day(5), last=day(20))

        assert said() == []
        release_seats(
            allocation_id=lending.pk,
            start=day(21),
            seats=make_run(floor, 1, 4).seats,
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )
        assert [(label, last) for label, _holder, last in said()] == [
            ("C-1-1F-001 — 004", day(20)),
        ]

    def test_who_goes_on_has_not_ended(self, floor):
        tenant = EnterpriseFactory(short_name="京阿唯")
        make_allocation(floor, (1, 30), start=TODAY, last=day(10), to=tenant)
        make_allocation(floor, (1, 20), start=day(11), to=tenant)
        make_allocation(floor, (21, 25), start=day(11))

        assert said() == [("C-1-1F-021 — 030", "京阿唯", day(10))]

    def test_a_hold_runs_out_unless_it_is_confirmed(self, floor, operator):
        hold = make_allocation(
            floor, (1, 5), kind=AllocationKind.HOLD, start=TODAY, expires_at=NOW + timedelta(days=7)
        )

        [ending] = endings(TODAY, 30)
        assert (ending.last_day, ending.by_expiry) == (day(6), True)

        confirm_hold(allocation_id=hold.pk, today=TODAY, now=NOW, acting_user=operator)
        assert endings(TODAY, 30) == []

    def test_a_hold_that_runs_out_today_is_there_today(self, floor):
        later = NOW + timedelta(hours=3)
        make_allocation(floor, (1, 5), kind=AllocationKind.HOLD, start=TODAY, expires_at=later)

        assert [last for _label, _name, last in said(30)] == [TODAY]

    def test_a_hold_may_run_out_before_its_first_day(self, floor):
        soon = NOW + timedelta(days=7)
        make_allocation(floor, (1, 5), kind=AllocationKind.HOLD, start=day(100), expires_at=soon)

        assert [last for _label, _name, last in said(30)] == [day(6)]

    def test_can_be_narrowed(self, floor):
        make_allocation(floor, (1, 5), start=TODAY, last=day(3))
        make_allocation(floor, (6, 9), kind=AllocationKind.CLOSURE, start=TODAY, last=day(3))
        other = make_floor(zone="A", seats=10)
        make_allocation(other, (1, 5), start=TODAY, last=day(4))

        assert len(said()) == 3
        assert len(said(part=Part(zone="A"))) == 1
        assert len(said(part=Part(building=floor.building_id))) == 2
        assert [label for label, *_rest in said(part=Part(kind="closure"))] == ["C-1-1F-006 — 009"]

    def test_within_30_60_and_90_days_each_with_what_comes_before(self, floor):
        tenant = EnterpriseFactory(short_name="京阿唯")
        for first, number in ((1, 10), (11, 40), (21, 80)):
            make_allocation(floor, (first, first + 9), start=TODAY, last=day(number), to=tenant)
        make_allocation(floor, (50, 51), kind=AllocationKind.CLOSURE, start=TODAY, last=day(2))

        found = horizons(endings(TODAY, 90), TODAY)

        assert [(one.days, one.seats, one.enterprises) for one in found] == [
            (30, 12, 1),
            (60, 22, 1),
            (90, 32, 1),
        ]
        assert found[2].named == [("京阿唯", 30), (str(BlockKind.CLOSURE.label), 2)]
        assert found[2].unnamed == 0

    def test_names_the_three_that_give_up_most_and_counts_the_others(self, floor):
        for first, last, name in ((1, 4, "甲"), (5, 7, "乙"), (8, 9, "丙"), (10, 10, "丁")):
            tenant = EnterpriseFactory(short_name=name)
            make_allocation(floor, (first, last), start=TODAY, last=day(10), to=tenant)

        month = horizons(endings(TODAY, 90), TODAY)[0]

        assert month.named == [("甲", 4), ("乙", 3), ("丙", 2)]
        assert month.unnamed == 10 - 4 - 3 - 2


class TestTenancies:
    def test_that_end_and_do_not_go_on(self, floor, operator):
        tenant = EnterpriseFactory(short_name="京阿唯")
        make_allocation(floor, (1, 30), start=TODAY, last=day(10), to=tenant)
        make_allocation(floor, (31, 40), start=TODAY)
        assert tenancies_ending(TODAY, 30) == []

        end_tenancy(enterprise=tenant, last_day=day(10), acting_user=operator)

        assert [tuple(one) for one in tenancies_ending(TODAY, 30)] == [
            (tenant.pk, "京阿唯", day(10), 30)
        ]
        assert tenancies_ending(TODAY, 10) == []


class TestVacancy:
    @pytest.mark.parametrize(
        ("ago", "column"),
        [
            (1, "up_to_30"),
            (30, "up_to_30"),
            (31, "up_to_90"),
            (90, "up_to_90"),
            (91, "up_to_180"),
            (180, "up_to_180"),
            (181, "longer"),
        ],
    )
    def test_today_is_the_first_of_the_days_that_count(self, ago, column):
        floor = make_floor(seats=10)
        first_vacant = TODAY - timedelta(days=ago - 1)
        make_allocation(
            floor, (1, 4), start=date(2023, 6, 1), last=first_vacant - timedelta(days=1)
        )

        [row] = vacancy_by_age(TODAY)

        assert (row.vacant, getattr(row, column), row.never) == (10, 4, 6)
        assert row.up_to_30 + row.up_to_90 + row.up_to_180 + row.longer == 4

    def test_the_last_to_have_it_counts(self, floor):
        make_allocation(floor, (1, 10), start=date(2023, 1, 1), last=date(2023, 2, 1))
        make_allocation(floor, (6, 10), start=date(2024, 1, 1), last=TODAY - timedelta(days=1))

        [row] = vacancy_by_age(TODAY)

        assert (row.up_to_30, row.longer, row.never) == (5, 5, 90)

    def test_only_where_there_are_seats_today(self):
        make_floor(zone="D", seats=50, delivered_on=None, planned_on=TODAY - timedelta(days=3))
        full = make_floor(seats=10)
        make_allocation(full, (1, 10), start=TODAY)

        assert vacancy_by_age(TODAY) == []


class TestLongest:
    def test_of_each_building_today_and_on_the_days_ahead(self, floor):
        make_allocation(floor, (1, 90), start=TODAY, last=day(40))
        planned = make_floor(zone="D", seats=50, delivered_on=None, planned_on=day(-3))
        make_allocation(make_floor(building="2", seats=5), (1, 5), start=TODAY)
        buildings = {
            "C-1": floor.building_id,
            "C-2": 0,
            "D-1": planned.building_id,
        }

        found = longest_runs(TODAY, Part(), buildings)

        assert {label: [one.seats for one in runs] for label, runs in found.items()} == {
            "C-1": [10, 10, 100, 100],
            "D-1": [0, 50, 50, 50],
        }
        assert found["C-1"][0].label == "C-1-1F-091 — 100"


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(floors=FLOORS, blocks=BLOCKS)
def test_random_parks_agree_with_squared_paper(operator, floors, blocks):
    with undone():
        paper = draw_park(floors, blocks, operator)
        ends = _let_holds_run_out(paper) + _ends_on_paper(paper)

        found = Counter()
        for one in endings(TODAY, 60):
            found[one.last_day, one.enterprise] += one.seats.length
        assert found == ends
        vacancy = Counter()
        for row in vacancy_by_age(TODAY):
            vacancy.update(up_to_30=row.up_to_30, up_to_90=row.up_to_90, never=row.never)
        assert +vacancy == _vacant_on_paper(paper)


def _let_holds_run_out(paper):
    """Empty the cells of holds from the day on which they run out; what ends before it began."""
    ends, gone = Counter(), []
    for hold in Allocation.objects.filter(expires_at__isnull=False):
        first_free = timezone.localdate(hold.expires_at)
        cells = [key for key, cell in paper.cells.items() if cell.allocation == hold.pk]
        never_had = {seat for seat, _day in cells} - {
            seat for seat, when in cells if when < first_free
        }
        for seat in never_had:
            other = paper.cells.get((seat, first_free))
            if (
                other is None
                or other.allocation == hold.pk
                or other.enterprise != hold.enterprise_id
            ):
                ends[first_free - timedelta(days=1), hold.enterprise_id] += 1
        gone += [(seat, when) for seat, when in cells if when >= first_free]
    for key in gone:
        del paper.cells[key]
    return ends


def _ends_on_paper(paper):
    """Seats by the last day on which somebody has them, and who: cell by cell."""
    ends = Counter()
    for (seat, last), cell in paper.cells.items():
        after = paper.cells.get((seat, last + timedelta(days=1)))
        is_last = after is None or after.enterprise != cell.enterprise
        if is_last and TODAY <= last < day(60) and last < paper.last:
            ends[last, cell.enterprise] += 1
    return ends


def _vacant_on_paper(paper):
    ages = Counter()
    for floor in paper.floors.values():
        for seat in floor.seats:
            if not floor.is_delivered or not paper.is_free(seat, TODAY):
                continue
            had = [when for (taken, when) in paper.cells if taken == seat and when < TODAY]
            days = (TODAY - max(had)).days if had else None
            ages["never" if days is None else "up_to_30" if days <= 30 else "up_to_90"] += 1
    return ages

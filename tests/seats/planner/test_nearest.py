"""Where nothing fits: what would, and who would have to leave."""

from datetime import date, timedelta

import pytest

from park.axis import SLOT
from seats.models import AllocationKind
from seats.planner import Need, nearest_alternatives
from seats.planner.wording import suggestions
from tests.conftest import TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db

MAY = date(2024, 5, 1)


def said(need, named=True):
    return {one.code: one for one in suggestions(nearest_alternatives(need), named=named)}


class TestFewer:
    def test_the_most_seats_under_the_same_wishes(self):
        make_floor(seats=40)
        make_floor(building="2", seats=30)

        assert nearest_alternatives(Need(90, MAY)).most == 70
        assert nearest_alternatives(Need(90, MAY, same_building=True)).most == 40
        assert nearest_alternatives(Need(90, MAY, zones=("A",))).most == 0

    def test_leads_to_the_planner_with_as_many(self):
        make_floor(seats=40)

        given = said(Need(41, MAY))["fewer"]

        assert given.text == "40 seats would fit under the same wishes."
        assert given.need == Need(40, MAY)

    def test_a_floor_that_fills_its_slot_counts_too(self):
        make_floor(seats=SLOT)
        assert nearest_alternatives(Need(SLOT + 1, MAY)).most == SLOT


class TestLater:
    def test_the_first_day_on_which_somebody_has_left(self):
        floor = make_floor(seats=100)
        leaving = EnterpriseFactory(short_name="京阿唯")
        make_allocation(floor, (1, 30), last=date(2024, 6, 30), to=leaving)
        make_allocation(floor, (31, 50), last=date(2024, 8, 31))

        given = said(Need(80, MAY))

        assert given["later"].need == Need(80, date(2024, 7, 1))
        assert given["later"].text == (
            "All of it fits from 1 July 2024 on. "
            "Waits for 京阿唯: has C-1-1F-001 — 030 until 2024-06-30."
        )
        assert "京阿唯" not in said(Need(80, MAY), named=False)["later"].text

    def test_a_floor_that_is_handed_over_later(self):
        make_floor(seats=40, delivered_on=None, planned_on=date(2024, 9, 1))
        assert nearest_alternatives(Need(40, MAY)).later == date(2024, 9, 1)

    def test_not_on_a_day_after_the_last(self):
        make_allocation(make_floor(seats=40), (1, 40), last=date(2024, 6, 30))

        assert nearest_alternatives(Need(40, MAY, date(2024, 7, 1))).later is None
        assert nearest_alternatives(Need(40, MAY, date(2024, 7, 2))).later == date(2024, 7, 1)

    def test_a_hold_that_nobody_confirms(self, now):
        floor = make_floor(seats=40)
        holder = EnterpriseFactory(short_name="台州亿兴")
        make_allocation(
            floor,
            (1, 40),
            kind=AllocationKind.HOLD,
            start=TODAY,
            to=holder,
            expires_at=now + timedelta(days=100),
        )

        given = said(Need(40, MAY))

        assert "later" not in given
        assert given["expiry"].text == (
            "It may fit from 1 June 2024 on, if holds run out that nobody confirms. "
            "Waits for 台州亿兴: the hold on C-1-1F-001 — 040 runs out on 2024-05-31, "
            "unless confirmed."
        )


class TestElsewhere:
    def test_zones_that_have_enough(self):
        make_floor(zone="A", seats=10)
        make_floor(zone="B", seats=50)
        make_floor(zone="C", seats=60)

        given = nearest_alternatives(Need(50, MAY, zones=("A",)))

        assert given.zones == ("B", "C")

    def test_all_zones_together(self):
        make_floor(zone="A", seats=10)
        make_floor(zone="B", seats=50)

        given = said(Need(60, MAY, zones=("A",)))

        assert given["zone"].need == Need(60, MAY)


class TestOneWishLess:
    def test_all_wishes_at_once_where_one_less_would_not_do(self):
        make_floor(seats=60)
        make_floor(zone="A", seats=40)
        make_floor(zone="A", level=2, seats=40)

        given = said(Need(80, MAY, zones=("C",), contiguous=True))

        assert set(given) == {"fewer", "without_wishes"}
        assert given["without_wishes"].text == "It fits in several runs, if any zone will do."
        assert given["without_wishes"].need == Need(80, MAY)
        assert "without_wishes" not in said(Need(150, MAY, zones=("C",), contiguous=True))

    def test_several_runs_or_several_buildings(self):
        floor = make_floor(seats=100)
        make_allocation(floor, (50, 50))
        make_floor(building="2", seats=40)

        given = said(Need(80, MAY, contiguous=True))
        assert given["not_contiguous"].need == Need(80, MAY)
        given = said(Need(120, MAY, same_building=True))
        assert given["several_buildings"].need == Need(120, MAY)


class TestGivenBack:
    def test_the_smallest_run_that_would_be_enough(self):
        floor = make_floor(seats=100)
        stays = EnterpriseFactory(short_name="迈睿")
        make_allocation(floor, (21, 50), to=stays)
        make_allocation(floor, (61, 70))

        given = said(Need(60, MAY, contiguous=True))

        assert given["given_back"].text == (
            "It would fit if 迈睿 gave back 30 seats, C-1-1F-021 — 050: no end is agreed."
        )

    def test_in_several_runs(self):
        floor = make_floor(seats=100)
        make_allocation(floor, (1, 30), last=date(2030, 1, 1))
        make_allocation(floor, (31, 70))

        given = nearest_alternatives(Need(55, MAY)).given_back

        assert given is not None
        assert (given.label, given.until) == ("C-1-1F-001 — 030", date(2030, 1, 1))


@pytest.mark.parametrize("floors", [1, 8])
def test_takes_two_statements(floors, django_assert_num_queries):
    for level in range(1, floors + 1):
        make_allocation(make_floor(level=level, seats=80), (1, 60), last=date(2024, 6, 30))

    with django_assert_num_queries(2):
        nearest_alternatives(Need(1000, MAY, zones=("C",), contiguous=True))

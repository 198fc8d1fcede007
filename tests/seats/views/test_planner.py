"""The planner's page: the need, the plans, one click to hold one; what somebody faster changes."""

from datetime import date
from urllib.parse import parse_qs, urlparse

import pytest
from django.urls import reverse

from accounts.permissions import Role
from seats.models import Allocation, AllocationKind, RequestKind, RequestState
from tests.conftest import TODAY
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, shape_of
from tests.factories.tenants import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

MAY = date(2024, 5, 1)


def plan(desk, **need):
    return desk.get("seats:planner", **{"seats": 60, "start": "2024-05-01", **need})


def press(desk, page, number=1, **more):
    """Press the button of a plan on `page`."""
    line = page.context["plans"][number - 1]
    posted = {
        "run": [run.posted for run in line.lines if run.posted],
        "move": [f"{move.block}:{move.to.seats.lower}" for move in line.plan.moves],
    }
    return desk.client.post(page.context["hold_url"], posted | more)


class TestThePage:
    def test_asks_what_is_needed_first(self, park, floor):
        page = park.get("seats:planner")

        assert "plans" not in page.context
        assert "Number of seats" in text_of(page)

    def test_shows_plans_side_by_side_and_each_with_its_why(self, park, floor):
        make_floor(level=2, seats=80)

        page = plan(park)

        text = text_of(page)
        assert "60 seats from 1 May 2024: 2 plans" in text
        assert "1 · C-1-2F: one run of 60 seats" in text
        assert "Cuts one vacant run: 60 of the 80 seats of C-1-2F-001 — 080." in text
        assert "Hold 60 seats by plan 1" in text
        assert f"{reverse('place:floor-detail', args=[floor.pk])}?on=2024-05-01" in (
            page.content.decode()
        )

    def test_says_what_would_do_where_nothing_fits(self, park, floor):
        page = plan(park, seats=101)

        text = text_of(page)
        assert "101 seats from 1 May 2024: they do not fit like this" in text
        assert "100 seats would fit under the same wishes." in text
        [fewer] = page.context["suggestions"]
        assert parse_qs(urlparse(fewer.url).query)["seats"] == ["100"]
        assert len(park.follow(fewer.url).context["plans"]) == 1

    def test_says_what_makes_no_sense_beside_its_field(self, park, floor):
        page = plan(park, seats="many", end="2024-04-30")

        assert set(page.context["form"].errors) == {"seats", "end"}
        assert "plans" not in page.context

    def test_is_for_those_who_see_the_park(self, firm, floor):
        assert firm.get("seats:planner").status_code == 403

    def test_has_no_buttons_for_those_who_only_read(self, floor):
        auditor = Desk(UserFactory(roles=[Role.AUDITOR]))

        page = plan(auditor)

        assert page.status_code == 200
        assert "by plan 1" not in text_of(page)
        assert press(auditor, page).status_code == 403


class TestHolding:
    def test_one_click_holds_the_plan(self, park, floor, enterprise):
        page = plan(park, enterprise=enterprise.pk)

        answer = press(park, page)

        allocation = Allocation.objects.get()
        assert answer.url == reverse("seats:allocation-detail", args=[allocation.pk])
        assert (allocation.kind, allocation.enterprise) == (AllocationKind.HOLD, enterprise)
        assert shape_of(allocation) == [(1, 60, MAY, None)]
        assert "Done. 诚伯信息: 60 seats held." in text_of(park.follow(answer.url))

    def test_asks_for_whom_where_nobody_was_chosen(self, park, floor):
        answer = press(park, plan(park))

        assert set(answer.context["form"].errors) == {"enterprise"}
        assert "Hold 60 seats by plan 1" in text_of(answer)
        assert not Allocation.objects.exists()

    def test_who_comes_second_is_told_by_whom_and_gets_other_plans(
        self, park, colleague, floor, enterprise
    ):
        make_floor(level=2, seats=70)
        other = EnterpriseFactory(short_name="台州亿兴")
        mine = plan(park, enterprise=enterprise.pk)
        press(colleague, plan(colleague, enterprise=other.pk))

        answer = press(park, mine)

        assert answer.status_code == 409
        text = text_of(answer)
        assert "C-1-2F-001 — 060 is held for 台州亿兴 until further notice." in text
        assert "Nothing was held. These are the plans as they are now." in text
        assert answer.context["plans"][0].plan.floors == ("C-1-1F",)
        press(park, answer)
        assert Allocation.objects.filter(enterprise=enterprise).count() == 1

    def test_moves_are_held_too(self, park, floor, enterprise):
        mover = EnterpriseFactory(short_name="迈睿")
        make_allocation(floor, (41, 60), to=mover)
        make_floor(level=2, seats=30)
        page = plan(park, seats=90, contiguous="on", moves_allowed="on", enterprise=enterprise.pk)

        assert "C-1-1F-041 — 060 20 after the move" in text_of(page)
        press(park, page)

        holds = Allocation.objects.filter(kind=AllocationKind.HOLD)
        assert {hold.enterprise for hold in holds} == {enterprise, mover}
        assert shape_of(holds.get(enterprise=mover)) == [(1, 20, MAY, None)]

    @pytest.mark.parametrize("run", ["", "x", "1", "1-2-3", "9" * 40 + "-1"])
    def test_a_plan_that_is_none_is_refused(self, park, floor, enterprise, run):
        page = plan(park, enterprise=enterprise.pk)

        answer = park.client.post(page.context["hold_url"], {"run": run} if run else {})

        assert answer.status_code == 400
        assert "Hold 60 seats by plan 1" in text_of(answer)

    def test_coming_back_to_its_address_plans_again(self, park, floor):
        address = plan(park).context["hold_url"]
        assert park.follow(address).url == plan(park).context["planner_url"]


class TestForARequest:
    def test_plans_what_the_request_asks_for(self, park, floor, submitted):
        request = submitted(seats=80, start=MAY, zones=["C"], contiguous=True)

        page = park.get("seats:planner", request=request.pk)

        need = page.context["need"]
        assert (need.seats, need.start, need.zones, need.contiguous) == (80, MAY, ("C",), True)
        text = text_of(page)
        assert request.number in text
        assert "Hold 80 seats by plan 1 and offer them" in text
        assert "Others may be asked to move" not in text

    def test_one_click_offers_it(self, park, floor, submitted):
        request = submitted(seats=80, start=MAY)

        answer = press(park, park.get("seats:planner", request=request.pk))

        request.refresh_from_db()
        assert request.state == RequestState.OFFERED
        assert shape_of(request.offer) == [(1, 80, MAY, None)]
        assert answer.url == reverse("seats:request-detail", args=[request.pk])
        assert "Offered: 80 seats are held for" in text_of(park.follow(answer.url))

    def test_what_gives_seats_back_or_comes_in_phases_is_answered_on_its_page(
        self, park, floor, enterprise, submitted
    ):
        make_allocation(floor, (1, 10), start=TODAY, to=enterprise)
        request = submitted(seats=10, start=MAY, kind=RequestKind.RELOCATE, enterprise=enterprise)

        page = park.get("seats:planner", request=request.pk)

        assert "What answers it is chosen on its own page." in text_of(page)
        assert "by plan 1" not in text_of(page)
        assert press(park, page).status_code == 400

    def test_the_enterprise_sees_no_plans(self, firm, enterprise, floor, submitted):
        request = submitted(seats=10, enterprise=enterprise)
        assert "plan 1" not in text_of(firm.get("seats:request-detail", request.pk))

    @pytest.mark.parametrize("pk", ["0", "x", "9" * 30])
    def test_that_is_none_is_not_there(self, park, floor, pk):
        assert park.get("seats:planner", request=pk).status_code == 404


def test_takes_as_many_statements_whatever_there_is(park, django_assert_max_num_queries):
    for level in range(1, 9):
        floor = make_floor(level=level, seats=80)
        make_allocation(floor, (1, 40), start=TODAY, last=date(2024, 4, 30))

    with django_assert_max_num_queries(12):
        plan(park)

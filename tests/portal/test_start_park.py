"""The park's start page: can they be seated by that day, and what ends soon."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.permissions import Role
from tests.conftest import TODAY
from tests.desk import Desk, text_of
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def ask(desk, **asked):
    return desk.get("portal:start", **{"seats": "300", "start": "2024-05-01", **asked})


class TestTheQuestion:
    def test_is_asked_before_it_is_answered(self, park):
        page = park.get("portal:start")

        assert page.context["answer"] is None
        assert "Can they be seated?" in text_of(page)

    def test_yes_where_and_who_leaves_until_then(self, park):
        floor = make_floor(seats=300)
        leaving = EnterpriseFactory(short_name="京阿唯")
        make_allocation(floor, (1, 80), start=TODAY, last=date(2024, 4, 30), to=leaving)

        page = ask(park, contiguous="on")

        text = text_of(page)
        assert "Yes, from 1 May 2024. C-1-1F: one run of 300 seats." in text
        assert "Waits for 京阿唯: has C-1-1F-001 — 080 until 2024-04-30." in text
        [step] = page.context["answer"].steps
        assert step.text == "See 1 plan"
        assert len(park.follow(step.url).context["plans"]) == 1

    def test_yes_in_several_runs_and_how_many_there_are_in_one(self, park):
        make_allocation(make_floor(seats=320), (201, 220))

        text = text_of(ask(park))

        assert "C-1-1F: 300 seats in 2 runs. In one run, 200 seats at most." in text

    def test_no_and_the_nearest_that_would_do(self, park):
        make_floor(seats=299)

        page = ask(park)

        assert "No, not 300 seats like this from 1 May 2024." in text_of(page)
        [step] = page.context["answer"].steps
        assert step.text == "299 seats would fit under the same wishes."
        assert urlparse(step.url).path == reverse("seats:planner")
        assert parse_qs(urlparse(step.url).query)["seats"] == ["299"]

    def test_what_makes_no_sense_is_said_beside_its_field(self, park):
        page = ask(park, seats="many", start="soon")

        assert set(page.context["question"].errors) == {"seats", "start"}
        assert page.context["answer"] is None


class TestEndsAhead:
    def test_sums_with_the_way_to_their_rows(self, park):
        floor = make_floor(seats=100)
        tenant = EnterpriseFactory(short_name="四川科音")
        make_allocation(floor, (1, 66), start=TODAY, last=TODAY + timedelta(days=9), to=tenant)

        page = park.get("portal:start")

        assert "四川科音 66" in text_of(page)
        assert f'href="{reverse("seats:ends")}?within=30#runs"' in page.content.decode()

    def test_is_not_for_an_enterprise(self):
        firm = Desk(make_member(EnterpriseFactory()))
        assert "Ends ahead" not in text_of(firm.get("portal:start"))


@pytest.mark.parametrize("role", [Role.OPERATOR_STAFF, Role.PROMOTION_OFFICER, Role.AUDITOR])
def test_everybody_who_sees_the_park_may_ask(role):
    make_floor(seats=300)
    assert "Yes, from" in text_of(ask(Desk(UserFactory(roles=[role]))))


def test_asking_takes_as_many_statements_whatever_there_is(park, django_assert_num_queries):
    def grow(levels):
        for level in levels:
            floor = make_floor(level=level, seats=80)
            make_allocation(floor, (1, 40), start=TODAY, last=date(2024, 4, 1))

    grow([1])
    ask(park, seats="30")
    with CaptureQueriesContext(connection) as small:
        ask(park, seats="30")
    grow(range(2, 9))

    with django_assert_num_queries(len(small)):
        ask(park, seats="30")

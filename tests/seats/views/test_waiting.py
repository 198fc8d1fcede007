"""The waiting list on its pages, and on the page of a request."""

from datetime import timedelta

import pytest

from seats.models import HowLeft, WaitingEntry
from seats.services.serving import serve_waiting_list
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.factories.waiting import make_submitted, make_waiting
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture(autouse=True)
def taken(floor):
    """C-1-1F: 100 seats, 90 of them taken."""
    return make_allocation(floor, (1, 90))


@pytest.fixture
def waiting(operator):
    """诚伯信息 waits for 40 seats, 别家 behind it for 30 in one run."""
    return [
        make_waiting(
            operator,
            minutes=180,
            seats=40,
            zones=["C"],
            enterprise=EnterpriseFactory(short_name="诚伯信息"),
        ),
        make_waiting(
            operator,
            minutes=5,
            seats=30,
            contiguous=True,
            enterprise=EnterpriseFactory(short_name="别家"),
        ),
    ]


class TestTheList:
    def test_shows_the_order_what_each_waits_for_and_what_fits_today(self, park, waiting):
        text = text_of(park.get("seats:waiting-list"))

        assert "2 requests wait for seats" in text
        first = waiting[0].request
        assert (
            f"1 · 诚伯信息 {first.number} 40 Zone C · from 2024-03-01 3 hours "
            "10 of 40 would fit today" in text
        )
        assert (
            "in one run · from 2024-03-01 less than an hour 10 of 30 would fit today in one run"
            in text
        )

    def test_shows_who_was_passed_over_and_why(self, park, operator, waiting, now, today):
        make_waiting(operator, seats=10, enterprise=EnterpriseFactory(short_name="迈睿"))

        serve_waiting_list(now=now, today=today)

        text = text_of(park.get("seats:waiting-list"))
        assert "passed over on 02-22: 10 seats fitted it then" in text
        assert text.index("诚伯信息") < text.index("别家") < text.index("– · 迈睿")
        assert "Offered to be answered by 2024-02-27" in text

    def test_says_that_all_would_fit(self, park, waiting):
        make_floor(level=2, seats=60)

        assert "All 40 would fit today" in text_of(park.get("seats:waiting-list"))

    def test_is_for_the_park_only(self, firm):
        assert firm.get("seats:waiting-list").status_code == 403

    def test_asks_the_same_number_of_questions_for_many(
        self, park, operator, waiting, django_assert_num_queries, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(8) as few:
            park.get("seats:waiting-list")
        for _number in range(20):
            make_waiting(operator, seats=50)

        with django_assert_num_queries(len(few)):
            park.get("seats:waiting-list")

    def test_says_what_would_be_here(self, park):
        text = text_of(park.get("seats:waiting-list"))

        assert "No request waits for seats" in text
        assert "A request that no vacant seats fit is put here from its own page." in text


class TestOntoTheList:
    def test_shows_the_place_before_it_is_done(self, park, waiting):
        request = make_submitted(seats=20)

        asked = park.get("seats:request-wait", request.pk)

        text = text_of(asked)
        assert "It becomes number 3 on the waiting list" in text
        assert "10 of 20 would fit today" in text
        assert "it is offered them by itself, for 5 days" in text
        assert WaitingEntry.objects.count() == 2
        done = park.post("seats:request-wait", request.pk, **hidden_fields(asked))
        assert "On the waiting list. The enterprise is told its place." in text_of(
            park.follow(done.url)
        )
        assert WaitingEntry.objects.latest("pk").request == request

    def test_says_that_seats_that_fit_are_vacant(self, park):
        request = make_submitted(seats=10)

        text = text_of(park.get("seats:request-wait", request.pk))

        assert "Seats that fit are vacant today." in text

    def test_leads_back_from_what_waits_already(self, park, waiting):
        request = waiting[0].request

        back = park.get("seats:request-wait", request.pk)

        assert "is on the waiting list already" in text_of(park.follow(back.url))

    def test_of_two_tabs_the_second_is_told(self, park, colleague):
        request = make_submitted(seats=20)
        asked = park.get("seats:request-wait", request.pk)
        colleague.post("seats:request-wait", request.pk, **hidden_fields(asked))

        late = park.post("seats:request-wait", request.pk, **hidden_fields(asked))

        assert late.status_code == 412
        assert WaitingEntry.objects.count() == 1

    def test_its_way_is_on_the_page_of_a_request_that_can_wait(self, park, firm, waiting):
        request = make_submitted(seats=20)

        assert "put it on the waiting list" in text_of(park.get("seats:request-detail", request.pk))
        assert "put it on the waiting list" not in text_of(
            park.get("seats:request-detail", waiting[0].request_id)
        )


class TestOffTheList:
    def test_asks_why_and_tells(self, park, waiting):
        page = park.get("seats:waiting-remove", waiting[0].pk)
        assert "The enterprise reads this." in text_of(page)

        done = park.post("seats:waiting-remove", waiting[0].pk, version="1", reason="改为直接安排")

        assert "Taken off the waiting list." in text_of(park.follow(done.url))
        waiting[0].refresh_from_db()
        assert (waiting[0].left_as, waiting[0].reason) == (HowLeft.TAKEN_OFF, "改为直接安排")

    def test_not_without_a_reason(self, park, waiting):
        page = park.post("seats:waiting-remove", waiting[0].pk, version="1", reason="")

        assert "This field is required." in text_of(page)

    def test_tells_who_comes_late(self, park, colleague, waiting):
        colleague.post("seats:waiting-remove", waiting[0].pk, version="1", reason="x")

        stale = park.post("seats:waiting-remove", waiting[0].pk, version="1", reason="y")

        assert stale.status_code == 412
        assert "This request is not on the waiting list any more." in text_of(stale)


class TestTheEnterprise:
    def test_sees_its_place_and_nobody_elses_name(self, at_desk, waiting):
        second = waiting[1].request

        text = text_of(at_desk(second.created_by).get("seats:request-detail", second.pk))

        assert "Number 2 of 2 on the waiting list" in text
        assert "诚伯信息" not in text
        assert "Take it off the list" not in text

    def test_sees_nothing_of_it_once_it_is_offered_seats(self, at_desk, operator, now, today):
        entry = make_waiting(operator, seats=10)
        serve_waiting_list(now=now + timedelta(minutes=1), today=today)

        request = entry.request
        text = text_of(at_desk(request.created_by).get("seats:request-detail", request.pk))

        assert "on the waiting list" not in text

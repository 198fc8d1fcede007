"""What a request can be given, on its page: the free runs that fit, the best ones ticked."""

from datetime import date, timedelta

import pytest

from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


class TestWhatFits:
    def test_free_runs_over_the_whole_period_what_is_proposed_first(self, park, floor, submitted):
        make_allocation(floor, (31, 40), start=date(2024, 4, 1))
        make_floor(level=2, seats=50)
        request = submitted(seats=80, zones=["C"])

        page = park.get("seats:request-detail", request.pk)

        rows = page.context["form"].take.rows
        assert [(row.label, row.length) for row in rows] == [
            ("C-1-1F-041 — 100", 60),
            ("C-1-1F-001 — 030", 30),
            ("C-1-2F-001 — 050", 50),
        ]
        assert [(row.first, row.last) for row in rows if row.is_ticked] == [
            ("41", "100"),
            ("1", "20"),
        ]
        text = text_of(page)
        assert "80 of 80 seats chosen" in text
        assert "Approve 80 seats" in text

    def test_only_runs_of_the_wished_zones_until_somebody_asks_for_all(
        self, park, floor, submitted
    ):
        make_floor(zone="A", seats=10)
        request = submitted(seats=5, zones=["A"])

        wished = park.get("seats:request-detail", request.pk)
        everywhere = park.get("seats:request-detail", request.pk, runs="all")

        assert [row.label for row in wished.context["form"].take.rows] == ["A-1-1F-001 — 010"]
        assert len(everywhere.context["form"].take.rows) == 2

    def test_no_seats_of_a_floor_that_is_not_handed_over(self, park, floor, submitted):
        make_floor(zone="D", delivered_on=None, planned_on=date(2024, 2, 1))

        page = park.get("seats:request-detail", submitted(seats=5).pk)

        assert [row.label for row in page.context["form"].take.rows] == ["C-1-1F-001 — 100"]

    def test_says_that_there_are_too_few(self, park, floor, submitted):
        make_allocation(floor, (1, 60))

        page = text_of(park.get("seats:request-detail", submitted(seats=70).pk))

        assert "Only 40 of 70 seats are vacant all the time." in page
        assert "0 of 70 seats chosen" in page

    def test_says_that_no_run_is_long_enough_where_one_is_asked_for(self, park, floor, submitted):
        make_allocation(floor, (51, 60))

        page = text_of(park.get("seats:request-detail", submitted(seats=70, contiguous=True).pk))

        assert "No run has 70 seats; the longest has 50. The enterprise asks for one run." in page
        assert "0 of 70 seats chosen" in page

    def test_of_many_runs_the_longest_and_those_proposed(self, park, submitted):
        floor = make_floor(seats=2000)
        for place in range(40):
            make_allocation(floor, (place * 50 + 50 - place, place * 50 + 50))
        request = submitted(seats=10)

        page = park.get("seats:request-detail", request.pk)

        rows = page.context["form"].take.rows
        assert len(rows) == 13
        assert [row.length for row in rows if row.is_ticked] == [10]
        assert "See 27 shorter runs" in text_of(page)

    def test_asks_as_often_for_thirty_runs_as_for_two(
        self, park, floor, submitted, django_assert_num_queries, django_assert_max_num_queries
    ):
        request = submitted(seats=10)
        make_allocation(floor, (50, 50))
        with django_assert_max_num_queries(16) as few:
            park.get("seats:request-detail", request.pk)
        for place in range(3, 95, 3):
            make_allocation(floor, (place, place)) if place != 51 else None

        with django_assert_num_queries(len(few)):
            park.get("seats:request-detail", request.pk)


def test_a_request_that_starts_long_ago_offers_what_was_free_since(park, floor, submitted, today):
    make_allocation(floor, (1, 50), start=today - timedelta(days=9), last=today)
    request = submitted(seats=10, start=today - timedelta(days=5))

    page = park.get("seats:request-detail", request.pk)

    assert [row.label for row in page.context["form"].take.rows] == ["C-1-1F-051 — 100"]

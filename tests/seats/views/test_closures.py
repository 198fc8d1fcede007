"""Closing seats and opening them again, on their pages and through the API."""

from datetime import date

import pytest

from seats.models import Allocation, AllocationKind
from tests.desk import text_of
from tests.factories.seats import make_allocation, shape_of
from tests.factories.tenants import EnterpriseFactory
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def typed(**more):
    """Close seats 11 to 50 of C-1-1F from 1 March."""
    return {
        "kind": "closure",
        "start": "2024-03-01",
        "reason": "消防检修",
        "runs-TOTAL_FORMS": "1",
        "runs-INITIAL_FORMS": "0",
        "runs-0-floor": "C-1-1F",
        "runs-0-first": "11",
        "runs-0-last": "50",
        **more,
    }


class TestClosing:
    def test_names_who_has_which_seats_until_when_and_says_what_can_be_done(
        self, park, floor, enterprise
    ):
        taken = make_allocation(floor, (1, 20), to=enterprise, last=date(2024, 12, 31))
        maier = EnterpriseFactory(short_name="迈睿")
        make_allocation(floor, (31, 40), to=maier, last=date(2024, 6, 30), kind=AllocationKind.HOLD)

        page = park.post("seats:allocation-create", **typed())

        assert page.status_code == 409
        text = text_of(page)
        assert "C-1-1F-011 — 020 10 诚伯信息 Contracted 2024-03-01 to 2024-12-31" in text
        assert "C-1-1F-031 — 040 10 迈睿 Held 2024-03-01 to 2024-06-30" in text
        assert "begin on 2025-01-01, when they are vacant" in text
        assert f"/seats/allocations/{taken.pk}/" in page.content.decode()
        assert Allocation.objects.count() == 2

    def test_is_refused_for_days_on_which_somebody_will_have_them(self, park, floor, enterprise):
        make_allocation(floor, (1, 20), to=enterprise, start=date(2024, 9, 1))

        page = park.post("seats:allocation-create", **typed(end="2024-12-31"))

        assert "C-1-1F-011 — 020 10 诚伯信息 Contracted from 2024-09-01" in text_of(page)
        assert "release or end what is in the way first, on its own page" in text_of(page)

    def test_asks_for_a_reason(self, park, floor):
        page = park.post("seats:allocation-create", **typed(reason=" "))

        assert "Say why the seats are closed." in text_of(page)

    def test_keeps_the_day_on_which_they_are_meant_to_be_back(self, park, floor):
        done = park.post("seats:allocation-create", **typed(due_on="2024-05-01"))

        assert "Meant to be back 2024-05-01" in text_of(park.follow(done.url))

    def test_says_beside_the_field_that_other_kinds_are_not_expected_back(
        self, park, floor, enterprise
    ):
        page = park.post(
            "seats:allocation-create",
            **typed(kind="firm", enterprise=enterprise.pk, due_on="2024-05-01"),
        )

        assert "Only closed seats are expected back." in text_of(page)


class TestReopening:
    def test_shows_what_comes_back_and_who_has_it_later(self, park, floor, enterprise):
        closure = make_allocation(
            floor,
            (11, 50),
            kind=AllocationKind.CLOSURE,
            start=date(2024, 2, 1),
            last=date(2024, 5, 31),
        )
        make_allocation(floor, (41, 60), to=enterprise, start=date(2024, 9, 1))

        asked = park.post(
            "seats:allocation-release", closure.pk, start="2024-03-01", run="all", version="1"
        )

        text = text_of(asked)
        assert "C-1-1F-011 — 050, free from 2024-03-01" in text
        assert "Closed 40 → 0" in text
        assert "C-1-1F-041 — 050: 诚伯信息 from 2024-09-01" in text
        assert "Reopen 40 seats" in text
        park.post("seats:allocation-release", closure.pk, **hidden_fields(asked))
        assert shape_of(closure) == [(11, 50, date(2024, 2, 1), date(2024, 3, 1))]


class TestTheList:
    def test_shows_reason_since_until_and_what_is_overdue(self, park, floor):
        make_allocation(
            floor,
            (11, 50),
            kind=AllocationKind.CLOSURE,
            start=date(2024, 1, 10),
            reason="精装修",
            due_on=date(2024, 2, 12),
        )
        make_allocation(
            floor, (51, 52), kind=AllocationKind.CLOSURE, last=date(2024, 4, 30), reason="消防检修"
        )

        text = text_of(park.get("seats:closure-list"))

        assert "2 closures, 1 overdue" in text
        assert "精装修 40 from 2024-01-10 2024-02-12 10 days overdue C-1-1F-011 — 050" in text
        assert "消防检修 2 2024-03-01 to 2024-04-30 – not closed yet" in text

    def test_is_for_the_park_only(self, firm):
        assert firm.get("seats:closure-list").status_code == 403

    def test_asks_the_same_number_of_questions_for_many(
        self, park, floor, django_assert_num_queries, django_assert_max_num_queries
    ):
        make_allocation(floor, (1, 1), kind=AllocationKind.CLOSURE)
        with django_assert_max_num_queries(9) as few:
            park.get("seats:closure-list")
        for first in range(31, 61):
            make_allocation(floor, (first, first), kind=AllocationKind.CLOSURE)

        with django_assert_num_queries(len(few)):
            park.get("seats:closure-list")

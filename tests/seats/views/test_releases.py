"""Releasing seats on its page: first the effect, then the deed."""

from datetime import date

import pytest

from park.models import ReportingMonth
from tests.desk import text_of
from tests.factories.seats import make_allocation, shape_of
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)
SOON = date(2024, 3, 1)


class TestAllocationRelease:
    @pytest.fixture
    def allocation(self, floor, enterprise):
        return make_allocation(floor, (1, 40), (61, 80), start=SINCE, to=enterprise)

    def test_shows_which_seats_from_which_day_before_anything_is_done(self, park, allocation):
        asked = park.post(
            "seats:allocation-release", allocation.pk, start="2024-03-01", run="all", version="1"
        )

        text = text_of(asked)
        assert "C-1-1F-001 — 040, free from 2024-03-01" in text
        assert "诚伯信息 60 → 0" in text
        assert "Release 60 seats" in text
        assert len(shape_of(allocation)) == 2
        done = park.post("seats:allocation-release", allocation.pk, **hidden_fields(asked))
        assert "60 seats are free from 2024-03-01." in text_of(park.follow(done.url))
        assert shape_of(allocation) == [(1, 40, SINCE, SOON), (61, 80, SINCE, SOON)]

    def test_frees_a_part_of_a_run(self, park, allocation):
        block = allocation.blocks.order_by("seats").first()
        asked = park.post(
            "seats:allocation-release",
            allocation.pk,
            start="2024-03-01",
            run=block.pk,
            first="31",
            version="1",
        )

        assert "诚伯信息 60 → 50" in text_of(asked)
        park.post("seats:allocation-release", allocation.pk, **hidden_fields(asked))
        assert (1, 30, SOON, None) in shape_of(allocation)

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"start": ""}, "This field is required."),
            ({"run": "all", "first": "5"}, "Choose a run first"),
            ({"run": "999999"}, "999999 is not one of the available choices."),
            ({"first": "500", "last": "600"}, "This run has no such seats."),
        ],
    )
    def test_says_what_is_wrong(self, park, allocation, typed, message):
        run = allocation.blocks.order_by("seats").first().pk

        page = park.post(
            "seats:allocation-release",
            allocation.pk,
            **{"start": "2024-03-01", "run": run, **typed},
        )

        assert message in text_of(page)

    def test_says_that_nothing_is_left_by_then(self, park, floor):
        short = make_allocation(floor, (1, 5), start=SINCE, last=date(2024, 3, 31))

        page = park.post("seats:allocation-release", short.pk, start="2024-06-01", run="all")

        assert "does not have these seats on or after 2024-06-01" in text_of(page)

    def test_tells_when_somebody_changed_it_meanwhile(self, park, colleague, allocation):
        asked = park.post(
            "seats:allocation-release", allocation.pk, start="2024-03-01", run="all", version="1"
        )
        colleague.post("seats:allocation-release", allocation.pk, **hidden_fields(asked))

        stale = park.post("seats:allocation-release", allocation.pk, **hidden_fields(asked))

        assert stale.status_code == 412
        assert "Somebody changed this while you were working on it." in text_of(stale)
        assert stale.context["form"]["version"].value() == "2"

    def test_says_that_a_month_is_closed(self, park, allocation, now):
        asked = park.post(
            "seats:allocation-release", allocation.pk, start="2024-01-10", run="all", version="1"
        )
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        page = park.post("seats:allocation-release", allocation.pk, **hidden_fields(asked))

        assert page.status_code == 409
        assert "January 2024 is closed." in text_of(page)
        assert len(shape_of(allocation)) == 2

    def test_says_so_at_the_day_before_it_asks(self, park, allocation, now):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        page = park.post(
            "seats:allocation-release", allocation.pk, start="2024-01-10", run="all", version="1"
        )

        assert page.status_code == 409
        assert "Release 60 seats" not in text_of(page)
        assert page.context["form"].errors == {
            "start": ["January 2024 is closed. To correct it, the park reopens it first."]
        }

    def test_takes_the_only_run_by_itself(self, park, floor, enterprise):
        one = make_allocation(floor, (81, 100), start=SINCE, to=enterprise)

        asked = park.post(
            "seats:allocation-release", one.pk, start="2024-03-01", run="all", first="91"
        )

        assert "C-1-1F-091 — 100, free from 2024-03-01" in text_of(asked)
        park.post("seats:allocation-release", one.pk, **hidden_fields(asked))
        assert shape_of(one) == [(81, 90, SOON, None), (81, 100, SINCE, SOON)]

    def test_leads_back_where_nothing_is_left(self, park, allocation):
        allocation.blocks.all().delete()

        late = park.get("seats:allocation-release", allocation.pk)

        assert "No seats are left of it." in text_of(park.follow(late.url))

"""Moving, splitting, extending and ending on their pages: first the effect, then the deed."""

from datetime import date

import pytest

from park.models import ReportingMonth
from seats.models import Allocation
from tests.desk import text_of
from tests.factories.loans import make_arranged
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_request, shape_of
from tests.factories.tenants import EnterpriseFactory
from tests.seats.views.conftest import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE, SOON, JUNE = date(2023, 1, 1), date(2024, 3, 1), date(2024, 6, 1)
RUNS = {"runs-TOTAL_FORMS": "4", "runs-INITIAL_FORMS": "0"}


@pytest.fixture
def allocation(floor, enterprise):
    return make_allocation(floor, (1, 40), (61, 80), start=SINCE, to=enterprise)


@pytest.fixture
def high():
    return make_floor(level=2, seats=100)


def to(floor, first, last, row=0):
    return {f"runs-{row}-floor": floor, f"runs-{row}-first": first, f"runs-{row}-last": last}


def block_of(allocation, number=0):
    return allocation.blocks.order_by("seats")[number].pk


class TestMove:
    def test_shows_what_moves_where_and_then_does_it(self, park, allocation, high):
        typed = {"start": "2024-03-01", "run": block_of(allocation), "first": "31", **RUNS}
        asked = park.post(
            "seats:allocation-move", allocation.pk, **typed, **to("C-1-2F", "1", "12")
        )

        text = text_of(asked)
        assert "C-1-1F-031 — 040, free from 2024-03-01" in text
        assert "C-1-2F-001 — 012, from 2024-03-01" in text
        assert "诚伯信息 60 → 62 seats on 2024-03-01 +2" in text
        assert "It leaves 10 and gets 12: +2." in text
        assert "Vacant in the park 140 → 138 seats on 2024-03-01" in text
        assert "Figures change from March 2024" in text
        assert len(shape_of(allocation)) == 2

        done = park.post("seats:allocation-move", allocation.pk, **hidden_fields(asked))

        page = text_of(park.follow(done.url))
        assert "Moved on 2024-03-01." in page
        assert "moved 12 seats on 2024-03-01: C-1-1F-031 — 040 → C-1-2F-001 — 012" in page
        assert (1, 12, SOON, None) in shape_of(allocation)

    def test_keeps_what_was_typed_and_says_who_has_the_seats(self, park, allocation, high):
        make_allocation(high, (5, 9), start=SINCE, to=EnterpriseFactory(short_name="佰里"))

        page = park.post(
            "seats:allocation-move",
            allocation.pk,
            start="2024-03-01",
            run="all",
            **RUNS,
            **to("C-1-2F", "1", "60"),
        )

        assert page.status_code == 409
        assert "C-1-2F-005 — 009 is taken by 佰里" in text_of(page)
        assert 'name="runs-0-floor" value="C-1-2F"' in page.content.decode()

    def test_makes_room_for_more_runs(self, park, allocation):
        page = park.post(
            "seats:allocation-move",
            allocation.pk,
            start="2024-03-01",
            run="all",
            more="1",
            **RUNS,
            **to("C-1-2F", "1", "30"),
            **to("C-1-2F", "41", "70", row=1),
        )

        assert page.status_code == 200
        assert "Run 5" in text_of(page)

    def test_is_filled_in_by_a_link(self, park, allocation):
        page = park.get(
            "seats:allocation-move",
            allocation.pk,
            start="2024-03-05",
            to_floor="C-1-2F",
            to_first="1",
            to_last="60",
        )

        drawn = page.content.decode()
        assert 'value="2024-03-05"' in drawn
        assert 'name="runs-0-floor" value="C-1-2F"' in drawn


class TestSplit:
    def test_says_that_no_figure_changes_and_leads_to_the_new_one(self, park, allocation):
        asked = park.post("seats:allocation-split", allocation.pk, run=block_of(allocation, 1))

        assert "Same seats, same days: no figure changes." in text_of(asked)
        assert "Split off 20 seats" in text_of(asked)
        done = park.post("seats:allocation-split", allocation.pk, **hidden_fields(asked))

        other = Allocation.objects.latest("pk")
        assert done.url.endswith(f"/{other.pk}/")
        assert "Split. These seats are an allocation of their own now." in text_of(
            park.follow(done.url)
        )

    def test_refuses_all_of_it_beside_the_runs(self, park, allocation):
        page = park.post("seats:allocation-split", allocation.pk, run="all")

        assert page.context["form"].errors == {
            "run": ["These are all of its seats: leave some of them."]
        }


class TestExtend:
    def test_shows_until_when_and_then_does_it(self, park, floor, enterprise):
        short = make_allocation(floor, (1, 10), start=SINCE, last=date(2024, 5, 31), to=enterprise)
        short.request = make_request(enterprise=enterprise, acting_user=park.user)
        short.save()

        asked = park.post("seats:allocation-extend", short.pk, last_day="2024-12-31", run="all")

        text = text_of(asked)
        assert "C-1-1F-001 — 010, 2024-06-01 to 2024-12-31" in text
        assert "诚伯信息 0 → 10 seats on 2024-06-01" in text
        assert f"Request {short.request.number}" in text
        done = park.post("seats:allocation-extend", short.pk, **hidden_fields(asked))
        assert "Extended until 2024-12-31." in text_of(park.follow(done.url))
        assert shape_of(short) == [(1, 10, SINCE, date(2025, 1, 1))]

    def test_says_beside_the_day_what_is_wrong_with_it(self, park, floor, allocation):
        short = make_allocation(floor, (41, 50), start=SINCE, last=date(2024, 5, 31))

        early = park.post("seats:allocation-extend", short.pk, last_day="2024-05-31", run="all")
        endless = park.post(
            "seats:allocation-extend", allocation.pk, last_day="2024-05-31", run="all"
        )

        assert early.context["form"].errors == {
            "last_day": ["They are held until 2024-05-31 already. Give a later day."]
        }
        assert "until further notice already" in text_of(endless)


class TestEnd:
    def test_says_that_these_are_the_last_seats(self, park, allocation):
        asked = park.post("seats:allocation-end", allocation.pk, last_day="2024-05-31")

        text = text_of(asked)
        assert "These are the last seats of 诚伯信息." in text
        assert "End all of it: 60 seats" in text
        done = park.post("seats:allocation-end", allocation.pk, **hidden_fields(asked))
        assert "60 seats are free from 2024-06-01." in text_of(park.follow(done.url))
        assert shape_of(allocation) == [(1, 40, SINCE, JUNE), (61, 80, SINCE, JUNE)]

    def test_says_that_somebody_changed_it_meanwhile(self, park, colleague, allocation):
        asked = park.post("seats:allocation-end", allocation.pk, last_day="2024-05-31", version="1")
        colleague.post("seats:allocation-end", allocation.pk, **hidden_fields(asked))

        assert (
            park.post("seats:allocation-end", allocation.pk, **hidden_fields(asked)).status_code
            == 412
        )

    def test_says_that_a_month_is_closed_before_it_asks(self, park, allocation, now):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        page = park.post("seats:allocation-end", allocation.pk, last_day="2024-01-10")

        assert page.status_code == 409
        assert "January 2024 is closed." in text_of(page)


class TestReleaseOfSeveral:
    def test_frees_every_run_that_was_ticked(self, park, floor, enterprise):
        several = make_allocation(floor, (1, 5), (11, 15), (21, 25), start=SINCE, to=enterprise)
        runs = [block_of(several, 0), block_of(several, 2)]

        asked = park.post("seats:allocation-release", several.pk, start="2024-03-01", run=runs)

        assert "Release 10 seats" in text_of(asked)
        carried = {**hidden_fields(asked), "run": runs}
        park.post("seats:allocation-release", several.pk, **carried)
        assert [shape for shape in shape_of(several) if shape[3] is None] == [(11, 15, SINCE, None)]


class TestThePageOfAnAllocation:
    def test_offers_every_way_to_change_it_to_who_may(self, park, firm, allocation):
        ways = ["Release seats", "Move", "Extend", "Split", "End", "Lend"]

        page = text_of(park.get("seats:allocation-detail", allocation.pk))
        own = text_of(firm.get("seats:allocation-detail", allocation.pk))

        assert all(f" {way} " in page for way in ways)
        assert not any(f" {way} " in own for way in ways)

    def test_of_borrowed_seats_offers_none_and_says_until_when(self, park, floor, allocation):
        loan = make_arranged(floor, (1, 10))

        page = text_of(park.get("seats:allocation-detail", loan.borrower_allocation_id))

        assert "On loan until 2024-05-31." in page
        assert loan.number in page
        assert "Release seats" not in page

    def test_shows_what_is_lent_to_whom_until_when(self, park, firm, floor, allocation):
        loan = make_arranged(floor, (1, 10), to=EnterpriseFactory(short_name="迈睿"))

        for desk in (park, firm):
            page = text_of(desk.get("seats:allocation-detail", allocation.pk))
            assert "诚伯信息 lends 迈睿 10 seats" in page
            assert "C-1-1F-001 — 010 · 2024-04-01 to 2024-05-31" in page
        effect = text_of(park.post("seats:allocation-end", allocation.pk, last_day="2024-05-31"))
        assert f"{loan.number} C-1-1F-001 — 010 is with 迈睿 until 2024-05-31" in effect

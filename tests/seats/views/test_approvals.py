"""Approving requests on their pages: giving seats, taking them back, two operators at it."""

import re
from datetime import date
from typing import Any

import pytest

from park.axis import seat_at
from seats.models import Allocation, AllocationKind, RequestKind, RequestState
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, shape_of
from tests.factories.tenants import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)


def form_of(page):
    """What a browser would send if one pressed the button: ticks, places, hidden fields."""
    html = page.content.decode()
    form = html[html.index('id="request-runs"') :]
    typed: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]+>", form):
        attributes = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        name, value = attributes.get("name", ""), attributes.get("value", "")
        if attributes.get("type") == "checkbox":
            if re.search(r"\bchecked\b", tag):
                typed.setdefault(name, []).append(value)
        elif name:
            typed[name] = value
    return typed


def ticked(floor, first, last, run=None, name="take"):
    """The fields of one run with its tick: seats `first` to `last` of the run that begins there."""
    key = seat_at(floor.pk, run or first)
    return {name: [key], f"{name}_first_{key}": first, f"{name}_last_{key}": last}


class TestApprove:
    def test_gives_what_was_proposed(self, park, floor, submitted):
        request = submitted(seats=60, zones=["C"])
        page = park.get("seats:request-detail", request.pk)

        done = park.post("seats:request-approve", request.pk, **form_of(page))

        allocation = Allocation.objects.get(request=request)
        assert shape_of(allocation) == [(1, 60, START, None)]
        assert allocation.kind == AllocationKind.FIRM
        text = text_of(park.follow(done.url))
        assert "Approved:" in text
        assert "has 60 seats more." in text
        assert "Contracted: 60 seats C-1-1F-001 — 060" in text
        request.refresh_from_db()
        assert request.state == RequestState.FULFILLED

    def test_gives_the_seats_that_were_typed_from_several_runs(self, park, floor, submitted):
        make_allocation(floor, (41, 50), start=SINCE)
        request = submitted(seats=60, end=date(2024, 12, 31))
        one, other = ticked(floor, 11, 40, run=1), ticked(floor, 71, 100, run=51)
        both = {**one, **other, "take": one["take"] + other["take"]}

        park.post("seats:request-approve", request.pk, **both)

        assert shape_of(Allocation.objects.get(request=request)) == [
            (11, 40, START, date(2025, 1, 1)),
            (71, 100, START, date(2025, 1, 1)),
        ]

    @pytest.mark.parametrize(
        ("last", "message"),
        [
            (50, "50 of 60 seats chosen, 10 short."),
            (70, "70 seats chosen, 10 more than the 60 asked for."),
        ],
    )
    def test_says_once_that_the_sum_differs_from_the_wish(
        self, park, floor, submitted, last, message
    ):
        request = submitted(seats=60)

        first = park.post(
            "seats:request-approve", request.pk, **ticked(floor, 1, last), version="2"
        )

        assert message in text_of(first)
        assert f"Approve {last} seats" in text_of(first)
        assert not Allocation.objects.exists()
        done = park.post("seats:request-approve", request.pk, **form_of(first))
        assert done.status_code == 303
        assert shape_of(Allocation.objects.get()) == [(1, last, START, None)]

    def test_asks_whatever_the_page_counted_while_somebody_typed(self, park, floor, submitted):
        request = submitted(seats=60)
        typed = form_of(park.get("seats:request-detail", request.pk))
        counted = {"seen": "50"}

        page = park.post(
            "seats:request-approve", request.pk, **{**typed, **ticked(floor, 1, 50), **counted}
        )

        assert "50 of 60 seats chosen, 10 short." in text_of(page)
        again = {**form_of(page), **ticked(floor, 1, 40)}
        assert "40 of 60 seats chosen" in text_of(
            park.post("seats:request-approve", request.pk, **again)
        )
        assert not Allocation.objects.exists()

    def test_shows_no_second_box_beside_a_tick(self, park, floor, submitted):
        page = park.get("seats:request-detail", submitted(seats=60).pk).content.decode()

        rows = page[page.index('data-run="main"') :]
        assert "<svg" not in rows[: rows.index("</th>")]

    def test_needs_a_run(self, park, floor, submitted):
        page = park.post("seats:request-approve", submitted(seats=60).pk)

        assert page.status_code == 400
        assert "Choose at least one run of seats." in text_of(page)

    @pytest.mark.parametrize(
        ("first", "last", "message"),
        [
            ("", "60", "Type first and last seat as whole numbers."),
            ("eins", "60", "Type first and last seat as whole numbers."),
            ("60", "1", "The last seat must not come before the first."),
            ("0", "60", "The last seat must not come before the first."),
            ("1", "5000", "The last seat must not come before the first."),
        ],
    )
    def test_says_what_is_wrong_beside_the_run_and_keeps_what_was_typed(
        self, park, floor, submitted, first, last, message
    ):
        key = seat_at(floor.pk, 1)
        typed = {"take": [key], f"take_first_{key}": first, f"take_last_{key}": last}

        page = park.post("seats:request-approve", submitted(seats=60).pk, **typed)

        assert f"C-1-1F-001 — 100 ✕ {message}" in text_of(page)
        row = page.context["form"].take.rows[0]
        assert (row.first, row.last, row.is_ticked) == (first, last, True)
        assert not Allocation.objects.exists()

    def test_refuses_seats_beyond_the_floor(self, park, floor, submitted):
        page = park.post(
            "seats:request-approve", submitted(seats=60).pk, **ticked(floor, 50, 109, run=1)
        )

        assert page.status_code == 400
        assert "C-1-1F ends with seat C-1-1F-100." in text_of(page)

    def test_nonsense_is_refused_calmly(self, park, floor, submitted):
        request = submitted(seats=60)
        for typed in (
            {"take": "x"},
            {"take": "9" * 30, "take_first_" + "9" * 30: 1, "take_last_" + "9" * 30: 60},
            {**ticked(floor, 1, 60), "confirmed": "many", "version": "old"},
        ):
            assert park.post("seats:request-approve", request.pk, **typed).status_code in {200, 400}
        assert not Allocation.objects.exists()


class TestTwoOperators:
    def test_the_second_is_told_the_rival_and_offered_what_is_free_now(
        self, park, colleague, floor, submitted
    ):
        make_floor(level=2, seats=70)
        rival = submitted(seats=60, enterprise=EnterpriseFactory(short_name="诚伯信息"))
        mine = submitted(seats=60)
        theirs = form_of(colleague.get("seats:request-detail", rival.pk))
        ours = form_of(park.get("seats:request-detail", mine.pk))
        assert theirs["take"] == ours["take"]

        assert colleague.post("seats:request-approve", rival.pk, **theirs).status_code == 303
        refused = park.post("seats:request-approve", mine.pk, **ours)

        assert refused.status_code == 409
        text = text_of(refused)
        assert "C-1-2F-001 — 060 is taken by 诚伯信息 until further notice." in text
        rows = refused.context["form"].take.rows
        assert [row.label for row in rows] == ["C-1-1F-001 — 100", "C-1-2F-061 — 070"]
        assert Allocation.objects.filter(request=mine).count() == 0
        mine.refresh_from_db()
        assert mine.state == RequestState.SUBMITTED

    def test_what_was_chosen_beside_it_stays(self, park, colleague, floor, submitted):
        above = make_floor(level=2, seats=70)
        mine = submitted(seats=90)
        one, other = ticked(floor, 11, 40, run=1), ticked(above, 1, 60)
        make_allocation(above, (1, 60), start=SINCE)

        refused = park.post(
            "seats:request-approve",
            mine.pk,
            **{**one, **other, "take": one["take"] + other["take"]},
        )

        rows = refused.context["form"].take.rows
        kept = [(row.label, row.first, row.last) for row in rows if row.is_ticked]
        assert kept == [("C-1-1F-001 — 100", "11", "40")]
        assert "30 of 90 seats chosen" in text_of(refused)

    def test_a_run_that_shrank_keeps_what_still_fits(self, park, floor, submitted):
        make_allocation(floor, (1, 20), start=SINCE)
        mine = submitted(seats=60)

        done = park.post("seats:request-approve", mine.pk, **ticked(floor, 31, 90, run=1))

        assert done.status_code == 303
        assert shape_of(Allocation.objects.get(request=mine)) == [(31, 90, START, None)]

    def test_of_the_same_request_the_second_sees_the_newer_state(
        self, park, colleague, floor, submitted
    ):
        request = submitted(seats=60)
        typed = form_of(park.get("seats:request-detail", request.pk))
        colleague.post("seats:request-approve", request.pk, **typed)

        stale = park.post("seats:request-approve", request.pk, **typed)

        assert stale.status_code == 412
        text = text_of(stale)
        assert "Somebody changed this while you were working on it." in text
        assert "The request is “Fulfilled” now; what you sent was not done." in text
        assert "李涛 approved it" in text
        assert "Approve 60 seats" not in text
        assert Allocation.objects.count() == 1


class TestGivingBack:
    @pytest.fixture
    def holder(self, floor):
        enterprise = EnterpriseFactory(short_name="同程旅行")
        make_allocation(floor, (1, 30), start=SINCE, to=enterprise)
        make_allocation(floor, (61, 100), start=SINCE, to=enterprise)
        return enterprise

    def test_offers_what_the_enterprise_has_and_ticks_what_can_only_be_meant(
        self, park, holder, submitted
    ):
        request = submitted(kind=RequestKind.RELEASE, seats=40, enterprise=holder)

        form = park.get("seats:request-detail", request.pk).context["form"]

        assert form.take.rows == []
        assert [(row.label, row.is_ticked) for row in form.give.rows] == [
            ("C-1-1F-001 — 030", False),
            ("C-1-1F-061 — 100", True),
        ]
        assert form.verb == "批准交回 40 席" or form.verb == "Approve giving back 40 seats"

    def test_frees_the_chosen_seats(self, park, floor, holder, submitted):
        request = submitted(kind=RequestKind.RELEASE, seats=15, enterprise=holder)

        done = park.post(
            "seats:request-approve", request.pk, **ticked(floor, 86, 100, run=61, name="give")
        )

        assert "gives back 15 seats." in text_of(park.follow(done.url))
        shapes = [shape for a in Allocation.objects.order_by("pk") for shape in shape_of(a)]
        assert shapes == [
            (1, 30, SINCE, None),
            (61, 85, START, None),
            (61, 100, SINCE, START),
        ]

    def test_needs_to_know_which(self, park, holder, submitted):
        request = submitted(kind=RequestKind.RELEASE, seats=15, enterprise=holder)

        page = park.post("seats:request-approve", request.pk)

        assert "Choose the seats that the enterprise gives back." in text_of(page)

    def test_a_move_takes_and_gives_in_one(self, park, floor, holder, submitted):
        above = make_floor(level=2, seats=70)
        request = submitted(kind=RequestKind.RELOCATE, seats=70, enterprise=holder)
        page = park.get("seats:request-detail", request.pk)
        assert "Seats that come back" in text_of(page)

        park.post("seats:request-approve", request.pk, **form_of(page))

        assert shape_of(Allocation.objects.get(request=request)) == [(1, 70, START, None)]
        assert Allocation.objects.get(request=request).blocks.get().floor == above
        assert {
            shape for a in Allocation.objects.filter(request=None) for shape in shape_of(a)
        } == {(1, 30, SINCE, START), (61, 100, SINCE, START)}

"""Requests on their pages, from the park's side of the desk: above all, approving them."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.permissions import Role
from park.axis import seat_at
from seats.models import Allocation, AllocationKind, RequestKind, RequestState
from seats.services import requests as services
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_request, shape_of
from tests.factories.tenants import EnterpriseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)


@pytest.fixture
def submitted(now, operator):
    """Make a submitted request."""

    def make(**wish):
        request = make_request(acting_user=operator, **wish)
        return services.submit_request(request_id=request.pk, now=now, acting_user=operator)

    return make


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


class TestWhatIsOffered:
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
        with django_assert_max_num_queries(10) as few:
            park.get("seats:request-detail", request.pk)
        for place in range(3, 95, 3):
            make_allocation(floor, (place, place)) if place != 51 else None

        with django_assert_num_queries(len(few)):
            park.get("seats:request-detail", request.pk)


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
            "seats:request-approve", request.pk, **ticked(floor, 1, last), seen="60", version="2"
        )

        assert message in text_of(first)
        assert f"Approve {last} seats" in text_of(first)
        assert not Allocation.objects.exists()
        done = park.post("seats:request-approve", request.pk, **form_of(first))
        assert done.status_code == 303
        assert shape_of(Allocation.objects.get()) == [(1, last, START, None)]

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
            {**ticked(floor, 1, 60), "seen": "many", "version": "old"},
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


class TestOtherDecisions:
    def test_taking_up_tells_the_enterprise_who_has_it(self, park, firm, floor, submitted, now):
        request = submitted(enterprise=firm.user.memberships.get().enterprise)

        done = park.post("seats:request-take-up", request.pk, version=request.version)

        assert "You have it now." in text_of(park.follow(done.url))
        page = text_of(firm.get("seats:request-detail", request.pk))
        assert "With whom 张敏 (the park)" in page
        assert "张敏 took it up" in page

    def test_another_may_take_it_over(self, park, colleague, floor, submitted):
        request = submitted()
        park.post("seats:request-take-up", request.pk)

        assert "Take it over" in text_of(colleague.get("seats:request-detail", request.pk))
        assert "Take it" not in text_of(park.get("seats:request-detail", request.pk))
        colleague.post("seats:request-take-up", request.pk)
        assert "李涛 took it over" in text_of(park.get("seats:request-detail", request.pk))

    def test_of_two_who_take_it_up_at_once_the_second_is_told(
        self, park, colleague, floor, submitted
    ):
        request = submitted()
        colleague.post("seats:request-take-up", request.pk, version=2)

        stale = park.post("seats:request-take-up", request.pk, version=2)

        assert stale.status_code == 412
        assert "Somebody changed this while you were working on it." in text_of(stale)
        assert "With whom 李涛 (the park)" in text_of(stale)

    @pytest.mark.parametrize(
        ("name", "state"),
        [("send-back", RequestState.SENT_BACK), ("reject", RequestState.REJECTED)],
    )
    def test_sending_back_and_turning_down_need_a_note(self, park, floor, submitted, name, state):
        request = submitted()
        assert park.get(f"seats:request-{name}", request.pk).status_code == 200

        empty = park.post(f"seats:request-{name}", request.pk, note="  ")
        assert "This field is required." in text_of(empty)

        park.post(f"seats:request-{name}", request.pk, note="缺业务说明。", version=2)
        request.refresh_from_db()
        assert request.state == state
        assert "缺业务说明。" in text_of(park.get("seats:request-detail", request.pk))

    def test_what_does_not_follow_is_refused_with_the_state(self, park, floor, submitted, now):
        request = submitted()
        park.post("seats:request-reject", request.pk, note="没有空席。")

        again = park.post("seats:request-take-up", request.pk)

        assert again.status_code == 409
        assert "is “Rejected” now" in text_of(again)


class TestWhoMayDecide:
    NAMES = ("take-up", "send-back", "reject", "approve")

    @pytest.mark.parametrize("role", list(Role))
    def test_operators_alone(self, person, at_desk, floor, submitted, role):
        request, desk = submitted(), at_desk(person(role))
        may = role in {Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF}

        for name in self.NAMES:
            expected = (302 if name == "approve" else 200) if may else 403
            assert desk.get(f"seats:request-{name}", request.pk).status_code == expected
        if not may:
            for name in self.NAMES:
                assert desk.post(f"seats:request-{name}", request.pk).status_code == 403

    def test_not_even_of_ones_own_enterprise(self, firm, floor, submitted):
        request = submitted(enterprise=firm.user.memberships.get().enterprise)

        assert firm.post("seats:request-approve", request.pk).status_code == 403

    def test_drafts_of_others_are_not_there(self, park, floor, firm):
        draft = make_request(acting_user=firm.user)

        for name in self.NAMES:
            assert park.get(f"seats:request-{name}", draft.pk).status_code == 404

    def test_who_is_not_signed_in_is_asked_to(self, client, floor, submitted):
        request = submitted()
        for name in self.NAMES:
            address = reverse(f"seats:request-{name}", args=[request.pk])
            assert client.post(address).url.startswith("/accounts/login/")


def test_a_request_that_starts_long_ago_offers_what_was_free_since(park, floor, submitted, today):
    make_allocation(floor, (1, 50), start=today - timedelta(days=9), last=today)
    request = submitted(seats=10, start=today - timedelta(days=5))

    page = park.get("seats:request-detail", request.pk)

    assert [row.label for row in page.context["form"].take.rows] == ["C-1-1F-051 — 100"]

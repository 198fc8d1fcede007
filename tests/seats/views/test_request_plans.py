"""Plans on the page of a request: for every kind that gets seats, one click offers one."""

from datetime import date

import pytest

from seats.models import Allocation, RequestKind, RequestState
from seats.services.wishes import Phase
from tests.conftest import TODAY
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, shape_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


def press(desk, page, number=1, **more):
    """Press the button of a plan on the page of a request, with all that its form carries."""
    line, rows = page.context["plans"][number - 1], page.context["form"].give.rows
    request = page.context["seat_request"]
    given = {"give": [row.key for row in rows if row.is_ticked]}
    for row in rows:
        given |= {f"give_first_{row.key}": row.first, f"give_last_{row.key}": row.last}
    posted = {"version": request.version, "plan": line.sent, **given, **more}
    assert f'value="{line.sent}"' in page.content.decode()
    return desk.post("seats:request-offer", request.pk, **posted)


def ticked(page):
    return [
        (row.label, row.first, row.last)
        for part in page.context["form"].parts
        for row in part.choice.rows
        if row.is_ticked
    ]


def test_one_click_offers_it(park, floor, submitted):
    request = submitted(seats=80, start=MAY)
    page = park.get("seats:request-detail", request.pk)
    assert "1 · C-1-1F: one run of 80 seats" in text_of(page)

    answer = press(park, page)

    request.refresh_from_db()
    assert request.state == RequestState.OFFERED
    assert shape_of(request.offer) == [(1, 80, MAY, None)]
    assert "Offered: 80 seats are held for" in text_of(park.follow(answer.url))


def test_the_best_is_ticked_below_or_the_one_that_was_asked_for(park, floor, submitted):
    make_floor(level=2, seats=80)
    request = submitted(seats=60, start=MAY)

    page = park.get("seats:request-detail", request.pk)
    other = park.get("seats:request-detail", request.pk, plan="2")

    assert ticked(page) == [("C-1-2F-001 — 080", "1", "60")]
    assert ticked(other) == [("C-1-1F-001 — 100", "1", "60")]
    assert "60 of 60 seats chosen" in text_of(other)
    for odd in ("0", "-1", "9", "x", "１"):
        assert ticked(park.get("seats:request-detail", request.pk, plan=odd)) == ticked(page)


def test_of_a_request_in_phases_each_is_held_from_its_day(park, floor, submitted):
    request = submitted(seats=90, start=MAY, phases=[Phase(60, MAY), Phase(30, JUNE)])

    page = park.get("seats:request-detail", request.pk)

    assert "from 2024-06-01: vacant today" in text_of(page)
    assert ticked(page) == [("C-1-1F-001 — 100", "1", "60"), ("C-1-1F-001 — 100", "61", "90")]
    press(park, page)
    request.refresh_from_db()
    assert shape_of(request.offer) == [(1, 60, MAY, None), (61, 90, JUNE, None)]


def test_for_too_many_seats_in_phases_says_which_does_not_fit_and_what_would(
    park, floor, submitted
):
    make_floor(zone="A", seats=2900)
    wish = {"start": MAY, "zones": ["C"], "phases": [Phase(60, MAY), Phase(2440, JUNE)]}
    request = submitted(seats=2500, **wish)

    page = park.get("seats:request-detail", request.pk)

    text = text_of(page)
    assert "Phase 2 does not fit: 2,440 seats from 2024-06-01" in text
    assert "40 seats would fit under the same wishes." in text
    assert "It fits in zone A." in text
    assert ticked(page) == [("C-1-1F-001 — 100", "1", "60")]
    everywhere = park.get("seats:request-detail", request.pk, runs="all")
    assert "1 · A-1-1F: one run of 2,500 seats" in text_of(everywhere)


class TestMoves:
    @pytest.fixture
    def move(self, floor, enterprise, submitted):
        """The enterprise has C-1-1F-001 — 020 and asks to move them."""
        make_allocation(floor, (1, 20), start=TODAY, to=enterprise)
        return submitted(seats=20, start=MAY, kind=RequestKind.RELOCATE, enterprise=enterprise)

    def test_one_click_offers_the_new_seats_for_the_old_ones(self, park, firm, move):
        press(park, park.get("seats:request-detail", move.pk))

        move.refresh_from_db()
        assert shape_of(move.offer) == [(21, 40, MAY, None)]
        text = text_of(firm.get("seats:request-detail", move.pk))
        assert "Seats given back C-1-1F-001 — 020, free from 2024-05-01 Accept 20 seats" in text

    def test_asks_once_where_nothing_would_come_back(self, park, move):
        page = park.get("seats:request-detail", move.pk)

        asked = press(park, page, give=[])

        assert "This is a move, and nothing comes back" in text_of(asked)
        assert ticked(asked) == [("C-1-1F-021 — 100", "21", "40")]
        move.refresh_from_db()
        assert move.state == RequestState.SUBMITTED
        press(park, page, give=[], confirmed="20")
        move.refresh_from_db()
        assert move.state == RequestState.OFFERED


def test_who_comes_second_is_told_so_and_nothing_is_held_twice(park, colleague, floor, submitted):
    make_floor(level=2, seats=80)
    request = submitted(seats=80, start=MAY)
    mine = park.get("seats:request-detail", request.pk)
    press(colleague, colleague.get("seats:request-detail", request.pk))

    answer = press(park, mine)

    assert answer.status_code in {409, 412}
    assert Allocation.objects.count() == 1


def test_where_somebody_took_a_seat_of_it_says_who_and_shows_plans_as_they_are(
    park, floor, submitted
):
    request = submitted(seats=80, start=MAY)
    page = park.get("seats:request-detail", request.pk)
    make_allocation(floor, (80, 80), start=TODAY)

    answer = press(park, page)

    assert answer.status_code == 409
    assert [line.plan.takes[0].label for line in answer.context["plans"]] == ["C-1-1F-001 — 079"]
    assert not request.allocations.exists()


@pytest.mark.parametrize("plan", ["x", "0:1", "0:1-", "9" * 40, "77:1-2", "0:9-1 0:9-1", " "])
def test_a_plan_that_is_none_is_refused(park, floor, submitted, plan):
    request = submitted(seats=80)

    answer = park.post("seats:request-offer", request.pk, plan=plan, version=request.version)

    assert answer.status_code in {200, 400}
    assert not Allocation.objects.exists()


def test_a_request_to_give_back_has_none(park, floor, enterprise, submitted):
    make_allocation(floor, (1, 20), start=TODAY, to=enterprise)
    request = submitted(seats=20, start=MAY, kind=RequestKind.RELEASE, enterprise=enterprise)
    assert "plans" not in park.get("seats:request-detail", request.pk).context


def test_the_waiting_list_is_for_what_does_not_fit(park, floor, submitted):
    fits, too_large = submitted(seats=80), submitted(seats=90)
    make_allocation(floor, (81, 100), start=TODAY)
    way = "No vacant seats fit: put it on the waiting list"
    assert way not in text_of(park.get("seats:request-detail", fits.pk))
    assert way in text_of(park.get("seats:request-detail", too_large.pk))

"""What the page of a request says: its kind in words, and what came of it in the end."""

from datetime import date

import pytest

from park.axis import Span
from seats.models import RequestKind
from seats.services.approvals import approve_request
from tests.conftest import NOW, TODAY
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import START, make_allocation, make_request, make_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

SINCE = date(2023, 1, 1)


@pytest.fixture
def approve(operator):
    def run(request, *rectangles, released=()):
        return approve_request(
            request_id=request.pk,
            rectangles=rectangles,
            released=released,
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )

    return run


class TestAnApprovedRequest:
    def test_says_how_many_of_how_many_seats_it_gave(
        self, firm, floor, enterprise, submitted, approve
    ):
        request = submitted(enterprise=enterprise, seats=60)

        approve(request, make_run(floor, 1, 20), make_run(floor, 41, 52))

        page = text_of(firm.get("seats:request-detail", request.pk))
        assert "Seats 60 seats" in page
        assert "Nothing follows. 32 of 60 seats given" in page
        assert "张敏 approved it: 32 of 60 seats given" in page

    def test_says_nothing_of_it_in_its_history_where_all_was_given(
        self, firm, floor, enterprise, submitted, approve
    ):
        request = submitted(enterprise=enterprise, seats=20)

        approve(request, make_run(floor, 1, 20))

        page = text_of(firm.get("seats:request-detail", request.pk))
        assert "20 of 20 seats given" in page
        assert "张敏 approved it:" not in page

    def test_says_which_seats_were_given_back_whatever_becomes_of_them(
        self, firm, floor, enterprise, submitted, approve
    ):
        make_allocation(floor, (1, 30), start=SINCE, to=enterprise)
        make_allocation(floor, (31, 40), start=SINCE, to=enterprise)
        request = submitted(enterprise=enterprise, seats=40, kind=RequestKind.RELEASE)

        approve(request, released=[(make_run(floor, 21, 50).seats, START)])
        make_allocation(floor, (25, 35), start=START)

        page = text_of(firm.get("seats:request-detail", request.pk))
        assert "20 of 40 seats given back" in page
        assert "Seats given back" in page
        assert "C-1-1F-021 — 040 20" in page
        assert "2024-03-01" in page

    def test_of_a_move_shows_both(self, firm, floor, enterprise, submitted, approve):
        make_allocation(floor, (1, 30), start=SINCE, to=enterprise)
        request = submitted(enterprise=enterprise, seats=30, kind=RequestKind.RELOCATE)
        above = make_floor(level=2, seats=70)
        old = Span(floor.seats.lower, floor.seats.lower + 30)

        approve(request, make_run(above, 1, 30), released=[(old, START)])

        page = text_of(firm.get("seats:request-detail", request.pk))
        assert "Contracted: 30 seats C-1-2F-001 — 030" in page
        assert "C-1-1F-001 — 030 30" in page


@pytest.mark.usefixtures("floor")
class TestPastItsSteps:
    @pytest.mark.parametrize("name", ["edit", "send-back", "reject", "take-up", "withdraw"])
    def test_the_pages_of_its_steps_lead_back_to_it(self, park, operator, submitted, name):
        request = submitted()
        park.post("seats:request-reject", request.pk, note="没有空席。")

        late = park.get(f"seats:request-{name}", request.pk)

        assert late.status_code == 302
        assert "is “Rejected” now" in text_of(park.follow(late.url))


def test_every_kind_has_its_words(firm, floor, enterprise):
    make_allocation(floor, (1, 1), start=START, to=enterprise)
    titles = {
        kind: text_of(
            firm.get(
                "seats:request-detail",
                make_request(
                    enterprise=enterprise, kind=kind, seats=1, start=START, acting_user=firm.user
                ).pk,
            )
        )
        for kind in RequestKind
    }

    assert "诚伯信息: 1 new seat from 1 March 2024" in titles[RequestKind.NEW]
    assert "诚伯信息: 1 more seat from 1 March 2024" in titles[RequestKind.EXPAND]
    assert "诚伯信息: move of 1 seat on 1 March 2024" in titles[RequestKind.RELOCATE]
    assert "诚伯信息: gives back 1 seat from 1 March 2024" in titles[RequestKind.RELEASE]

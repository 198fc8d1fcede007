"""Offers on their pages: chosen, sent, looked at, accepted or declined, handed over."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from foundation import clock
from seats.models import AllocationKind, RequestKind, SeatRequest
from seats.services import requests as services
from seats.services.floors import deliver_floor
from tests.conftest import NOW
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import START, make_allocation, make_request, shape_of
from tests.seats.views.conftest import hidden_fields
from tests.seats.views.test_approvals import form_of, ticked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def asked(firm, enterprise, floor, now):
    """A request of the enterprise for 60 seats, submitted by its manager."""
    request = make_request(enterprise=enterprise, seats=60, acting_user=firm.user)
    return services.submit_request(request_id=request.pk, now=now, acting_user=firm.user)


@pytest.fixture
def offered(park, asked):
    page = park.get("seats:request-detail", asked.pk)
    park.post("seats:request-offer", asked.pk, **form_of(page))
    asked.refresh_from_db()
    return asked


class TestOffering:
    def test_holds_what_was_proposed_and_sends_it(self, park, asked):
        page = park.get("seats:request-detail", asked.pk)
        assert "Hold 60 seats and offer them" in text_of(page)
        assert form_of(page)["until"] == "2024-03-08"

        done = park.post("seats:request-offer", asked.pk, **form_of(page))

        hold = asked.allocations.get()
        assert (hold.kind, shape_of(hold)) == (AllocationKind.HOLD, [(1, 60, START, None)])
        text = text_of(park.follow(done.url))
        assert "Offered: 60 seats are held for 诚伯信息." in text
        assert "Next: the enterprise accepts or declines the offer." in text
        assert "张敏 offered 60 seats until 2024-03-08 C-1-1F-001 — 060 · from 2024-03-01" in text

    def test_holds_until_the_day_that_was_typed_that_day_included(self, park, asked):
        typed = form_of(park.get("seats:request-detail", asked.pk))

        park.post("seats:request-offer", asked.pk, **{**typed, "until": "2024-02-26"})

        expires = asked.allocations.get().expires_at
        assert (
            expires.astimezone()
            .isoformat()
            .startswith(datetime(2024, 2, 27, tzinfo=NOW.tzinfo).astimezone().isoformat()[:16])
        )

    def test_says_beside_the_field_that_the_day_is_over(self, park, asked):
        typed = form_of(park.get("seats:request-detail", asked.pk))

        page = park.post("seats:request-offer", asked.pk, **{**typed, "until": "2024-02-21"})

        assert page.status_code == 400
        assert "An offer must hold longer than until now." in text_of(page)
        assert page.context["form"].errors.keys() == {"until"}
        assert not asked.allocations.exists()

    def test_says_once_that_the_sum_differs_from_the_wish(self, park, floor, asked):
        first = park.post("seats:request-offer", asked.pk, **ticked(floor, 1, 50), version="2")

        assert "Offer once more to offer just these." in text_of(first)
        assert not asked.allocations.exists()
        park.post("seats:request-offer", asked.pk, **form_of(first))
        assert shape_of(asked.allocations.get()) == [(1, 50, START, None)]

    def test_writes_along_what_the_enterprise_reads(self, park, firm, asked):
        typed = form_of(park.get("seats:request-detail", asked.pk))

        park.post("seats:request-offer", asked.pk, **{**typed, "note": "同层还有 20 席"})

        assert "The park wrote: 同层还有 20 席" in text_of(
            firm.get("seats:request-detail", asked.pk)
        )

    def test_of_two_operators_the_second_sees_the_newer_state(self, park, colleague, asked):
        typed = form_of(park.get("seats:request-detail", asked.pk))
        colleague.post("seats:request-offer", asked.pk, **typed)

        stale = park.post("seats:request-approve", asked.pk, **typed)

        assert stale.status_code == 412
        assert "李涛 offered 60 seats" in text_of(stale)
        assert asked.allocations.count() == 1

    def test_shows_a_floor_to_come_where_the_others_are_too_few(self, park, firm, enterprise, now):
        make_floor(zone="D", seats=300, delivered_on=None, planned_on=date(2024, 2, 1))
        request = make_request(enterprise=enterprise, seats=200, acting_user=firm.user)
        services.submit_request(request_id=request.pk, now=now, acting_user=firm.user)

        page = park.get("seats:request-detail", request.pk)

        assert "floor not handed over yet: can be offered, not approved" in text_of(page)
        assert form_of(page)["take"]

    def test_is_not_there_for_giving_back(self, park, floor, enterprise, submitted):
        make_allocation(floor, (1, 30), start=date(2023, 1, 1), to=enterprise)
        request = submitted(kind=RequestKind.RELEASE, seats=30, enterprise=enterprise)

        page = park.get("seats:request-detail", request.pk)

        assert "offer" not in text_of(page).partition("What happened")[0]
        assert "Approve giving back 30 seats" in text_of(page)

    def test_by_get_leads_to_the_request(self, park, asked):
        assert park.get("seats:request-offer", asked.pk).url == reverse(
            "seats:request-detail", args=[asked.pk]
        )


class TestPhases:
    @pytest.fixture
    def in_phases(self, firm, enterprise, floor):
        """60 seats in March, 30 more in June; asked for on the page."""
        firm.post(
            "seats:request-create",
            **{
                "kind": "new",
                "seats": "90",
                "start": "2024-03-01",
                "phases-TOTAL_FORMS": "3",
                "phases-INITIAL_FORMS": "0",
                "phases-0-seats": "60",
                "phases-0-start": "2024-03-01",
                "phases-1-seats": "30",
                "phases-1-start": "2024-06-01",
                "submit": "1",
            },
        )
        return SeatRequest.objects.get()

    def test_are_offered_each_from_its_day(self, park, firm, in_phases):
        page = park.get("seats:request-detail", in_phases.pk)
        assert "Phase 1: 60 seats, vacant from 2024-03-01 on" in text_of(page)
        assert "Phase 2: 30 seats, vacant from 2024-06-01 on" in text_of(page)
        assert "90 of 90 seats chosen" in text_of(page)

        park.post("seats:request-offer", in_phases.pk, **form_of(page))

        assert shape_of(in_phases.allocations.get()) == [
            (1, 60, date(2024, 3, 1), None),
            (61, 90, date(2024, 6, 1), None),
        ]
        firm.post("seats:request-accept", in_phases.pk)
        text = text_of(firm.get("seats:request-detail", in_phases.pk))
        assert "Given by then 2024-03-01 60 60 60 2024-06-01 30 90 90" in text

    def test_say_beside_them_what_is_wrong(self, firm, floor):
        page = firm.post(
            "seats:request-create",
            **{
                "kind": "new",
                "seats": "90",
                "start": "2024-03-01",
                "phases-TOTAL_FORMS": "3",
                "phases-INITIAL_FORMS": "0",
                "phases-0-seats": "60",
                "phases-0-start": "2024-03-01",
                "submit": "1",
            },
        )

        text = text_of(page)
        assert text.count("The phases add up to 60 seats, not to the 90 asked for.") == 2
        assert 'value="60"' in page.content.decode()
        assert not SeatRequest.objects.exists()

    def test_have_room_for_more(self, firm, floor):
        typed = {"kind": "expand", "seats": "90", "note": "三班", "zones": ["C"]}
        rows = {"phases-TOTAL_FORMS": "3", "phases-INITIAL_FORMS": "0", "phases-2-seats": "30"}

        page = firm.post("seats:request-create", **typed, **rows, more="1")

        assert page.status_code == 200
        form = page.context["form"]
        assert [row["seats"].value() for row in form.phases] == ["30", None, None, None]
        assert (form["note"].value(), form["zones"].value()) == ("三班", ["C"])
        assert not SeatRequest.objects.exists()

    def test_are_at_most_twelve(self, firm, floor):
        rows = {f"phases-{row}-seats": "1" for row in range(12)}

        page = firm.post("seats:request-create", **rows, more="1")

        assert len(page.context["form"].phases.forms) == 12
        assert "More phases" not in text_of(page)

    def test_come_back_when_one_edits(self, firm, in_phases, operator, now):
        services.send_back_request(
            request_id=in_phases.pk, note="缺。", now=now, acting_user=operator
        )

        form = firm.get("seats:request-edit", in_phases.pk).context["form"]

        assert [row["seats"].value() for row in form.phases][:3] == ["60", "30", None]

    @pytest.fixture
    def edit(self, firm, in_phases, operator, now):
        """Send the request back; return how the enterprise sends its form again, changed or not."""
        services.send_back_request(
            request_id=in_phases.pk, note="缺。", now=now, acting_user=operator
        )
        form = firm.get("seats:request-edit", in_phases.pk).context["form"]
        typed = {"kind": "new", "seats": "90", "start": "2024-03-01", "submit": "1"}
        typed["version"] = str(form.initial["version"])
        fields = [form.phases.management_form, *form.phases]
        typed |= {one.html_name: str(one.value() or "") for part in fields for one in part}

        def send(**changed):
            return firm.post("seats:request-edit", in_phases.pk, **{**typed, **changed})

        return send

    def test_stay_where_one_edits_something_else(self, edit, in_phases):
        assert edit(note="三班").status_code == 303

        rows = in_phases.phases.order_by("start").values_list("seats", "start")
        assert list(rows) == [(60, date(2024, 3, 1)), (30, date(2024, 6, 1))]

    def test_go_where_their_rows_are_emptied(self, edit, in_phases):
        gone = {"phases-1-seats": "", "phases-1-start": ""}

        edit(**gone, seats="60")

        in_phases.refresh_from_db()
        assert in_phases.seats == 60
        assert not in_phases.phases.exists()  # one phase is all of it


class TestAnswering:
    def test_the_page_shows_what_accepting_changes_and_until_when(self, firm, floor, offered):
        make_allocation(floor, (91, 95), start=date(2024, 1, 1), to=offered.enterprise)

        text = text_of(firm.get("seats:request-detail", offered.pk))

        assert "Next: accept the offered seats, or decline." in text
        assert "60 of 60 seats, held until 2024-03-08" in text
        assert "C-1-1F-001 — 060" in text
        assert "Contracted on 2024-03-01: 5 → 65 seats" in text
        assert "Accept 60 seats" in text
        assert "Decline the offer" in text

    def test_accepting_asks_where_no_form_was_sent(self, firm, offered):
        page = text_of(firm.get("seats:request-accept", offered.pk))

        assert "Accept 60 seats" in page
        assert "Held → Contracted" in page

    def test_accepting_does_it(self, firm, park, offered):
        page = firm.get("seats:request-accept", offered.pk)

        done = firm.post("seats:request-accept", offered.pk, **hidden_fields(page))

        assert "Accepted. The park hands the seats over." in text_of(firm.follow(done.url))
        assert offered.allocations.get().kind == AllocationKind.FIRM
        text = text_of(park.get("seats:request-detail", offered.pk))
        assert "Next: hand the seats over, then confirm it here." in text
        assert "60 of 60 seats given" in text

    def test_accepting_too_late_says_so(self, firm, offered, monkeypatch):
        later = NOW + timedelta(days=20)
        monkeypatch.setattr(clock, "now", lambda: later)
        monkeypatch.setattr(clock, "today", lambda: later.date())

        late = firm.post("seats:request-accept", offered.pk, version=offered.version)

        assert late.status_code == 409
        text = text_of(late)
        assert "The offer has expired and its seats are free." in text
        assert "The offer expired; its seats are vacant" in text

    def test_declining_needs_a_reason_and_tells_it(self, firm, park, offered):
        empty = firm.post("seats:request-decline", offered.pk, note=" ")
        assert "What the park reads" in text_of(empty)
        assert "This field is required." in text_of(empty)

        firm.post("seats:request-decline", offered.pk, note="希望在同一栋")

        text = text_of(park.get("seats:request-detail", offered.pk))
        assert "The enterprise wrote: 希望在同一栋" in text
        assert "周倩 declined the offer: 希望在同一栋" in text
        assert "Hold 60 seats and offer them" in text
        assert "Approve 60 seats" not in text
        assert "What was allocated" not in text

    def test_the_park_sees_the_offer_and_can_take_it_back(self, park, firm, offered):
        page = text_of(park.get("seats:request-detail", offered.pk))
        assert "Accept 60 seats" not in page
        assert "Take the offer back" in page

        park.post("seats:request-recall", offered.pk, note="楼层另有安排")

        assert "The offer was taken back: 楼层另有安排" in text_of(
            firm.get("seats:request-detail", offered.pk)
        )

    def test_handing_over_seats_of_a_floor_to_come(
        self, park, firm, enterprise, floor, operator, monkeypatch
    ):
        planned = make_floor(zone="D", seats=300, delivered_on=None, planned_on=date(2024, 2, 1))
        request = make_request(enterprise=enterprise, acting_user=firm.user)
        Way(planned, operator).bring(request, "offered")
        assert "Pre-selected: the seats stay held" in text_of(
            firm.get("seats:request-accept", request.pk)
        )
        firm.post("seats:request-accept", request.pk)
        text = text_of(firm.get("seats:request-detail", request.pk))
        assert "Next: the floor is handed over. Until then the seats stay held." in text
        refused = park.post("seats:request-fulfil", request.pk)
        assert "D-1-1F is not handed over yet." in text_of(refused)

        deliver_floor(floor_id=planned.pk, day=NOW.date(), now=NOW, acting_user=operator)
        page = park.get("seats:request-fulfil", request.pk)
        assert "Confirm that 10 seats are handed over" in text_of(page)
        done = park.post("seats:request-fulfil", request.pk, **hidden_fields(page))

        assert "Done. The request is fulfilled." in text_of(park.follow(done.url))

    def test_the_hold_leads_back_to_the_request(self, park, offered):
        hold = offered.allocations.get()

        page = park.post("seats:allocation-confirm", hold.pk)

        assert page.status_code == 409
        assert f"by request {offered.number}" in text_of(page)
        detail = park.get("seats:allocation-detail", hold.pk).content.decode()
        assert reverse("seats:request-detail", args=[offered.pk]) in detail
        assert reverse("seats:allocation-confirm", args=[hold.pk]) not in detail
        assert reverse("seats:allocation-release", args=[hold.pk]) not in detail


class TestHandingOver:
    def test_tells_the_colleague_what_is_to_be_done(self, park, colleague, asked):
        park.post("seats:request-take-up", asked.pk)
        page = park.get("seats:request-hand-over", asked.pk)
        options = re.findall(r"<option[^>]*>([^<]+)", page.content.decode())
        assert "李涛" in options
        assert "张敏" not in options

        done = park.post(
            "seats:request-hand-over", asked.pk, to=colleague.user.pk, note="我休假，请接着办"
        )

        text = text_of(park.follow(done.url))
        assert "Handed over to 李涛." in text
        assert "张敏 handed it over to 李涛: 我休假，请接着办" in text
        assert "With whom 李涛 (the park)" in text

    def test_what_is_in_my_hands_can_be_listed(self, park, colleague, asked, submitted):
        submitted()
        park.post("seats:request-take-up", asked.pk)

        mine = park.get("seats:request-list", mine="on").context["lines"]
        theirs = colleague.get("seats:request-list", mine="on").context["lines"]

        assert ([line.request for line in mine], theirs) == ([asked], [])


class TestTheClock:
    def test_is_on_the_page_and_in_the_list(self, park, firm, asked, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
        for desk in (park, firm):
            page = text_of(desk.get("seats:request-detail", asked.pk))
            assert "23 working hours left, 24 promised" in page
            assert "The park answers by 2024-02-27 10:00, by the working calendar" in page
            assert "23 working hours left" in text_of(desk.get("seats:request-list"))

    def test_says_how_much_it_is_over(self, park, asked, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: datetime(2024, 2, 27, 12, tzinfo=NOW.tzinfo))

        page = text_of(park.get("seats:request-detail", asked.pk))

        assert "2 working hours over, 24 promised" in page
        assert "2 working hours over" in text_of(park.get("seats:request-list"))

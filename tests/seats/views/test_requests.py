"""Requests on their pages, from the enterprise's side of the desk."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.permissions import Role
from park.models import ReportingMonth
from seats.models import RequestState, SeatRequest
from seats.services import requests as services
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.seats import make_request
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock", "floor")]

WISH = {"kind": "new", "seats": "60", "start": "2024-03-01", "end": "", "note": ""}


def submitted(request, now, acting_user):
    return services.submit_request(request_id=request.pk, now=now, acting_user=acting_user)


@pytest.fixture
def draft(enterprise, firm):
    return make_request(enterprise=enterprise, seats=60, acting_user=firm.user)


@pytest.fixture
def asked(draft, firm, now):
    """The draft, submitted."""
    return submitted(draft, now, firm.user)


@pytest.fixture
def sent_back(asked, operator, now):
    return services.send_back_request(
        request_id=asked.pk, note="请写明业务。", now=now, acting_user=operator
    )


class TestRequestList:
    @pytest.fixture
    def several(self, now, operator):
        """One in each state that waits for somebody, and one that is over."""
        names = ["甲", "乙", "丙", "丁"]
        requests = []
        for age, name in enumerate(names, start=1):
            at = now - timedelta(days=age)
            request = make_request(
                enterprise=EnterpriseFactory(short_name=name), acting_user=operator, now=at
            )
            requests.append(submitted(request, at, operator))
        services.take_up_request(request_id=requests[1].pk, now=now, acting_user=operator)
        services.send_back_request(
            request_id=requests[2].pk, note="缺。", now=now, acting_user=operator
        )
        services.withdraw_request(request_id=requests[3].pk, now=now, acting_user=operator)
        return requests

    def test_shows_what_waits_for_the_park_first_the_least_time_left_on_top(
        self, park, several, now, operator
    ):
        old = make_request(acting_user=operator, now=now - timedelta(days=9))
        submitted(old, now - timedelta(days=9), operator)

        page = park.get("seats:request-list")

        states = [line.request.state for line in page.context["lines"]]
        assert states == ["submitted", "in_review", "submitted", "sent_back", "withdrawn"]
        assert page.context["lines"][0].request == old
        assert "3 seat requests wait for the park" in text_of(page)

    def test_says_who_has_it_and_since_when(self, park, several):
        page = text_of(park.get("seats:request-list"))

        assert "甲: 10 new seats Any zone · from 2024-03-01 Submitted The park; nobody" in page
        assert "乙: 10 new seats Any zone · from 2024-03-01 In review 张敏 (the park)" in page
        assert "丙: 10 new seats Any zone · from 2024-03-01 Sent back 丙 less than an hour" in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"state": "park"}, "甲乙"),
            ({"state": "enterprise"}, "丙"),
            ({"state": "withdrawn"}, "丁"),
            ({"enterprise": "丙"}, "丙"),
            ({"kind": "release"}, ""),
            ({"kind": "new", "state": "in_review"}, "乙"),
            ({"state": "nonsense"}, "甲乙丙丁"),
        ],
    )
    def test_is_narrowed_by_state_enterprise_and_kind(self, park, several, query, found):
        page = park.get("seats:request-list", **query)

        assert {line.request.enterprise.short_name for line in page.context["lines"]} == set(found)

    def test_answers_htmx_with_the_list_alone(self, park, several):
        address = reverse("seats:request-list") + "?kind=new"

        part = park.client.get(address, headers={"hx-request": "true"}).content.decode()

        assert part.strip().startswith('<div id="request-list">')
        assert "<html" not in part

    def test_shows_an_enterprise_its_own_and_a_way_to_ask(self, firm, several, asked):
        page = text_of(firm.get("seats:request-list"))

        assert "60 new seats" in page
        assert "甲" not in page
        assert "Ask for seats" in page
        assert "No seat request waits for you" in page

    def test_shows_an_enterprise_what_waits_for_it(self, firm, sent_back):
        assert "1 seat request waits for you" in text_of(firm.get("seats:request-list"))

    def test_says_what_would_be_here(self, firm, park):
        assert "Your requests for seats appear here." in text_of(firm.get("seats:request-list"))
        assert "No request is like this." in text_of(park.get("seats:request-list", kind="move"))

    def test_asks_as_often_for_thirty_as_for_two(
        self, park, operator, now, django_assert_num_queries, django_assert_max_num_queries
    ):
        for _ in range(2):
            submitted(make_request(acting_user=operator), now, operator)
        with django_assert_max_num_queries(8) as few:
            park.get("seats:request-list")
        for _ in range(28):
            submitted(make_request(acting_user=operator), now, operator)

        with django_assert_num_queries(len(few)):
            park.get("seats:request-list")


class TestRequestCreate:
    def test_submits_at_once(self, firm, park):
        done = firm.post("seats:request-create", **WISH, zones=["C"], contiguous="on", submit="1")

        request = SeatRequest.objects.get()
        assert done.url == reverse("seats:request-detail", args=[request.pk])
        assert (request.state, request.enterprise.short_name) == (
            RequestState.SUBMITTED,
            "诚伯信息",
        )
        assert (request.seats, request.zones, request.contiguous) == (60, ["C"], True)
        assert "Submitted. The park has it now." in text_of(firm.follow(done.url))

    def test_keeps_a_draft_that_the_park_does_not_see(self, firm, park):
        firm.post("seats:request-create", **WISH)

        request = SeatRequest.objects.get()
        assert request.state == RequestState.DRAFT
        assert park.get("seats:request-detail", request.pk).status_code == 404
        assert "1 seat request waits for you" in text_of(firm.get("seats:request-list"))

    def test_reads_numbers_as_people_type_them(self, firm, floor):
        make_floor(level=2, seats=2000)

        firm.post("seats:request-create", **{**WISH, "seats": "１，０３８"}, submit="1")

        assert SeatRequest.objects.get().seats == 1038

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ({"seats": "0"}, "Ask for at least 1 seat."),
            ({"seats": "10000000"}, "The park has 100 seats when complete."),
            ({"seats": "viele"}, "Type a whole number, for example 300."),
            ({"seats": "9" * 40}, "The park has 100 seats when complete."),
            ({"start": ""}, "Number of seats seats From which day ✕ This field is required."),
            ({"end": "2024-02-29"}, "The last day must not come before the first."),
            ({"zones": ["X"]}, "X is not one of the available choices."),
            ({"kind": "sell"}, "sell is not one of the available choices."),
        ],
    )
    def test_says_what_is_wrong_beside_the_field_and_keeps_what_was_typed(
        self, firm, typed, message
    ):
        page = firm.post("seats:request-create", **{**WISH, "note": "三班", **typed}, submit="1")

        assert page.status_code == 200
        assert message in text_of(page)
        assert "三班" in text_of(page)
        assert "✕" in text_of(page)
        assert not SeatRequest.objects.exists()

    def test_says_that_a_month_is_closed(self, firm, now):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        page = firm.post("seats:request-create", **{**WISH, "start": "2024-01-20"}, submit="1")

        assert page.context["form"].errors == {
            "start": [
                "The first day can be 2024-02-01 at the earliest: the months before are closed."
            ]
        }

    def test_lets_the_park_write_for_an_enterprise(self, park, enterprise):
        park.post("seats:request-create", **WISH, enterprise=enterprise.pk, submit="1")

        request = SeatRequest.objects.get()
        assert (request.enterprise, request.created_by) == (enterprise, park.user)

    def test_asks_the_park_for_which_enterprise(self, park):
        page = park.post("seats:request-create", **WISH, submit="1")

        assert "Enterprise This field is required." in text_of(page)

    def test_writes_for_ones_own_enterprise_whatever_is_posted(self, firm, enterprise):
        other = EnterpriseFactory()

        firm.post("seats:request-create", **WISH, enterprise=other.pk)

        assert SeatRequest.objects.get().enterprise == enterprise

    def test_is_filled_in_by_a_link(self, firm):
        page = firm.get("seats:request-create", seats="300", zones="C", start="2024-05-01")

        assert page.context["form"]["seats"].value() == "300"
        assert page.context["form"]["zones"].value() == ["C"]

    def test_shows_what_is_vacant_today(self, firm):
        assert "Vacant today Zone Vacant Zone C 100" in text_of(firm.get("seats:request-create"))

    def test_is_closed_to_whoever_left_the_enterprise(self, person, at_desk):
        assert (
            at_desk(person(Role.ENTERPRISE_MANAGER)).get("seats:request-create").status_code == 403
        )


class TestRequestEdit:
    def test_changes_what_was_sent_back_and_submits_it_again(self, firm, sent_back):
        page = firm.get("seats:request-edit", sent_back.pk)
        version = page.context["form"]["version"].value()

        firm.post(
            "seats:request-edit",
            sent_back.pk,
            **{**WISH, "seats": "50", "note": "客服"},
            version=version,
            submit="1",
        )

        sent_back.refresh_from_db()
        assert (sent_back.seats, sent_back.note) == (50, "客服")
        assert sent_back.state == RequestState.SUBMITTED

    def test_tells_with_the_newer_values_when_somebody_changed_it_meanwhile(
        self, firm, enterprise, draft, at_desk
    ):
        other = at_desk(make_member(enterprise, name="吴员"))
        other.post("seats:request-edit", draft.pk, **{**WISH, "seats": "70"}, version="1")

        stale = firm.post("seats:request-edit", draft.pk, **{**WISH, "seats": "80"}, version="1")

        text = text_of(stale)
        assert "Somebody changed this while you were working on it." in text
        assert "Meanwhile somebody else wrote: Number of seats 70" in text
        assert stale.context["form"]["seats"].value() == "80"
        again = stale.context["form"]["version"].value()
        firm.post("seats:request-edit", draft.pk, **{**WISH, "seats": "80"}, version=again)
        draft.refresh_from_db()
        assert draft.seats == 80

    def test_refuses_what_the_park_has_already(self, firm, asked):
        page = firm.post("seats:request-edit", asked.pk, **WISH)

        assert "is “Submitted” now" in text_of(page)


class TestRequestDetail:
    def test_says_what_is_asked_for_who_has_it_and_what_comes_next(self, firm, asked):
        page = text_of(firm.get("seats:request-detail", asked.pk))

        assert "诚伯信息: 60 new seats from 1 March 2024" in page
        assert "Next: the park takes it up. You need do nothing now." in page
        assert "With whom The park; nobody has taken it up yet" in page
        assert "Since 2024-02-22 10:00 · less than an hour" in page
        assert "周倩 submitted it" in page
        assert "周倩 began a draft" in page

    def test_shows_an_enterprise_no_free_runs(self, firm, asked):
        page = firm.get("seats:request-detail", asked.pk)

        assert page.context["form"] is None
        assert "Approve" not in text_of(page)

    def test_shows_what_the_park_wrote(self, firm, sent_back):
        page = text_of(firm.get("seats:request-detail", sent_back.pk))

        assert "Next: complete it as the park asks, then submit it again." in page
        assert "The park wrote: 请写明业务。" in page

    def test_is_not_there_for_strangers(self, stranger, asked):
        names = ["detail", "edit", "submit", "withdraw"]
        for name in names:
            assert stranger.get(f"seats:request-{name}", asked.pk).status_code == 404


class TestSubmitAndWithdraw:
    def test_ask_first_where_no_form_was_sent(self, firm, draft):
        assert "Submit the request for 60 seats" in text_of(
            firm.get("seats:request-submit", draft.pk)
        )
        assert "Withdraw the request for 60 seats" in text_of(
            firm.get("seats:request-withdraw", draft.pk)
        )

    def test_do_it(self, firm, draft):
        firm.post("seats:request-submit", draft.pk, version="1")
        draft.refresh_from_db()
        assert draft.state == RequestState.SUBMITTED

        firm.post("seats:request-withdraw", draft.pk, version="2")
        draft.refresh_from_db()
        assert draft.state == RequestState.WITHDRAWN

    def test_tell_the_newer_state_when_it_was_decided_meanwhile(self, firm, asked, operator, now):
        services.take_up_request(request_id=asked.pk, now=now, acting_user=operator)

        stale = firm.post("seats:request-withdraw", asked.pk, version=asked.version)

        assert stale.status_code == 412
        text = text_of(stale)
        assert "Somebody changed this while you were working on it." in text
        assert "With whom 张敏 (the park)" in text

    def test_refuse_what_does_not_follow(self, firm, asked):
        again = firm.post("seats:request-submit", asked.pk)

        assert again.status_code == 409
        assert "is “Submitted” now" in text_of(again)


class TestWhoMayDoWhat:
    @pytest.mark.parametrize(
        ("role", "reads", "writes"),
        [
            (Role.OPERATOR_MANAGER, 200, 200),
            (Role.OPERATOR_STAFF, 200, 200),
            (Role.PROMOTION_OFFICER, 200, 403),
            (Role.AUDITOR, 200, 403),
            (Role.OFFICIAL, 403, 403),
            (Role.SYSTEM_ADMINISTRATOR, 403, 403),
        ],
    )
    def test_people_of_the_park(self, person, at_desk, asked, role, reads, writes):
        desk = at_desk(person(role))

        assert desk.get("seats:request-list").status_code == reads
        assert desk.get("seats:request-detail", asked.pk).status_code == reads
        assert desk.get("seats:request-create").status_code == writes

    def test_a_member_reads_and_does_not_write(self, enterprise, at_desk, asked):
        desk = at_desk(make_member(enterprise, is_manager=False))

        assert desk.get("seats:request-detail", asked.pk).status_code == 200
        assert desk.get("seats:request-create").status_code == 403
        assert desk.get("seats:request-edit", asked.pk).status_code == 403
        assert desk.post("seats:request-withdraw", asked.pk).status_code == 403

    def test_the_park_does_not_speak_for_an_enterprise_that_wrote_itself(self, park, sent_back):
        for name in ("edit", "submit", "withdraw"):
            assert park.get(f"seats:request-{name}", sent_back.pk).status_code == 403

    def test_who_wrote_for_an_enterprise_may_go_on(self, park, operator):
        request = make_request(acting_user=operator)

        assert park.get("seats:request-edit", request.pk).status_code == 200
        assert park.post("seats:request-submit", request.pk).status_code == 303

    def test_who_is_not_signed_in_is_asked_to(self, client, asked):
        for name in ("list", "create"):
            assert client.get(reverse(f"seats:request-{name}")).status_code == 302
        for name in ("detail", "edit", "submit", "withdraw"):
            assert client.get(reverse(f"seats:request-{name}", args=[asked.pk])).status_code == 302

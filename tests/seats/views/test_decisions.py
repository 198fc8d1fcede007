"""Requests on their pages, from the park's side: taking up, sending back, turning down."""

import pytest
from django.urls import reverse

from accounts.permissions import Role
from seats.models import RequestState
from tests.desk import text_of
from tests.factories.seats import make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


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

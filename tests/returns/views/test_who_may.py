"""Who may open which page of returns and of months."""

import pytest
from django.urls import reverse

from accounts.permissions import Role
from park.models import ReportingMonth
from tests.desk import Desk
from tests.factories.accounts import UserFactory
from tests.factories.returns import JANUARY, make_return, submit
from tests.factories.tenants import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

READERS = {
    Role.OPERATOR_MANAGER,
    Role.OPERATOR_STAFF,
    Role.AUDITOR,
    Role.ENTERPRISE_MANAGER,
    Role.ENTERPRISE_MEMBER,
}
OPERATORS = {Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF}
FILERS = OPERATORS | {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER}
WHO_MAY = {
    "return-list": READERS,
    "return-detail": READERS,
    "return-create": FILERS,
    "return-edit": FILERS,
    "return-news": FILERS,
    "return-nil": FILERS,
    "check-list": READERS,
    "return-submit": FILERS,
    "return-correct": FILERS,
    "return-send-back": OPERATORS,
    "month-detail": OPERATORS | {Role.AUDITOR},
    "month-close": {Role.OPERATOR_MANAGER},
    "month-reopen": {Role.OPERATOR_MANAGER},
}
OF_A_RETURN = {
    "return-detail",
    "return-edit",
    "return-news",
    "return-nil",
    "return-submit",
    "return-correct",
    "return-send-back",
    "return-accept",
}


class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("name", WHO_MAY)
    def test_open_a_page(self, name, role, enterprise, operator, now):
        row = make_return(enterprise=enterprise)
        if name == "month-reopen":
            ReportingMonth.objects.create(month=JANUARY, closed_at=now)
        user = (
            make_member(enterprise, is_manager=role == Role.ENTERPRISE_MANAGER)
            if role in {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER}
            else UserFactory(roles=[role])
        )
        month = ["2024-01"] if name.startswith("month") else []

        answer = Desk(user).get(f"returns:{name}", *([row.pk] if name in OF_A_RETURN else month))

        opened = 204 if name == "return-news" else 200
        assert answer.status_code == (opened if role in WHO_MAY[name] else 403)

    @pytest.mark.parametrize("role", list(Role))
    def test_accept(self, role, enterprise):
        row = submit(make_return(enterprise=enterprise))

        answer = Desk(UserFactory(roles=[role])).post("returns:return-accept", row.pk)

        assert answer.status_code == (303 if role in OPERATORS else 403)

    @pytest.mark.parametrize("name", sorted(OF_A_RETURN - {"return-accept", "return-send-back"}))
    def test_a_stranger_finds_nothing(self, name, stranger, enterprise):
        row = make_return(enterprise=enterprise)

        assert stranger.get(f"returns:{name}", row.pk).status_code == 404
        if name not in {"return-detail", "return-news"}:
            assert stranger.post(f"returns:{name}", row.pk, signer="x").status_code == 404

    @pytest.mark.parametrize("name", WHO_MAY)
    def test_who_is_not_signed_in_is_asked_to(self, client, name):
        month = ["2024-01"] if name.startswith("month") else []
        arguments = [1] if name in OF_A_RETURN else month

        answer = client.get(reverse(f"returns:{name}", args=arguments))

        assert answer.url.startswith(reverse("account_login"))

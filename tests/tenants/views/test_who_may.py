"""Who may open which page of enterprises and of their people."""

import pytest
from django.urls import reverse

from accounts.permissions import Role
from tests.desk import Desk
from tests.factories.accounts import UserFactory
from tests.factories.tenants import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

READERS = {
    Role.OPERATOR_MANAGER,
    Role.OPERATOR_STAFF,
    Role.PROMOTION_OFFICER,
    Role.ENTERPRISE_MANAGER,
    Role.ENTERPRISE_MEMBER,
    Role.AUDITOR,
}
OPERATORS = {Role.OPERATOR_MANAGER, Role.OPERATOR_STAFF}
WRITERS = OPERATORS | {Role.PROMOTION_OFFICER}
WHO_MAY = {
    "enterprise-list": READERS,
    "enterprise-create": WRITERS,
    "enterprise-edit": WRITERS,
    "enterprise-import": OPERATORS,
    "import-template": OPERATORS,
    "member-invite": OPERATORS | {Role.ENTERPRISE_MANAGER},
    "member-end": OPERATORS | {Role.ENTERPRISE_MANAGER},
}


class TestWhoMay:
    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("name", WHO_MAY)
    def test_open_a_page(self, name, role, maxrieny):
        arguments = {
            "enterprise-edit": [maxrieny.pk],
            "member-invite": [maxrieny.pk],
            "member-end": [make_member(maxrieny).memberships.get().pk],
        }.get(name, [])
        user = (
            make_member(maxrieny, is_manager=role == Role.ENTERPRISE_MANAGER)
            if role in {Role.ENTERPRISE_MANAGER, Role.ENTERPRISE_MEMBER}
            else UserFactory(roles=[role])
        )

        answer = Desk(user).get(f"tenants:{name}", *arguments)

        assert answer.status_code == (200 if role in WHO_MAY[name] else 403)

    @pytest.mark.parametrize("name", WHO_MAY)
    def test_who_is_not_signed_in_is_asked_to(self, client, name):
        needs_row = name in {"enterprise-edit", "member-invite", "member-end"}

        answer = client.get(reverse(f"tenants:{name}", args=[1] if needs_row else []))

        assert answer.url.startswith(reverse("account_login"))

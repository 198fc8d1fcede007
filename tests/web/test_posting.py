"""Addresses that only take what was typed elsewhere."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "arguments", "page", "taken"),
    [
        ("accounts:token-create", [], "accounts:profile", []),
        ("accounts:token-revoke", [7], "accounts:profile", []),
        ("foundation:message-open", [7], "foundation:message-list", []),
        ("foundation:message-read-all", [], "foundation:message-list", []),
        ("reports:report-build", [], "reports:report-list", []),
        ("returns:return-accept", [7], "returns:return-detail", [7]),
        ("set_language", [], "portal:start", []),
    ],
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_who_comes_by_a_link_is_led_to_the_page_with_the_form(
    client: Client, address: str, arguments: list, page: str, taken: list, method: str
) -> None:
    answer = getattr(client, method)(reverse(address, args=arguments))

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse(page, args=taken))


def test_other_methods_are_not_allowed(client: Client) -> None:
    assert client.put(reverse("reports:report-build")).status_code == 405


def test_who_signs_in_again_after_a_press_arrives_at_a_page(client: Client) -> None:
    person = UserFactory()
    pressed = client.post(reverse("foundation:message-read-all"))
    assert pressed.status_code == 302

    client.force_login(person)
    arrived = client.get(reverse("foundation:message-read-all"), follow=True)

    assert (arrived.status_code, arrived.request["PATH_INFO"]) == (
        200,
        reverse("foundation:message-list"),
    )

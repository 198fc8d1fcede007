"""The bar and the rooms behind its doors: where somebody is, and only what they may open."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from accounts.permissions import Role
from portal.navigation import DOORS, navigation
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def seen(role: Role, path: str) -> dict:
    request = RequestFactory().get(path)
    request.user = UserFactory(roles=[role])
    return navigation(request)


def here(links: list[dict]) -> list[str]:
    return [link["url"] for link in links if link["current"]]


class TestWhereSomebodyIs:
    @pytest.mark.parametrize(
        ("path", "door", "room"),
        [
            ("/park/", "/park/", "/park/"),
            ("/park/floors/7/layout/", "/park/", "/park/"),
            ("/seats/map/", "/park/", "/seats/map/"),
            ("/seats/changes/", "/park/", "/seats/map/"),
            ("/seats/allocations/7/move/", "/park/", "/seats/allocations/"),
            ("/seats/import/7/names/", "/park/", "/seats/allocations/"),
            ("/seats/promises/", "/park/", "/seats/holds/"),
            ("/seats/waiting/", "/seats/requests/", "/seats/waiting/"),
            ("/seats/requests/7/", "/seats/requests/", "/seats/requests/"),
        ],
    )
    def test_is_marked_in_the_bar_and_among_the_rooms(self, path, door, room):
        context = seen(Role.OPERATOR_MANAGER, path)

        assert here(context["navigation"]) == [door]
        assert here(context["rooms"]["links"]) == [room]

    @pytest.mark.parametrize("path", ["/", "/park/figures/", "/returns/"])
    def test_has_no_rooms_where_there_is_one_only(self, path):
        context = seen(Role.OPERATOR_MANAGER, path)

        assert here(context["navigation"]) == [path]
        assert context["rooms"] == {}

    def test_is_nowhere_in_the_bar_on_a_page_without_a_door(self):
        context = seen(Role.OPERATOR_MANAGER, reverse("foundation:message-list"))

        assert here(context["navigation"]) == []
        assert context["rooms"] == {}


class TestRooms:
    def test_of_an_enterprise_are_its_own(self):
        rooms = seen(Role.ENTERPRISE_MEMBER, "/park/")["rooms"]["links"]

        assert [room["url"] for room in rooms] == [
            *("/park/", "/seats/map/", "/seats/allocations/", "/seats/holds/"),
            *("/seats/loans/", "/seats/fit-outs/", "/seats/handovers/"),
        ]
        assert seen(Role.ENTERPRISE_MEMBER, "/seats/requests/")["rooms"] == {}

    @pytest.mark.parametrize("role", Role)
    def test_open_to_whom_they_are_shown(self, client, role):
        person = UserFactory(roles=[role])
        client.force_login(person)
        shown = {
            link["url"]
            for door in DOORS
            for link in seen(role, reverse(door.url_name))["rooms"].get("links", [])
        }

        assert {url: client.get(url).status_code for url in shown} == dict.fromkeys(shown, 200)

"""What holds for every address: who may come in, how answers and refusals look, the schema."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken
from accounts.permissions import ROLE_PERMISSIONS, Role
from accounts.services import revoke_api_token
from tests.api.contract import schema
from tests.factories.seats import make_allocation, make_request
from web.api import ApiView
from web.refusals import Busy

pytestmark = pytest.mark.django_db

LISTS = ["zones", "buildings", "floors", "enterprises", "seat-requests", "allocations", "returns"]

NO_BODIES = [
    b"{",
    b"\xff\xfe",
    b'{"seats": NaN}',
    b'{"seats": 1e9999999999999999999999}',
    b'{"seats": ' + b"9" * 5000 + b"}",
    b'{"note": "\\ud800"}',
    b'{"\\ud800": 1}',
    b"[" * 100_000,
    b'{"seats":' + b"[" * 500 + b"]" * 500 + b"}",
    b'{"revenue":' + b"[" * 900 + b"]" * 900 + b"}",
    b"null",
    b"",
    b"\xef\xbb\xbf{}",
]
# Among them, decoded: offsets -1 and 9999999999999999, positions NUL, 2024 and half a character
NO_CURSORS = [
    "%00",
    "é",
    "bz0tMQ==",
    "bz05OTk5OTk5OTk5OTk5OTk5",
    "cD0lMDA=",
    "cD0yMDI0",
    "cD0lRkY=",
]


def api_views(resolver=None, prefix=""):
    """Every view of the API with its address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from api_views(pattern, f"{prefix}{pattern.pattern}")
        else:
            view = getattr(pattern.callback, "view_class", object)
            if issubclass(view, ApiView):
                yield f"{prefix}{pattern.pattern}", view


def offered(view):
    return [method for method in ("GET", "POST", "PATCH") if hasattr(view, method.lower())]


class TestSigningIn:
    @pytest.mark.parametrize("address", [*LISTS, "occupancy", "free-runs", "jobs/1"])
    def test_is_asked_of_everybody(self, anybody, address):
        problem = anybody.get(f"{address}/")

        assert problem.status_code == 401
        assert problem.headers["WWW-Authenticate"] == "Bearer"
        assert problem.headers["Content-Type"] == "application/problem+json"
        assert problem.json()["code"] == "not_authenticated"

    def test_with_a_token_that_is_none_any_more(self, park, operator):
        revoke_api_token(token=ApiToken.objects.get(user=operator), now=timezone.now())

        problem = park.get("zones/")

        assert (problem.status_code, problem.json()["code"]) == (401, "authentication_failed")

    @pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer é", "Basic x", "Bearer \x00"])
    def test_with_what_is_no_token(self, db, header):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=header)

        assert client.get("/api/v1/zones/").status_code == 401

    def test_with_the_session_of_the_pages(self, operator):
        client = APIClient()
        client.force_login(operator)

        assert client.get("/api/v1/zones/").status_code == 200

    def test_a_session_needs_the_csrf_token_to_write(self, operator):
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(operator)

        problem = client.post("/api/v1/enterprises/", {}, format="json")

        assert (problem.status_code, problem.json()["code"]) == (403, "permission_denied")


class TestPermissions:
    def test_every_method_of_every_view_names_its_own(self):
        views = list(api_views())

        assert len(views) >= 29
        for address, view in views:
            assert sorted(view.permissions) == sorted(offered(view)), address

    @pytest.mark.parametrize("role", Role)
    def test_are_checked_before_anything_else(self, as_role, role):
        program = as_role(role)
        for address, view in api_views():
            path = address.removeprefix("api/v1/").replace("<str:file_format>", "pdf")
            path = re.sub("<int:[a-z_]+>", "0", path).replace("<report_month:month>", "2024-01")
            for method in offered(view):
                needed = view.permissions[method]
                may = needed is None or needed in ROLE_PERMISSIONS[role]
                bad_body = {} if method == "GET" else {"body": ["nonsense"]}
                status = getattr(program, method.lower())(path, **bad_body).status_code
                assert (status != 403) == may, (method, path, status)


class TestAnswers:
    def test_of_addresses_that_do_not_exist_are_problems(self, park):
        problem = park.get("nothing/")

        assert problem.status_code == 404
        assert problem.headers["Content-Type"] == "application/problem+json"

    def test_of_methods_that_do_not_exist_are_problems(self, park):
        problem = park.client.delete("/api/v1/zones/")

        assert (problem.status_code, problem.json()["code"]) == (405, "method_not_allowed")

    def test_can_only_be_json(self, park, floor):
        assert park.get("zones/", Accept="text/html").status_code == 406
        assert park.get("zones/", Accept="text/html,*/*;q=0.8").status_code == 200

    @pytest.mark.parametrize("address", ["seat-requests", "allocations", "enterprises", "returns"])
    def test_to_what_is_no_json_are_problems(self, park, floor, address):
        for body in NO_BODIES:
            problem = park.client.post(
                f"/api/v1/{address}/", body, content_type="application/json; charset=zlib"
            )

            assert problem.status_code == 400, body[:40]
            assert problem.json()["code"] in {"parse_error", "invalid"}

    def test_to_more_than_anything_needs_are_problems(self, park, floor):
        body = b'{"note": "' + b"x" * 5 * 1024 * 1024 + b'"}'

        problem = park.client.post("/api/v1/seat-requests/", body, content_type="application/json")

        assert (problem.status_code, problem.json()["code"]) == (413, "too_large")

    def test_to_other_media_types_are_problems(self, park):
        problem = park.client.post("/api/v1/enterprises/", b"a=1", content_type="text/plain")

        assert (problem.status_code, problem.json()["code"]) == (415, "unsupported_media_type")

    def test_come_in_the_language_asked_for(self, park):
        chinese = park.get("nothing/").json()["title"]
        english = park.get("nothing/", Accept_Language="en").json()["title"]

        assert english == "Not found"
        assert chinese != english

    def test_are_kept_by_nobody_on_the_way(self, park, floor):
        assert park.get("zones/").headers["Cache-Control"] == "private, no-cache"

    def test_when_the_park_is_being_written_say_when_to_come_again(
        self, park, floor, block, enterprise, monkeypatch
    ):
        def busy(*arguments, **named):
            raise Busy

        monkeypatch.setattr("seats.api.allocations.allocate_seats", busy)

        problem = park.post(
            "allocations/",
            {"enterprise": enterprise.pk, "kind": "firm", "blocks": [block(floor, 1, 2)]},
        )

        assert (problem.status_code, problem.json()["code"]) == (503, "busy")
        assert problem.headers["Retry-After"] == "5"

    def test_give_instants_with_the_parks_offset(self, park, floor, operator):
        make_request(acting_user=operator)

        since = park.get("seat-requests/").json()["results"][0]["owner"]["since"]

        assert since == "2024-02-22T10:00:00+08:00"


class TestLists:
    @pytest.mark.parametrize("noun", LISTS)
    def test_have_three_members(self, park, noun):
        assert park.get(f"{noun}/").json() == {"next": None, "previous": None, "results": []}

    @pytest.mark.parametrize("noun", LISTS)
    def test_shrug_at_sizes_that_are_none(self, park, floor, noun):
        for size in ("0", "-1", "x", "100000000000000000000", "", "1.5"):
            assert park.get(f"{noun}/?page_size={size}").status_code == 200, size

    @pytest.mark.parametrize("noun", LISTS)
    def test_refuse_cursors_that_were_made_up(self, park, floor, noun):
        for cursor in NO_CURSORS:
            assert park.get(f"{noun}/?cursor={cursor}").status_code in {200, 400}, cursor

    @pytest.mark.parametrize("noun", LISTS)
    def test_refuse_parameters_that_they_do_not_know(self, park, noun):
        problem = park.get(f"{noun}/?colour=red")

        assert problem.status_code == 400
        assert problem.json()["errors"][0]["field"] == "colour"

    def test_every_row_has_a_detail(self, park, floor, operator, enterprise):
        make_allocation(floor, (1, 2), to=enterprise)
        make_request(acting_user=operator, enterprise=enterprise)
        for noun in LISTS:
            for row in park.get(f"{noun}/").json()["results"]:
                detail = park.get(f"{noun}/{row['id']}/")
                assert row.items() <= detail.json().items()
                assert detail.headers["ETag"]


class TestSchema:
    def test_is_public_and_names_whole_paths(self, anybody):
        response = APIClient().get("/api/v1/schema/", headers={"Accept": "application/json"})

        paths = json.loads(response.content)["paths"]
        assert response.status_code == 200
        assert all(path.startswith("/api/v1/") for path in paths)

    def test_has_every_view(self):
        for address, view in api_views():
            path = "/" + re.sub(
                "<(?:int|str|report_month):([a-z_]+)>", r"{\1}", address.replace(":pk>", ":id>")
            )
            operations = schema()["paths"][path]
            methods = {name.upper() for name in operations}
            assert methods == set(offered(view)), address

    def test_draws_no_warning(self):
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())

"""What was sent is read to its end; what is shown to somebody signed in is kept by no cache."""

import io

import pytest
from django.urls import reverse

from accounts.permissions import Role
from tests.factories.accounts import UserFactory
from web.bodies import _read_on

pytestmark = pytest.mark.django_db


class TestReadToTheEnd:
    @pytest.mark.parametrize(
        ("method", "content_type", "status"),
        [
            ("post", "application/json", 401),
            ("put", "application/json", 401),
            ("post", "text/plain", 401),
        ],
    )
    def test_also_where_nobody_wanted_it(self, client, method, content_type, status):
        answer = getattr(client, method)(
            "/api/v1/allocations/", data=b"x" * 300_000, content_type=content_type
        )

        assert answer.status_code == status
        assert answer.wsgi_request.read(1) == b""

    def test_stops_where_the_other_side_is_gone(self, rf):
        class Gone(io.BytesIO):
            def read(self, *args):
                raise OSError("gone")

        request = rf.post("/api/v1/allocations/", b"x", content_type="text/plain")
        request._stream = Gone()

        _read_on(request)


class TestTooMuch:
    def test_is_said_so(self, client):
        client.force_login(UserFactory(roles=[Role.OPERATOR_MANAGER]))

        answer = client.post(
            reverse("set_language"),
            data=b"language=" + b"x" * (21 * 1024 * 1024),
            content_type="application/x-www-form-urlencoded",
        )

        assert answer.status_code == 413


class TestPrivate:
    def test_no_page_of_somebody_is_kept(self, client):
        client.force_login(UserFactory(roles=[Role.OPERATOR_MANAGER]))

        assert client.get("/").headers["Cache-Control"] == "private, no-cache"

    def test_a_new_token_is_stored_nowhere(self, client):
        client.force_login(UserFactory(roles=[Role.OPERATOR_MANAGER]))

        answer = client.post(reverse("accounts:token-create"), {"name": "程序"})

        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/park/zones/%00/", "/reports/1/files/%00/", "/api/v1/reports/1/files/%00/"]
)
def test_an_address_that_no_text_can_hold_is_none(client, path):
    client.force_login(UserFactory(roles=[Role.OPERATOR_MANAGER]))

    assert client.get(path).status_code == 404

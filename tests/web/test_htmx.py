"""Page or part."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from web.htmx import is_fragment_request, page_or_fragment, see_other


def request(**headers: str) -> HttpRequest:
    made = RequestFactory().get(
        "/", headers={name.replace("_", "-"): v for name, v in headers.items()}
    )
    made.htmx = HtmxDetails(made)  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        ({}, False),
        ({"HX_Request": "true"}, True),
        ({"HX_Request": "true", "HX_Boosted": "true"}, False),
        ({"HX_Request": "true", "HX_History_Restore_Request": "true"}, False),
    ],
)
def test_only_a_plain_htmx_request_gets_a_part(headers: dict[str, str], fragment: bool) -> None:
    assert is_fragment_request(request(**headers)) is fragment


def test_part_and_page_are_told_apart_by_caches() -> None:
    context = {"status": 404, "request_id": ""}

    page = page_or_fragment(request(), "404.html", "web/_error.html", context, status=404)
    part = page_or_fragment(
        request(HX_Request="true"), "404.html", "web/_error.html", context, status=409
    )

    assert "<html" in page.text
    assert "<html" not in part.text
    assert (page.status_code, part.status_code) == (404, 409)
    assert "HX-Request" in page.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]


def test_see_other_is_a_whole_new_page_for_both() -> None:
    plain, htmx = see_other(request(), "/seats/"), see_other(request(HX_Request="true"), "/seats/")

    assert (plain.status_code, plain.headers["Location"]) == (303, "/seats/")
    assert (htmx.status_code, htmx.headers["HX-Redirect"]) == (200, "/seats/")

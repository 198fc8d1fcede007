"""Every error of the API is a problem with a stable code."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from web.outages import database_is_gone
from web.problems import flat_errors

pytestmark = pytest.mark.urls("tests.web.urls")


def get(path: str, **headers: str) -> Any:
    return APIClient(raise_request_exception=False).get(path, headers=headers)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        ("taken", 409, "seats_taken"),
        ("invalid", 400, "invalid"),
        ("missing", 404, "not_found"),
        ("forbidden", 403, "permission_denied"),
        ("stale", 412, "stale"),
        ("busy", 503, "busy"),
        ("http404", 404, "not_found"),
        ("denied", 403, "permission_denied"),
        ("gone", 503, "unavailable"),
        ("fault", 500, "server_error"),
        ("throttled", 429, "throttled"),
        ("unknown_person", 403, "not_authenticated"),
        ("no_json", 400, "parse_error"),
        ("method", 405, "method_not_allowed"),
        ("media", 415, "unsupported_media_type"),
    ],
)
def test_each_error_has_its_status_and_code(error: str, status: int, code: str) -> None:
    response = get(f"/api/v1/raise/{error}/")

    problem = response.json()
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == f"urn:problem-type:xiyuan:{code}"
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize("error", ["taken", "http404", "denied", "fault", "gone"])
def test_views_outside_the_framework_answer_alike(error: str) -> None:
    plain, framework = get(f"/api/v1/plain/{error}/"), get(f"/api/v1/raise/{error}/")

    assert plain.json() == framework.json()
    assert plain.headers["Content-Type"] == framework.headers["Content-Type"]


def test_unknown_address_is_a_problem() -> None:
    assert get("/api/v1/nowhere/").json()["code"] == "not_found"


def test_members_of_a_refusal_stand_beside_the_rest() -> None:
    problem = get("/api/v1/raise/taken/").json()

    assert problem["conflicts"] == [{"first_seat": 345}]
    assert problem["errors"] == [
        {"field": "first_seat", "code": "seats_taken", "message": "Choose other seats."}
    ]


def test_busy_and_throttled_say_when_to_come_back() -> None:
    assert get("/api/v1/raise/busy/").headers["Retry-After"] == "5"
    assert get("/api/v1/raise/throttled/").headers["Retry-After"] == "13"


def test_language_is_that_of_the_request() -> None:
    english = get("/api/v1/raise/busy/", accept_language="en").json()
    chinese = get("/api/v1/raise/busy/", accept_language="zh-hans").json()

    assert english["title"] == "Seats are being written"
    assert chinese["title"] == "园区正在写入席位"
    assert english["code"] == chinese["code"]


def test_errors_of_nested_entries_name_their_place() -> None:
    body = {
        "enterprise": "x",
        "blocks": [{"first_seat": 3}, {"first_seat": 0}],
        "zones": ["A", "LONG"],
    }

    response = APIClient().post("/api/v1/check/", body, format="json")

    problem = response.json()
    assert response.status_code == 400
    assert {(error["field"], error["code"]) for error in problem["errors"]} == {
        ("enterprise", "invalid"),
        ("blocks[1].first_seat", "min_value"),
        ("zones[1]", "max_length"),
    }


def test_errors_of_the_whole_entry_have_no_field() -> None:
    body = {"enterprise": 1, "blocks": [{"first_seat": 3}], "zones": []}

    problem = APIClient().post("/api/v1/check/", body, format="json").json()

    assert problem["errors"] == [{"field": None, "code": "too_early", "message": "Too early."}]


def test_broken_json_is_told() -> None:
    response = Client().post("/api/v1/check/", "{", content_type="application/json")

    assert response.json()["code"] == "parse_error"


def test_deep_errors_keep_their_path() -> None:
    leaf = {"message": "Too low.", "code": "min_value"}

    found = list(flat_errors({"a": [{}, {"b": {"c": [leaf]}}], "non_field_errors": [leaf]}))

    assert [error["field"] for error in found] == ["a[1].b.c", None]


@pytest.mark.parametrize(
    ("sqlstate", "gone"),
    [(None, True), ("08006", True), ("57P01", True), ("53300", True), ("40P01", False)],
)
def test_only_a_lost_connection_means_that_the_database_is_gone(
    sqlstate: str | None, gone: bool
) -> None:
    cause = Exception("from the driver")
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]
    error = OperationalError("…")
    error.__cause__ = cause

    assert database_is_gone(error) is gone


def test_other_errors_are_not_the_database() -> None:
    assert not database_is_gone(ValueError())
    assert not database_is_gone(None)

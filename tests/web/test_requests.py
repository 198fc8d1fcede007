"""One JSON line a request, without anything that could name a person."""

import io
import json
import logging
import sys
from typing import Any

import pytest
from django.test import Client

from web.logs import JsonFormatter, without_people

pytestmark = pytest.mark.urls("tests.web.urls")


@pytest.fixture
def lines() -> Any:
    """The lines that are logged, as objects."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


class TestRequestLogMiddleware:
    def test_logs_one_line_without_the_query_string(self, lines: Any) -> None:
        response = Client().get("/nowhere/?phone=13812345678&name=周婷")

        (line,) = [line for line in lines() if line["logger"] == "web.requests"]
        assert line["method"] == "GET"
        assert line["path"] == "/nowhere/"
        assert line["status"] == 404
        assert line["user_id"] is None
        assert line["request_id"] == response.headers["X-Request-ID"]
        assert line["ms"] >= 0
        assert "13812345678" not in json.dumps(line)

    def test_leaves_out_what_opens_a_door(self, lines: Any) -> None:
        Client(raise_request_exception=False).get("/login/3f-c2a1b7/fault/")

        assert lines()[-1]["path"] == "/login/…/fault/"
        assert "3f-c2a1b7" not in json.dumps([line["message"] for line in lines()])

    def test_keeps_the_number_that_a_proxy_gave(self) -> None:
        response = Client().get("/nowhere/", headers={"X-Request-ID": "proxy-0123456789"})

        assert response.headers["X-Request-ID"] == "proxy-0123456789"

    @pytest.mark.parametrize("given", ["short", "a b c d e f g h", "x" * 65, 'bad"quote-123'])
    def test_takes_no_odd_number(self, given: str) -> None:
        response = Client().get("/nowhere/", headers={"X-Request-ID": given})

        assert response.headers["X-Request-ID"] != given
        assert len(response.headers["X-Request-ID"]) == 32


class TestJsonFormatter:
    def record(self, **attributes: Any) -> logging.LogRecord:
        record = logging.LogRecord(
            "seats", logging.ERROR, __file__, 1, "Seats %s", ("taken",), None
        )
        vars(record).update(attributes)
        return record

    def test_is_one_line_of_json(self) -> None:
        line = JsonFormatter().format(self.record(data={"status": 409}))

        assert "\n" not in line
        written = json.loads(line)
        assert written["message"] == "Seats taken"
        assert written["level"] == "error"
        assert written["logger"] == "seats"
        assert written["status"] == 409
        assert written["time"].endswith("+00:00")

    def test_ignores_what_is_not_meant_for_it(self) -> None:
        assert "secret" not in JsonFormatter().format(self.record(request="secret"))

    def test_traceback_quotes_no_phone_and_no_address(self) -> None:
        try:
            raise ValueError("Key (phone)=(13812345678) of zhou.ting@example.com exists")
        except ValueError:
            line = JsonFormatter().format(self.record(exc_info=sys.exc_info()))

        assert "ValueError" in line
        assert "13812345678" not in line
        assert "zhou.ting" not in line

    @pytest.mark.parametrize("kept", ["91510000MA13812345", "seat 345", "2024-02-20", "130"])
    def test_other_numbers_stay(self, kept: str) -> None:
        assert without_people(kept) == kept

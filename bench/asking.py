"""Asking the product as a program does, in this process; and PostgreSQL as by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIRequestFactory, force_authenticate

from accounts.models import User
from web.api import ApiView

Asker = Callable[[], bytes]


def asker(view: type[ApiView], user: User, *, pk: int | None = None, **query: Any) -> Asker:
    """Something that asks `view` for JSON: permission, filters, answer, all but the middleware.

    `pk`: whose detail it is, where the address names one.
    """
    answer, requests = view.as_view(), APIRequestFactory(SERVER_NAME="localhost")
    named = {} if pk is None else {"pk": pk}

    def ask() -> bytes:
        request = requests.get("/api/v1/", query)
        force_authenticate(request, user)
        response = answer(request, **named)
        assert response.status_code == 200, response.data
        return response.render().content

    return ask


def json_of(ask: Asker) -> Any:
    """The answer, read."""
    return json.loads(ask())


def statements(call: Callable[[], object]) -> list[str]:
    """The statements that a call sends."""
    with CaptureQueriesContext(connection) as queries:
        call()
    return [query["sql"] for query in queries.captured_queries]


def by_hand() -> psycopg.Connection[Any]:
    """A connection of its own to the same database, without Django."""
    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(
        **{name: parameters[name] for name in names},
        autocommit=True,
        options="-c timezone=Asia/Shanghai",
    )

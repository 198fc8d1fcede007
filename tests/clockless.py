"""For tests of services: no statement that they run asks the clock.

The triggers of django-pghistory note NOW() inside the database; no statement of ours does.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

ASKS_THE_CLOCK = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\("
    r"|\b(current_date|current_time|current_timestamp|localtime|localtimestamp)\b"
    r"|'(now|today|tomorrow|yesterday)'",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def no_statement_asks_the_clock() -> Iterator[None]:
    def look(execute: Any, sql: str, *rest: Any) -> Any:
        assert not ASKS_THE_CLOCK.search(sql), sql
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        yield

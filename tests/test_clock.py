"""Nothing asks the clock but those who are allowed to: `today` and `now` are handed down."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clockless import ASKS_THE_CLOCK
from tests.source import ROOT, product_files, tree_of

# Where a request, a task or a command begins, the clock is read through foundation.clock.
BEGINNINGS = {"views", "api", "tasks", "commands"}
ALLOWED_TOO = {
    "foundation/services/jobs.py",  # heartbeats: how long a worker has been silent
    "foundation/services/messages.py",  # when a message was written
    "foundation/idempotency.py",  # part of the API's way in
    "portal/enterprises.py",  # views of one page
    "portal/starts.py",  # views of the start pages
}
# The clock itself, and the room below it.
READS_IT_ITSELF = {
    "foundation/clock.py",
    "accounts/admin.py",
    "accounts/authentication.py",
    "accounts/views.py",
    "accounts/management/commands/api_token.py",
    "accounts/management/commands/invite.py",
}


def _files() -> Iterator[tuple[str, ast.Module]]:
    for path in product_files():
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith("launcher/"):  # a program of its own, without Django
            yield name, tree_of(path)


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last two words of what is called: `timezone.now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ".".join(ast.unparse(node.func).split(".")[-2:]), node


def _reads_the_clock(name: str, call: ast.Call) -> bool:
    if name in {"timezone.localdate", "timezone.localtime", "localdate", "localtime"}:
        return not call.args and not call.keywords  # with a moment given they only convert it
    return name in {
        "timezone.now",
        "date.today",
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "time.time",
        "time.time_ns",
    }


def _is_a_beginning(name: str) -> bool:
    path = Path(name)
    return not BEGINNINGS.isdisjoint({path.stem, *path.parts}) or path.stem.endswith("_api")


def test_the_clock_itself_is_read_in_few_places():
    readers = {name for name, tree in _files() if any(_reads_the_clock(*c) for c in _calls(tree))}

    assert readers <= READS_IT_ITSELF


def test_others_ask_for_it_only_where_something_begins():
    askers = {
        name
        for name, tree in _files()
        if any(called in {"clock.now", "clock.today"} for called, _ in _calls(tree))
    }

    assert {name for name in askers if not _is_a_beginning(name)} <= ALLOWED_TOO


def test_no_sql_asks_the_clock():
    asking = {
        name: node.value
        for name, tree in _files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _is_sql(node.value)
        and ASKS_THE_CLOCK.search(node.value)
    }

    assert asking == {}


def test_no_query_lets_the_database_ask_either():
    names = {
        name
        for name, tree in _files()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("django.db.models.functions")
        and any(alias.name == "Now" for alias in node.names)
    }

    assert names == set()


def _is_sql(text: str) -> bool:
    return bool(re.search(r"\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|VALUES)\b", text))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT now()",
        "SELECT NOW ()",
        "WHERE day = CURRENT_DATE",
        "SELECT current_timestamp",
        "SELECT clock_timestamp()",
        "SELECT 'today'::date",
        "SELECT date 'now'",
        "SELECT localtimestamp",
    ],
)
def test_such_a_statement_would_be_noticed(statement):
    assert ASKS_THE_CLOCK.search(statement)


@pytest.mark.parametrize(
    "statement",
    ["SELECT known()", "SELECT day FROM snow", 'SELECT "now" FROM t', "SELECT today_count FROM t"],
)
def test_a_harmless_one_is_not(statement):
    assert not ASKS_THE_CLOCK.search(statement)

"""Reading many things as they were at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_snapshot() -> Iterator[None]:
    """One READ ONLY, REPEATABLE READ transaction: all that is read in it was true at once."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def reading() -> Iterator[None]:
    """One snapshot; inside a transaction of the caller, what that one sees."""
    if connection.in_atomic_block:
        yield
    else:
        with one_snapshot():
            yield

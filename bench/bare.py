"""The floor of a write: the rows that it wrote and their events, into heaps without anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Placeholder

from bench.timing import Wrong

CONTEXT = "pghistory_context"
TRACKED = ("seats_allocation", "seats_seatblock")

Write = tuple[Composed, list[tuple[Any, ...]]]  # an INSERT and its rows


def make_heaps(plain: psycopg.Connection[Any]) -> None:
    """A heap for each table that is written to: no index, no constraint, no trigger."""
    plain.execute("CREATE SCHEMA IF NOT EXISTS bare")
    for table in (CONTEXT, *TRACKED, *(f"{table}event" for table in TRACKED)):
        names = {"heap": Identifier("bare", table), "table": Identifier(table)}
        make = SQL("CREATE TABLE IF NOT EXISTS {heap} AS TABLE {table} WITH NO DATA")
        plain.execute(make.format(**names))


def same_rows(plain: psycopg.Connection[Any], allocation: int) -> Callable[[], None]:
    """Something that writes by hand what the last change of an allocation wrote: history tells."""
    recorded = plain.execute(
        "SELECT pgh_context_id FROM seats_seatblockevent WHERE allocation_id = %s"
        " ORDER BY pgh_id DESC LIMIT 1",
        [allocation],
    ).fetchall()
    if not recorded:
        raise Wrong("the change left no history")
    writes = list(_writes(plain, recorded[0][0]))

    def write() -> None:
        with plain.transaction(), plain.cursor() as cursor:
            for insert, rows in writes:
                if len(rows) == 1:
                    cursor.execute(insert, rows[0])
                else:
                    cursor.executemany(insert, rows)  # prepared, and sent without waiting

    return write


def _writes(plain: psycopg.Connection[Any], context: Any) -> Iterator[Write]:
    yield _insert(plain, CONTEXT, CONTEXT, "id", context)
    for table in TRACKED:
        for heap in (table, f"{table}event"):
            yield _insert(plain, heap, f"{table}event", "pgh_context_id", context)


def _insert(
    plain: psycopg.Connection[Any], heap: str, source: str, key: str, context: Any
) -> Write:
    """What the heap gets of the context: rows of `source`, as far as it has their columns."""
    columns = plain.execute(SQL("SELECT * FROM {} LIMIT 0").format(Identifier(heap))).description
    texts = [SQL("{}::text").format(Identifier(column.name)) for column in columns or ()]
    read = SQL("SELECT {} FROM {} WHERE {} = %s").format(
        SQL(", ").join(texts), Identifier(source), Identifier(key)
    )
    insert = SQL("INSERT INTO {} VALUES ({})").format(
        Identifier("bare", heap), SQL(", ").join([Placeholder()] * len(texts))
    )
    return insert, plain.execute(read, [context]).fetchall()

"""Two people editing the same row: the second is told, with the newer values."""

from typing import TypeVar

from django.db.models import Manager, QuerySet

from foundation.models import Versioned
from web.refusals import Stale

Row = TypeVar("Row", bound=Versioned)


def locked(rows: QuerySet[Row] | Manager[Row], pk: int, expected_version: int | None = None) -> Row:
    """The row `pk` of `rows`, locked until the transaction ends.

    Raises `Stale` where it is no longer the version that the person had before them, and the
    model's `DoesNotExist` where it is gone.
    """
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if expected_version is not None and row.version != expected_version:
        raise Stale
    return row


def save_next_version(row: Versioned, fields: list[str]) -> None:
    """Save `fields` of a locked row as its next version."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])

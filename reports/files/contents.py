"""What stands on the first page of a whole month: which reports are in it, of which edition."""

from __future__ import annotations

from typing import NamedTuple


class Contents(NamedTuple):
    """A row for each report, in their order."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

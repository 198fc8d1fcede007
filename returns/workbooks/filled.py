"""What was filled into a workbook of one return, and in which cell each value stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from foundation.spreadsheets import Place
from returns.content import CLASS, MarketKey, Measures

NOTE = "note"


class Key(NamedTuple):
    """Whose return of which month; the credit code as it stands in the file."""

    credit_code: str
    month: date


@dataclass
class Filled:
    """Only what a person changed in the workbook.

    `was`: what a cell said when the workbook was downloaded, where that is known. Where it is not,
    all cells count, and of `whole` (class, market, note) the lines that it has are all there are.
    """

    key: Key
    place: Place
    figures: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    classes: dict[str, Measures | None] = field(default_factory=dict)
    markets: dict[MarketKey, Measures | None] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def at(self, cell: str) -> Place:
        """Where a cell of the return stands: itself, its line, or its row."""
        line = cell.rpartition(":")[0]
        return self.places.get(cell) or self.places.get(line) or self.place

    def put(self, kind: str, code: str, values: Mapping[str, Any] | None) -> None:
        """Take a line, or that it is gone (None)."""
        if kind == NOTE:
            self.remarks[code] = str((values or {}).get("remark") or "")
        elif kind == CLASS:
            self.classes[code] = values
        else:
            market, _point, currency = code.partition(".")
            self.markets[market, currency] = values

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in: the month of an enterprise that has no return."""
        known = [value for value in self.figures.values() if value not in (None, "", False)]
        return not (known or any(self.remarks.values()) or self.classes or self.markets)

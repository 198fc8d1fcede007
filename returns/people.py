"""从业人员构成: what the returns of a month say together about the people at its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from returns.cells import label_of
from returns.desk import FiledRow
from returns.figures import BREAKDOWNS

ORDER = ("education", "age", "origin")
COLLEGE = ("postgraduate", "bachelor", "junior_college")  # also asked for as one figure


class Part(NamedTuple):
    """So many of the people of a breakdown; a sum is of the parts above it."""

    label: str
    people: int
    headcount: int
    is_sum: bool = False

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.people) / self.headcount if self.headcount else None


class Breakdown(NamedTuple):
    """One breakdown, of the returns that give it: any may leave it empty."""

    name: str
    parts: list[Part]
    given: int
    is_sample: bool


class People:
    """The people of those `rows` of a month that count."""

    def __init__(self, rows: Sequence[FiledRow]) -> None:
        self._rows = [row for row in rows if row.is_filed]

    @property
    def filed(self) -> int:
        """How many returns count."""
        return len(self._rows)

    @property
    def headcount(self) -> int:
        return _sum(self._rows, ["headcount"])

    @property
    def is_sample(self) -> bool:
        """Whether somebody's headcount is invented."""
        return any(_is_invented(row, ["headcount"]) for row in self._rows)

    @property
    def breakdowns(self) -> list[Breakdown]:
        return [_breakdown(name, self._rows) for name in ORDER]


def _breakdown(name: str, filed: Sequence[FiledRow]) -> Breakdown:
    codes = BREAKDOWNS[name]
    rows = [row for row in filed if any(_figure(row, code) is not None for code in codes)]
    headcount = _sum(rows, ["headcount"])
    parts = [Part(label_of(code), _sum(rows, [code]), headcount) for code in codes]
    if name == "education":
        college = Part(_("college or above"), _sum(rows, COLLEGE), headcount, is_sum=True)
        parts.insert(len(COLLEGE), college)
    return Breakdown(name, parts, len(rows), any(_is_invented(row, codes) for row in rows))


def _sum(rows: Sequence[FiledRow], codes: Collection[str]) -> int:
    return sum(_figure(row, code) or 0 for row in rows for code in codes)


def _figure(row: FiledRow, code: str) -> int | None:
    return getattr(row.figures, code)


def _is_invented(row: FiledRow, codes: Collection[str]) -> bool:
    fields = row.owed.row.sample_fields if row.owed.row else []
    return "*" in fields or not set(codes).isdisjoint(fields)

"""Lines of a list of allocations: seats, days, kind and whose, each with its cell.

Whatever is wrong is noted and the reading goes on: a person is told all of it at once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from park.axis import Span, run_label
from seats.imports.grid import Skipped
from seats.imports.problems import Problem
from seats.imports.runs import Place


class Names(NamedTuple):
    """How a row names the enterprise: as it stands there."""

    name: str = ""
    short_name: str = ""
    credit_code: str = ""

    def __str__(self) -> str:
        return self.name or self.short_name or self.credit_code

    @property
    def is_given(self) -> bool:
        return bool(str(self))


class Line(NamedTuple):
    """Seats on days, as one row of the list says. `end` is the day after the last, None: open.

    `hold_until` and `reason` are None where the list has no such column; `cells` are the cells by
    what stands in them.
    """

    row: int
    cells: dict[str, str]
    floor: int
    seats: Span
    start: date
    end: date | None
    kind: str
    names: Names = Names()
    enterprise: int | None = None
    hold_until: str | None = None
    reason: str | None = None
    allocation: int | None = None
    block: int | None = None

    def cell(self, *fields: str) -> str:
        """The first of these cells that the list has; else where the row begins."""
        return next((self.cells[name] for name in fields if name in self.cells), f"A{self.row}")

    def wrong(self, code: str, /, *fields: str, **parameters: object) -> Problem:
        """What is wrong with this line, at the first of these cells that the list has."""
        return Problem(self.row, self.cell(*fields), code, parameters)


@dataclass
class SaidCount:
    """A number of seats in a cell, which may be merged, and the runs of its rows."""

    cell: str
    said: int
    rows: list[int] = field(default_factory=list)
    runs: list[tuple[Place, Span]] = field(default_factory=list)
    is_whole: bool = True  # every one of its rows could be read

    def problem(self, left_out: Collection[int]) -> Problem | None:
        """That its rows have more or fewer seats than it says: told to the first that stays.

        Rows that are left out are still part of the sum.
        """
        row = next((row for row in self.rows if row not in left_out), None)
        seats = sum(span.length for _floor, span in self.runs)
        if row is None or seats == self.said or not self.is_whole:
            return None
        runs = ", ".join(run_label(floor.label, span) for floor, span in self.runs[:3])
        words = {
            "said": self.said,
            "runs": runs + (" …" if len(self.runs) > 3 else ""),
            "seats": seats,
        }
        return Problem(row, self.cell, "count_differs", words)


@dataclass
class Reading:
    """What came of the rows of a table: each is a line (or several), wrong, or skipped."""

    lines: list[Line] = field(default_factory=list)
    unreadable: list[Line] = field(default_factory=list)  # wrong rows, for their names alone
    problems: list[Problem] = field(default_factory=list)
    counts: list[SaidCount] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    rows: int = 0  # of the table: lines and what is wrong

    def wrong_counts(self) -> list[Problem]:
        """The numbers of seats that are not what their rows have, once it is known who is left."""
        left_out = {one.row for one in self.skipped}
        found = (count.problem(left_out) for count in self.counts)
        return [problem for problem in found if problem is not None]

"""Choosing runs of seats: tick a run, say from which seat to which."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from park.axis import SLOT, Span, floor_of, place_of, run_label, seat_at
from web.forms import plain_number

AXIS_NUMBER = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True)
class Run:
    """Seats that can be chosen, side by side on one floor."""

    floor_id: int
    floor_label: str
    seats: Span
    note: str = ""


@dataclass(frozen=True)
class RunRow:
    """A run on the page, with what was typed beside it or is proposed for it."""

    run: Run
    key: str
    is_ticked: bool
    first: str
    last: str
    error: str = ""

    @property
    def label(self) -> str:
        return run_label(self.run.floor_label, self.run.seats)

    @property
    def length(self) -> int:
        return self.run.seats.length


class RunChoice:
    """Some of `runs`, as ticked and typed in fields that begin with `name`.

    Posted runs need not be among `runs` any more: they are tried all the same, so that the refusal
    names who has them. What was typed for a run that has shrunk comes back where it still fits.
    """

    def __init__(
        self,
        name: str,
        runs: Sequence[Run],
        proposal: Sequence[Span] = (),
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.errors: dict[str, str] = {}
        self._typed = self._parse(data) if isinstance(data, QueryDict) else None
        chosen = proposal if self._typed is None else list(self._typed.values())
        self.rows = [self._row(run, chosen, data or {}) for run in runs]

    @property
    def spans(self) -> list[Span]:
        """The seats that were chosen, as posted."""
        return [span for span in (self._typed or {}).values() if span is not None]

    @property
    def ticked(self) -> list[RunRow]:
        """The rows that are looked at first."""
        return [row for row in self.rows if row.is_ticked]

    @property
    def others(self) -> list[RunRow]:
        """The rows that could be ticked besides."""
        return [row for row in self.rows if not row.is_ticked]

    @property
    def shown(self) -> int:
        """How many seats the ticks on the page make up."""
        return sum(
            int(row.last) - int(row.first) + 1
            for row in self.rows
            if row.is_ticked and not row.error
        )

    @property
    def leaves_its_runs(self) -> bool:
        """Whether seats were typed that are not all in the run beside them."""
        return any(row.error for row in self.rows)

    def _parse(self, data: QueryDict) -> dict[str, Span | None]:
        keys = [key for key in data.getlist(self.name) if AXIS_NUMBER.fullmatch(key)]
        return {key: self._parsed(key, data) for key in keys}

    def _parsed(self, key: str, data: QueryDict) -> Span | None:
        try:
            first = int(plain_number(data.get(f"{self.name}_first_{key}", "")))
            last = int(plain_number(data.get(f"{self.name}_last_{key}", "")))
        except ValueError:
            self.errors[key] = _("Type first and last seat as whole numbers.")
            return None
        if not 1 <= first <= last <= SLOT:
            self.errors[key] = _("The last seat must not come before the first.")
            return None
        floor = floor_of(int(key))
        return Span(seat_at(floor, first), seat_at(floor, last) + 1)

    def _row(self, run: Run, chosen: Sequence[Span | None], data: Mapping[str, Any]) -> RunRow:
        key = str(run.seats.lower)
        if error := self._error(key, run):
            names = (f"{self.name}_first_{key}", f"{self.name}_last_{key}")
            first, last = (str(data.get(name, "")) for name in names)
            return RunRow(run, key, True, first, last, error)
        inside = next((span for span in chosen if span and _is_inside(span, run.seats)), None)
        span = inside or run.seats
        return RunRow(
            run, key, inside is not None, str(place_of(span.lower)), str(place_of(span.upper - 1))
        )

    def _error(self, key: str, run: Run) -> str:
        """What is wrong with the seats typed beside a run; what was typed stays there."""
        span = (self._typed or {}).get(key)
        if span is None or _is_inside(span, run.seats):
            return self.errors.get(key, "")
        return _("These are not all in this run.")


def _is_inside(span: Span, other: Span) -> bool:
    return other.lower <= span.lower and span.upper <= other.upper


@dataclass(frozen=True)
class Supply:
    """What is free for a wish: how many runs and seats, the longest run, how many are not shown."""

    runs: int = 0
    seats: int = 0
    longest: int = 0
    hidden: int = 0

    @classmethod
    def of(cls, spans: Sequence[Span], *, hidden: int) -> Supply:
        lengths = [span.length for span in spans]
        return cls(len(lengths), sum(lengths), max(lengths, default=0), hidden)

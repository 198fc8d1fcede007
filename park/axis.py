"""Arithmetic on the park's seat axis: plain Python, no Django, no database.

Every seat of the park is a number on one axis. Floor n owns the slot [n·4096, (n+1)·4096), so a
seat's floor is `number >> 12`, runs on two floors never touch, and a floor can grow.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

SLOT = 4096

# The days that can be said: `period` is half-open, so its end may be the day after the last.
FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(9998, 12, 31)


class Span(NamedTuple):
    """The half-open interval [lower, upper) of seat numbers."""

    lower: int
    upper: int

    @property
    def length(self) -> int:
        return self.upper - self.lower


def floor_of(seat: int) -> int:
    """The number of the floor whose slot `seat` is in."""
    return seat // SLOT


def slot_of(floor: int) -> Span:
    """All the numbers that floor `floor` owns."""
    return Span(floor * SLOT, (floor + 1) * SLOT)


def place_of(seat: int) -> int:
    """The number people know a seat by on its floor, counted from 1."""
    return seat % SLOT + 1


def seat_at(floor: int, place: int) -> int:
    """The seat that people know as number `place` of floor `floor`."""
    return floor * SLOT + place - 1


def free_spans(span: Span, taken: Iterable[Span]) -> list[Span]:
    """The parts of `span` that nothing in `taken` covers, in axis order."""
    free, cursor = [], span.lower
    end = Span(span.upper, span.upper)
    for other in [*sorted(one for one in taken if one.length), end]:
        start = min(other.lower, span.upper)
        if cursor < start:
            free.append(Span(cursor, start))
        cursor = max(cursor, other.upper)
    return free


def together(spans: Iterable[Span]) -> list[Span]:
    """The seats that any of `spans` holds, each once; side by side on one floor, as one run."""
    runs: list[Span] = []
    for span in sorted(spans):
        last = runs[-1] if runs else None
        if last and span.lower <= last.upper and floor_of(last.lower) == floor_of(span.lower):
            runs[-1] = Span(last.lower, max(last.upper, span.upper))
        else:
            runs.append(span)
    return runs


def intersection(one: Span, other: Span) -> Span | None:
    """The seats that both spans hold; None if there are none."""
    lower, upper = max(one.lower, other.lower), min(one.upper, other.upper)
    return Span(lower, upper) if lower < upper else None


def level_name(level: int) -> str:
    """How people write a storey: 3 → 3F, -1 → B1F."""
    return f"{level}F" if level > 0 else f"B{-level}F"


def seat_label(floor_label: str, seat: int) -> str:
    """What people call a seat: C-1-3F-017 is zone C, building 1, third floor, number 17."""
    return f"{floor_label}-{place_of(seat):03d}"


def run_label(floor_label: str, seats: Span) -> str:
    """What people call a run: C-1-3F-345 — 404, or C-1-3F-345 for a single seat."""
    first = seat_label(floor_label, seats.lower)
    return first if seats.length == 1 else f"{first} — {place_of(seats.upper - 1):03d}"


def places_of_run(seats: Any) -> str:
    """The places of a run (anything with bounds) beside the name of its floor: 345 — 404."""
    return f"{place_of(seats.lower):03d} — {place_of(seats.upper - 1):03d}"

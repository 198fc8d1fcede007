"""What the columns of a sheet are: by their heads, else by what stands in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from foundation.spreadsheets import Value
from seats.imports.days import OPEN, NotADay, day_of, days_of
from seats.imports.fields import Field
from seats.imports.grid import Grid, Heads, named
from seats.imports.runs import NotARun, Places, number_of

SAMPLE = 50  # rows that are looked at
MOST_OF = 0.6  # so many of them must be alike
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def guess_columns(grid: Grid, heads: Heads, places: Places) -> dict[int, Field]:
    """What each column seems to be; columns of which nothing is known are left away."""
    found = named(grid, heads)
    values = {column: _values(grid, heads, column) for column in range(grid.width)}
    _tell_counts_from_runs(found, values, places)
    for column, some in values.items():
        if column not in found and (field := _by_content(some, found, places)):
            found[column] = field
    return dict(sorted(found.items()))


def _values(grid: Grid, heads: Heads, column: int) -> list[Value]:
    below = [number for number in grid.rows if number > heads.last][:SAMPLE]
    return [value for number in below if (value := grid.own(number, column)) is not None]


def _tell_counts_from_runs(
    found: dict[int, Field], values: Mapping[int, Sequence[Value]], places: Places
) -> None:
    """席位 may stand over runs, and over numbers of seats."""
    for column, field in list(found.items()):
        if field == Field.RUN and _mostly(values[column], lambda v: number_of(v) is not None):
            del found[column]
            if Field.COUNT not in found.values():
                found[column] = Field.COUNT


def _by_content(
    values: Sequence[Value], found: Mapping[int, Field], places: Places
) -> Field | None:
    """What values like these are, where no column is that already."""
    tests = (
        (Field.CREDIT_CODE, _is_code),
        (Field.RUN, lambda value: _is_run(value, places)),
        (Field.PERIOD, _is_period),
        (Field.START, _is_day),
        (Field.END, _is_day),
    )
    taken = set(found.values())
    if Field.FIRST_SEAT in taken:
        taken.add(Field.RUN)
    if Field.PERIOD in found.values():
        taken |= {Field.START, Field.END}
    elif Field.START in taken:
        taken.add(Field.PERIOD)
    return next(
        (field for field, test in tests if field not in taken and _mostly(values, test)), None
    )


def _mostly(values: Sequence[Value], test: Callable[[Value], bool]) -> bool:
    return bool(values) and sum(map(test, values)) >= MOST_OF * len(values)


def _is_code(value: Value) -> bool:
    return bool(_CODE.fullmatch(unicodedata.normalize("NFKC", str(value)).strip().upper()))


def _is_run(value: Value, places: Places) -> bool:
    try:
        return places.read(str(value))[0].floor is not None
    except NotARun:
        return False


def _is_day(value: Value) -> bool:
    try:
        return day_of(value) not in (None, OPEN)
    except NotADay:
        return False


def _is_period(value: Value) -> bool:
    try:
        return isinstance(value, str) and bool(days_of(value))
    except NotADay:
        return False

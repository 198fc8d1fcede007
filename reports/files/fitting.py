"""How the columns of a printed table share the width of the page; what is too wide, in parts.

A figure that runs into the next one says nothing, so no column is narrower than its figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reports.document import Column, Group, Table
from reports.files.layout import line_width, restated_mark

PAGE = 268.0  # mm of A4 across, between the margins
FEW = 6  # columns; so few do not fill the page, and are as wide as people expect of a figure
OF_FEW, LABEL_OF_FEW = 30.0, 46.0
SIZES = (8.0, 7.5, 7.0)  # pt, the largest first
WIDEST_LABEL = 58.0
_PADDING = 3.2  # mm, left and right of each cell
_POINT = 0.3528  # mm
_DIGIT, _MARK, _WIDE = 0.56, 0.3, 1.0  # em: a digit or a sign, a comma or a point, others
_NARROW = frozenset(".,")


@dataclass(frozen=True)
class Part:
    """Columns of a table that are printed side by side, in mm, at a size in pt."""

    groups: tuple[Group, ...]
    size: float
    label_width: float
    widths: tuple[float, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for group in self.groups for column in group.columns)


def parts_of(table: Table) -> list[Part]:
    """The table in one part where it fits, with smaller signs if need be; otherwise in several."""
    groups, figures = table.groups, _figure_widths(table)
    for size in SIZES:
        if (part := _part(table, groups, figures, size)) is not None:
            return [part]
    return _in_parts(table, groups, figures)


def _in_parts(table: Table, groups: Sequence[Group], figures: dict[str, float]) -> list[Part]:
    """Parts of about the same width, each group of columns whole."""
    size = SIZES[1]
    widths = [
        sum(_needed(column, figures[column.code], size) for column in group.columns)
        for group in groups
    ]
    room = PAGE - _label_width(table)
    even = sum(widths) / ceil(sum(widths) / room)
    parts: list[list[Group]] = [[]]
    filled = 0.0
    for group, width in zip(groups, widths, strict=True):
        is_full = filled + width / 2 > even or filled + width > room
        if parts[-1] and is_full:
            parts.append([])
            filled = 0.0
        parts[-1].append(group)
        filled += width
    return [part for one in parts if (part := _part(table, one, figures, size, at_any_cost=True))]


def _part(
    table: Table,
    groups: Sequence[Group],
    figures: dict[str, float],
    size: float,
    *,
    at_any_cost: bool = False,
) -> Part | None:
    columns = [column for group in groups for column in group.columns]
    if len(columns) <= FEW:
        widths = [max(OF_FEW, _width(figures[column.code], size)) for column in columns]
        return Part(tuple(groups), size, max(LABEL_OF_FEW, _label_width(table)), tuple(widths))
    label = _label_width(table)
    needed = [_needed(column, figures[column.code], size) for column in columns]
    left = PAGE - label - sum(needed)
    if left < 0 and not at_any_cost:
        return None
    even = (PAGE - label) / len(columns)
    widths = (
        [even] * len(columns)
        if max(needed) <= even
        else [width + left / len(columns) for width in needed]
    )
    return Part(tuple(groups), size, label, tuple(widths))


def _needed(column: Column, figure: float, size: float) -> float:
    """Its widest figure on one line, its head on two."""
    head = max(line_width(text) / 2 for text in (column.head, column.under))
    return max(_width(figure, size), _width(min(head, max(4.0, head / 2)), size))


def _width(ems: float, size: float) -> float:
    return ems * size * _POINT + _PADDING


def _figure_widths(table: Table) -> dict[str, float]:
    """The widest figure of each column, in em."""
    widths = {}
    for place, column in enumerate(table.columns):
        is_marked = any(column.code in row.before for row in table.rows)
        mark = line_width(restated_mark()) * 0.5 if is_marked else 0.0
        texts = {column.text(row.cells[place]) for row in table.rows}
        widths[column.code] = mark + max(map(_ems, texts), default=0.0)
    return widths


def _ems(text: str) -> float:
    return sum(
        _DIGIT if sign.isdigit() or sign in "+−-" else _MARK if sign in _NARROW else _WIDE
        for sign in text
    )


def _label_width(table: Table) -> float:
    """Of the names of the rows, and of the head over them."""
    labels = ((line_width(row.label), row.depth) for row in table.rows)
    widest = max(
        (_width(width / 2, SIZES[0]) + 3.0 * depth for width, depth in labels), default=0.0
    )
    return min(WIDEST_LABEL, max(widest, _width(line_width(table.label_head) / 2, SIZES[0])) + 1.0)

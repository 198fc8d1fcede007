"""A floor's layout in pixels: where each seat is drawn, plain arithmetic without Django.

Seats of one line whose numbers follow each other are one `Segment`, so a run of seats is a few
rectangles however long it is, and the browser can tell seats from points with the same numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from park.layouts import NO_EDGES, Cell, Edges, Island, Layout
from park.layouts import SEAT as SEAT_SIGN

SEAT, PITCH, GAP = 19, 21, 2
AISLE = 22  # a column without seats
HEADROOM = 34  # a row without seats: the heads of the islands below it stand there
MARGIN = 12
ABOVE, ABOVE_NAMED = 36, 54  # what is left free for the heads of the first islands
BELOW, BELOW_NAMED = 14, 37
BESIDE_NAMED = 32
LETTER, CHARACTER = 6.8, 12.0  # the width of a letter and of a Chinese character, 12 px high


class Shape(NamedTuple):
    """A rectangle over whole seats."""

    x: int
    y: int
    width: int
    height: int

    @property
    def ring(self) -> Shape:
        """What lies below it to be seen around it: the contour of a selection."""
        return self._wider(4)

    @property
    def ground(self) -> Shape:
        """What lies upon the ring: no contour is left between seats that lie side by side."""
        return self._wider(1)

    def _wider(self, by: int) -> Shape:
        return Shape(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)


class Segment(NamedTuple):
    """Seats `first`, `first` + 1, …, `length` of them: the first at x, y, each next dx, dy on."""

    first: int
    length: int
    x: int
    y: int
    dx: int
    dy: int

    @property
    def last(self) -> int:
        return self.first + self.length - 1

    def shape(self, first: int, last: int) -> Shape:
        """The rectangle over seats `first` to `last`, as far as they are here."""
        begin = max(0, first - self.first)
        end = min(self.length - 1, last - self.first)
        x = min(self.x + begin * self.dx, self.x + end * self.dx)
        y = min(self.y + begin * self.dy, self.y + end * self.dy)
        more = end - begin
        return Shape(x, y, SEAT + more * abs(self.dx), SEAT + more * abs(self.dy))


class Head(NamedTuple):
    """What stands above an island: its numbers on the left, who has it on the right."""

    first: int
    last: int
    x: int
    right: int
    y: int

    @property
    def numbers(self) -> str:
        if self.first == self.last:
            return f"{self.first:03d}"
        return f"{self.first:03d}–{self.last:03d}"

    @property
    def room(self) -> float:
        """How many px are left for names."""
        return self.right - self.x - width_of(self.numbers) - CHARACTER


class Drawing(NamedTuple):
    """All that the map of a floor shows before one knows who is where."""

    width: int
    height: int
    segments: tuple[Segment, ...]
    heads: tuple[Head, ...]
    blocked: tuple[Shape, ...]

    def shapes(self, first: int, last: int) -> list[Shape]:
        """The rectangles over seats `first` to `last`; lines of the same width are one."""
        shapes: list[Shape] = []
        begin = bisect_right(self.segments, first, key=lambda segment: segment.first) - 1
        for segment in self.segments[max(0, begin) :]:
            if segment.first > last:
                break
            if segment.last >= first:
                _add(shapes, segment.shape(first, last))
        return shapes

    @property
    def everything(self) -> list[Shape]:
        """The rectangles over all seats."""
        return self.shapes(1, self.segments[-1].last) if self.segments else []

    @property
    def outline(self) -> Shape:
        """The floor itself. Its line is drawn on whole pixels."""
        return Shape(0, 0, self.width - 1, self.height - 1)

    @property
    def middle(self) -> tuple[int, int]:
        return self.width // 2, self.height // 2

    @property
    def foot(self) -> int:
        """Where the words along the bottom edge stand."""
        return self.height - 8

    @property
    def right_side(self) -> int:
        """Where the words along the right edge stand."""
        return self.width - 9


def draw(layout: Layout, edges: Edges = NO_EDGES) -> Drawing:
    """`layout` in pixels, with room for what is written along its sides."""
    columns = list(zip(*layout.rows, strict=True))
    left = BESIDE_NAMED if edges.left else MARGIN
    top = ABOVE_NAMED if edges.top else ABOVE
    if layout.rows and SEAT_SIGN not in layout.rows[0]:
        top -= HEADROOM - MARGIN
    xs = _offsets([PITCH if SEAT_SIGN in column else AISLE for column in columns], left)
    ys = _offsets([PITCH if SEAT_SIGN in row else HEADROOM for row in layout.rows], top)
    grid = _Grid(xs, ys)
    return Drawing(
        width=xs[-1] - GAP + (BESIDE_NAMED if edges.right else MARGIN),
        height=ys[-1] - GAP + (BELOW_NAMED if edges.bottom else BELOW),
        segments=tuple(s for island in layout.islands for s in grid.segments(island)),
        heads=tuple(grid.head(island) for island in layout.islands),
        blocked=tuple(grid.blocked(layout.blocked)),
    )


class _Grid:
    """Where columns and rows begin."""

    def __init__(self, xs: Sequence[int], ys: Sequence[int]) -> None:
        self.xs, self.ys = xs, ys

    def segments(self, island: Island) -> list[Segment]:
        lines: list[list[Cell]] = []
        for cell in island.cells:
            if lines and _goes_on(lines[-1], cell):
                lines[-1].append(cell)
            else:
                lines.append([cell])
        segments, first = [], island.first
        for line in lines:
            segments.append(self._segment(first, line))
            first += len(line)
        return segments

    def _segment(self, first: int, line: Sequence[Cell]) -> Segment:
        down, right = _step(line[0], line[1]) if len(line) > 1 else (0, 1)
        x, y = self.xs[line[0].column], self.ys[line[0].row]
        return Segment(first, len(line), x, y, right * PITCH, down * PITCH)

    def head(self, island: Island) -> Head:
        top = min(cell.row for cell in island.cells)
        highest = [cell.column for cell in island.cells if cell.row == top]
        x, right = self.xs[min(highest)], self.xs[max(highest)] + SEAT
        return Head(island.first, island.last, x, right, self.ys[top] - 8)

    def blocked(self, cells: Sequence[Cell]) -> list[Shape]:
        shapes: list[Shape] = []
        for row, column in cells:
            x, y = self.xs[column], self.ys[row]
            width, height = self.xs[column + 1] - x - GAP, self.ys[row + 1] - y - GAP
            _add(shapes, Shape(x, y, width, height), aside=True)
        return shapes


def _offsets(sizes: Sequence[int], start: int) -> list[int]:
    offsets = [start]
    for size in sizes:
        offsets.append(offsets[-1] + size)
    return offsets


def _step(cell: Cell, following: Cell) -> tuple[int, int]:
    return following.row - cell.row, following.column - cell.column


def _goes_on(line: Sequence[Cell], cell: Cell) -> bool:
    """Whether `cell` is the next of a line that goes on in one direction."""
    step = _step(line[-1], cell)
    if len(line) > 1:
        return step == _step(line[-2], line[-1])
    return step in {(0, 1), (0, -1), (1, 0)}


def _add(shapes: list[Shape], shape: Shape, *, aside: bool = False) -> None:
    """Add a rectangle, as part of the last one where it lies right under (or beside) it."""
    if shapes:
        last = shapes[-1]
        if (last.x, last.width, last.y + last.height + GAP) == (shape.x, shape.width, shape.y):
            shapes[-1] = last._replace(height=last.height + GAP + shape.height)
            return
        if aside and (last.y, last.height, last.x + last.width + GAP) == (
            *(shape.y, shape.height),
            shape.x,
        ):
            shapes[-1] = last._replace(width=last.width + GAP + shape.width)
            return
    shapes.append(shape)


def width_of(text: str) -> float:
    """About how wide a text of 12 px is."""
    return sum(LETTER if ord(letter) < 0x2000 else CHARACTER for letter in text)

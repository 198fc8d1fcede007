"""A report as it is read: every name in a language, every number with its unit and its places.

Pages and files are both drawn from this, so that they cannot differ. `reports.display` makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import pgettext

from reports.units import Number, Unit, printed, written


@dataclass(frozen=True)
class Column:
    """`head` names it; `under` stands below: its unit, or for a rate what it is divided by.

    `long_head` tells it from every other column of its group.
    """

    code: str
    group: str
    group_unit: str
    head: str
    long_head: str
    under: str
    unit: Unit
    places: int
    is_change: bool
    starts_group: bool

    @property
    def one_line(self) -> str:
        """The head where there is only one line for it: 已签约 上月（席）."""
        name = f"{self.group} {self.long_head}" if self.group else self.long_head
        return name if self.unit == Unit.PERCENT else with_unit(name, str(self.unit.label))

    def text(self, value: Number | None) -> str:
        """A number of this column as people read it."""
        return written(value, self.unit, places=self.places, is_change=self.is_change)

    def number(self, value: Number | None) -> Number | None:
        """A number of this column in its printed unit, exactly."""
        return printed(value, self.unit)


@dataclass(frozen=True)
class Row:
    """`before` holds, by column, what stood in the edition before where that was another.

    `depth` tells how many rows above it hold it. `inside` is set where it is several rows of that
    level together.
    """

    key: str
    level: str
    label: str
    cells: tuple[Number | None, ...]
    before: Mapping[str, Number | None]
    depth: int = 0
    inside: str = ""

    @property
    def is_total(self) -> bool:
        return self.level == "total"

    @property
    def is_part(self) -> bool:
        """Whether it is a part of the row above it that is not indented."""
        return self.depth > 0


@dataclass(frozen=True)
class Group:
    """Columns that stand under one head; where it is empty each stands for itself."""

    columns: tuple[Column, ...]

    @property
    def head(self) -> str:
        """Its title and the unit of its numbers: 已签约（席）."""
        first = self.columns[0]
        says_unit = first.group_unit and first.group_unit != first.group
        return with_unit(first.group, first.group_unit) if says_unit else first.group


@dataclass(frozen=True)
class Table:
    code: str
    number: str
    title: str
    label_head: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def groups(self) -> list[Group]:
        """Its columns under their heads."""
        starts = [n for n, column in enumerate(self.columns) if column.starts_group]
        return [
            Group(self.columns[start:end])
            for start, end in zip(starts, [*starts[1:], None], strict=True)
        ]

    @property
    def units(self) -> str:
        """The units of its numbers, each once."""
        units = dict.fromkeys(str(column.unit.label) for column in self.columns)
        return pgettext("list", ", ").join(units)

    @property
    def sheet_name(self) -> str:
        return f"{self.number} {self.title}"

    def figures(self, code: str, level: str) -> Iterator[tuple[str, Number | None]]:
        """Of the rows at `level`: the label, and the figure of the column `code`."""
        place = self.place(code)
        return (
            (row.label, row.cells[place]) for row in self.rows if level in {row.level, row.inside}
        )

    def place(self, code: str) -> int:
        """Which of its columns is `code`."""
        return [column.code for column in self.columns].index(code)


@dataclass(frozen=True)
class Restated:
    """A figure that is another than in the edition before."""

    table: Table
    row: Row
    column: Column
    before: Number | None
    now: Number | None

    @property
    def address(self) -> str:
        return address(self.table, self.row, self.column)


@dataclass(frozen=True)
class Definition:
    """What an indicator counts, and what it is divided by."""

    name: str
    unit: str
    definition: str
    divisor: str
    version: int


@dataclass(frozen=True)
class WordTable:
    """A table of words, such as who has not filed; `counted` says how many rows it has."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counted: str = ""


@dataclass(frozen=True)
class Span:
    """A piece of a text. A number is that of the cell `cell` of the report `kind`, or of none."""

    text: str
    kind: str = ""
    cell: str = ""
    is_number: bool = False

    @property
    def is_loose(self) -> bool:
        """Whether it is a number that no cell says."""
        return self.is_number and not self.cell


@dataclass(frozen=True)
class Paragraph:
    code: str
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Cited:
    """A number of a text, and where it stands: table, row and column in words."""

    text: str
    table: str
    row: str
    column: str
    address: str


@dataclass(frozen=True)
class BarChart:
    """A bar for each label; several series are stacked. Numbers are in the printed unit.

    They have the decimals that they have in the tables.
    """

    title: str
    caption: str
    head: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Series:
    """`urls`: on a page, where each value leads to."""

    code: str
    name: str
    places: int
    values: tuple[Number, ...]
    urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One edition of a report. `facts` are said in its head, as (what, what it is)."""

    form: str
    number: str
    park: str
    title: str
    month: date
    facts: tuple[tuple[str, str], ...]
    edition: str
    is_draft: bool
    has_sample: bool
    file_name: str
    made_at: datetime
    tables: tuple[Table, ...]
    chart: BarChart | None
    lists: tuple[WordTable, ...]
    notes: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]
    definitions: tuple[Definition, ...]
    paragraphs: tuple[Paragraph, ...] = ()
    cited: tuple[Cited, ...] = ()

    @property
    def name(self) -> str:
        """The park and what is told of it."""
        return f"{self.park} {self.title}".strip()

    def table(self, code: str) -> Table:
        return next(table for table in self.tables if table.code == code)

    @property
    def restated(self) -> Iterator[Restated]:
        """What differs from the edition before, in the order of the tables."""
        return restated_in(self.tables)


def address(table: Table, row: Row, column: Column) -> str:
    """Where a figure stands, as `reports.drilldown` finds it."""
    return f"{table.code}:{row.key}:{column.code}"


def restated_in(tables: Iterable[Table]) -> Iterator[Restated]:
    """Every figure of `tables` that is another than in the edition before."""
    for table in tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if column.code in row.before:
                    yield Restated(table, row, column, row.before[column.code], cell)


def with_unit(name: str, unit: str) -> str:
    """已签约（席）."""
    return pgettext("head", "%(name)s (%(unit)s)") % {"name": name, "unit": unit}

"""A report on a page: one of its tables, each figure a link to its rows, what was restated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from accounts.models import User
from reports.charts import chart_of
from reports.display import Edition, document_of, edition_line
from reports.document import Column, Document, Restated, Row, Table, address
from reports.drilldown import Drill, drill
from reports.kinds import KINDS
from reports.models import MonthlyReport, ReportFile, ReportState
from reports.public import content_for, has_two_editions, may_read_all, public_of
from reports.services.telling import reports_of
from reports.text_page import cell_url
from web.charts import Chart


@dataclass(frozen=True)
class Cell:
    """A figure as it stands in the table. `url` opens its rows; unknown figures have none."""

    text: str
    url: str
    is_open: bool
    is_restated: bool
    starts_group: bool

    @property
    def classes(self) -> str:
        names = {"l": self.starts_group, "on": self.is_open}
        return " ".join(name for name, is_so in names.items() if is_so)


@dataclass(frozen=True)
class Line:
    row: Row
    cells: tuple[Cell, ...]

    @property
    def classes(self) -> str:
        if self.row.is_total:
            return "sum"
        return ("", "sub", "sub deep")[min(self.row.depth, 2)]


@dataclass(frozen=True)
class Piece:
    """A piece of a text; a number leads to its cell, or is of none."""

    text: str
    url: str
    is_loose: bool


class ReportPage:
    """What the page of a report shows: `table` chooses the table, `cell` the figure explained.

    Who may not know what single enterprises filed reads the public edition; the others may look at
    it (`as_public`).
    """

    def __init__(
        self,
        report: MonthlyReport,
        user: User,
        *,
        table: str = "",
        cell: str = "",
        as_public: bool = False,
    ) -> None:
        self.report = report
        self.user = user
        self.cell = cell
        self.as_public = as_public and may_read_all(user)
        self._chosen = cell.partition(":")[0] or table

    @cached_property
    def document(self) -> Document:
        former = self._read(self.former.content) if self.former else None
        return document_of(Edition.of(self.report), self.content, former)

    @cached_property
    def content(self) -> Mapping[str, Any]:
        """What is read of the report."""
        return self._read(self.report.content)

    def _read(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        return public_of(content) if self.as_public else content_for(self.user, content)

    @property
    def may_look_at_public(self) -> bool:
        """Whether there is a public edition beside what the person reads."""
        return may_read_all(self.user) and has_two_editions(self.report.content)

    @property
    def query(self) -> str:
        """What addresses of this page end with."""
        return "&public" if self.as_public else ""

    @cached_property
    def table(self) -> Table:
        tables = self.document.tables
        return next((table for table in tables if table.code == self._chosen), tables[0])

    @property
    def is_text(self) -> bool:
        return KINDS[self.report.kind].is_text

    @cached_property
    def text(self) -> list[list[Piece]]:
        """The paragraphs of a text, each number with the way to its cell."""
        if not self.is_text:
            return []
        reports = {
            kind: one.pk
            for kind, one in reports_of(
                self.report.month, issued_only=not self.user.has_perm("reports.view_draft")
            ).items()
        }
        return [
            [
                Piece(
                    span.text,
                    cell_url(reports, span.kind, span.cell) if span.cell else "",
                    span.is_loose,
                )
                for span in paragraph.spans
            ]
            for paragraph in self.document.paragraphs
        ]

    @property
    def edition_line(self) -> str:
        return edition_line(Edition.of(self.report))

    @property
    def fingerprint(self) -> str:
        """Enough of its SHA-256 to compare by eye."""
        seal = self.report.sha256 or ""
        return f"{seal[:4]} {seal[4:8]} … {seal[-4:]}"

    @cached_property
    def files(self) -> list[ReportFile]:
        """Those that this person gets, of this edition or its public one."""
        return list(self.report.files.for_reader(self.user, as_public=self.as_public))

    @cached_property
    def drill(self) -> Drill | None:
        """The rows behind the figure that was asked for."""
        if not self.cell:
            return None
        with_names = may_read_all(self.user)
        return drill(self.content, self.report.facts, self.cell, with_names=with_names)

    @property
    def chart(self) -> Chart | None:
        drawn = self.document.chart
        return chart_of(drawn) if drawn and drawn.labels else None

    @cached_property
    def editions(self) -> list[MonthlyReport]:
        """All editions of this kind and month that the person may see, newest first."""
        return list(
            MonthlyReport.objects.visible_to(self.user)
            .filter(kind=self.report.kind, month=self.report.month)
            .select_related("issued_by")
            .defer("content", "facts")
            .order_by("-revision")
        )

    @property
    def valid(self) -> MonthlyReport | None:
        """The edition that counts now."""
        return next((one for one in self.editions if one.state == ReportState.ISSUED), None)

    @property
    def draft(self) -> MonthlyReport | None:
        """The open draft."""
        return next((one for one in self.editions if one.state == ReportState.DRAFT), None)

    @cached_property
    def former(self) -> MonthlyReport | None:
        """The edition before this one, with its figures."""
        return (
            MonthlyReport.objects.visible_to(self.user)
            .filter(
                kind=self.report.kind,
                month=self.report.month,
                revision=self.report.revision - 1,
            )
            .defer("facts")
            .first()
        )

    @cached_property
    def restated(self) -> dict[str, Restated]:
        """The figures that differ from the edition before, by their addresses."""
        return {one.address: one for one in self.document.restated}

    @property
    def lines(self) -> list[Line]:
        return [
            Line(
                row,
                tuple(
                    self._cell(row, column, cell)
                    for column, cell in zip(self.table.columns, row.cells, strict=True)
                ),
            )
            for row in self.table.rows
        ]

    def _cell(self, row: Row, column: Column, figure: Any) -> Cell:
        place = address(self.table, row, column)
        is_known = figure is not None
        return Cell(
            text=column.text(figure),
            url=f"?{urlencode({'cell': place}, safe=':')}{self.query}" if is_known else "",
            is_open=place == self.cell,
            is_restated=column.code in row.before,
            starts_group=column.starts_group and column is not self.table.columns[0],
        )

    @property
    def stood_before(self) -> str:
        """What the figure that is explained was in the edition before, if it was another."""
        if self.drill is None or self.cell not in self.restated:
            return ""
        return self.drill.column.text(self.restated[self.cell].before)

"""A nil return (零报告) before it is one: exactly what it would say, and what it would replace."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from returns.cells import cell_label, cell_text, cell_unit, figure_text, lines_of
from returns.content import Content
from returns.figures import FIGURES, Section, figures_in
from returns.models import MonthlyReturn
from returns.past import past_of
from returns.services.drafts import nil_figures


class NilRow(NamedTuple):
    """A figure as the nil return says it."""

    label: str
    unit: str
    text: str


class Replaced(NamedTuple):
    """What the draft says now and a nil return does not."""

    label: str
    text: str
    unit: str


class NilSheet:
    """What a nil return of a month says."""

    def __init__(self, row: MonthlyReturn) -> None:
        self.row = row
        self.figures = nil_figures(past_of(row.enterprise_id, row.month))

    @property
    def sections(self) -> list[tuple[str, list[NilRow]]]:
        """Its figures by section; what stays unsaid is left away."""
        sections = []
        for section in Section:
            rows = [
                NilRow(
                    cell_label(one.name, self.row.month),
                    str(one.unit.label),
                    figure_text(one.name, self.figures[one.name]),
                )
                for one in figures_in(section)
                if self.figures[one.name] is not None
            ]
            if rows:
                sections.append((str(section.label), rows))
        return sections

    @cached_property
    def replaced(self) -> list[Replaced]:
        """What somebody typed already and would be gone."""
        content = Content.of(self.row)
        gone = [
            (name, content[name])
            for name in FIGURES
            if content[name] not in (None, self.figures[name])
        ]
        for line in lines_of(content):
            values = dict(content.cells())
            gone += [(cell, values[cell]) for cell in line.cells.values() if values[cell]]
        return [
            Replaced(cell_label(name, self.row.month), cell_text(name, value), cell_unit(name))
            for name, value in gone
            if not name.endswith(":rate")
        ]

"""What a return says, as it is read and signed: figures, classes, markets, notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from returns.catalogue import ROOT_CLASSES, currencies, markets, service_classes
from returns.cells import cell_label, figure_text, label_of, values_of
from returns.checks import Change, Finding, change_of
from returns.content import Content, class_cell, in_yuan, market_cell
from returns.figures import (
    BREAKDOWNS,
    CLASS_MEASURES,
    FIGURES,
    MARKET_MEASURES,
    Section,
    Unit,
    figures_in,
)
from returns.models import MonthlyReturn
from returns.past import Past
from web.formats import number, wan

COMPARED = frozenset({"revenue", "executed_value", "headcount"})


@dataclass(frozen=True)
class FigureRow:
    """A figure beside the last month's."""

    name: str
    value: Decimal | int | None
    before: Decimal | int | None
    was_corrected: bool
    is_part: bool = False

    @property
    def label(self) -> str:
        return label_of(self.name)

    @property
    def unit(self) -> str:
        return str(FIGURES[self.name].unit.label)

    @property
    def text(self) -> str:
        return figure_text(self.name, self.value)

    @property
    def text_before(self) -> str:
        return figure_text(self.name, self.before)

    @property
    def is_compared(self) -> bool:
        """Whether its change on the month before is said."""
        return self.name in COMPARED

    @property
    def change(self) -> Change | None:
        return change_of(self.value, self.before)

    @property
    def is_said(self) -> bool:
        """Whether there is anything to read."""
        is_asked = FIGURES[self.name].is_required
        return is_asked or self.value is not None or self.before is not None


class Group(NamedTuple):
    """Figures under one head."""

    title: str
    rows: list[FigureRow]


class LineAmount(NamedTuple):
    """An amount of a class or a market; `yuan` where it is in another currency."""

    label: str
    text: str
    was_corrected: bool
    yuan: str = ""


class LineRow(NamedTuple):
    """A class of services or a market as the return says it."""

    label: str
    note: str
    amounts: list[LineAmount]
    is_sum: bool = False


class Note(NamedTuple):
    """A sentence that explains what a check found."""

    label: str
    text: str


class Statement:
    """A return's content in words. `corrected`: the cells that its last revision changed."""

    def __init__(
        self, row: MonthlyReturn, content: Content, past: Past, corrected: frozenset[str]
    ) -> None:
        self.row, self.content, self.past, self.corrected = row, content, past, corrected

    @property
    def groups(self) -> list[Group]:
        """The figures by section, breakdowns under heads of their own; what nobody said is left
        away."""
        groups = [Group(title, [one for one in rows if one.is_said]) for title, rows in self._all()]
        return [group for group in groups if group.rows]

    @cached_property
    def classes(self) -> list[LineRow]:
        """By class of services, with the sums of ITO, BPO and KPO."""
        tree = service_classes(self.row.month)
        rows = [
            LineRow(tree.name(code), code, [self._of_class(code, name) for name in CLASS_MEASURES])
            for code in sorted(self.content.classes, key=[one.code for one in tree].index)
        ]
        if not rows:
            return []
        roots = [
            LineRow(tree.name(root), root, self._sums(root), is_sum=True) for root in ROOT_CLASSES
        ]
        return [*rows, *roots]

    @property
    def class_heads(self) -> list[tuple[str, str]]:
        return [(str(one.label), str(one.unit.label)) for one in CLASS_MEASURES.values()]

    @cached_property
    def markets(self) -> list[LineRow]:
        """By country or region, in its currency and in yuan."""
        month = self.row.month
        return [
            LineRow(
                markets(month).name(country),
                f"{currencies(month).name(currency)} {currency}",
                [self._of_market((country, currency), name) for name in measures],
            )
            for (country, currency), measures in self.content.markets.items()
        ]

    def notes_beside(self, found: list[Finding]) -> list[Note]:
        """The sentences that no finding of today stands beside."""
        known = {one.key for one in found}
        return [
            Note(cell_label(key.partition(":")[2], self.row.month), text)
            for key, text in sorted(self.content.notes.items())
            if key not in known and key.partition(":")[2] in {*FIGURES, *values_of(self.content)}
        ]

    def _all(self) -> Iterator[tuple[str, list[FigureRow]]]:
        parts = {name for names in BREAKDOWNS.values() for name in names}
        heads = {
            "education": _("Education"),
            "age": _("Age"),
            "origin": _("Where people come from"),
        }
        for section in Section:
            if section == Section.STRUCTURE:
                for name in ("education", "age", "origin"):
                    rows = [self._row(one, is_part=True) for one in BREAKDOWNS[name]]
                    is_given = any(row.value is not None for row in rows)
                    yield heads[name], rows if is_given else []
                continue
            names = [one.name for one in figures_in(section) if one.name not in parts]
            yield str(section.label), [self._row(name) for name in names]

    def _row(self, name: str, *, is_part: bool = False) -> FigureRow:
        before: Any = self.past.before[name]
        if name == "opening" and before is None:
            before = self.past.opening_before
        value = self.content[name]
        if name == "opening" and value is None:
            value = self.past.opening
        is_part = is_part or name.startswith(
            ("offshore", "onshore", "returnees", "grad", "insured")
        )
        return FigureRow(name, value, before, name in self.corrected, is_part)

    def _of_class(self, code: str, measure: str) -> LineAmount:
        value = self.content.classes[code][measure]
        is_money = CLASS_MEASURES[measure].unit == Unit.MONEY
        text = wan(value) if is_money else number(value)
        was_corrected = class_cell(code, measure) in self.corrected
        return LineAmount(str(CLASS_MEASURES[measure].label), text, was_corrected)

    def _sums(self, root: str) -> list[LineAmount]:
        amounts = []
        for measure, figure in CLASS_MEASURES.items():
            total = sum(
                line[measure] or 0
                for code, line in self.content.classes.items()
                if code.partition("-")[0] == root
            )
            text = wan(total) if figure.unit == Unit.MONEY else number(total)
            amounts.append(LineAmount(str(figure.label), text, was_corrected=False))
        return amounts

    def _of_market(self, key: tuple[str, str], measure: str) -> LineAmount:
        line: Mapping[str, Any] = self.content.markets[key]
        cell = market_cell(key, measure)
        is_rate = measure == "rate"
        label = _("Rate") if is_rate else str(MARKET_MEASURES[measure].label)
        text = number(line[measure]) if is_rate else wan(line[measure])
        yuan = "" if is_rate else wan(in_yuan(line, measure))
        return LineAmount(label, text, cell in self.corrected, yuan)

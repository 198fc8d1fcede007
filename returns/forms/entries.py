"""What somebody has in front of them of a return, and what of it they changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cached_property
from typing import Any, NamedTuple, cast

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from returns.cells import WHOLES, Line, lines_of, values_of
from returns.content import CLASS, MARKET, Content
from returns.figures import BREAKDOWNS, FIGURES, Part
from returns.forms.fields import (
    NOTE,
    figure_field,
    line_fields,
    note_field,
    place_of,
    stated_fields,
)
from returns.models import MonthlyReturn
from returns.services.entries import check_figures, check_lines, check_notes
from web.forms import BoundField, add_refusal
from web.refusals import Invalid

IN_GROUPS = frozenset(name for names in BREAKDOWNS.values() for name in names)


class Clash(NamedTuple):
    """A cell that somebody else saved while one typed another: theirs is kept, and said."""

    cell: str
    value: Any


class ReturnEntries(forms.Form):
    """Every cell of a return as an entry; a draft may have gaps.

    Each entry goes with what the page showed of it (`known`), so that only what was changed here
    is saved, and what was saved elsewhere is noticed. The entries of `foreign` parts are only read.
    """

    def __init__(
        self,
        typed: QueryDict | None = None,
        *,
        row: MonthlyReturn,
        foreign: frozenset[Part] = frozenset(),
    ) -> None:
        self.row, self.foreign = row, foreign
        self.content = Content.of(row)
        self.readable: dict[str, Any] = {}
        super().__init__(None if typed is None else typed.copy(), initial=self.stored)
        self.sent_lines = self._sent_lines()
        self.lines = list(dict.fromkeys([*lines_of(self.content), *self.sent_lines]))
        self._add_fields()
        if self.is_bound:
            self._fill_gaps()
        self.shown = {name: self._shown_before(name) for name in self.fields}

    @cached_property
    def stored(self) -> dict[str, Any]:
        """What is kept of the return now, by the names of the entries."""
        notes = {NOTE + key: text for key, text in self.content.notes.items()}
        return values_of(self.content) | notes

    @cached_property
    def entries(self) -> ReturnEntries:
        """The same entries without their errors: the page says those beside the cells, from where
        saving while one types can take them away again."""
        quiet = copy(self)
        quiet._errors = ErrorDict()  # type: ignore[attr-defined]
        quiet._bound_fields_cache = {}  # type: ignore[attr-defined]
        return quiet

    def entry(self, name: str) -> BoundField:
        """The entry of a cell as the page draws it; of a note also where nobody wrote it yet."""
        if name not in self.fields:
            self._add(name, note_field())
            self.shown[name] = self._shown_before(name)
        return cast("BoundField", self.entries[name])

    def known(self, name: str) -> str:
        """What the page shows of an entry, as it is carried along."""
        value = self.shown[name]
        if value is None or value is False:
            return ""
        return str(self.fields[name].prepare_value(value))

    def carried(self) -> dict[str, str]:
        """All that goes with the entries."""
        return {self.add_initial_prefix(name): self.known(name) for name in self.fields}

    def clean(self) -> dict[str, Any] | None:
        """Note what can be read; then take out, with its error, what could never be saved."""
        self.readable = dict(self.cleaned_data)
        lines = [_measures(self.readable, line) for line in self.lines]
        reason = self.readable.get("reversal_reason", "")
        figures = {name: value for name, value in self.readable.items() if name in FIGURES}
        self._refuse(lambda: check_figures(figures, reason))
        classes, markets = by_kind(zip(self.lines, lines, strict=True))
        self._refuse(lambda: check_lines(self.row.month, classes, markets, reason))
        return self.cleaned_data

    def as_it_stands(self) -> Content:
        """The return as the page has it; None for an entry that cannot be read."""
        if not self.is_bound:
            return self.content
        self.is_valid()
        values = {**self.stored, **dict.fromkeys(self.fields), **self.readable}
        filed = {name: values[name] for name in self.content.filed if name != "notes"}
        notes = {
            name.removeprefix(NOTE): text for name, text in values.items() if name.startswith(NOTE)
        }
        lines = [_measures(values, line) for line in self.lines]
        classes, markets = by_kind(zip(self.lines, lines, strict=True))
        return Content({**filed, "notes": {**self.content.notes, **notes}}, classes, markets)

    def put(self, name: str, value: Any) -> None:
        """Let an entry show `value` from now on."""
        self.cleaned_data[name] = self.readable[name] = value
        self._write(name, value)

    def _write(self, name: str, value: Any) -> None:
        key, field = self.add_prefix(name), self.fields[name]
        if not isinstance(field, forms.BooleanField):
            self.data[key] = "" if value is None else str(field.prepare_value(value))  # type: ignore[index]
        elif value:
            self.data[key] = "on"  # type: ignore[index]
        else:
            self.data.pop(key, None)  # type: ignore[attr-defined]

    def _sent_lines(self) -> list[Line]:
        """The lines that the page had, those that its month knows."""
        sent = [Line.named(name) for name in self.data.getlist("line")] if self.is_bound else []  # type: ignore[attr-defined]
        return [line for line in sent if line.is_known(self.row.month)]

    def _add_fields(self) -> None:
        fields = stated_fields() | {name: figure_field(one) for name, one in FIGURES.items()}
        for name, field in fields.items():
            self._add(name, field)
        for line in self.lines:
            self.add_line(line)
        for name in [*self.stored, *self.data]:
            if name.startswith(NOTE) and name not in self.fields and _is_note(name):
                self._add(name, note_field())

    def add_line(self, line: Line) -> None:
        """Add the entries of a line."""
        for name, field in line_fields(line, self.row.month).items():
            self._add(name, field)

    def _add(self, name: str, field: forms.Field) -> None:
        field.disabled = part_of(name) in self.foreign
        notice = f"notice-{place_of(cell_of(name))}"
        # The entries of a breakdown have their unit at the head of it.
        has_unit = getattr(field, "unit", "") and name not in IN_GROUPS
        unit = f"id_{name}_unit " if has_unit else ""
        field.widget.attrs["aria-describedby"] = unit + notice
        if ":" in name or name in WHOLES:
            field.widget.attrs["aria-label"] = field.label
        self.fields[name] = field

    def _fill_gaps(self) -> None:
        """What the page does not say at all stays as it is."""
        for name in self.fields:
            if {self.add_prefix(name), self.add_initial_prefix(name)}.isdisjoint(self.data):
                self._write(name, self.stored.get(name))

    def _shown_before(self, name: str) -> Any:
        """What this page showed when it was opened; what is stored, where it does not say."""
        stored, field = self.stored.get(name), self.fields[name]
        if isinstance(field, forms.CharField) and stored is None:
            stored = ""
        text = self.data.get(self.add_initial_prefix(name))
        if text is None:
            return stored
        try:
            return field.clean(text)
        except forms.ValidationError:
            return stored

    def _refuse(self, check: Callable[[], None]) -> None:
        try:
            check()
        except Invalid as refusal:
            add_refusal(self, refusal)


def cell_of(name: str) -> str:
    """The cell that an entry is about: a note is about that of its finding."""
    return name.removeprefix(NOTE).partition(":")[2] if name.startswith(NOTE) else name


def part_of(name: str) -> Part:
    """Who answers for an entry: the money or the people."""
    cell = cell_of(name)
    return FIGURES[cell].part if cell in FIGURES else Part.MONEY


def by_kind(lines: Iterable[tuple[Line, Any]]) -> tuple[dict[str, Any], dict[Any, Any]]:
    """What is said of lines: of the classes by code, of the markets by country and currency."""
    classes: dict[str, Any] = {}
    markets: dict[Any, Any] = {}
    for line, said in lines:
        if line.kind == CLASS:
            classes[line.key] = said
        elif line.kind == MARKET:
            markets[line.market] = said
    return classes, markets


def _measures(values: Mapping[str, Any], line: Line) -> dict[str, Any]:
    return {measure: values.get(cell) for measure, cell in line.cells.items()}


def _is_note(name: str) -> bool:
    """Whether it can be a note at all: on a check, where one can find something."""
    try:
        check_notes({name.removeprefix(NOTE): ""})
    except Invalid:
        return False
    return True

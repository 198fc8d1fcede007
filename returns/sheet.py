"""One month's return on the page: its figures beside the last month's, and what they ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate
from django.utils.translation import pgettext

from accounts.models import User
from foundation.months import next_month
from returns.cells import PARTS, figure_text
from returns.checking import case_of
from returns.checks import Case, findings
from returns.content import CLASS, MARKET, Content
from returns.desk import due_day
from returns.figures import BREAKDOWNS, FIGURES, Figure, Part, Section, figures_in
from returns.following import FOLLOWING
from returns.forms.fields import NOTE, place_of
from returns.forms.filling import ReturnForm
from returns.line_tables import Cell, ClassTable, MarketTable, cell_of
from returns.past import past_of
from returns.places import Place, places_of
from returns.sources import Source, source_of
from returns.thresholds.rules import threshold
from returns.who import Answering


class Row(NamedTuple):
    """A figure of the form."""

    figure: Figure
    cell: Cell
    before: str
    source: Source
    place: Place

    @property
    def is_part(self) -> bool:
        """Whether it is a part of the figure above it."""
        return self.figure.name in PARTS

    @property
    def is_readonly(self) -> bool:
        return self.cell.entry.field.widget.attrs.get("readonly", False)


class Save(NamedTuple):
    """Who saved a section last."""

    name: str
    at: datetime | None
    is_own: bool
    is_today: bool


@dataclass
class SheetSection:
    """A section of the form, and how far it is."""

    section: Section
    number: str
    rows: list[Row]
    places: list[Place]
    saved: Save | None
    person: str  # who fills it in, where somebody does
    is_foreign: bool  # somebody else does: it is only read

    @property
    def name(self) -> str:
        return self.section.value

    @property
    def title(self) -> str:
        return f"{self.number} {self.section.label}"

    @property
    def asked_places(self) -> list[Place]:
        """Those that a complete section has filled in."""
        idle = {row.figure.name for row in self.rows if row.is_readonly}
        figures = [place for place in self.places if place.name in {*FIGURES, *BREAKDOWNS}]
        return [place for place in figures if place.name not in idle]

    @property
    def wrong(self) -> int:
        return sum(place.wrong for place in self.places)

    @property
    def asked(self) -> int:
        return sum(place.asked for place in self.places)

    @property
    def is_explained(self) -> bool:
        """Whether everything that asks for a sentence has one."""
        return self.asked == sum(place.explained for place in self.places)

    @property
    def filled(self) -> int:
        return sum(place.is_filled for place in self.asked_places)

    @property
    def is_optional(self) -> bool:
        """Whether nobody began what not everybody has to fill in."""
        return self.section == Section.FINANCE and not self.filled

    @property
    def is_begun(self) -> bool:
        """Whether somebody began what not everybody has to fill in."""
        return bool(self.filled or self.wrong)


class ReturnSheet:
    """What the form's page shows around the entries."""

    def __init__(
        self,
        form: ReturnForm,
        user: User,
        today: date,
        answering: Answering,
        *,
        is_checked: bool = False,
    ) -> None:
        self.form, self.row, self.user, self.today = form, form.row, user, today
        self.answering, self.is_checked = answering, is_checked
        self.past = past_of(form.row.enterprise_id, form.row.month)
        self.content = form.as_it_stands()
        self._draw_settlement()

    @cached_property
    def case(self) -> Case:
        return case_of(self.row, self.content, self.past)

    @cached_property
    def places(self) -> dict[str, Place]:
        """Everything that is said, by the place where it is said."""
        found = findings(self.case).findings
        return places_of(self.form, found, is_checked=self.is_checked)

    @cached_property
    def sections(self) -> dict[str, SheetSection]:
        numbers = pgettext("numbers of the sections", "1 2 3 4 5 6 7").split()
        return {
            section.value: self._section(section, number)
            for section, number in zip(Section, numbers, strict=True)
        }

    @cached_property
    def classes(self) -> ClassTable:
        last = self.past.last_month
        before = Content.of(last) if last is not None else None
        return ClassTable(self.form, self.content, self.places, before)

    @cached_property
    def markets(self) -> MarketTable:
        return MarketTable(self.form, self.content, self.places)

    @property
    def cost_centre(self) -> Cell:
        return cell_of(self.form, "is_cost_centre")

    @property
    def reversal(self) -> Cell:
        return cell_of(self.form, "reversal_reason")

    @property
    def has_reversal(self) -> bool:
        """Whether the reason for a reversal is asked, or there."""
        amounts = [value for value in self.content.figures().values() if value is not None]
        lines = [*self.content.classes.values(), *self.content.markets.values()]
        amounts += [value for line in lines for value in line.values() if value is not None]
        said = self.content["reversal_reason"] or not self.places["reversal_reason"].is_quiet
        is_asked = any(amount < 0 for amount in amounts)
        return bool(said) or is_asked

    @property
    def structure(self) -> list[Cell]:
        """The entries of the breakdowns."""
        return [cell_of(self.form, name) for names in BREAKDOWNS.values() for name in names]

    # What an answer to htmx takes along

    @property
    def changed_places(self) -> list[Place]:
        """The places where the page says something else than this.

        Not those in a table that comes anew: it brings its own.
        """
        sent = set(self.form.data.getlist("said"))  # type: ignore[attr-defined]
        said = {mark.partition(" ")[0] for mark in sent}
        return [
            place
            for place in self.places.values()
            if (place.name in said if place.is_quiet else place.mark not in sent)
            and place.name.partition(":")[0] not in self._tables_anew
        ]

    @property
    def _tables_anew(self) -> set[str]:
        """Which tables of lines the page gets whole."""
        if self.form.is_restructured:
            return {CLASS, MARKET}
        return {MARKET} if self.markets_turned else set()

    @property
    def changed_entries(self) -> list[tuple[Cell, bool]]:
        """Entries that show something else than was typed; and whether somebody else saved it."""
        drawn = self._drawn(self.form.redrawn)
        return [(cell_of(self.form, name), name in self.form.theirs) for name in drawn]

    @property
    def changed_knowledge(self) -> list[Cell]:
        """Entries of which something was saved, as the page knows them from now on."""
        return [cell_of(self.form, name) for name in self._drawn(self.form.saved)]

    @property
    def changed_rows(self) -> list[Row]:
        """Figures that may come from somewhere else now."""
        names = self.form.saved | self.form.redrawn | set(FOLLOWING) | {"internal_settlement"}
        rows = [row for section in self.sections.values() for row in section.rows]
        return [row for row in rows if row.figure.name in names]

    @property
    def has_turned(self) -> bool:
        """Whether it became a cost centre, or is none any more."""
        return "is_cost_centre" in self.form.saved | self.form.theirs

    @property
    def markets_turned(self) -> bool:
        """Whether the page has the markets, and should not, or the other way round."""
        return self.markets.is_shown != ("has-markets" in self.form.data)

    @property
    def reversal_turned(self) -> bool:
        return self.has_reversal and "has-reversal" not in self.form.data

    # What the foot and the head say

    @property
    def wrong(self) -> int:
        """How much must be changed."""
        return sum(place.wrong for place in self.places.values())

    @property
    def first_wrong(self) -> Place | None:
        """Where the first of it is; what is only asked, where nothing is wrong."""
        places = self.places.values()
        wrong = next((place for place in places if place.wrong), None)
        return wrong or next((place for place in places if place.asked > place.explained), None)

    @property
    def explained(self) -> int:
        return sum(place.explained for place in self.places.values())

    @property
    def unexplained(self) -> int:
        """How many questions are open that keep nothing back."""
        return sum(place.asked for place in self.places.values()) - self.explained

    @property
    def empty_groups(self) -> int:
        return sum(not self.places[group].is_typed for group in BREAKDOWNS)

    @property
    def counted(self) -> int:
        """How many figures are asked of everybody."""
        return sum(
            len(section.asked_places if name != Section.STRUCTURE else self.structure)
            for name, section in self.sections.items()
            if name != Section.FINANCE
        )

    @property
    def prefilled(self) -> int:
        """How many of them are filled in beforehand, and nobody changed them."""
        names = (name for name, figure in FIGURES.items() if figure.section != Section.FINANCE)
        return sum(source_of(name, self.case).is_prefilled for name in names)

    @property
    def is_saved_today(self) -> bool:
        return localdate(self.row.saved_at) == self.today

    @property
    def revenue_to_date(self) -> Decimal | None:
        """Filed earlier in the year, and this month."""
        revenue = self.content["revenue"]
        return None if revenue is None else self.past.revenue_this_year + revenue

    @cached_property
    def is_above_threshold(self) -> bool:
        """Whether the year before makes it 规上 in its industry: its results are asked too."""
        least = threshold(self.row.enterprise.industry_code, self.row.month)
        filed = [row.revenue or 0 for row in self.past.filed.values()]
        return least is not None and sum(filed, Decimal(0)) >= least

    @property
    def due(self) -> date:
        return due_day(self.row.month)

    @property
    def is_over(self) -> bool:
        return next_month(self.row.month) <= self.today

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Which part somebody answers for, and who."""
        assigned = self.answering.assigned
        return [(str(part.label), assigned[part].name) for part in Part if part in assigned]

    def _section(self, section: Section, number: str) -> SheetSection:
        figures = list(figures_in(section))
        names = dict.fromkeys(place_of(figure.name) for figure in figures)
        places = [self.places[name] for name in [*names, *self._more_places(section)]]
        rows = [self._row(figure) for figure in figures if place_of(figure.name) == figure.name]
        person = self.answering.assigned.get(section.part)
        is_foreign = section.part in self.form.foreign
        return SheetSection(
            *(section, number, rows, places, self._saved(section)),
            person=person.name if person else "",
            is_foreign=is_foreign,
        )

    def _more_places(self, section: Section) -> Iterator[str]:
        if section == Section.BUSINESS:
            yield from ("is_cost_centre", "reversal_reason")
        if section == Section.OUTSOURCING:
            yield from (
                name for name in self.places if name.partition(":")[0] in ("class", "market")
            )

    def _row(self, figure: Figure) -> Row:
        before = figure_text(figure.name, self._before(figure.name))
        source = source_of(figure.name, self.case)
        cell = cell_of(self.form, figure.name, unit=figure.unit.label)
        return Row(figure, cell, before, source, self.places[figure.name])

    def _before(self, name: str) -> Any:
        before = self.past.before
        return (
            self.past.opening_before if name == "opening" and before[name] is None else before[name]
        )

    def _saved(self, section: Section) -> Save | None:
        saved = self.row.saves.get(section.value)
        if not saved:
            return None
        at = parse_datetime(saved["at"])
        is_today = at is not None and localdate(at) == self.today
        return Save(saved["name"], at, saved["user"] == self.user.pk, is_today)

    def _drawn(self, names: set[str]) -> list[str]:
        """Those that have an entry on the page: notes stand where something is found."""
        found = [one for place in self.places.values() for one in place.notices]
        shown = {NOTE + one.key for one in found if one.wants_note}
        return sorted(name for name in names if not name.startswith(NOTE) or name in shown)

    def _draw_settlement(self) -> None:
        """Internal settlement is only read where there is none: only cost centres have it."""
        if not self.content["is_cost_centre"] and self.content["internal_settlement"] is None:
            self.form.fields["internal_settlement"].widget.attrs["readonly"] = True

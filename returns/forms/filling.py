"""Filling in a return: saved while one types, beside others who type too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from returns import services
from returns.cells import Line, lines_of
from returns.checks import in_ten_thousands
from returns.content import CLASS, MARKET, Content
from returns.figures import CLASS_MEASURES, FIGURES, Part
from returns.following import FOLLOWING
from returns.forms.entries import Clash, ReturnEntries, by_kind
from returns.forms.fields import NOTE
from returns.services.opening import rates_of

OFFSHORE = {
    "offshore_contract_value": "contract_amount",
    "offshore_executed_value": "executed_amount",
}


class ReturnForm(ReturnEntries):
    """The form of a return, with the buttons that do more than save."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.clashes: list[Clash] = []
        self.saved: set[str] = set()  # entries of which something was saved just now
        self.redrawn: set[str] = set()  # entries that show something else than was typed
        self.theirs: set[str] = set()  # of these, what somebody else saved

    @property
    def is_restructured(self) -> bool:
        """Whether the page has other lines than those that were sent."""
        return set(self.lines) != set(self.sent_lines)

    def save(self, now: datetime, user: User) -> None:
        """Save what was changed here and can be read; the rest stays typed, with its error.

        Raises a refusal of `services.save_draft`.
        """
        self.is_valid()
        new = {name: value for name, value in self.cleaned_data.items() if self._is_new(name)}
        for compute in (self._pressed, self._following):
            for name, value in self._changed(compute(new)).items():
                self._redraw(name, value)
                new[name] = value
        new = self._without_clashes(new)
        lines = self._changed_lines(new)
        if new or lines:
            self._save(new, lines, now, user)
        self.saved |= {*new, *(clash.cell for clash in self.clashes)}
        self.shown |= new
        self._take_theirs()
        self._settle_lines()

    def _save(
        self, new: Mapping[str, Any], lines: Mapping[Line, Any], now: datetime, user: User
    ) -> None:
        classes, markets = by_kind(lines.items())
        notes = {name.removeprefix(NOTE): text for name, text in new.items() if _is_note(name)}
        self.row = services.save_draft(
            return_id=self.row.pk,
            figures={name: value for name, value in new.items() if ":" not in name},
            classes=classes,
            markets=markets,
            notes=notes,
            now=now,
            acting_user=user,
            expected_version=self.row.version,
        )
        self.content = Content.of(self.row)
        del self.stored

    def _is_new(self, name: str) -> bool:
        return not self.fields[name].disabled and self.cleaned_data[name] != self.shown[name]

    def _redraw(self, name: str, value: Any) -> None:
        self.put(name, value)
        self.redrawn.add(name)

    def _without_clashes(self, new: Mapping[str, Any]) -> dict[str, Any]:
        """What is still to be written: not what is stored already, nor over somebody else's."""
        kept = {}
        for name, value in new.items():
            stored, known = self._stored(name), self.shown[name]
            if stored == value:
                self.shown[name] = value
                self.saved.add(name)
            elif stored == known:
                kept[name] = value
            else:
                self.clashes.append(Clash(name, stored))
                self.shown[name] = stored
        return kept

    def _stored(self, name: str) -> Any:
        return self.stored.get(name, "" if _is_note(name) else None)

    def _take_theirs(self) -> None:
        """Show what somebody else saved, where nobody typed anything here."""
        gone = {*self.lines} - {*lines_of(self.content)}  # stays as a whole, or goes as a whole
        stays = {cell for line in gone for cell in line.cells.values()}
        for name in self.cleaned_data.keys() - self.saved:
            stored = self._stored(name)
            if stored == self.shown[name]:
                continue
            self.shown[name] = stored
            if name in stays:
                self.saved.add(name)
            else:
                self._redraw(name, stored)
                self.theirs.add(name)

    # What else was pressed

    def _pressed(self, new: Mapping[str, Any]) -> dict[str, Any]:
        """Amounts that a button leads to."""
        go, divided = self.data.get("go"), self.data.get("divide", "")
        if go == "sum-classes":
            return self._sums_of_classes()
        if go == "sum-markets":
            return self._sums_of_markets()
        if divided in FIGURES and self.cleaned_data.get(divided) is not None:
            return {divided: in_ten_thousands(self.cleaned_data[divided])}
        return {}

    def _changed(self, amounts: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: amount
            for name, amount in amounts.items()
            if name in self.cleaned_data
            and not self.fields[name].disabled
            and amount != self.cleaned_data[name]
        }

    def _sums_of_classes(self) -> dict[str, Any]:
        cells = [line.cells for line in self.lines if line.kind == CLASS]
        return {
            measure: sum(self.cleaned_data[cell[measure]] or 0 for cell in cells)
            for measure in CLASS_MEASURES
            if cells and all(cell[measure] in self.cleaned_data for cell in cells)
        }

    def _sums_of_markets(self) -> dict[str, Any]:
        content = self.as_it_stands()
        return {name: content.market_sum(measure) for name, measure in OFFSHORE.items()}

    def _following(self, new: Mapping[str, Any]) -> dict[str, Any]:
        """What follows from other entries, for as long as nobody types something else there."""
        return {
            name: amount
            for name, follow in FOLLOWING.items()
            if name in self.cleaned_data and name not in new
            if self.shown[name] in (None, follow(self.shown))
            if (amount := follow(self.cleaned_data)) is not None
        }

    # Lines of classes and markets

    def _changed_lines(self, new: Mapping[str, Any]) -> dict[Line, Any]:
        """What is to be written into lines: their measures, or None to take one out."""
        lines: dict[Line, Any] = {}
        for line in self.lines:
            cells = line.cells.items()
            if measures := {measure: new[cell] for measure, cell in cells if cell in new}:
                lines[line] = measures
        if Part.MONEY in self.foreign:
            return lines
        if (removed := Line.named(self.data.get("remove", ""))) in self.lines:
            lines[removed] = None
        if (added := self._added()) is not None:
            lines.setdefault(added, self._beginning(added))
        return lines

    def _added(self) -> Line | None:
        """The line that is to be added; says so where none was chosen."""
        go = self.data.get("go")
        if go == "add-class":
            line = Line(CLASS, self.data.get("add_class", ""))
        elif go == "add-market":
            country, currency = self.data.get("add_market", ""), self.data.get("add_currency", "")
            line = Line(MARKET, f"{country}.{currency}")
        else:
            return None
        if line.is_known(self.row.month):
            return None if line in self.lines else line
        self.add_error(None, ValidationError(_("Choose from the list what is to be added.")))
        return None

    def _beginning(self, line: Line) -> dict[str, Any]:
        if line.kind == CLASS:
            return {}
        return {"rate": rates_of(self.row.month).get(line.market[1])}

    def _settle_lines(self) -> None:
        """The page has the lines that are stored, and those that somebody still types in."""
        stored, wrong = set(lines_of(self.content)), {clash.cell for clash in self.clashes}
        wrong |= set(self.errors)
        known = set(self.lines)
        for line in stored - known:
            self.add_line(line)
            for name in line.cells.values():
                self.shown[name] = self.stored.get(name)
                self.put(name, self.shown[name])
        kept = {line for line in known if line in stored or wrong & {*line.cells.values()}}
        for line in known - kept:
            for name in line.cells.values():
                self._forget(name)
        self.lines = sorted(kept | stored)

    def _forget(self, name: str) -> None:
        del self.fields[name]
        self.shown.pop(name)
        for names in (self.saved, self.redrawn, self.theirs):
            names.discard(name)


def _is_note(name: str) -> bool:
    return name.startswith(NOTE)

"""What is said beside the cells of a return: errors, clashes, what the checks find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zlib import crc32

from django.utils.translation import gettext as _

from returns.cells import Line, cell_text
from returns.checks import Finding
from returns.content import CLASS, MARKET
from returns.figures import BREAKDOWNS, Section, figures_in
from returns.forms.entries import cell_of
from returns.forms.fields import NOTE, place_of
from returns.forms.filling import ReturnForm
from web.forms import BoundField

# What is missing is said on submitting; what a breakdown lacks stands beside it.
SAID_ELSEWHERE = frozenset({"V0", "V4"})


class Said(NamedTuple):
    """A finding, and the entry for the sentence that explains it."""

    finding: Finding
    note: BoundField | None
    known: str


@dataclass
class Place:
    """A cell, a line or a group, and what is said beside it."""

    name: str
    errors: list[str] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    is_typed: bool = False
    is_filled: bool = False  # and complete: the parts of a group add up

    @property
    def notices(self) -> list[Finding]:
        """What the checks find here."""
        return [said.finding for said in self.said]

    @property
    def is_block(self) -> bool:
        """Whether it stands under a group or a table, not in a row of one."""
        kinds = {*BREAKDOWNS, CLASS, MARKET, "is_cost_centre", "reversal_reason"}
        return self.name in kinds

    @property
    def columns(self) -> int:
        """How wide its row is."""
        return 6 if self.name.startswith(f"{CLASS}:") else 5

    @property
    def is_quiet(self) -> bool:
        return not (self.errors or self.clashes or self.said)

    @property
    def wrong(self) -> int:
        """How much of it must be changed."""
        return len(self.errors) + len(self.clashes) + sum(one.blocks for one in self.notices)

    @property
    def asked(self) -> int:
        """How much of it asks for a look, and keeps nothing back."""
        return sum(not one.blocks for one in self.notices)

    @property
    def explained(self) -> int:
        """How much of it somebody has explained."""
        return sum(one.is_explained for one in self.notices)

    @property
    def mark(self) -> str:
        """Tells whether a page says the same as this: the page sends it along."""
        said = [(one.key, one.title, one.text, one.blocks) for one in self.notices]
        return f"{self.name} {crc32(repr((self.errors, self.clashes, said)).encode()):x}"


def places_of(form: ReturnForm, found: Sequence[Finding], *, is_checked: bool) -> dict[str, Place]:
    """Everything that is said, by the place where it is said, in the order of the page."""
    places = {name: Place(name) for name in _names(form)}
    for name, messages in form.errors.items():
        if name in form.fields:
            places[place_of(cell_of(name))].errors += _named(form, name, messages)
    for clash in form.clashes:
        places[place_of(cell_of(clash.cell))].clashes.append(_clash(form, clash.cell, clash.value))
    for finding in found:
        place = places.get(place_of(finding.place))
        is_early = not is_checked and finding.rule.code in SAID_ELSEWHERE
        # Of an entry that cannot be saved nothing else is worth a word.
        if place is not None and not is_early and finding.place not in form.errors:
            place.said.append(_said(form, finding))
    content = form.as_it_stands()
    for name, place in places.items():
        values = [content.filed.get(cell) for cell in BREAKDOWNS.get(name, (name,))]
        given: list[Any] = [value for value in values if value is not None]
        place.is_typed = bool(given or place.errors)
        is_whole = name not in BREAKDOWNS or sum(given) == content["headcount"]
        place.is_filled = place.is_typed and is_whole
    return places


def _names(form: ReturnForm) -> Iterator[str]:
    for section in Section:
        yield from dict.fromkeys(place_of(figure.name) for figure in figures_in(section))
        if section == Section.BUSINESS:
            yield from ("is_cost_centre", "reversal_reason")
        if section == Section.OUTSOURCING:
            for kind in (CLASS, MARKET):
                yield kind
                yield from (line.name for line in form.lines if line.kind == kind)


def _said(form: ReturnForm, finding: Finding) -> Said:
    if not finding.wants_note:
        return Said(finding, None, "")
    name = NOTE + finding.key
    return Said(finding, form.entry(name), form.known(name))


def _named(form: ReturnForm, name: str, messages: Any) -> list[str]:
    """In a group or line the entry that cannot be read is named; else the place says which."""
    if place_of(name) == name:
        return [str(message) for message in messages]
    label = form.fields[name].label
    return [
        _("%(entry)s: %(message)s") % {"entry": label, "message": message} for message in messages
    ]


def _clash(form: ReturnForm, name: str, value: Any) -> str:
    said = {"entry": form.fields[name].label, "value": cell_text(name, value)}
    if value is None and ":" in name and Line.named(name) in form.lines:
        return (
            _(
                "%(entry)s: somebody else emptied this meanwhile, or took it out. Yours is not "
                "saved yet; save again to keep it."
            )
            % said
        )
    return (
        _(
            "%(entry)s: somebody else saved %(value)s meanwhile. Yours is not saved yet; "
            "save again to write over theirs."
        )
        % said
    )

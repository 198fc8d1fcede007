"""One month's return on the page: its figures beside the last month's, and what they ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from foundation.months import next_month
from returns.checking import case_of
from returns.checks import Finding, findings
from returns.content import Content
from returns.desk import due_day
from returns.figures import BREAKDOWNS
from returns.forms import ReturnForm, place_of
from returns.past import past_of
from web.formats import number, wan

SECTIONS: dict[str, tuple[str, ...]] = {
    "business": ("revenue",),
    "staff": ("joined", "left", "headcount"),
    "people": ("education", "age", "origin"),
}


# What is missing is said on submitting; what a breakdown lacks stands beside it.
SAID_ELSEWHERE = ("V0", "V4")


@dataclass
class Place:
    """A cell or a group, and what is said beside it."""

    name: str
    errors: list[str] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)
    is_filled: bool = False

    @property
    def is_quiet(self) -> bool:
        return not (self.errors or self.clashes or self.notices)

    @property
    def wrong(self) -> int:
        return len(self.errors) + len(self.clashes)


@dataclass
class Section:
    """A section of the form, and how far it is."""

    name: str
    places: list[Place]

    @property
    def wrong(self) -> int:
        return sum(place.wrong for place in self.places)

    @property
    def asked(self) -> int:
        return sum(len(place.notices) for place in self.places)

    @property
    def filled(self) -> int:
        return sum(place.is_filled for place in self.places)


class ReturnSheet:
    """What the form's page shows around the entries."""

    def __init__(self, form: ReturnForm, today: date, saved_at: datetime | None = None) -> None:
        self.form, self.row, self.today, self.saved_at = form, form.row, today, saved_at
        self.past = past_of(form.row.enterprise_id, form.row.month)
        self.figures = form.figures()

    @cached_property
    def places(self) -> dict[str, Place]:
        """Everything that is said, by the place where it is said."""
        places = {name: Place(name) for names in SECTIONS.values() for name in names}
        for name, messages in self.form.errors.items():
            if name in self.form.fields:
                places[place_of(name)].errors += self._named(name, messages)
        for clash in self.form.clashes:
            places[place_of(clash.field)].clashes.append(self._clash(clash.field, clash.value))
        for finding in self._asked():
            places[place_of(finding.place)].notices.append(finding)
        for name, place in places.items():
            fields = BREAKDOWNS.get(name, (name,))
            typed = any(self.figures[field] is not None for field in fields)
            place.is_filled = typed or bool(place.errors)
        return places

    @cached_property
    def sections(self) -> dict[str, Section]:
        return {
            section: Section(section, [self.places[name] for name in names])
            for section, names in SECTIONS.items()
        }

    @property
    def wrong(self) -> int:
        """How many entries must be corrected."""
        return sum(section.wrong for section in self.sections.values())

    @property
    def first_wrong(self) -> Place | None:
        """Where the first of them is."""
        return next((place for place in self.places.values() if place.wrong), None)

    @property
    def asked(self) -> int:
        """How many questions are asked that do not block."""
        return sum(section.asked for section in self.sections.values())

    @property
    def empty_groups(self) -> int:
        people = self.sections["people"]
        return len(people.places) - people.filled

    @property
    def revenue_to_date(self) -> Decimal | None:
        """Filed earlier in the year, and this month."""
        revenue = self.figures["revenue"]
        return None if revenue is None else self.past.revenue_this_year + revenue

    @property
    def due(self) -> date:
        return due_day(self.row.month)

    @property
    def is_over(self) -> bool:
        return next_month(self.row.month) <= self.today

    def _asked(self) -> list[Finding]:
        """What the checks ask of the figures as they stand; what blocks is said on submitting."""
        content = Content({**self.row.filed(), **self.figures})
        found = findings(case_of(self.row, content, self.past)).findings
        asked = [one for one in found if one.rule.code not in SAID_ELSEWHERE]
        return [one for one in asked if place_of(one.place) in self._known]

    _known = frozenset(name for names in SECTIONS.values() for name in names)

    def _named(self, name: str, messages: Any) -> list[str]:
        """In a group the entry that cannot be read is named; else the place says which it is."""
        if place_of(name) == name or self.form.is_checked:
            return [str(message) for message in messages]
        label = self.form.fields[name].label
        return [
            _("%(entry)s: %(message)s") % {"entry": label, "message": message}
            for message in messages
        ]

    def _clash(self, name: str, value: Any) -> str:
        shown = wan(value) if name == "revenue" else number(value)
        said = {"entry": self.form.fields[name].label, "value": shown}
        return (
            _(
                "%(entry)s: somebody else saved %(value)s meanwhile. Yours is not saved yet; "
                "save again to write over theirs."
            )
            % said
        )

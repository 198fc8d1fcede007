"""What a return is checked against, and what a check finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from returns.checks.rules import RULES, Rule, Thresholds
from returns.content import Content
from returns.past import Past


@dataclass(frozen=True)
class Case:
    """A month of an enterprise: what it says, what was filed before, what else is known."""

    content: Content
    past: Past
    thresholds: Thresholds
    seats: int  # the most that are contracted on a day of the month
    usual_per_head: Decimal | None  # the park's median of the month before, 元 a head

    @property
    def is_cost_centre(self) -> bool:
        return bool(self.content["is_cost_centre"])


class Finding(NamedTuple):
    """What a check says of a cell. `instead`: the amount that was probably meant, in 元.

    `is_only_asked`: keeps nothing back here, though its rule does elsewhere.
    """

    rule: Rule
    place: str
    title: str
    text: str = ""
    instead: Decimal | None = None
    note: str = ""
    is_only_asked: bool = False

    @property
    def key(self) -> str:
        """Under which its note is kept."""
        return note_key(self.rule.code, self.place)

    @property
    def wants_note(self) -> bool:
        """Whether a sentence of the person explains it."""
        return self.rule.yields or not self.rule.is_hard

    @property
    def is_explained(self) -> bool:
        return self.wants_note and bool(self.note)

    @property
    def blocks(self) -> bool:
        """Whether the return cannot be submitted with it."""
        return self.rule.is_hard and not (self.is_only_asked or self.is_explained)

    @property
    def message(self) -> str:
        """All that it says, in one line."""
        return f"{self.title} {self.text}".strip()


Check = Callable[[Case], Iterator[Finding]]


def note_key(rule: str, place: str) -> str:
    """The name of a note: V6:revenue."""
    return f"{rule}:{place}"


@dataclass
class Found:
    """Findings with the notes that explain them."""

    findings: list[Finding] = field(default_factory=list)

    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.blocks]

    @property
    def unexplained(self) -> list[Finding]:
        """Those that ask for a sentence and have none."""
        return [one for one in self.findings if one.wants_note and not one.is_explained]


def found_by(checks: tuple[Check, ...], case: Case) -> Found:
    """What `checks` find in `case`, in their order."""
    notes = case.content.notes
    found = [finding for check in checks for finding in check(case)]
    # Where yuan were typed for 10,000 yuan nothing else that is odd about it is worth a word.
    doubted = {finding.place for finding in found if finding.rule.yields}
    return Found(
        [
            finding._replace(note=notes.get(finding.key, ""))
            for finding in found
            if finding.rule.is_hard or finding.place not in doubted
        ]
    )


def find(
    rule: str, place: str, title: str, text: str = "", instead: Decimal | None = None
) -> Finding:
    """A finding of the rule with that code."""
    return Finding(RULES[rule], place, title, text, instead)

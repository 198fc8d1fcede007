"""Everything about one return on one page: figures, revisions, where it is, what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from foundation.months import next_month
from returns.checking import case_of
from returns.checks import Change, Finding, change_of, findings
from returns.content import Content
from returns.desk import closed_among, due_day
from returns.figures import BREAKDOWNS, FIGURES
from returns.lifecycle import may
from returns.models import MonthlyReturn, ReturnFigures, ReturnRevision, ReturnState
from returns.past import past_of
from returns.rules import rules_in_words, why
from tenants.models import Membership

# Which rows stand under which head of the table of figures.
GROUPS: dict[str, tuple[str, ...]] = {
    "business": ("revenue",),
    "staff": ("joined", "left", "headcount"),
    **{group: BREAKDOWNS[group] for group in ("education", "age", "origin")},
}


@dataclass(frozen=True)
class FigureRow:
    """A figure beside the last month's."""

    name: str
    label: str
    value: Decimal | int | None
    before: Decimal | int | None
    was_corrected: bool

    @property
    def is_money(self) -> bool:
        return self.name == "revenue"

    @property
    def change(self) -> Change | None:
        return change_of(self.value, self.before)


class Correction(NamedTuple):
    """A figure that a revision changed."""

    name: str
    label: str
    before: Decimal | int | None
    after: Decimal | int | None


class ReturnFile:
    """A return as its page shows it to `user`."""

    def __init__(self, row: MonthlyReturn, user: User, today: date, now: datetime) -> None:
        self.row, self.user, self.today, self.now = row, user, today, now
        self.past = past_of(row.enterprise_id, row.month)
        self.is_closed = row.month in closed_among([row.month])
        self.due = due_day(row.month)

    @cached_property
    def revisions(self) -> list[ReturnRevision]:
        """Newest first; each with `is_by_park`: filed by the park for the enterprise."""
        acted = Membership.objects.filter(
            user=OuterRef("submitted_by"), enterprise=self.row.enterprise_id
        )
        return list(
            self.row.revisions.select_related("submitted_by")
            .annotate(is_by_park=~Exists(acted))
            .order_by("-number")
        )

    @property
    def corrections(self) -> list[tuple[ReturnRevision, list[Correction]]]:
        """Every revision with what it changed of the one before."""
        earlier: list[ReturnRevision | None] = [*self.revisions[1:], None]
        return [
            (revision, _changed(before, revision) if before else [])
            for revision, before in zip(self.revisions, earlier, strict=True)
        ]

    @property
    def groups(self) -> list[tuple[str, list[FigureRow]]]:
        """The figures by group; a breakdown that was left empty is left away."""
        corrected = {c.name for c in self.corrections[0][1]} if self.revisions else set()
        groups = []
        for group, names in GROUPS.items():
            rows = [self._figure(name, name in corrected) for name in names]
            if group not in BREAKDOWNS or any(row.value is not None for row in rows):
                groups.append((group, rows))
        return groups

    @property
    def notices(self) -> list[Finding]:
        """What the checks ask of the draft."""
        content = Content.of(self.row)
        found = findings(case_of(self.row, content, self.past)).findings
        return [finding for finding in found if finding.wants_note]

    @property
    def is_over(self) -> bool:
        return next_month(self.row.month) <= self.today

    @property
    def is_begun_only(self) -> bool:
        return self.row.revision_count == 0

    @property
    def step(self) -> int:
        """Where it is among filled in, submitted, accepted, closed."""
        if self.is_closed:
            return 5
        return {ReturnState.SUBMITTED: 2, ReturnState.ACCEPTED: 3}.get(
            ReturnState(self.row.state), 1
        )

    @property
    def steps(self) -> list[str]:
        return [
            _("Fill in"),
            pgettext("return", "Submitted"),
            pgettext("return", "Accepted"),
            pgettext("month", "Closed"),
        ]

    @property
    def broken_rules(self) -> list[str]:
        """The rules that sent it back, in words."""
        return rules_in_words(self.row.broken_rules)

    @property
    def asks(self) -> str:
        """What the park asks, as one text."""
        return why(self.row.broken_rules, self.row.question)

    @property
    def may_edit(self) -> bool:
        return self._may("save")

    @property
    def may_correct(self) -> bool:
        return self._may("correct")

    @property
    def may_accept(self) -> bool:
        return self._may("accept")

    @property
    def may_send_back(self) -> bool:
        return self._may("send_back")

    def _may(self, step: str) -> bool:
        return may(self.user, step, self.row.state, is_closed=self.is_closed)

    def _figure(self, name: str, was_corrected: bool) -> FigureRow:
        value, before = getattr(self.row, name), self.past.before[name]
        return FigureRow(name, label_of(name), value, before, was_corrected)


def label_of(name: str) -> str:
    """What people call a figure."""
    return str(FIGURES[name].label)


def _changed(before: ReturnRevision, after: ReturnRevision) -> list[Correction]:
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in ReturnFigures.FIELDS]
    return [Correction(name, label_of(name), old, new) for name, old, new in pairs if old != new]

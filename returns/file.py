"""Everything about one return on one page: figures, revisions, where it is, what may be done."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from foundation.months import next_month
from returns.cells import cell_label, cell_text, cell_unit, values_of
from returns.checking import case_of
from returns.checks import Finding, findings
from returns.content import Content
from returns.desk import closed_among, due_day
from returns.lifecycle import may
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from returns.past import past_of
from returns.rules import rules_in_words, why
from returns.statement import Note, Statement
from tenants.models import Membership


class Correction(NamedTuple):
    """A cell that a revision changed."""

    cell: str
    label: str
    before: str
    after: str
    unit: str


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
            .prefetch_related("classes", "markets")
            .annotate(is_by_park=~Exists(acted))
            .order_by("-number")
        )

    @cached_property
    def corrections(self) -> list[tuple[ReturnRevision, list[Correction]]]:
        """Every revision with what it changed of the one before."""
        contents = [Content.of(revision) for revision in self.revisions]
        pairs = zip_longest(contents, contents[1:])
        return [
            (revision, self._changed(before, after) if before else [])
            for revision, (after, before) in zip(self.revisions, pairs, strict=True)
        ]

    @cached_property
    def content(self) -> Content:
        return Content.of(self.row)

    @cached_property
    def statement(self) -> Statement:
        """What the return says."""
        corrections = self.corrections[0][1] if self.corrections else []
        corrected = frozenset(one.cell for one in corrections)
        return Statement(self.row, self.content, self.past, corrected)

    @cached_property
    def notices(self) -> list[Finding]:
        """What the checks ask of the draft, with the sentences that explain it."""
        found = findings(case_of(self.row, self.content, self.past)).findings
        return [finding for finding in found if finding.wants_note]

    @property
    def notes(self) -> list[Note]:
        """Sentences that explain what no check finds any more."""
        return self.statement.notes_beside(self.notices)

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

    def _changed(self, before: Content, after: Content) -> list[Correction]:
        """The cells in which two revisions differ, in the order of the return."""
        old, new = values_of(before), values_of(after)
        return [
            Correction(
                cell,
                cell_label(cell, self.row.month),
                cell_text(cell, old.get(cell)),
                cell_text(cell, new.get(cell)),
                cell_unit(cell),
            )
            for cell in {**new, **old}
            if old.get(cell) != new.get(cell)
        ]

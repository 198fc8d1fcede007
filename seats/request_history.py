"""What happened to a request: its steps in words, and which seats its approval gave and took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from park.axis import Span, run_label
from park.models import Floor
from seats.holdings import count_seats
from seats.models import ApprovedRun, RequestKind, RequestState, SeatRequest, StateChange
from web import formats
from web.rfc9457 import Text

_STEPS: dict[tuple[str, str] | str, Text] = {
    RequestState.DRAFT: gettext_lazy("%(person)s began a draft"),
    RequestState.SUBMITTED: gettext_lazy("%(person)s submitted it"),
    (RequestState.SENT_BACK, RequestState.SUBMITTED): gettext_lazy("%(person)s submitted it again"),
    RequestState.IN_REVIEW: gettext_lazy("%(person)s took it up"),
    (RequestState.IN_REVIEW, RequestState.IN_REVIEW): gettext_lazy("%(person)s took it over"),
    RequestState.SENT_BACK: gettext_lazy("%(person)s sent it back: %(note)s"),
    RequestState.REJECTED: gettext_lazy("%(person)s turned it down: %(note)s"),
    RequestState.WITHDRAWN: gettext_lazy("%(person)s withdrew it"),
    RequestState.FULFILLED: gettext_lazy("%(person)s approved it"),
}


def change_sentence(change: StateChange) -> str:
    """What a step was, for the timeline: 李涛 接手，开始审核."""
    pair = (change.from_state, change.to_state)
    sentence = _STEPS.get(pair) or _STEPS[change.to_state]
    note = change_note(change)
    if note and change.to_state == RequestState.FULFILLED:
        sentence = _("%(person)s approved it: %(note)s")
    return str(sentence) % {"person": str(change.by), "note": note}


def change_note(change: StateChange) -> str:
    """What was written with a step; of an approval, that it is not what was asked for."""
    outcome = Outcome.of(change)
    return outcome.sentence if outcome and outcome.differs else change.note


@dataclass(frozen=True)
class Outcome:
    """What an approval gave and what it took back."""

    request: SeatRequest
    given: list[ApprovedRun]
    given_back: list[ApprovedRun]

    @classmethod
    def of(cls, change: StateChange) -> Outcome | None:
        """The outcome of a step; None where no seats changed hands. Its runs are loaded."""
        runs = sorted(change.runs.all(), key=lambda run: (run.seats.lower, run.period.lower))
        if not runs:
            return None
        return cls(
            change.request,
            [run for run in runs if not run.is_given_back],
            [run for run in runs if run.is_given_back],
        )

    @property
    def count(self) -> int:
        """How many seats there are of what was asked for."""
        gives_back = self.request.kind == RequestKind.RELEASE
        return count_seats(self.given_back if gives_back else self.given)

    @property
    def differs(self) -> bool:
        return self.count != self.request.seats

    @property
    def sentence(self) -> str:
        """得到 52 ÷ 申请 300 席."""
        words = {
            "count": formats.number(self.count),
            "wish": formats.number(self.request.seats),
        }
        if self.request.kind == RequestKind.RELEASE:
            return _("%(count)s of %(wish)s seats given back") % words
        return _("%(count)s of %(wish)s seats given") % words

    @property
    def freed(self) -> list[Freed]:
        """The runs that came back, side by side in one, by floor."""
        freed: list[Freed] = []
        for run in self.given_back:
            span, day = Span(run.seats.lower, run.seats.upper), run.period.lower
            last = freed[-1] if freed else None
            if last and (last.floor, last.seats.upper, last.day) == (run.floor, span.lower, day):
                freed[-1] = last._replace(seats=Span(last.seats.lower, span.upper))
            else:
                freed.append(Freed(run.floor, span, day))
        return freed


class Freed(NamedTuple):
    """Seats side by side that are free from a day on."""

    floor: Floor
    seats: Span
    day: date

    @property
    def label(self) -> str:
        return run_label(self.floor.label, self.seats)

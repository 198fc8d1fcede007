"""What happened to a request: its steps in words, and which seats its approval gave and took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from park.axis import Span, run_label
from park.models import Floor
from seats.holdings import count_seats
from seats.models import ApprovedRun, RequestKind, RequestState, SeatRequest, StateChange
from seats.rectangles import last_included
from seats.wording import hold_until
from web import formats
from web.rfc9457 import Text

_STEPS: dict[tuple[str, str] | str, Text] = {
    RequestState.DRAFT: gettext_lazy("%(person)s began a draft"),
    RequestState.SUBMITTED: gettext_lazy("%(person)s submitted it"),
    (RequestState.SENT_BACK, RequestState.SUBMITTED): gettext_lazy("%(person)s submitted it again"),
    RequestState.IN_REVIEW: gettext_lazy("%(person)s took it up"),
    (RequestState.IN_REVIEW, RequestState.IN_REVIEW): gettext_lazy("%(person)s took it over"),
    (RequestState.OFFERED, RequestState.IN_REVIEW): gettext_lazy(
        "%(person)s took the offer back: %(note)s"
    ),
    (RequestState.ACCEPTED, RequestState.IN_REVIEW): gettext_lazy(
        "%(person)s took the offer back: %(note)s"
    ),
    RequestState.SENT_BACK: gettext_lazy("%(person)s sent it back: %(note)s"),
    RequestState.OFFERED: gettext_lazy("%(person)s offered %(count)s seats until %(until)s"),
    RequestState.ACCEPTED: gettext_lazy("%(person)s accepted %(count)s seats"),
    RequestState.DECLINED: gettext_lazy("%(person)s declined the offer: %(note)s"),
    RequestState.EXPIRED: gettext_lazy("The offer expired; its seats are vacant"),
    RequestState.REJECTED: gettext_lazy("%(person)s turned it down: %(note)s"),
    RequestState.WITHDRAWN: gettext_lazy("%(person)s withdrew it"),
    RequestState.FULFILLED: gettext_lazy("%(person)s approved it"),
    (RequestState.ACCEPTED, RequestState.FULFILLED): gettext_lazy(
        "%(person)s confirmed that the seats are handed over"
    ),
}
_WITH_NOTES = {
    RequestState.OFFERED: gettext_lazy(
        "%(person)s offered %(count)s seats until %(until)s: %(note)s"
    ),
    RequestState.FULFILLED: gettext_lazy("%(person)s approved it: %(note)s"),
}


def change_sentence(change: StateChange) -> str:
    """What a step was, for the timeline: 李涛 接手，开始审核. Its runs are loaded."""
    note = change_note(change)
    outcome = Outcome.of(change)
    words = {
        "person": str(change.by or pgettext("who did it", "Xiyuan itself")),
        "owner": str(change.owner),
        "note": note,
        "count": formats.number(outcome.count if outcome else 0),
        "until": hold_until(change.until) if change.until else formats.MISSING,
    }
    return str(_sentence(change, note)) % words


def _sentence(change: StateChange, note: str) -> Text:
    if is_handed_over(change):
        return gettext_lazy("%(person)s handed it over to %(owner)s: %(note)s")
    pair = (change.from_state, change.to_state)
    if note and pair not in _STEPS and change.to_state in _WITH_NOTES:
        return _WITH_NOTES[RequestState(change.to_state)]
    return _STEPS.get(pair) or _STEPS[change.to_state]


def is_handed_over(change: StateChange) -> bool:
    """Whether the step gave the request to a colleague; it stayed where it was."""
    return (
        change.from_state == change.to_state
        and change.owner_id is not None
        and change.owner_id != change.by_id
    )


def change_note(change: StateChange) -> str:
    """What was written with a step; of an approval, that it is not what was asked for."""
    outcome = Outcome.of(change)
    is_decision = change.to_state == RequestState.FULFILLED
    return outcome.sentence if outcome and is_decision and outcome.differs else change.note


@dataclass(frozen=True)
class Outcome:
    """What an approval or an offer gave and what it took back."""

    request: SeatRequest
    given: list[ApprovedRun]
    given_back: list[ApprovedRun]
    is_offer: bool = False

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
            is_offer=change.to_state == RequestState.OFFERED,
        )

    @classmethod
    def of_all(cls, changes: Iterable[StateChange]) -> Outcome | None:
        """What came of a request in the end, from its steps, newest first; None: nothing yet."""
        decided = (RequestState.ACCEPTED, RequestState.FULFILLED)
        outcomes = [
            outcome
            for change in changes
            if change.to_state in decided
            if (outcome := cls.of(change))
        ]
        if not outcomes:
            return None
        given = next((outcome.given for outcome in outcomes if outcome.given), [])
        given_back = [run for outcome in outcomes for run in outcome.given_back]
        return cls(outcomes[0].request, given, given_back)

    @property
    def gives_back(self) -> bool:
        return self.request.kind == RequestKind.RELEASE

    @property
    def main(self) -> list[ApprovedRun]:
        """The runs that were asked for."""
        return self.given_back if self.gives_back else self.given

    @property
    def count(self) -> int:
        """How many seats there are of what was asked for."""
        return count_seats(self.main)

    def count_by(self, day: date) -> int:
        """How many of them there are on `day`."""
        return count_seats(
            run
            for run in self.main
            if run.period.lower <= day and (run.period.upper is None or day < run.period.upper)
        )

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
        if self.gives_back:
            return _("%(count)s of %(wish)s seats given back") % words
        if self.is_offer:
            return _("%(count)s of %(wish)s seats offered") % words
        return _("%(count)s of %(wish)s seats given") % words

    @property
    def lines(self) -> list[RunLine]:
        """The runs that are given, for a table."""
        return [RunLine.of(run) for run in self.given]

    @property
    def freed(self) -> list[Freed]:
        """The runs that came back, side by side in one, by floor."""
        freed: list[Freed] = []
        for run in self.given_back:
            span, day = run.span, run.period.lower
            last = freed[-1] if freed else None
            if last and (last.floor, last.seats.upper, last.day) == (run.floor, span.lower, day):
                freed[-1] = last._replace(seats=Span(last.seats.lower, span.upper))
            else:
                freed.append(Freed(run.floor, span, day))
        return freed


class PhaseLine(NamedTuple):
    """A phase: how many seats were asked for by its day, altogether, and how many there are."""

    start: date
    seats: int
    asked: int
    got: int | None  # None while nothing is decided


def phases_asked_and_got(request: SeatRequest, outcome: Outcome | None) -> list[PhaseLine]:
    """The phases of `request`; none where all was asked for from one day on."""
    lines, asked = [], 0
    for phase in sorted(request.phases.all(), key=lambda row: row.start):
        asked += phase.seats
        got = None if outcome is None else outcome.count_by(phase.start)
        lines.append(PhaseLine(phase.start, phase.seats, asked, got))
    return lines


class RunLine(NamedTuple):
    """Seats that are given, as a line of a table; both days included."""

    floor: Floor
    seats: Span
    first_day: date
    last_day: date | None

    @classmethod
    def of(cls, run: ApprovedRun) -> RunLine:
        period = run.period
        return cls(
            run.floor,
            run.span,
            period.lower,
            last_included(period.upper),
        )

    @property
    def label(self) -> str:
        return run_label(self.floor.label, self.seats)


class Freed(NamedTuple):
    """Seats side by side that are free from a day on."""

    floor: Floor
    seats: Span
    day: date

    @property
    def label(self) -> str:
        return run_label(self.floor.label, self.seats)

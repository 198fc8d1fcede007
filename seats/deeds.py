"""What a deed did to an allocation: seats lost and got, and the sentence of a deed with a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from park.axis import Span, floor_of, free_spans, run_label, together
from park.models import Floor
from seats.models import SeatLoan
from seats.rectangles import Rectangle, last_included
from web import formats

MOST_RUNS_NAMED = 3


@dataclass(frozen=True)
class Shift:
    """Seats that a deed took from an allocation, and seats that it gave, each from a day on."""

    lost: list[Span] = field(default_factory=list)
    lost_from: date | None = None
    got: list[Span] = field(default_factory=list)
    got_from: date | None = None
    got_until: date | None = None

    @property
    def seats_lost(self) -> int:
        return sum(span.length for span in self.lost)

    @property
    def seats_got(self) -> int:
        return sum(span.length for span in self.got)


def shift_between(before: Sequence[Rectangle], after: Sequence[Rectangle]) -> Shift:
    """What lies in `before` and not in `after`, and the other way round, whatever it was cut into.

    Between two days on which any rectangle begins or ends nothing changes: so one day of each such
    stretch is looked at.
    """
    days = sorted({day for one in [*before, *after] for day in (one.start, one.end) if day})
    lost: dict[date, list[Span]] = {}
    got: dict[date, list[Span]] = {}
    for day in days:
        had, has = _on(day, before), _on(day, after)
        lost[day], got[day] = _without(had, has), _without(has, had)
    first_lost = next((day for day in days if lost[day]), None)
    first_got = next((day for day in days if got[day]), None)
    return Shift(
        lost=together(span for spans in lost.values() for span in spans),
        lost_from=first_lost,
        got=together(span for spans in got.values() for span in spans),
        got_from=first_got,
        got_until=next((d for d in days if first_got and d > first_got and not got[d]), None),
    )


def _without(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The seats of `spans` that are in none of `others`; most of them are there unchanged."""
    same = set(others)
    return [rest for span in spans if span not in same for rest in free_spans(span, others)]


def _on(day: date, rectangles: Iterable[Rectangle]) -> list[Span]:
    return [one.seats for one in rectangles if one.start <= day and (not one.end or day < one.end)]


class Names:
    """What the sentences of an allocation's deeds mention: fetched once for all of them."""

    def __init__(self, allocation_id: int, told: Iterable[Mapping[str, Any]]) -> None:
        self.allocation_id = allocation_id
        loans = {facts["loan"] for facts in told if "loan" in facts}
        rows = SeatLoan.objects.select_related("borrower")
        self.loans: dict[int, SeatLoan] = rows.in_bulk(loans) if loans else {}
        self._floors: dict[int, str] | None = None

    def runs(self, spans: Sequence[Span]) -> str:
        """C-1-3F-001 — 040、C-1-4F-001 — 020; only the first few."""
        if self._floors is None:
            self._floors = dict(Floor.objects.values_list("pk", "label"))
        labels = [run_label(self._floors[floor_of(span.lower)], span) for span in spans]
        shown = labels[:MOST_RUNS_NAMED] + (["…"] if len(labels) > MOST_RUNS_NAMED else [])
        return pgettext("between items of a list", ", ").join(shown)


def named_deed(told: Mapping[str, Any], person: str, shift: Shift, names: Names) -> str:
    """The sentence of a deed that was named; empty where it was not, or says nothing of this."""
    say = _SENTENCES.get(told.get("deed", ""))
    return say(told, person, shift, names) if say else ""


def _moved(told: Mapping[str, Any], person: str, shift: Shift, names: Names) -> str:
    sentence = ngettext(
        "%(person)s moved %(seats)s seat on %(day)s: %(old)s → %(new)s",
        "%(person)s moved %(seats)s seats on %(day)s: %(old)s → %(new)s",
        shift.seats_got,
    )
    return sentence % {
        "person": person,
        "seats": formats.number(shift.seats_got),
        "day": formats.iso_day(shift.got_from),
        "old": names.runs(shift.lost),
        "new": names.runs(shift.got),
    }


def _split(told: Mapping[str, Any], person: str, shift: Shift, names: Names) -> str:
    words = {"person": person, "first": told["first"], "second": told["second"]}
    if names.allocation_id == told["second"]:
        return _("%(person)s split it off No. %(first)s") % words
    sentence = ngettext(
        "%(person)s made %(seats)s seat of it No. %(second)s",
        "%(person)s made %(seats)s seats of it No. %(second)s",
        shift.seats_lost,
    )
    return sentence % {**words, "seats": formats.number(shift.seats_lost)}


def _extended(told: Mapping[str, Any], person: str, shift: Shift, names: Names) -> str:
    words = {
        "person": person,
        "seats": formats.number(shift.seats_got),
        "day": formats.iso_day(last_included(shift.got_until)),
    }
    if shift.got_until is None:
        sentence = ngettext(
            "%(person)s extended %(seats)s seat until further notice",
            "%(person)s extended %(seats)s seats until further notice",
            shift.seats_got,
        )
    else:
        sentence = ngettext(
            "%(person)s extended %(seats)s seat until %(day)s",
            "%(person)s extended %(seats)s seats until %(day)s",
            shift.seats_got,
        )
    return sentence % words


def _ended(told: Mapping[str, Any], person: str, shift: Shift, names: Names) -> str:
    return _("%(person)s ended it: its last day is %(day)s") % {
        "person": person,
        "day": formats.iso_day(last_included(shift.lost_from)),
    }


def _lent(told: Mapping[str, Any], person: str, shift: Shift, names: Names) -> str:
    loan = names.loans[told["loan"]]
    words = {
        "person": person,
        "borrower": str(loan.borrower),
        "seats": formats.number(loan.count),
        "first_day": formats.iso_day(loan.start),
        "last_day": formats.iso_day(last_included(loan.period.upper)),
        "number": loan.number,
    }
    if loan.borrower_allocation_id == names.allocation_id:
        return _("%(person)s gave the seats on loan until %(last_day)s: %(number)s") % words
    sentence = ngettext(
        "%(person)s lent %(seats)s seat to %(borrower)s from %(first_day)s to %(last_day)s",
        "%(person)s lent %(seats)s seats to %(borrower)s from %(first_day)s to %(last_day)s",
        loan.count,
    )
    return sentence % words


def _given_back(told: Mapping[str, Any], person: str, shift: Shift, names: Names) -> str:
    loan = names.loans[told["loan"]]
    words = {
        "person": person,
        "seats": formats.number(loan.count),
        "day": formats.iso_day(shift.got_from or shift.lost_from),
    }
    if loan.borrower_allocation_id == names.allocation_id:
        sentence = ngettext(
            "%(person)s recorded that %(seats)s seat on loan goes back on %(day)s",
            "%(person)s recorded that %(seats)s seats on loan go back on %(day)s",
            loan.count,
        )
    else:
        sentence = ngettext(
            "%(person)s recorded that %(seats)s lent seat comes back on %(day)s",
            "%(person)s recorded that %(seats)s lent seats come back on %(day)s",
            loan.count,
        )
    return sentence % words


_SENTENCES: dict[str, Callable[[Mapping[str, Any], str, Shift, Names], str]] = {
    "move": _moved,
    "split": _split,
    "extend": _extended,
    "end": _ended,
    "lend": _lent,
    "give_back": _given_back,
}

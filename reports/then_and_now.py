"""An issued occupancy report beside what is known today of its last day, floor by floor.

What was issued is read from the frozen rows. What was known then is also read from the history of
the seats; the two must agree, and so must the difference and the sum of what was recorded since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import pgettext

from accounts.models import User
from foundation.months import format_month, last_day
from park.models import Floor
from reports.indicators import SOURCES, Facts
from reports.models import MonthlyReport, ReportState
from seats.as_known import Deed, Effect, Mark, deeds_since, mark_at, occupancy_known
from seats.models import Allocation
from seats.occupancy import Occupancy, floors_during
from seats.rectangles import ONE_DAY
from web import formats
from web.rfc9457 import Text

NOTHING = Occupancy()


class Pair(NamedTuple):
    """A figure as it was issued, and as it is known today."""

    word: Text
    then: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.then


@dataclass(frozen=True)
class FloorLine:
    """A floor of which figures differ."""

    label: str
    url: str
    pairs: list[Pair]


@dataclass(frozen=True)
class DeedLine:
    """Something recorded since: what it changed; who did it and whose seats, if one may know."""

    at: datetime
    person: str
    effects: list[str]
    allocations: list[tuple[str, str]]


class ThenAndNow:
    """The page of an issued occupancy report beside today, as `user` may see it."""

    def __init__(self, report: MonthlyReport, user: User, *, today: date) -> None:
        self.report = report
        self.user = user
        self.today = today
        self.day = last_day(report.month)

    @cached_property
    def then(self) -> dict[str, Occupancy]:
        """As issued."""
        return issued_figures(self.report)

    @cached_property
    def now(self) -> dict[str, Occupancy]:
        """As known today. As in reports, a floor that is not handed over has no seats."""
        end = self.day + ONE_DAY
        floors = floors_during(self.day, end, today=end)
        return {floor.floor: floor.occupancy for floor in floors if floor.occupancy.seats}

    @cached_property
    def mark(self) -> Mark:
        return mark_of(self.report)

    @cached_property
    def is_confirmed(self) -> bool:
        """Whether the history of the seats says the same as what was issued."""
        known = occupancy_known(self.day, self.mark)
        return {label: one for label, one in known.items() if one.seats} == {
            label: one for label, one in self.then.items() if one.seats
        }

    @property
    def totals(self) -> list[Pair]:
        return _pairs(_sum(self.then.values()), _sum(self.now.values()))

    @cached_property
    def differing(self) -> list[FloorLine]:
        """The floors of which a figure is another, as one walks."""
        labels = [
            label
            for label in {**self.now, **self.then}
            if self.then.get(label, NOTHING) != self.now.get(label, NOTHING)
        ]
        numbers = dict(Floor.objects.filter(label__in=labels).values_list("label", "pk"))
        return [self._line(label, numbers.get(label)) for label in labels]

    def _line(self, label: str, number: int | None) -> FloorLine:
        url = ""
        if number is not None and self.user.has_perm("park.view_place"):
            url = f"{reverse('place:floor-detail', args=[number])}?on={self.day.isoformat()}"
        pairs = _pairs(self.then.get(label, NOTHING), self.now.get(label, NOTHING))
        return FloorLine(label, url, [pair for pair in pairs if pair.difference])

    @property
    def floors(self) -> list[tuple[str, Occupancy, Occupancy]]:
        """Every floor that had seats, then or as known today."""
        return [
            (label, self.then.get(label, NOTHING), self.now.get(label, NOTHING))
            for label in {**self.now, **self.then}
        ]

    @cached_property
    def deeds(self) -> list[DeedLine]:
        """What was recorded since and changes the day, newest first."""
        deeds = deeds_since(self.day, self.mark)
        sees_who = self.user.has_perm("seats.view_every_allocation")
        numbers = {effect.floor for deed in deeds for effect in deed.effects}
        labels = dict(Floor.objects.filter(pk__in=numbers).values_list("pk", "label"))
        people, allocations = {}, {}
        if sees_who:
            people = User.objects.in_bulk({deed.user for deed in deeds if deed.user})
            wanted = {pk for deed in deeds for pk in deed.allocations}
            allocations = (
                Allocation.objects.visible_to(self.user)
                .select_related("enterprise")
                .in_bulk(wanted)
            )
        return [
            DeedLine(
                deed.at,
                _person(deed, people) if sees_who else "",
                [_said(effect, labels) for effect in deed.effects],
                _links(deed, allocations),
            )
            for deed in reversed(deeds)
        ]


def issued_figures(report: MonthlyReport) -> dict[str, Occupancy]:
    """What the frozen rows say of each floor on the last day of the month."""
    facts = Facts.from_json(report.facts, SOURCES)
    month = format_month(report.month)
    found = {
        fact.floor: Occupancy(seats=fact.seats)
        for fact in facts.of("floors")
        if fact.month == month
    }
    for fact in facts.of("blocks"):
        if fact.month == month:
            found[fact.floor] += Occupancy(0, fact.firm, fact.held, fact.closed)
    return found


def mark_of(report: MonthlyReport) -> Mark:
    """How far the history went when the report was issued.

    Editions issued before that was noted: by when it was issued, as the database's clock had it.
    """
    if known := report.content.get("known"):
        return Mark(**known)
    events = MonthlyReport.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj=report.pk, state=ReportState.ISSUED
    )
    issued = events.aggregate(at=Min("pgh_created_at"))["at"]
    return mark_at(issued or report.data_as_of)


def _sum(figures: Iterable[Occupancy]) -> Occupancy:
    return sum(figures, NOTHING)


def _pairs(then: Occupancy, now: Occupancy) -> list[Pair]:
    return [Pair(word, getattr(then, name), getattr(now, name)) for name, word in _words().items()]


def _words() -> dict[str, str]:
    return {
        "seats": pgettext("seats", "Exist"),
        "firm": pgettext("seats", "Contracted"),
        "held": pgettext("seats", "Held"),
        "closed": pgettext("seats", "Closed"),
        "free": pgettext("seats", "Vacant"),
    }


def _said(effect: Effect, labels: Mapping[int, str]) -> str:
    """C-1-3F：已签约 −20，空闲 +20."""
    changes = [
        f"{word} {formats.signed(getattr(effect, name))}"
        for name, word in _words().items()
        if getattr(effect, name)
    ]
    return pgettext("floor: what changed", "%(floor)s: %(changes)s") % {
        "floor": labels.get(effect.floor, ""),
        "changes": pgettext("between items of a list", ", ").join(changes),
    }


def _person(deed: Deed, people: Mapping[int, User]) -> str:
    person = people.get(deed.user or 0)
    return str(person) if person else pgettext("who did it", "Xiyuan itself")


def _links(deed: Deed, allocations: Mapping[int, Allocation]) -> list[tuple[str, str]]:
    """The allocations that it was about: whose, and where their page is."""
    return [
        (
            str(one.enterprise or one.reason or one.get_kind_display()),
            reverse("seats:allocation-detail", args=[one.pk]),
        )
        for pk in deed.allocations
        if (one := allocations.get(pk)) is not None
    ]

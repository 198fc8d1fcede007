"""What every page of the place shows: its parts, what they add up to, what is to come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from park.axis import Span, place_of, run_label
from park.models import Building, Floor, Zone
from seats.changes import changes_between
from seats.day_strip import strip_around
from seats.floor_runs import FloorRun, floor_on
from seats.forms.days import ChosenDay
from seats.free_runs import free_runs
from seats.naming import named_to
from seats.place import Figures, FloorOn, grouped, together
from seats.preselections import Promised, promised
from seats.promises import broken_on
from seats.rectangles import ONE_DAY
from seats.views.compared_pages import lines_of
from seats.wording import building_name, floor_title, kind_word, zone_name
from tenants.models import Membership
from web import formats
from web.pagination import Page
from web.rfc9457 import Text
from web.sentences import in_one_paragraph

Part = Zone | Building | Floor


@dataclass(frozen=True)
class Row:
    """One line of a table of the place. `scope` names it in links to its allocations."""

    name: str
    url: str
    scope: str
    figures: Figures

    @property
    def vacant_url(self) -> str:
        """Where its vacant runs are: on a floor's page they stand among the others."""
        part = "floor-runs" if self.scope.startswith("floor=") else "free"
        return f"{self.url}#{part}"


@dataclass(frozen=True)
class Undelivered:
    """Floors that have no seats on the day, together: what is planned, what is promised."""

    name: str
    url: str
    scope: str
    on: ChosenDay
    floors: list[Floor]
    promised: Promised

    @property
    def is_sample(self) -> bool:
        return any(floor.sample_fields for floor in self.floors)

    @property
    def text(self) -> str:
        """What is planned, for everybody."""
        return in_one_paragraph([self._size, self._day])

    @property
    def full_text(self) -> str:
        """The same, and how much is promised, for those who may know."""
        return in_one_paragraph(filter(None, [self._size, self._day, self._promised]))

    @property
    def _size(self) -> str:
        floors = len(self.floors)
        sentence = ngettext(
            "%(floors)s floor, %(seats)s seats and %(area)s m² when complete.",
            "%(floors)s floors, %(seats)s seats and %(area)s m² when complete.",
            floors,
        )
        return sentence % {
            "floors": formats.number(floors),
            "seats": formats.number(sum(floor.seat_count for floor in self.floors)),
            "area": formats.area(sum(floor.lettable_m2 for floor in self.floors)),
        }

    @property
    def _day(self) -> str:
        handed_over = min((f.delivered_on for f in self.floors if f.delivered_on), default=None)
        if handed_over is not None:
            return _("First handed over on %(day)s.") % {"day": formats.day(handed_over)}
        planned = min((f.planned_on for f in self.floors if f.planned_on), default=None)
        if planned is None:
            return _("No day is planned yet.")
        return _("First planned for %(day)s.") % {"day": formats.day(planned)}

    @property
    def _promised(self) -> str:
        if not self.promised.seats:
            return ""
        enterprises = len(self.promised.enterprises)
        return self._who_chose(enterprises) % {
            "enterprises": formats.number(enterprises),
            "seats": formats.number(self.promised.seats),
        }

    def _who_chose(self, enterprises: int) -> str:
        if self.on.is_past:
            return ngettext(
                "As known then, %(enterprises)s enterprise had pre-selected %(seats)s seats.",
                "As known then, %(enterprises)s enterprises had pre-selected %(seats)s seats.",
                enterprises,
            )
        return ngettext(
            "%(enterprises)s enterprise has pre-selected %(seats)s seats.",
            "%(enterprises)s enterprises have pre-selected %(seats)s seats.",
            enterprises,
        )


def zone_of(floor: Floor) -> Zone:
    return floor.building.zone


def building_of(floor: Floor) -> Building:
    return floor.building


def itself(floor: Floor) -> Floor:
    return floor


def table(
    floors: Iterable[FloorOn], on: ChosenDay, part_of: Callable[[Floor], Part], scope: str = ""
) -> dict[str, Any]:
    """What a page needs for the table of `floors` by `part_of`, and for what is not there yet.

    `scope` says in links what all of them are together.
    """
    floors = list(floors)
    there = [floor for floor in floors if floor.is_there]
    waiting = [floor for floor in floors if not floor.is_there]
    return {
        "on": on,
        "rows": [
            Row(*_named(part, on), together(of_part))
            for part, of_part in grouped(there, part_of).items()
        ],
        "total": together(there),
        "total_scope": scope,
        "total_vacant_url": "#free" if scope else "",
        "undelivered": _undelivered(waiting, on, part_of),
        "is_sample": any(floor.floor.sample_fields for floor in there),
    }


def _undelivered(
    waiting: list[FloorOn], on: ChosenDay, part_of: Callable[[Floor], Part]
) -> list[Undelivered]:
    parts = {
        part: [floor.floor for floor in of_part]
        for part, of_part in grouped(waiting, part_of).items()
    }
    promises = promised([floor.floor for floor in waiting], on.day, today=on.today)
    return [
        Undelivered(
            *_named(part, on),
            on,
            floors,
            sum((promises.get(floor.pk, Promised()) for floor in floors), Promised()),
        )
        for part, floors in parts.items()
    ]


def _named(part: Part, on: ChosenDay) -> tuple[str, str, str]:
    """What a part of the place is called, where its page is, and how a link says it."""
    if isinstance(part, Zone):
        url = reverse("place:zone-detail", args=[part.code])
        return zone_name(part.code), url + on.query, f"zone={part.code}"
    if isinstance(part, Building):
        url = reverse("place:building-detail", args=[part.pk])
        return building_name(part.label), url + on.query, f"building={part.pk}"
    url = reverse("place:floor-detail", args=[part.pk])
    return part.label, url + on.query, f"floor={part.pk}"


class VacantRun(NamedTuple):
    """A free run as a line of a table."""

    floor_id: int
    floor_label: str
    is_delivered: bool
    seats: Span

    @property
    def label(self) -> str:
        return run_label(self.floor_label, self.seats)

    @property
    def first_place(self) -> int:
        return place_of(self.seats.lower)

    @property
    def last_place(self) -> int:
        return place_of(self.seats.upper - 1)


def free_page(
    request: HttpRequest, on: ChosenDay, zone: str, floors: Iterable[FloorOn]
) -> Page[VacantRun]:
    """The runs that are free on the day on `floors` of `zone`, longest first, page by page."""
    there = {floor.floor.pk for floor in floors if floor.is_there}
    runs = free_runs(on.day, on.day + ONE_DAY, zones=[zone])
    vacant = [VacantRun(*run) for run in runs if run.floor_id in there]
    return Page(request, vacant, parameter="free")


class NamedRun(NamedTuple):
    """A run of a floor with the holder's name, as far as somebody may know it."""

    run: FloorRun
    word: Text
    holder: str
    url: str


def floor_page(found: FloorOn, on: ChosenDay, user: User) -> dict[str, Any]:
    """What the page of one floor needs."""
    floor, figures = found
    plan = floor_on(floor, on.day, is_there=found.is_there)
    named = naming(floor, user)
    may_name = named_to(user)
    return {
        "floor": floor,
        "figures": figures,
        "on": on,
        "named": named,
        "strip": strip_around(on.day, today=on.today, named=may_name, floor=floor),
        "runs": [named(run) for run in plan.runs],
        "later": [named(run) for run in plan.later],
        "levels": [(level, _named(level, on)[1]) for level in _levels(floor)],
        "broken": broken_on(floor, user),
        "title": floor_title(floor, figures.occupancy, on.day, on.today),
        **_compared(floor, on, may_name),
    }


def _compared(floor: Floor, on: ChosenDay, named: Collection[int] | None) -> dict[str, Any]:
    """What changed on `floor` since the day that it is compared with."""
    if on.since is None:
        return {}
    only = Floor.objects.filter(pk=floor.pk)
    found = changes_between(on.since, on.day, today=on.today, floors=only, named=named)
    return {
        "compared": found.seats_by_what(),
        "changes": found.changes,
        "lines": lines_of(found.changes, on.since, on.day),
    }


def _levels(floor: Floor) -> Iterable[Floor]:
    return floor.building.floors.order_by("level")


def naming(floor: Floor, user: User) -> Callable[[FloorRun], NamedRun]:
    """Says who has a run of `floor`, as far as `user` may know it."""
    own = set(Membership.objects.enterprises_of(user).values_list("enterprise", flat=True))
    return partial(_named_run, floor, user, own)


def _named_run(floor: Floor, user: User, own: set[int], run: FloorRun) -> NamedRun:
    if run.block is None:
        return NamedRun(run, pgettext("seats", "Vacant"), "", "")
    run.block.floor = floor
    word = kind_word(run.block)
    is_own = run.block.enterprise_id in own
    if not (is_own or user.has_perm("seats.view_every_allocation")):
        return NamedRun(run, word, "", "")
    url = reverse("seats:allocation-detail", args=[run.block.allocation_id])
    reason = run.block.allocation.reason if run.block.allocation else ""
    return NamedRun(run, word, str(run.block.enterprise or reason), url)

"""The map of a floor: its seats as they lie, who has them, and the run that somebody chose."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.requests import UserRequest
from park.axis import Span, free_spans, place_of
from park.layouts import NO_EDGES, layout
from park.models import Floor, FloorLayout
from seats.changes import Change
from seats.floor_drawing import Drawing, Head, Shape, draw, width_of
from seats.forms.days import ChosenDay
from seats.place import FloorOn
from seats.views.place_tables import NamedRun
from seats.views.selecting import Selecting, selecting
from web import formats

KIND, ENTERPRISE = "kind", "enterprise"
SAME = "same"


class MapRun(NamedTuple):
    """A run as it is drawn: one link, or one thing to stop at where it leads nowhere."""

    named: NamedRun
    shapes: list[Shape]
    tone: str
    address: str  # of the same map without a selection

    @property
    def glyph(self) -> str:
        return self.named.run.glyph

    @property
    def url(self) -> str:
        return self.named.url or ("" if self.named.run.block else self._choosing)

    @property
    def _choosing(self) -> str:
        run = self.named.run
        seats = urlencode({"first": run.first_place, "last": run.last_place})
        return f"{self.address}{'' if self.address == '?' else '&'}{seats}#selection"

    @property
    def said(self) -> str:
        """Who has it, what it is, on which days."""
        run = self.named.run
        days = formats.days_of(run.block.period) if run.block else formats.period(None, run.until)
        is_open = run.block is None and run.until is None
        parts = [self.named.holder, str(self.named.word), "" if is_open else days]
        return " · ".join(filter(None, parts))

    @property
    def label(self) -> str:
        count = self.named.run.seats.length
        label = ngettext(
            "%(run)s, %(seats)s seat · %(said)s", "%(run)s, %(seats)s seats · %(said)s", count
        )
        seats = formats.number(count)
        return label % {"run": self.named.run.label, "seats": seats, "said": self.said}


class Holder(NamedTuple):
    """Somebody whose seats are on the map, how many, and how the first of them are drawn."""

    name: str
    seats: int
    glyph: str
    tone: str


@dataclass(frozen=True)
class FloorMap:
    """What the template draws."""

    floor: Floor
    by: str
    kept: FloorLayout | None
    named: Sequence[NamedRun]
    query: str
    panel: Selecting
    changes: Sequence[Change] | None = None

    @cached_property
    def drawing(self) -> Drawing:
        return drawing_of(self.floor, self.kept)

    @property
    def edges(self) -> Any:
        return self.kept.edges if self.kept else NO_EDGES

    @property
    def is_sample(self) -> bool:
        return bool(self.kept and self.kept.sample_fields)

    @property
    def by_enterprise(self) -> bool:
        return self.by == ENTERPRISE

    @cached_property
    def runs(self) -> list[MapRun]:
        tones = _tones(self.named) if self.by_enterprise else {}
        return [
            MapRun(
                named,
                self.drawing.shapes(named.run.first_place, named.run.last_place),
                tones.get(named.holder, "") if named.run.block else "",
                self._address(self.by),
            )
            for named in self.named
        ]

    @cached_property
    def missing(self) -> list[Shape]:
        """Where seats of the floor do not exist on the day."""
        return [shape for span in self._missing for shape in self._shapes(span)]

    @property
    def picked(self) -> Sequence[Shape]:
        """Where the chosen run is."""
        return self.panel.shapes(self.drawing)

    @property
    def painted(self) -> list[tuple[str, list[Shape]]]:
        """Compared with another day: where seats are what they were, and what became of others."""
        if self.changes is None:
            return []
        spans: dict[str, list[Span]] = {SAME: []}
        for change in self.changes:
            spans.setdefault(change.what.value, []).append(change.seats)
        spans[SAME] = free_spans(self.floor.seats, [change.seats for change in self.changes])
        return [
            (what, [shape for span in of_it for shape in self._shapes(span)])
            for what, of_it in spans.items()
        ]

    def _shapes(self, span: Span) -> list[Shape]:
        return self.drawing.shapes(place_of(span.lower), place_of(span.upper - 1))

    @property
    def missing_seats(self) -> int:
        return sum(span.length for span in self._missing)

    @property
    def _missing(self) -> list[Span]:
        return free_spans(self.floor.seats, [named.run.seats for named in self.named])

    @property
    def heads(self) -> Iterable[tuple[Head, str]]:
        """Each island's numbers, and the names of those who have seats of it, if they fit."""
        for head in self.drawing.heads:
            yield head, _fitting(_names_in(head, self.named), head.room)

    @property
    def holders(self) -> list[Holder]:
        """Who has seats here, in the order of the seats."""
        holders: dict[str, Holder] = {}
        for run in self.runs:
            if run.named.run.block is not None:
                name = run.named.holder or str(run.named.word)
                known = holders.get(name, Holder(name, 0, run.glyph, run.tone))
                seats = known.seats + run.named.run.seats.length
                holders[name] = known._replace(seats=seats)
        return list(holders.values())

    @property
    def for_script(self) -> str:
        """The lines of seats: first, length, x, y, dx, dy of each."""
        return json.dumps(self.drawing.segments, separators=(",", ":"))

    @property
    def switches(self) -> list[tuple[str, str, bool]]:
        """By what the map is coloured: word, address, whether it is now."""
        words = {KIND: _("By kind"), ENTERPRISE: _("By enterprise")}
        return [(word, self._address(by), by == self.by) for by, word in words.items()]

    @property
    def plain_query(self) -> str:
        """The same map without a selection."""
        query = self._address(self.by)
        return "" if query == "?" else query

    def _address(self, by: str) -> str:
        query = [self.query.lstrip("?"), "" if by == KIND else f"by={by}"]
        return "?" + "&".join(filter(None, query))


def with_map(
    request: UserRequest, found: FloorOn, on: ChosenDay, context: dict[str, Any]
) -> dict[str, Any]:
    """What the page of a floor needs for its map, and for the panel beside it.

    `context` has the floor's runs as this person may know them, and who names them.
    """
    by = ENTERPRISE if request.GET.get("by") == ENTERPRISE else KIND
    kept = FloorLayout.objects.filter(floor=found.floor).first()
    panel = selecting(request.GET, found, on, request.user, context["named"])
    runs, changes = context["runs"], context.get("changes")
    drawn = FloorMap(found.floor, by, kept, runs, on.both, panel, changes)
    return context | {"map": drawn, "selecting": panel}


def drawing_of(floor: Floor, kept: FloorLayout | None) -> Drawing:
    """A floor's seats in pixels: as laid out, or by default."""
    if kept is None:
        return draw(layout(floor.seat_count))
    return draw(layout(floor.seat_count, kept.rows, kept.numbering), kept.edges)


def _tones(named: Iterable[NamedRun]) -> dict[str, str]:
    """A light or a dark tone for each holder: of two that lie side by side, one of each.

    Two tones are enough to see where one ends; who it is, the names say.
    """
    tones: dict[str, str] = {}
    last = "light"
    for run in named:
        if run.run.block is None:
            continue
        if run.holder not in tones:
            tones[run.holder] = "dark" if last == "light" else "light"
        last = tones[run.holder]
    return tones


def _names_in(head: Head, named: Iterable[NamedRun]) -> list[str]:
    """The names, else the kinds, of what is in an island and not free."""
    names = (
        run.holder or str(run.word)
        for run in named
        if run.run.block is not None
        if run.run.first_place <= head.last and head.first <= run.run.last_place
    )
    return list(dict.fromkeys(names))


def _fitting(names: Sequence[str], room: float) -> str:
    """As many whole names as there is room for, and how many more there are; none is cut."""
    comma = pgettext("between items of a list", ", ")
    for count in range(len(names), 0, -1):
        more = len(names) - count
        text = comma.join(names[:count]) + (f" +{more}" if more else "")
        if width_of(text) <= room:
            return text
    return ""

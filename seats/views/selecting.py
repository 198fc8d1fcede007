"""The panel beside a floor's map: what the chosen run is, and what one may do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from park.axis import place_of
from park.models import Floor
from park.services import first_open_day
from seats.floor_drawing import Drawing, Shape
from seats.floor_runs import FloorRun
from seats.forms.days import ChosenDay
from seats.forms.selections import SelectionForm
from seats.models import AllocationKind, BlockKind, SeatBlock
from seats.occupancy import Occupancy
from seats.place import FloorOn
from seats.rectangles import last_included
from seats.selections import Change, Piece, Selection, occupancy_of, select
from seats.views.place_tables import NamedRun
from web import formats


class Act(NamedTuple):
    """A button of the panel: it opens the form for allocations with all that is typed here."""

    kind: str
    verb: str
    is_first: bool


class Held(NamedTuple):
    """A part of the selection that is not free, and where it can be released, or lent."""

    named: NamedRun
    url: str
    verb: str
    lend_url: str = ""


@dataclass(frozen=True)
class Selecting:
    """The panel: its form, and what was chosen with it."""

    form: SelectionForm
    found: FloorOn
    on: ChosenDay
    user: User
    named: Callable[[FloorRun], NamedRun]

    @property
    def floor(self) -> Floor:
        return self.found.floor

    @cached_property
    def selection(self) -> Selection | None:
        chosen = self.form.rectangle
        if chosen is None:
            return None
        return select(self.floor, chosen.seats, chosen.start, chosen.end)

    @property
    def chosen(self) -> Selection:
        """The selection, where there is one."""
        return cast(Selection, self.selection)

    @property
    def size(self) -> str:
        """60 席 · 连续 · 约 428 m²: what stands beside the large number."""
        seats = self.chosen.seats.length
        words = {"area": formats.area(self.chosen.area)}
        return ngettext("seat · about %(area)s m²", "seats · about %(area)s m²", seats) % words

    @property
    def count(self) -> str:
        return formats.number(self.chosen.seats.length)

    @property
    def period(self) -> str:
        return formats.period(self.chosen.start, self.chosen.last_day)

    @cached_property
    def open_day(self) -> date:
        """The first day from the chosen one on that is in no closed month."""
        return first_open_day(self.chosen.start)

    @property
    def is_closed(self) -> bool:
        return self.open_day > self.chosen.start

    @property
    def there_from(self) -> date | None:
        """The day from which all of the seats exist; None where none is known."""
        ends = [block.period.upper for block in self.chosen.missing]
        return None if None in ends else max(ends)

    @property
    def missing(self) -> str:
        """Why some of the seats do not exist."""
        if self.there_from is None:
            return _("%(floor)s has no delivery day yet, so it has no seats.") % {
                "floor": self.floor.label
            }
        words = {"floor": self.floor.label, "day": formats.iso_day(self.there_from)}
        return _("%(floor)s has these seats from %(day)s on only.") % words

    @property
    def until_then(self) -> str:
        """The address of the same selection up to the day until which it is free."""
        return self._with("end", self.chosen.free_until)

    @property
    def from_then(self) -> str:
        """The address of the same selection from the day on from which its seats exist."""
        return self._with("start", self.there_from)

    def _with(self, name: str, day: date | None) -> str:
        kept: Any = self.form.data.copy()  # type: ignore[attr-defined]
        kept[name] = day.isoformat() if day else ""
        return f"?{kept.urlencode()}#selection"

    @cached_property
    def held(self) -> list[Held]:
        return [self._held(piece) for piece in self.chosen.pieces]

    def _held(self, piece: Piece) -> Held:
        until = last_included(piece.block.period.upper)
        run = FloorRun(piece.label, piece.seats, piece.block.kind, piece.block, until)
        named = self.named(run)
        may = named.url and self.user.has_perm("seats.release_allocation")
        seats = piece.seats.length
        verb = ngettext("Release %(seats)s seat", "Release %(seats)s seats", seats)
        url = self._releasing(piece) if may and not self.is_closed else ""
        return Held(named, url, verb % {"seats": formats.number(seats)}, self._lending(piece))

    def _lending(self, piece: Piece) -> str:
        """Where a contracted run can be lent to another enterprise for some days."""
        may = self.user.has_perm("seats.arrange_seatloan")
        if not may or self.is_closed or piece.block.kind != BlockKind.FIRM:
            return ""
        query = {
            "floor": self.floor.label,
            "first": place_of(piece.seats.lower),
            "last": place_of(piece.seats.upper - 1),
            "start": self.chosen.start.isoformat(),
        }
        return f"{reverse('seats:loan-create')}?{urlencode(query)}"

    def _releasing(self, piece: Piece) -> str:
        block: SeatBlock = piece.block
        query = {
            "run": block.pk,
            "start": max(self.chosen.start, block.period.lower).isoformat(),
            "first": place_of(piece.seats.lower),
            "last": place_of(piece.seats.upper - 1),
        }
        address = reverse("seats:allocation-release", args=[block.allocation_id])
        return f"{address}?{urlencode(query)}"

    @property
    def acts(self) -> list[Act]:
        """What may be done with seats that are free; before a handover they can only be held."""
        may = self.user.has_perm("seats.add_allocation")
        if not (may and self.chosen.is_free and not self.is_closed):
            return []
        words = {"seats": self.count}
        seats = self.chosen.seats.length
        hold = ngettext("Hold %(seats)s seat", "Hold %(seats)s seats", seats) % words
        acts = [Act(AllocationKind.HOLD, hold, not self._hands_over)]
        if self.floor.delivered_on is not None:
            acts += [
                Act(AllocationKind.FIRM, _("Contract directly"), False),
                Act(AllocationKind.CLOSURE, _("Close"), False),
            ]
        return acts

    @property
    def _hands_over(self) -> bool:
        """Whether the page has its filled button already."""
        return self.floor.delivered_on is None and self.user.has_perm("seats.deliver_floor")

    @cached_property
    def change(self) -> Change | None:
        """What acting would leave behind; None for who may not know, and where nothing is."""
        chosen = self.chosen
        if not self.user.has_perm("seats.view_occupancy") or chosen.missing:
            return None
        if chosen.is_free:
            return chosen.taking(self._occupancy)
        return chosen.releasing(self._occupancy)

    @property
    def _occupancy(self) -> Occupancy:
        return occupancy_of(self.floor, self.chosen.start, today=self.on.today)

    def shapes(self, drawing: Drawing) -> Sequence[Shape]:
        """Where the selection is on the map."""
        if self.selection is None:
            return []
        return drawing.shapes(self.chosen.first_place, self.chosen.last_place)


def selecting(
    query: QueryDict,
    found: FloorOn,
    on: ChosenDay,
    user: User,
    named: Callable[[FloorRun], NamedRun],
) -> Selecting:
    """The panel of a floor's page as the address asks for it."""
    form = SelectionForm(query, floor=found.floor, day=on.day, user=user)
    return Selecting(form, found, on, user, named)

"""The list of what changed between two days: was → is, whose, by which decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import pgettext

from accounts.requests import UserRequest
from park.axis import run_label
from park.models import Floor
from seats.changes import FREE, Change, Comparison, State, changes_between
from seats.forms.compared_days import ChangesFilter
from seats.holdings import glyph_of
from seats.models import Allocation, BlockKind
from seats.naming import named_to
from web.pagination import Page
from web.rfc9457 import Text


@dataclass(frozen=True)
class Side:
    """What the seats were, or are: in a glyph, in a word, whose."""

    glyph: str
    word: Text
    who: str


@dataclass(frozen=True)
class Line:
    """A change as a line of the list. `decided`: the day of the decision, where it is known."""

    change: Change
    floor_url: str
    was: Side
    now: Side
    decided: date | None
    decision_url: str

    @property
    def label(self) -> str:
        return run_label(self.change.floor.label, self.change.seats)


def changes_page(request: UserRequest, form: ChangesFilter) -> dict[str, Any]:
    """What the page needs; only the form where it is not filled in right."""
    if not form.is_valid():
        return {"form": form, "is_valid": False}
    before, after = form.days
    found = changes_between(
        before, after, today=form.today, floors=form.floors, named=named_to(request.user)
    )
    return {"form": form, "is_valid": True} | _list_of(request, form, found, before, after)


def _list_of(
    request: UserRequest, form: ChangesFilter, found: Comparison, before: date, after: date
) -> dict[str, Any]:
    """What changed, page by page, and what it adds up to."""
    wanted = [c for c in found.changes if form.only in (None, c.what)]
    page = Page(request, wanted)
    return {
        "before": before,
        "after": after,
        "seats": sum(change.seats.length for change in wanted),
        "all_seats": sum(change.seats.length for change in found.changes),
        "totals": [(_word(total.kind), glyph_of(total.kind), total) for total in found.totals()],
        "by_what": found.seats_by_what(),
        "page": page,
        "lines": lines_of(page, before, after),
        "map_query": urlencode({"on": after.isoformat(), "from": before.isoformat()}),
    }


def lines_of(changes: Iterable[Change], before: date, after: date) -> list[Line]:
    """`changes` as lines, with their decisions: one statement."""
    changes = list(changes)
    decisions = {
        pk for change in changes for pk in (change.was.allocation, change.now.allocation) if pk
    }
    allocations = Allocation.objects.select_related("enterprise").in_bulk(decisions)
    query = urlencode({"on": after.isoformat(), "from": before.isoformat()})
    return [_line(change, allocations, query) for change in changes]


def _line(change: Change, allocations: Mapping[int, Allocation], query: str) -> Line:
    decisive = change.now if change.now.allocation else change.was
    known = decisive.allocation
    return Line(
        change,
        f"{reverse('place:floor-detail', args=[change.floor.pk])}?{query}",
        _side(change.floor, change.was, allocations),
        _side(change.floor, change.now, allocations),
        decisive.recorded_on,
        reverse("seats:allocation-detail", args=[known]) if known else "",
    )


def _side(floor: Floor, state: State, allocations: Mapping[int, Allocation]) -> Side:
    allocation = allocations.get(state.allocation or 0)
    who = "" if allocation is None else str(allocation.enterprise or allocation.reason)
    return Side(glyph_of(state.kind), _word(state.kind, floor), who)


def _word(kind: str, floor: Floor | None = None) -> Text:
    if kind == FREE:
        return pgettext("seats", "Vacant")
    if kind == BlockKind.HOLD and floor is not None and floor.delivered_on is None:
        return pgettext("seats", "Pre-selected")
    return BlockKind(kind).label

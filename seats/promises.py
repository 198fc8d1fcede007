"""Promises: seats held on a floor that is not handed over, and what a later day does to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from park.axis import Span, run_label
from park.models import Floor
from seats.models import Allocation, BrokenPromise, SeatBlock
from seats.rectangles import last_included
from web import formats


class Breaking(NamedTuple):
    """A promise that a later day would break: what was promised to whom, and what is left."""

    label: str
    seats: int
    holder: str
    promised: str
    left: str


def breaking(floor: Floor, blocks: Iterable[SeatBlock], day: date | None) -> list[Breaking]:
    """What `blocks` of `floor` lose if it opens on `day` only."""
    return [
        Breaking(
            run_label(floor.label, Span(block.seats.lower, block.seats.upper)),
            block.seats.upper - block.seats.lower,
            str(block.enterprise),
            formats.days_of(block.period),
            _left(block, day),
        )
        for block in blocks
    ]


def _left(block: SeatBlock, day: date | None) -> str:
    end = block.period.upper
    if day is None or (end is not None and end <= day):
        return _("nothing")
    return formats.period(day, last_included(end))


class Broken(NamedTuple):
    """A promise that was broken, as one line of a list."""

    name: str
    line: str
    url: str
    recorded_on: date


def broken_on(floor: Floor, user: User) -> list[Broken]:
    """The broken promises of `floor` that `user` may see, newest first."""
    mine = Allocation.objects.visible_to(user)
    return _lines(floor.broken_promises.filter(allocation__in=mine))


def broken_of(allocation: Allocation) -> list[Broken]:
    """The promises of `allocation` that were broken, newest first."""
    return _lines(allocation.broken_promises.all())


def _lines(promises: QuerySet[BrokenPromise]) -> list[Broken]:
    rows = promises.select_related("floor", "allocation__enterprise").order_by("-pk")
    return [
        Broken(
            str(row.allocation.enterprise),
            _line(row),
            reverse("seats:allocation-detail", args=[row.allocation_id]),
            row.recorded_on,
        )
        for row in rows
    ]


def _line(promise: BrokenPromise) -> str:
    words = {
        "seats": run_label(promise.floor.label, Span(promise.seats.lower, promise.seats.upper)),
        "days": formats.days_of(promise.period),
        "day": formats.iso_day(promise.new_day),
    }
    if promise.new_day is None:
        return _("%(seats)s, promised %(days)s; the floor has no new day") % words
    return _("%(seats)s, promised %(days)s; the floor comes on %(day)s") % words

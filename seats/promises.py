"""Promises: seats held on a floor that is not handed over, and what a later day does to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from park.axis import run_label
from park.models import Floor
from seats.holdings import count_seats
from seats.models import Allocation, BrokenPromise, SeatBlock, SeatRequest
from seats.rectangles import last_included
from web import formats


class Breaking(NamedTuple):
    """A promise that a later day would break: what was promised to whom, and what is left."""

    label: str
    seats: int
    holder: str
    promised: str
    left: str
    request: SeatRequest | None


def breaking(blocks: Iterable[SeatBlock], day: date | None) -> list[Breaking]:
    """What `blocks` lose if their floors open on `day` only."""
    return [
        Breaking(
            run_label(block.floor.label, block.span),
            block.seats.upper - block.seats.lower,
            str(block.enterprise),
            formats.days_of(block.period),
            _left(block, day),
            block.allocation.request if block.allocation else None,
        )
        for block in blocks
    ]


class Affected(NamedTuple):
    """An enterprise whose promises a later day would break: how many seats, from when on."""

    holder: str
    seats: int
    runs: int
    first_day: date
    lost: int


def affected(blocks: Iterable[SeatBlock], day: date | None) -> list[Affected]:
    """`blocks` summed up by enterprise, who has most seats first. `lost`: seats that never come."""
    by_holder: dict[str, list[SeatBlock]] = {}
    for block in blocks:
        by_holder.setdefault(str(block.enterprise), []).append(block)
    rows = [
        Affected(
            holder,
            count_seats(own),
            len(own),
            min(block.period.lower for block in own),
            count_seats(block for block in own if _is_lost(block, day)),
        )
        for holder, own in by_holder.items()
    ]
    return sorted(rows, key=lambda row: (-row.seats, row.holder))


def _is_lost(block: SeatBlock, day: date | None) -> bool:
    return day is None or (block.period.upper is not None and block.period.upper <= day)


def _left(block: SeatBlock, day: date | None) -> str:
    if _is_lost(block, day):
        return _("nothing")
    return formats.period(day, last_included(block.period.upper))


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
        "seats": run_label(promise.floor.label, promise.span),
        "days": formats.days_of(promise.period),
        "day": formats.iso_day(promise.new_day),
    }
    if promise.new_day is None:
        return _("%(seats)s, promised %(days)s; the floor has no new day") % words
    return _("%(seats)s, promised %(days)s; the floor comes on %(day)s") % words


class Kept(NamedTuple):
    """A broken promise as a line of the list of all: `is_open` while its floor is not there."""

    holder: str
    url: str
    label: str
    seats: int
    promised: str
    new_day: date | None
    delivered_on: date | None
    recorded_on: date
    floor_id: int
    is_open: bool
    is_sample: bool


def all_broken(user: User) -> QuerySet[BrokenPromise]:
    """Every broken promise that `user` may see, newest first."""
    rows = BrokenPromise.objects.visible_to(user).order_by("-recorded_on", "-pk")
    return rows.select_related("floor", "allocation__enterprise")


def kept(promises: Iterable[BrokenPromise], today: date) -> list[Kept]:
    """`promises` (from `all_broken`) as lines of a table."""
    return [_kept(row, today) for row in promises]


def _kept(row: BrokenPromise, today: date) -> Kept:
    upper = row.period.upper
    return Kept(
        str(row.allocation.enterprise),
        reverse("seats:allocation-detail", args=[row.allocation_id]),
        run_label(row.floor.label, row.span),
        row.seats.upper - row.seats.lower,
        formats.days_of(row.period),
        row.new_day,
        row.floor.delivered_on,
        row.recorded_on,
        row.floor_id,
        row.floor.delivered_on is None and (upper is None or upper > today),
        bool(row.allocation.sample_fields),
    )


def seats_of(promises: QuerySet[BrokenPromise]) -> int:
    """How many seats `promises` are about; promised twice and broken twice they count once."""
    return count_seats(promises.order_by().select_related(None).only("floor", "seats"))


class OpenPromises(NamedTuple):
    """What is broken and still to come: seats of how many enterprises."""

    seats: int
    enterprises: int


def still_open(user: User, today: date) -> OpenPromises:
    """The broken promises that `user` may see and whose floors are still to come."""
    rows = BrokenPromise.objects.visible_to(user).still_open(today)
    promises = list(rows.select_related("allocation"))
    enterprises = {promise.allocation.enterprise_id for promise in promises}
    return OpenPromises(count_seats(promises), len(enterprises))

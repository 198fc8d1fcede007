"""What happened to an allocation: read from the history that the database keeps of every row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from seats.models import Allocation, AllocationKind, SeatBlock
from seats.wording import hold_until
from web import formats


class Deed(NamedTuple):
    """One thing done to an allocation, and who did it (None: Xiyuan itself)."""

    at: datetime
    sentence: str


class _Freed(NamedTuple):
    """Seats that one deed gave back, and from which day."""

    seats: int
    day: date | None


def history(allocation: Allocation) -> list[Deed]:
    """What was done to `allocation`, newest first. Four queries, however long it is."""
    rows = _events_of(Allocation).filter(pgh_obj=allocation.pk)
    events = list(rows.select_related("pgh_context").order_by("pgh_id"))
    people = User.objects.in_bulk({who for event in events if (who := _who(event)) is not None})
    blocks = _block_events(allocation)
    deeds = []
    for before, event in zip([None, *events], events, strict=False):
        freed = _freed(blocks.get(event.pgh_context_id, []))
        person = people.get(_who(event) or 0)
        deeds.append(Deed(event.pgh_created_at, _sentence(before, event, person, freed)))
    return deeds[::-1]


def _events_of(model: Any) -> models.QuerySet[Any]:
    """The events that django-pghistory keeps of a model's rows."""
    return model.pgh_event_model.objects.all()


def _who(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


class _Change(NamedTuple):
    """One event of a block and the block as it was before; None where it is new."""

    event: Any
    before: Any


def _block_events(allocation: Allocation) -> dict[Any, list[_Change]]:
    """The events of the allocation's blocks, by the deed that they are part of."""
    last: dict[int, Any] = {}
    deeds: dict[Any, list[_Change]] = {}
    for event in _events_of(SeatBlock).filter(allocation=allocation).order_by("pgh_id"):
        deeds.setdefault(event.pgh_context_id, []).append(_Change(event, last.get(event.id)))
        last[event.id] = event
    return deeds


def _freed(changes: Iterable[_Change]) -> _Freed:
    """Seats of blocks that ended earlier or went, less those of the pieces that stayed."""
    seats, days = 0, []
    for event, before in changes:
        length = event.seats.upper - event.seats.lower
        if event.pgh_label == "delete":
            seats += length
            days.append(event.period.lower)
        elif before is None:
            seats -= length
        elif event.period.upper != before.period.upper:
            seats += length
            days.append(event.period.upper)
    return _Freed(seats, max(days, default=None))


def _sentence(before: Any, event: Any, person: User | None, freed: _Freed) -> str:
    words = {
        "person": str(person) if person else pgettext("who did it", "Xiyuan itself"),
        "seats": formats.number(freed.seats),
        "day": formats.iso_day(freed.day),
    }
    if before is None:
        return _created(event) % words
    if before.kind != event.kind:
        return _("%(person)s confirmed the hold: the seats are contracted") % words
    if before.ended_at is None and event.ended_at is not None:
        if person is not None:
            return _("%(person)s ended the offer; its seats are vacant") % words
        return _("The hold expired; its seats are vacant") % words
    if told := _about_the_end(before, event):
        until = "" if event.expires_at is None else hold_until(event.expires_at)
        return told % {**words, "until": until, "reason": event.extended_because}
    if freed.seats > 0 and freed.day is not None:
        return (
            ngettext(
                "%(person)s gave back %(seats)s seat from %(day)s",
                "%(person)s gave back %(seats)s seats from %(day)s",
                freed.seats,
            )
            % words
        )
    return _("%(person)s changed it") % words


def _about_the_end(before: Any, event: Any) -> str:
    """What was said of the end of a hold; empty where that is not what happened."""
    if before.expires_at is None and event.expires_at is not None:
        return _("%(person)s handed the floor over: the hold lasts until %(until)s")
    if event.expires_at is None and before.expires_at is not None:
        return _("%(person)s accepted the seats: held until their floor is handed over")
    if before.expires_at != event.expires_at:
        return _("%(person)s extended the hold until %(until)s: %(reason)s")
    if before.warned_for != event.warned_for:
        return _("Both sides were told that the hold lasts until %(until)s only")
    return ""


def _created(event: Any) -> str:
    if event.kind == AllocationKind.FIRM:
        return _("%(person)s allocated the seats")
    if event.kind == AllocationKind.HOLD:
        return _("%(person)s held the seats")
    return _("%(person)s closed the seats")

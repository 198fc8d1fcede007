"""What happened to an allocation: read from the history that the database keeps of every row."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from park.axis import Span
from seats.deeds import Names, Shift, named_deed, shift_between
from seats.models import Allocation, AllocationKind, SeatBlock
from seats.rectangles import Rectangle
from seats.wording import hold_until
from web import formats


class Deed(NamedTuple):
    """One thing done to an allocation, and who did it (None: Xiyuan itself)."""

    at: datetime
    sentence: str


def history(allocation: Allocation) -> list[Deed]:
    """What was done to `allocation`, newest first. Six queries at most, however long it is."""
    rows = _events_of(Allocation).filter(pgh_obj=allocation.pk)
    events = list(rows.select_related("pgh_context").order_by("pgh_id"))
    people = User.objects.in_bulk({who for event in events if (who := _who(event)) is not None})
    shifts = _shifts(allocation)
    names = Names(allocation.pk, [_told(event) for event in events])
    deeds = []
    for before, event in zip([None, *events], events, strict=False):
        shift = shifts.get(event.pgh_context_id, Shift())
        person = people.get(_who(event) or 0)
        said = str(person) if person else pgettext("who did it", "Xiyuan itself")
        sentence = named_deed(_told(event), said, shift, names)
        deeds.append(Deed(event.pgh_created_at, sentence or _sentence(before, event, said, shift)))
    return deeds[::-1]


def _events_of(model: Any) -> models.QuerySet[Any]:
    """The events that django-pghistory keeps of a model's rows."""
    return model.pgh_event_model.objects.all()


def _told(event: Any) -> dict[str, Any]:
    """What is known of the deed that an event is part of."""
    return event.pgh_context.metadata if event.pgh_context else {}


def _who(event: Any) -> int | None:
    return _told(event).get("user")


def _shifts(allocation: Allocation) -> dict[Any, Shift]:
    """What the allocation lost and got by each deed: its blocks before it beside those after."""
    has: dict[int, Rectangle] = {}
    shifts: dict[Any, Shift] = {}
    events = _events_of(SeatBlock).filter(allocation=allocation).order_by("pgh_id")
    for context, group in groupby(events, key=lambda event: event.pgh_context_id):
        before = list(has.values())
        for event in group:
            if event.pgh_label == "delete":
                has.pop(event.id, None)
            else:
                has[event.id] = Rectangle(
                    Span(event.seats.lower, event.seats.upper),
                    event.period.lower,
                    event.period.upper,
                )
        shifts[context] = shift_between(before, list(has.values()))
    return shifts


def _sentence(before: Any, event: Any, person: str, shift: Shift) -> str:
    words = {
        "person": person,
        "seats": formats.number(shift.seats_lost),
        "day": formats.iso_day(shift.lost_from),
    }
    if before is None:
        return _created(event) % words
    if before.kind != event.kind:
        return _("%(person)s confirmed the hold: the seats are contracted") % words
    if before.ended_at is None and event.ended_at is not None:
        if _who(event) is not None:
            return _("%(person)s ended the offer; its seats are vacant") % words
        return _("The hold expired; its seats are vacant") % words
    if told := _about_the_end(before, event):
        until = "" if event.expires_at is None else hold_until(event.expires_at)
        return told % {**words, "until": until, "reason": event.extended_because}
    if shift.seats_lost:
        return (
            ngettext(
                "%(person)s gave back %(seats)s seat from %(day)s",
                "%(person)s gave back %(seats)s seats from %(day)s",
                shift.seats_lost,
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

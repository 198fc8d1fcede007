"""The ways in which the seats say no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from park.axis import FIRST_DAY, Span, floor_of, intersection, run_label
from park.models import Floor
from seats.conflicts import Conflict
from seats.models import BlockKind
from seats.rectangles import Rectangle, last_included
from tenants.models import Membership
from web import formats
from web.refusals import Refusal
from web.sentences import in_one_paragraph

MOST_PARTS = 50  # floors that somebody may have meant with one run


class NoSuchSeat(Refusal):
    """Seats that do not exist, on these days or at all."""

    status = 400
    code = "no_such_seat"
    title = gettext_lazy("No such seat")


class CrossesFloors(Refusal):
    """A run over two floors; the split is offered."""

    status = 400
    code = "crosses_floors"
    title = gettext_lazy("A run ends with its floor")


class BlocksOverlap(Refusal):
    """Two blocks of one request share a seat on a day."""

    status = 400
    code = "blocks_overlap"
    title = gettext_lazy("Blocks overlap")


class NotDelivered(Refusal):
    """Seats of a floor that is not handed over can be held, not contracted or closed."""

    code = "not_delivered"
    title = gettext_lazy("Floor not delivered")


class HoldExpired(Refusal):
    """The hold is over; its seats are free."""

    code = "hold_expired"
    title = gettext_lazy("Hold expired")


class EnterpriseLeft(Refusal):
    """The enterprise is not of the park any more, or leaves it too early for what is asked."""

    code = "enterprise_left"
    title = gettext_lazy("The enterprise has left")


class WrongState(Refusal):
    """The step does not follow from where the thing is now."""

    code = "wrong_state"
    title = gettext_lazy("Not possible now")


class PromisesChanged(Refusal):
    """A delay would break other promises than those that were shown."""

    code = "promises_changed"
    title = gettext_lazy("Promises have changed")


class NotHeld(Refusal):
    """There is nothing to release: the allocation has none of these seats on these days."""

    status = 400
    code = "not_held"
    title = gettext_lazy("Nothing to release")


def not_held(day: date, *, field: str | None = None) -> NotHeld:
    """The refusal of what would change seats that are not there on `day` and later."""
    if day == FIRST_DAY:
        return NotHeld(_("The enterprise does not have these seats."), field=field)
    return NotHeld(
        _("The enterprise does not have these seats on or after %(day)s.")
        % {"day": formats.iso_day(day)},
        field=field,
    )


class SeatsTaken(Refusal):
    """Others hold these seats on some of these days; it says who, to those who may know."""

    code = "seats_taken"
    title = gettext_lazy("Seats taken")


def seats_taken(conflicts: Sequence[Conflict], user: User | None) -> SeatsTaken:
    """The refusal that names the rivals, as far as `user` may know them."""
    may_know = _who_may_be_named(user)
    return SeatsTaken(
        in_one_paragraph(_taken_sentences(conflicts, may_know)),
        field="blocks",
        extra={
            "conflicts": [
                {
                    "first_seat": conflict.seats.lower,
                    "last_seat": conflict.seats.upper - 1,
                    "start": conflict.start.isoformat(),
                    "end": _iso(last_included(conflict.end)),
                    "held_by": conflict.holder if may_know(conflict) else None,
                }
                for conflict in conflicts
            ]
        },
    )


def _who_may_be_named(user: User | None) -> Callable[[Conflict], bool]:
    """The park's people may know every holder, an enterprise's people their own enterprise."""
    if user is None or user.has_perm("seats.view_every_allocation"):
        return lambda conflict: conflict.enterprise_id is not None
    own = set(Membership.objects.enterprises_of(user).values_list("enterprise", flat=True))
    return lambda conflict: conflict.enterprise_id in own


def _taken_sentences(
    conflicts: Sequence[Conflict], may_know: Callable[[Conflict], bool]
) -> list[str]:
    first = conflicts[0]
    last_day = last_included(first.end)
    words = {
        "seats": run_label(first.floor_label, first.seats),
        "holder": first.holder if may_know(first) else _("another enterprise"),
        "day": _iso(last_day),
    }
    if first.kind == BlockKind.CLOSURE:
        sentence = (
            _("%(seats)s is closed until %(day)s.")
            if last_day
            else _("%(seats)s is closed until further notice.")
        )
    elif first.kind == BlockKind.HOLD:
        sentence = (
            _("%(seats)s is held for %(holder)s until %(day)s.")
            if last_day
            else _("%(seats)s is held for %(holder)s until further notice.")
        )
    else:
        sentence = (
            _("%(seats)s is taken by %(holder)s until %(day)s.")
            if last_day
            else _("%(seats)s is taken by %(holder)s until further notice.")
        )
    sentences = [sentence % words]
    if more := len(conflicts) - 1:
        sentences.append(
            ngettext("%(count)d more run is not free.", "%(count)d more runs are not free.", more)
            % {"count": more}
        )
    return sentences


def no_such_seat(
    rectangle: Rectangle, floor: Floor | None, void: Conflict | None = None
) -> NoSuchSeat:
    """The refusal for seats that are not there: no floor, beyond its last seat, or too early."""
    if floor is None:
        return NoSuchSeat(
            _("No floor has seat number %(seat)d.") % {"seat": rectangle.seats.lower},
            field="blocks",
        )
    last = floor.seats.upper - 1
    facts = {
        "floor": floor.label,
        "last_seat": last,
        "last_label": floor.seat_label(last),
        "planned_on": _iso(floor.planned_on),
        "delivered_on": _iso(floor.delivered_on),
    }
    if rectangle.seats.upper - 1 > last:
        message = _("%(floor)s ends with seat %(last_label)s.")
    elif void is None or void.end is None:
        message = _("%(floor)s has no delivery day yet, so it has no seats.")
    else:
        facts["day"] = _iso(void.end)
        message = (
            _("%(floor)s has no seats before %(day)s, the day it is handed over.")
            if void.end == (floor.delivered_on or floor.planned_on)
            else _("%(floor)s has these seats from %(day)s on only.")
        )
    if void is not None:
        facts["first_missing_seat"] = void.seats.lower
    return NoSuchSeat(message % facts, field="blocks", extra=facts)


def crosses_floors(rectangle: Rectangle) -> Refusal:
    """The refusal for a run over several floors, with the runs that it would have to be.

    Where it does not even begin at a seat, that is what is refused.
    """
    ends = (floor_of(rectangle.seats.lower), floor_of(rectangle.seats.upper - 1))
    floors = list(Floor.objects.filter(pk__range=ends).order_by("pk")[: MOST_PARTS + 1])
    parts = [part for floor in floors if (part := intersection(rectangle.seats, floor.seats))]
    if not parts or parts[0].lower != rectangle.seats.lower:
        floor = next((floor for floor in floors if floor.pk == ends[0]), None)
        return no_such_seat(rectangle, floor)
    return CrossesFloors(
        _("A run ends with its floor. Give one run for each floor."),
        field="blocks",
        extra={"split": _split(rectangle, parts)} if len(floors) <= MOST_PARTS else {},
    )


def _split(rectangle: Rectangle, parts: Sequence[Span]) -> list[dict[str, Any]]:
    return [
        {
            "first_seat": part.lower,
            "last_seat": part.upper - 1,
            "start": rectangle.start.isoformat(),
            "end": _iso(last_included(rectangle.end)),
        }
        for part in parts
    ]


def blocks_overlap(one: Rectangle, other: Rectangle) -> Refusal:
    """The refusal of two runs that share seats; they are on one floor, or on none that is there."""
    floor = Floor.objects.filter(pk=one.floor).first()
    if floor is None:
        return no_such_seat(one, None)
    return BlocksOverlap(
        _("Two of the runs share seats on the same days: %(one)s and %(other)s.")
        % {"one": run_label(floor.label, one.seats), "other": run_label(floor.label, other.seats)},
        field="blocks",
        extra={
            "runs": [
                {"first_seat": run.seats.lower, "last_seat": run.seats.upper - 1}
                for run in (one, other)
            ]
        },
    )


def not_delivered(floor: Floor) -> NotDelivered:
    """The refusal to contract or close seats of a floor that is not handed over."""
    return NotDelivered(
        _("%(floor)s is not handed over yet. Until then its seats can only be held.")
        % {"floor": floor.label},
        field="blocks",
        extra={"floor": floor.label, "planned_on": _iso(floor.planned_on)},
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""What an enterprise may ask for: a wish, and what makes no sense for who asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from park.axis import FIRST_DAY, LAST_DAY
from park.models import Floor, Zone
from park.services import MonthClosed, first_open_day, refuse_closed_months
from seats.holdings import count_seats
from seats.models import RequestKind, SeatBlock
from seats.rectangles import ONE_DAY
from tenants.models import Enterprise
from web.refusals import Invalid


class Wish(NamedTuple):
    """What is asked for. `start` and `end` are days, both included; no zones means any."""

    kind: RequestKind
    seats: int
    start: date
    end: date | None = None
    zones: Sequence[str] = ()
    contiguous: bool = False
    note: str = ""


def check_wish(wish: Wish, enterprise: Enterprise, now: datetime) -> None:
    """Refuse what makes no sense. Raises `Invalid` or `MonthClosed`."""
    _check_count(wish)
    _check_days(wish)
    _check_zones(wish)
    _check_what_it_has(wish, enterprise, timezone.localdate(now))


def _check_count(wish: Wish) -> None:
    most = Floor.objects.aggregate(seats=Sum("seat_count"))["seats"] or 0
    if wish.seats < 1:
        raise Invalid({"seats": _("Ask for at least 1 seat.")})
    if wish.seats > most:
        message = _("The park has %(count)s seats when complete. Ask for no more than that.")
        raise Invalid({"seats": message % {"count": f"{most:,}"}})


def _check_days(wish: Wish) -> None:
    for name in ("start", "end"):
        day = getattr(wish, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise Invalid({name: _("Days from 1990-01-01 to 9998-12-31 can be used.")})
    if wish.end is not None and wish.end < wish.start:
        raise Invalid({"end": _("The last day must not come before the first.")})
    try:
        refuse_closed_months(wish.start, None if wish.end is None else wish.end + ONE_DAY)
    except MonthClosed as closed:
        raise MonthClosed(
            _("The first day can be %(day)s at the earliest: the months before are closed.")
            % {"day": first_open_day(wish.start).isoformat()},
            field="start",
            extra=closed.extra,
        ) from None


def _check_zones(wish: Wish) -> None:
    unknown = set(wish.zones) - set(Zone.objects.values_list("code", flat=True))
    if unknown:
        message = _("There is no zone %(zone)s.") % {"zone": min(unknown)}
        raise Invalid({"zones": message})


def _check_what_it_has(wish: Wish, enterprise: Enterprise, today: date) -> None:
    """Only who has seats can have more of them, move them or give them back.

    Seats to come count, as they can be approved; for more seats and a move, those of today too,
    though they may end before the first day.
    """
    if wish.kind == RequestKind.NEW:
        return
    blocks = SeatBlock.objects.filter(enterprise=enterprise)
    if wish.kind != RequestKind.RELEASE:
        if not blocks.during(min(wish.start, today), None).exists():
            raise Invalid({"kind": _("The enterprise has no seats yet. Ask for new seats.")})
        return
    has = count_seats(blocks.during(wish.start, None))
    if wish.seats > has:
        message = ngettext(
            "The enterprise has %(count)s seat on or after %(day)s. "
            "It can give back no more than that.",
            "The enterprise has %(count)s seats on or after %(day)s. "
            "It can give back no more than that.",
            has,
        )
        words = {"count": f"{has:,}", "day": wish.start.isoformat()}
        raise Invalid({"seats": message % words})

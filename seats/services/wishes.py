"""What an enterprise may ask for: a wish, and what makes no sense for who asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from park.axis import FIRST_DAY, LAST_DAY
from park.models import Floor, Zone
from park.services import MonthClosed, first_open_day, refuse_closed_months
from seats.holdings import count_seats
from seats.models import RequestKind, RequestState, SeatBlock, SeatRequest
from seats.planner import Need, Phase
from seats.rectangles import ONE_DAY
from tenants.models import Enterprise
from web.refusals import Invalid

MOST_PHASES = 12
MOST_DEVICES = 1_000_000


class Needs(NamedTuple):
    """What the space needs; None and "" mean that nothing was said."""

    closed_room: bool = False
    all_hours: bool = False
    computers: int | None = None
    network_ports: int | None = None
    equipment: str = ""
    fit_out: bool = False


class Wish(NamedTuple):
    """What is asked for. `start` and `end` are days, both included; no zones means any.

    `phases` add up to `seats`, the first on `start`; none means all of them from that day on.
    """

    kind: RequestKind
    seats: int
    start: date
    end: date | None = None
    zones: Sequence[str] = ()
    contiguous: bool = False
    note: str = ""
    business: str = ""
    needs: Needs = Needs()
    phases: Sequence[Phase] = ()


_NEEDS = {
    "closed_room": "needs_closed_room",
    "all_hours": "needs_all_hours",
    "fit_out": "needs_fit_out",
}


def wish_of(request: SeatRequest) -> Wish:
    """What `request` asks for."""
    return Wish(
        kind=RequestKind(request.kind),
        seats=request.seats,
        start=request.start,
        end=request.end,
        zones=request.zones,
        contiguous=request.contiguous,
        note=request.note,
        business=request.business,
        needs=Needs(*(getattr(request, _NEEDS.get(name, name)) for name in Needs._fields)),
        phases=phases_of(request),
    )


def phases_of(request: SeatRequest) -> list[Phase]:
    """The phases of `request` in their order; none where all is asked for from one day on."""
    rows = sorted(request.phases.all(), key=lambda row: row.start)
    return [Phase(row.seats, row.start) for row in rows]


def need_of(request: SeatRequest, today: date) -> Need:
    """What `request` asks for, as the planner takes it.

    What was offered before is wanted from today on: the seats stay held for the days gone by.
    """
    was_offered = request.state in {RequestState.DECLINED, RequestState.EXPIRED}
    return need_from(request, today if was_offered else FIRST_DAY)


def need_from(request: SeatRequest, earliest: date) -> Need:
    """The same, of days from `earliest` on."""
    last = request.end
    return Need(
        request.seats,
        max(request.start, earliest),
        None if last is None or last >= LAST_DAY else last + ONE_DAY,
        tuple(request.zones),
        contiguous=request.contiguous,
        phases=tuple(
            phase._replace(start=max(phase.start, earliest)) for phase in phases_of(request)
        ),
    )


def columns_of(wish: Wish) -> dict[str, Any]:
    """`wish` as a request keeps it; its phases are rows of their own."""
    told = wish._asdict()
    needs: Needs = told.pop("needs")
    del told["phases"]
    own = {_NEEDS.get(name, name): value for name, value in needs._asdict().items()}
    return {**told, **own, "zones": sorted(set(wish.zones))}


def check_wish(wish: Wish, enterprise: Enterprise, now: datetime) -> None:
    """Refuse what makes no sense. Raises `Invalid` or `MonthClosed`."""
    _check_count(wish)
    _check_days(wish)
    _check_phases(wish)
    _check_needs(wish.needs)
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


def _check_phases(wish: Wish) -> None:
    if message := wrong_phases(wish):
        raise Invalid({"phases": message})


def wrong_phases(wish: Wish) -> str:
    """What is wrong with the phases; empty where nothing is, or where there are none."""
    phases = list(wish.phases)
    if not phases:
        return ""
    if len(phases) > MOST_PHASES:
        return _("Give at most 12 phases.")
    if any(phase.seats < 1 for phase in phases):
        return _("Each phase has at least 1 seat.")
    if any(one.start >= next_.start for one, next_ in pairwise(phases)):
        return _("Each phase begins on a later day than the one before.")
    if phases[0].start != wish.start:
        return _("The first phase begins on the first day of the request, %(day)s.") % {
            "day": wish.start.isoformat()
        }
    if phases[-1].start > (wish.end or LAST_DAY):
        return _("The last phase begins after the last day.")
    total = sum(phase.seats for phase in phases)
    if total != wish.seats:
        words = {"total": f"{total:,}", "seats": f"{wish.seats:,}"}
        return _("The phases add up to %(total)s seats, not to the %(seats)s asked for.") % words
    return ""


def _check_needs(needs: Needs) -> None:
    for name in ("computers", "network_ports"):
        if not 0 <= (getattr(needs, name) or 0) <= MOST_DEVICES:
            raise Invalid({name: _("Give a number from 0 to 1,000,000.")})


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

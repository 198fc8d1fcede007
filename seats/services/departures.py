"""An enterprise leaves the park: not before its last seat is free again; then it gets no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from park.axis import run_label
from seats.models import RequestKind, RequestState, SeatBlock, SeatRequest
from seats.rectangles import ONE_DAY
from seats.services.lent import refuse_leaving
from seats.services.planning import planning_seats
from seats.services.refusals import EnterpriseLeft
from tenants.models import Enterprise, Membership, Tenancy
from tenants.services import end_tenancy
from web import formats
from web.refusals import Refusal

# What can still be done: a request that was fulfilled cannot be turned down any more.
_LEFT = gettext_lazy(
    "%(enterprise)s left the park; its last day was %(day)s. Turn the request down; "
    "if it comes back, give it seats by an allocation: that begins a new stay."
)
_LEFT_SINCE = gettext_lazy(
    "%(enterprise)s left the park; its last day was %(day)s. If it comes back, give it seats by an "
    "allocation that names no request: that begins a new stay."
)
_NOBODY = gettext_lazy(
    "Nobody acts for %(enterprise)s any more. Invite somebody on its page first, or "
    "turn the request down."
)
_NOBODY_SINCE = gettext_lazy(
    "Nobody acts for %(enterprise)s any more. Invite somebody on its page first, or give the seats "
    "by an allocation that names no request."
)


class SeatsStillHeld(Refusal):
    """The enterprise has seats after the day on which it would leave."""

    code = "seats_still_held"
    title = gettext_lazy("Seats still held")


def leave_park(*, enterprise: Enterprise, last_day: date, now: datetime, acting_user: User) -> None:
    """End the running tenancy on `last_day`, where no seat is the enterprise's after it.

    Raises `SeatsStillHeld` (naming them), `SeatsLent`, `NotATenant`, `Invalid`, `MonthClosed` or
    `Busy`.
    """
    with planning_seats(acting_user, now=now):
        held = seats_after(enterprise, last_day)
        if held:
            raise SeatsStillHeld(
                _("After %(day)s these seats are still theirs: %(seats)s. Release them first.")
                % {"day": last_day.isoformat(), "seats": _named(held)},
                field="last_day",
                extra={"blocks": [block.pk for block in held]},
            )
        refuse_leaving(enterprise, last_day + ONE_DAY)
        end_tenancy(enterprise=enterprise, last_day=last_day, acting_user=acting_user)


def seats_after(enterprise: Enterprise, day: date) -> list[SeatBlock]:
    """The blocks that give `enterprise` seats on a day after `day`, in the order of the seats."""
    later = Q(period__upper_inf=True) | Q(period__endswith__gt=day + ONE_DAY)
    blocks = SeatBlock.objects.filter(later, enterprise=enterprise)
    return list(blocks.select_related("floor", "allocation").order_by("seats", "period"))


def _named(blocks: Sequence[SeatBlock]) -> str:
    labels = [run_label(block.floor.label, block.span) for block in blocks]
    return ", ".join(dict.fromkeys(labels))


def refuse_left(request: SeatRequest, today: date) -> None:
    """Raise `EnterpriseLeft` where who asks has left the park, or nobody acts for it any more.

    Seats can be given back all the same.
    """
    if request.kind == RequestKind.RELEASE:
        return
    is_over = request.state == RequestState.FULFILLED
    words = {"enterprise": request.enterprise.short_name}
    if (end := _end_of_last_stay(request.enterprise)) is not None and end <= today:
        words["day"] = formats.iso_day(end - ONE_DAY)
        raise EnterpriseLeft((_LEFT_SINCE if is_over else _LEFT) % words)
    people = Membership.objects.filter(enterprise=request.enterprise)
    if people.exists() and not people.current().exists():
        raise EnterpriseLeft((_NOBODY_SINCE if is_over else _NOBODY) % words)


def _end_of_last_stay(enterprise: Enterprise) -> date | None:
    """The day after the last one on which the enterprise is here; None: it stays, or never came."""
    ends = [one.period.upper for one in Tenancy.objects.filter(enterprise=enterprise)]
    return None if not ends or None in ends else max(ends)

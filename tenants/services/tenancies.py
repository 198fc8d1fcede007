"""When enterprises are of the park."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from park.axis import LAST_DAY
from park.lock import park_locked
from park.services import refuse_closed_months
from tenants.models import Enterprise, Tenancy
from web.refusals import Invalid, Refusal


class NotATenant(Refusal):
    """The enterprise has no tenancy that could end."""

    code = "not_a_tenant"
    title = gettext_lazy("Not a tenant")


def begin_tenancy(
    *,
    enterprise: Enterprise,
    first_day: date,
    end: date | None = None,
    source: str = "",
    sample_fields: Sequence[str] = (),
) -> None:
    """See that `enterprise` is a tenant on all of [first_day, end); in a recorded transaction.

    Tenancies that touch these days become one that holds them all. It has no end, unless one of
    them lasts longer than these days or a later one follows. Raises `MonthClosed` where somebody
    would become a tenant of a closed month.
    """
    known = list(Tenancy.objects.filter(enterprise=enterprise).order_by("period"))
    touching = [one for one in known if _touch(one.period, first_day, end)]
    followed = any(one not in touching and one.period.lower > first_day for one in known)
    lower = min([first_day, *(one.period.lower for one in touching[:1])])
    upper = _end_of_stay(touching, end, followed=followed)
    for start, stop in _days_between(lower, upper, touching):
        refuse_closed_months(start, stop)
    stay, *merged = touching or [
        Tenancy(enterprise=enterprise, source=source, sample_fields=list(sample_fields))
    ]
    if (stay.period and (stay.period.lower, stay.period.upper)) == (lower, upper):
        return
    for one in merged:
        one.delete()
    stay.period = (lower, upper)
    stay.save()


def _touch(period: Any, first_day: date, end: date | None) -> bool:
    """Whether the tenancy shares a day with [first_day, end), or is right beside it."""
    begins_in_time = end is None or period.lower <= end
    return begins_in_time and (period.upper is None or period.upper >= first_day)


def _end_of_stay(touching: Sequence[Tenancy], end: date | None, *, followed: bool) -> date | None:
    """The end of the tenancy that holds all of `touching` and lasts to `end` at least."""
    last = touching[-1].period.upper if touching else date.min
    if last is None or (end is not None and last >= end):
        return last
    return end if followed else None


def _days_between(
    lower: date, upper: date | None, touching: Sequence[Tenancy]
) -> Iterator[tuple[date, date | None]]:
    """The parts of [lower, upper) that are in none of `touching`."""
    cursor: date | None = lower
    for one in touching:
        if cursor is not None and cursor < one.period.lower:
            yield cursor, one.period.lower
        cursor = one.period.upper
    if cursor is not None and cursor != upper:
        yield cursor, upper


def end_tenancy(*, enterprise: Enterprise, last_day: date, acting_user: User) -> None:
    """End the running tenancy on `last_day`. Whether seats are held longer, the caller checks.

    Raises `NotATenant`, `Invalid` where `last_day` comes before its first, `MonthClosed` or `Busy`.
    """
    if last_day > LAST_DAY:
        raise Invalid({"last_day": _("Days from 1990-01-01 to 9998-12-31 can be used.")})
    with park_locked(acting_user, shared=True):
        tenancy = (
            Tenancy.objects.select_for_update()
            .filter(enterprise=enterprise, period__upper_inf=True)
            .first()
        )
        if tenancy is None:
            raise NotATenant(_("This enterprise has no running tenancy."))
        if last_day < tenancy.period.lower:
            raise Invalid({"last_day": _("The last day must not come before the first.")})
        end = last_day + timedelta(days=1)
        refuse_closed_months(end, None)
        tenancy.period = (tenancy.period.lower, end)
        tenancy.save(update_fields=["period"])

"""When enterprises are of the park."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from park.axis import LAST_DAY
from park.lock import park_locked
from park.services import first_open_day, refuse_closed_months
from tenants.models import Enterprise, Tenancy
from web.refusals import Invalid, Refusal


class NotATenant(Refusal):
    """The enterprise has no tenancy that could end."""

    code = "not_a_tenant"
    title = gettext_lazy("Not a tenant")


class Beginning(NamedTuple):
    """Days on which an enterprise is to be a tenant, half-open."""

    enterprise: Enterprise
    first_day: date
    end: date | None = None
    source: str = ""
    sample_fields: Sequence[str] = ()


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
    begin_tenancies([Beginning(enterprise, first_day, end, source, sample_fields)])


def begin_tenancies(beginnings: Sequence[Beginning]) -> None:
    """The same for many, one after the other; many cost few statements more than one."""
    known: dict[int, list[Tenancy]] = {one.enterprise.pk: [] for one in beginnings}
    for row in Tenancy.objects.filter(enterprise__in=known).order_by("period"):
        known[row.enterprise_id].append(row)
    before = {row.pk: row.period for rows in known.values() for row in rows}
    gained = [days for one in beginnings for days in _begin(known[one.enterprise.pk], one)]
    _refuse_closed(gained)
    stay = [row for rows in known.values() for row in rows]
    Tenancy.objects.filter(pk__in=before.keys() - {row.pk for row in stay}).delete()
    for row in stay:
        if row.pk in before and row.period != before[row.pk]:
            row.save(update_fields=["period"])
    Tenancy.objects.bulk_create(row for row in stay if row.pk is None)


def _begin(known: list[Tenancy], one: Beginning) -> list[tuple[date, date | None]]:
    """Change the tenancies of an enterprise, which come in order; give the days that are new."""
    first_day, end = one.first_day, one.end
    touching = [row for row in known if _touch(row.period, first_day, end)]
    followed = any(row not in touching and row.period.lower > first_day for row in known)
    lower = min([first_day, *(row.period.lower for row in touching[:1])])
    upper = _end_of_stay(touching, end, followed=followed)
    gained = list(_days_between(lower, upper, touching))
    stay, *merged = touching or [
        Tenancy(enterprise=one.enterprise, source=one.source, sample_fields=list(one.sample_fields))
    ]
    stay.period = DateRange(lower, upper)
    known[:] = sorted(
        [stay, *(row for row in known if row is not stay and row not in merged)],
        key=lambda row: row.period.lower,
    )
    return gained


def _refuse_closed(days: Sequence[tuple[date, date | None]]) -> None:
    """Refuse days of closed months; one query where no month from the first day on is closed."""
    first = min((start for start, _stop in days), default=None)
    if first is None or (len(days) > 1 and first_open_day(first) == first):
        return
    for start, stop in set(days):
        refuse_closed_months(start, stop)


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


# First day, day after the last, source and sample values of a tenancy, fit for JSON
Stay = tuple[str, str | None, str, list[str]]


def stays_of(enterprises: Iterable[int]) -> dict[int, list[Stay]]:
    """The tenancies of enterprises as they are, to be restored one day."""
    found: dict[int, list[Stay]] = {}
    for row in Tenancy.objects.filter(enterprise__in=list(enterprises)).order_by("period"):
        found.setdefault(row.enterprise_id, []).append(_stay(row))
    return found


def restore_stays(*, enterprise_id: int, stays: Iterable[Stay]) -> None:
    """Let an enterprise's tenancies be what they were; in a recorded transaction.

    Raises `MonthClosed` where somebody was or was not a tenant of a closed month by it.
    """
    wanted = [
        Tenancy(
            enterprise_id=enterprise_id,
            period=DateRange(_day(first_day), _day(end)),
            source=source,
            sample_fields=sample_fields,
        )
        for first_day, end, source, sample_fields in stays
    ]
    known = list(Tenancy.objects.filter(enterprise=enterprise_id).order_by("period"))
    for some, others in ((known, wanted), (wanted, known)):
        for one in some:
            for start, stop in _outside(one.period, [other.period for other in others]):
                refuse_closed_months(start, stop)
    stay = [_stay(row) for row in wanted]
    there = [_stay(row) for row in known]
    for row in known:
        if _stay(row) not in stay:
            row.delete()
    for row in wanted:
        if _stay(row) not in there:
            row.save()


def _stay(row: Tenancy) -> Stay:
    end = row.period.upper.isoformat() if row.period.upper else None
    return row.period.lower.isoformat(), end, row.source, row.sample_fields


def _outside(period: Any, others: Iterable[Any]) -> Iterator[tuple[date, date | None]]:
    """The parts of a period that lie in none of the others, which come in order."""
    cursor, end = period.lower, period.upper or date.max
    for other in others:
        if cursor < min(other.lower, end):
            yield cursor, min(other.lower, end)
        cursor = max(cursor, other.upper or date.max)
    if cursor < end:
        yield cursor, period.upper


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


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

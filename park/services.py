"""Writes to the place (all but floors: seats/services/floors.py) and to its months."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.context import recorded
from foundation.models import Setting
from foundation.months import add_months, format_month, month_of, months_between, next_month
from foundation.services.settings import setting
from park.lock import park_locked
from park.models import Building, Floor, Park, Phase, ReferenceFigure, ReportingMonth, Zone
from web import formats
from web.refusals import Invalid, NotFound, Refusal


class MonthClosed(Refusal):
    """The change would alter the figures of a closed month."""

    status = 409
    code = "month_closed"
    title = gettext_lazy("Month closed")


class MonthNotOver(Refusal):
    """A month that is not over cannot be closed."""

    code = "month_not_over"
    title = gettext_lazy("Month not over")


def refuse_closed_months(start: date, end: date | None, *, field: str | None = None) -> None:
    """Raise `MonthClosed` (at `field`) if [start, end) shares a day with a closed month."""
    closed = ReportingMonth.objects.closed_within(start, end).order_by("month").first()
    if closed is not None:
        raise MonthClosed(
            _("%(month)s is closed. Reopen it to correct it.")
            % {"month": formats.month(closed.month)},
            field=field,
            extra={"month": format_month(closed.month)},
        )


def first_open_day(day: date) -> date:
    """`day`, or the day after the last closed month if that is later."""
    last = ReportingMonth.objects.closed().aggregate(last=Max("month"))["last"]
    return day if last is None else max(day, next_month(last))


def close_month(*, month: date, now: datetime, today: date, acting_user: User | None) -> None:
    """Close `month`: from now on its figures stay. Closing it twice changes nothing."""
    if next_month(month) > today:
        raise MonthNotOver(
            _("%(month)s is not over yet.") % {"month": formats.month(month)},
            field="month",
        )
    with park_locked(acting_user):
        _refuse_before_the_park(month)
        row, is_new = ReportingMonth.objects.get_or_create(
            month=month, defaults={"closed_at": now, "changed_by": acting_user}
        )
        if not is_new and not row.is_closed:
            row.is_closed, row.closed_at, row.changed_by = True, now, acting_user
            row.save(update_fields=["is_closed", "closed_at", "changed_by"])


def _refuse_before_the_park(month: date) -> None:
    first = Floor.objects.aggregate(first=Min("delivered_on"))["first"]
    if first is not None and next_month(month) <= first:
        raise Invalid({"month": _("The park had no seats yet in this month.")})


def reopen_month(*, month: date, reason: str, now: datetime, acting_user: User) -> None:
    """Reopen a closed month, saying why. Reports issued for it then show "to be restated".

    Raises `Invalid`, `NotFound` or `Busy`.
    """
    if not reason.strip():
        raise Invalid({"reason": _("Say why the month is reopened.")})
    with park_locked(acting_user):
        row = ReportingMonth.objects.filter(month=month).first()
        if row is None:
            raise NotFound(_("%(month)s was never closed.") % {"month": formats.month(month)})
        if row.is_closed:
            row.is_closed, row.reopened_at = False, now
            row.reason, row.changed_by = reason.strip(), acting_user
            row.save(update_fields=["is_closed", "reopened_at", "reason", "changed_by"])


def months_to_close(today: date) -> list[date]:
    """The months whose closing day is over and that nobody has closed or reopened yet.

    From the first month that was ever closed on; in a park that never closed one, last month only.
    """
    last_month = add_months(month_of(today), -1)
    is_due = today.day > setting(Setting.Name.CLOSE_DAY)
    last_due = last_month if is_due else add_months(last_month, -1)
    known = set(ReportingMonth.objects.values_list("month", flat=True))
    first = min(known, default=last_month)
    return [month for month in months_between(first, last_due) if month not in known]


def create_park(*, acting_user: User | None, **fields: object) -> Park:
    """Create a park. Fields: name, other_names, operator, region_code, source, sample_fields."""
    with recorded(acting_user):
        return Park.objects.create(**fields)


def create_zone(*, acting_user: User | None, **fields: object) -> Zone:
    """Create a zone. Fields: park, code, name, description, leased_in, source, sample_fields."""
    with recorded(acting_user):
        return Zone.objects.create(**fields)


def create_phase(*, acting_user: User | None, **fields: object) -> Phase:
    """Create a phase. Fields: zone, number, planned_workers, planned_on, source, sample_fields."""
    with recorded(acting_user):
        return Phase.objects.create(**fields)


def create_buildings(*, buildings: Iterable[Building], acting_user: User | None) -> list[Building]:
    """Create buildings, all or none."""
    with recorded(acting_user):
        return Building.objects.bulk_create(buildings)


def quote_figures(*, figures: Iterable[ReferenceFigure], acting_user: User) -> None:
    """Keep figures quoted from sources, with scope, day and words; a code known is renewed."""
    with recorded(acting_user):
        ReferenceFigure.objects.bulk_create(
            figures,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[
                field.name
                for field in ReferenceFigure._meta.concrete_fields
                if field.name not in {"id", "code"}
            ],
        )

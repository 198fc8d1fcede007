"""Writes to the place (all but floors: seats/services/floors.py) and to its months."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Exists, Max, Min, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from audit.context import recorded
from foundation.months import add_months, format_month, month_of, months_between, next_month
from foundation.versions import locked
from park import layouts
from park.lock import park_locked
from park.models import (
    Building,
    Floor,
    FloorLayout,
    Park,
    Phase,
    ReferenceFigure,
    ReportingMonth,
    Zone,
)
from park.month_days import MonthCalendar
from web import formats
from web.refusals import Invalid, NotFound, Refusal, Stale


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
            _("%(month)s is closed. To correct it, the park reopens it first.")
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
    known = set(ReportingMonth.objects.values_list("month", flat=True))
    days = MonthCalendar.load()
    return [
        month
        for month in months_between(min(known, default=last_month), last_month)
        if month not in known and days.of(month).closes_on < today
    ]


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


def plan_phases_of(floors: Iterable[Floor], planned_on: date | None) -> None:
    """Let phases all of whose floors are among `floors` open on `planned_on`.

    Call it in the transaction that moves the floors.
    """
    moved = [floor.pk for floor in floors]
    others = Floor.objects.exclude(pk__in=moved).filter(building__phase=OuterRef("pk"))
    whole = Phase.objects.filter(buildings__floors__in=moved).exclude(Exists(others))
    Phase.objects.filter(pk__in=whole.values("pk")).update(planned_on=planned_on)


def create_buildings(*, buildings: Iterable[Building], acting_user: User | None) -> list[Building]:
    """Create buildings, all or none."""
    with recorded(acting_user):
        return Building.objects.bulk_create(buildings)


def save_layout(
    *,
    floor_id: int,
    cells: str,
    acting_user: User | None,
    expected_version: int | None = None,
    sample_fields: Sequence[str] = (),
    **drawn: str,
) -> FloorLayout:
    """Keep how a floor's seats lie; without `cells` it is the default again.

    `drawn`: numbering, and what is written along top, bottom, left and right. `expected_version`
    is 0 where there was no layout. Seats stay what they are: their numbers move on the map only.
    Raises `Invalid` where not every seat has one cell, or `Stale`.
    """
    with recorded(acting_user):
        floor = locked(Floor.objects, floor_id)
        rows = checked_rows(cells, floor) if cells.strip() else ()
        known = FloorLayout.objects.filter(floor=floor).first()
        version = known.version if known else 0
        if expected_version is not None and expected_version != version:
            raise Stale
        layout = FloorLayout(
            pk=known.pk if known else None,
            floor=floor,
            cells=layouts.written(rows),
            seat_count=layouts.count_seats(rows),
            version=version + 1,
            sample_fields=list(sample_fields),
            **drawn,
        )
        layout.save()
    return layout


def checked_rows(cells: str, floor: Floor) -> layouts.Rows:
    """The rows of a layout as somebody wrote it, with one cell for each seat of `floor`.

    Raises `Invalid` at `cells`, saying where it is wrong or how many seats are too many or missing.
    """
    try:
        rows = layouts.read(cells)
    except layouts.WrongSign as wrong:
        raise _no_layout(
            _(
                "Line %(line)s, column %(column)s: “%(sign)s” is no cell. "
                "Write S for a seat, . for an aisle, # for a blocked cell."
            )
            % {"line": wrong.line, "column": wrong.column, "sign": wrong.sign}
        ) from None
    except layouts.TooLarge as large:
        raise _no_layout(
            _(
                "A layout has at most 200 rows of 200 cells; this one has %(rows)s rows of up to "
                "%(columns)s cells."
            )
            % {"rows": formats.number(large.rows), "columns": formats.number(large.columns)}
        ) from None
    _check_seats(layouts.count_seats(rows), floor)
    return rows


def _check_seats(drawn: int, floor: Floor) -> None:
    difference = drawn - floor.seat_count
    words = {
        "floor": floor.label,
        "seats": formats.number(floor.seat_count),
        "drawn": formats.number(drawn),
        "count": formats.number(abs(difference)),
    }
    if difference > 0:
        sentence = ngettext(
            "%(floor)s has %(seats)s seats, %(drawn)s are drawn: %(count)s too many. "
            "Make it an aisle or a blocked cell.",
            "%(floor)s has %(seats)s seats, %(drawn)s are drawn: %(count)s too many. "
            "Make them aisles or blocked cells.",
            difference,
        )
        raise _no_layout(sentence % words)
    if difference < 0:
        sentence = ngettext(
            "%(floor)s has %(seats)s seats, %(drawn)s are drawn: %(count)s is missing. "
            "Every seat needs a cell.",
            "%(floor)s has %(seats)s seats, %(drawn)s are drawn: %(count)s are missing. "
            "Every seat needs a cell.",
            -difference,
        )
        raise _no_layout(sentence % words)


def _no_layout(message: str) -> Invalid:
    return Invalid({"cells": message})


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

"""Occupancy and free runs as the API answers them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from foundation.months import days_in, format_month
from park.serializers import DayField, MonthField
from seats.free_runs import FreeRun
from seats.occupancy import Grouping, Occupancy
from seats.occupancy import Row as OccupancyRow
from seats.rectangles import last_included
from seats.serializers.place import ZonesField, iso_day
from web.serializers import Query

Key = int | str | None


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}], "nullable": True})
class KeyField(serializers.Field):
    """What a line is about: a number, a text, or nothing."""


class OccupancyQuery(Query):
    on = DayField(required=False, help_text="A day, whenever. Without `on` and `month`: today.")
    month = MonthField(required=False, help_text="A whole month, instead of a day.")
    by = serializers.ChoiceField(Grouping.choices, default=Grouping.PARK)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "on" in attrs and "month" in attrs:
            raise serializers.ValidationError(
                {"month": _("Ask for a day (on) or for a month, not for both.")}
            )
        return attrs


class CountsShape(serializers.Serializer):
    """Seats, or seat-days, by what they are: seats = firm + held + closed + free."""

    seats = serializers.IntegerField(help_text="That exist.")
    firm = serializers.IntegerField(help_text="已签约: contracted.")
    held = serializers.IntegerField(help_text="预留: reserved.")
    closed = serializers.IntegerField(help_text="停用: not usable.")
    free = serializers.IntegerField(help_text="空闲.")


class AverageShape(serializers.Serializer):
    """Seat-days ÷ days of the month."""

    seats = serializers.FloatField()
    firm = serializers.FloatField()
    held = serializers.FloatField()
    closed = serializers.FloatField()
    free = serializers.FloatField()


class _LineShape(serializers.Serializer):
    key = KeyField(
        help_text="By enterprise and by park its id, by zone its code, else a label; null in the "
        "total and for the seats that no enterprise has."
    )
    name = serializers.CharField()


class DayLineShape(_LineShape, CountsShape):
    """A line of a day's answer."""

    rate = serializers.FloatField(
        allow_null=True,
        help_text="席位签约率: firm ÷ (seats − closed); null where nothing is available.",
    )


class MonthLineShape(_LineShape):
    """A line of a month's answer."""

    seat_days = CountsShape()
    daily_average = AverageShape()
    last_day = CountsShape()


class DayShape(serializers.Serializer):
    """Occupancy at the end of a day. The rows add up to the total."""

    on = serializers.DateField()
    by = serializers.ChoiceField(Grouping.choices)
    rows = DayLineShape(many=True)
    total = DayLineShape()


class MonthShape(serializers.Serializer):
    """Occupancy of a month. The rows add up to the total."""

    month = serializers.CharField()
    by = serializers.ChoiceField(Grouping.choices)
    rows = MonthLineShape(many=True)
    total = MonthLineShape()


OCCUPANCY_SHAPE = PolymorphicProxySerializer(
    component_name="Occupancy",
    serializers=[DayShape, MonthShape],
    resource_type_field_name=None,
)


class FreeRunsQuery(Query):
    start = DayField(required=False, help_text="First day. Without it: today.")
    end = DayField(required=False, help_text="Last day. Without it: until further notice.")
    min_seats = serializers.IntegerField(default=1, min_value=1, max_value=2**31 - 1)
    zone = ZonesField(required=False, help_text="Codes of zones.")
    delivered = serializers.BooleanField(
        required=False, help_text="Only floors handed over, or only others."
    )


class FreeRunShape(serializers.Serializer):
    """Seats of one floor side by side, free on every day asked for, with nothing free beside."""

    floor = serializers.IntegerField(help_text="The floor's id.")
    label = serializers.CharField(help_text="The floor's label.")  # type: ignore[assignment]
    first_seat = serializers.IntegerField()
    last_seat = serializers.IntegerField()
    length = serializers.IntegerField()
    delivered = serializers.BooleanField()


class FreeRunsShape(serializers.Serializer):
    """All the runs, longest first, then by number."""

    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    rows = FreeRunShape(many=True)


def day_answer(
    day: date, by: str, rows: Iterable[OccupancyRow], total: Occupancy
) -> dict[str, Any]:
    """Occupancy at the end of a day."""
    return {
        "on": iso_day(day),
        "by": by,
        "rows": [_day_row(row.key, row.name, row.occupancy) for row in rows],
        "total": _day_row(None, _("Total"), total),
    }


def _day_row(key: Key, name: str, occupancy: Occupancy) -> dict[str, Any]:
    return {"key": key, "name": name, **_counts(occupancy), "rate": occupancy.rate}


def _counts(occupancy: Occupancy) -> dict[str, int]:
    return {
        "seats": occupancy.seats,
        "firm": occupancy.firm,
        "held": occupancy.held,
        "closed": occupancy.closed,
        "free": occupancy.free,
    }


def month_answer(
    month: date,
    by: str,
    seat_days: tuple[Iterable[OccupancyRow], Occupancy],
    last_day: tuple[Iterable[OccupancyRow], Occupancy],
) -> dict[str, Any]:
    """Occupancy of a month: its seat-days, their daily average, and its last day."""
    days = days_in(month)
    rows, total = seat_days
    at_the_end = {row.key: row.occupancy for row in last_day[0]}
    return {
        "month": format_month(month),
        "by": by,
        "rows": [
            _month_row(row.key, row.name, row.occupancy, at_the_end.get(row.key, Occupancy()), days)
            for row in rows
        ],
        "total": _month_row(None, _("Total"), total, last_day[1], days),
    }


def _month_row(
    key: Key, name: str, seat_days: Occupancy, last_day: Occupancy, days: int
) -> dict[str, Any]:
    counts = _counts(seat_days)
    return {
        "key": key,
        "name": name,
        "seat_days": counts,
        "daily_average": {kind: count / days for kind, count in counts.items()},
        "last_day": _counts(last_day),
    }


def free_runs_answer(start: date, end: date | None, runs: Iterable[FreeRun]) -> dict[str, Any]:
    """Free runs over [start, end), said with the last day included."""
    return {
        "start": iso_day(start),
        "end": iso_day(last_included(end)),
        "rows": [
            {
                "floor": run.floor_id,
                "label": run.floor_label,
                "first_seat": run.seats.lower,
                "last_seat": run.seats.upper - 1,
                "length": run.seats.length,
                "delivered": run.is_delivered,
            }
            for run in runs
        ],
    }

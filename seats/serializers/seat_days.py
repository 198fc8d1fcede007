"""Seat-days over months as the API answers them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from foundation.months import format_month, months_between
from park.serializers import MonthField
from seats.seat_days import SeatDays
from web.serializers import Query

MOST_MONTHS = 240


class SeatDaysQuery(Query):
    first = MonthField(help_text="The first month.")
    last = MonthField(help_text="The last month, included; 240 months at most.")
    enterprise = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="Only this enterprise's."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["last"] < attrs["first"]:
            raise serializers.ValidationError(
                {"last": _("The last month must not come before the first.")}
            )
        if len(list(months_between(attrs["first"], attrs["last"]))) > MOST_MONTHS:
            raise serializers.ValidationError({"last": _("Ask for 240 months at most.")})
        return attrs


class SeatDaysRowShape(serializers.Serializer):
    """One enterprise: seats × days of each month, in the order of `months`."""

    key = serializers.IntegerField(help_text="The enterprise's id.")
    name = serializers.CharField(help_text="Its short name.")
    firm = serializers.ListField(child=serializers.IntegerField(), help_text="已签约.")
    held = serializers.ListField(child=serializers.IntegerField(), help_text="预留.")


class SeatDaysShape(serializers.Serializer):
    """Seat-days by enterprise and month; who had no seats in these months is left out."""

    months = serializers.ListField(child=serializers.CharField())
    rows = SeatDaysRowShape(many=True)


def answer(
    first: date, last: date, rows: Iterable[SeatDays], names: Sequence[tuple[int, str]]
) -> dict[str, Any]:
    """In the order of `names`: (id, short name) of the enterprises that may be named."""
    by_enterprise = {row.enterprise_id: row for row in rows}
    return {
        "months": [format_month(month) for month in months_between(first, last)],
        "rows": [
            {
                "key": key,
                "name": name,
                "firm": by_enterprise[key].firm,
                "held": by_enterprise[key].held,
            }
            for key, name in names
            if key in by_enterprise
        ],
    }

"""Days and months as the API takes them: `2024-02-22`, `2024-02`."""

import re
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.months import format_month, parse_month
from park.axis import FIRST_DAY, LAST_DAY

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*", re.ASCII | re.DOTALL)
_OUT_OF_RANGE = _("Days from 1990-01-01 to 9998-12-31 can be used.")


class DayField(serializers.DateField):
    """A day, in one spelling only."""

    default_error_messages = {
        "invalid": _("Write a day as YYYY-MM-DD."),
        "out_of_range": _OUT_OF_RANGE,
    }

    def to_internal_value(self, value: Any) -> date:
        if not (isinstance(value, str) and _DAY.fullmatch(value)):
            self.fail("invalid")
        day = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            self.fail("out_of_range")
        return day


@extend_schema_field({"type": "string", "pattern": r"^\d{4}-\d{2}$", "example": "2024-02"})
class MonthField(serializers.CharField):
    """A month; inside, the date of its first day."""

    default_error_messages = {
        "invalid": _("Write a month as YYYY-MM, from 1990-01 to 9998-12."),
    }

    def to_internal_value(self, data: Any) -> Any:
        month = parse_month(data) if isinstance(data, str) and data.isascii() else None
        if month is None or month > LAST_DAY:
            self.fail("invalid")
        return month

    def to_representation(self, value: Any) -> str:
        return format_month(value)


class InstantField(serializers.DateTimeField):
    """A point in time, with its offset; without one it is meant in the park's time."""

    default_error_messages = {
        "invalid": _("Write a point in time as YYYY-MM-DDThh:mm:ss+08:00."),
        "out_of_range": _OUT_OF_RANGE,
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not (isinstance(value, str) and _INSTANT.fullmatch(value)):
            self.fail("invalid")
        if not FIRST_DAY.year <= int(value[:4]) < LAST_DAY.year:
            self.fail("out_of_range")
        return super().to_internal_value(value)

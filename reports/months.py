"""A month in an address: 2024-01."""

from __future__ import annotations

from datetime import date

from django.urls import register_converter

from foundation.months import format_month, parse_month
from park.axis import FIRST_DAY


class MonthConverter:
    """Takes what is a month from January 1990 on, and nothing else."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        month = parse_month(value)
        if month is None or month < FIRST_DAY:
            raise ValueError(value)
        return month

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else format_month(value)


MONTH = "report_month"  # what the converter is called in addresses
register_converter(MonthConverter, MONTH)

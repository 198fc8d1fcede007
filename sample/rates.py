"""Rates of exchange for the sample's months. Invented, and marked so: nobody's rates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from accounts.models import User
from foundation.months import add_months, months_between
from returns.services import set_rates
from sample import files
from sample.chance import chance


def sample_rates(month: date) -> Mapping[str, Decimal]:
    """元 for one unit of each currency in `month`."""
    return {
        currency: Decimal(f"{_drifted(currency, month) * usual:.{places}f}")
        for currency, (usual, places) in _invented()["usual"].items()
    }


def set_sample_rates(first_month: date, until: date, acting_user: User) -> None:
    """Say the rates of every month from the first to the one of `until`."""
    for month in months_between(first_month, until):
        set_rates(
            month=month,
            rates=sample_rates(month),
            source=_invented()["source"],
            sample_fields=["*"],
            acting_user=acting_user,
        )


@cache
def _invented() -> Mapping[str, Any]:
    return files.read("returns.yaml")["rates"]


@cache
def _drifted(currency: str, month: date) -> float:
    """A little up and down, and never a jump."""
    near = [add_months(month, count) for count in range(-2, 3)]
    return sum(chance("rate", currency, one).uniform(0.95, 1.05) for one in near) / len(near)

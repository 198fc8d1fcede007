"""What becomes of a target at the pace of the last twelve months: a line drawn on, no promise."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from foundation.months import add_months

FURTHEST = 600  # months: who would believe a line that is drawn on for longer


class Forecast(NamedTuple):
    """Either when the target is reached, or how much there is at the end of its year."""

    month: date
    amount: Decimal | None  # in the unit that is kept; None: what is to be reached is reached then


def forecast(
    *, actual: Decimal, before: Decimal, wanted: Decimal, month: date, year: int | None
) -> Forecast | None:
    """Each month to come adds a twelfth of what the last twelve added, `actual` − `before`.

    With a year: how much there is at its end. Without: the first month in which it is `wanted`;
    None where it is reached, is over, or is not to be expected in `FURTHEST` months.
    """
    if actual >= wanted:
        return None
    added = actual - before
    if year is not None:
        ahead = (year - month.year) * 12 + 12 - month.month
        amount = max(actual + added * ahead / 12, Decimal(0))
        return Forecast(date(year, 12, 1), amount) if ahead > 0 else None
    if added <= 0:
        return None
    ahead = int(((wanted - actual) * 12 / added).to_integral_value(ROUND_CEILING))
    return Forecast(add_months(month, ahead), None) if ahead <= FURTHEST else None

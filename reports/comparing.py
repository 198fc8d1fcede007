"""How a figure differs from that of another period. Unknown where one of them is unknown."""

from __future__ import annotations

from decimal import Decimal

from reports.units import Number, Unit, rounded


def change(now: Number | None, before: Number | None) -> Number | None:
    """The difference; of rates, as they are printed, in percentage points."""
    return None if now is None or before is None else now - before


def growth(now: Number | None, before: Number | None) -> Decimal | None:
    """The difference in percent of what was before; unknown where that is 0, too."""
    if now is None or not before:
        return None
    return rounded(Decimal(now - before) * 100 / Decimal(before), Unit.PERCENT.places)

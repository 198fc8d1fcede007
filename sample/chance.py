"""Numbers that look like chance and are the same on every load."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

HUNDRED = 100  # 元: amounts are typed in 万元 to two decimals


def chance(*words: object) -> Random:
    """Numbers that look like chance and are the same for the same words on every load."""
    return Random(" ".join(map(str, words)))  # noqa: S311 - nothing secret hangs on it


def apportioned(total: int, shares: Sequence[float]) -> list[int]:
    """`total` in whole parts by `shares`; what rounding leaves goes to the largest fractions."""
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    parts = [int(value) for value in exact]
    by_fraction = sorted(range(len(parts)), key=lambda i: exact[i] - parts[i], reverse=True)
    for position in by_fraction[: total - sum(parts)]:
        parts[position] += 1
    return parts


def hundreds(amount: float | Decimal) -> Decimal:
    """An amount as people type it: in 万元 to two decimals."""
    return Decimal(round(float(amount) / HUNDRED)) * HUNDRED

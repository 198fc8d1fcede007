"""Figures that follow from others: they are filled in until somebody types something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Values = Mapping[str, Any]


def closing(values: Values) -> int | None:
    """The staff at the end: who was there, who came, who went."""
    return _unless_negative(_given(values, "opening", "joined", "left"), (1, 1, -1))


def onshore(values: Values) -> Any:
    """What was executed and is not offshore."""
    return _unless_negative(_given(values, "executed_value", "offshore_executed_value"), (1, -1))


FOLLOWING: Mapping[str, Callable[[Values], Any]] = {
    "headcount": closing,
    "onshore_executed_value": onshore,
}


def _given(values: Values, *names: str) -> list[Any]:
    return [values.get(name) for name in names]


def _unless_negative(parts: list[Any], signs: tuple[int, ...]) -> Any:
    if None in parts:
        return None
    amount = sum(part * sign for part, sign in zip(parts, signs, strict=True))
    return amount if amount >= 0 else None

"""What the sample's enterprises say where a figure catches the eye."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from returns.checks import change_of, note_key

COMPARED = ("revenue", "executed_value", "headcount")


def notes_on(
    texts: Mapping[str, str], figures: Mapping[str, Any], last: Mapping[str, Any], seats: int
) -> dict[str, str]:
    """A sentence for each figure that changed much, and for seats that were given back."""
    notes = dict(_on_changes(texts, figures, last))
    if figures["peak_seats"] > seats:
        notes[note_key("V8", "peak_seats")] = texts["leaving"]
    return notes


def _on_changes(
    texts: Mapping[str, str], figures: Mapping[str, Any], last: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for name in COMPARED:
        change = change_of(figures.get(name), last.get(name))
        if change is not None and change.is_big:
            yield note_key("V6", name), texts[_why(figures, change.ratio)]


def _why(figures: Mapping[str, Any], ratio: Decimal) -> str:
    if figures.get("is_nil"):
        return "nothing"
    if not figures["headcount"]:
        return "leaving"
    return "more" if ratio > 0 else "less"

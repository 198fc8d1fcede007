"""The kinds of seats on a page: their order, their words, their widths in a bar."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.rfc9457 import Text

# Always in this order, in bars and legends.
WORDS: dict[str, Text] = {
    "firm": pgettext_lazy("seats", "Contracted"),
    "hold": pgettext_lazy("seats", "Held"),
    "closed": pgettext_lazy("seats", "Closed"),
    "free": pgettext_lazy("seats", "Vacant"),
    "void": _("No such seat"),
    "pick": pgettext_lazy("seats", "Selected"),
}
WIDTH = 264.0
THINNEST = 3.0  # what exists is seen, however little it is


@dataclass(frozen=True)
class Piece:
    kind: str
    word: Text
    count: int
    x: float
    width: float


def bar(counts: Mapping[str, int]) -> list[Piece]:
    """Give the pieces of a bar 264 wide, in their order."""
    there = {kind: counts.get(kind, 0) for kind in WORDS if counts.get(kind, 0) > 0}
    total = sum(there.values())
    widths = {kind: max(THINNEST, WIDTH * count / total) for kind, count in there.items()}
    stretch = WIDTH / sum(widths.values()) if widths else 1.0
    pieces, x = [], 0.0
    for kind, width in widths.items():
        drawn = width * stretch
        pieces.append(Piece(kind, WORDS[kind], there[kind], round(x, 1), round(drawn, 1)))
        x += drawn
    return pieces


def legend(counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the kinds named in ``counts`` in their order; True means without a number."""
    return [
        {"kind": kind, "word": word, "count": None if counts[kind] is True else counts[kind]}
        for kind, word in WORDS.items()
        if kind in counts
    ]

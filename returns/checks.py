"""Checks that ask without blocking: figures that may be true and often are a slip.

What must not be submitted at all is refused in `services.check_complete`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from returns.past import Past
from web.formats import number, percent, signed, wan

Figures = Mapping[str, Decimal | int | None]

WAN = 10_000
UNIT_GUARD = 50  # times one's own median of six months
BIG_CHANGE = Decimal("0.30")  # of last month


class Notice(NamedTuple):
    """A question beside a figure. `instead`: what dividing by 10,000 would make of it."""

    field: str
    title: str
    text: str
    instead: Decimal | None = None


def notices(figures: Figures, past: Past) -> list[Notice]:
    """What the figures of a month ask, in the order of the form."""
    return [*_unit_guard(figures, past), *_balance(figures, past), *_jump(figures, past)]


def in_ten_thousands(revenue: Decimal) -> Decimal:
    """What was meant where yuan were typed into a field of 10,000 yuan."""
    return (revenue / WAN).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Change(NamedTuple):
    """By how much a figure differs from the last month's."""

    ratio: Decimal

    @property
    def is_big(self) -> bool:
        """Whether it catches the eye."""
        return abs(self.ratio) > BIG_CHANGE


def change_of(value: Decimal | int | None, before: Decimal | int | None) -> Change | None:
    """The relative change; None where there is nothing to compare with."""
    if value is None or not before:
        return None
    return Change(Decimal(value) / Decimal(before) - 1)


def _unit_guard(figures: Figures, past: Past) -> Iterator[Notice]:
    revenue, usual = figures.get("revenue"), past.usual_revenue
    if revenue is None or usual is None or revenue <= UNIT_GUARD * usual:
        return
    text = _(
        "This field is in 10,000 yuan. It is %(times)s times the median of the last six months "
        "(%(usual)s)."
    ) % {"times": number(revenue / usual, 0), "usual": wan(usual)}
    yield Notice("revenue", _("Did you type yuan?"), text, in_ten_thousands(Decimal(revenue)))


def _balance(figures: Figures, past: Past) -> Iterator[Notice]:
    opening = past.opening
    joined, left, closing = (figures.get(name) for name in ("joined", "left", "headcount"))
    if opening is None or joined is None or left is None or closing is None:
        return
    should = opening + joined - left
    if should != closing:
        said = {
            "opening": number(opening),
            "joined": number(joined),
            "left": number(left),
            "should": number(should),
            "closing": number(closing),
        }
        title = _("%(opening)s + %(joined)s − %(left)s = %(should)s, not %(closing)s.") % said
        yield Notice("headcount", title, _("Please check the four figures; you can still submit."))


def _jump(figures: Figures, past: Past) -> Iterator[Notice]:
    opening = past.opening
    closing = figures.get("headcount")
    change = change_of(closing, opening)
    if change is None or opening is None or closing is None or not change.is_big:
        return
    said = {"percent": percent(abs(change.ratio)), "people": signed(closing - opening)}
    title = (
        _("%(percent)s more than last month (%(people)s).")
        if change.ratio > 0
        else _("%(percent)s fewer than last month (%(people)s).")
    ) % said
    yield Notice("headcount", title, _("More than 30 percent is unusual; you can still submit."))

"""What catches the eye in a return that was filed: beside the month before, the year before, the
seats, and against itself. Each says in words what it is, and from where on it is said."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from returns.checks import change_of
from web.formats import number, percent, signed_percent

YEAR_LIMIT = Decimal("0.50")  # of the same month a year before
MOST_ON_SEATS = Decimal("1.20")  # people to a contracted seat; shifts share seats
LEAST_ON_SEATS = Decimal("0.50")


class Known(NamedTuple):
    """The two figures of a month that others are compared with."""

    revenue: Decimal
    headcount: int


class Filed(NamedTuple):
    """What was filed for a month, and what it stands beside."""

    revenue: Decimal
    headcount: int
    joined: int | None
    left: int | None
    month_before: Known | None
    year_before: Known | None
    seats: int


class Difference(NamedTuple):
    """Something to look at. `weight`: how many times the limit it is, to sort by."""

    text: str
    limit: str
    weight: Decimal


def differences(filed: Filed, month_limit: Decimal) -> list[Difference]:
    """What catches the eye, the heaviest first. `month_limit`: the setting of check V6."""
    found = [
        *_changes(filed, filed.month_before, month_limit, _month_words()),
        *_changes(filed, filed.year_before, YEAR_LIMIT, _year_words()),
        *_on_seats(filed),
        *_balance(filed),
    ]
    return sorted(found, key=lambda one: -one.weight)


def limits(month_limit: Decimal) -> list[str]:
    """From where on each is said, for the foot of a list."""
    return [
        _("on last month beyond ±%(limit)s") % {"limit": percent(month_limit, 0)},
        _("on last year beyond ±%(limit)s") % {"limit": percent(YEAR_LIMIT, 0)},
        _("staff to contracted seats below %(least)s or above %(most)s")
        % {"least": percent(LEAST_ON_SEATS, 0), "most": percent(MOST_ON_SEATS, 0)},
        _("opening + joined − left other than closing"),
    ]


def _month_words() -> dict[str, str]:
    return {
        "revenue": _("revenue %(change)s on last month"),
        "headcount": _("staff %(change)s on last month"),
    }


def _year_words() -> dict[str, str]:
    return {
        "revenue": _("revenue %(change)s on last year"),
        "headcount": _("staff %(change)s on last year"),
    }


def _changes(
    filed: Filed, base: Known | None, limit: Decimal, words: dict[str, str]
) -> Iterator[Difference]:
    if base is None:
        return
    for name, sentence in words.items():
        change = change_of(getattr(filed, name), getattr(base, name), limit)
        if change is not None and change.is_big:
            yield Difference(
                sentence % {"change": signed_percent(change.ratio)},
                _("beyond ±%(limit)s") % {"limit": percent(limit, 0)},
                abs(change.ratio) / limit,
            )


def _on_seats(filed: Filed) -> Iterator[Difference]:
    if not filed.seats:
        if filed.headcount:
            words = _("%(people)s people and no contracted seat") % {
                "people": number(filed.headcount)
            }
            yield Difference(words, _("from 1 person"), Decimal(1))
        return
    ratio = Decimal(filed.headcount) / filed.seats
    said = {
        "people": number(filed.headcount),
        "seats": number(filed.seats),
        "rate": percent(ratio),
    }
    words = _("%(people)s people on %(seats)s contracted seats, %(rate)s") % said
    if ratio > MOST_ON_SEATS:
        limit = _("above %(limit)s") % {"limit": percent(MOST_ON_SEATS, 0)}
        yield Difference(words, limit, ratio / MOST_ON_SEATS)
    elif ratio < LEAST_ON_SEATS:
        limit = _("below %(limit)s") % {"limit": percent(LEAST_ON_SEATS, 0)}
        yield Difference(words, limit, 1 + (LEAST_ON_SEATS - ratio))


def _balance(filed: Filed) -> Iterator[Difference]:
    before = filed.month_before
    if before is None or filed.joined is None or filed.left is None:
        return
    should = before.headcount + filed.joined - filed.left
    if should != filed.headcount:
        words = _("%(opening)s + %(joined)s − %(left)s = %(should)s people, not %(closing)s") % {
            "opening": number(before.headcount),
            "joined": number(filed.joined),
            "left": number(filed.left),
            "should": number(should),
            "closing": number(filed.headcount),
        }
        yield Difference(words, _("from 1 person"), Decimal(1))

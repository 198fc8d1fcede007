"""A year as a strip: on which of its days seats change, in words where there is room."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from park.axis import slot_of
from park.models import Floor
from seats.models import BlockKind
from seats.rectangles import ONE_DAY
from web import formats

WIDTH = 1000.0
WORDS_AT_MOST, LOOKED_AT = 12, 60
WIDE, NARROW = 12.5, 6.6  # of a sign, 12 px high
ROOM = 14.0  # between two texts

# Seats that begin to be something on a day, less those that cease to be it.
_CHANGES = """
    SELECT c.day, c.kind, c.enterprise_id, coalesce(e.short_name, ''), sum(c.seats)
    FROM (
        SELECT lower(period) AS day, floor_id, kind, enterprise_id,
               upper(seats) - lower(seats) AS seats
        FROM seats_seatblock
        WHERE lower(period) >= %(start)s AND lower(period) < %(end)s {within}
        UNION ALL
        SELECT upper(period), floor_id, kind, enterprise_id, lower(seats) - upper(seats)
        FROM seats_seatblock
        WHERE upper(period) >= %(start)s AND upper(period) < %(end)s {within}
    ) c
    JOIN park_floor f ON f.id = c.floor_id AND (f.delivered_on IS NOT NULL OR c.day > %(today)s)
    LEFT JOIN tenants_enterprise e ON e.id = c.enterprise_id
    GROUP BY c.day, c.kind, c.enterprise_id, e.short_name
    HAVING sum(c.seats) <> 0
    ORDER BY c.day, abs(sum(c.seats)) DESC, c.kind, c.enterprise_id
"""


class Turn(NamedTuple):
    """From `day` on, so many seats more (or fewer) are `kind`; whose, as far as it may be told."""

    day: date
    kind: str
    holder: str
    seats: int

    @property
    def shown_on(self) -> date:
        """What ends, ends on its last day."""
        return self.day - ONE_DAY if self.is_end else self.day

    @property
    def is_end(self) -> bool:
        return self.seats < 0 and self.kind != BlockKind.VOID

    @property
    def text(self) -> str:
        """02-06 亿兴预留 60."""
        what = self._what % {"seats": formats.number(abs(self.seats))}
        if self.holder:
            words = {"who": self.holder, "what": what}
            what = pgettext("on a day: who, what", "%(who)s %(what)s") % words
        return f"{formats.short_day(self.shown_on)} {what}"

    @property
    def _what(self) -> str:
        if self.kind == BlockKind.VOID:
            return _("%(seats)s seats open") if self.seats < 0 else _("%(seats)s seats go")
        if self.kind == BlockKind.CLOSURE:
            return _("%(seats)s reopen") if self.seats < 0 else _("%(seats)s closed")
        if self.seats < 0:
            return _("%(seats)s end")
        return _("%(seats)s contracted") if self.kind == BlockKind.FIRM else _("%(seats)s held")


class Dot(NamedTuple):
    """A day with changes, and all of them in words."""

    x: float
    kind: str
    is_end: bool
    text: str


class Word(NamedTuple):
    """A text above the strip, beginning (or ending) at its dot."""

    x: float
    anchor: str
    text: str


class Tick(NamedTuple):
    """Where a month begins; its name stands a little further."""

    x: float
    month: date

    @property
    def text_x(self) -> float:
        return self.x + 4


@dataclass(frozen=True)
class Strip:
    """The year of `day`: its turns, and where on 1,000 units each of its days stands."""

    day: date
    turns: list[Turn]

    @property
    def first(self) -> date:
        return self.day.replace(month=1, day=1)

    @property
    def last(self) -> date:
        return self.day.replace(month=12, day=31)

    @property
    def most(self) -> int:
        """The offset of the last day; the first has 0."""
        return (self.last - self.first).days

    @property
    def offset(self) -> int:
        return (self.day - self.first).days

    @property
    def ticks(self) -> list[Tick]:
        months = (self.first.replace(month=number) for number in range(1, 13))
        return [Tick(self._x(month), month) for month in months]

    @property
    def dots(self) -> list[Dot]:
        """One for each day; it looks like the largest of what happens then."""
        days: dict[date, list[Turn]] = {}
        for turn in self.turns:
            days.setdefault(turn.shown_on, []).append(turn)
        return [
            Dot(self._x(day), turns[0].kind, turns[0].is_end, _in_short(turns))
            for day, turns in days.items()
        ]

    @property
    def words(self) -> list[Word]:
        """The largest turns, as many as there is room for."""
        placed: list[tuple[float, float]] = []
        found: list[Word] = []
        largest = sorted(self.turns, key=lambda turn: -abs(turn.seats))
        for turn in largest[:LOOKED_AT]:
            x, width = self._x(turn.shown_on), _width(turn.text)
            to_the_left = x + width > WIDTH
            left = x - width if to_the_left else x
            if len(found) < WORDS_AT_MOST and _has_room(left, width, placed):
                placed.append((left, left + width))
                found.append(Word(x, "end" if to_the_left else "start", turn.text))
        return sorted(found)

    @property
    def before(self) -> date | None:
        """The last day before this one on which something changed, within the year."""
        return max((turn.day for turn in self.turns if turn.day < self.day), default=None)

    @property
    def after(self) -> date | None:
        """The next day on which something changes, within the year."""
        return min((turn.day for turn in self.turns if turn.day > self.day), default=None)

    def _x(self, day: date) -> float:
        share = (max(day, self.first) - self.first).days / self.most
        return round(share * WIDTH, 1)


def strip_around(
    day: date, *, today: date, named: Collection[int] | None, floor: Floor | None = None
) -> Strip:
    """The year of `day`, of one floor or of the park: one statement.

    `named`: whose names may be told, None for everybody's.
    """
    first = day.replace(month=1, day=1)
    slot = slot_of(floor.pk) if floor else None
    parameters: dict[str, Any] = {
        "start": first,
        "end": first.replace(year=first.year + 1),
        "today": today,
        "lower": slot and slot.lower,
        "upper": slot and slot.upper,
    }
    within = "AND seats && int4range(%(lower)s, %(upper)s)" if slot else ""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES.replace("{within}", within), parameters)
        return Strip(day, list(_told(cursor.fetchall(), named)))


def _told(rows: Iterable[tuple[Any, ...]], named: Collection[int] | None) -> Iterable[Turn]:
    for day, kind, enterprise, name, seats in rows:
        is_named = named is None or enterprise in named
        yield Turn(day, kind, name if is_named else "", int(seats))


def _in_short(turns: list[Turn]) -> str:
    shown = [turn.text for turn in turns[:3]]
    more = len(turns) - len(shown)
    if more:
        shown.append(_("and %(count)s more") % {"count": formats.number(more)})
    return pgettext("between items of a list", ", ").join(shown)


def _has_room(left: float, width: float, placed: Iterable[tuple[float, float]]) -> bool:
    right = left + width + ROOM
    return left >= 0 and all(end + ROOM <= left or right <= start for start, end in placed)


def _width(text: str) -> float:
    return sum(WIDE if ord(sign) > 0x2E7F else NARROW for sign in text)

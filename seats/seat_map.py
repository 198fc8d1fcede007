"""The whole park on a day as runs of seats, in one binary answer: what the park map is drawn from.

PostgreSQL writes the bytes itself; a row for each run would have to be made into Python and back.

    head    16 bytes   version (1), flags, two bytes 0; day as days since 1970-01-01;
                       number of floors; number of runs
    floor    8 bytes   number of the floor; its seats when complete (2 bytes); 1 if it counts on
                       this day, else 0; a byte 0
    run     12 bytes   first seat on the axis; how many seats (2 bytes); kind; a byte 0; holder

Numbers are unsigned and little-endian, of 4 bytes where nothing else is said. Floors stand in the
order of their numbers, runs in that of the seats. Flag 1: only the reader's own seats have a
holder. Kinds: 1 firm, 2 hold, 3 closure, 4 void (a seat that does not exist on that day, within
those that the floor has when complete). Holder: the enterprise's id, 0 where it is none or not to
be named. Seats of a floor that counts and of no run are free; one that does not has no runs.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection
from datetime import date
from hashlib import sha256
from struct import Struct
from typing import Any, NamedTuple

from django.db import connection

from park.axis import SLOT
from seats.models import BlockKind

VERSION = 1
WITHHELD = 1
EPOCH = date(1970, 1, 1).toordinal()
HEAD = Struct("<BBxxIII")
FLOOR_BYTES, RUN_BYTES = 8, 12
CODES = {BlockKind.FIRM: 1, BlockKind.HOLD: 2, BlockKind.CLOSURE: 3, BlockKind.VOID: 4}

# Only services that hold the park-wide lock write blocks and floors: events end in their order.
_LAST_EVENTS = """
    SELECT coalesce((SELECT max(pgh_id) FROM seats_seatblockevent), 0),
           coalesce((SELECT max(pgh_id) FROM park_floorevent), 0)
"""

_MAP = """
    WITH floors AS (
        SELECT id, seat_count, %(is_to_come)s OR delivered_on IS NOT NULL AS counts
        FROM park_floor
    ),
    runs AS ({runs})
    SELECT (SELECT string_agg(
                int4send(id::int) || int4send(seat_count + counts::int * 65536),
                ''::bytea ORDER BY id
            ) FROM floors),
           (SELECT string_agg(
                int4send(lower(seats)) || int4send(upper(seats) - lower(seats) + kind * 65536)
                    || int4send(holder),
                ''::bytea ORDER BY lower(seats)
            ) FROM runs)
"""

_RUNS = """
    SELECT s.floor_id, s.seats,
           CASE s.kind WHEN 'firm' THEN 1 WHEN 'hold' THEN 2 WHEN 'closure' THEN 3 ELSE 4 END
               AS kind,
           {holder} AS holder
    FROM seats_seatblock s JOIN floors f ON f.id = s.floor_id
    WHERE s.period @> %(day)s::date
      AND f.counts
      AND (s.kind <> 'void' OR lower(s.seats) < f.id * %(slot)s + f.seat_count)
"""

# Where two holders meet is not to be seen either, if neither is named.
_JOINED = """
    SELECT unnest(range_agg(seats)) AS seats, kind, holder
    FROM ({runs}) apart
    GROUP BY floor_id, kind, holder
"""

_ANYBODY = "coalesce(s.enterprise_id, 0)::int"
_SOME = "CASE WHEN s.enterprise_id = ANY(%(named)s::bigint[]) THEN s.enterprise_id ELSE 0 END::int"


class MapOf(NamedTuple):
    """Which map: of which day, seen from which, and which holders it may name (None: all)."""

    day: date
    today: date
    named: Collection[int] | None = None

    def tag(self) -> str:
        """What changes with every change of seats or floors, the day, and who may be named.

        Asked for before the map: one that is newer than its tag is only fetched once more.
        """
        with connection.cursor() as cursor:
            cursor.execute(_LAST_EVENTS)
            events = cursor.fetchone()
        who = "all" if self.named is None else sorted(self.named)
        parts = (VERSION, events, self.day.isoformat(), self.day > self.today, who)
        return sha256(repr(parts).encode()).hexdigest()[:32]

    def packed(self) -> bytes:
        """The answer; see above."""
        runs = _RUNS.replace("{holder}", _ANYBODY)
        if self.named is not None:
            runs = _JOINED.replace("{runs}", _RUNS.replace("{holder}", _SOME))
        parameters: dict[str, Any] = {
            "slot": SLOT,
            "day": self.day,
            "is_to_come": self.day > self.today,
            "named": sorted(self.named or ()),
        }
        with connection.cursor() as cursor:
            cursor.execute(_MAP.replace("{runs}", runs), parameters)
            floors, taken = (bytes(part or b"") for part in cursor.fetchone())
        counts = (len(floors) // FLOOR_BYTES, len(taken) // RUN_BYTES)
        flags = WITHHELD if self.named is not None else 0
        return HEAD.pack(VERSION, flags, self.day.toordinal() - EPOCH, *counts) + _little(
            floors + taken
        )


def _little(words: bytes) -> bytes:
    """PostgreSQL's 4-byte numbers, most significant byte first, the other way round."""
    turned = array("I", words)
    turned.byteswap()
    return turned.tobytes()

"""What stands in the way of rectangles: one query for all of them, however many they are."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from park.axis import Span
from seats.models import BlockKind
from seats.rectangles import Rectangle

MOST = 200

_IN_THE_WAY = """
    SELECT b.kind, b.enterprise_id, coalesce(e.short_name, ''),
           lower(b.seats * r.seats), upper(b.seats * r.seats),
           lower(b.period), upper(b.period),
           f.label
    FROM unnest(%s::int[], %s::int[], %s::date[], %s::date[]) AS given(lower, upper, start, "end"),
         LATERAL (SELECT int4range(given.lower, given.upper) AS seats,
                         daterange(given.start, given."end") AS period) AS r
    JOIN seats_seatblock b ON b.seats && r.seats AND b.period && r.period
    JOIN park_floor f ON f.id = b.floor_id
    LEFT JOIN tenants_enterprise e ON e.id = b.enterprise_id
    ORDER BY b.kind = 'void' DESC, lower(b.seats * r.seats), lower(b.period)
    LIMIT %s
"""


class Conflict(NamedTuple):
    """A block in the way: the seats it shares with what was asked for, and its own days."""

    kind: BlockKind
    enterprise_id: int | None
    holder: str
    seats: Span
    start: date
    end: date | None
    floor_label: str


def conflicts_with(rectangles: Sequence[Rectangle]) -> list[Conflict]:
    """The blocks in the way of `rectangles`, missing seats (void) first, at most 200."""
    with connection.cursor() as cursor:
        cursor.execute(
            _IN_THE_WAY,
            [
                [rectangle.seats.lower for rectangle in rectangles],
                [rectangle.seats.upper for rectangle in rectangles],
                [rectangle.start for rectangle in rectangles],
                [rectangle.end for rectangle in rectangles],
                MOST,
            ],
        )
        return [
            Conflict(BlockKind(kind), enterprise, holder, Span(lower, upper), start, end, label)
            for kind, enterprise, holder, lower, upper, start, end, label in cursor
        ]

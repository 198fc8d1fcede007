"""Contracted seats whose time is up soon, as it was known at the end of a month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import format_month, next_month
from park.axis import Span, run_label
from reports.indicators.facts import invented
from reports.indicators.registry import Source, Total
from reports.units import Unit

HORIZON = 90


class EndingFact(NamedTuple):
    """A run that an enterprise has for the last time on `last_day`."""

    month: str
    zone: str
    building: str
    floor: str
    enterprise: int
    run: str
    last_day: str
    within_30: int
    within_60: int
    within_90: int
    sample_fields: list[str]


_OF_A_BLOCK = dict.fromkeys(("run", "last_day", "within_30", "within_60", "within_90"), ("blocks",))

# As `seats.ends`: a run does not end where the same enterprise has it the next day, nor where it
# goes on loan or comes back from one.
_ENDING = """
    WITH months AS (
        SELECT month, (month + interval '1 month')::date AS ended
        FROM unnest(%(months)s::date[]) AS month
    ),
    known AS (
        SELECT * FROM (
            SELECT DISTINCT ON (m.month, e.pgh_obj_id)
                   m.month, m.ended, e.pgh_label, e.kind, e.seats, e.period, e.floor_id,
                   e.enterprise_id, e.allocation_id
            FROM months m
            JOIN seats_seatblockevent e
                ON e.recorded_on < m.ended AND e.enterprise_id IS NOT NULL
            ORDER BY m.month, e.pgh_obj_id, e.pgh_id DESC
        ) latest
        WHERE pgh_label <> 'delete' AND coalesce(upper(period) >= ended, true)
    ),
    ending AS (
        SELECT k.*, int4multirange(k.seats) - coalesce(
                   (SELECT range_agg(n.seats) FROM known n
                    WHERE n.month = k.month AND n.enterprise_id = k.enterprise_id
                      AND n.seats && k.seats AND n.period @> upper(k.period)),
                   '{}'
               ) - coalesce(
                   (SELECT range_agg(l.seats) FROM seats_seatloan l
                    WHERE l.seats && k.seats AND l.borrower_allocation_id IS NOT NULL
                      AND (l.borrower_allocation_id = k.allocation_id
                           OR l.lender_id = k.enterprise_id
                              AND lower(l.period) = upper(k.period))),
                   '{}'
               ) AS seats_ending
        FROM known k
        WHERE k.kind = 'firm' AND k.period @> k.ended - 1
          AND upper(k.period) <= k.ended + %(horizon)s
    )
    SELECT to_char(e.month, 'YYYY-MM'), z.code, z.code || '-' || b.code, f.label, e.enterprise_id,
           lower(run), upper(run), upper(e.period), a.sample_fields
    FROM ending e
    CROSS JOIN LATERAL unnest(e.seats_ending) AS run
    JOIN park_floor f ON f.id = e.floor_id AND f.delivered_on IS NOT NULL
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id
    JOIN seats_allocation a ON a.id = e.allocation_id
    ORDER BY e.month, z.code, length(b.code), b.code, f.level, f.id, lower(run), upper(e.period)
"""


def take_endings(months: Sequence[date], _columns: Collection[str] = ()) -> list[EndingFact]:
    """What ends within 90 days after each month."""
    ends = {format_month(month): next_month(month) for month in months}
    with connection.cursor() as cursor:
        cursor.execute(_ENDING, {"months": list(months), "horizon": HORIZON})
        lines = cursor.fetchall()
    facts = []
    for month, zone, building, floor, enterprise, first, end, free_from, sample_fields in lines:
        seats, days = end - first, (free_from - ends[month]).days
        facts.append(
            EndingFact(
                month=month,
                zone=zone,
                building=building,
                floor=floor,
                enterprise=enterprise,
                run=run_label(floor, Span(first, end)),
                last_day=(free_from - timedelta(days=1)).isoformat(),
                within_30=seats if days <= 30 else 0,
                within_60=seats if days <= 60 else 0,
                within_90=seats,
                sample_fields=invented(sample_fields, _OF_A_BLOCK),
            )
        )
    return facts


ENDINGS = Source("endings", EndingFact, take_endings)

_DEFINITION = _(
    "Contracted at the end of the month and to be given back within so many days after it, as "
    "known at the end of its last day. Seats that the enterprise goes on having do not count, nor "
    "those that go on loan or come back from one."
)
ENDING_30 = Total(
    code="ending_30",
    name=_("Seats that end within 30 days"),
    short=pgettext_lazy("head", "Within 30 days"),
    unit=Unit.SEAT,
    definition=_DEFINITION,
    source="endings",
    column="within_30",
)
ENDING_60 = Total(
    code="ending_60",
    name=_("Seats that end within 60 days"),
    short=pgettext_lazy("head", "Within 60 days"),
    unit=Unit.SEAT,
    definition=_DEFINITION,
    source="endings",
    column="within_60",
)
ENDING_90 = Total(
    code="ending_90",
    name=_("Seats that end within 90 days"),
    short=pgettext_lazy("head", "Within 90 days"),
    unit=Unit.SEAT,
    definition=_DEFINITION,
    source="endings",
    column="within_90",
)

SOURCES = (ENDINGS,)
INDICATORS = (ENDING_30, ENDING_60, ENDING_90)

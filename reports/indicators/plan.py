"""Seats as planned, and what of the place is leased in: floor by floor, at the end of a month."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import format_month, last_day, next_month
from reports.indicators.facts import invented
from reports.indicators.registry import Source, Total
from reports.indicators.seats import NO_AREA
from reports.units import Unit
from seats.place import floors_on


class PlanFact(NamedTuple):
    """A floor that was planned by the end of a month, and what of it was leased in. Area in m²."""

    month: str
    zone: str
    building: str
    floor: str
    planned: int
    leased_seats: int
    leased_m2: Decimal
    sample_fields: list[str]


_MADE_OF = {
    "planned": ("seats", "seat_count"),
    "leased_seats": ("seats", "seat_count", "delivered_on"),
    "leased_m2": ("lettable_m2", "delivered_on"),
}

# The floors that were planned by the end of each month, with as many seats as they were known to
# get; a floor that was recorded later, as it was first recorded.
_PLANNED = """
    WITH months AS (
        SELECT month, (month + interval '1 month')::date AS ended
        FROM unnest(%(months)s::date[]) AS month
    ),
    planned AS (
        SELECT m.month, m.ended, b.floor_id
        FROM months m
        JOIN seats_seatblockevent b ON b.kind = 'void' AND b.recorded_on < m.ended
        UNION
        SELECT m.month, m.ended, f.id
        FROM months m JOIN park_floor f ON f.delivered_on < m.ended
    ),
    known AS (
        SELECT DISTINCT ON (p.month, e.pgh_obj_id) p.month, e.pgh_obj_id AS floor_id, e.seat_count
        FROM planned p
        JOIN park_floorevent e ON e.pgh_obj_id = p.floor_id
        CROSS JOIN LATERAL (
            SELECT e.pgh_created_at < p.ended::timestamp AT TIME ZONE 'Asia/Shanghai' AS is_before
        ) seen
        ORDER BY p.month, e.pgh_obj_id, seen.is_before DESC,
                 CASE WHEN seen.is_before THEN -e.pgh_id ELSE e.pgh_id END
    )
    SELECT to_char(k.month, 'YYYY-MM'), z.code, z.code || '-' || b.code, f.label, k.seat_count,
           z.leased_in, f.sample_fields
    FROM known k
    JOIN park_floor f ON f.id = k.floor_id
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id
    ORDER BY k.month, z.code, length(b.code), b.code, f.level, f.id
"""


def take_plan(months: Sequence[date], _columns: Collection[str] = ()) -> list[PlanFact]:
    """Every floor of the plan, month by month."""
    there = {
        (format_month(month), one.floor.label): one.figures
        for month in months
        for one in floors_on(last_day(month), today=next_month(month))
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED, {"months": list(months)})
        lines = cursor.fetchall()
    facts = []
    for month, zone, building, floor, planned, leased_in, sample_fields in lines:
        figures = there[month, floor]
        facts.append(
            PlanFact(
                month=month,
                zone=zone,
                building=building,
                floor=floor,
                planned=planned,
                leased_seats=figures.occupancy.seats if leased_in else 0,
                leased_m2=figures.lettable_m2 if leased_in else NO_AREA,
                sample_fields=invented(sample_fields, _MADE_OF),
            )
        )
    return facts


PLAN = Source("plan", PlanFact, take_plan, decimals=("leased_m2",))

PLANNED = Total(
    code="planned",
    name=_("Planned seats"),
    short=pgettext_lazy("head", "Planned"),
    unit=Unit.SEAT,
    definition=_(
        "Seats of all floors in the plan of the park by the end of the month, when complete, those "
        "handed over among them."
    ),
    source="plan",
    column="planned",
)
LEASED_SEATS = Total(
    code="leased_seats",
    name=_("Seats in zones that are leased in"),
    short=pgettext_lazy("head", "Seats"),
    unit=Unit.SEAT,
    definition=_(
        "Of the seats that exist, those in zones that the park leases from others. They are in "
        "every figure of this report; leave them out to have the park's own."
    ),
    source="plan",
    column="leased_seats",
)
LEASED_AREA = Total(
    code="leased_m2",
    name=_("Lettable area of zones that are leased in"),
    short=pgettext_lazy("head", "Lettable area"),
    unit=Unit.SQUARE_METRE,
    definition=_("Of the lettable area, that of zones that the park leases from others."),
    source="plan",
    column="leased_m2",
    if_none=NO_AREA,
)

SOURCES = (PLAN,)
INDICATORS = (PLANNED, LEASED_SEATS, LEASED_AREA)

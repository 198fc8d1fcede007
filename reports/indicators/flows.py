"""What came and what went in a month: enterprises, seats, area; opening + in − out = closing.

The runs that somebody has are compared seat by seat. What they make is checked against the seats of
the floors on the last day of either month: where the two differ no report is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import format_month, last_day, next_month
from reports.indicators.facts import invented
from reports.indicators.registry import Distinct, Source, Total
from reports.indicators.seats import NO_AREA, FactsDisagree
from reports.units import Unit, rounded
from seats.place import Figures, FloorOn, floors_on

ONE_DAY = timedelta(days=1)


class FlowFact(NamedTuple):
    """The seats that an enterprise has on a floor: before a month, gained, given up, at its end."""

    month: str
    zone: str
    building: str
    floor: str
    enterprise: int
    opening: int
    gained: int
    given_up: int
    closing: int
    sample_fields: list[str]


class AreaFlowFact(NamedTuple):
    """The same of a floor's let area, in m²."""

    month: str
    zone: str
    building: str
    floor: str
    opening: Decimal
    gained: Decimal
    given_up: Decimal
    closing: Decimal
    sample_fields: list[str]


_COLUMNS = ("opening", "gained", "given_up", "closing")
_OF_BLOCKS = dict.fromkeys(_COLUMNS, ("blocks",))
_OF_A_FLOOR = dict.fromkeys(_COLUMNS, ("seats", "seat_count", "lettable_m2", "delivered_on"))

_FLOWS = """
    WITH months AS (SELECT month FROM unnest(%(months)s::date[]) AS month),
    both_days AS (
        SELECT month, month - 1 AS day, true AS is_opening FROM months
        UNION ALL
        SELECT month, (month + interval '1 month')::date - 1, false FROM months
    ),
    runs AS (
        SELECT d.month, s.floor_id, s.enterprise_id,
               coalesce(range_agg(s.seats) FILTER (WHERE d.is_opening), '{}') AS before,
               coalesce(range_agg(s.seats) FILTER (WHERE NOT d.is_opening), '{}') AS after,
               bool_or(a.sample_fields && ARRAY['*', 'blocks']::varchar[]) AS is_sample
        FROM both_days d
        JOIN seats_seatblock s ON s.kind = 'firm' AND s.period @> d.day
        JOIN park_floor f ON f.id = s.floor_id AND f.delivered_on IS NOT NULL
        JOIN seats_allocation a ON a.id = s.allocation_id
        GROUP BY d.month, s.floor_id, s.enterprise_id
    )
    SELECT to_char(t.month, 'YYYY-MM'), z.code, z.code || '-' || b.code, f.label, t.enterprise_id,
           counts.*, t.is_sample
    FROM runs t
    JOIN park_floor f ON f.id = t.floor_id
    JOIN park_building b ON b.id = f.building_id
    JOIN park_zone z ON z.id = b.zone_id
    CROSS JOIN LATERAL (
        SELECT (SELECT coalesce(sum(upper(r) - lower(r)), 0)::int FROM unnest(before) r),
               (SELECT coalesce(sum(upper(r) - lower(r)), 0)::int FROM unnest(after - before) r),
               (SELECT coalesce(sum(upper(r) - lower(r)), 0)::int FROM unnest(before - after) r),
               (SELECT coalesce(sum(upper(r) - lower(r)), 0)::int FROM unnest(after) r)
    ) counts
    ORDER BY t.month, z.code, length(b.code), b.code, f.level, f.id, t.enterprise_id
"""


def take_flows(months: Sequence[date], _columns: Collection[str] = ()) -> list[FlowFact]:
    """Every enterprise's seats on every floor at both ends of each month."""
    facts = _flows(months)
    for month in months:
        _check(month, facts, *_both_ends(month))
    return facts


def take_area_flows(months: Sequence[date], _columns: Collection[str] = ()) -> list[AreaFlowFact]:
    """The let area of every floor at both ends of each month."""
    seats: dict[tuple[str, str], Counter[str]] = {}
    for fact in _flows(months):
        counts = seats.setdefault((fact.month, fact.floor), Counter())
        counts.update(gained=fact.gained, given_up=fact.given_up)
    return [
        fact
        for month in months
        for fact in _area_flows(format_month(month), seats, *_both_ends(month))
    ]


def _flows(months: Sequence[date]) -> list[FlowFact]:
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, {"months": list(months)})
        lines = cursor.fetchall()
    return [
        FlowFact._make((*line, invented(["blocks"] if is_sample else [], _OF_BLOCKS)))
        for *line, is_sample in lines
    ]


def _both_ends(month: date) -> tuple[list[FloorOn], list[FloorOn]]:
    """The floors on the day before the month and on its last day."""
    end = next_month(month)
    return floors_on(month - ONE_DAY, today=end), floors_on(last_day(month), today=end)


def _check(
    month: date, facts: Iterable[FlowFact], before: Iterable[FloorOn], after: Iterable[FloorOn]
) -> None:
    """Raise unless the flows of every floor lead from its seats before to those after."""
    sums: dict[str, Counter[str]] = {}
    for fact in facts:
        if fact.month == format_month(month):
            counts = sums.setdefault(fact.floor, Counter())
            counts.update({column: getattr(fact, column) for column in _COLUMNS})
    for then, now in zip(before, after, strict=True):
        label, found = now.floor.label, sums.get(now.floor.label, Counter())
        firm = then.figures.occupancy.firm, now.figures.occupancy.firm
        balance = found["opening"] + found["gained"] - found["given_up"]
        if (found["opening"], found["closing"]) != firm or balance != found["closing"]:
            raise FactsDisagree(f"{label} {format_month(month)}: {dict(found)} is not {firm}")


def _area_flows(
    month: str,
    seats: Mapping[tuple[str, str], Counter[str]],
    before: Iterable[FloorOn],
    after: Iterable[FloorOn],
) -> Iterator[AreaFlowFact]:
    for then, now in zip(before, after, strict=True):
        moved = seats.get((month, now.floor.label), Counter())
        opening, closing = then.figures.let_m2, now.figures.let_m2
        if not (opening or closing or moved["gained"]):
            continue
        gained, given_up = _areas(opening, closing, moved, now.figures)
        if opening + gained - given_up != closing:
            raise FactsDisagree(f"{now.floor.label} {month}: {opening} to {closing} m²")
        floor = now.floor
        yield AreaFlowFact(
            month=month,
            zone=floor.building.zone.code,
            building=floor.building.label,
            floor=floor.label,
            opening=rounded(opening, 2),
            gained=rounded(gained, 2),
            given_up=rounded(given_up, 2),
            closing=rounded(closing, 2),
            sample_fields=invented(floor.sample_fields, _OF_A_FLOOR),
        )


def _areas(
    opening: Decimal, closing: Decimal, moved: Mapping[str, int], now: Figures
) -> tuple[Decimal, Decimal]:
    """What the seats gained and given up stand for, so that it leads from `opening` to `closing`.

    What is left by rounding, or because a floor has another number of seats, goes to what was given
    up, or to what was gained where nothing was.
    """
    gained = NO_AREA
    if moved["gained"] and moved["given_up"]:
        gained = rounded(now.lettable_m2 * moved["gained"] / now.occupancy.seats, 2)
    elif closing > opening:
        gained = closing - opening
    given_up = opening + gained - closing
    return (gained, given_up) if given_up >= 0 else (gained - given_up, NO_AREA)


FLOWS = Source("flows", FlowFact, take_flows)
AREA_FLOWS = Source("area_flows", AreaFlowFact, take_area_flows, decimals=_COLUMNS)

_GAINED = _(
    "Contracted at the end of the month, and not with the same enterprise before it. Whoever moves "
    "gains seats in one place and gives up those in another."
)
_GIVEN_UP = _("Contracted before the month, and not with the same enterprise at its end.")

ENTERPRISES_BEFORE = Distinct(
    code="enterprises_before",
    name=_("Enterprises with seats before the month"),
    short=pgettext_lazy("head", "Opening"),
    unit=Unit.ENTERPRISE,
    definition=_("Enterprises with contracted seats at the end of the month before."),
    source="flows",
    column="opening",
    of="enterprise",
)
ENTERPRISES_CAME = Distinct(
    code="enterprises_came",
    name=_("Enterprises that came"),
    short=pgettext_lazy("head", "In"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Enterprises with contracted seats here at the end of the month, and none before it. In a "
        "zone or building, whoever has come from another one counts too."
    ),
    source="flows",
    column="closing",
    of="enterprise",
    unless="opening",
)
ENTERPRISES_WENT = Distinct(
    code="enterprises_went",
    name=_("Enterprises that went"),
    short=pgettext_lazy("head", "Out"),
    unit=Unit.ENTERPRISE,
    definition=_("Enterprises with contracted seats here before the month, and none at its end."),
    source="flows",
    column="opening",
    of="enterprise",
    unless="closing",
)
ENTERPRISES_AFTER = Distinct(
    code="enterprises_after",
    name=_("Enterprises with seats"),
    short=pgettext_lazy("head", "Closing"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Enterprises with contracted seats at the end of the month. One with seats in two places "
        "counts in each, and once in the total."
    ),
    source="flows",
    column="closing",
    of="enterprise",
)
SEATS_BEFORE = Total(
    code="seats_before",
    name=_("Contracted seats before the month"),
    short=pgettext_lazy("head", "Opening"),
    unit=Unit.SEAT,
    definition=_("Contracted seats at the end of the month before."),
    source="flows",
    column="opening",
)
SEATS_GAINED = Total(
    code="seats_gained",
    name=_("Seats gained"),
    short=pgettext_lazy("head", "In"),
    unit=Unit.SEAT,
    definition=_GAINED,
    source="flows",
    column="gained",
)
SEATS_GIVEN_UP = Total(
    code="seats_given_up",
    name=_("Seats given up"),
    short=pgettext_lazy("head", "Out"),
    unit=Unit.SEAT,
    definition=_GIVEN_UP,
    source="flows",
    column="given_up",
)
SEATS_AFTER = Total(
    code="seats_after",
    name=_("Contracted seats at the end of the month"),
    short=pgettext_lazy("head", "Closing"),
    unit=Unit.SEAT,
    definition=_("Opening + in − out; the same as contracted seats at the end of the last day."),
    source="flows",
    column="closing",
)
AREA_BEFORE = Total(
    code="area_before",
    name=_("Let area before the month"),
    short=pgettext_lazy("head", "Opening"),
    unit=Unit.SQUARE_METRE,
    definition=_("Let area at the end of the month before."),
    source="area_flows",
    column="opening",
    if_none=NO_AREA,
)
AREA_GAINED = Total(
    code="area_gained",
    name=_("Area let"),
    short=pgettext_lazy("head", "In"),
    unit=Unit.SQUARE_METRE,
    definition=_("What the seats gained stand for, floor by floor, to 0.01 m²."),
    source="area_flows",
    column="gained",
    if_none=NO_AREA,
)
AREA_GIVEN_UP = Total(
    code="area_given_up",
    name=_("Area given back"),
    short=pgettext_lazy("head", "Out"),
    unit=Unit.SQUARE_METRE,
    definition=_(
        "What the seats given up stand for, floor by floor, to 0.01 m², with what is left by "
        "rounding."
    ),
    source="area_flows",
    column="given_up",
    if_none=NO_AREA,
)
AREA_AFTER = Total(
    code="area_after",
    name=_("Let area at the end of the month"),
    short=pgettext_lazy("head", "Closing"),
    unit=Unit.SQUARE_METRE,
    definition=_("Opening + in − out; the same as let area at the end of the last day."),
    source="area_flows",
    column="closing",
    if_none=NO_AREA,
)

SOURCES = (FLOWS, AREA_FLOWS)
INDICATORS = (
    ENTERPRISES_BEFORE,
    ENTERPRISES_CAME,
    ENTERPRISES_WENT,
    ENTERPRISES_AFTER,
    SEATS_BEFORE,
    SEATS_GAINED,
    SEATS_GIVEN_UP,
    SEATS_AFTER,
    AREA_BEFORE,
    AREA_GAINED,
    AREA_GIVEN_UP,
    AREA_AFTER,
)

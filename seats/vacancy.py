"""Vacancy: for how long vacant seats have been vacant, and the longest run of each building."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse

from park.axis import SLOT, run_label
from seats.ends import EVERYWHERE, HORIZONS, Part
from seats.free_runs import FreeRun, free_runs
from seats.rectangles import ONE_DAY

_LENGTH = "(SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM unnest({seats}) r)"

# Of the seats that are vacant today, those that somebody had, held or kept closed within so many
# days: the later somebody had them, the more of these they are in.
_BY_AGE = """
    WITH taken AS (
        SELECT floor_id,
               range_agg(seats) FILTER (WHERE period @> %(today)s::date) AS today,
               range_agg(seats) FILTER (WHERE upper(period) > %(today)s::date - 30) AS in_30,
               range_agg(seats) FILTER (WHERE upper(period) > %(today)s::date - 90) AS in_90,
               range_agg(seats) FILTER (WHERE upper(period) > %(today)s::date - 180) AS in_180,
               range_agg(seats) AS ever
        FROM seats_seatblock
        WHERE lower(period) <= %(today)s AND kind <> 'void'
        GROUP BY floor_id
    ), missing AS (
        SELECT floor_id, range_agg(seats) AS seats
        FROM seats_seatblock
        WHERE kind = 'void' AND period @> %(today)s::date
        GROUP BY floor_id
    ), vacant AS (
        SELECT f.building_id, t.*,
               int4multirange(int4range((f.id * %(slot)s)::int, ((f.id + 1) * %(slot)s)::int))
               - coalesce(m.seats, '{}'::int4multirange)
               - coalesce(t.today, '{}'::int4multirange) AS free
        FROM park_floor f
        LEFT JOIN taken t ON t.floor_id = f.id
        LEFT JOIN missing m ON m.floor_id = f.id
        WHERE f.delivered_on IS NOT NULL
    )
    SELECT b.id, z.code || '-' || b.code, {sums}
    FROM vacant v
    JOIN park_building b ON b.id = v.building_id
    JOIN park_zone z ON z.id = b.zone_id
    WHERE (%(zone)s = '' OR z.code = %(zone)s)
      AND (%(building)s::int IS NULL OR b.id = %(building)s)
    GROUP BY b.id, z.code, b.code
    ORDER BY z.code, length(b.code), b.code
"""
_WITHIN = ["v.free", *(f"v.free * v.{name}" for name in ("in_30", "in_90", "in_180", "ever"))]
_SUMS = ", ".join(f"sum({_LENGTH.replace('{seats}', each)})::int" for each in _WITHIN)


class Vacancy(NamedTuple):
    """Vacant seats of a building, by for how many days they have been so; `never`: since ever."""

    building: int
    label: str
    vacant: int
    up_to_30: int
    up_to_90: int
    up_to_180: int
    longer: int
    never: int

    @property
    def url(self) -> str:
        """Where its vacant runs are."""
        return reverse("place:building-detail", args=[self.building]) + "#free"


def vacancy_by_age(today: date, part: Part = EVERYWHERE) -> list[Vacancy]:
    """Every building with vacant seats, as one walks."""
    parameters: dict[str, Any] = {
        "today": today,
        "slot": SLOT,
        "zone": part.zone,
        "building": part.building,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_AGE.replace("{sums}", _SUMS), parameters)
        return [
            Vacancy(
                *(building, label, vacant, in_30, in_90 - in_30, in_180 - in_90),
                *(ever - in_180, vacant - ever),
            )
            for building, label, vacant, in_30, in_90, in_180, ever in cursor.fetchall()
            if vacant
        ]


def in_all(rows: Iterable[Vacancy]) -> Vacancy | None:
    """What several buildings add up to; None where there is nothing to add up."""
    rows = list(rows)
    if len(rows) < 2:
        return None
    return Vacancy(0, "", *(sum(column) for column in zip(*(row[2:] for row in rows), strict=True)))


@dataclass(frozen=True)
class Longest:
    """The longest vacant run of a building on a day; None where nothing is vacant."""

    day: date
    run: FreeRun | None

    @property
    def seats(self) -> int:
        return self.run.seats.length if self.run else 0

    @property
    def label(self) -> str:
        return run_label(self.run.floor_label, self.run.seats) if self.run else ""

    @property
    def url(self) -> str:
        """The floor on that day."""
        if self.run is None:
            return ""
        return f"{reverse('place:floor-detail', args=[self.run.floor_id])}?on={self.day}"


def days_ahead(today: date) -> list[date]:
    """Today, and the last days of the next 30, 60 and 90."""
    return [today, *(today + timedelta(days=days - 1) for days in HORIZONS)]


def longest_runs(today: date, part: Part, buildings: dict[str, int]) -> dict[str, list[Longest]]:
    """For each of `buildings` (label → id) the longest vacant run today and on the days ahead.

    A floor that is not handed over has seats on days to come only. One statement a day.
    """
    found: dict[str, list[Longest]] = {label: [] for label in buildings}
    zones = [part.zone] if part.zone else None
    for day in days_ahead(today):
        delivered = True if day == today else None
        first: dict[str, FreeRun] = {}
        for run in free_runs(day, day + ONE_DAY, zones=zones, delivered=delivered):
            first.setdefault(run.floor_label.rpartition("-")[0], run)
        for label, longest in found.items():
            longest.append(Longest(day, first.get(label)))
    return {label: runs for label, runs in found.items() if any(run.seats for run in runs)}

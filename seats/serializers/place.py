"""Zones, buildings and floors as the API shows them, with what is free today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Func, Max, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat, LPad, RPad
from django.utils.translation import gettext as _
from rest_framework import serializers

from park.axis import SLOT
from park.models import Building, Floor, FunctionalArea, Zone
from seats.occupancy import FloorRow, floors_during
from seats.rectangles import ONE_DAY
from web.serializers import Query

ZONE_STATES = [
    ("in_use", "at least one of its floors is handed over"),
    ("under_construction", "it has floors, none of them handed over"),
    ("planned", "it has no floors yet"),
]


class ZonesField(serializers.ListField):
    """Codes of zones that exist."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=6), max_length=100, **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        codes = super().to_internal_value(data)
        known = set(Zone.objects.filter(code__in=codes).values_list("code", flat=True))
        if unknown := sorted(set(codes) - known):
            message = _("There is no zone %(zone)s.") % {"zone": unknown[0]}
            raise serializers.ValidationError(message)
        return codes


class ZoneShape(serializers.Serializer):
    """A part of the park."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    state = serializers.ChoiceField(ZONE_STATES)
    leased_in = serializers.BooleanField()
    seats = serializers.IntegerField(help_text="When complete, whatever the day.")
    first_seat = serializers.IntegerField(allow_null=True)
    last_seat = serializers.IntegerField(
        allow_null=True, help_text="Seats of other zones may lie between."
    )
    free_today = serializers.IntegerField()
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]


class BuildingShape(serializers.Serializer):
    """A building of a zone."""

    id = serializers.IntegerField()
    label = serializers.CharField(help_text="Such as C-1.")  # type: ignore[assignment]
    zone = serializers.CharField(help_text="The zone's code.")
    code = serializers.CharField()
    phase = serializers.IntegerField(allow_null=True)
    functional_area = serializers.ChoiceField(FunctionalArea.choices)
    floors = serializers.IntegerField()
    seats = serializers.IntegerField(help_text="When complete, whatever the day.")
    first_seat = serializers.IntegerField(allow_null=True)
    last_seat = serializers.IntegerField(allow_null=True)
    free_today = serializers.IntegerField()
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]


class FloorShape(serializers.Serializer):
    """A storey, with the run of the park's seat axis that it owns."""

    id = serializers.IntegerField()
    label = serializers.CharField(help_text="Such as C-1-3F.")  # type: ignore[assignment]
    zone = serializers.CharField(help_text="The zone's code.")
    building = serializers.IntegerField(help_text="The building's id.")
    building_label = serializers.CharField()
    level = serializers.IntegerField()
    first_seat = serializers.IntegerField()
    last_seat = serializers.IntegerField()
    seats = serializers.IntegerField(help_text="When complete, whatever the day.")
    lettable_m2 = serializers.FloatField()
    planned_on = serializers.DateField(allow_null=True)
    delivered_on = serializers.DateField(allow_null=True)
    free_today = serializers.IntegerField(help_text="0 before it is handed over.")
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]


class ZoneFilters(Query):
    """Zones are few: all of them."""


class BuildingFilters(Query):
    zone = ZonesField(required=False, source="zone__code__in", help_text="Codes of zones.")


class FloorFilters(Query):
    zone = ZonesField(
        required=False, source="building__zone__code__in", help_text="Codes of zones."
    )
    building = serializers.CharField(
        required=False, max_length=20, help_text="Id or label, such as C-1."
    )


_FLOOR = "buildings__floors"


def zone_values(zones: QuerySet[Zone]) -> QuerySet[Zone, dict[str, Any]]:
    """`zones` with the seats of their floors, as `zone_rows` wants them."""
    return zones.annotate(
        seats=Sum(f"{_FLOOR}__seat_count", default=0),
        first_seat=Min(F(f"{_FLOOR}__id") * SLOT),
        last_seat=Max(F(f"{_FLOOR}__id") * SLOT + F(f"{_FLOOR}__seat_count") - 1),
        floors=Count(_FLOOR),
        delivered=Count(_FLOOR, filter=Q(**{f"{_FLOOR}__delivered_on__isnull": False})),
    ).values(
        *("id", "code", "name", "description", "leased_in", "sample_fields", "source"),
        *("seats", "first_seat", "last_seat", "floors", "delivered"),
    )


def zone_rows(rows: Sequence[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    free = _free_on(today, lambda floor: floor.zone)
    return [_zone_row(row, free.get(row["code"], 0)) for row in rows]


def _zone_row(row: dict[str, Any], free: int) -> dict[str, Any]:
    state = "planned"
    if row["floors"]:
        state = "in_use" if row["delivered"] else "under_construction"
    return {
        "id": row["id"],
        "code": row["code"],
        "name": row["name"],
        "description": row["description"],
        "state": state,
        "leased_in": row["leased_in"],
        "seats": row["seats"],
        "first_seat": row["first_seat"],
        "last_seat": row["last_seat"],
        "free_today": free,
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def building_values(buildings: QuerySet[Building]) -> QuerySet[Building, dict[str, Any]]:
    """`buildings` with the seats of their floors; `walk` sorts them as one walks."""
    return buildings.annotate(
        seats=Sum("floors__seat_count", default=0),
        first_seat=Min(F("floors__id") * SLOT),
        last_seat=Max(F("floors__id") * SLOT + F("floors__seat_count") - 1),
        floor_count=Count("floors"),
        walk=_walk("zone__code", "code"),
    ).values(
        *("id", "code", "zone__code", "phase__number", "functional_area"),
        *("sample_fields", "source", "seats", "first_seat", "last_seat", "floor_count", "walk"),
    )


def building_rows(rows: Sequence[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    free = _free_on(today, lambda floor: floor.building)
    return [_building_row(row, free) for row in rows]


def _building_row(row: dict[str, Any], free: dict[str, int]) -> dict[str, Any]:
    label = f"{row['zone__code']}-{row['code']}"
    return {
        "id": row["id"],
        "label": label,
        "zone": row["zone__code"],
        "code": row["code"],
        "phase": row["phase__number"],
        "functional_area": row["functional_area"],
        "floors": row["floor_count"],
        "seats": row["seats"],
        "first_seat": row["first_seat"],
        "last_seat": row["last_seat"],
        "free_today": free.get(label, 0),
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def floor_values(floors: QuerySet[Floor]) -> QuerySet[Floor, dict[str, Any]]:
    """`floors` as `floor_rows` wants them; `walk` sorts them as one walks."""
    level = LPad(Cast(F("level") + 1000, CharField()), 4, Value("0"))
    return floors.annotate(
        walk=Concat(_walk("building__zone__code", "building__code"), level)
    ).values(
        *("id", "label", "building_id", "building__code", "building__zone__code", "level"),
        *("seat_count", "lettable_m2", "planned_on", "delivered_on"),
        *("sample_fields", "source", "version", "walk"),
    )


def in_building(
    floors: QuerySet[Floor, dict[str, Any]], building: str
) -> QuerySet[Floor, dict[str, Any]]:
    """The floors of a building that is named by its id or its label."""
    if building.isdecimal():
        return floors.filter(building=int(building))
    zone, _hyphen, code = building.partition("-")
    return floors.filter(building__zone__code=zone, building__code=code)


def floor_rows(rows: Sequence[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    free = _free_on(today, lambda floor: floor.floor)
    return [_floor_row(row, free.get(row["label"], 0)) for row in rows]


def _floor_row(row: dict[str, Any], free: int) -> dict[str, Any]:
    first_seat = row["id"] * SLOT
    return {
        "id": row["id"],
        "label": row["label"],
        "zone": row["building__zone__code"],
        "building": row["building_id"],
        "building_label": f"{row['building__zone__code']}-{row['building__code']}",
        "level": row["level"],
        "first_seat": first_seat,
        "last_seat": first_seat + row["seat_count"] - 1,
        "seats": row["seat_count"],
        "lettable_m2": float(row["lettable_m2"]),
        "planned_on": iso_day(row["planned_on"]),
        "delivered_on": iso_day(row["delivered_on"]),
        "free_today": free,
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def iso_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _free_on(day: date, key: Callable[[FloorRow], str]) -> dict[str, int]:
    """What is free on `day`, by a part of the place."""
    free: dict[str, int] = {}
    for floor in floors_during(day, day + ONE_DAY, today=day):
        free[key(floor)] = free.get(key(floor), 0) + floor.occupancy.free
    return free


def _walk(zone: str, building: str) -> Func:
    """Sorts A, B, B1, C and in each 1, 2, 10, whatever collation the database has."""
    filler = Value("0")
    return Concat(RPad(F(zone), 6, filler), LPad(F(building), 6, filler))

"""The place: zones, buildings, floors, with what is free in them today."""

from collections.abc import Mapping, Sequence
from typing import Any

from foundation import clock
from park.models import Building, Floor, Zone
from seats.serializers import place
from web.api import DetailView, ListView, NounView, Row, Rows

SEES_THE_PLACE = {"GET": "park.view_place"}


class ZoneNoun(NounView):
    permissions = SEES_THE_PLACE
    shape = place.ZoneShape
    detail_name = "zone-detail"

    def rows(self) -> Rows:
        return place.zone_values(Zone.objects.all())

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return place.zone_rows(rows, clock.today())


class ZoneList(ZoneNoun, ListView):
    """The zones, by code."""

    filters = place.ZoneFilters
    ordering = ("code",)


class ZoneDetail(ZoneNoun, DetailView):
    """A zone."""


class BuildingNoun(NounView):
    permissions = SEES_THE_PLACE
    shape = place.BuildingShape
    detail_name = "building-detail"

    def rows(self) -> Rows:
        return place.building_values(Building.objects.all())

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return place.building_rows(rows, clock.today())


class BuildingList(BuildingNoun, ListView):
    """The buildings, as one walks."""

    filters = place.BuildingFilters
    ordering = ("walk", "id")


class BuildingDetail(BuildingNoun, DetailView):
    """A building."""


class FloorNoun(NounView):
    permissions = SEES_THE_PLACE
    shape = place.FloorShape
    detail_name = "floor-detail"

    def rows(self) -> Rows:
        return place.floor_values(Floor.objects.all())

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return place.floor_rows(rows, clock.today())


class FloorList(FloorNoun, ListView):
    """The floors, as one walks: zone by zone, building by building, upwards."""

    filters = place.FloorFilters
    ordering = ("walk", "id")

    def narrowed(self, rows: Rows, wanted: Mapping[str, Any]) -> Rows:
        wanted = dict(wanted)
        if building := wanted.pop("building", None):
            rows = place.in_building(rows, building)
        return rows.filter(**wanted)


class FloorDetail(FloorNoun, DetailView):
    """A floor."""

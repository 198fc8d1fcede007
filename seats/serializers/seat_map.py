"""The words to the park map: what its numbers are called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from rest_framework import serializers

from park.models import Floor
from park.serializers import DayField
from seats.models import BlockKind, SeatBlock
from seats.seat_map import CODES, MapOf
from seats.serializers.place import iso_day
from tenants.models import Enterprise
from web.serializers import Query


class SeatMapQuery(Query):
    on = DayField(required=False, help_text="A day, whenever. Without it: today.")


class MapKindShape(serializers.Serializer):
    """What a run can be."""

    code = serializers.IntegerField()
    kind = serializers.ChoiceField(BlockKind.choices)
    name = serializers.CharField()


class MapHolderShape(serializers.Serializer):
    """Who has seats on the day, as far as the reader may know it."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class MapFloorShape(serializers.Serializer):
    """A floor, in the order in which one walks."""

    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    zone = serializers.CharField(help_text="The zone's code.")
    building = serializers.CharField(help_text="The building's label.")
    level = serializers.IntegerField()
    seats = serializers.IntegerField(help_text="When complete, whatever the day.")
    planned_on = serializers.DateField(allow_null=True)
    delivered_on = serializers.DateField(allow_null=True)


class LegendShape(serializers.Serializer):
    """What the numbers of the park map stand for."""

    on = serializers.DateField()
    names_withheld = serializers.BooleanField(
        help_text="Only the reader's own enterprises are named; other holders are 0."
    )
    kinds = MapKindShape(many=True)
    holders = MapHolderShape(many=True)
    floors = MapFloorShape(many=True)


def legend_answer(wanted: MapOf) -> dict[str, Any]:
    """Kinds, holders by name and floors as one walks: two statements."""
    return {
        "on": iso_day(wanted.day),
        "names_withheld": wanted.named is not None,
        "kinds": [
            {"code": code, "kind": kind.value, "name": str(kind.label)}
            for kind, code in CODES.items()
        ],
        "holders": [{"id": pk, "name": name} for pk, name in _holders(wanted)],
        "floors": _floors(),
    }


def _holders(wanted: MapOf) -> Iterable[tuple[int, str]]:
    on_the_day = SeatBlock.objects.on(wanted.day).filter(enterprise__isnull=False)
    holders = Enterprise.objects.filter(pk__in=on_the_day.values("enterprise"))
    if wanted.named is not None:
        holders = holders.filter(pk__in=wanted.named)
    return holders.order_by("pinyin", "pk").values_list("pk", "short_name")


def _floors() -> list[dict[str, Any]]:
    rows = Floor.objects.values_list(
        *("pk", "label", "building__zone__code", "building__code", "level", "seat_count"),
        *("planned_on", "delivered_on"),
    )
    walk = sorted(rows, key=lambda row: (row[2], len(row[3]), row[3], row[4], row[0]))
    return [_floor(*row) for row in walk]


def _floor(
    pk: int,
    label: str,
    zone: str,
    building: str,
    level: int,
    seats: int,
    planned_on: date | None,
    delivered_on: date | None,
) -> dict[str, Any]:
    return {
        "id": pk,
        "label": label,
        "zone": zone,
        "building": f"{zone}-{building}",
        "level": level,
        "seats": seats,
        "planned_on": iso_day(planned_on),
        "delivered_on": iso_day(delivered_on),
    }

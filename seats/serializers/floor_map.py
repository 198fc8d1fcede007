"""The map of a floor as the API answers it: few bytes for each run."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from park.axis import SLOT
from park.serializers import DayField
from seats.floor_answer import FloorAnswer
from seats.models import BlockKind
from web.serializers import Query

KINDS = [kind.value for kind in BlockKind]
_NUMBER = {kind: number for number, kind in enumerate(KINDS)}


class FloorMapQuery(Query):
    on = DayField(required=False, help_text="A day, whenever. Without it: today.")


class HolderShape(serializers.Serializer):
    """An enterprise that has seats here."""

    id = serializers.IntegerField()
    name = serializers.CharField()


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "array",
            "items": {"type": "integer"},
            "minItems": 3,
            "maxItems": 4,
            "example": [261, 320, 1, 0],
        },
    }
)
class RunsField(serializers.Field):
    """Runs in the order of the seats."""


class FloorMapShape(serializers.Serializer):
    """A floor at the end of a day, run by run. Seats in no run are free."""

    floor = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    on = serializers.DateField()
    first_seat = serializers.IntegerField(help_text="Place 1 of the floor on the seat axis.")
    seats = serializers.IntegerField(help_text="When complete, whatever the day.")
    kinds = serializers.ListField(
        child=serializers.CharField(), help_text="What the third number of a run means."
    )
    runs = RunsField(
        help_text="[first place, last place, kind] or [first place, last place, kind, holder]: "
        "places count from 1 on the floor, kind and holder from 0 in their lists. No holder: "
        "nobody has them, or you may not know who."
    )
    holders = HolderShape(many=True)


def floor_map_answer(
    floor_id: int, day: date, answer: FloorAnswer, names: Collection[int] | None
) -> dict[str, Any]:
    """The answer, with the holders among `names` (None: all) and no other."""
    holders: dict[int, tuple[int, str]] = {}
    runs = []
    for first, last, kind, enterprise, name in answer.runs:
        run = [first, last, _NUMBER[kind]]
        if enterprise is not None and (names is None or enterprise in names):
            run.append(holders.setdefault(enterprise, (len(holders), name or ""))[0])
        runs.append(run)
    return {
        "floor": floor_id,
        "label": answer.label,
        "on": day.isoformat(),
        "first_seat": floor_id * SLOT,
        "seats": answer.seats,
        "kinds": KINDS,
        "runs": runs,
        "holders": [{"id": pk, "name": name} for pk, (_number, name) in holders.items()],
    }

"""Handover lists: what the API takes and gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet
from rest_framework import serializers

from park.axis import Span
from park.serializers import DayField
from seats.handover_lines import NewLine, is_doubtful, totals
from seats.models import (
    Allocation,
    Direction,
    Handover,
    HandoverChange,
    HandoverLine,
    HandoverState,
    Item,
)
from seats.models.handovers import HandoverQuerySet
from seats.serializers.fit_outs import RunField, RunsField, SeatRunShape, run_row
from seats.serializers.place import iso_day
from seats.services.handover_lists import MOST_LINES, MOST_OF_A_KIND
from web.instants import IsoInstant, iso_instant
from web.serializers import Body, Query, Text, VisibleRow, WholeNumber


class LineField(RunField):
    """So many things of a kind in a run of seats. What is not said to be otherwise is good."""

    item = serializers.ChoiceField(Item.choices)
    name = Text(default="", allow_blank=True, max_length=60, help_text="Of `other`: what it is.")
    count = WholeNumber(min_value=0, max_value=MOST_OF_A_KIND, help_text="There should be.")
    worn = WholeNumber(default=0, min_value=0, max_value=MOST_OF_A_KIND)
    damaged = WholeNumber(default=0, min_value=0, max_value=MOST_OF_A_KIND)
    missing = WholeNumber(default=0, min_value=0, max_value=MOST_OF_A_KIND)
    note = Text(default="", allow_blank=True, max_length=200)


class LinesField(serializers.ListField):
    """The lines of a list."""

    child = LineField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=MOST_LINES, **kwargs)

    def to_internal_value(self, data: Any) -> list[NewLine]:
        return [
            NewLine(
                seats=Span(line.pop("first_seat"), line.pop("last_seat") + 1),
                item=Item(line.pop("item")),
                **line,
            )
            for line in super().to_internal_value(data)
        ]


class HandoverForm(Body):
    """The list as it is to be."""

    on = DayField(help_text="The day of the handover.")
    note = Text(default="", allow_blank=True, max_length=2000)
    lines = LinesField()


class NewHandover(Body):
    """A list for an allocation; prefilled, where no lines are sent."""

    allocation = VisibleRow(Allocation)
    direction = serializers.ChoiceField(Direction.choices)
    on = DayField(help_text="The day of the handover.")
    note = Text(default="", allow_blank=True, max_length=2000)
    runs = RunsField(default=list, help_text="Some of its seats. Without them: all.")
    lines = LinesField(required=False)
    replaces = VisibleRow(
        Handover, default=None, allow_null=True, help_text="Id of the signed list that it corrects."
    )
    reason = Text(default="", allow_blank=True, max_length=300)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Give the values that the service takes."""
        allocation = attrs.pop("allocation")
        direction = Direction(attrs.pop("direction"))
        spans = attrs.pop("runs")
        return {**attrs, "allocation_id": allocation.pk, "direction": direction, "spans": spans}


class Signature(Body):
    """Who signs, by full name. If-Match says which list."""

    signer = Text(max_length=80)
    note = Text(default="", allow_blank=True, max_length=2000, help_text="The enterprise's remark.")


class HandoverFilters(Query):
    state = serializers.ChoiceField(HandoverState.choices, required=False)
    direction = serializers.ChoiceField(Direction.choices, required=False)
    enterprise = serializers.IntegerField(required=False)
    allocation = serializers.IntegerField(required=False)


class SignatureShape(serializers.Serializer):
    """A signature."""

    signer = serializers.CharField()
    user = serializers.CharField(help_text="The account that signed.")
    at = serializers.DateTimeField()


class HandoverShape(serializers.Serializer):
    """A checklist of what is in the seats."""

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="What people call it, such as H-2026-0003.")
    direction = serializers.ChoiceField(Direction.choices)
    state = serializers.ChoiceField(HandoverState.choices)
    allocation = serializers.IntegerField()
    enterprise = serializers.IntegerField()
    enterprise_name = serializers.CharField()
    on = serializers.DateField()
    note = serializers.CharField(allow_blank=True)
    park_signature = SignatureShape(allow_null=True)
    enterprise_signature = SignatureShape(allow_null=True)
    enterprise_note = serializers.CharField(allow_blank=True)
    replaces = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class HandoverLineShape(SeatRunShape):
    """So many things of a kind. `then_…`: at move-in, where the list of then has this line."""

    item = serializers.ChoiceField(Item.choices)
    name = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()
    good = serializers.IntegerField()
    worn = serializers.IntegerField()
    damaged = serializers.IntegerField()
    missing = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True)
    then_count = serializers.IntegerField(allow_null=True)
    then_worn = serializers.IntegerField(allow_null=True)
    then_damaged = serializers.IntegerField(allow_null=True)
    is_doubtful = serializers.BooleanField(help_text="More than seats, and no note says why.")


class HandoverTotalShape(serializers.Serializer):
    """The lines of one kind together."""

    item = serializers.ChoiceField(Item.choices)
    name = serializers.CharField(allow_blank=True)
    then_count = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()
    good = serializers.IntegerField()
    worn = serializers.IntegerField()
    damaged = serializers.IntegerField()
    newly_damaged = serializers.IntegerField()
    missing = serializers.IntegerField()


class HandoverChangeShape(serializers.Serializer):
    """One thing that happened."""

    step = serializers.CharField()
    state = serializers.ChoiceField(HandoverState.choices, help_text="After it.")
    note = serializers.CharField(allow_blank=True)
    by = serializers.CharField()
    at = serializers.DateTimeField()


class HandoverDetailShape(HandoverShape):
    """A list with its lines, their sums and what has happened."""

    lines = HandoverLineShape(many=True)
    totals = HandoverTotalShape(many=True)
    changes = HandoverChangeShape(many=True)


def handover_values(rows: HandoverQuerySet) -> QuerySet[Handover, dict[str, Any]]:
    """`rows` as `handover_row` wants them."""
    return rows.values(
        *("id", "direction", "state", "allocation_id", "enterprise_id", "enterprise__short_name"),
        *("on", "note", "park_signer", "park_signed_by__name", "firm_signer", "firm_note"),
        *("firm_signed_by__name", "replaces_id", "reason", "created_at", "sample_fields"),
        *("source", "version"),
        park_at=IsoInstant("park_signed_at"),
        firm_at=IsoInstant("firm_signed_at"),
    )


def handover_row(row: dict[str, Any]) -> dict[str, Any]:
    """A list as the API shows it."""
    return {
        "id": row["id"],
        "number": Handover(pk=row["id"], created_at=row["created_at"]).number,
        "direction": row["direction"],
        "state": row["state"],
        "allocation": row["allocation_id"],
        "enterprise": row["enterprise_id"],
        "enterprise_name": row["enterprise__short_name"],
        "on": iso_day(row["on"]),
        "note": row["note"],
        "park_signature": _signature(row, "park"),
        "enterprise_signature": _signature(row, "firm"),
        "enterprise_note": row["firm_note"],
        "replaces": row["replaces_id"],
        "reason": row["reason"],
        "created_at": iso_instant(row["created_at"]),
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def _signature(row: dict[str, Any], side: str) -> dict[str, Any] | None:
    if row[f"{side}_at"] is None:
        return None
    return {
        "signer": row[f"{side}_signer"],
        "user": row[f"{side}_signed_by__name"],
        "at": row[f"{side}_at"],
    }


def line_rows(handover_id: int) -> dict[str, list[dict[str, Any]]]:
    """The lines of a list and the sums of each kind, in one query."""
    lines = list(
        HandoverLine.objects.filter(handover=handover_id)
        .select_related("floor")
        .annotate(first=F("seats__startswith"))
        .order_by("first", "pk")
    )
    return {"lines": [_line_row(line) for line in lines], "totals": list(_total_rows(lines))}


_COUNTS = ("count", "good", "worn", "damaged", "missing")


def _line_row(line: HandoverLine) -> dict[str, Any]:
    where = {
        "floor_id": line.floor_id,
        "floor__label": line.floor.label,
        "first": line.seats.lower,
        "beyond": line.seats.upper,
    }
    names = ("item", "name", *_COUNTS, "note", "then_count", "then_worn", "then_damaged")
    told = {name: getattr(line, name) for name in names}
    return {**run_row(where), **told, "is_doubtful": is_doubtful(line)}


def _total_rows(lines: Sequence[HandoverLine]) -> Iterable[dict[str, Any]]:
    names = ("item", "name", "then_count", *_COUNTS, "newly_damaged")
    return ({name: getattr(total, name) for name in names} for total in totals(lines))


def change_rows(handover_id: int) -> list[dict[str, Any]]:
    """What has happened to a list, from the first step on."""
    changes = HandoverChange.objects.filter(handover=handover_id).select_related("by")
    return [
        {
            "step": change.step,
            "state": change.to_state,
            "note": change.note,
            "by": change.by.name,
            "at": iso_instant(change.at),
        }
        for change in changes.order_by("pk")
    ]

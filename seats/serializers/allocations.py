"""Allocations and their blocks: what the API takes and gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from park.axis import Span, seat_label
from park.serializers import DayField, InstantField
from seats.models import Allocation, AllocationKind, SeatBlock, SeatRequest
from seats.rectangles import Rectangle, last_included
from seats.serializers.place import iso_day
from seats.services.planning import MOST_BLOCKS
from tenants.models import Enterprise
from web.instants import IsoInstant
from web.serializers import Body, Query, Text, VisibleRow, WholeNumber


def _check_order(attrs: dict[str, Any]) -> dict[str, Any]:
    errors = {}
    if attrs["last_seat"] < attrs["first_seat"]:
        errors["last_seat"] = _("The last seat must not come before the first.")
    if attrs.get("end") and attrs["end"] < attrs["start"]:
        errors["end"] = _("The last day must not come before the first.")
    if errors:
        raise serializers.ValidationError(errors)
    return attrs


class NewBlock(Body):
    """A run of seats of one floor for a run of days; first and last are both included."""

    first_seat = WholeNumber(help_text="Its number on the park's axis.")
    last_seat = WholeNumber()
    start = DayField()
    end = DayField(required=False, allow_null=True, help_text="null: until further notice.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _check_order(attrs)


class NewBlocks(serializers.ListField):
    """One to 1,000 blocks; inside, rectangles."""

    child = NewBlock()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=MOST_BLOCKS, **kwargs)

    def to_internal_value(self, data: Any) -> list[Rectangle]:
        return [
            Rectangle.of_days(
                block["first_seat"], block["last_seat"], block["start"], block.get("end")
            )
            for block in super().to_internal_value(data)
        ]


class NewAllocation(Body):
    """All of the blocks are allocated, or none."""

    enterprise = VisibleRow(
        Enterprise,
        default=None,
        allow_null=True,
        help_text="Its id. May be left out with `request`; a closure has none.",
    )
    kind = serializers.ChoiceField(AllocationKind.choices)
    expires_at = InstantField(
        default=None,
        allow_null=True,
        help_text="Of a hold. Without it: after the days that are set; on a floor that is not "
        "handed over, some days after its handover.",
    )
    blocks = NewBlocks()
    request = VisibleRow(
        SeatRequest,
        default=None,
        allow_null=True,
        help_text="Id of the seat request that it answers.",
    )
    reason = Text(allow_blank=True, default="", max_length=200)
    due_on = DayField(
        default=None,
        allow_null=True,
        help_text="Of closed seats: when they are meant to be back; it opens nothing by itself.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        request, enterprise = attrs["request"], attrs["enterprise"]
        if request is None:
            return attrs
        if attrs["kind"] == AllocationKind.CLOSURE:
            raise serializers.ValidationError({"request": _("Closed seats answer no request.")})
        if enterprise is not None and enterprise.pk != request.enterprise_id:
            raise serializers.ValidationError(
                {"request": _("This request is another enterprise's.")}
            )
        return {**attrs, "enterprise": request.enterprise}


class Release(Body):
    """Seats to be free from a day on: all of the allocation's, or those of a run."""

    LAST_SEAT = 2**31 - 2

    start = DayField(help_text="The first day on which they are free.")
    first_seat = WholeNumber(required=False, allow_null=True, min_value=0, max_value=LAST_SEAT)
    last_seat = WholeNumber(required=False, allow_null=True, min_value=0, max_value=LAST_SEAT)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first, last = attrs.get("first_seat"), attrs.get("last_seat")
        if first is None and last is None:
            return {"start": attrs["start"], "seats": None}
        for name, seat in (("first_seat", first), ("last_seat", last)):
            if seat is None:
                raise serializers.ValidationError(
                    {name: _("Give the first and the last seat, or neither.")}
                )
        _check_order(attrs)
        return {"start": attrs["start"], "seats": Span(first, last + 1)}  # type: ignore


class HoldExtension(Body):
    """Until when a hold lasts from now on, and why."""

    expires_at = InstantField(help_text="Later than it expires now.")
    reason = Text(max_length=200, help_text="Why it is extended.")


class AllocationFilters(Query):
    enterprise = serializers.IntegerField(required=False)
    kind = serializers.ChoiceField(AllocationKind.choices, required=False)
    request = serializers.IntegerField(required=False)
    floor = serializers.CharField(
        required=False, max_length=30, help_text="Id or label of a floor that it has seats on."
    )


class BlockShape(serializers.Serializer):
    """Seats side by side on one floor, from a first to a last day."""

    id = serializers.IntegerField()
    floor = serializers.IntegerField(help_text="The floor's id.")
    kind = serializers.ChoiceField(AllocationKind.choices)
    first_seat = serializers.IntegerField()
    last_seat = serializers.IntegerField()
    first_label = serializers.CharField(help_text="Such as C-1-3F-017.")
    last_label = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)


class AllocationShape(serializers.Serializer):
    """One decision about seats."""

    id = serializers.IntegerField()
    enterprise = serializers.IntegerField(allow_null=True)
    enterprise_name = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(AllocationKind.choices)
    expires_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When the hold expired.")
    request = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(
        allow_null=True, help_text="When closed seats are meant to be back."
    )
    created_at = serializers.DateTimeField()
    blocks = BlockShape(many=True)
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


def allocation_values(
    allocations: QuerySet[Allocation],
) -> QuerySet[Allocation, dict[str, Any]]:
    """`allocations` as `allocation_rows` wants them."""
    return allocations.values(
        *("id", "enterprise_id", "enterprise__short_name", "kind", "request_id", "reason"),
        *("due_on", "sample_fields", "source", "version"),
        expires=IsoInstant("expires_at"),
        ended=IsoInstant("ended_at"),
        created=IsoInstant("created_at"),
    )


def on_floor(
    allocations: QuerySet[Allocation, dict[str, Any]], floor: str
) -> QuerySet[Allocation, dict[str, Any]]:
    """Those with seats on a floor, named by its id or label."""
    blocks = SeatBlock.objects.all()
    if floor.isdecimal():
        blocks = blocks.filter(floor=int(floor))
    else:
        blocks = blocks.filter(floor__label=floor)
    return allocations.filter(pk__in=blocks.values("allocation"))


def allocation_rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """`rows` with their blocks, in one query."""
    blocks: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for block in _block_values(blocks.keys()):
        blocks[block["allocation_id"]].append(_block_row(block))
    return [_allocation_row(row, blocks[row["id"]]) for row in rows]


def _allocation_row(row: dict[str, Any], blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "enterprise": row["enterprise_id"],
        "enterprise_name": row["enterprise__short_name"],
        "kind": row["kind"],
        "expires_at": row["expires"],
        "ended_at": row["ended"],
        "request": row["request_id"],
        "reason": row["reason"],
        "due_on": iso_day(row["due_on"]),
        "created_at": row["created"],
        "blocks": blocks,
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def _block_values(allocation_ids: Iterable[int]) -> Iterable[dict[str, Any]]:
    return (
        SeatBlock.objects.filter(allocation__in=list(allocation_ids))
        .annotate(
            first=F("seats__startswith"),
            beyond=F("seats__endswith"),
            start=F("period__startswith"),
            after=F("period__endswith"),
        )
        .order_by("first", "start")
        .values(
            *("id", "allocation_id", "floor_id", "floor__label", "kind"),
            *("first", "beyond", "start", "after"),
        )
    )


def _block_row(block: dict[str, Any]) -> dict[str, Any]:
    last = block["beyond"] - 1
    return {
        "id": block["id"],
        "floor": block["floor_id"],
        "kind": block["kind"],
        "first_seat": block["first"],
        "last_seat": last,
        "first_label": seat_label(block["floor__label"], block["first"]),
        "last_label": seat_label(block["floor__label"], last),
        "start": iso_day(block["start"]),
        "end": iso_day(last_included(block["after"])),
    }

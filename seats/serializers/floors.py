"""Moving a floor's day: what the API takes, and which promises it says are broken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from rest_framework import serializers

from park.axis import seat_label
from park.serializers import DayField
from seats.models import SeatBlock
from seats.rectangles import last_included
from seats.serializers.place import FloorShape, iso_day
from web.serializers import Body, WholeNumber, YesNo


class Move(Body):
    """Common to both ways in which a floor's day is moved."""

    dry_run = YesNo(default=False, help_text="Show what would break; write nothing.")
    seen = serializers.ListField(
        child=WholeNumber(),
        default=None,
        allow_null=True,
        max_length=10_000,
        help_text="The blocks that a dry run showed as broken. Others by now: 409.",
    )


class Delay(Move):
    """The day that a floor is planned for from now on."""

    planned_on = DayField(allow_null=True, help_text="A day to come; null: not known.")


class Delivery(Move):
    """The day on which a floor was handed over."""

    delivered_on = DayField(help_text="Not a day to come.")


class BrokenShape(serializers.Serializer):
    """Seats promised for days on which their floor will not be there."""

    block = serializers.IntegerField()
    allocation = serializers.IntegerField()
    request = serializers.IntegerField(allow_null=True)
    enterprise = serializers.IntegerField()
    enterprise_name = serializers.CharField()
    first_seat = serializers.IntegerField()
    last_seat = serializers.IntegerField()
    first_label = serializers.CharField()
    last_label = serializers.CharField()
    start = serializers.DateField(help_text="As promised.")
    end = serializers.DateField(allow_null=True)
    new_start = serializers.DateField(
        allow_null=True, help_text="Their first day then; null: they do not come, or no day is set."
    )


class MovedFloorShape(FloorShape):
    """A floor, and the promises broken by moving its day."""

    broken = BrokenShape(many=True)


def broken_rows(blocks: Iterable[SeatBlock], day: date | None) -> list[dict[str, Any]]:
    """`blocks`, as they were promised, and what is left of them from `day` on."""
    return [_broken_row(block, day) for block in blocks]


def _broken_row(block: SeatBlock, day: date | None) -> dict[str, Any]:
    first, last, end = block.seats.lower, block.seats.upper - 1, block.period.upper
    allocation = block.allocation
    return {
        "block": block.pk,
        "allocation": block.allocation_id,
        "request": allocation.request_id if allocation else None,
        "enterprise": block.enterprise_id,
        "enterprise_name": block.enterprise.short_name if block.enterprise else "",
        "first_seat": first,
        "last_seat": last,
        "first_label": seat_label(block.floor.label, first),
        "last_label": seat_label(block.floor.label, last),
        "start": iso_day(block.period.lower),
        "end": iso_day(last_included(end)),
        "new_start": None if end is not None and day and end <= day else iso_day(day),
    }

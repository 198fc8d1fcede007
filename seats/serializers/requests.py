"""Seat requests: what the API takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from rest_framework import serializers

from park.axis import Span
from park.serializers import DayField
from seats.models import RequestKind, RequestState, SeatRequest, StateChange
from seats.request_history import change_note
from seats.serializers.allocations import AllocationShape, NewBlocks, Release
from seats.serializers.place import iso_day
from seats.services.wishes import Wish
from tenants.serializers import ActingForField
from web.instants import iso_instant
from web.serializers import Body, Query, Text, WholeNumber, YesNo

PARTIES = {
    RequestState.DRAFT: "enterprise",
    RequestState.SENT_BACK: "enterprise",
    RequestState.SUBMITTED: "park",
    RequestState.IN_REVIEW: "park",
}
NEXT_STEPS = {
    RequestState.DRAFT: "submit",
    RequestState.SUBMITTED: "review",
    RequestState.IN_REVIEW: "decide",
    RequestState.SENT_BACK: "revise",
}


class SeatRequestForm(Body):
    """What is asked for. Days are both included."""

    kind = serializers.ChoiceField(RequestKind.choices, default=RequestKind.NEW)
    seats = WholeNumber(help_text="At least 1, at most what the park has when complete.")
    start = DayField()
    end = DayField(default=None, allow_null=True, help_text="null: until further notice.")
    zones = serializers.ListField(
        child=Text(max_length=6), default=list, max_length=100, help_text="Codes; none: any zone."
    )
    contiguous = YesNo(default=False, help_text="Only in one run.")
    note = Text(default="", allow_blank=True, max_length=2000)


class NewSeatRequest(SeatRequestForm):
    """A draft."""

    enterprise = ActingForField()


class RunToRelease(Release):
    """A run that the enterprise gives up, from a day on."""

    first_seat = WholeNumber(min_value=0, max_value=Release.LAST_SEAT)
    last_seat = WholeNumber(min_value=0, max_value=Release.LAST_SEAT)


class Approval(Body):
    """The seats that the enterprise gets, and those that it gives up."""

    blocks = NewBlocks(required=False, help_text="Left out only when seats are given back.")
    release = serializers.ListField(child=RunToRelease(), default=list, max_length=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        released = [(cast(Span, run["seats"]), run["start"]) for run in attrs["release"]]
        return {"rectangles": attrs.get("blocks", []), "released": released}


class RequestFilters(Query):
    state = serializers.ChoiceField(RequestState.choices, required=False)
    enterprise = serializers.IntegerField(required=False)
    kind = serializers.ChoiceField(RequestKind.choices, required=False)


class SeatRequestOwnerShape(serializers.Serializer):
    """Whose turn it is."""

    party = serializers.ChoiceField(["park", "enterprise"], allow_null=True)
    user = serializers.CharField(allow_null=True, help_text="Where one person has taken it.")
    since = serializers.DateTimeField()


class SeatRequestShape(serializers.Serializer):
    """An enterprise asks for seats, or gives some back."""

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="What people call it, such as R-2026-0031.")
    state = serializers.ChoiceField(RequestState.choices)
    enterprise = serializers.IntegerField()
    enterprise_name = serializers.CharField()
    kind = serializers.ChoiceField(RequestKind.choices)
    seats = serializers.IntegerField()
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    zones = serializers.ListField(child=serializers.CharField())
    contiguous = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)
    owner = SeatRequestOwnerShape()
    next_step = serializers.ChoiceField(
        list(NEXT_STEPS.values()),
        allow_null=True,
        help_text="submit (draft), review (submitted), decide (in review), revise (sent back); "
        "null: it is over.",
    )
    created_at = serializers.DateTimeField()
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class SeatRequestChangeShape(serializers.Serializer):
    """One step in the request's life."""

    state = serializers.ChoiceField(RequestState.choices)
    note = serializers.CharField(allow_blank=True)
    by = serializers.CharField()
    at = serializers.DateTimeField()


class SeatRequestDetailShape(SeatRequestShape):
    """A request with what has happened to it and the allocation that came of it."""

    changes = SeatRequestChangeShape(many=True)
    allocation = AllocationShape(allow_null=True)


def request_values(requests: QuerySet[SeatRequest]) -> QuerySet[SeatRequest, dict[str, Any]]:
    """`requests` as `request_row` wants them."""
    return requests.values(
        *("id", "state", "enterprise_id", "enterprise__short_name", "kind", "seats", "start"),
        *("end", "zones", "contiguous", "note", "owner__name", "since", "created_at"),
        *("sample_fields", "source", "version"),
    )


def request_row(row: dict[str, Any]) -> dict[str, Any]:
    """A request as the API shows it."""
    return {
        "id": row["id"],
        "number": SeatRequest(pk=row["id"], created_at=row["created_at"]).number,
        "state": row["state"],
        "enterprise": row["enterprise_id"],
        "enterprise_name": row["enterprise__short_name"],
        "kind": row["kind"],
        "seats": row["seats"],
        "start": iso_day(row["start"]),
        "end": iso_day(row["end"]),
        "zones": row["zones"],
        "contiguous": row["contiguous"],
        "note": row["note"],
        "owner": {
            "party": PARTIES.get(row["state"]),
            "user": row["owner__name"],
            "since": iso_instant(row["since"]),
        },
        "next_step": NEXT_STEPS.get(row["state"]),
        "created_at": iso_instant(row["created_at"]),
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def change_rows(request_id: int) -> list[dict[str, Any]]:
    """What has happened to a request, from the first step on."""
    changes = StateChange.objects.filter(request=request_id).select_related("by", "request")
    return [
        {
            "state": change.to_state,
            "note": change_note(change),
            "by": change.by.name,
            "at": iso_instant(change.at),
        }
        for change in changes.prefetch_related("runs").order_by("pk")
    ]


def changed_wish(row: Mapping[str, Any], told: Mapping[str, Any]) -> Wish:
    """The wish that `row` holds, with what was told in place of the old."""
    return Wish(**{name: told.get(name, row[name]) for name in Wish._fields})

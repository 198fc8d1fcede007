"""Seat requests: what the API takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from rest_framework import serializers

from park.axis import Span
from park.serializers import DayField, InstantField
from seats.models import (
    Equipment,
    RequestKind,
    RequestPhase,
    RequestState,
    SeatRequest,
    StateChange,
)
from seats.planner import Phase
from seats.request_clock import RequestClock
from seats.request_history import change_note
from seats.serializers.allocations import AllocationShape, NewBlocks, Release
from seats.serializers.place import iso_day
from seats.services.wishes import MOST_PHASES, Needs, Wish, wish_of
from tenants.models import BusinessClass
from tenants.serializers import ActingForField
from web.instants import iso_instant
from web.serializers import Body, Query, Text, WholeNumber, YesNo

PARTIES = {
    RequestState.DRAFT: "enterprise",
    RequestState.SENT_BACK: "enterprise",
    RequestState.OFFERED: "enterprise",
    RequestState.SUBMITTED: "park",
    RequestState.IN_REVIEW: "park",
    RequestState.DECLINED: "park",
    RequestState.EXPIRED: "park",
    RequestState.ACCEPTED: "park",
}
NEXT_STEPS = {
    RequestState.DRAFT: "submit",
    RequestState.SUBMITTED: "review",
    RequestState.IN_REVIEW: "decide",
    RequestState.SENT_BACK: "revise",
    RequestState.OFFERED: "answer",
    RequestState.DECLINED: "decide",
    RequestState.EXPIRED: "decide",
    RequestState.ACCEPTED: "hand_over",
}


class PhaseForm(Body):
    """A part of the seats, from a day of its own."""

    seats = WholeNumber()
    start = DayField()


class NeedsForm(Body):
    """What the space needs."""

    closed_room = YesNo(default=False, help_text="A workspace that is closed off from others.")
    all_hours = YesNo(default=False, help_text="Access 24 hours a day.")
    computers = WholeNumber(default=None, allow_null=True)
    network_ports = WholeNumber(default=None, allow_null=True)
    equipment = serializers.ChoiceField(
        Equipment.choices,
        default=None,
        allow_null=True,
        help_text="Whose desks and computers: the park's, or the enterprise's own.",
    )
    fit_out = YesNo(default=False, help_text="Wants the space fitted out.")


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
    business = serializers.ChoiceField(
        BusinessClass.choices, default=None, allow_null=True, help_text="The line of business."
    )
    needs = NeedsForm(default=dict)
    phases = serializers.ListField(
        child=PhaseForm(),
        default=list,
        max_length=MOST_PHASES,
        help_text="They add up to `seats`, the first on `start`. None: all from that day on.",
    )


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


class Offer(Approval):
    """The seats that are held for the enterprise, those that it gives up, and until when."""

    blocks = NewBlocks()
    expires_at = InstantField(
        default=None, allow_null=True, help_text="Without it: after the days that are set."
    )
    note = Text(default="", allow_blank=True, max_length=2000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        more = {name: attrs[name] for name in ("expires_at", "note")}
        return {**super().validate(attrs), **more}


class HandOver(Body):
    """Who of the park has the request from now on, and what is to be done."""

    to = Text(max_length=254, help_text="The colleague's e-mail address.")
    note = Text(max_length=2000)


class RequestFilters(Query):
    state = serializers.ChoiceField(RequestState.choices, required=False)
    enterprise = serializers.IntegerField(required=False)
    kind = serializers.ChoiceField(RequestKind.choices, required=False)


class SeatRequestOwnerShape(serializers.Serializer):
    """Whose turn it is."""

    party = serializers.ChoiceField(["park", "enterprise"], allow_null=True)
    user = serializers.CharField(allow_null=True, help_text="Where one person has taken it.")
    since = serializers.DateTimeField()


class SeatRequestNeedsShape(serializers.Serializer):
    """What the space needs."""

    closed_room = serializers.BooleanField()
    all_hours = serializers.BooleanField()
    computers = serializers.IntegerField(allow_null=True)
    network_ports = serializers.IntegerField(allow_null=True)
    equipment = serializers.ChoiceField(Equipment.choices, allow_null=True)
    fit_out = serializers.BooleanField()


class SeatRequestPhaseShape(serializers.Serializer):
    """A part of the seats, from a day of its own."""

    seats = serializers.IntegerField()
    start = serializers.DateField()


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
    business = serializers.ChoiceField(BusinessClass.choices, allow_null=True)
    needs = SeatRequestNeedsShape()
    phases = SeatRequestPhaseShape(many=True)
    owner = SeatRequestOwnerShape()
    next_step = serializers.ChoiceField(
        list(NEXT_STEPS.values()),
        allow_null=True,
        help_text="submit (draft), review (submitted), decide (in review, declined, expired), "
        "revise (sent back), answer (offered), hand_over (accepted); null: it is over.",
    )
    promised_at = serializers.DateTimeField(
        allow_null=True,
        help_text="By when whoever's turn it is has promised to act; null: nobody has promised.",
    )
    working_hours_left = serializers.FloatField(
        allow_null=True, help_text="Until then; below nought it is over by that much."
    )
    created_at = serializers.DateTimeField()
    sample_fields = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


class SeatRequestChangeShape(serializers.Serializer):
    """One step in the request's life."""

    state = serializers.ChoiceField(RequestState.choices)
    note = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_null=True, help_text="null: Xiyuan itself.")
    at = serializers.DateTimeField()


class SeatRequestDetailShape(SeatRequestShape):
    """A request with what has happened to it and the allocation that came of it."""

    changes = SeatRequestChangeShape(many=True)
    allocation = AllocationShape(allow_null=True)


def request_values(requests: QuerySet[SeatRequest]) -> QuerySet[SeatRequest, dict[str, Any]]:
    """`requests` as `request_row` wants them."""
    phases = RequestPhase.objects.filter(request=OuterRef("pk")).order_by("start")
    return requests.values(
        *("id", "state", "enterprise_id", "enterprise__short_name", "kind", "seats", "start"),
        *("end", "zones", "contiguous", "note", "owner__name", "since", "created_at"),
        *("business", "needs_closed_room", "needs_all_hours", "computers", "network_ports"),
        *("equipment", "needs_fit_out", "promised_at", "promised_hours", "offer_id"),
        *("sample_fields", "source", "version"),
        in_phases=ArraySubquery(phases.values(json=JSONObject(seats="seats", start="start"))),
    )


def request_row(row: dict[str, Any], clock: RequestClock) -> dict[str, Any]:
    """A request as the API shows it."""
    party = PARTIES.get(row["state"])
    left = clock.left_of(row)
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
        "business": row["business"] or None,
        "needs": _needs_row(row),
        "phases": row["in_phases"],
        "owner": {
            "party": party,
            "user": row["owner__name"] if party == "park" else None,
            "since": iso_instant(row["since"]),
        },
        "next_step": NEXT_STEPS.get(row["state"]),
        "promised_at": iso_instant(row["promised_at"]),
        "working_hours_left": None if left is None else round(left.exact, 1),
        "created_at": iso_instant(row["created_at"]),
        "sample_fields": row["sample_fields"],
        "source": row["source"],
    }


def _needs_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "closed_room": row["needs_closed_room"],
        "all_hours": row["needs_all_hours"],
        "computers": row["computers"],
        "network_ports": row["network_ports"],
        "equipment": row["equipment"] or None,
        "fit_out": row["needs_fit_out"],
    }


def change_rows(request_id: int) -> list[dict[str, Any]]:
    """What has happened to a request, from the first step on."""
    changes = StateChange.objects.filter(request=request_id).select_related("by", "request")
    return [
        {
            "state": change.to_state,
            "note": change_note(change),
            "by": change.by.name if change.by else None,
            "at": iso_instant(change.at),
        }
        for change in changes.prefetch_related("runs").order_by("pk")
    ]


def new_wish(told: Mapping[str, Any]) -> Wish:
    """The wish that was told."""
    needs = {**told["needs"], "equipment": told["needs"].get("equipment") or ""}
    phases = [Phase(**phase) for phase in told["phases"]]
    rest = {"business": told["business"] or "", "needs": Needs(**needs), "phases": phases}
    return Wish(**{**told, **rest})


def changed_wish(request: SeatRequest, told: Mapping[str, Any]) -> Wish:
    """What `request` asks for, with what was told in place of the old."""
    wish = wish_of(request)._asdict()
    needs = {**wish["needs"]._asdict(), **told.get("needs", {})}
    phases = told.get("phases", [phase._asdict() for phase in wish["phases"]])
    return new_wish({**wish, **told, "needs": needs, "phases": phases})

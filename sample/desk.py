"""What lies on the desks when the sample is loaded: requests on their way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from sample import files
from sample.days import day_of
from sample.people import People
from sample.seating import pick
from seats.models import RequestKind, SeatRequest
from seats.planner import Phase
from seats.services.approvals import approve_request
from seats.services.offers import offer_request
from seats.services.requests import (
    create_request,
    send_back_request,
    submit_request,
    take_up_request,
)
from seats.services.wishes import Needs, Wish
from tenants.models import Enterprise


def add_requests(
    people: People,
    enterprises: dict[str, Enterprise],
    signers: dict[str, User],
    now: datetime,
    today: date,
) -> None:
    """Write the requests of sample/data/requests.yaml and take each as far as it is."""
    for row in files.read("requests.yaml"):
        wish = Wish(
            kind=RequestKind(row["kind"]),
            seats=row["seats"],
            start=day_of(row["from"], today),
            zones=row.get("zones", ()),
            contiguous=row.get("contiguous", False),
            note=row["note"],
            business=row.get("business", ""),
            needs=Needs(**row.get("needs", {})),
            phases=[Phase(seats, day_of(day, today)) for seats, day in row.get("phases", ())],
        )
        submitted_at = now - timedelta(hours=row.get("submitted", 1))
        request = create_request(
            enterprise=enterprises[row["who"]],
            wish=wish,
            now=submitted_at - timedelta(hours=1),
            sample_fields=["*"],
            acting_user=signers[row["who"]],
        )
        if "submitted" in row:
            submit_request(request_id=request.pk, now=submitted_at, acting_user=signers[row["who"]])
            _go_on(request, row, people, now)


def _go_on(request: SeatRequest, row: Mapping[str, Any], people: People, now: datetime) -> None:
    """Take the park's steps: taken up, sent back, offered, approved."""
    if "take_up" in row:
        who, hours = row["take_up"]
        take_up_request(
            request_id=request.pk, now=now - timedelta(hours=hours), acting_user=people[who]
        )
    if "send_back" in row:
        who, hours, note = row["send_back"]
        send_back_request(
            request_id=request.pk,
            note=note,
            now=now - timedelta(hours=hours),
            acting_user=people[who],
        )
    if "offer" in row:
        who, hours, note = row["offer"]
        offered_at = now - timedelta(hours=hours)
        offer_request(
            request_id=request.pk,
            rectangles=list(pick(row["where"], request.seats, request.start, None)),
            note=note,
            today=timezone.localdate(offered_at),
            now=offered_at,
            acting_user=people[who],
        )
    if "approve" in row:
        who, hours = row["approve"]
        approved_at = now - timedelta(hours=hours)
        approve_request(
            request_id=request.pk,
            rectangles=list(pick(row["where"], request.seats, request.start, None)),
            today=timezone.localdate(approved_at),
            now=approved_at,
            acting_user=people[who],
        )

"""Seat requests: asked for by enterprises, read by both sides. Steps: seats/api/steps.py."""

from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.idempotency import once
from seats.models import Allocation, SeatRequest
from seats.request_clock import RequestClock
from seats.serializers import requests
from seats.serializers.allocations import allocation_rows, allocation_values
from seats.services import requests as services
from seats.services.steps import refuse_others
from web.api import DetailView, ListView, NounView, Row, Rows

NEEDS = {name: f"needs.{name}" for name in ("computers", "network_ports")}


class RequestNoun(NounView):
    shape = requests.SeatRequestDetailShape
    detail_name = "seat-request-detail"

    def rows(self) -> Rows:
        return requests.request_values(SeatRequest.objects.visible_to(self.user))

    def present(self, rows: Sequence[Row]) -> list[Row]:
        time = RequestClock(clock.now())
        return [requests.request_row(row, time) for row in rows]

    def more(self, row: Row) -> Row:
        which = {"pk": row["offer_id"]} if row["offer_id"] else {"request": row["id"]}
        allocations = Allocation.objects.filter(**which).order_by("-pk")
        latest = allocation_rows(list(allocation_values(allocations)[:1]))
        return {
            "changes": requests.change_rows(row["id"]),
            "allocation": latest[0] if latest else None,
        }


class RequestList(RequestNoun, ListView):
    """Requests, newest first. The park sees drafts only where it writes them itself."""

    permissions = {"GET": "seats.view_seatrequest", "POST": "seats.add_seatrequest"}
    row_shape = requests.SeatRequestShape
    filters = requests.RequestFilters
    form = requests.NewSeatRequest
    renamed = NEEDS

    @once
    def post(self, request: Request) -> Response:
        """Write a draft; submit it afterwards."""
        told = self.body()
        draft = services.create_request(
            enterprise=told.pop("enterprise"),
            wish=requests.new_wish(told),
            now=clock.now(),
            acting_user=self.user,
        )
        return self.shown(draft.pk, status=201)


class RequestDetail(RequestNoun, DetailView):
    """A request."""

    permissions = {"GET": "seats.view_seatrequest", "PATCH": "seats.add_seatrequest"}
    form = requests.SeatRequestForm
    renamed = NEEDS

    def patch(self, request: Request, pk: int) -> Response:
        """Change a draft, or what was sent back."""
        self.must_exist(pk)
        refuse_others(SeatRequest.objects.get(pk=pk), self.user)
        return self.patch_row(pk)

    def change(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        row = SeatRequest.objects.visible_to(self.user).prefetch_related("phases").get(pk=pk)
        # What was not told stays as it is here: so nobody may change it in between.
        expected = who.pop("expected_version")
        services.edit_request(
            request_id=pk,
            wish=requests.changed_wish(row, told),
            now=clock.now(),
            expected_version=row.version if expected is None else expected,
            **who,
        )

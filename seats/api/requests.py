"""Seat requests: asked for by enterprises, decided by the park."""

from collections.abc import Sequence
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from foundation import clock
from foundation.idempotency import once
from seats.models import Allocation, SeatRequest
from seats.serializers import requests
from seats.serializers.allocations import allocation_rows, allocation_values
from seats.services import requests as services
from seats.services import wishes
from seats.services.approvals import approve_request
from web.api import ActionView, DetailView, ListView, NounView, Row, Rows
from web.serializers import Body, Note, Nothing


class RequestNoun(NounView):
    shape = requests.SeatRequestDetailShape
    detail_name = "seat-request-detail"

    def rows(self) -> Rows:
        return requests.request_values(SeatRequest.objects.visible_to(self.user))

    def present(self, rows: Sequence[Row]) -> list[Row]:
        return [requests.request_row(row) for row in rows]

    def more(self, row: Row) -> Row:
        allocations = Allocation.objects.filter(request=row["id"]).order_by("-pk")
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

    @once
    def post(self, request: Request) -> Response:
        """Write a draft; submit it afterwards."""
        told = self.body()
        draft = services.create_request(
            enterprise=told.pop("enterprise"),
            wish=wishes.Wish(**told),
            now=clock.now(),
            acting_user=self.user,
        )
        return self.shown(draft.pk, status=201)


class RequestDetail(RequestNoun, DetailView):
    """A request."""

    permissions = {"GET": "seats.view_seatrequest", "PATCH": "seats.add_seatrequest"}
    form = requests.SeatRequestForm

    def patch(self, request: Request, pk: int) -> Response:
        """Change a draft, or what was sent back."""
        self.must_exist(pk)
        services.refuse_others(SeatRequest.objects.get(pk=pk), self.user)
        return self.patch_row(pk)

    def change(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        row = self.rows().get(pk=pk)
        # What was not told stays as it is here: so nobody may change it in between.
        expected = who.pop("expected_version")
        services.edit_request(
            request_id=pk,
            wish=requests.changed_wish(row, told),
            now=clock.now(),
            expected_version=row["version"] if expected is None else expected,
            **who,
        )


class RequestAction(RequestNoun, ActionView):
    permissions = {"POST": "seats.decide_seatrequest"}
    form: ClassVar[type[Body]] = Nothing


class RequestSubmit(RequestAction):
    """Hand a draft, or what was sent back, to the park."""

    permissions = {"POST": "seats.add_seatrequest"}

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.submit_request(request_id=pk, now=clock.now(), **who)


class RequestWithdraw(RequestAction):
    """Take a request back while it is not decided."""

    permissions = {"POST": "seats.add_seatrequest"}

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.withdraw_request(request_id=pk, now=clock.now(), **who)


class RequestTakeUp(RequestAction):
    """Take a submitted request in hand: the enterprise sees who has it."""

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.take_up_request(request_id=pk, now=clock.now(), **who)


class RequestSendBack(RequestAction):
    """Ask the enterprise to complete its request; `note` says what is missing."""

    form = Note

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.send_back_request(request_id=pk, note=told["note"], now=clock.now(), **who)


class RequestReject(RequestAction):
    """Turn a request down; `note` says why."""

    form = Note

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        services.reject_request(request_id=pk, note=told["note"], now=clock.now(), **who)


class RequestApprove(RequestAction):
    """Fulfil a request at once: the seats become the enterprise's, all of them or none."""

    form = requests.Approval
    renamed = {"released": "release"}

    @once
    def post(self, request: Request, pk: int) -> Response:
        return super().post(request, pk)

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        approve_request(request_id=pk, today=clock.today(), now=clock.now(), **told, **who)

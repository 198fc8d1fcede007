"""The steps of a seat request, each with an address of its own (seats/services/steps.py)."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from foundation import clock
from foundation.idempotency import once
from seats.api.requests import RequestNoun
from seats.serializers import requests
from seats.services import offers
from seats.services import requests as services
from seats.services.approvals import approve_request
from seats.services.fulfilment import fulfil_request
from web.api import ActionView
from web.refusals import Invalid
from web.serializers import Body, Note, Nothing


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


class RequestHandOver(RequestAction):
    """Give a request that is in hand to a colleague; `note` says what is to be done."""

    form = requests.HandOver

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        to = User.objects.filter(email__iexact=told["to"]).first()
        if to is None:
            raise Invalid({"to": _("Nobody here has this e-mail address.")})
        services.hand_over_request(request_id=pk, to=to, note=told["note"], now=clock.now(), **who)


class RequestApprove(RequestAction):
    """Fulfil a request at once: the seats become the enterprise's, all of them or none."""

    form = requests.Approval
    renamed = {"released": "release"}

    @once
    def post(self, request: Request, pk: int) -> Response:
        return super().post(request, pk)

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        approve_request(request_id=pk, today=clock.today(), now=clock.now(), **told, **who)


class RequestOffer(RequestAction):
    """Hold seats for the enterprise, all of them or none, until it accepts or declines."""

    form = requests.Offer
    renamed = {"released": "release"}

    @once
    def post(self, request: Request, pk: int) -> Response:
        return super().post(request, pk)

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        offers.offer_request(request_id=pk, today=clock.today(), now=clock.now(), **told, **who)


class RequestRecall(RequestAction):
    """Take an offer back, its seats are free again; `note` says why."""

    form = Note

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        offers.recall_offer(
            request_id=pk, note=told["note"], today=clock.today(), now=clock.now(), **who
        )


class RequestAccept(RequestAction):
    """Take the offered seats: contracted at once, or once their floor is handed over.

    409 `hold_expired` after the offer's time.
    """

    permissions = {"POST": "seats.add_seatrequest"}

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        offers.accept_request(request_id=pk, today=clock.today(), now=clock.now(), **who)


class RequestDecline(RequestAction):
    """Turn an offer down, its seats are free at once; `note` says why."""

    permissions = {"POST": "seats.add_seatrequest"}
    form = Note

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        offers.decline_request(
            request_id=pk, note=told["note"], today=clock.today(), now=clock.now(), **who
        )


class RequestFulfil(RequestAction):
    """Confirm that accepted seats are handed over; what was still held is contracted by it."""

    def act(self, pk: int, told: dict[str, Any], **who: Any) -> None:
        fulfil_request(request_id=pk, today=clock.today(), now=clock.now(), **who)

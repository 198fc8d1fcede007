"""A request on somebody's desk: whose turn it is, what comes next, who may do what with it."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from seats.models import RequestKind, RequestState, SeatRequest
from seats.services.requests import can, speaks_for_enterprise
from web.rfc9457 import Text

AT_THE_PARK = (RequestState.SUBMITTED, RequestState.IN_REVIEW)
AT_THE_ENTERPRISE = (RequestState.DRAFT, RequestState.SENT_BACK)


class Actions(NamedTuple):
    """What a person may do with a request as it is now."""

    edit: bool
    submit: bool
    withdraw: bool
    take_up: bool
    send_back: bool
    reject: bool
    approve: bool


def is_of_the_park(user: User) -> bool:
    """Whether `user` looks at requests from the park's side of the desk."""
    return user.has_perm("seats.view_every_seatrequest")


def may_write(user: User, request: SeatRequest) -> bool:
    """Whether `user` speaks for the enterprise here: its own people, or who wrote it for them."""
    return user.has_perm("seats.add_seatrequest") and speaks_for_enterprise(user, request)


def actions(user: User, request: SeatRequest) -> Actions:
    """What `user`, who sees `request`, may do with it now."""
    writes = may_write(user, request)
    decides = user.has_perm("seats.decide_seatrequest")
    return Actions(
        edit=writes and can("submit", request.state),
        submit=writes and can("submit", request.state),
        withdraw=writes and can("withdraw", request.state),
        take_up=decides and can("take_up", request.state) and request.owner_id != user.pk,
        send_back=decides and can("send_back", request.state),
        reject=decides and can("reject", request.state),
        approve=decides and can("approve", request.state),
    )


def in_order_of_waiting(requests: QuerySet[SeatRequest], user: User) -> QuerySet[SeatRequest]:
    """Those that wait for `user`'s side first, each side by time waiting; then what is over."""
    sides = [AT_THE_PARK, AT_THE_ENTERPRISE]
    mine, theirs = sides if is_of_the_park(user) else reversed(sides)
    turn = Case(
        When(state__in=mine, then=Value(0)), When(state__in=theirs, then=Value(1)), default=Value(2)
    )
    waiting = Case(When(state__in=[*mine, *theirs], then=F("since")))
    return requests.order_by(turn, waiting.asc(nulls_last=True), F("since").desc(), "-pk")


def waiting_for(requests: QuerySet[SeatRequest], user: User) -> QuerySet[SeatRequest]:
    """Those of `requests` that wait for `user`'s side of the desk."""
    return requests.filter(state__in=AT_THE_PARK if is_of_the_park(user) else AT_THE_ENTERPRISE)


def holder(request: SeatRequest, user: User) -> str:
    """Who has the request, as `user` may know it."""
    if request.state == RequestState.DRAFT:
        return str(request.created_by)
    if request.state == RequestState.SENT_BACK:
        return str(request.enterprise)
    if request.state == RequestState.SUBMITTED:
        return _("The park; nobody has taken it up yet")
    if request.state == RequestState.IN_REVIEW:
        return _("%(person)s (the park)") % {"person": request.owner}
    return ""


def state_glyph(request: SeatRequest) -> str:
    """The kind of its state: in work with the park, waiting for the enterprise, done, stopped."""
    if request.state in AT_THE_PARK:
        return ""
    if request.state in AT_THE_ENTERPRISE:
        return "wait"
    return "done" if request.state == RequestState.FULFILLED else "stop"


def next_step(request: SeatRequest, user: User) -> Text:
    """What happens next, said to `user`."""
    steps = _FOR_THE_PARK if is_of_the_park(user) else _FOR_THE_ENTERPRISE
    own = steps.get((request.kind, request.state))
    return own or steps.get(request.state) or _over(request)


_FOR_THE_PARK: dict[str | tuple[str, str], Text] = {
    RequestState.DRAFT: gettext_lazy("Next: submit it. Until then only you see it."),
    RequestState.SUBMITTED: gettext_lazy("Next: take it up and look which vacant seats fit."),
    RequestState.IN_REVIEW: gettext_lazy("Next: choose seats, then approve; or send it back."),
    (RequestKind.RELEASE, RequestState.SUBMITTED): gettext_lazy(
        "Next: take it up and look which seats come back."
    ),
    (RequestKind.RELEASE, RequestState.IN_REVIEW): gettext_lazy(
        "Next: choose the seats that come back, then approve."
    ),
    RequestState.SENT_BACK: gettext_lazy("Next: the enterprise completes and submits it again."),
}
_FOR_THE_ENTERPRISE: dict[str | tuple[str, str], Text] = {
    RequestState.DRAFT: gettext_lazy("Next: submit it. The park sees it only then."),
    RequestState.SUBMITTED: gettext_lazy("Next: the park takes it up. You need do nothing now."),
    RequestState.IN_REVIEW: gettext_lazy(
        "Next: the park chooses the seats. You need do nothing now."
    ),
    (RequestKind.RELEASE, RequestState.IN_REVIEW): gettext_lazy(
        "Next: the park checks it. You need do nothing now."
    ),
    RequestState.SENT_BACK: gettext_lazy(
        "Next: complete it as the park asks, then submit it again."
    ),
}


def _over(request: SeatRequest) -> str:
    if request.state == RequestState.REJECTED:
        return _("The park turned this request down. Nothing follows.")
    if request.state == RequestState.WITHDRAWN:
        return _("This request was withdrawn. Nothing follows.")
    if request.kind == RequestKind.RELEASE:
        return _("The seats were given back. Nothing follows.")
    return _("The seats are the enterprise's. Nothing follows.")

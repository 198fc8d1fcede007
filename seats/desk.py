"""A request on somebody's desk: whose turn it is, what comes next, who may do what with it."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from seats.models import (
    AT_THE_ENTERPRISE,
    AT_THE_PARK,
    OVER,
    UNDECIDED,
    RequestKind,
    RequestState,
    SeatRequest,
)
from seats.services.steps import can, speaks_for_enterprise
from web.rfc9457 import Text


class Actions(NamedTuple):
    """What a person may do with a request as it is now."""

    edit: bool
    submit: bool
    withdraw: bool
    take_up: bool
    hand_over: bool
    send_back: bool
    reject: bool
    approve: bool
    offer: bool
    recall: bool
    accept: bool
    decline: bool
    fulfil: bool

    @property
    def chooses_seats(self) -> bool:
        """Whether seats can be chosen for it now, to be given or to be offered."""
        return self.approve or self.offer


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
    gets = request.kind != RequestKind.RELEASE
    possible = {name: decides and can(name, request.state) for name in _OF_THE_PARK}
    possible |= {name: writes and can(name, request.state) for name in _OF_THE_ENTERPRISE}
    possible["take_up"] = possible["take_up"] and request.owner_id != user.pk
    possible["offer"] = possible["offer"] and gets
    return Actions(edit=possible["submit"], **possible)


_OF_THE_PARK = (
    *("take_up", "hand_over", "send_back", "reject", "approve", "offer", "recall", "fulfil"),
)
_OF_THE_ENTERPRISE = ("submit", "withdraw", "accept", "decline")


def waits_for_park(request: SeatRequest) -> bool:
    """Whether it is the park's turn: `AT_THE_PARK` for one request."""
    is_to_be_handed_over = request.state == RequestState.ACCEPTED and request.promised_at
    return request.state in UNDECIDED or bool(is_to_be_handed_over)


def waits_for(request: SeatRequest) -> str:
    """Whose promise the clock shows: "park", "enterprise", or nobody's."""
    if request.promised_at is None:
        return ""
    return "enterprise" if request.state in AT_THE_ENTERPRISE else "park"


def in_order_of_waiting(requests: QuerySet[SeatRequest], user: User) -> QuerySet[SeatRequest]:
    """Those that wait for `user`'s side first, least time left on top; then what is over.

    Where nobody has promised anything, the longest wait comes first.
    """
    of_park = is_of_the_park(user)
    turn = Case(
        When(AT_THE_PARK, then=Value(0 if of_park else 1)),
        When(state__in=AT_THE_ENTERPRISE, then=Value(1 if of_park else 0)),
        When(state__in=OVER, then=Value(3)),
        default=Value(2),  # accepted, and waiting for its floor
    )
    waiting = Case(When(~_IS_OVER, then=F("since")))
    return requests.order_by(
        turn,
        F("promised_at").asc(nulls_last=True),
        waiting.asc(nulls_last=True),
        F("since").desc(),
        "-pk",
    )


_IS_OVER = Q(state__in=OVER)


def waiting_for(requests: QuerySet[SeatRequest], user: User) -> QuerySet[SeatRequest]:
    """Those of `requests` that wait for `user`'s side of the desk."""
    at_enterprise = Q(state__in=AT_THE_ENTERPRISE)
    return requests.filter(AT_THE_PARK if is_of_the_park(user) else at_enterprise)


def holder(request: SeatRequest, user: User) -> str:
    """Who has the request, as `user` may know it."""
    if request.state == RequestState.DRAFT:
        return str(request.created_by)
    if request.state in AT_THE_ENTERPRISE:
        return str(request.enterprise)
    if request.state in OVER:
        return ""
    if request.owner is not None:
        return _("%(person)s (the park)") % {"person": request.owner}
    if request.state == RequestState.SUBMITTED:
        return _("The park; nobody has taken it up yet")
    return _("The park")


def state_glyph(request: SeatRequest) -> str:
    """The kind of its state: in work with the park, waiting for the enterprise, done, stopped."""
    if request.state in AT_THE_ENTERPRISE:
        return "wait"
    if request.state not in OVER:
        return "" if waits_for_park(request) else "wait"
    return "done" if request.state == RequestState.FULFILLED else "stop"


def next_step(request: SeatRequest, user: User) -> Text:
    """What happens next, said to `user`."""
    steps = _FOR_THE_PARK if is_of_the_park(user) else _FOR_THE_ENTERPRISE
    if request.state == RequestState.ACCEPTED and not waits_for_park(request):
        return _("Next: the floor is handed over. Until then the seats stay held.")
    own = steps.get((request.kind, request.state))
    return own or steps.get(request.state) or _over(request)


_FOR_THE_PARK: dict[str | tuple[str, str], Text] = {
    RequestState.DRAFT: gettext_lazy("Next: submit it. Until then only you see it."),
    RequestState.SUBMITTED: gettext_lazy("Next: take it up and look which vacant seats fit."),
    RequestState.IN_REVIEW: gettext_lazy(
        "Next: choose seats and offer them, or approve at once; or send it back."
    ),
    (RequestKind.RELEASE, RequestState.SUBMITTED): gettext_lazy(
        "Next: take it up and look which seats come back."
    ),
    (RequestKind.RELEASE, RequestState.IN_REVIEW): gettext_lazy(
        "Next: choose the seats that come back, then approve."
    ),
    RequestState.SENT_BACK: gettext_lazy("Next: the enterprise completes and submits it again."),
    RequestState.OFFERED: gettext_lazy("Next: the enterprise accepts or declines the offer."),
    RequestState.DECLINED: gettext_lazy(
        "Next: choose other seats and offer them; or send it back, or turn it down."
    ),
    RequestState.EXPIRED: gettext_lazy(
        "Next: offer seats again; or send it back, or turn it down."
    ),
    RequestState.ACCEPTED: gettext_lazy("Next: hand the seats over, then confirm it here."),
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
    RequestState.OFFERED: gettext_lazy("Next: accept the offered seats, or decline."),
    RequestState.DECLINED: gettext_lazy(
        "Next: the park looks for other seats. You need do nothing now."
    ),
    RequestState.EXPIRED: gettext_lazy(
        "The offer has expired. Next: the park decides whether it offers seats again."
    ),
    RequestState.ACCEPTED: gettext_lazy("Next: the park hands the seats over to you."),
}


def _over(request: SeatRequest) -> str:
    if request.state == RequestState.REJECTED:
        return _("The park turned this request down. Nothing follows.")
    if request.state == RequestState.WITHDRAWN:
        return _("This request was withdrawn. Nothing follows.")
    if request.kind == RequestKind.RELEASE:
        return _("The seats were given back. Nothing follows.")
    return _("The seats are the enterprise's. Nothing follows.")

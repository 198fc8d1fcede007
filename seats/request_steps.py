"""The bar over a request: the states of its life in their order, and which of them is now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from seats.models import RequestKind, RequestState, SeatRequest, StateChange
from web.rfc9457 import Text

_WAY = [
    RequestState.SUBMITTED,
    RequestState.IN_REVIEW,
    RequestState.OFFERED,
    RequestState.ACCEPTED,
    RequestState.FULFILLED,
]
# Where it stands in place of another on the way
_INSTEAD = {
    RequestState.SENT_BACK: RequestState.IN_REVIEW,
    RequestState.DECLINED: RequestState.OFFERED,
    RequestState.EXPIRED: RequestState.OFFERED,
}
_ENDED = (RequestState.REJECTED, RequestState.WITHDRAWN)


class Bar(NamedTuple):
    """Five steps at most, each with the moment it was reached; `current` counts from 1."""

    steps: list[tuple[Text, datetime | None]]
    current: int


def bar_of(request: SeatRequest, changes: Iterable[StateChange]) -> Bar:
    """The bar of `request`; `changes` newest first."""
    reached: dict[RequestState, datetime] = {}
    for change in reversed(list(changes)):
        if change.from_state != change.to_state or change.to_state not in reached:
            reached[RequestState(change.to_state)] = change.at
    state = RequestState(request.state)
    order = _order(request, state, reached)
    current = order.index(state) + 1
    is_done = state == RequestState.FULFILLED
    steps: list[tuple[Text, datetime | None]] = [
        (step.label, reached.get(step) if place < current else None)
        for place, step in enumerate(order)
    ]
    return Bar(steps, current + 1 if is_done else current)


def _order(
    request: SeatRequest, state: RequestState, reached: dict[RequestState, datetime]
) -> Sequence[RequestState]:
    if state in _ENDED:
        been = [step for step in (RequestState.DRAFT, *_WAY) if step in reached]
        return [*been[-4:], state]
    way = [step for step in _WAY if step in reached or not _is_left_out(step, request, state)]
    if state == RequestState.DRAFT:
        return [state, *way[:-2], way[-1]] if len(way) > 4 else [state, *way]
    return [state if _INSTEAD.get(state) == step else step for step in way]


def _is_left_out(step: RequestState, request: SeatRequest, state: RequestState) -> bool:
    """Whether this request does not come by `step`: nothing is offered of what is given back, and
    what was approved at once needs no offer."""
    is_of_an_offer = step in {RequestState.OFFERED, RequestState.ACCEPTED}
    return is_of_an_offer and (
        request.kind == RequestKind.RELEASE or state == RequestState.FULFILLED
    )

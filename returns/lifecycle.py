"""The one table of what may follow what in a return's life.

draft → submitted → accepted, with two ways back: the park sends it back with a question, the
enterprise takes it up again to correct it. Nothing is overwritten on any way: each submission is a
revision of its own. All else is refused, in services, pages and API alike.

No step is taken in a closed month (已锁定): closing locks returns where they are, whatever state
that is, and reopening, with a reason, lets each go on from there (park/services.py).
"""

from __future__ import annotations

from typing import NamedTuple

from accounts.models import User
from returns.models import ReturnState

FILE, REVIEW = "returns.file_monthlyreturn", "returns.review_monthlyreturn"


class Step(NamedTuple):
    """From which states, to which (None: it stays), and the permission that it takes."""

    sources: frozenset[ReturnState]
    target: ReturnState | None
    permission: str


_AT_THE_ENTERPRISE = frozenset({ReturnState.DRAFT, ReturnState.SENT_BACK})
_FILED = frozenset({ReturnState.SUBMITTED, ReturnState.ACCEPTED})

STEPS: dict[str, Step] = {
    "save": Step(_AT_THE_ENTERPRISE, None, FILE),
    "submit": Step(_AT_THE_ENTERPRISE, ReturnState.SUBMITTED, FILE),
    "accept": Step(frozenset({ReturnState.SUBMITTED}), ReturnState.ACCEPTED, REVIEW),
    "send_back": Step(_FILED, ReturnState.SENT_BACK, REVIEW),
    "correct": Step(_FILED, ReturnState.DRAFT, FILE),
}


def sources_of(step: str) -> frozenset[ReturnState]:
    """The states that `step` may follow."""
    return STEPS[step].sources


def may(user: User, step: str, state: str, *, is_closed: bool) -> bool:
    """Whether `user` may take `step` with a return in `state`, of a month closed or not."""
    allowed = STEPS[step]
    return not is_closed and state in allowed.sources and user.has_perm(allowed.permission)

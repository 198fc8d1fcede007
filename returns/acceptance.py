"""Accepting at once the returns of a month that raise no question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from accounts.models import User
from park.services import MonthClosed
from returns.services import WrongState, accept_return
from web.refusals import Stale


class AcceptedAtOnce(NamedTuple):
    """Which returns were accepted, and which had changed since they were looked at."""

    accepted: list[int]
    left: list[int]


def accept_returns(
    *, versions: Mapping[int, int], now: datetime, acting_user: User
) -> AcceptedAtOnce:
    """Accept each return in the version that was looked at; leave those that changed meanwhile.

    Each is a step of its own: what is accepted stays so, whatever becomes of the others.
    """
    accepted, left = [], []
    for pk, version in sorted(versions.items()):
        try:
            accept_return(return_id=pk, now=now, acting_user=acting_user, expected_version=version)
        except (Stale, WrongState, MonthClosed):
            left.append(pk)
        else:
            accepted.append(pk)
    return AcceptedAtOnce(accepted, left)

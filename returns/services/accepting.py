"""Accepting at once the returns of a month that raise no question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from accounts.models import User
from park.lock import park_locked
from returns.desk import MonthDesk
from returns.models import MonthlyReturn, ReturnState
from returns.services.steps import REVIEWABLE, move

AT_ONCE = 250  # returns in one transaction


class AcceptedAtOnce(NamedTuple):
    """Which returns were accepted, and which had changed since they were looked at."""

    accepted: list[int]
    left: list[int]


def accept_returns(
    *,
    month: date,
    versions: Mapping[int, int],
    today: date,
    now: datetime,
    acting_user: User,
) -> AcceptedAtOnce:
    """Accept each return of `month` in the version that was looked at, if it raises no question.

    Whether it does is found out anew while nobody else files, corrects or moves seats: a leap on
    the month before, or a check without its note, may have come up since the page was drawn. Those
    are left, as are those that changed. What is accepted stays so, whatever becomes of the others.
    """
    accepted: list[int] = []
    pks = sorted(versions)
    for start in range(0, len(pks), AT_ONCE):
        some = pks[start : start + AT_ONCE]
        with park_locked(acting_user):
            accepted += _accept(some, versions, MonthDesk(month, today), now)
    return AcceptedAtOnce(accepted, sorted(versions.keys() - set(accepted)))


def _accept(
    pks: Sequence[int], versions: Mapping[int, int], desk: MonthDesk, now: datetime
) -> list[int]:
    quiet = {row.owed.row.pk for row in desk.to_accept if row.owed.row}
    rows = MonthlyReturn.objects.filter(pk__in=quiet.intersection(pks)).order_by("pk")
    accepted = []
    for row in rows.select_for_update(of=("self",), no_key=True):
        if row.version == versions[row.pk] and row.state in REVIEWABLE:
            move(row, ReturnState.ACCEPTED, now)
            accepted.append(row.pk)
    return accepted

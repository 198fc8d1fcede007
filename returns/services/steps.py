"""Taking a step in a return's life; which may follow what is `returns.lifecycle`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from foundation.months import next_month
from foundation.versions import locked, save_next_version
from park.services import refuse_closed_months
from returns.lifecycle import sources_of
from returns.models import MonthlyReturn, ReturnState
from returns.services.refusals import WrongState

EDITABLE = sources_of("save")
REVIEWABLE = sources_of("accept")
CORRECTABLE = sources_of("correct")


def locked_in(
    states: frozenset[ReturnState], return_id: int, expected_version: int | None
) -> MonthlyReturn:
    """The return, locked, if it is in one of `states` and its month is open.

    Raises `WrongState`, `MonthClosed` or `Stale`.
    """
    row = locked(MonthlyReturn.objects, return_id, expected_version)
    refuse_states(row, states)
    refuse_closed_months(row.month, next_month(row.month))
    return row


def refuse_states(row: MonthlyReturn, states: frozenset[ReturnState] = EDITABLE) -> None:
    """Raise `WrongState` unless the return is in one of `states`."""
    if row.state not in states:
        raise WrongState(
            _("This can't be done: the return is “%(state)s”.")
            % {"state": row.get_state_display()},
            extra={"state": row.state},
        )


def move(row: MonthlyReturn, state: ReturnState, now: datetime, **fields: Any) -> None:
    """Put a locked return into `state`."""
    row.state, row.since = state, now
    if state == ReturnState.SUBMITTED:
        fields["broken_rules"] = []
    for name, value in fields.items():
        setattr(row, name, value)
    save_next_version(row, ["state", "since", *fields])

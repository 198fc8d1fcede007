"""Taking the steps of a fit-out: each is checked against the one table, written down, and told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import recorded
from foundation.versions import locked, save_next_version
from park.axis import FIRST_DAY
from seats.models import FitOut, FitOutStage
from seats.services.fit_out_seats import begin_work, end_work
from seats.services.fit_out_words import tell_other_side
from seats.services.fit_outs import (
    FIT_OUT_STEPS,
    can,
    is_of_the_park,
    speaks_for_enterprise,
    write_down,
)
from seats.services.planning import planning_seats
from seats.services.refusals import WrongState
from web.refusals import Forbidden, Invalid

LARGEST_DEPOSIT = Decimal(1_000_000_000)
TOUCH_SEATS = frozenset({"start", "accept", "cancel"})
_CHANGED = [
    *("state", "since", "closure"),
    *("deposit", "deposit_received_on", "deposit_returned", "deposit_returned_on"),
]
TAKE_MONEY = frozenset({"take_deposit", "return_deposit"})


class Told(NamedTuple):
    """What was said with a step: on which day it was done, a note, an amount in 元."""

    on: date
    note: str
    amount: Decimal | None
    today: date
    now: datetime
    acting_user: User


def take_step(
    *,
    fit_out_id: int,
    step: str,
    today: date,
    now: datetime,
    acting_user: User,
    on: date | None = None,
    note: str = "",
    amount: Decimal | None = None,
    expected_version: int | None = None,
) -> FitOut:
    """Take `step` of `FIT_OUT_STEPS`, done on the day `on` (today, where none is said).

    Raises `Forbidden`, `Invalid`, `WrongState` or `Stale`; starting also `NotDelivered`,
    `SeatsTaken`, `MonthClosed` or `Busy`.
    """
    told = Told(on or today, note.strip(), amount, today, now, acting_user)
    with _frame(step, told):
        fit_out = locked(FitOut.objects, fit_out_id, expected_version)
        refuse_others(step, fit_out, acting_user)
        refuse_wrong_state(step, fit_out)
        _check_told(step, told)
        _check_day(fit_out, told)
        if extra := _EXTRAS.get(step):
            extra(fit_out, told)
        _move(step, fit_out, told)
    return fit_out


def _frame(step: str, told: Told) -> AbstractContextManager[None]:
    if step in TOUCH_SEATS:
        return planning_seats(told.acting_user, now=told.now)
    return recorded(told.acting_user)


def _check_told(step: str, told: Told) -> None:
    if FIT_OUT_STEPS[step].needs_note and not told.note:
        raise Invalid({"note": _("Say why; the other side reads it.")})
    if not FIRST_DAY <= told.on <= told.today:
        raise Invalid({"on": _("This day must not be later than today.")})
    if step not in TAKE_MONEY:
        return
    if told.amount is None:
        raise Invalid({"amount": _("Say how much.")})
    if not 0 <= told.amount < LARGEST_DEPOSIT or told.amount != round(told.amount, 2):
        raise Invalid({"amount": _("An amount has at most two decimals and is not negative.")})


def refuse_others(step: str, fit_out: FitOut, acting_user: User) -> None:
    """Raise `Forbidden` where the step is the other side's to take."""
    if FIT_OUT_STEPS[step].is_enterprises:
        if not speaks_for_enterprise(acting_user, fit_out):
            raise Forbidden(
                _("This is for %(enterprise)s to do.")
                % {"enterprise": fit_out.enterprise.short_name}
            )
    elif not is_of_the_park(acting_user):
        raise Forbidden(_("This is for the park to do."))


def refuse_wrong_state(step: str, fit_out: FitOut) -> None:
    """Raise `WrongState` unless `step` may follow now."""
    if not can(step, fit_out.state):
        raise WrongState(
            _("This can't be done now: case %(number)s is “%(state)s”.")
            % {"number": fit_out.number, "state": fit_out.get_state_display()},
            extra={"state": fit_out.state},
        )


def _check_day(fit_out: FitOut, told: Told) -> None:
    # Not the milestones': an inspection that was asked for, or failed, is none, and has its day.
    steps = fit_out.changes.exclude(step="open")  # what was done before may be opened late
    last = steps.aggregate(last=Max("on"))["last"]
    if last is not None and told.on < last:
        raise Invalid(
            {"on": _("Not before %(day)s, the day of the step before.") % {"day": last.isoformat()}}
        )


def _need_a_plan(fit_out: FitOut, told: Told) -> None:
    if not fit_out.files.filter(stage=FitOutStage.PLAN).exists():
        raise Invalid({"file": _("Upload the plan first: the park reviews what it can see.")})


def _take_deposit(fit_out: FitOut, told: Told) -> None:
    fit_out.deposit, fit_out.deposit_received_on = told.amount, told.on


def _return_deposit(fit_out: FitOut, told: Told) -> None:
    if not fit_out.has_deposit_to_return:
        raise WrongState(
            _("The park has no deposit of case %(number)s.") % {"number": fit_out.number},
            extra={"state": fit_out.state},
        )
    if told.amount is None or fit_out.deposit is None or told.amount > fit_out.deposit:
        raise Invalid(
            {
                "amount": _("At most the deposit, %(deposit)s yuan.")
                % {"deposit": f"{fit_out.deposit:,.2f}"}
            }
        )
    if told.amount < fit_out.deposit and not told.note:
        raise Invalid({"note": _("Say why not all of the deposit is returned.")})
    fit_out.deposit_returned, fit_out.deposit_returned_on = told.amount, told.on


def _begin(fit_out: FitOut, told: Told) -> None:
    begin_work(fit_out, today=told.today, now=told.now, acting_user=told.acting_user)


def _end(fit_out: FitOut, told: Told) -> None:
    end_work(fit_out, today=told.today)


_EXTRAS: dict[str, Callable[[FitOut, Told], None]] = {
    "submit": _need_a_plan,
    "take_deposit": _take_deposit,
    "start": _begin,
    "accept": _end,
    "cancel": _end,
    "return_deposit": _return_deposit,
}


def _move(step: str, fit_out: FitOut, told: Told) -> None:
    """Note what was done, where the case is now, and let the other side know."""
    taken, before = FIT_OUT_STEPS[step], fit_out.state
    if taken.target is not None:
        fit_out.state, fit_out.since = taken.target, told.now
    save_next_version(fit_out, _CHANGED)
    if taken.does:
        fit_out.steps.filter(stage=taken.does).update(
            done_on=told.on, done_by=told.acting_user, note=told.note
        )
    if taken.undoes:
        fit_out.steps.filter(stage=taken.undoes).update(done_on=None, done_by=None, note="")
    write_down(fit_out, step, before, told.on, told.note, told.now, told.acting_user)
    tell_other_side(step, fit_out, told.acting_user, told.note)

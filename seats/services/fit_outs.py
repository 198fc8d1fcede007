"""Opening a fit-out, planning its days, adding files; what each step of it is and who takes it.

`FIT_OUT_STEPS` is the one table of what may follow what; all else is refused, in pages and API
alike. Taking the steps is in seats/services/fit_out_steps.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.context import recorded
from foundation.uploads import Upload
from foundation.versions import locked, save_next_version
from park.axis import FIRST_DAY, LAST_DAY, Span, floor_of, free_spans, intersection
from park.models import Floor
from seats.models import (
    Allocation,
    BlockKind,
    FitOut,
    FitOutChange,
    FitOutFile,
    FitOutRun,
    FitOutStage,
    FitOutState,
    FitOutStep,
    SeatBlock,
)
from seats.rectangles import Rectangle
from seats.services.fit_out_seats import refuse_rivals, runs_of_allocation
from seats.services.fit_out_words import tell_other_side
from seats.services.planning import check_shape, planning_seats
from seats.services.refusals import WrongState, no_such_seat
from tenants.models import Enterprise
from web.refusals import Forbidden, Invalid, Refusal

MOST_FILES = 100
STAGES = list(FitOutStage)


class FitOutRunning(Refusal):
    """Another case that is not over fits out some of these seats."""

    code = "fit_out_running"
    title = gettext_lazy("Being fitted out")


class Step(NamedTuple):
    """A step of a case: from which states, to which (None: it stays), and which side takes it.

    `does`: the milestone that is done by it. `undoes`: the one that is to be done again.
    """

    sources: frozenset[FitOutState]
    target: FitOutState | None
    is_enterprises: bool = False
    does: FitOutStage | None = None
    undoes: FitOutStage | None = None
    needs_note: bool = False


_S, _M = FitOutState, FitOutStage
_RUNNING = frozenset(FitOutState) - {_S.ACCEPTED, _S.CANCELLED}

FIT_OUT_STEPS: dict[str, Step] = {
    "submit": Step(frozenset({_S.PLANNING}), _S.REVIEW, is_enterprises=True, does=_M.PLAN),
    "approve": Step(frozenset({_S.REVIEW}), _S.DEPOSIT, does=_M.REVIEW),
    "send_back": Step(frozenset({_S.REVIEW}), _S.PLANNING, undoes=_M.PLAN, needs_note=True),
    "take_deposit": Step(frozenset({_S.DEPOSIT}), _S.READY, does=_M.DEPOSIT),
    "start": Step(frozenset({_S.READY}), _S.WORKING, does=_M.START),
    "ask_inspection": Step(frozenset({_S.WORKING, _S.REWORK}), _S.INSPECTION, is_enterprises=True),
    "pass_inspection": Step(frozenset({_S.INSPECTION}), _S.ACCEPTANCE, does=_M.INSPECTION),
    "fail_inspection": Step(frozenset({_S.INSPECTION}), _S.REWORK, needs_note=True),
    "accept": Step(frozenset({_S.ACCEPTANCE}), _S.ACCEPTED, does=_M.ACCEPTANCE),
    "withdraw": Step(
        frozenset({_S.PLANNING, _S.REVIEW, _S.DEPOSIT}),
        _S.CANCELLED,
        is_enterprises=True,
        needs_note=True,
    ),
    "cancel": Step(_RUNNING, _S.CANCELLED, needs_note=True),
    "return_deposit": Step(frozenset({_S.ACCEPTED, _S.CANCELLED}), None),
}

# The milestone that a case in this state is on its way to
STAGE_OF: dict[str, FitOutStage] = {
    _S.PLANNING: _M.PLAN,
    _S.REVIEW: _M.REVIEW,
    _S.DEPOSIT: _M.DEPOSIT,
    _S.READY: _M.START,
    _S.WORKING: _M.INSPECTION,
    _S.INSPECTION: _M.INSPECTION,
    _S.REWORK: _M.INSPECTION,
    _S.ACCEPTANCE: _M.ACCEPTANCE,
    _S.ACCEPTED: _M.ACCEPTANCE,
    _S.CANCELLED: _M.ACCEPTANCE,
}


def can(step: str, state: str) -> bool:
    """Whether `step` may follow `state`."""
    return state in FIT_OUT_STEPS[step].sources


def is_of_the_park(user: User) -> bool:
    """Whether `user` looks at cases from the park's side."""
    return user.has_perm("seats.view_every_fitout")


def speaks_for_enterprise(user: User, fit_out: FitOut) -> bool:
    """Whether `user` takes the enterprise's steps: its own people; the park where it opened it."""
    return not is_of_the_park(user) or fit_out.is_run_by_park


def open_fit_out(
    *,
    enterprise: Enterprise,
    now: datetime,
    today: date,
    acting_user: User,
    spans: Sequence[Span] = (),
    allocation: Allocation | None = None,
    description: str = "",
    planned: Mapping[FitOutStage, date | None] | None = None,
    closes_seats: bool = False,
    source: str = "",
    sample_fields: Sequence[str] = (),
) -> FitOut:
    """Open a case for seats; without `spans`, for those that `allocation` has now or later.

    Raises `Invalid`, `NoSuchSeat`, `CrossesFloors`, `BlocksOverlap`, `SeatsTaken`, `FitOutRunning`
    or `Busy`.
    """
    planned = planned or {}
    _check_opening(enterprise, allocation, closes_seats, acting_user)
    check_planned(planned)
    with planning_seats(acting_user, now=now):
        spans = spans or runs_of_allocation(allocation, today)
        last = planned.get(FitOutStage.ACCEPTANCE)
        _check_seats(spans, enterprise, today, last, acting_user)
        fit_out = FitOut.objects.create(
            enterprise=enterprise,
            allocation=allocation,
            description=description.strip(),
            since=now,
            is_run_by_park=is_of_the_park(acting_user),
            closes_seats=closes_seats,
            created_by=acting_user,
            created_at=now,
            source=source,
            sample_fields=list(sample_fields),
        )
        FitOutRun.objects.bulk_create(
            FitOutRun(fit_out=fit_out, floor_id=floor_of(span.lower), seats=tuple(span))
            for span in sorted(spans)
        )
        FitOutStep.objects.bulk_create(
            FitOutStep(fit_out=fit_out, stage=stage, planned_on=planned.get(stage))
            for stage in STAGES
        )
        write_down(fit_out, "open", "", today, "", now, acting_user)
        tell_other_side("open", fit_out, acting_user)
    return fit_out


def _check_opening(
    enterprise: Enterprise, allocation: Allocation | None, closes_seats: bool, acting_user: User
) -> None:
    if allocation is not None and allocation.enterprise_id != enterprise.pk:
        raise Invalid({"allocation": _("This allocation is not of this enterprise.")})
    if closes_seats and not is_of_the_park(acting_user):
        raise Forbidden(_("Only the park closes seats."))


def check_planned(planned: Mapping[FitOutStage, date | None]) -> None:
    """Refuse planned days that are not in the order of the milestones."""
    before: date | None = None
    for stage in STAGES:
        day = planned.get(stage)
        if day is None:
            continue
        if not FIRST_DAY <= day <= LAST_DAY:
            raise Invalid({stage.value: _("Days from 1990-01-01 to 9998-12-31 can be used.")})
        if before is not None and day < before:
            raise Invalid({stage.value: _("This day must not come before the one above it.")})
        before = day


def _check_seats(
    spans: Sequence[Span],
    enterprise: Enterprise,
    today: date,
    last_day: date | None,
    acting_user: User,
) -> None:
    if not spans:
        raise Invalid({"runs": _("Say which seats are fitted out.")})
    rectangles = [Rectangle(span, today) for span in spans]
    check_shape(rectangles)
    floors = Floor.objects.in_bulk({rectangle.floor for rectangle in rectangles})
    for rectangle in rectangles:
        floor = floors.get(rectangle.floor)
        if floor is None or rectangle.seats.upper > floor.seats.upper:
            raise no_such_seat(rectangle, floor)
    if not is_of_the_park(acting_user):
        _refuse_others_seats(spans, enterprise, today)
    refuse_rivals(spans, enterprise.pk, today, last_day, acting_user)
    _refuse_running(spans, acting_user)


def _refuse_others_seats(spans: Iterable[Span], enterprise: Enterprise, today: date) -> None:
    """An enterprise fits out what it has, or what is held for it; it learns of no other seat."""
    own = [
        Span(seats.lower, seats.upper)
        for seats in SeatBlock.objects.during(today, None)
        .filter(enterprise=enterprise, kind__in=[BlockKind.FIRM, BlockKind.HOLD])
        .values_list("seats", flat=True)
    ]
    if any(free_spans(span, own) for span in spans):
        raise Invalid({"runs": _("You can only fit out seats that you have or that are held.")})


def _refuse_running(spans: Sequence[Span], acting_user: User) -> None:
    meets = Q()
    for span in spans:
        meets |= Q(seats__overlap=span)
    rows = FitOutRun.objects.filter(meets, fit_out__in=FitOut.objects.running())
    other = rows.select_related("fit_out__enterprise", "floor").order_by("seats").first()
    if other is None:
        return
    shared = next(part for span in spans if (part := intersection(span, other.span)))
    seen = FitOut.objects.visible_to(acting_user).filter(pk=other.fit_out_id).exists()
    number = other.fit_out.number if seen else _("another case")
    raise FitOutRunning(
        _("%(seats)s is being fitted out already: %(number)s.")
        % {"seats": other.label, "number": number},
        field="runs",
        extra={"first_seat": shared.lower, "last_seat": shared.upper - 1},
    )


def plan_days(
    *,
    fit_out_id: int,
    planned: Mapping[FitOutStage, date | None],
    acting_user: User,
    expected_version: int | None = None,
) -> FitOut:
    """Set the planned days anew. Raises `Invalid`, `WrongState` or `Stale`."""
    check_planned(planned)
    with recorded(acting_user):
        fit_out = locked(FitOut.objects, fit_out_id, expected_version)
        refuse_over(fit_out)
        for row in fit_out.steps.all():
            row.planned_on = planned.get(FitOutStage(row.stage))
            row.save(update_fields=["planned_on"])
        save_next_version(fit_out, [])
    return fit_out


def add_file(*, fit_out_id: int, upload: Upload, now: datetime, acting_user: User) -> FitOutFile:
    """Keep a file with the milestone that the case is at. Raises `WrongState` or `Invalid`.

    Either side may add files while the case runs; what was added stays.
    """
    with recorded(acting_user):
        fit_out = locked(FitOut.objects, fit_out_id)
        refuse_over(fit_out)
        if fit_out.files.count() >= MOST_FILES:
            raise Invalid({"file": _("A case keeps 100 files at most.")})
        row = FitOutFile(
            fit_out=fit_out,
            stage=STAGE_OF[fit_out.state],
            name=upload.name,
            media_type=upload.media_type,
            added_by=acting_user,
            added_at=now,
        )
        row.file.save(f"fit-outs/{uuid4().hex}", ContentFile(upload.data), save=False)
        row.size, row.sha256 = len(upload.data), hashlib.sha256(upload.data).hexdigest()
        row.save()
        save_next_version(fit_out, [])
    return row


def refuse_over(fit_out: FitOut) -> None:
    """Raise `WrongState` where the case is over."""
    if not fit_out.is_running:
        raise WrongState(
            _("Case %(number)s is “%(state)s”: nothing is added to it any more.")
            % {"number": fit_out.number, "state": fit_out.get_state_display()},
            extra={"state": fit_out.state},
        )


def write_down(
    fit_out: FitOut, step: str, before: str, on: date, note: str, now: datetime, by: User
) -> None:
    """Add a line to what happened to the case."""
    FitOutChange.objects.create(
        fit_out=fit_out,
        step=step,
        from_state=before,
        to_state=fit_out.state,
        on=on,
        note=note,
        by=by,
        at=now,
    )

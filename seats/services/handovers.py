"""Handover lists: prepared by the park, signed by the park, checked and signed by the enterprise.

`HANDOVER_STEPS` is the one table of what may follow what. Both sign the same words: while the
park's signature stands nothing in the list changes, and once both have signed nothing ever does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.context import recorded
from foundation.versions import locked, save_next_version
from park.axis import FIRST_DAY, LAST_DAY, Span
from seats.handover_lines import NewLine
from seats.models import (
    Allocation,
    AllocationKind,
    Direction,
    Handover,
    HandoverChange,
    HandoverLine,
    HandoverState,
)
from seats.services.handover_lists import check_lines, proposed_lines, write_lines
from seats.services.handover_words import tell_other_side
from seats.services.refusals import WrongState
from tenants.models import Enterprise
from web.refusals import Forbidden, Invalid, Refusal, Stale


class HandoverExists(Refusal):
    """These seats have such a list already: go on with it, or correct it."""

    code = "handover_exists"
    title = gettext_lazy("There is a list already")


class Step(NamedTuple):
    """A step of a list: from which states, to which, and which side takes it."""

    sources: frozenset[HandoverState]
    target: HandoverState
    is_enterprises: bool = False


_S = HandoverState
_CHANGEABLE = frozenset({_S.DRAFT, _S.DISPUTED})

HANDOVER_STEPS: dict[str, Step] = {
    "edit": Step(_CHANGEABLE, _S.DRAFT),
    "sign_park": Step(_CHANGEABLE, _S.OFFERED),
    "recall": Step(frozenset({_S.OFFERED}), _S.DRAFT),
    "discard": Step(_CHANGEABLE, _S.DISCARDED),
    "dispute": Step(frozenset({_S.OFFERED}), _S.DISPUTED, is_enterprises=True),
    "sign_enterprise": Step(frozenset({_S.OFFERED}), _S.SIGNED, is_enterprises=True),
}


def can(step: str, state: str) -> bool:
    """Whether `step` may follow `state`."""
    return state in HANDOVER_STEPS[step].sources


def is_of_the_park(user: User) -> bool:
    """Whether `user` stands on the park's side of the list."""
    return user.has_perm("seats.view_every_handover")


def prepare_handover(
    *,
    allocation_id: int,
    direction: Direction,
    on: date,
    now: datetime,
    acting_user: User,
    spans: Sequence[Span] = (),
    lines: Sequence[NewLine] | None = None,
    note: str = "",
    replaces: Handover | None = None,
    reason: str = "",
    source: str = "",
    sample_fields: Sequence[str] = (),
) -> Handover:
    """Begin a list for an allocation, or for `spans` of it; prefilled, where no `lines` are given.

    A move-in list starts with one desk, chair, computer and port a seat, a return with what the
    move-in list says, a correction with what it replaces. Raises `Invalid`, `HandoverExists` or
    `WrongState`.
    """
    with recorded(acting_user):
        allocation = locked(Allocation.objects, allocation_id)
        _check_preparing(allocation, direction, replaces, reason, on)
        if lines is None:
            lines = proposed_lines(allocation, direction, on, spans, replaces)
        check_lines(allocation, lines)
        _refuse_second(allocation, direction, lines, replaces)
        handover = Handover.objects.create(
            allocation=allocation,
            enterprise=_holder(allocation),
            direction=direction,
            on=on,
            note=note.strip(),
            replaces=replaces,
            reason=reason.strip(),
            created_by=acting_user,
            created_at=now,
            source=source,
            sample_fields=list(sample_fields),
        )
        write_lines(handover, lines)
        write_down(handover, "prepare", reason.strip(), now, acting_user)
    return handover


def _check_preparing(
    allocation: Allocation,
    direction: Direction,
    replaces: Handover | None,
    reason: str,
    on: date,
) -> None:
    _check_day(on)
    if allocation.kind == AllocationKind.HOLD and direction == Direction.MOVE_IN:
        raise Invalid({"allocation": _("Seats are handed over once they are contracted.")})
    if replaces is None:
        return
    if not reason.strip():
        raise Invalid({"reason": _("Say why the list is corrected.")})
    if replaces.allocation_id != allocation.pk or replaces.direction != direction:
        raise Invalid({"replaces": _("That list is about something else.")})
    if replaces.state != HandoverState.SIGNED:
        raise WrongState(
            _("%(number)s is not signed by both: change it itself.") % {"number": replaces.number},
            extra={"state": replaces.state},
        )
    if Handover.objects.filter(replaces=replaces).exists():
        raise HandoverExists(
            _("%(number)s is being corrected already.") % {"number": replaces.number},
            extra={"handover": Handover.objects.get(replaces=replaces).pk},
        )


def _holder(allocation: Allocation) -> Enterprise:
    if allocation.enterprise is None:
        raise Invalid({"allocation": _("Closed seats are handed over to nobody.")})
    return allocation.enterprise


def _check_day(on: date) -> None:
    if not FIRST_DAY <= on <= LAST_DAY:
        raise Invalid({"on": _("Days from 1990-01-01 to 9998-12-31 can be used.")})


def _refuse_second(
    allocation: Allocation,
    direction: Direction,
    lines: Sequence[NewLine],
    replaces: Handover | None,
) -> None:
    """One list for a seat and a direction: an open one is gone on with, a signed one corrected."""
    meets = Q()
    for span in {line.seats for line in lines}:
        meets |= Q(seats__overlap=span)
    others = (
        Handover.objects.filter(allocation=allocation, direction=direction)
        .exclude(state=HandoverState.DISCARDED)
        .exclude(replaced_by__state=HandoverState.SIGNED)
        .filter(pk__in=HandoverLine.objects.filter(meets).values("handover"))
    )
    if replaces is not None:
        others = others.exclude(pk=replaces.pk)
    if other := others.order_by("pk").first():
        raise HandoverExists(
            _("%(number)s lists these seats already (%(state)s).")
            % {"number": other.number, "state": other.get_state_display()},
            extra={"handover": other.pk},
        )


def edit_handover(
    *,
    handover_id: int,
    on: date,
    note: str,
    lines: Sequence[NewLine],
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> Handover:
    """Write the list anew, before the park signs it. Raises `Invalid`, `WrongState` or `Stale`."""
    with recorded(acting_user):
        handover = take_step("edit", handover_id, acting_user, expected_version)
        _check_day(on)
        check_lines(handover.allocation, lines)
        handover.on, handover.note = on, note.strip()
        save_next_version(handover, ["state", "on", "note"])
        handover.lines.all().delete()
        write_lines(handover, lines)
        write_down(handover, "edit", "", now, acting_user)
    return handover


def sign_handover(
    *,
    handover_id: int,
    signer: str,
    expected_version: int,
    now: datetime,
    acting_user: User,
    note: str = "",
) -> Handover:
    """Sign the list as it was in `expected_version`: the park first, then the enterprise.

    The enterprise may add a remark. With its signature the list is frozen. Raises `Invalid`,
    `Forbidden`, `WrongState` (signed already, or not by the park yet) or `Stale`.
    """
    if not signer.strip():
        raise Invalid({"signer": _("Type the full name of who signs.")})
    of_park = is_of_the_park(acting_user)
    step = "sign_park" if of_park else "sign_enterprise"
    with recorded(acting_user):
        handover = take_step(step, handover_id, acting_user, expected_version)
        if of_park:
            handover.park_signer, handover.park_signed_by = signer.strip(), acting_user
            handover.park_signed_at = now
        else:
            handover.firm_signer, handover.firm_signed_by = signer.strip(), acting_user
            handover.firm_signed_at, handover.firm_note = now, note.strip()
        save_next_version(handover, ["state", *_SIGNATURES])
        write_down(handover, step, "" if of_park else note.strip(), now, acting_user)
        tell_other_side(step, handover, acting_user)
    return handover


_SIGNATURES = [
    *("park_signer", "park_signed_by", "park_signed_at"),
    *("firm_signer", "firm_signed_by", "firm_signed_at", "firm_note"),
]


def dispute_handover(
    *,
    handover_id: int,
    note: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> Handover:
    """Note what differs: the park's signature falls, and it corrects the list and signs again."""
    return _unsign("dispute", handover_id, note.strip(), now, acting_user, expected_version)


def recall_handover(
    *, handover_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> Handover:
    """Take the park's signature back, to change the list."""
    return _unsign("recall", handover_id, "", now, acting_user, expected_version)


def _unsign(
    step: str,
    handover_id: int,
    note: str,
    now: datetime,
    acting_user: User,
    expected_version: int | None,
) -> Handover:
    with recorded(acting_user):
        handover = take_step(step, handover_id, acting_user, expected_version)
        if step == "dispute" and not note:
            raise Invalid({"note": _("Say what differs, and where.")})
        handover.park_signer, handover.park_signed_by = "", None
        handover.park_signed_at = None
        save_next_version(handover, ["state", *_SIGNATURES])
        write_down(handover, step, note, now, acting_user)
        tell_other_side(step, handover, acting_user, note)
    return handover


def discard_handover(
    *, handover_id: int, now: datetime, acting_user: User, expected_version: int | None = None
) -> Handover:
    """Put a list away that nobody signed; another may be prepared. Raises `WrongState`."""
    with recorded(acting_user):
        handover = take_step("discard", handover_id, acting_user, expected_version)
        handover.replaces = None
        save_next_version(handover, ["state", "replaces"])
        write_down(handover, "discard", "", now, acting_user)
    return handover


def take_step(
    step: str, handover_id: int, acting_user: User, expected_version: int | None
) -> Handover:
    """Lock the list and set the state that `step` leads to, if the table allows it.

    A list that was signed meanwhile is told so before its version is looked at.
    """
    handover = locked(Handover.objects, handover_id)
    refuse_others(step, acting_user)
    refuse_wrong_state(step, handover)
    if expected_version is not None and handover.version != expected_version:
        raise Stale
    handover.state = HANDOVER_STEPS[step].target
    return handover


def refuse_others(step: str, acting_user: User) -> None:
    """Raise `Forbidden` where the step is the other side's to take."""
    if HANDOVER_STEPS[step].is_enterprises and is_of_the_park(acting_user):
        raise Forbidden(_("This is for the enterprise to do."))
    if not HANDOVER_STEPS[step].is_enterprises and not is_of_the_park(acting_user):
        raise Forbidden(_("This is for the park to do."))


def refuse_wrong_state(step: str, handover: Handover) -> None:
    """Raise `WrongState` unless `step` may follow now."""
    if can(step, handover.state):
        return
    words = {"number": handover.number, "state": handover.get_state_display()}
    if handover.state == HandoverState.SIGNED:
        message = _("%(number)s is signed by both and stays as it is. A correction is a new list.")
    elif step == "sign_park" and handover.state == HandoverState.OFFERED:
        message = _("The park has signed %(number)s already; the enterprise signs next.")
    elif step == "sign_enterprise":
        message = _("The park has not signed %(number)s yet; it signs first.")
    else:
        message = _("This can't be done now: %(number)s is “%(state)s”.")
    raise WrongState(message % words, extra={"state": handover.state})


def write_down(handover: Handover, step: str, note: str, now: datetime, by: User) -> None:
    """Add a line to what happened to the list."""
    HandoverChange.objects.create(
        handover=handover, step=step, to_state=handover.state, note=note, by=by, at=now
    )

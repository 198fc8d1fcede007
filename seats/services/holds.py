"""Holds that say so before they end, and holds that are given longer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import recorded
from foundation.models import Setting
from foundation.services.settings import setting
from foundation.versions import locked, save_next_version
from seats.models import Allocation
from seats.models.allocations import AllocationQuerySet
from seats.services.allocations import refuse_confirmed, show_on_request
from seats.services.blocks import runs_from
from seats.services.hold_messages import tell_of_coming_end, tell_of_extension
from seats.services.planning import planning_seats
from seats.services.refusals import WrongState
from seats.services.steps import refuse_open_offer
from web.refusals import Invalid


def warn_of_ending_holds(*, now: datetime) -> int:
    """Tell both sides of every hold that ends within the days that are set.

    Each hold in a transaction of its own, once for each instant of expiry, however often and by how
    many at once this is called: a hold that was extended is told of anew. Returns how many.
    """
    due = list(_due(now).order_by("expires_at", "pk").values_list("pk", flat=True))
    return sum(_warn(pk, now) for pk in due)


def _warn(hold_id: int, now: datetime) -> bool:
    """Whoever locks the row first tells; for all others it is not due any more."""
    with recorded(None):
        due = _due(now).select_for_update(of=("self",), no_key=True, skip_locked=True)
        hold = due.filter(pk=hold_id).first()
        if hold is None:
            return False
        tell_of_coming_end(hold, runs_from(hold, timezone.localdate(now)))
        hold.warned_for = hold.expires_at
        hold.save(update_fields=["warned_for"])  # nobody's edit: no next version
    return True


def _due(now: datetime) -> AllocationQuerySet:
    """Running holds with seats that end soon, whose people were not told of this instant."""
    until = now + timedelta(days=setting(Setting.Name.HOLD_WARNING_DAYS))
    return (
        Allocation.objects.running_holds()
        .filter(Q(warned_for__isnull=True) | ~Q(warned_for=F("expires_at")))
        .with_seats_from(timezone.localdate(now))
        .filter(expires_at__gt=now, expires_at__lte=until)
    )


def extend_hold(
    *,
    allocation_id: int,
    expires_at: datetime,
    reason: str,
    today: date,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> Allocation:
    """Let a hold last until `expires_at`, saying why. Its seats and days stay as they are.

    So no closed month is touched: only days to come, on which it would have ended.
    Raises `HoldExpired`, `WrongState` (also where it is offered by a request), `Invalid`, `Stale`
    or `Busy`.
    """
    if not reason.strip():
        raise Invalid({"reason": _("Say why the hold is extended.")})
    with planning_seats(acting_user, now=now):
        if expired := Allocation.objects.filter(pk=allocation_id, ended_at__isnull=False).first():
            refuse_confirmed(expired)
        hold = locked(Allocation.objects, allocation_id, expected_version)
        refuse_extension(hold, expires_at, today)
        hold.expires_at, hold.extended_because = expires_at, reason.strip()
        save_next_version(hold, ["expires_at", "extended_because"])
        show_on_request(hold)
        tell_of_extension(hold, runs_from(hold, today))
    return hold


def refuse_extension(hold: Allocation, expires_at: datetime, today: date) -> None:
    """Raise what `extend_hold` raises for a hold that cannot last until `expires_at`."""
    refuse_confirmed(hold)
    refuse_open_offer(hold)
    if hold.expires_at is None:
        raise WrongState(
            _("This hold waits for the handover of its floor. It does not expire before.")
        )
    runs = runs_from(hold, today)
    if not runs:
        raise WrongState(_("This hold has no seats any more."))
    if expires_at <= hold.expires_at:
        raise Invalid({"expires_at": _("Choose a later day: until then it is held already.")})
    ends = [run.end for run in runs]
    last = None if None in ends else max(end for end in ends if end)
    if last is not None and expires_at > timezone.make_aware(datetime.combine(last, time.min)):
        message = _("The seats are held up to %(day)s. A hold cannot last beyond its last day.")
        raise Invalid({"expires_at": message % {"day": (last - timedelta(days=1)).isoformat()}})

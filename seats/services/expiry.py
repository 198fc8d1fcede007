"""Holds end by themselves: each minute by beat, and before anything else that plans seats."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from foundation.versions import save_next_version
from park.lock import park_locked
from park.services import first_open_day
from seats.models import Allocation, AllocationKind
from seats.services.blocks import free_from


def end_expired_holds(*, now: datetime) -> int:
    """End every hold whose time is over. Returns how many (beat does this each minute)."""
    if not are_holds_expired(now):
        return 0
    with park_locked(None):
        return _end_expired_holds(now)


def are_holds_expired(now: datetime) -> bool:
    """Whether the time of any hold is over that has not ended."""
    return _expired(now).exists()


def _end_expired_holds(now: datetime) -> int:
    """Their seats are free from the day on which they expired."""
    holds = list(_expired(now).select_for_update(no_key=True))
    for hold in holds:
        day = first_open_day(timezone.localdate(hold.expires_at))
        blocks = [b for b in hold.blocks.all() if b.period.upper is None or b.period.upper > day]
        free_from(blocks, start=day, seats=None, today=timezone.localdate(now))
        hold.ended_at = now
        save_next_version(hold, ["ended_at"])
    return len(holds)


def _expired(now: datetime):  # type: ignore[no-untyped-def]
    return Allocation.objects.filter(
        kind=AllocationKind.HOLD, ended_at__isnull=True, expires_at__lte=now
    )

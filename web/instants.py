"""Instants as programs read them: the park's time, with its offset."""

from datetime import datetime

from django.utils import timezone


def iso_instant(instant: datetime | None) -> str | None:
    """`2024-02-22T10:00:00+08:00`; None stays None."""
    return timezone.localtime(instant).isoformat(timespec="seconds") if instant else None

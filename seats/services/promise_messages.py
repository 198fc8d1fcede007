"""What an enterprise is told when a floor comes later than its seats were promised."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_noop

from foundation.services.messages import tell
from park.axis import run_label
from seats.holdings import count_seats
from seats.models import BrokenPromise
from seats.services.audience import people_of
from web import formats

LINES = 30


def tell_of_broken_promises(broken: Iterable[BrokenPromise]) -> None:
    """Tell each enterprise, in one message, which of its seats come when."""
    by_enterprise: dict[int | None, list[BrokenPromise]] = {}
    for promise in broken:
        by_enterprise.setdefault(promise.allocation.enterprise_id, []).append(promise)
    for enterprise, promises in by_enterprise.items():
        _tell(enterprise, promises)


def _tell(enterprise: int | None, promises: list[BrokenPromise]) -> None:
    tell(
        people=people_of(enterprise),
        subject=gettext_noop("%(seats)s seats promised to you come later"),
        body=gettext_noop(
            "A handover is put off. First day as promised → first day now (– where they do not "
            "come, or no day is known):\n%(lines)s\nNext: the park talks with you about it."
        ),
        url=reverse("seats:promise-list"),
        parameters={"seats": f"{count_seats(promises):,}", "lines": _lines(promises)},
    )


def _lines(promises: list[BrokenPromise]) -> str:
    lines = [_line(promise) for promise in promises[:LINES]]
    return "\n".join([*lines, "…"] if len(promises) > LINES else lines)


def _line(promise: BrokenPromise) -> str:
    run = run_label(promise.floor.label, promise.span)
    first, upper, day = promise.period.lower, promise.period.upper, promise.new_day
    is_lost = day is not None and upper is not None and upper <= day
    return f"{run}: {formats.iso_day(first)} → {formats.iso_day(None if is_lost else day)}"

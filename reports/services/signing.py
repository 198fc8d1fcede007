"""Who answers for a report: typed when it is issued, as in the edition before where nothing is."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import User
from reports.display import SIGNATURES
from reports.models import MonthlyReport

LONGEST = 40


def last_names() -> dict[str, str]:
    """The names under the edition that was issued last."""
    contents = MonthlyReport.objects.issued().order_by("-issued_at", "-pk")
    named = contents.values_list("content__signatures", flat=True).first() or {}
    return {name: named.get(name, "") for name in SIGNATURES}


def names_below(signatures: Mapping[str, str] | None, acting_user: User) -> dict[str, str]:
    """The names for an edition: as typed, or as last time with whoever issues it as its writer."""
    if signatures is None:
        named = last_names()
        return {**named, "filled_in_by": named["filled_in_by"] or acting_user.name}
    return {name: signatures.get(name, "").strip()[:LONGEST] for name in SIGNATURES}

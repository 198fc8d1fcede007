"""A comparison as its page and the API show it: counts, then return by return, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from foundation.months import format_month
from returns.workbooks.comparing import Compared
from returns.workbooks.comparison import Comparison
from returns.workbooks.judging import Asked, asked_of

MOST_IN_FULL = 20  # returns that are shown with all their cells


class Shown(NamedTuple):
    """A changed return with what the checks ask of it."""

    one: Compared
    asked: Sequence[Asked]


class Difference:
    """What the page of a workbook shows."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.changed = sorted(
            comparison.changed, key=lambda one: (one.month, one.enterprise.pinyin)
        )

    @cached_property
    def shown(self) -> list[Shown]:
        """The first of the changed returns, in full."""
        return [Shown(one, asked_of(one)) for one in self.changed[:MOST_IN_FULL]]

    @property
    def rest(self) -> list[Compared]:
        """The others, by name and number of cells."""
        return self.changed[MOST_IN_FULL:]

    @cached_property
    def unchanged(self) -> list[Compared]:
        return [one for one in self.comparison.found if not one.is_changed]

    @property
    def is_one(self) -> bool:
        """Whether the workbook is that of one return."""
        return len(self.comparison.found) == 1


def as_data(comparison: Comparison, *, is_applied: bool) -> dict[str, Any]:
    """A comparison as the API gives it."""
    stamp, enterprise = comparison.stamp, comparison.enterprise
    return {
        "kind": stamp.kind.value,
        "enterprise": enterprise.pk if enterprise else None,
        "month": format_month(stamp.month) if stamp.month else None,
        "seen": comparison.seen,
        "applied": is_applied,
        "new": comparison.new_count,
        "changed": comparison.changed_count,
        "unchanged": comparison.unchanged_count,
        "returns": [_return(one) for one in Difference(comparison).changed],
    }


def _return(one: Compared) -> dict[str, Any]:
    return {
        "return": one.row.pk if one.row else None,
        "enterprise": one.enterprise.pk,
        "month": format_month(one.month),
        "changes": [
            {
                "cell": change.cell,
                "at": str(change.place),
                "label": change.label,
                "before": change.before,
                "after": change.after,
            }
            for change in one.changes
        ],
    }

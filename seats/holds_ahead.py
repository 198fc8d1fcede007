"""Holds in the order in which they end, each with the days that are left of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from seats.holdings import Holding
from seats.models import Allocation, SeatBlock
from web.rfc9457 import Text

SOON = 3  # days left from which a line asks for a look
RUNS_SHOWN = 3


def holds_ahead(user: User, today: date) -> QuerySet[Allocation]:
    """The running holds that `user` may see: what ends first, then what waits for its floor."""
    holds = Allocation.objects.visible_to(user).running_holds().with_seats_from(today)
    return holds.order_by(F("expires_at").asc(nulls_last=True), "pk")


def days_left(allocation: Allocation, today: date) -> int | None:
    """How many whole days are left after today; None where it waits for its floor."""
    if allocation.expires_at is None:
        return None
    last = timezone.localdate(allocation.expires_at - timedelta(microseconds=1))
    return (last - today).days


@dataclass(frozen=True)
class HoldLine:
    """A hold as a line of the list."""

    holding: Holding
    days: int | None

    @property
    def runs(self) -> list[str]:
        """The first few of its runs; the others are on its own page."""
        return self.holding.runs[:RUNS_SHOWN]

    @property
    def more(self) -> int:
        """How many runs are not shown."""
        return max(0, len(self.holding.blocks) - RUNS_SHOWN)

    @property
    def left(self) -> Text:
        if self.days is None:
            return _("waits for its floor")
        if self.days <= 0:
            return _("ends today")
        return ngettext("%(days)d day left", "%(days)d days left", self.days) % {"days": self.days}

    @property
    def glyph(self) -> str:
        """Look where it ends soon; waiting where it has no end yet."""
        if self.days is None:
            return "wait"
        return "look" if self.days <= SOON else ""


def lines(holds: Iterable[Allocation], today: date) -> list[HoldLine]:
    """Each of `holds` (from `with_blocks`) with what it has from today on."""
    return [HoldLine(Holding(row, _coming(row, today)), days_left(row, today)) for row in holds]


def _coming(allocation: Allocation, today: date) -> list[SeatBlock]:
    return [
        block
        for block in allocation.blocks.all()
        if block.period.upper is None or block.period.upper > today
    ]

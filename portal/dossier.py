"""一企一档: everything that this person may know about an enterprise, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Case, QuerySet, Value, When

from accounts.models import User
from park.axis import Span, run_label
from portal.history import Deed, history_of
from returns.desk import OwedMonth, owed_months, with_returns
from seats.desk import state_glyph
from seats.models import BlockKind, FitOut, Handover, RequestState, SeatBlock, SeatRequest
from seats.models.fit_outs import FitOutQuerySet
from tenants.models import (
    BusinessLine,
    Contact,
    Enterprise,
    Invitation,
    Membership,
    Tenancy,
)
from tenants.readers import may_call

MONTHS_SHOWN = 6
REQUESTS_SHOWN = 10
ENDED_SHOWN = 10
CASES_SHOWN = 5


@dataclass(frozen=True)
class Run:
    """Seats side by side that the enterprise has for some days."""

    block: SeatBlock

    @property
    def label(self) -> str:
        return run_label(self.block.floor.label, self._span)

    @property
    def seats(self) -> int:
        return self._span.length

    @property
    def last_day(self) -> date | None:
        """The last day on which the enterprise has them; None while no end is known."""
        end = self.block.period.upper
        return end - timedelta(days=1) if end else None

    @property
    def _span(self) -> Span:
        return Span(self.block.seats.lower, self.block.seats.upper)


@dataclass(frozen=True)
class SeatsOfDays:
    """Runs of the same time: today's, later ones, ended ones."""

    runs: list[Run]

    @property
    def total(self) -> int:
        return sum(run.seats for run in self.runs)

    @property
    def first_day(self) -> date | None:
        """The day on which the first of those that are contracted begins."""
        firm = [run.block for run in self.runs if run.block.kind == BlockKind.FIRM]
        return min((block.period.lower for block in firm), default=None)

    @property
    def firm(self) -> int:
        return sum(run.seats for run in self.runs if run.block.kind == BlockKind.FIRM)

    @property
    def held(self) -> int:
        return sum(run.seats for run in self.runs if run.block.kind == BlockKind.HOLD)


@dataclass(frozen=True)
class AskedSeats:
    """A request, and how its state is drawn."""

    request: SeatRequest

    @property
    def glyph(self) -> str:
        return "" if self.request.state == RequestState.DRAFT else state_glyph(self.request)


class Dossier:
    """What the page of `enterprise` shows to `user`; each part asks the database once."""

    def __init__(self, enterprise: Enterprise, user: User, today: date, now: datetime) -> None:
        self.enterprise, self.user, self.today, self.now = enterprise, user, today, now
        self.is_of_park = user.has_perm("tenants.view_every_enterprise")

    @property
    def may_call(self) -> bool:
        """Whether this person needs telephone numbers and addresses in full."""
        return may_call(self.user)

    @cached_property
    def tenancies(self) -> list[Tenancy]:
        return list(self.enterprise.tenancies.order_by("-period"))

    @property
    def running_tenancy(self) -> Tenancy | None:
        """The tenancy without an end, if there is one."""
        return next((row for row in self.tenancies if row.period.upper is None), None)

    @cached_property
    def aliases(self) -> list[str]:
        return list(self.enterprise.aliases.order_by("pk").values_list("name", flat=True))

    @cached_property
    def business_lines(self) -> list[BusinessLine]:
        return list(self.enterprise.business_lines.order_by("-is_main", "pk"))

    @cached_property
    def contacts(self) -> list[Contact]:
        return list(self.enterprise.contacts.order_by("pk"))

    @cached_property
    def _runs(self) -> list[Run]:
        blocks = SeatBlock.objects.visible_to(self.user).filter(enterprise=self.enterprise)
        return [
            Run(block)
            for block in blocks.select_related("floor", "allocation").order_by("seats", "period")
        ]

    @cached_property
    def seats_today(self) -> SeatsOfDays:
        return SeatsOfDays([run for run in self._runs if self.today in run.block.period])

    @property
    def has_sample_seats(self) -> bool:
        """Whether some of today's seats are invented."""
        allocations = [run.block.allocation for run in self.seats_today.runs]
        return any(allocation and allocation.sample_fields for allocation in allocations)

    @cached_property
    def seats_later(self) -> SeatsOfDays:
        return SeatsOfDays([run for run in self._runs if run.block.period.lower > self.today])

    @cached_property
    def seats_ended(self) -> SeatsOfDays:
        """The last to end first."""
        ended = [
            run
            for run in self._runs
            if run.block.period.upper is not None and run.block.period.upper <= self.today
        ]
        return SeatsOfDays(sorted(ended, key=lambda run: run.block.period.upper, reverse=True))

    @property
    def runs_ended_shown(self) -> list[Run]:
        return self.seats_ended.runs[:ENDED_SHOWN]

    @cached_property
    def requests(self) -> list[AskedSeats]:
        visible = SeatRequest.objects.visible_to(self.user).filter(enterprise=self.enterprise)
        rows = visible.select_related("owner").order_by("-created_at", "-pk")
        return [AskedSeats(request) for request in rows[:REQUESTS_SHOWN]]

    @cached_property
    def fit_outs(self) -> list[FitOut]:
        """Those that run first, the newest first."""
        visible = FitOut.objects.visible_to(self.user).filter(enterprise=self.enterprise)
        is_over = Case(When(state__in=FitOutQuerySet.OVER, then=Value(1)), default=Value(0))
        rows = visible.select_related("enterprise").prefetch_related("runs__floor")
        return list(rows.with_due().order_by(is_over, "-pk")[:CASES_SHOWN])

    @cached_property
    def handovers(self) -> list[Handover]:
        """The newest first."""
        visible = Handover.objects.visible_to(self.user).filter(enterprise=self.enterprise)
        return list(visible.order_by("-on", "-pk")[:CASES_SHOWN])

    @cached_property
    def months(self) -> list[OwedMonth]:
        """The last months for which the enterprise owes returns, newest first."""
        if not self.user.has_perm("returns.view_monthlyreturn"):
            return []
        owed = owed_months(self.enterprise, self.today)[:MONTHS_SHOWN]
        return with_returns(self.enterprise, owed, self.today)

    @cached_property
    def people(self) -> QuerySet[Membership]:
        current = Membership.objects.current().filter(enterprise=self.enterprise)
        return current.select_related("user").order_by("-is_manager", "started_at", "pk")

    @cached_property
    def invitations(self) -> QuerySet[Invitation]:
        is_open = self.enterprise.invitations.filter(accepted_at=None, withdrawn_at=None)
        return is_open.order_by("-created_at", "-pk")

    @cached_property
    def history(self) -> list[Deed]:
        return history_of(self.enterprise, with_note=self.is_of_park)

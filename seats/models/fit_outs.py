"""Fit-out (精装修): a case from the enterprise's plan to the park's acceptance, with its files."""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import IntegerRangeField
from django.db import models
from django.db.models import Exists, F, Min, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Provenance, StoredFile, Versioned
from park.axis import SLOT, places_of_run, run_label
from park.models import Floor
from seats.models.allocations import Allocation
from seats.models.spans import HasSpan
from tenants.models import Enterprise, Membership


class FitOutState(models.TextChoices):
    """What the case waits for."""

    PLANNING = "planning", pgettext_lazy("fit-out", "Plan awaited")
    REVIEW = "review", pgettext_lazy("fit-out", "Plan in review")
    DEPOSIT = "deposit", pgettext_lazy("fit-out", "Deposit awaited")
    READY = "ready", pgettext_lazy("fit-out", "May start")
    WORKING = "working", pgettext_lazy("fit-out", "Works under way")
    INSPECTION = "inspection", pgettext_lazy("fit-out", "Inspection asked for")
    REWORK = "rework", pgettext_lazy("fit-out", "To be mended")
    ACCEPTANCE = "acceptance", pgettext_lazy("fit-out", "Acceptance awaited")
    ACCEPTED = "accepted", pgettext_lazy("fit-out", "Accepted")
    CANCELLED = "cancelled", pgettext_lazy("fit-out", "Cancelled")


class FitOutStage(models.TextChoices):
    """The six milestones, in their order; each has a planned day and a day when it was done."""

    PLAN = "plan", pgettext_lazy("fit-out stage", "Plan")
    REVIEW = "review", pgettext_lazy("fit-out stage", "Review")
    DEPOSIT = "deposit", pgettext_lazy("fit-out stage", "Deposit")
    START = "start", pgettext_lazy("fit-out stage", "Start")
    INSPECTION = "inspection", pgettext_lazy("fit-out stage", "Inspection")
    ACCEPTANCE = "acceptance", pgettext_lazy("fit-out stage", "Acceptance")


class FitOutQuerySet(models.QuerySet["FitOut"]):
    OVER = (FitOutState.ACCEPTED, FitOutState.CANCELLED)
    AT_THE_PARK = (
        FitOutState.REVIEW,
        FitOutState.DEPOSIT,
        FitOutState.READY,
        FitOutState.INSPECTION,
        FitOutState.ACCEPTANCE,
    )
    AT_THE_ENTERPRISE = (FitOutState.PLANNING, FitOutState.WORKING, FitOutState.REWORK)

    def visible_to(self, user: User) -> FitOutQuerySet:
        """The park sees every case; an enterprise's people see their own."""
        if user.has_perm("seats.view_every_fitout"):
            return self
        if user.has_perm("seats.view_fitout"):
            return self.filter(enterprise__in=Membership.objects.enterprises_of(user))
        return self.none()

    def running(self) -> FitOutQuerySet:
        return self.exclude(state__in=self.OVER)

    def overdue(self, today: date) -> FitOutQuerySet:
        """Cases that run and whose next planned day has passed."""
        late = FitOutStep.objects.filter(fit_out=OuterRef("pk"), done_on=None, planned_on__lt=today)
        return self.running().filter(Exists(late))

    def with_due(self) -> FitOutQuerySet:
        """With `due_on`: the next planned day that is not done; None where none is planned."""
        return self.annotate(due_on=Min("steps__planned_on", filter=Q(steps__done_on=None)))

    def waiting_for_park(self) -> FitOutQuerySet:
        """What the park goes on with, and deposits of cases that are over, to be returned."""
        money = Q(state__in=self.OVER, deposit__gt=0, deposit_returned_on=None)
        return self.filter(Q(state__in=self.AT_THE_PARK) | money)

    def waiting_for_enterprise(self) -> FitOutQuerySet:
        return self.filter(state__in=self.AT_THE_ENTERPRISE)


@tracked()
class FitOut(Provenance, Versioned):
    """An enterprise fits seats out: who, which seats, where the case is, and the deposit."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="fit_outs")
    allocation = models.ForeignKey(
        Allocation, models.PROTECT, null=True, blank=True, related_name="fit_outs"
    )
    description = models.TextField(_("what is done"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=FitOutState.choices, default=FitOutState.PLANNING
    )
    since = models.DateTimeField(_("in this state since"))
    is_run_by_park = models.BooleanField(
        _("run by the park"),
        default=False,
        help_text="The park opened it and may take the enterprise's steps too.",
    )
    closes_seats = models.BooleanField(_("closes free seats while working"), default=False)
    closure = models.ForeignKey(
        Allocation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="closes_for",
        verbose_name=_("closure"),
    )
    deposit = models.DecimalField(
        _("deposit"), max_digits=12, decimal_places=2, null=True, help_text="元"
    )
    deposit_received_on = models.DateField(_("deposit received on"), null=True)
    deposit_returned = models.DecimalField(
        _("deposit returned"), max_digits=12, decimal_places=2, null=True, help_text="元"
    )
    deposit_returned_on = models.DateField(_("deposit returned on"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    created_at = models.DateTimeField(_("opened at"))

    objects = FitOutQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "fit-out")
        constraints = [
            models.CheckConstraint(
                name="seats_fitout_deposit_has_its_day",
                condition=Q(deposit__isnull=True, deposit_received_on__isnull=True)
                | Q(deposit__gte=0, deposit_received_on__isnull=False),
            ),
            models.CheckConstraint(
                name="seats_fitout_returned_within_deposit",
                condition=Q(deposit_returned__isnull=True, deposit_returned_on__isnull=True)
                | Q(
                    deposit__isnull=False,
                    deposit_returned__gte=0,
                    deposit_returned__lte=F("deposit"),
                    deposit_returned_on__gte=F("deposit_received_on"),
                ),
            ),
        ]
        indexes = [models.Index("state", "since", name="seats_fitout_desk")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: F-2026-0003."""
        return f"F-{timezone.localtime(self.created_at):%Y}-{self.pk:04d}"

    @property
    def is_running(self) -> bool:
        return self.state not in FitOutQuerySet.OVER

    @property
    def has_deposit_to_return(self) -> bool:
        """Whether the park still has money of a case that is over."""
        return not self.is_running and bool(self.deposit) and self.deposit_returned_on is None


class SeatRunRow(HasSpan, models.Model):
    """Seats side by side on one floor, as part of something."""

    floor = models.ForeignKey(Floor, models.PROTECT, related_name="+")
    seats = IntegerRangeField(_("seats"), help_text="[first seat, last seat + 1)")

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """C-1-3F-345 — 404. Its floor is loaded."""
        return run_label(self.floor.label, self.span)


@tracked(words={"seats": places_of_run})
class FitOutRun(SeatRunRow):
    """Seats that a case fits out."""

    fit_out = models.ForeignKey(FitOut, models.PROTECT, related_name="runs")

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "seats of a fit-out")
        constraints = [
            models.CheckConstraint(
                name="seats_fitoutrun_inside_its_floor",
                condition=Q(seats__isempty=False)
                & Q(seats__startswith__gte=F("floor_id") * SLOT)
                & Q(seats__endswith__lte=F("floor_id") * SLOT + SLOT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fit_out_id} {self.seats}"


@tracked()
class FitOutStep(models.Model):
    """One milestone of a case: when it is planned, when and by whom it was done."""

    fit_out = models.ForeignKey(FitOut, models.PROTECT, related_name="steps")
    stage = models.CharField(_("stage"), max_length=10, choices=FitOutStage.choices)
    planned_on = models.DateField(_("planned day"), null=True, blank=True)
    done_on = models.DateField(_("day when done"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "milestone of a fit-out")
        constraints = [
            models.UniqueConstraint("fit_out", "stage", name="seats_fitoutstep_once"),
            models.CheckConstraint(
                name="seats_fitoutstep_done_by_somebody",
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fit_out_id} {self.stage}"


class FitOutChange(models.Model):
    """One thing that happened to a case, as people read it. Append-only."""

    fit_out = models.ForeignKey(FitOut, models.PROTECT, related_name="changes")
    step = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, choices=FitOutState.choices, blank=True)
    to_state = models.CharField(max_length=10, choices=FitOutState.choices)
    on = models.DateField(help_text="The day on which it was done; it may be written down later.")
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.fit_out_id}: {self.step}"


class FitOutFile(models.Model):
    """A file of a case: plans, permits, photos. Its bytes are a `StoredFile`. Append-only."""

    fit_out = models.ForeignKey(FitOut, models.PROTECT, related_name="files")
    stage = models.CharField(max_length=10, choices=FitOutStage.choices)
    name = models.CharField(max_length=120, help_text="As the sender named it.")
    media_type = models.CharField(max_length=100)
    file = models.FileField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="seats_fitoutfile_not_too_large", condition=Q(size__lte=StoredFile.LARGEST)
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.name

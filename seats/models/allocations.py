"""Allocations and the rectangles they are made of: the picture that the product stands on."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Provenance, Versioned
from park.axis import SLOT, Span, places_of_run
from park.models import Floor
from seats.models.requests import SeatRequest
from seats.models.spans import HasSpan
from tenants.models import Enterprise, Membership

NO_DOUBLE_BOOKING = "seats_seatblock_no_double_booking"


class AllocationKind(models.TextChoices):
    FIRM = "firm", pgettext_lazy("seats", "Contracted")
    HOLD = "hold", pgettext_lazy("seats", "Held")
    CLOSURE = "closure", pgettext_lazy("seats", "Closed")


class BlockKind(models.TextChoices):
    """Why seats are not free: somebody has them, they are reserved, closed, or do not exist."""

    FIRM = "firm", pgettext_lazy("seats", "Contracted")
    HOLD = "hold", pgettext_lazy("seats", "Held")
    CLOSURE = "closure", pgettext_lazy("seats", "Closed")
    VOID = "void", pgettext_lazy("seats", "No such seat")


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def with_seats_from(self, day: date) -> AllocationQuerySet:
        """Those that have seats on `day` or later."""
        blocks = SeatBlock.objects.during(day, None).filter(allocation=OuterRef("pk"))
        return self.filter(Exists(blocks))

    def running_holds(self) -> AllocationQuerySet:
        """Holds that neither expired nor were confirmed."""
        return self.filter(kind=AllocationKind.HOLD, ended_at__isnull=True)

    def visible_to(self, user: User) -> AllocationQuerySet:
        """The park sees every allocation; an enterprise's people see their own."""
        if user.has_perm("seats.view_every_allocation"):
            return self
        if user.has_perm("seats.view_allocation"):
            return self.filter(enterprise__in=Membership.objects.enterprises_of(user))
        return self.none()


@tracked()
class Allocation(Provenance, Versioned):
    """One decision about seats: an enterprise gets them, they are held for it, or closed."""

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=AllocationKind.choices)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, help_text="When a hold expired.")
    warned_for = models.DateTimeField(
        _("warned for"),
        null=True,
        editable=False,
        help_text="The instant of expiry that people were told of before it.",
    )
    extended_because = models.CharField(
        _("why it was extended"), max_length=200, blank=True, help_text="Of a hold, the last time."
    )
    due_on = models.DateField(
        _("expected back"),
        null=True,
        blank=True,
        help_text="Of closed seats without a last day: when they are meant to be back.",
    )
    request = models.ForeignKey(
        SeatRequest, models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    created_at = models.DateTimeField(_("recorded at"))

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "allocation")
        constraints = [
            models.CheckConstraint(
                name="seats_allocation_holder",
                condition=Q(kind="closure", enterprise__isnull=True)
                | Q(kind__in=["firm", "hold"], enterprise__isnull=False),
            ),
            models.CheckConstraint(
                name="seats_allocation_only_holds_expire",
                condition=Q(expires_at__isnull=True) | Q(kind="hold"),
            ),
            models.CheckConstraint(
                name="seats_allocation_only_closures_are_due",
                condition=Q(due_on__isnull=True) | Q(kind="closure"),
            ),
        ]
        indexes = [
            models.Index(
                "expires_at",
                name="seats_allocation_expiring",
                condition=Q(kind="hold", ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SeatBlockQuerySet(models.QuerySet["SeatBlock"]):
    def on(self, day: date) -> SeatBlockQuerySet:
        return self.filter(period__contains=day)

    def during(self, start: date, end: date | None) -> SeatBlockQuerySet:
        """Blocks that share a day with [start, end)."""
        return self.filter(period__overlap=(start, end))

    def within(self, seats: Span) -> SeatBlockQuerySet:
        """Blocks that share a seat with `seats`."""
        return self.filter(seats__overlap=seats)

    def real(self) -> SeatBlockQuerySet:
        """Everything but void: what somebody decided."""
        return self.exclude(kind=BlockKind.VOID)

    def visible_to(self, user: User) -> SeatBlockQuerySet:
        """As for allocations; nobody needs to see void."""
        if user.has_perm("seats.view_every_allocation"):
            return self.real()
        if user.has_perm("seats.view_allocation"):
            return self.filter(enterprise__in=Membership.objects.enterprises_of(user))
        return self.none()


@tracked(words={"seats": places_of_run})
class SeatBlock(HasSpan, models.Model):
    """One rectangle on the park's map of seats × days.

    seats ▲
     120  │      ┌──────────┐
          │      │  block   │   No two blocks share a point: the database refuses it.
     100  │      └──────────┘   A row here *is* the fact that these seats are not free.
          └──────┴──────────┴──▶ days
    """

    allocation = models.ForeignKey(
        Allocation, models.PROTECT, null=True, blank=True, related_name="blocks"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="seat_blocks"
    )
    floor = models.ForeignKey(Floor, models.PROTECT, db_index=False, related_name="blocks")
    kind = models.CharField(_("kind"), max_length=7, choices=BlockKind.choices)
    seats = IntegerRangeField(_("seats"), help_text="[first seat, last seat + 1)")
    period = DateRangeField(
        _("period"), help_text="[first day, day after the last); no end = until further notice"
    )
    recorded_on = models.DateField(
        _("recorded on"),
        help_text="The day on which this form of the row was decided. With the event table it "
        "tells what was known on any day; it is set once more before a row is deleted.",
    )

    objects = SeatBlockQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "block of seats")
        constraints = [
            # Seats first: the other way round ten years load 3.5 times slower (ADR 0001).
            ExclusionConstraint(
                name=NO_DOUBLE_BOOKING,
                expressions=[
                    ("seats", RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="seats_seatblock_has_area",
                condition=Q(
                    seats__isempty=False,
                    seats__lower_inf=False,
                    seats__upper_inf=False,
                    period__isempty=False,
                    period__lower_inf=False,
                ),
            ),
            models.CheckConstraint(
                name="seats_seatblock_inside_its_floor",
                condition=Q(seats__startswith__gte=F("floor_id") * SLOT)
                & Q(seats__endswith__lte=F("floor_id") * SLOT + SLOT),
            ),
            models.CheckConstraint(
                name="seats_seatblock_holder",
                condition=Q(
                    kind__in=["firm", "hold"], allocation__isnull=False, enterprise__isnull=False
                )
                | Q(kind="closure", allocation__isnull=False, enterprise__isnull=True)
                | Q(kind="void", allocation__isnull=True, enterprise__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seats} {self.period}"


class BrokenPromiseQuerySet(models.QuerySet["BrokenPromise"]):
    def visible_to(self, user: User) -> BrokenPromiseQuerySet:
        """As for the allocations that they were made by."""
        return self.filter(allocation__in=Allocation.objects.visible_to(user))

    def still_open(self, today: date) -> BrokenPromiseQuerySet:
        """Those of floors that are not handed over yet, for days that are not over."""
        still = Q(period__upper_inf=True) | Q(period__endswith__gt=today)
        return self.filter(still, floor__delivered_on__isnull=True)


@tracked(words={"seats": places_of_run})
class BrokenPromise(HasSpan, models.Model):
    """Seats promised for days on which, after a delay, their floor will not be there yet."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="broken_promises")
    floor = models.ForeignKey(Floor, models.PROTECT, related_name="broken_promises")
    seats = IntegerRangeField(_("seats"), help_text="[first seat, last seat + 1)")
    period = DateRangeField(_("period"), help_text="the period promised before the delay")
    new_day = models.DateField(_("new delivery day"), null=True)
    recorded_on = models.DateField(_("recorded on"))

    objects = BrokenPromiseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "broken promise")

    def __str__(self) -> str:
        return f"{self.allocation} {self.seats}"

"""Tidal seats (席位调剂): one enterprise lends another a run of seats, through the park."""

from __future__ import annotations

from datetime import date, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Provenance, Versioned
from park.axis import SLOT, Span, places_of_run, run_label
from park.models import Floor
from seats.models.allocations import Allocation
from seats.models.spans import HasSpan
from tenants.models import Enterprise, Membership


class LoanState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("loan of seats", "Proposed")
    AGREED = "agreed", pgettext_lazy("loan of seats", "Agreed")
    ARRANGED = "arranged", pgettext_lazy("loan of seats", "Arranged")
    RETURNED = "returned", pgettext_lazy("loan of seats", "Returned")
    ENDED_EARLY = "ended_early", pgettext_lazy("loan of seats", "Returned early")
    REFUSED = "refused", pgettext_lazy("loan of seats", "Refused")
    CANCELLED = "cancelled", pgettext_lazy("loan of seats", "Cancelled")


# Nothing was moved yet; the seats were moved.
OPEN = (LoanState.PROPOSED, LoanState.AGREED)
MOVED = (LoanState.ARRANGED, LoanState.RETURNED, LoanState.ENDED_EARLY)


class SeatLoanQuerySet(models.QuerySet["SeatLoan"]):
    def visible_to(self, user: User) -> SeatLoanQuerySet:
        """The park sees every loan; an enterprise's people those that it gives or takes."""
        if user.has_perm("seats.view_every_seatloan"):
            return self
        if user.has_perm("seats.view_seatloan"):
            own = Membership.objects.enterprises_of(user)
            return self.filter(Q(lender__in=own) | Q(borrower__in=own))
        return self.none()

    def during(self, start: date, end: date | None) -> SeatLoanQuerySet:
        """Loans whose days, as they were agreed, share one with [start, end)."""
        return self.filter(period__overlap=(start, end))

    def within(self, seats: Span) -> SeatLoanQuerySet:
        """Loans that share a seat with `seats`."""
        return self.filter(seats__overlap=seats)

    def out_after(self, day: date) -> SeatLoanQuerySet:
        """Loans by which seats are, or will be, with the borrower on `day` or later."""
        moved = self.filter(state__in=[LoanState.ARRANGED, LoanState.ENDED_EARLY])
        return moved.alias(ends=Coalesce("returned_on", "period__endswith")).filter(ends__gt=day)


@tracked(words={"seats": places_of_run})
class SeatLoan(HasSpan, Provenance, Versioned):
    """A run of seats goes from lender to borrower for some days, and goes back by itself.

    While it is arranged the borrower has an allocation of its own for these days, and the lender's
    blocks stop before them and go on after them: so each figure is right on every day, and nothing
    need happen on the day of return.
    """

    lender = models.ForeignKey(Enterprise, models.PROTECT, related_name="loans_given")
    borrower = models.ForeignKey(Enterprise, models.PROTECT, related_name="loans_taken")
    lender_allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="loans_given")
    borrower_allocation = models.OneToOneField(
        Allocation, models.PROTECT, null=True, blank=True, related_name="loan"
    )
    floor = models.ForeignKey(Floor, models.PROTECT, related_name="loans")
    seats = IntegerRangeField(_("seats"), help_text="[first seat, last seat + 1)")
    period = DateRangeField(
        _("period"), help_text="[first day, day after the last), as it was agreed"
    )
    reason = models.CharField(pgettext_lazy("loan of seats", "reason"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=LoanState.choices, default=LoanState.PROPOSED
    )
    since = models.DateTimeField(_("in this state since"))
    returned_on = models.DateField(
        _("returned on"), null=True, help_text="The day from which the lender has them, if early."
    )
    agreed_name = models.CharField(_("agreed by"), max_length=80, blank=True)
    agreed_at = models.DateTimeField(_("agreed at"), null=True)
    agreement_reference = models.CharField(
        _("paper of the agreement"), max_length=200, blank=True, help_text="Where it was on paper."
    )
    paper = models.FileField(_("scan of the paper"), max_length=200, blank=True)
    needs_consent = models.BooleanField(
        _("needs the landlord's consent"), default=False, help_text="The zone is leased in."
    )
    consent_reference = models.CharField(_("landlord's consent"), max_length=200, blank=True)
    consent_on = models.DateField(_("day of the consent"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("end told at"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    created_at = models.DateTimeField(_("proposed at"))

    objects = SeatLoanQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "loan of seats")
        constraints = [
            models.CheckConstraint(
                name="seats_seatloan_two_enterprises", condition=~Q(lender=F("borrower"))
            ),
            models.CheckConstraint(
                name="seats_seatloan_has_area",
                condition=Q(
                    seats__isempty=False,
                    seats__lower_inf=False,
                    seats__upper_inf=False,
                    period__isempty=False,
                    period__lower_inf=False,
                    period__upper_inf=False,
                ),
            ),
            models.CheckConstraint(
                name="seats_seatloan_inside_its_floor",
                condition=Q(seats__startswith__gte=F("floor_id") * SLOT)
                & Q(seats__endswith__lte=F("floor_id") * SLOT + SLOT),
            ),
            models.CheckConstraint(
                name="seats_seatloan_agreed_by_somebody",
                condition=~Q(state__in=["agreed", "arranged", "returned", "ended_early"])
                | (Q(agreed_at__isnull=False) & ~Q(agreed_name="")),
            ),
            models.CheckConstraint(
                name="seats_seatloan_borrower_has_the_seats",
                condition=Q(
                    state__in=["arranged", "returned", "ended_early"],
                    borrower_allocation__isnull=False,
                )
                | Q(
                    state__in=["proposed", "agreed", "refused", "cancelled"],
                    borrower_allocation__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="seats_seatloan_consent_where_needed",
                condition=~Q(state__in=["arranged", "returned", "ended_early"], needs_consent=True)
                | (Q(consent_on__isnull=False) & ~Q(consent_reference="")),
            ),
            models.CheckConstraint(
                name="seats_seatloan_early_return_within_it",
                condition=Q(
                    state="ended_early",
                    returned_on__gte=F("period__startswith"),
                    returned_on__lt=F("period__endswith"),
                )
                | (~Q(state="ended_early") & Q(returned_on__isnull=True)),
            ),
        ]
        indexes = [models.Index("state", "since", name="seats_seatloan_desk")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: L-2026-0007."""
        return f"L-{timezone.localtime(self.created_at):%Y}-{self.pk:04d}"

    @property
    def count(self) -> int:
        """How many seats are lent."""
        return self.span.length

    @property
    def run(self) -> str:
        """C-1-3F-001 — 040. Its floor is loaded."""
        return run_label(self.floor.label, self.span)

    @property
    def start(self) -> date:
        return self.period.lower

    @property
    def end(self) -> date:
        """The day from which the lender has them again, as things stand."""
        return self.returned_on or self.period.upper

    @property
    def last_day(self) -> date:
        """The last day with the borrower, as things stand."""
        return self.end - timedelta(days=1)


class LoanStep(models.Model):
    """One step in a loan's life, as people read it. Append-only. `by` None: Xiyuan itself."""

    loan = models.ForeignKey(SeatLoan, models.PROTECT, related_name="steps")
    to_state = models.CharField(max_length=12, choices=LoanState.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.loan}: {self.to_state}"

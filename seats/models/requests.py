"""Requests: what an enterprise asks for, where the request is, who has it and since when."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField, IntegerRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Provenance, Versioned
from park.models import Floor
from tenants.models import Enterprise, Membership


class RequestKind(models.TextChoices):
    NEW = "new", pgettext_lazy("seat request", "New seats")
    EXPAND = "expand", pgettext_lazy("seat request", "More seats")
    RELOCATE = "relocate", pgettext_lazy("seat request", "Move")
    RELEASE = "release", pgettext_lazy("seat request", "Give back")


class RequestState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("seat request", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("seat request", "Submitted")
    IN_REVIEW = "in_review", pgettext_lazy("seat request", "In review")
    SENT_BACK = "sent_back", pgettext_lazy("seat request", "Sent back")
    FULFILLED = "fulfilled", pgettext_lazy("seat request", "Fulfilled")
    REJECTED = "rejected", pgettext_lazy("seat request", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("seat request", "Withdrawn")


class SeatRequestQuerySet(models.QuerySet["SeatRequest"]):
    def visible_to(self, user: User) -> SeatRequestQuerySet:
        """The park sees what was submitted; an enterprise's people see their own, drafts too.

        A draft belongs to whoever writes it: the park sees those that it writes for an enterprise.
        """
        if user.has_perm("seats.view_every_seatrequest"):
            return self.filter(~Q(state=RequestState.DRAFT) | Q(created_by=user))
        if user.has_perm("seats.view_seatrequest"):
            return self.filter(enterprise__in=Membership.objects.enterprises_of(user))
        return self.none()

    def waiting_for_park(self) -> SeatRequestQuerySet:
        return self.filter(state__in=[RequestState.SUBMITTED, RequestState.IN_REVIEW])

    def waiting_for_enterprise(self) -> SeatRequestQuerySet:
        return self.filter(state=RequestState.SENT_BACK)


@tracked()
class SeatRequest(Provenance, Versioned):
    """An enterprise asks for seats from a day, or gives some back."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="seat_requests")
    kind = models.CharField(_("kind"), max_length=10, choices=RequestKind.choices)
    seats = models.PositiveIntegerField(_("seats"))
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    zones = ArrayField(
        models.CharField(max_length=6), verbose_name=_("zones"), default=list, blank=True
    )
    contiguous = models.BooleanField(_("in one run"), default=False)
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.DRAFT
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_requests",
        help_text="Whose turn it is, where one person has taken it.",
        verbose_name=_("whose turn"),
    )
    since = models.DateTimeField(
        _("in this state since"), help_text="Since when the request is where it is."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    created_at = models.DateTimeField(_("asked at"))

    objects = SeatRequestQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "seat request")
        constraints = [
            models.CheckConstraint(name="seats_seatrequest_some_seats", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="seats_seatrequest_ends_after_start",
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
            ),
        ]
        indexes = [models.Index("state", "since", name="seats_seatrequest_desk")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: R-2026-0031."""
        return f"R-{timezone.localtime(self.created_at):%Y}-{self.pk:04d}"


class StateChange(models.Model):
    """One step in a request's life, as people read it. Append-only."""

    request = models.ForeignKey(SeatRequest, models.PROTECT, related_name="changes")
    from_state = models.CharField(max_length=10, choices=RequestState.choices, blank=True)
    to_state = models.CharField(max_length=10, choices=RequestState.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.to_state}"


class ApprovedRun(models.Model):
    """Seats that an approval gave, or took back, and on which days. Append-only.

    What becomes of the seats later changes their blocks; what was decided stays here.
    """

    change = models.ForeignKey(StateChange, models.PROTECT, related_name="runs")
    floor = models.ForeignKey(Floor, models.PROTECT, related_name="+")
    seats = IntegerRangeField(help_text="[first seat, last seat + 1)")
    period = DateRangeField(help_text="of seats given back: the days on which they are free by it")
    is_given_back = models.BooleanField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.change}: {self.seats} {self.period}"

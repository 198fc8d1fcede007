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
from seats.models.spans import HasSpan
from tenants.models import BusinessClass, Enterprise, Membership


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
    OFFERED = "offered", pgettext_lazy("seat request", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("seat request", "Accepted")
    DECLINED = "declined", pgettext_lazy("seat request", "Declined")
    EXPIRED = "expired", pgettext_lazy("seat request", "Offer expired")
    FULFILLED = "fulfilled", pgettext_lazy("seat request", "Fulfilled")
    REJECTED = "rejected", pgettext_lazy("seat request", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("seat request", "Withdrawn")


# Where a hold stands behind the request: it changes only by the request's own steps.
OPEN_OFFERS = (RequestState.OFFERED, RequestState.ACCEPTED)
# Where the park has something to decide
UNDECIDED = (
    RequestState.SUBMITTED,
    RequestState.IN_REVIEW,
    RequestState.DECLINED,
    RequestState.EXPIRED,
)
AT_THE_ENTERPRISE = (RequestState.DRAFT, RequestState.SENT_BACK, RequestState.OFFERED)
OVER = (RequestState.FULFILLED, RequestState.REJECTED, RequestState.WITHDRAWN)
# An accepted request waits for the park only once its seats can be handed over: then by a promise.
AT_THE_PARK = Q(state__in=UNDECIDED) | Q(state=RequestState.ACCEPTED, promised_at__isnull=False)


class Equipment(models.TextChoices):
    """Whose desks and computers."""

    PARK = "park", pgettext_lazy("equipment", "The park's")
    OWN = "own", pgettext_lazy("equipment", "Our own")


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
        return self.filter(AT_THE_PARK)

    def waiting_for_enterprise(self) -> SeatRequestQuerySet:
        """Those that the park waits for; of a draft it does not know yet."""
        return self.filter(state__in=[RequestState.SENT_BACK, RequestState.OFFERED])

    def under_way(self) -> SeatRequestQuerySet:
        """Those that are not over."""
        return self.exclude(state__in=OVER)


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
    business = models.CharField(
        _("business"), max_length=24, choices=BusinessClass.choices, blank=True
    )
    needs_closed_room = models.BooleanField(_("closed workspace"), default=False)
    needs_all_hours = models.BooleanField(_("access at all hours"), default=False)
    computers = models.PositiveIntegerField(_("computers"), null=True, blank=True)
    network_ports = models.PositiveIntegerField(_("network ports"), null=True, blank=True)
    equipment = models.CharField(
        _("equipment"), max_length=4, choices=Equipment.choices, blank=True
    )
    needs_fit_out = models.BooleanField(_("fit-out"), default=False)
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
    promised_at = models.DateTimeField(
        _("promised for"),
        null=True,
        blank=True,
        help_text="By when whoever's turn it is has promised to act. None: nobody has promised.",
    )
    promised_hours = models.PositiveIntegerField(_("working hours promised"), null=True, blank=True)
    paused_minutes = models.PositiveIntegerField(
        _("working minutes left when paused"),
        null=True,
        blank=True,
        help_text="What was left of the park's promise when the request was sent back.",
    )
    offer = models.OneToOneField(
        "seats.Allocation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offer_of",
        help_text="The hold that is offered, and once accepted what becomes of it.",
        verbose_name=_("offer"),
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
            models.CheckConstraint(
                name="seats_seatrequest_offer_while_open",
                condition=Q(state__in=["offered", "accepted"], offer__isnull=False)
                | (~Q(state__in=["offered", "accepted"]) & Q(offer__isnull=True)),
            ),
        ]
        indexes = [models.Index("state", "promised_at", "since", name="seats_seatrequest_desk")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it: R-2026-0031."""
        return f"R-{timezone.localtime(self.created_at):%Y}-{self.pk:04d}"


@tracked()
class RequestPhase(models.Model):
    """A part of the seats, from a day of its own: 500 by June, 1,000 by December."""

    request = models.ForeignKey(SeatRequest, models.PROTECT, related_name="phases")
    seats = models.PositiveIntegerField(_("seats"))
    start = models.DateField(_("first day"))

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "phase of a seat request")
        constraints = [
            models.CheckConstraint(name="seats_requestphase_some_seats", condition=Q(seats__gte=1)),
            models.UniqueConstraint("request", "start", name="seats_requestphase_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.seats} {self.start}"


class StateChange(models.Model):
    """One step in a request's life, as people read it. Append-only."""

    request = models.ForeignKey(SeatRequest, models.PROTECT, related_name="changes")
    from_state = models.CharField(max_length=10, choices=RequestState.choices, blank=True)
    to_state = models.CharField(max_length=10, choices=RequestState.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="None: Xiyuan itself.",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who of the park has it from then on.",
    )
    until = models.DateTimeField(null=True, help_text="Of an offer: until when it holds.")
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.to_state}"


class ApprovedRun(HasSpan, models.Model):
    """Seats that an approval or an offer gives, or takes back, and on which days. Append-only.

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

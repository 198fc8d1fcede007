"""The waiting list: requests that no vacant seats fit yet, in the order of their turn."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Versioned
from seats.models.requests import SeatRequest


class HowLeft(models.TextChoices):
    """How a request came off the waiting list."""

    SERVED = "served", pgettext_lazy("waiting list", "Got seats")
    DECLINED = "declined", pgettext_lazy("waiting list", "Declined its offer")
    UNANSWERED = "unanswered", pgettext_lazy("waiting list", "Left two offers unanswered")
    LAPSED = "lapsed", pgettext_lazy("waiting list", "Its days are over")
    OVER = "over", pgettext_lazy("waiting list", "Its request is over")
    TAKEN_OFF = "taken_off", pgettext_lazy("waiting list", "Taken off by the park")


class WaitingEntryQuerySet(models.QuerySet["WaitingEntry"]):
    def visible_to(self, user: User) -> WaitingEntryQuerySet:
        """As for the requests: an enterprise's people never see who else waits."""
        return self.filter(request__in=SeatRequest.objects.visible_to(user))

    def waiting(self) -> WaitingEntryQuerySet:
        """Those that have not come off the list."""
        return self.filter(left_at__isnull=True)

    def in_turn(self) -> WaitingEntryQuerySet:
        """As they are served."""
        return self.order_by("place_since", "pk")


@tracked()
class WaitingEntry(Versioned):
    """A request on the waiting list; who let an offer run out goes to its end, once."""

    request = models.ForeignKey(SeatRequest, models.PROTECT, related_name="waiting_entries")
    since = models.DateTimeField(_("waits since"))
    place_since = models.DateTimeField(
        _("in this place since"), help_text="Decides the order; later than `since` at its end."
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("put on the list by"),
        help_text="What the list offers by itself is put down to this person.",
    )
    offered_at = models.DateTimeField(
        _("offered at"), null=True, help_text="While an offer is out, or has just come back."
    )
    unanswered = models.PositiveSmallIntegerField(_("offers left unanswered"), default=0)
    passed_at = models.DateTimeField(
        _("passed over at"), null=True, help_text="When a later request was served before it."
    )
    passed_seats = models.PositiveIntegerField(
        _("seats that fitted then"), null=True, help_text="In one run, where it wants one."
    )
    hindrance = models.CharField(
        _("what stands in the way"),
        max_length=300,
        blank=True,
        help_text="Why seats that fit could not be offered the last time.",
    )
    left_at = models.DateTimeField(_("off the list since"), null=True)
    left_as = models.CharField(
        _("how it came off"), max_length=10, choices=HowLeft.choices, blank=True
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "place on the waiting list")
        constraints = [
            models.UniqueConstraint(
                "request", name="seats_waitingentry_one_open", condition=Q(left_at__isnull=True)
            ),
            models.CheckConstraint(
                name="seats_waitingentry_left_somehow",
                condition=Q(left_at__isnull=True, left_as="")
                | (Q(left_at__isnull=False) & ~Q(left_as="")),
            ),
        ]
        indexes = [
            models.Index(
                "place_since",
                name="seats_waitingentry_turn",
                condition=Q(left_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.request}"

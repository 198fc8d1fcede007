"""Reminders of returns: who was told what about a month, once each."""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenants.models import Enterprise


class Occasion(models.TextChoices):
    """Why somebody is told. The first group is for enterprises, the last two for the park."""

    OPENED = "opened", pgettext_lazy("reminder", "The month is open")
    BEFORE = "before", pgettext_lazy("reminder", "Three working days before the due day")
    DUE = "due", pgettext_lazy("reminder", "On the due day")
    LATE = "late", pgettext_lazy("reminder", "On the working day after it")
    ASKED = "asked", pgettext_lazy("reminder", "A question of the park is not answered")
    CLOSING = "closing", pgettext_lazy("reminder", "The month closes with a question open")
    BY_HAND = "by_hand", pgettext_lazy("reminder", "By the park")
    MISSING = "missing", pgettext_lazy("reminder", "To the park: what is missing")
    REVIEW = "review", pgettext_lazy("reminder", "To the park: what waits for review")


TO_THE_PARK = (Occasion.MISSING, Occasion.REVIEW)
ABOUT_QUESTIONS = (Occasion.ASKED, Occasion.CLOSING)


class ReturnReminderQuerySet(models.QuerySet["ReturnReminder"]):
    def of_month(self, month: date) -> ReturnReminderQuerySet:
        """Those that enterprises got about `month`, the latest last."""
        rows = self.filter(month=month, enterprise__isnull=False)
        return rows.order_by("at", "pk")


class ReturnReminder(models.Model):
    """Somebody was told about a month. Written with the messages, in one transaction.

    The constraints are what makes a message go out once: whoever comes second writes nothing.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, related_name="return_reminders"
    )
    month = models.DateField(_("month"))
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    revision = models.PositiveSmallIntegerField(
        default=0, help_text="The revision about which the park asks; else 0."
    )
    on = models.DateField(_("day"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    people = models.PositiveSmallIntegerField(_("people told"))

    objects = ReturnReminderQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "reminder of a return")
        constraints = [
            models.UniqueConstraint(
                *("enterprise", "month", "occasion", "revision"),
                name="returns_returnreminder_once",
                condition=~Q(occasion="by_hand") & Q(enterprise__isnull=False),
            ),
            models.UniqueConstraint(
                *("enterprise", "month", "on"),
                name="returns_returnreminder_by_hand_once_a_day",
                condition=Q(occasion="by_hand"),
            ),
            models.UniqueConstraint(
                *("month", "occasion"),
                name="returns_returnreminder_park_once",
                condition=Q(enterprise__isnull=True),
            ),
            models.CheckConstraint(
                name="returns_returnreminder_to_whom",
                condition=Q(enterprise__isnull=True, occasion__in=["missing", "review"])
                | (Q(enterprise__isnull=False) & ~Q(occasion__in=["missing", "review"])),
            ),
            models.CheckConstraint(
                name="returns_returnreminder_by_hand_has_a_hand",
                condition=Q(occasion="by_hand", by__isnull=False)
                | (~Q(occasion="by_hand") & Q(by__isnull=True)),
            ),
        ]
        indexes = [models.Index("month", name="returns_returnreminder_month")]
        triggers = [
            pgtrigger.Protect(
                name="stays_as_written", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise or '-'} {self.month:%Y-%m} {self.occasion}"

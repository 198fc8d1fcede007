"""A whole month in one file: which editions are in it, for whom, and its seal."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.models import User
from reports.models.monthly import Audience, FileFormat, MonthlyReport


class MonthFileQuerySet(models.QuerySet["MonthFile"]):
    def visible_to(self, user: User) -> MonthFileQuerySet:
        """One of each format: the park's, with drafts too; officials those of issued editions.

        Who may not know what single enterprises filed gets the public one of two.
        """
        reads_all = user.has_perm("reports.view_enterprise_figures")
        own = self.exclude(audience=Audience.PUBLIC if reads_all else Audience.PARK)
        if user.has_perm("reports.view_draft"):
            return own
        return own.issued() if MonthlyReport.objects.visible_to(user).exists() else self.none()

    def issued(self) -> MonthFileQuerySet:
        """Those that hold issued editions only: they stay."""
        return self.filter(has_drafts=False)


class MonthFile(models.Model):
    """All reports of a month in one file. `editions` says which are in it.

    One of issued editions is never changed, and sealed to the one that was kept before it.
    """

    month = models.DateField()
    format = models.CharField(max_length=4, choices=FileFormat.choices)
    audience = models.CharField(max_length=6, choices=Audience.choices, default=Audience.ALL)
    has_drafts = models.BooleanField()
    editions: Any = models.JSONField(help_text="Kind, edition, state and seal of each.")
    composition = models.CharField(max_length=64, help_text="SHA-256 of which editions are in it.")
    file = models.FileField(max_length=200)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    seal = models.CharField(max_length=64, null=True, unique=True)
    previous_seal = models.CharField(max_length=64, null=True, unique=True)

    objects = MonthFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "composition", "format", "audience", name="reports_monthfile_once"
            ),
            models.CheckConstraint(
                name="reports_monthfile_sealed",
                condition=Q(has_drafts=True, seal__isnull=True, previous_seal__isnull=True)
                | Q(has_drafts=False, seal__isnull=False, previous_seal__isnull=False),
            ),
            models.CheckConstraint(name="reports_monthfile_first_day", condition=Q(month__day=1)),
        ]
        indexes = [models.Index("month", "format", name="reports_monthfile_month")]
        triggers = [
            pgtrigger.Protect(name="stays_as_made", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="issued_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__has_drafts=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.format}"

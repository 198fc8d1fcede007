"""Workbooks of returns that were uploaded and compared, and perhaps saved."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import StoredFile
from tenants.models import Enterprise


class ReturnImportQuerySet(models.QuerySet["ReturnImport"]):
    def visible_to(self, user: User) -> ReturnImportQuerySet:
        """Everybody sees what they uploaded themselves."""
        if user.has_perm("returns.file_monthlyreturn"):
            return self.filter(created_by=user)
        return self.none()


@tracked(exclude=["file", "counts"])
class ReturnImport(models.Model):
    """A workbook between its upload and the button that saves what it says, and afterwards.

    What it changes is not kept: it is compared anew each time, with what is stored by then.
    """

    WITHIN = timedelta(hours=24)

    kind = models.CharField(
        _("workbook"),
        max_length=6,
        choices=[
            ("return", pgettext_lazy("workbook", "one return")),
            ("months", pgettext_lazy("workbook", "all months of an enterprise")),
            ("park", pgettext_lazy("workbook", "all enterprises of a month")),
        ],
    )
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    month = models.DateField(_("month"), null=True)
    file_name = models.CharField(_("file"), max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict, help_text="Returns by what became of them.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("read by")
    )
    created_at = models.DateTimeField(_("read at"))
    applied_at = models.DateTimeField(_("applied at"), null=True)

    objects = ReturnImportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "workbook of returns")
        constraints = [
            models.CheckConstraint(
                name="returns_returnimport_says_whose",
                condition=Q(kind="return", enterprise__isnull=False, month__isnull=False)
                | Q(kind="months", enterprise__isnull=False, month__isnull=True)
                | Q(kind="park", enterprise__isnull=True, month__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

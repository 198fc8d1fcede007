"""Who took which figures out of the system, in the shapes that others ask for."""

from __future__ import annotations

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from tenants.models import Enterprise


class ExportKind(models.TextChoices):
    COMMERCE = "commerce", pgettext_lazy("export", "Commerce ministry, five groups")
    ZONE = "zone", pgettext_lazy("export", "Development zones, by quarter")


class StatisticsExportQuerySet(models.QuerySet["StatisticsExport"]):
    def visible_to(self, user: User) -> StatisticsExportQuerySet:
        """Who took what: the park and auditors see all of it, others what they took themselves."""
        if user.has_perm("reports.view_every_statisticsexport"):
            return self
        if user.has_perm("reports.export_statistics"):
            return self.filter(made_by=user)
        return self.none()

    def to_download(self, user: User) -> StatisticsExportQuerySet:
        """Files that are there, for who made them: whoever wants one makes it, and is noted."""
        return self.visible_to(user).filter(made_by=user).exclude(file="")


@tracked(exclude=["file"])
class StatisticsExport(models.Model):
    """Who took which figures out of the system, when. It stays; its file goes after a day."""

    LIFE = timedelta(days=1)

    kind = models.CharField(_("workbook"), max_length=10, choices=ExportKind.choices)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, related_name="+", verbose_name=_("enterprise")
    )
    first_month = models.DateField(_("first month"))
    last_month = models.DateField(_("last month"))
    filed = models.PositiveIntegerField(_("returns filed"))
    expected = models.PositiveIntegerField(_("returns owed"))
    has_sample = models.BooleanField(_("holds sample figures"))
    data_as_of = models.DateTimeField(_("data as of"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    name = models.CharField(_("file"), max_length=160)
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField(max_length=200, blank=True)

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    objects = StatisticsExportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "export of statistics")
        constraints = [
            models.CheckConstraint(
                name="reports_statisticsexport_whole_months",
                condition=Q(
                    first_month__day=1, last_month__day=1, first_month__lte=F("last_month")
                ),
            ),
            models.CheckConstraint(
                name="reports_statisticsexport_zone_is_of_all",
                condition=Q(kind="commerce") | Q(enterprise__isnull=True),
            ),
            models.CheckConstraint(
                name="reports_statisticsexport_filed_of_expected",
                condition=Q(filed__lte=F("expected")),
            ),
        ]
        indexes = [models.Index(F("data_as_of").desc(), name="reports_statisticsexport_list")]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_its_file_goes",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                IF NEW.file <> '' OR to_jsonb(OLD) - 'file' IS DISTINCT FROM to_jsonb(NEW) - 'file'
                THEN
                    RAISE EXCEPTION 'what was exported stays noted';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

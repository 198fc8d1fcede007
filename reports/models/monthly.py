"""Monthly reports: drafted by a worker, issued by a person, frozen from then on."""

from __future__ import annotations

import re
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Versioned
from park.models import Park, ReportingMonth
from web import formats


class ReportKind(models.TextChoices):
    OCCUPANCY = "occupancy", _("Occupancy report")
    OUTPUT = "output", _("Output report")
    SERVICES = "services", _("Outsourced services report")
    MARKETS = "markets", _("Offshore business report")
    WORKFORCE = "workforce", _("Staff report")
    PROJECTS = "projects", _("Projects of promotion")
    POLICIES = "policies", _("Policies paid out")
    DRIVES = "drives", _("Hiring drives")
    REQUESTS = "requests", _("Requests for help")
    TARGETS = "targets", _("Progress towards targets")
    FILING = "filing", _("Missing, late and returned returns")
    TEXT = "text", _("Text of the month")


class ReportState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("report", "Draft")
    ISSUED = "issued", pgettext_lazy("report", "Issued")
    RESTATED = "restated", pgettext_lazy("report", "Restated")


# Its month was reopened since, or `reports.services.agreement` has found that the data differ.
_DUE = Q(state=ReportState.ISSUED) & (
    Q(outdated_at__isnull=False)
    | Exists(
        ReportingMonth.objects.filter(
            month=OuterRef("month"), reopened_at__gt=OuterRef("issued_at")
        )
    )
)


class MonthlyReportQuerySet(models.QuerySet["MonthlyReport"]):
    def visible_to(self, user: User) -> MonthlyReportQuerySet:
        """The park sees drafts too; officials see what was issued for parks of their area."""
        if user.has_perm("reports.view_draft"):
            return self
        if user.has_perm("reports.view_monthlyreport") and self._covers_a_park(user.area_code):
            return self.issued()
        return self.none()

    def issued(self) -> MonthlyReportQuerySet:
        """Issued ones, replaced ones among them: what was published stays readable."""
        return self.exclude(state=ReportState.DRAFT)

    def current(self) -> MonthlyReportQuerySet:
        """The last issue of each kind and month."""
        return self.filter(state=ReportState.ISSUED)

    def with_restatement_due(self) -> MonthlyReportQuerySet:
        """Each with `restatement_due`: it is valid, and the next edition should be made."""
        return self.annotate(restatement_due=_DUE)

    def in_order(self) -> MonthlyReportQuerySet:
        """The newest month first, in it by form: Y1, Y2, … and the text."""
        place = Case(
            *(When(kind=kind, then=Value(at)) for at, kind in enumerate(ReportKind.values)),
            default=Value(len(ReportKind.values)),
        )
        return self.order_by("-month", place, "-revision")

    def due_for_restatement(self) -> MonthlyReportQuerySet:
        """Valid ones of which the next edition should be made."""
        return self.filter(_DUE)

    @staticmethod
    def _covers_a_park(area_code: str) -> bool:
        """Whether a district's, city's or province's code covers a park here (GB/T 2260)."""
        area = re.sub(r"(00)+$", "", area_code)  # two digits for each level
        return bool(area) and Park.objects.filter(region_code__startswith=area).exists()


@tracked(
    exclude=["content", "facts"],
    words={"sha256": formats.short_digest, "previous_sha256": formats.short_digest},
)
class MonthlyReport(Versioned):
    """One edition of one report for one month.

    `content` holds the tables as printed, `facts` the rows behind every figure: both are frozen
    when it is issued, and so are its files. The editions form a chain by their SHA-256.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ReportKind.choices)
    month = models.DateField(_("month"))
    revision = models.PositiveSmallIntegerField(_("edition"))
    state = models.CharField(
        _("state"), max_length=8, choices=ReportState.choices, default=ReportState.DRAFT
    )
    content: Any = models.JSONField()
    facts: Any = models.JSONField()
    has_sample = models.BooleanField(_("holds sample values"), default=False)
    filed = models.PositiveIntegerField(
        _("returns filed"), help_text="Returns filed for the month."
    )
    expected = models.PositiveIntegerField(
        _("returns owed"), help_text="Returns owed for the month."
    )
    data_as_of = models.DateTimeField(_("data as of"), help_text="When its one snapshot was taken.")
    reason = models.CharField(_("what changed and why"), max_length=500, blank=True)
    issued_at = models.DateTimeField(_("issued at"), null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("issued by"),
    )
    outdated_at = models.DateTimeField(
        _("to be restated since"),
        null=True,
        help_text="Since when the data give other figures than this edition.",
    )
    sha256 = models.CharField("SHA-256", max_length=64, null=True, unique=True)
    previous_sha256 = models.CharField(
        _("SHA-256 of the edition before"), max_length=64, null=True, unique=True
    )

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "monthly report")
        constraints = [
            models.UniqueConstraint(
                "kind", "month", "revision", name="reports_monthlyreport_revision_unique"
            ),
            models.UniqueConstraint(
                "kind",
                "month",
                name="reports_monthlyreport_one_draft",
                condition=Q(state="draft"),
            ),
            models.UniqueConstraint(
                "kind",
                "month",
                name="reports_monthlyreport_one_current",
                condition=Q(state="issued"),
            ),
            models.CheckConstraint(
                name="reports_monthlyreport_first_day", condition=Q(month__day=1)
            ),
            models.CheckConstraint(
                name="reports_monthlyreport_issued_whole",
                condition=Q(state="draft", sha256__isnull=True, issued_at__isnull=True)
                | Q(
                    state__in=["issued", "restated"],
                    sha256__isnull=False,
                    previous_sha256__isnull=False,
                    issued_at__isnull=False,
                    issued_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="reports_monthlyreport_restated_with_reason",
                condition=Q(state="draft") | Q(revision=1) | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index(F("month").desc(), "kind", name="reports_monthlyreport_list")]
        triggers = [
            pgtrigger.Protect(
                name="issued_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["issued", "restated"]),
            ),
            pgtrigger.Trigger(
                name="issued_is_frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__state__in=["issued", "restated"]),
                func="""
                IF NEW.state = 'draft'
                    OR (OLD.state = 'restated' AND NEW.state <> 'restated')
                    OR to_jsonb(OLD) - 'state' - 'version' - 'outdated_at'
                        IS DISTINCT FROM to_jsonb(NEW) - 'state' - 'version' - 'outdated_at'
                THEN
                    RAISE EXCEPTION 'an issued report is frozen';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m} #{self.revision}"

    @property
    def is_issued(self) -> bool:
        return self.state != ReportState.DRAFT


class FileFormat(models.TextChoices):
    XLSX = "xlsx", "Excel"
    PDF = "pdf", "PDF"
    CSV = "csv", "CSV"


class Audience(models.TextChoices):
    """Whom a file is for. Where a report says what single enterprises filed, it has two sets."""

    ALL = "all", pgettext_lazy("readers", "everybody")
    PARK = "park", pgettext_lazy("readers", "the park only")
    PUBLIC = "public", pgettext_lazy("readers", "everybody, without single enterprises")


class ReportFileQuerySet(models.QuerySet["ReportFile"]):
    def for_reader(self, user: User, *, as_public: bool = False) -> ReportFileQuerySet:
        """The set that a person gets: one file of each format; XLSX first, then PDF, then CSV."""
        reads_all = user.has_perm("reports.view_enterprise_figures") and not as_public
        other = Audience.PUBLIC if reads_all else Audience.PARK
        return self.exclude(audience=other).order_by("report", "-format")


class ReportFile(models.Model):
    """One file of an issued report, with the SHA-256 that the chain holds."""

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="files")
    format = models.CharField(max_length=4, choices=FileFormat.choices)
    audience = models.CharField(max_length=6, choices=Audience.choices, default=Audience.ALL)
    file = models.FileField(max_length=200)
    sha256 = models.CharField(max_length=64)

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("report", "format", "audience", name="reports_reportfile_once")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="issued_is_frozen",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                IF EXISTS (
                    SELECT 1 FROM reports_monthlyreport
                    WHERE id = COALESCE(NEW.report_id, OLD.report_id) AND state <> 'draft'
                ) THEN
                    RAISE EXCEPTION 'the files of an issued report are frozen';
                END IF;
                RETURN COALESCE(NEW, OLD);
                """,
            )
        ]

    def __str__(self) -> str:
        return self.file.name or ""

    @property
    def sealed_as(self) -> str:
        """What it is called in the seal: by its format, the public one of two as that."""
        return f"{self.format}.public" if self.audience == Audience.PUBLIC else self.format

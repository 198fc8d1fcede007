"""Lists of allocations that were read: what was in them, what they changed, who undid it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Job, StoredFile, Versioned
from seats.models.allocations import Allocation


class ImportState(models.TextChoices):
    READ = "read", pgettext_lazy("import", "Read")
    CHECKED = "checked", pgettext_lazy("import", "Checked")
    APPLIED = "applied", pgettext_lazy("import", "Applied")
    UNDONE = "undone", pgettext_lazy("import", "Undone")


class AllocationImportQuerySet(models.QuerySet["AllocationImport"]):
    def visible_to(self, user: User) -> AllocationImportQuerySet:
        """Those who may import see every import."""
        return self if user.has_perm("seats.import_allocations") else self.none()


# History is read by people: who did what to which file, not how the file was taken apart.
@tracked(
    exclude=[
        *("file", "sha256", "sheets", "head_rows", "columns", "usual_kind", "repeats", "answers"),
        *("questions", "counts", "skipped", "undo", "job"),
    ]
)
class AllocationImport(Versioned):
    """A spreadsheet of allocations on its way: read, checked, applied as one, perhaps undone.

    `version` counts its checks too: what is applied is what a person saw.
    """

    UNDO_WITHIN = timedelta(hours=24)

    state = models.CharField(
        _("state"), max_length=8, choices=ImportState.choices, default=ImportState.READ
    )
    file_name = models.CharField(_("file"), max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    sheets = models.JSONField(default=list, help_text="Names and sizes of its visible sheets.")
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    head_rows = ArrayField(models.PositiveIntegerField(), size=2, default=list)
    columns = models.JSONField(default=dict, help_text="What stands in which column, from 0.")
    usual_kind = models.CharField(max_length=8, default="firm")
    repeats = models.BooleanField(
        default=False, help_text="An empty cell of the enterprise says the same as the one above."
    )
    answers = models.JSONField(default=dict, help_text="Whom an unclear name means.")
    questions = models.JSONField(default=list, help_text="The names that are unclear.")
    whole_zones = ArrayField(
        models.CharField(max_length=6), verbose_name=_("whole zones"), default=list, blank=True
    )
    from_day = models.DateField(
        _("what the list leaves out ends before"),
        null=True,
        help_text="What a whole zone's list does not name is released from this day.",
    )
    counts = models.JSONField(default=dict, help_text="Rows read; lines and seats by change.")
    skipped = models.JSONField(default=list, help_text="Rows that give no line, and why.")
    undo = models.JSONField(default=dict, help_text="Allocations and tenancies as they were.")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("read by")
    )
    created_at = models.DateTimeField(_("read at"))
    checked_at = models.DateTimeField(_("checked at"), null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("applied by"),
    )
    applied_at = models.DateTimeField(_("applied at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = AllocationImportQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "import of allocations")
        constraints = [
            models.CheckConstraint(
                name="seats_allocationimport_applied_by",
                condition=Q(
                    state__in=["read", "checked"], applied_at__isnull=True, undone_at__isnull=True
                )
                | Q(
                    state="applied",
                    applied_at__isnull=False,
                    applied_by__isnull=False,
                    undone_at__isnull=True,
                )
                | Q(
                    state="undone",
                    applied_at__isnull=False,
                    undone_at__isnull=False,
                    undone_by__isnull=False,
                ),
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class AllocationImportLine(models.Model):
    """A line of a list, or a block that it does not name, and what becomes of it.

    `facts` are those of the line, `before` and `after` the block as it was and as it became.
    """

    allocation_import = models.ForeignKey(AllocationImport, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    row = models.PositiveIntegerField(help_text="Of the sheet; 0 for what the list does not name.")
    change = models.CharField(
        max_length=11,
        choices=[
            ("new", pgettext_lazy("change", "New")),
            ("changed", pgettext_lazy("change", "Changed")),
            ("unchanged", pgettext_lazy("change", "Unchanged")),
            ("conflicting", pgettext_lazy("change", "In conflict")),
            ("wrong", pgettext_lazy("change", "To correct")),
            ("missing", pgettext_lazy("change", "Missing")),
        ],
    )
    facts = models.JSONField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    problems = models.JSONField(default=list, help_text="Row, cell, code and parameters of each.")
    allocation = models.ForeignKey(
        Allocation, models.PROTECT, null=True, related_name="import_lines"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "allocation_import", "position", name="seats_allocationimportline_position"
            )
        ]
        indexes = [
            models.Index(
                "allocation_import", "change", "position", name="seats_importline_by_change"
            )
        ]

    def __str__(self) -> str:
        return f"{self.allocation_import} {self.row}"

"""The place: one park's zones, phases, buildings and floors; its months; figures quoted of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length, Replace
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.tracking import tracked
from foundation.models import Provenance, Versioned
from park import layouts
from park.axis import SLOT, Span, level_name, seat_label

# A hyphen separates the parts of a seat's label, so no part may hold one.
CODE = RegexValidator(r"^[A-Z0-9]{1,6}$", _("One to six capital letters or digits, such as B1."))
CODE_CHECK = r"^[A-Z0-9]{1,6}$"


class FunctionalArea(models.TextChoices):
    """What a building is for (the four areas of zone D). Only workspace has seats."""

    SERVICES = "services", _("General services")
    WORKSPACE = "workspace", _("Enterprise workspace")
    APARTMENTS = "apartments", _("Talent apartments")
    COMMERCIAL = "commercial", _("Commercial street")


@tracked()
class Park(Provenance):
    """An outsourcing park. One installation usually runs one."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    other_names = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, verbose_name=_("other names")
    )
    operator = models.CharField(_("operator"), max_length=120, blank=True)
    region_code = models.CharField(_("region (GB/T 2260)"), max_length=6, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "park")

    def __str__(self) -> str:
        return self.name


@tracked()
class Zone(Provenance):
    """A part of the park that people name by a letter. Codes are unique, so seat labels are."""

    park = models.ForeignKey(Park, models.PROTECT, related_name="zones")
    code = models.CharField(_("code"), max_length=6, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=60, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    leased_in = models.BooleanField(_("leased in"), default=False)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "zone")
        constraints = [
            models.CheckConstraint(name="park_zone_code_form", condition=Q(code__regex=CODE_CHECK))
        ]

    def __str__(self) -> str:
        return self.code


@tracked()
class Phase(Provenance):
    """One stage of building a zone."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="phases")
    number = models.PositiveSmallIntegerField(_("phase"))
    planned_workers = models.PositiveIntegerField(_("workers when complete"), null=True, blank=True)
    planned_on = models.DateField(_("planned to open"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "phase")
        constraints = [
            models.UniqueConstraint("zone", "number", name="park_phase_number_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.number}"


@tracked()
class Building(Provenance):
    """A building of a zone: C-1 is building 1 of zone C."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="buildings")
    phase = models.ForeignKey(
        Phase, models.PROTECT, null=True, blank=True, related_name="buildings"
    )
    code = models.CharField(_("code"), max_length=6, validators=[CODE])
    functional_area = models.CharField(
        _("functional area"),
        max_length=12,
        choices=FunctionalArea.choices,
        default=FunctionalArea.WORKSPACE,
    )

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "building")
        constraints = [
            models.UniqueConstraint("zone", "code", name="park_building_code_unique"),
            models.CheckConstraint(
                name="park_building_code_form", condition=Q(code__regex=CODE_CHECK)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.zone.code}-{self.code}"


class FloorQuerySet(models.QuerySet["Floor"]):
    def delivered(self, day: date) -> FloorQuerySet:
        """Floors that have been handed over by `day`."""
        return self.filter(delivered_on__lte=day)

    def in_order(self) -> FloorQuerySet:
        """As one walks: zone by zone, building by building, upwards."""
        return self.order_by("building__zone__code", "building__code", "level", "pk")


@tracked()
class Floor(Provenance, Versioned):
    """One storey. Floor n owns the slot [n·4096, (n+1)·4096) of the park's seat axis.

    Only `seats/services/floors.py` writes floors, together with the void blocks that say which
    numbers of the slot are no seats, or not yet.
    """

    building = models.ForeignKey(Building, models.PROTECT, related_name="floors")
    level = models.SmallIntegerField(_("storey"))
    label = models.CharField(_("label"), max_length=30, unique=True)
    seat_count = models.PositiveIntegerField(_("seats when complete"))
    lettable_m2 = models.DecimalField(_("lettable area (m²)"), max_digits=10, decimal_places=2)
    planned_on = models.DateField(_("planned delivery"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered"), null=True, blank=True)

    objects = FloorQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "floor")
        constraints = [
            models.UniqueConstraint("building", "level", name="park_floor_level_unique"),
            models.CheckConstraint(
                name="park_floor_fits_its_slot",
                condition=Q(seat_count__gte=1, seat_count__lte=SLOT),
            ),
            models.CheckConstraint(name="park_floor_level_not_zero", condition=~Q(level=0)),
            models.CheckConstraint(
                name="park_floor_has_lettable_area", condition=Q(lettable_m2__gt=Decimal(0))
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def seats(self) -> Span:
        """The numbers that are seats when the floor is complete."""
        return Span(self.pk * SLOT, self.pk * SLOT + self.seat_count)

    @property
    def level_name(self) -> str:
        return level_name(self.level)

    def seat_label(self, seat: int) -> str:
        return seat_label(self.label, seat)


def _size_of(cells: str) -> str:
    """What the audit trail says of a layout's cells: 12 × 43."""
    rows = cells.splitlines()
    return f"{len(rows)} × {max(map(len, rows), default=0)}"


@tracked(words={"cells": _size_of})
class FloorLayout(Provenance, Versioned):
    """How a floor's seats lie: a grid of cells, drawn by an operator (park/layouts.py).

    It says where seats are shown, never which seats there are: that is the floor's. Without cells
    it is the default; seats that came after it was drawn are shown below the drawn ones.
    """

    class Numbering(models.TextChoices):
        ROWS = layouts.ROWS, _("island by island, each row from left to right")
        SNAKE = layouts.SNAKE, _("island by island, every second row from right to left")
        COLUMNS = layouts.COLUMNS, _("island by island, each column downwards")

    floor = models.OneToOneField(Floor, models.PROTECT, related_name="layout")
    cells = models.TextField(_("cells"), blank=True, help_text="Rows of S, . and #.")
    seat_count = models.PositiveIntegerField(_("seats drawn"))
    numbering = models.CharField(
        _("numbering"), max_length=8, choices=Numbering.choices, default=Numbering.ROWS
    )
    top = models.CharField(_("top edge"), max_length=40, blank=True)
    bottom = models.CharField(_("bottom edge"), max_length=40, blank=True)
    left = models.CharField(_("left edge"), max_length=40, blank=True)
    right = models.CharField(_("right edge"), max_length=40, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "layout of a floor")
        constraints = [
            models.CheckConstraint(
                name="park_floorlayout_cells_form", condition=Q(cells__regex=r"^[S.#\n]*$")
            ),
            models.CheckConstraint(
                name="park_floorlayout_counts_its_seats",
                condition=Q(
                    seat_count=Length("cells") - Length(Replace(F("cells"), Value("S"), Value("")))
                ),
            ),
            models.CheckConstraint(
                name="park_floorlayout_not_too_large",
                condition=Q(
                    LessThanOrEqual(
                        Length("cells"), layouts.MOST_ROWS * (layouts.MOST_COLUMNS + 1)
                    ),
                    seat_count__lte=SLOT,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.floor}"

    @property
    def is_default(self) -> bool:
        """Whether nothing is drawn."""
        return not self.cells

    @property
    def rows(self) -> layouts.Rows:
        return tuple(self.cells.splitlines())

    @property
    def edges(self) -> layouts.Edges:
        return layouts.Edges(self.top, self.bottom, self.left, self.right)


class ReportingMonthQuerySet(models.QuerySet["ReportingMonth"]):
    def closed(self) -> ReportingMonthQuerySet:
        return self.filter(is_closed=True)

    def closed_within(self, start: date, end: date | None) -> ReportingMonthQuerySet:
        """Closed months that share a day with [start, end)."""
        months = self.closed().filter(month__gte=start.replace(day=1))
        return months if end is None else months.filter(month__lt=end)


@tracked()
class ReportingMonth(models.Model):
    """A month whose figures were closed (已锁定), or reopened with a reason."""

    month = models.DateField(_("month"), unique=True)
    is_closed = models.BooleanField(_("closed"), default=True)
    closed_at = models.DateTimeField(_("closed at"))
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    reason = models.CharField(_("reason for reopening"), max_length=300, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("changed by")
    )

    objects = ReportingMonthQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "month of reporting")
        constraints = [
            models.CheckConstraint(name="park_reportingmonth_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="park_reportingmonth_reopened_with_reason",
                condition=Q(is_closed=True) | (Q(reopened_at__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


@tracked()
class ReferenceFigure(models.Model):
    """A figure quoted from a source, of a scope of its own. Never computed, never in a series."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=160)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    qualifier = models.CharField(
        _("qualifier"),
        max_length=10,
        blank=True,
        choices=[
            ("about", _("about")),
            ("nearly", _("nearly")),
            ("over", _("over")),
            ("at_least", _("at least")),
        ],
    )
    unit_zh = models.CharField(_("unit (Chinese)"), max_length=20)
    unit_en = models.CharField(_("unit (English)"), max_length=30)
    scope_zh = models.CharField(_("scope (Chinese)"), max_length=120)
    scope_en = models.CharField(_("scope (English)"), max_length=160)
    stated_on = models.DateField(_("stated on"))
    is_ambition = models.BooleanField(_("an ambition, not a fact"), default=False)
    quote = models.CharField(_("words of the source"), max_length=400)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "quoted figure")

    def __str__(self) -> str:
        return self.code

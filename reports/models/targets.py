"""Targets: what somebody has said is to be reached, in the words of the source."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Provenance, Versioned
from foundation.months import last_day
from reports.units import Unit


class Scope(models.TextChoices):
    """Of what a target speaks. The park's own figures are compared with the first two only."""

    PARK = "park", pgettext_lazy("scope", "The park")
    ZONE = "zone", pgettext_lazy("scope", "A zone of the park")
    DISTRICT = "district", pgettext_lazy("scope", "A district")
    CITY = "city", pgettext_lazy("scope", "A city")


class Span(models.TextChoices):
    """The months whose figure is measured by a target."""

    MONTH = "month", pgettext_lazy("span", "the month, or its last day")
    YEAR = "year", pgettext_lazy("span", "the twelve months that end with it")

    @property
    def months(self) -> int:
        """How many months it adds up."""
        return 12 if self == Span.YEAR else 1


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: User) -> TargetQuerySet:
        """Whoever reads reports; what is reached is narrowed where it is looked up."""
        return self if user.has_perm("reports.view_monthlyreport") else self.none()

    def known_in(self, month: date) -> TargetQuerySet:
        """Those that were stated by the end of a month, or nobody knows when."""
        return self.filter(Q(stated_on__isnull=True) | Q(stated_on__lte=last_day(month)))

    def pursued(self) -> TargetQuerySet:
        return self.filter(is_dropped=False)

    def in_order(self) -> TargetQuerySet:
        """The park's own first, then by what they speak of."""
        place = models.Case(
            *(models.When(scope=scope, then=n) for n, scope in enumerate(Scope)),
            output_field=models.IntegerField(),
        )
        return self.order_by("is_dropped", place, "pk")


@tracked()
class Target(Provenance, Versioned):
    """A value that a source says is to be reached, or was: of what, by when, in which words.

    `indicator` is what is counted towards it; without one it is a figure that only has a name.
    Money in 元. Two values are a range.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name_zh = models.CharField(_("what is to be reached"), max_length=120)
    name_en = models.CharField(_("the same in English"), max_length=160, blank=True)
    indicator = models.CharField(_("indicator"), max_length=60, blank=True)
    span = models.CharField(_("measured over"), max_length=5, choices=Span, default=Span.MONTH)
    scope = models.CharField(_("scope"), max_length=8, choices=Scope, default=Scope.PARK)
    scope_code = models.CharField(
        _("code of the scope"), max_length=6, blank=True, help_text="A zone, or GB/T 2260."
    )
    scope_zh = models.CharField(_("scope in words"), max_length=120)
    scope_en = models.CharField(_("scope in English"), max_length=160, blank=True)
    differs_zh = models.CharField(_("what else it counts"), max_length=200, blank=True)
    differs_en = models.CharField(_("what else, in English"), max_length=200, blank=True)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    value_to = models.DecimalField(
        _("to"), max_digits=16, decimal_places=2, null=True, blank=True, help_text="Of a range."
    )
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
    unit = models.CharField(_("unit"), max_length=20, choices=Unit)
    year = models.PositiveSmallIntegerField(
        _("by the end of"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2099)],
    )
    is_reached = models.BooleanField(_("the source says that it is reached"), default=False)
    is_dropped = models.BooleanField(_("no longer pursued"), default=False)
    stated_on = models.DateField(_("stated on"), null=True, blank=True)
    quote = models.CharField(_("words of the source"), max_length=400, blank=True)
    owner = models.CharField(_("who answers for it"), max_length=80, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "target")
        constraints = [
            models.CheckConstraint(
                name="reports_target_range_rises",
                condition=Q(value_to__isnull=True) | Q(value_to__gt=F("value")),
            ),
            models.CheckConstraint(
                name="reports_target_scope_has_its_code",
                condition=Q(scope="park", scope_code="") | (~Q(scope="park") & ~Q(scope_code="")),
            ),
            models.CheckConstraint(
                name="reports_target_year",
                condition=Q(year__isnull=True) | Q(year__gte=2000, year__lte=2099),
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        """What is to be reached, in the language that is active."""
        return _in_our_language(self.name_zh, self.name_en)

    @property
    def scope_name(self) -> str:
        return _in_our_language(self.scope_zh, self.scope_en)

    @property
    def differs(self) -> str:
        """What it counts that the park's own figure does not; empty where that is the same."""
        return _in_our_language(self.differs_zh, self.differs_en)


def _in_our_language(chinese: str, english: str) -> str:
    return chinese if (get_language() or "zh").startswith("zh") else english or chinese

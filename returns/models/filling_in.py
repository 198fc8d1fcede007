"""What helps to fill a return in: who answers for which half, and the rates of a month."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.tracking import tracked
from foundation.models import Provenance
from returns.figures import Part
from tenants.models import Enterprise


@tracked()
class PartAssignment(models.Model):
    """Who of an enterprise answers for the money or the people in its returns."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="part_assignments")
    part = models.CharField(_("part"), max_length=6, choices=Part.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("filled in by")
    )

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "part of a return")
        constraints = [
            models.UniqueConstraint("enterprise", "part", name="returns_partassignment_one")
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.part}"


@tracked()
class ExchangeRate(Provenance):
    """元 for one unit of a currency, as returns of a month count with it."""

    month = models.DateField(_("month"))
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=14, decimal_places=6)

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "exchange rate")
        constraints = [
            models.UniqueConstraint("month", "currency", name="returns_exchangerate_one"),
            models.CheckConstraint(
                name="returns_exchangerate_makes_sense",
                condition=Q(rate__gt=0, month__day=1) & ~Q(currency="CNY"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.currency}"

"""Monthly returns: what each enterprise files once a month, and every revision of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Provenance, Versioned
from tenants.models import Enterprise, Membership

# The three breakdowns of the headcount at the end of the month. Each adds up to it, or is empty.
BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "origin": ("local", "same_province", "elsewhere"),
    "education": ("postgraduate", "bachelor", "junior_college", "below_college"),
    "age": ("age_18_26", "age_27_35", "age_36_up"),
}


def _count(label: Any) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(label, null=True, blank=True)


class ReturnFigures(models.Model):
    """The figures of one month. Money in 元; people in heads at the end of the month."""

    revenue = models.DecimalField(
        _("revenue of the month"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    headcount = _count(_("staff at the end of the month"))
    joined = _count(_("joined in the month"))
    left = _count(_("left in the month"))
    local = _count(_("from this city"))
    same_province = _count(_("from elsewhere in the province"))
    elsewhere = _count(_("from other provinces and abroad"))
    postgraduate = _count(_("postgraduate"))
    bachelor = _count(_("bachelor"))
    junior_college = _count(_("junior college"))
    below_college = _count(_("below college"))
    age_18_26 = _count(_("aged 18–26"))
    age_27_35 = _count(_("aged 27–35"))
    age_36_up = _count(_("aged 36 and over"))

    class Meta:
        abstract = True

    FIELDS = (
        "revenue",
        "headcount",
        "joined",
        "left",
        *(name for names in BREAKDOWNS.values() for name in names),
    )

    def figures(self) -> dict[str, Decimal | int | None]:
        """Every figure by its field's name."""
        return {name: getattr(self, name) for name in self.FIELDS}


class ReturnState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("return", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("return", "Submitted")
    SENT_BACK = "sent_back", pgettext_lazy("return", "Sent back")
    ACCEPTED = "accepted", pgettext_lazy("return", "Accepted")


class MonthlyReturnQuerySet(models.QuerySet["MonthlyReturn"]):
    def visible_to(self, user: User) -> MonthlyReturnQuerySet:
        """The park sees every return; an enterprise's people see their own."""
        if user.has_perm("returns.view_every_monthlyreturn"):
            return self
        if user.has_perm("returns.view_monthlyreturn"):
            return self.filter(enterprise__in=Membership.objects.enterprises_of(user))
        return self.none()

    def filed(self) -> MonthlyReturnQuerySet:
        """Returns whose last revision counts: submitted once, and not sent back."""
        return self.filter(revision_count__gt=0).exclude(state=ReturnState.SENT_BACK)


@tracked(exclude=[*ReturnFigures.FIELDS], quiet=["saved_at", "version"])
class MonthlyReturn(ReturnFigures, Provenance, Versioned):
    """One enterprise's return for one month. Its own figures are the draft that people edit.

    What was submitted is a `ReturnRevision`, never changed; a correction is the next one.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="monthly_returns")
    month = models.DateField(_("month"))
    state = models.CharField(
        _("state"), max_length=10, choices=ReturnState.choices, default=ReturnState.DRAFT
    )
    revision_count = models.PositiveSmallIntegerField(_("revisions"), default=0)
    question = models.TextField(_("what the park asks"), blank=True)
    since = models.DateTimeField(
        _("in this state since"), help_text="Since when the return is in its state."
    )
    saved_at = models.DateTimeField(_("saved at"))

    objects = MonthlyReturnQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "monthly return")
        constraints = [
            models.UniqueConstraint(
                "enterprise", "month", name="returns_monthlyreturn_one_a_month"
            ),
            models.CheckConstraint(
                name="returns_monthlyreturn_first_day", condition=Q(month__day=1)
            ),
        ]
        indexes = [models.Index("month", "state", name="returns_monthlyreturn_desk")]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.month:%Y-%m}"


class ReturnRevisionQuerySet(models.QuerySet["ReturnRevision"]):
    def counting(self) -> ReturnRevisionQuerySet:
        """The last revision of every return that counts as filed."""
        return self.filter(number=F("monthly_return__revision_count")).exclude(
            monthly_return__state=ReturnState.SENT_BACK
        )


@tracked()
class ReturnRevision(ReturnFigures):
    """What was submitted, by whom, why again. The database refuses any change."""

    monthly_return = models.ForeignKey(MonthlyReturn, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("revision"))
    signer = models.CharField(_("signed by"), max_length=80)
    reason = models.CharField(_("reason for the correction"), max_length=300, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("submitted by")
    )
    submitted_at = models.DateTimeField(_("submitted at"))

    objects = ReturnRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "revision of a return")
        constraints = [
            models.UniqueConstraint(
                "monthly_return", "number", name="returns_returnrevision_number_unique"
            ),
            models.CheckConstraint(
                name="returns_returnrevision_correction_has_reason",
                condition=Q(number=1) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="returns_returnrevision_figures_there",
                condition=Q(revenue__isnull=False, headcount__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.monthly_return} #{self.number}"

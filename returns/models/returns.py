"""The return of an enterprise for a month, and every revision of it that was submitted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import add, and_, or_
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Provenance, Versioned
from returns.figures import BREAKDOWNS, FIGURES, Sign
from returns.models.figures import ClassFigures, MarketFigures, ReturnFigures
from tenants.models import Enterprise, Membership


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


@tracked(exclude=[*ReturnFigures.FILED, "saves"], quiet=["saved_at", "version"])
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
    broken_rules = ArrayField(
        models.CharField(max_length=8),
        verbose_name=_("rules that it breaks"),
        default=list,
        blank=True,
        help_text=_("Codes of the checks that sent it back."),
    )
    since = models.DateTimeField(
        _("in this state since"), help_text="Since when the return is in its state."
    )
    saved_at = models.DateTimeField(_("saved at"))
    saves: Any = models.JSONField(
        default=dict, blank=True, help_text="Who saved a section last, and when, by its name."
    )

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


def _counts(revision: str = "") -> Q:
    """Of the last revision of a return that counts as filed; `revision` is the way to it.

    A join, no list of ids: of that PostgreSQL may plan to look through all rows for each.
    """
    last = Q(**{f"{revision}number": F(f"{revision}monthly_return__revision_count")})
    return last & ~Q(**{f"{revision}monthly_return__state": ReturnState.SENT_BACK})


class ReturnRevisionQuerySet(models.QuerySet["ReturnRevision"]):
    def counting(self) -> ReturnRevisionQuerySet:
        """The last revision of every return that counts as filed."""
        return self.filter(_counts())


class RevisionLineQuerySet(models.QuerySet[Any]):
    def counting(self, months: Iterable[date]) -> RevisionLineQuerySet:
        """The lines of the revisions that count for `months`."""
        of_months = Q(revision__monthly_return__month__in=list(months))
        return self.filter(_counts("revision__"), of_months)


def _none_negative() -> Q:
    """No money that only a reversal makes negative is below nought."""
    names = [figure.name for figure in FIGURES.values() if figure.sign == Sign.REVERSAL]
    return reduce(and_, (Q(**{f"{name}__gte": 0}) | _unknown(name) for name in names))


def _unknown(*names: str) -> Q:
    """One of these figures is not given."""
    return reduce(or_, (Q(**{f"{name}__isnull": True}) for name in names))


def _empty(*names: str) -> Q:
    """None of these figures is given."""
    return reduce(and_, (Q(**{f"{name}__isnull": True}) for name in names))


def _sum_of(names: Iterable[str]) -> Any:
    """The sum of those that are given."""
    return reduce(add, (Coalesce(F(name), 0) for name in names))


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
    catalogue = models.CharField(
        _("lists of codes"),
        max_length=60,
        blank=True,
        help_text="Versions of the lists of codes that count for it (`catalogue.versions_of`).",
    )

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
            models.CheckConstraint(
                name="returns_returnrevision_negative_has_reason",
                condition=~Q(reversal_reason="") | _none_negative(),
            ),
            models.CheckConstraint(
                name="returns_returnrevision_staff_balanced",
                condition=_unknown("opening", "joined", "left")
                | Q(headcount=F("opening") + F("joined") - F("left")),
            ),
            models.CheckConstraint(
                name="returns_returnrevision_executed_adds_up",
                condition=_unknown(
                    "executed_value", "offshore_executed_value", "onshore_executed_value"
                )
                | Q(executed_value=F("offshore_executed_value") + F("onshore_executed_value")),
            ),
            *(
                models.CheckConstraint(
                    name=f"returns_returnrevision_{breakdown}_adds_up",
                    condition=_empty(*names) | Q(headcount=_sum_of(names)),
                )
                for breakdown, names in BREAKDOWNS.items()
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.monthly_return} #{self.number}"


class ReturnClass(ClassFigures):
    """A class of services in the draft of a return."""

    monthly_return = models.ForeignKey(MonthlyReturn, models.PROTECT, related_name="classes")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "monthly_return", "service_class", name="returns_returnclass_once"
            )
        ]

    def __str__(self) -> str:
        return self.service_class


class ReturnMarketQuerySet(models.QuerySet["ReturnMarket"]):
    def waiting_for_rates(self, month: date) -> ReturnMarketQuerySet:
        """Lines of drafts of `month` that have no rate: they keep their return from being filed."""
        return self.filter(
            monthly_return__month=month,
            monthly_return__state__in=[ReturnState.DRAFT, ReturnState.SENT_BACK],
            rate=None,
        ).exclude(currency="CNY")


class ReturnMarket(MarketFigures):
    """A country or region in the draft of a return."""

    monthly_return = models.ForeignKey(MonthlyReturn, models.PROTECT, related_name="markets")

    objects = ReturnMarketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                *("monthly_return", "market", "currency"), name="returns_returnmarket_once"
            ),
            models.CheckConstraint(
                name="returns_returnmarket_rate", condition=Q(rate__isnull=True) | Q(rate__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market} {self.currency}"


class RevisionClass(ClassFigures):
    """A class of services as it was submitted. The database refuses any change."""

    revision = models.ForeignKey(ReturnRevision, models.PROTECT, related_name="classes")

    objects = RevisionLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("revision", "service_class", name="returns_revisionclass_once")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.service_class


class RevisionMarket(MarketFigures):
    """A country or region as it was submitted. The database refuses any change."""

    revision = models.ForeignKey(ReturnRevision, models.PROTECT, related_name="markets")

    objects = RevisionLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                *("revision", "market", "currency"), name="returns_revisionmarket_once"
            ),
            models.CheckConstraint(
                name="returns_revisionmarket_rate",
                condition=Q(rate__gt=0, rate__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.market} {self.currency}"

"""Subscriptions: who is told of which reports, when; and what each was told of, once."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.tracking import tracked
from foundation.models import Versioned
from reports.models.monthly import FileFormat, MonthlyReport, ReportKind


class DayRule(models.TextChoices):
    """When a subscription tells."""

    WHEN_ISSUED = "when_issued", _("as soon as a report is issued")
    MONTHLY = "monthly", _("once a month, on a day")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def visible_to(self, user: User) -> SubscriptionQuerySet:
        """Everybody has their own."""
        return (
            self.filter(subscriber=user)
            if user.has_perm("reports.manage_subscription")
            else self.none()
        )

    def running(self) -> SubscriptionQuerySet:
        return self.filter(stopped_at__isnull=True, subscriber__is_active=True)


@tracked(exclude=["served_until", "failed_at", "failures", "retry_at"])
class Subscription(Versioned):
    """Somebody is told of reports of some kinds, in a format, by a rule.

    `served_until` is the last day of the rule that was dealt with. `failures` counts the tries in a
    row that failed; the next is made at `retry_at`.
    """

    subscriber = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who is told")
    )
    format = models.CharField(_("format"), max_length=4, choices=FileFormat)
    rule = models.CharField(_("when"), max_length=11, choices=DayRule)
    day = models.PositiveSmallIntegerField(_("day of the month"), null=True)
    created_at = models.DateTimeField(_("since"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True)
    served_until = models.DateField(null=True)
    failed_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "subscription")
        constraints = [
            models.CheckConstraint(
                name="reports_subscription_day_of_its_rule",
                condition=Q(rule="when_issued", day__isnull=True)
                | Q(rule="monthly", day__gte=1, day__lte=28),
            ),
        ]
        indexes = [
            models.Index(
                "subscriber",
                name="reports_subscription_running",
                condition=Q(stopped_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.format}"

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None

    @property
    def chosen(self) -> list[ReportKind]:
        """The kinds of report that it is for, in their order."""
        codes = {row.kind for row in self.kinds.all()}
        return [kind for kind in ReportKind if kind.value in codes]


@tracked()
class SubscribedKind(models.Model):
    """A kind of report that a subscription is for: of editions issued since then."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="kinds")
    kind = models.CharField(_("kind"), max_length=20)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = pgettext_lazy("kind of row", "subscribed report")
        constraints = [
            models.UniqueConstraint("subscription", "kind", name="reports_subscribedkind_once_each")
        ]

    def __str__(self) -> str:
        return self.kind


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> DeliveryQuerySet:
        """What one was told oneself, for as long as one may subscribe."""
        return self.filter(subscription__in=Subscription.objects.visible_to(user))


class Delivery(models.Model):
    """One message of a subscription. Its page leads to the editions that it tells of."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="deliveries")
    sent_at = models.DateTimeField(_("sent at"))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("subscription", models.F("sent_at").desc(), name="reports_delivery_last")
        ]

    def __str__(self) -> str:
        return f"{self.subscription} {self.sent_at:%Y-%m-%d}"


class DeliveredEdition(models.Model):
    """An edition that a subscription has told of: written with the message, never twice.

    `changed`: how many figures differ from the edition before; None of a first edition.
    """

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="editions")
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="+")
    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="+")
    changed = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "subscription", "report", name="reports_deliverededition_told_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.report}"

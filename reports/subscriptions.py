"""One's subscriptions on a page: what runs, what was sent last, what could not be made or sent."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from reports.models import (
    DeliveredEdition,
    Delivery,
    MonthlyReport,
    ReportKind,
    Subscription,
)
from reports.services.requesting import failed_builds


class Late(NamedTuple):
    """A report that one waits for and that could not be made yet."""

    kind: ReportKind
    month: date


class Subscribed:
    """What `user` has subscribed to."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def running(self) -> list[Subscription]:
        """Those that run, each with `last_delivery` and `last_sent_at`."""
        last = Delivery.objects.filter(subscription=OuterRef("pk")).order_by("-sent_at", "-pk")
        rows = Subscription.objects.visible_to(self.user).filter(stopped_at__isnull=True)
        return list(
            rows.annotate(
                last_delivery=Subquery(last.values("pk")[:1]),
                last_sent_at=Subquery(last.values("sent_at")[:1]),
            )
            .prefetch_related("kinds")
            .order_by("pk")
        )

    @cached_property
    def late(self) -> list[Late]:
        """What one waits for and could not be made; it is being tried again."""
        wanted = {kind for one in self.running for kind in one.chosen}
        if not wanted:
            return []
        return [Late(one.kind, one.month) for one in failed_builds() if one.kind in wanted]


def editions_of(delivery: Delivery, user: User) -> QuerySet[DeliveredEdition]:
    """The editions that a message told of, those that `user` may read today."""
    readable = MonthlyReport.objects.visible_to(user).only("pk")
    return (
        DeliveredEdition.objects.filter(delivery=delivery, report__in=readable)
        .select_related("report")
        .defer("report__content", "report__facts")
        .order_by("-report__month", "pk")
    )

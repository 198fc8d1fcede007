"""Telling subscribers of what was issued: each edition once for each subscription.

The row that says so is written in the transaction of the message: a worker that dies in between
has told nobody, and two that run at once meet at the subscription's lock. Nothing is attached:
the link wants its reader to sign in, and looks again at what they may read.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from audit.context import recorded
from foundation.services.messages import tell
from reports.comparing import restated_cells
from reports.models import (
    DayRule,
    DeliveredEdition,
    Delivery,
    MonthlyReport,
    MonthlyReportQuerySet,
    ReportKind,
    SubscribedKind,
    Subscription,
)
from reports.services.subscribing import due_day
from web import formats

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
MOST_DOUBLINGS = 8  # a failed try is made again within about four hours


def deliver_due(*, now: datetime) -> int:
    """Tell everybody whose turn it is; give how many were told. Who fails does not stop others."""
    told = 0
    for pk in _waiting(now):
        try:
            told += deliver(subscription_id=pk, now=now) is not None
        except Exception:
            log.exception("subscription not served", extra={"subscription": pk})
            _note_failure(pk, now)
    return told


def deliver(*, subscription_id: int, now: datetime) -> Delivery | None:
    """Tell of every edition that one subscription has not told of yet, if it is its turn.

    None where there was nothing to tell, or somebody else is at it.
    """
    with recorded(None):
        running = Subscription.objects.running().filter(pk=subscription_id)
        subscription = running.select_for_update(skip_locked=True, of=("self",)).first()
        if subscription is None or not _is_its_turn(subscription, now):
            return None
        may_subscribe = subscription.subscriber.has_perm("reports.manage_subscription")
        editions = list(due_editions(subscription)) if may_subscribe else []
        delivery = _tell(subscription, editions, now) if editions else None
        _note_success(subscription, now)
    return delivery


def due_editions(subscription: Subscription) -> MonthlyReportQuerySet:
    """The editions that count now, that its person may read, and that it has not told of."""
    told = DeliveredEdition.objects.filter(subscription=subscription).values("report")
    chosen = SubscribedKind.objects.filter(
        subscription=subscription, kind=OuterRef("kind"), since__lte=OuterRef("issued_at")
    )
    valid = MonthlyReport.objects.visible_to(subscription.subscriber).current()
    return (
        valid.filter(Exists(chosen)).exclude(pk__in=told).defer("facts").order_by("month", "kind")
    )


def _waiting(now: datetime) -> list[int]:
    """The running subscriptions that may have something to tell."""
    untold = MonthlyReport.objects.current().filter(
        Exists(
            SubscribedKind.objects.filter(
                subscription=OuterRef(OuterRef("pk")),
                kind=OuterRef("kind"),
                since__lte=OuterRef("issued_at"),
            )
        ),
        ~Exists(
            DeliveredEdition.objects.filter(
                subscription=OuterRef(OuterRef("pk")), report=OuterRef("pk")
            )
        ),
    )
    running = Subscription.objects.running().filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now))
    ready = running.filter(Q(rule=DayRule.MONTHLY) | Exists(untold)).order_by("pk")
    return [one.pk for one in ready if _is_its_turn(one, now)]


def _is_its_turn(subscription: Subscription, now: datetime) -> bool:
    if subscription.retry_at is not None and subscription.retry_at > now:
        return False
    if subscription.rule == DayRule.WHEN_ISSUED or subscription.day is None:
        return True
    served = subscription.served_until
    return served is None or served < due_day(subscription.day, now)


def _tell(subscription: Subscription, editions: Sequence[MonthlyReport], now: datetime) -> Delivery:
    delivery = Delivery.objects.create(subscription=subscription, sent_at=now)
    changes = [_changed(report) for report in editions]
    DeliveredEdition.objects.bulk_create(
        DeliveredEdition(
            delivery=delivery, subscription=subscription, report=report, changed=changed
        )
        for report, changed in zip(editions, changes, strict=True)
    )
    named = [
        _Named(report.kind, report.month, report.revision, changed, report.reason)
        for report, changed in zip(editions, changes, strict=True)
    ]
    one = len(editions) == 1
    tell(
        people=[subscription.subscriber],
        subject=gettext_noop("%(report)s for %(month)s is issued")
        if one
        else gettext_noop("%(count)d reports are issued"),
        body=gettext_noop(
            "%(editions)s\n\nThe link leads to them. It opens after signing in; nothing is "
            "attached. You get this because you subscribed."
        ),
        url=reverse("reports:delivery-detail", args=[delivery.pk]),
        parameters={
            "count": len(editions),
            "report": ReportKind(editions[0].kind).label,
            "month": formats.lazy_month(editions[0].month),
            "editions": _lazy_lines(named),
        },
    )
    return delivery


def _changed(report: MonthlyReport) -> int | None:
    """How many figures differ from the edition before."""
    if report.revision == 1:
        return None
    before = MonthlyReport.objects.filter(
        kind=report.kind, month=report.month, revision=report.revision - 1
    )
    former = before.values_list("content", flat=True).first()
    return len(restated_cells(report.content, former)) if former else None


class _Named(NamedTuple):
    """An edition as a message names it."""

    kind: str
    month: date
    revision: int
    changed: int | None
    reason: str


def _lines(named: Sequence[_Named]) -> str:
    """Each edition on a line of its own, with what changed where it is restated."""
    return "\n".join(_line_of(edition) for edition in named)


_lazy_lines = lazy(_lines, str)


def _line_of(edition: _Named) -> str:
    said = {
        "report": ReportKind(edition.kind).label,
        "month": formats.month(edition.month),
        "revision": edition.revision,
        "reason": edition.reason,
    }
    if edition.changed is None:
        return _("%(report)s, %(month)s, edition %(revision)d") % said
    return ngettext(
        "%(report)s, %(month)s, restated as edition %(revision)d: %(changed)d figure is another. "
        "%(reason)s",
        "%(report)s, %(month)s, restated as edition %(revision)d: %(changed)d figures are others. "
        "%(reason)s",
        edition.changed,
    ) % {**said, "changed": edition.changed}


def _note_success(subscription: Subscription, now: datetime) -> None:
    if subscription.day is not None:
        subscription.served_until = due_day(subscription.day, now)
    elif not subscription.failures:
        return  # nothing is to be noted
    subscription.failures, subscription.failed_at, subscription.retry_at = 0, None, None
    subscription.save(update_fields=["served_until", "failures", "failed_at", "retry_at"])


def _note_failure(subscription_id: int, now: datetime) -> None:
    """Try again later, each time twice as late."""
    with recorded(None):
        subscription = Subscription.objects.select_for_update().get(pk=subscription_id)
        wait = FIRST_WAIT * (2 ** min(subscription.failures, MOST_DOUBLINGS))
        subscription.failures += 1
        subscription.failed_at, subscription.retry_at = now, now + wait
        subscription.save(update_fields=["failures", "failed_at", "retry_at"])

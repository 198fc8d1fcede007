"""Subscribing to reports: which, in which format, by which rule."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.context import recorded
from foundation.months import add_months
from foundation.versions import locked, save_next_version
from reports.models import DayRule, FileFormat, ReportKind, SubscribedKind, Subscription
from web.refusals import Invalid

HOUR = time(8)  # of its day, from which a monthly subscription tells
LAST_DAY = 28  # every month has one


def due_day(day: int, now: datetime) -> date:
    """The last day of the rule "monthly on `day`" whose hour has come."""
    local = timezone.localtime(now)
    this_month = local.date().replace(day=day)
    has_come = (local.date(), local.time()) >= (this_month, HOUR)
    return this_month if has_come else add_months(this_month.replace(day=1), -1).replace(day=day)


def subscribe(
    *,
    subscriber: User,
    kinds: Collection[str],
    format: str,
    rule: str,
    day: int | None,
    now: datetime,
) -> Subscription:
    """Tell `subscriber` of what is issued from now on. Raises `Invalid` beside the field."""
    _check(kinds, format, rule, day)
    subscription = Subscription(
        subscriber=subscriber,
        format=format,
        rule=rule,
        day=day if rule == DayRule.MONTHLY else None,
        created_at=now,
        served_until=_served(rule, day, now),
    )
    with recorded(subscriber):
        subscription.save()
        for kind in kinds:
            SubscribedKind.objects.create(subscription=subscription, kind=kind, since=now)
    return subscription


def change_subscription(
    *,
    subscription_id: int,
    kinds: Collection[str],
    format: str,
    rule: str,
    day: int | None,
    now: datetime,
    acting_user: User,
    expected_version: int | None = None,
) -> Subscription:
    """Change what a running subscription is for. Reports that are new in it count from now on.

    Raises `Invalid` beside the field, `Stale`, or `DoesNotExist` where it is stopped.
    """
    _check(kinds, format, rule, day)
    with recorded(acting_user):
        running = Subscription.objects.filter(stopped_at__isnull=True)
        subscription = locked(running, subscription_id, expected_version)
        is_new_rule = (subscription.rule, subscription.day) != (rule, day)
        subscription.format, subscription.rule = format, rule
        subscription.day = day if rule == DayRule.MONTHLY else None
        if is_new_rule:
            subscription.served_until = _served(rule, day, now)
        save_next_version(subscription, ["format", "rule", "day", "served_until"])
        known = {row.kind: row for row in subscription.kinds.all()}
        for kind, row in known.items():
            if kind not in kinds:
                row.delete()
        for kind in kinds:
            if kind not in known:
                SubscribedKind.objects.create(subscription=subscription, kind=kind, since=now)
    return subscription


def stop_subscription(*, subscription_id: int, now: datetime, acting_user: User) -> Subscription:
    """Tell of nothing any more. Stopping it twice changes nothing."""
    with recorded(acting_user):
        subscription = locked(Subscription.objects.all(), subscription_id)
        if subscription.stopped_at is None:
            subscription.stopped_at = now
            save_next_version(subscription, ["stopped_at"])
    return subscription


def _served(rule: str, day: int | None, now: datetime) -> date | None:
    """A monthly subscription begins with the next of its days."""
    return due_day(day, now) if rule == DayRule.MONTHLY and day else None


def _check(kinds: Collection[str], format: str, rule: str, day: int | None) -> None:
    errors = {}
    if not kinds or not set(kinds) <= set(ReportKind.values):
        errors["kinds"] = _("Choose at least one report.")
    if format not in FileFormat.values:
        errors["format"] = _("Choose a format.")
    if rule not in DayRule.values:
        errors["rule"] = _("Choose when you want to be told.")
    elif rule == DayRule.MONTHLY and not (day and 1 <= day <= LAST_DAY):
        errors["day"] = _("Give a day from 1 to %(last)d: every month has it.") % {"last": LAST_DAY}
    if errors:
        raise Invalid(errors)

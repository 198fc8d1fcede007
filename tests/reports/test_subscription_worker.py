"""A real worker killed in the middle of telling a subscriber: they are told once, by the next."""

import signal

import pytest
from django.db import connection, transaction

from foundation.models import Message
from foundation.services import jobs
from reports import services
from reports.models import DeliveredEdition, Delivery, ReportKind
from reports.services.building import build_report
from tests.conftest import NOW
from tests.factories.reports import make_subscription
from tests.foundation.test_worker import queue, redis, start_and_hear, wait_until, worker
from tests.reports.conftest import JANUARY

__all__ = ["queue", "redis", "worker"]

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

TASK = "reports.tasks.deliver_subscriptions"


def waits_for_the_messages() -> bool:
    """Whether somebody has come as far as writing a message, and waits for its table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation "
            "WHERE c.relname = 'foundation_message' AND NOT l.granted"
        )
        return cursor.fetchone()[0] > 0


def beat() -> None:
    jobs.current_app.send_task(TASK, retry=False)


def test_a_worker_killed_in_the_middle_tells_nobody_and_the_next_tells_once(
    worker, small_park, official
):
    make_subscription(official, since=NOW)
    draft = build_report(
        kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=small_park.operator
    )
    services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)
    mine = Message.objects.filter(recipient=official)
    start_and_hear(worker)

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE foundation_message IN ACCESS EXCLUSIVE MODE")
        beat()
        wait_until(waits_for_the_messages, seconds=60)
        worker.end(signal.SIGKILL)

    assert not mine.exists()
    assert not DeliveredEdition.objects.exists()

    start_and_hear(worker)
    beat()
    beat()
    wait_until(mine.exists, seconds=60)
    beat()
    wait_until(lambda: not _is_running(), seconds=60)

    assert mine.count() == 1
    assert (Delivery.objects.count(), DeliveredEdition.objects.count()) == (1, 1)


def _is_running() -> bool:
    """Whether the queue still holds what was sent."""
    with jobs.current_app.connection_for_read() as link:
        return link.default_channel.client.llen("celery") > 0

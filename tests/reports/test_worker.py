"""A real worker killed in the middle of a report: it is finished afterwards, once."""

import signal
from datetime import timedelta

import pytest
from django.db import connection

from foundation import clock
from foundation.locks import Lock
from foundation.models import Job, StoredFile
from reports import services
from reports.models import MonthlyReport
from tests.conftest import NOW, TODAY
from tests.foundation.test_worker import queue, redis, start_and_hear, wait_until, worker
from tests.reports.conftest import JANUARY

__all__ = ["queue", "redis", "worker"]

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int(Lock.REPORTS)])


def test_a_worker_killed_in_the_middle_of_a_report_makes_it_once(worker, small_park):
    start_and_hear(worker)
    lock("pg_advisory_lock")  # the worker comes as far as writing, and waits
    job = services.request_report(
        kind="occupancy", month=JANUARY, owner=small_park.operator, now=NOW, today=TODAY
    )

    def look() -> Job:
        return Job.objects.get(pk=job.pk)

    wait_until(lambda: look().done == 3, seconds=60)
    worker.end(signal.SIGKILL)
    lock("pg_advisory_unlock")
    assert look().state == Job.State.RUNNING
    assert not MonthlyReport.objects.exists()
    assert not StoredFile.objects.exists()

    long_ago = clock.now() - Job.SILENCE - timedelta(seconds=5)
    Job.objects.update(heartbeat_at=long_ago, sent_at=long_ago)
    start_and_hear(worker)  # says hello, and with it sends again what waits

    wait_until(lambda: look().is_finished, seconds=60)
    report = MonthlyReport.objects.get()
    assert (look().state, look().attempt) == (Job.State.DONE, 2)
    assert look().result == {"report": report.pk}
    assert StoredFile.objects.count() == report.files.count() == 3

"""A process that dies at any statement of issuing or drafting: nothing lost, nothing twice.

What PostgreSQL does when a worker is killed is to end its transaction; so the death is told here
at each statement in turn, which no real kill could be aimed at. One with a real worker is below.
"""

import signal
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, connections

from foundation import clock
from foundation.locks import Lock
from foundation.models import Job, StoredFile
from foundation.services import jobs
from park.services import close_month
from reports import services
from reports.models import Audience, MonthFile, MonthlyReport, ReportFile, ReportKind, ReportState
from reports.services import building, issuing, month_files, telling
from reports.services.building import build_report
from reports.services.editions import Printed
from reports.services.month_files import put_together
from returns.services import correct_return, submit_return
from tests.conftest import NOW, TODAY
from tests.factories.seats import make_allocation
from tests.foundation.test_worker import queue, redis, start_and_hear, wait_until, worker
from tests.reports.conftest import DECEMBER, JANUARY

__all__ = ["queue", "redis", "worker"]

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 200  # statements


class Killed(BaseException):
    """The process is gone: nothing below may catch it."""


@contextmanager
def killed_at(number):
    """Die instead of sending statement `number`; give how many were sent."""
    sent = [0]

    def send(execute, sql, params, many, context):
        sent[0] += 1
        if sent[0] == number:
            raise Killed(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(send):
        yield sent


def killed_everywhere(act, check):
    """Die at each statement of `act`, one run for each, until it comes to its end."""
    for number in range(1, MOST):
        try:
            with killed_at(number):
                act()
        except Killed:
            check()
        else:
            return number - 1
    raise AssertionError("more statements than that?")


@pytest.fixture
def files(monkeypatch):
    """Files in no time: what is killed here is the writing of rows."""

    def render(edition, content, former):
        return [
            Printed(form, Audience.ALL, f"{edition.revision}.{form}", form.encode())
            for form in ("xlsx", "csv")
        ]

    for module in (building, issuing, telling):
        monkeypatch.setattr(module, "render", render)
    monkeypatch.setattr(
        month_files,
        "MONTH_WRITERS",
        {"xlsx": lambda documents: b"x", "pdf": lambda documents: b"p"},
    )
    monkeypatch.setattr(jobs, "publish", lambda job_id: True)


def state():
    return (
        list(MonthlyReport.objects.order_by("pk").values_list("pk", "state", "version", "sha256")),
        list(ReportFile.objects.order_by("pk").values_list("pk", "sha256")),
        set(StoredFile.objects.values_list("name", flat=True)),
        list(MonthFile.objects.order_by("pk").values_list("pk", "seal")),
        list(Job.objects.order_by("pk").values_list("pk", "state")),
    )


def test_issuing_killed_at_any_statement_has_issued_nothing_and_then_once(small_park, files):
    first = build_report(
        kind=ReportKind.OCCUPANCY, month=DECEMBER, now=NOW, owner=small_park.operator
    )
    services.issue_report(report_id=first.pk, now=NOW, acting_user=small_park.operator)
    draft = build_report(kind=ReportKind.FILING, month=JANUARY, now=NOW, owner=small_park.operator)
    before = state()

    def act():
        services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)

    def check():
        assert state() == before
        assert services.verify_chain() == []

    statements = killed_everywhere(act, check)

    assert statements > 10
    assert MonthlyReport.objects.current().count() == 2
    assert services.verify_chain() == []
    with pytest.raises(services.NotADraft):
        act()


def test_restating_killed_at_any_statement_leaves_the_former_edition_valid(small_park, files):
    def make():
        return build_report(
            kind=ReportKind.OUTPUT, month=JANUARY, now=NOW, owner=small_park.operator
        )

    first = services.issue_report(report_id=make().pk, now=NOW, acting_user=small_park.operator)
    row = small_park.ping_an.monthly_returns.get(month=JANUARY)
    who = {"return_id": row.pk, "now": NOW, "acting_user": small_park.operator}
    correct_return(**who)
    row.refresh_from_db()
    row.revenue = 5
    row.save(update_fields=["revenue"])
    submit_return(**who, signer="李娜", reason="更正")
    draft = make()
    before = state()

    def act():
        services.issue_report(
            report_id=draft.pk, reason="更正", now=NOW, acting_user=small_park.operator
        )

    def check():
        assert state() == before
        assert MonthlyReport.objects.current().get().pk == first.pk

    killed_everywhere(act, check)

    assert MonthlyReport.objects.current().get().pk == draft.pk
    assert MonthlyReport.objects.get(pk=first.pk).state == ReportState.RESTATED
    assert services.verify_chain() == []


def test_bundling_killed_at_any_statement_keeps_no_file_and_then_each_once(small_park, files):
    draft = build_report(kind=ReportKind.FILING, month=JANUARY, now=NOW, owner=small_park.operator)
    services.issue_report(report_id=draft.pk, now=NOW, acting_user=small_park.operator)
    before = state()

    def act():
        put_together(month=JANUARY, with_drafts=False, now=NOW, owner=None)

    killed_everywhere(act, lambda: state() == before or pytest.fail("half a month"))

    assert MonthFile.objects.count() == 2
    assert services.verify_month_files() == []


def test_drafting_killed_at_any_statement_leaves_the_former_draft(small_park, files):
    def act():
        build_report(kind=ReportKind.FILING, month=JANUARY, now=NOW, owner=small_park.operator)

    act()
    before = state()

    killed_everywhere(act, lambda: state() == before or pytest.fail("half a draft"))

    assert MonthlyReport.objects.get().version == 2
    assert StoredFile.objects.count() == ReportFile.objects.count() == 2


def test_what_changes_while_a_report_is_made_is_not_in_it(small_park, files, monkeypatch):
    """The last source is read after seats and a return changed: it still sees the beginning."""
    real = building.take_snapshot
    from_before = real(ReportKind.OCCUPANCY, JANUARY).frozen()
    sources = services.snapshots.take

    def take(months_of, counted):
        first, *others = months_of
        facts = sources({first: months_of[first]}, counted)
        changed_by_somebody_else(small_park)
        rest = sources({code: months_of[code] for code in others}, counted)
        return type(facts)(
            {**facts.tables, **rest.tables},
            {**facts.enterprises, **rest.enterprises}.values(),
        )

    monkeypatch.setattr(services.snapshots, "take", take)

    report = build_report(
        kind=ReportKind.OCCUPANCY, month=JANUARY, now=NOW, owner=small_park.operator
    )

    tables = {code: table["rows"] for code, table in report.facts.items() if code != "enterprises"}
    assert tables == {code: from_before[code]["rows"] for code in tables}
    monkeypatch.undo()
    assert real(ReportKind.OCCUPANCY, JANUARY).frozen() != from_before


def changed_by_somebody_else(small_park):
    def change():
        make_allocation(small_park.a, (60, 65), start=JANUARY, to=small_park.absent)
        connections["default"].close()

    thread = Thread(target=change)
    thread.start()
    thread.join()


@pytest.mark.worker
def test_a_worker_killed_while_it_puts_a_month_together_makes_it_once(worker, small_park):
    start_and_hear(worker)
    draft = build_report(kind=ReportKind.FILING, month=JANUARY, now=NOW, owner=small_park.operator)
    close_month(month=JANUARY, now=NOW, today=TODAY, acting_user=small_park.operator)
    services.issue_report(
        report_id=draft.pk, now=NOW, acting_user=small_park.operator, with_month_files=False
    )
    lock("pg_advisory_lock")  # the worker comes as far as writing, and waits
    job = services.request_month_files(month=JANUARY, with_drafts=False, owner=small_park.operator)

    def look() -> Job:
        return Job.objects.get(pk=job.pk)

    wait_until(lambda: look().done == 2, seconds=60)
    worker.end(signal.SIGKILL)
    lock("pg_advisory_unlock")
    assert not MonthFile.objects.exists()

    long_ago = clock.now() - Job.SILENCE - timedelta(seconds=5)
    Job.objects.update(heartbeat_at=long_ago, sent_at=long_ago)
    start_and_hear(worker)

    wait_until(lambda: look().is_finished, seconds=60)
    assert (look().state, look().attempt) == (Job.State.DONE, 2)
    assert MonthFile.objects.count() == 2
    assert services.verify_month_files() == []


def lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int(Lock.REPORTS)])

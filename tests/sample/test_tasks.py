"""The sample's reports: made in the background, each issued once, whatever happens meanwhile."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.permissions import Role
from foundation import clock
from foundation.models import Job
from foundation.services import jobs
from reports.models import MonthlyReport
from sample import tasks
from sample.reporting import REPORTS_JOB
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.sample.conftest import SHANGHAI

REPORTS = [["occupancy", "2024-01"], ["output", "2024-01"], ["occupancy", "2024-02"]]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job() -> Job:
    make_floor()
    owner: Any = UserFactory(name="张敏", roles=[Role.OPERATOR_MANAGER])
    return Job.objects.create(
        kind=REPORTS_JOB,
        key="sample",
        arguments={"reports": REPORTS},
        owner=owner,
        created_at=datetime(2026, 11, 22, tzinfo=SHANGHAI),
    )


def issued() -> list[tuple[str, date, int]]:
    return list(
        MonthlyReport.objects.issued()
        .order_by("issued_at")
        .values_list("kind", "month", "revision")
    )


WANTED = [
    ("occupancy", date(2024, 1, 1), 1),
    ("output", date(2024, 1, 1), 1),
    ("occupancy", date(2024, 2, 1), 1),
]


def test_issues_all_of_them_in_their_order(job):
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 3, 3)
    assert issued() == WANTED


def test_a_worker_that_takes_over_goes_on_where_the_last_one_died(job, monkeypatch):
    class Killed(BaseException):
        """What kill -9 does, as far as a test can."""

    build = tasks.build_report

    def die_at_the_second(**arguments):
        if arguments["kind"] == "output":
            raise Killed
        return build(**arguments)

    monkeypatch.setattr(tasks, "build_report", die_at_the_second)
    with pytest.raises(Killed):
        jobs.run(job.pk)
    assert issued() == WANTED[:1]
    Job.objects.update(heartbeat_at=clock.now() - timedelta(minutes=5))
    monkeypatch.setattr(tasks, "build_report", build)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempt) == (Job.State.DONE, 2)
    assert issued() == WANTED


def test_a_worker_that_was_given_up_issues_nothing_more(job, monkeypatch):
    build = tasks.build_report

    def be_taken_over_meanwhile(**arguments):
        report = build(**arguments)
        Job.objects.update(attempt=7)
        return report

    monkeypatch.setattr(tasks, "build_report", be_taken_over_meanwhile)

    jobs.run(job.pk)

    assert issued() == []


def test_what_a_person_has_issued_already_is_left_alone(job):
    Job.objects.update(arguments={"reports": REPORTS[:1]})
    jobs.run(job.pk)
    again = Job.objects.create(
        kind=REPORTS_JOB,
        key="again",
        arguments={"reports": REPORTS},
        owner=job.owner,
        created_at=job.created_at,
    )

    jobs.run(again.pk)

    assert issued() == WANTED

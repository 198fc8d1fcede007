"""Background work, followed through the API."""

import pytest

from accounts.permissions import Role
from foundation.models import Job
from tests.api.conftest import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(operator, now):
    return Job.objects.create(
        kind="report", key="occupancy 2024-01", owner=operator, created_at=now, done=2, total=5
    )


def test_shows_how_far_it_is(park, job):
    response = park.get(f"jobs/{job.pk}/")

    assert response.json() == {
        "id": job.pk,
        "state": "queued",
        "done": 2,
        "total": 5,
        "message": "",
        "result": None,
        "created_at": "2024-02-22T10:00:00+08:00",
        "finished_at": None,
    }
    assert response.headers["ETag"]


def test_shows_what_came_of_it(park, job, now):
    Job.objects.filter(pk=job.pk).update(state="done", result={"report": 7}, finished_at=now)

    assert park.get(f"jobs/{job.pk}/").json()["result"] == {"report": 7}


def test_is_nobody_elses_business(firm, as_role, person, job, now):
    assert firm.get(f"jobs/{job.pk}/").status_code == 404
    assert as_role(Role.OFFICIAL).get(f"jobs/{job.pk}/").status_code == 404

    official = person(Role.OFFICIAL)
    own = Job.objects.create(kind="export", key="1", owner=official, created_at=now)
    assert Program(official).get(f"jobs/{own.pk}/").status_code == 200

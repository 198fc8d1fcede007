"""Background work, followed through the API."""

import pytest
from django.test import Client

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


@pytest.mark.parametrize(
    ("wanted", "message"), [("en", "2 of 5 returns filed"), ("zh-CN", "已报 2 ÷ 5 户")]
)
def test_says_what_is_done_in_the_language_that_is_asked_for(person, job, wanted, message):
    Job.objects.filter(pk=job.pk).update(
        message="%(filed)d of %(expected)d returns filed", parameters={"filed": 2, "expected": 5}
    )
    reader = person(Role.OPERATOR_MANAGER, language="en" if wanted == "zh-CN" else "zh-hans")
    browser = Client()
    browser.force_login(reader)

    for answer in (
        Program(reader).get(f"jobs/{job.pk}/", accept_language=wanted),
        browser.get(f"/api/v1/jobs/{job.pk}/", headers={"Accept-Language": wanted}),
    ):
        assert answer.json()["message"] == message


@pytest.mark.parametrize(("state", "goes_on"), [("running", True), ("done", False)])
def test_its_page_says_that_it_goes_on_as_long_as_it_does(operator, job, state, goes_on, now):
    Job.objects.filter(pk=job.pk).update(
        state=state,
        attempt=1,
        heartbeat_at=now,
        message="%(filed)d of %(expected)d returns filed",
        parameters={"filed": 2, "expected": 5},
    )
    browser = Client(headers={"Accept-Language": "zh-CN"})
    browser.force_login(operator)

    page = browser.get(f"/progress/{job.pk}/").text

    assert ("离开此页" in page) is goes_on
    assert "已报 2 ÷ 5 户" in page


def test_is_nobody_elses_business(firm, as_role, person, job, now):
    assert firm.get(f"jobs/{job.pk}/").status_code == 404
    assert as_role(Role.OFFICIAL).get(f"jobs/{job.pk}/").status_code == 404

    official = person(Role.OFFICIAL)
    own = Job.objects.create(kind="export", key="1", owner=official, created_at=now)
    assert Program(official).get(f"jobs/{own.pk}/").status_code == 200

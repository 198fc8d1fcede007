"""Exports through the API: asked for, followed, listed, downloaded by who made them."""

from datetime import date
from hashlib import sha256

import pytest

from foundation.models import Job
from foundation.services import jobs
from reports import tasks  # noqa: F401 — registers the handler
from reports.models import StatisticsExport
from tests.api.conftest import Program, errors_of
from tests.factories.reports import file_return
from tests.factories.returns import make_tenant
from tests.factories.tenants import make_member

DECEMBER = date(2023, 12, 1)

pytestmark = pytest.mark.usefixtures("quiet_queue")


@pytest.fixture
def firm(db):
    firm = make_tenant(date(2023, 11, 1))
    file_return(firm, DECEMBER, 1_000_000, 10)
    return firm


@pytest.mark.django_db
class TestAsk:
    def test_answers_with_the_job_that_makes_it(self, park, firm):
        body = {"kind": "commerce", "month": "2023-12", "length": "quarter"}

        response = park.post("exports/", body)

        job = Job.objects.get()
        assert (response.status_code, response.json()) == (202, {"job": job.pk})
        assert job.arguments["first"] == "2023-10"

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"kind": "census"}, "kind"),
            ({"month": "2023-13"}, "month"),
            ({"month": "2024-02"}, "month"),
            ({"length": "decade"}, "length"),
            ({"kind": "zone", "length": "month"}, "length"),
            ({"enterprise": 10**9}, "enterprise"),
            ({"who": "x"}, "who"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, park, firm, change, field):
        problem = park.post("exports/", {"kind": "commerce", "month": "2023-12", **change})

        assert problem.status_code == 400
        assert list(errors_of(problem)) == [field]

    def test_of_a_manager_is_of_the_own_enterprise(self, firm):
        other = make_tenant()
        program = Program(make_member(firm))

        program.post("exports/", {"kind": "commerce", "month": "2023-12"})

        assert Job.objects.get().arguments["enterprise"] == firm.pk
        refused = program.post(
            "exports/", {"kind": "commerce", "month": "2023-12", "enterprise": other.pk}
        )
        assert errors_of(refused) == {"enterprise": "does_not_exist"}
        assert list(errors_of(program.post("exports/", {"kind": "zone", "month": "2023-12"})))


@pytest.mark.django_db(transaction=True)
class TestTake:
    def test_lists_what_was_taken_and_gives_the_file_to_who_made_it(self, firm, park, operator):
        program = Program(make_member(firm))
        program.post("exports/", {"kind": "commerce", "month": "2023-12"})
        jobs.run(Job.objects.get().pk)

        (row,) = program.get("exports/").json()["results"]
        export = StatisticsExport.objects.get()
        assert (row["filed"], row["expected"], row["first_month"]) == (1, 1, "2023-12")
        assert program.get(f"exports/{export.pk}/").json() == row
        file = program.get(row["file"])
        assert sha256(file.content).hexdigest() == row["sha256"]
        assert park.get("exports/").json()["results"] == [{**row, "file": None}]
        assert park.get(f"exports/{export.pk}/file/").status_code == 404
        assert Program(make_member(make_tenant())).get(f"exports/{export.pk}/").status_code == 404

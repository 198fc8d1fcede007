"""Reports through the API: asked for, followed, issued, downloaded, frozen."""

from datetime import date
from hashlib import sha256
from urllib.parse import unquote

import pytest
from kombu.exceptions import OperationalError

from accounts.permissions import Role
from foundation.models import Job
from park.models import ReportingMonth
from reports.models import MonthlyReport, ReportKind
from reports.services.building import build_report
from tests.api.conftest import Program, errors_of
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation

MONTH = date(2024, 1, 1)


@pytest.fixture
def queue(monkeypatch):
    """The queue, as far as it is told of jobs; nobody works."""
    told = []
    monkeypatch.setattr("celery.current_app.send_task", lambda *task, **more: told.append(task))
    return told


@pytest.mark.django_db
class TestAsk:
    def test_answers_with_the_job_that_makes_it(self, park, floor, operator, queue):
        response = park.post("reports/", {"kind": "occupancy", "month": "2024-01"})

        job = Job.objects.get()
        assert (response.status_code, response.json()) == (202, {"job": job.pk})
        assert response.headers["Location"] == f"http://testserver/api/v1/jobs/{job.pk}/"
        assert park.get(response.headers["Location"]).json()["state"] == "queued"
        assert job.owner == operator

    def test_answers_with_the_same_job_while_it_is_at_work(self, park, floor, queue):
        body = {"kind": "occupancy", "month": "2024-01"}

        assert park.post("reports/", body).json() == park.post("reports/", body).json()

    def test_with_a_key_answers_the_same_even_afterwards(self, park, floor, now, queue):
        body = {"kind": "output", "month": "2024-01"}
        first = park.post("reports/", body, Idempotency_Key="1")
        Job.objects.update(state="done", finished_at=now)

        again = park.post("reports/", body, Idempotency_Key="1")

        assert (again.status_code, again.json()) == (202, first.json())
        assert again.headers["Location"] == first.headers["Location"]
        assert park.post("reports/", body).json() != first.json()

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"month": "2024-02"}, "month"),
            ({"month": "2024-03"}, "month"),
            ({"month": "9998-12"}, "month"),
            ({"month": "9999-12"}, "month"),
            ({"month": "1989-12"}, "month"),
            ({"month": "2024-1"}, "month"),
            ({"month": 202401}, "month"),
            ({"kind": "weather"}, "kind"),
            ({"kind": None}, "kind"),
            ({"zone": "C"}, "zone"),
        ],
    )
    def test_refuses_by_name_what_makes_no_sense(self, park, floor, queue, change, field):
        problem = park.post("reports/", {"kind": "occupancy", "month": "2024-01", **change})

        assert problem.status_code == 400
        assert list(errors_of(problem)) == [field]
        assert Job.objects.count() == 0

    @pytest.mark.parametrize(
        "role", [Role.OFFICIAL, Role.AUDITOR, Role.ENTERPRISE_MANAGER, Role.PROMOTION_OFFICER]
    )
    def test_is_for_the_park(self, as_role, role):
        assert as_role(role).post("reports/", {"kind": 5}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_report_can_be_asked_for_while_the_queue_is_gone(monkeypatch):
    def gone(*task, **more):
        raise OperationalError("nobody there")

    monkeypatch.setattr("celery.current_app.send_task", gone)
    make_floor()
    park = Program(UserFactory(roles=[Role.OPERATOR_MANAGER]))

    response = park.post("reports/", {"kind": "occupancy", "month": "2024-01"})

    assert response.status_code == 202
    assert Job.objects.get().state == "queued"


@pytest.mark.django_db(transaction=True)
class TestIssued:
    """One report from draft to issue to restatement: making one takes a second."""

    @pytest.fixture
    def operator(self):
        return UserFactory(name="张敏", roles=[Role.OPERATOR_MANAGER])

    @pytest.fixture
    def official(self):
        return Program(UserFactory(roles=[Role.OFFICIAL], area_code="511000"))

    @pytest.fixture
    def draft(self, operator):
        floor = make_floor(seats=100)
        make_allocation(floor, (1, 40), start=date(2024, 1, 1), acting_user=operator)
        return build_report(kind=ReportKind.OCCUPANCY, month=MONTH, now=NOW, owner=operator)

    def test_a_report_is_drafted_issued_and_downloaded(self, park, official, draft):
        address = f"reports/{draft.pk}/"
        seen = park.get(address).json()
        assert (seen["kind"], seen["month"], seen["revision"]) == ("occupancy", "2024-01", 1)
        assert (seen["state"], seen["issued_at"], seen["issue_sha256"]) == ("draft", None, None)
        assert official.get(address).status_code == 404
        assert official.get(f"{address}files/pdf/").status_code == 404
        assert official.get("reports/").json()["results"] == []

        etag = park.get(address).headers["ETag"]
        assert park.post(f"{address}issue/", If_Match='"99"').json()["current"]["id"] == draft.pk
        issued = park.post(f"{address}issue/", If_Match=etag).json()
        assert (issued["state"], issued["issued_by"]) == ("issued", "张敏")
        assert issued["issued_at"] == "2024-02-22T10:00:00+08:00"
        assert park.post(f"{address}issue/").json()["code"] == "not_a_draft"

        assert official.get(address).json() == issued
        assert official.get("reports/").json()["results"] == [issued]
        for form, media_type in [
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("pdf", "application/pdf"),
            ("csv", "text/csv; charset=utf-8"),
        ]:
            file = official.get(issued["files"][form], Accept="text/html")
            assert file.status_code == 200
            assert file.headers["Content-Type"] == media_type
            assert file.headers["ETag"] == f'"{issued["sha256"][form]}"'
            assert sha256(file.content).hexdigest() == issued["sha256"][form]
            plain, own = file.headers["Content-Disposition"].split("; ")[1:]
            assert plain == f'filename="occupancy-2024-01-1.{form}"'
            assert unquote(own.removeprefix("filename*=UTF-8''")).endswith(f".{form}")

    def test_a_file_that_one_has_is_not_sent_again(self, park, draft):
        address = f"/api/v1/reports/{draft.pk}/files/csv/"
        etag = park.client.get(address).headers["ETag"]

        again = park.client.get(address, headers={"If-None-Match": etag})

        assert (again.status_code, again.content) == (304, b"")

    @pytest.mark.parametrize("form", ["exe", "XLSX", "xlsx.pdf"])
    def test_other_files_there_are_none(self, park, draft, form):
        assert park.get(f"reports/{draft.pk}/files/{form}/").status_code == 404

    def test_a_restatement_needs_a_reason(self, park, official, operator, draft):
        park.post(f"reports/{draft.pk}/issue/")
        ReportingMonth.objects.create(
            month=MONTH, is_closed=False, closed_at=NOW, reopened_at=NOW, reason="更正"
        )
        second = build_report(kind=ReportKind.OCCUPANCY, month=MONTH, now=NOW, owner=operator)
        address = f"reports/{second.pk}/"

        assert errors_of(park.post(f"{address}issue/")) == {"reason": "invalid"}
        issued = park.post(f"{address}issue/", {"reason": "更正席位数"}).json()

        assert (issued["revision"], issued["reason"]) == (2, "更正席位数")
        former = official.get(f"reports/{draft.pk}/").json()
        assert former["state"] == "restated"
        assert issued["previous_sha256"] == former["issue_sha256"]
        revisions = [row["revision"] for row in official.get("reports/").json()["results"]]
        assert revisions == [2, 1]

    def test_lists_can_be_narrowed_in_a_constant_number_of_queries(
        self, park, draft, django_assert_num_queries
    ):
        park.get("reports/")  # the first use of a day is noted
        for query, count in [
            ("", 1),
            ("kind=occupancy", 1),
            ("kind=output", 0),
            ("month=2024-01", 1),
            ("month=2023-12", 0),
            ("state=draft", 1),
            ("state=issued", 0),
        ]:
            with django_assert_num_queries(3 if count else 2):  # who asks, reports, files
                rows = park.get(f"reports/?{query}").json()["results"]
            assert len(rows) == count, query

    def test_only_a_manager_issues(self, draft):
        staff = Program(UserFactory(roles=[Role.OPERATOR_STAFF]))

        assert staff.post(f"reports/{draft.pk}/issue/", []).status_code == 403
        assert MonthlyReport.objects.get().state == "draft"

    def test_officials_of_elsewhere_find_nothing(self, park, draft):
        park.post(f"reports/{draft.pk}/issue/")
        elsewhere = Program(UserFactory(roles=[Role.OFFICIAL], area_code="440000"))

        assert elsewhere.get(f"reports/{draft.pk}/").status_code == 404
        assert elsewhere.get(f"reports/{draft.pk}/files/csv/").status_code == 404
        assert elsewhere.get("reports/").json()["results"] == []

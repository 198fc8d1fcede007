"""Fit-outs through the API: the same table, the same rules, files, and what the schema says."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.permissions import Role
from park.axis import seat_at
from seats.models import FitOut, FitOutStage
from seats.services.fit_outs import FIT_OUT_STEPS
from tests.api.conftest import Program, errors_of
from tests.conftest import TODAY
from tests.factories.fit_outs import ENTERPRISES, PDF, WAY, make_fit_out
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member
from tests.seats.fit_outs.test_table import ALLOWED
from tests.undone import undone

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NEEDS = {
    "send_back": {"note": "请补充消防图"},
    "fail_inspection": {"note": "喷淋被遮挡"},
    "withdraw": {"note": "改选别处"},
    "cancel": {"note": "项目终止"},
    "take_deposit": {"amount": 20000},
    "return_deposit": {"amount": 20000},
}


@pytest.fixture
def allocation(floor, enterprise):
    """Seats 1 to 40, contracted today."""
    return make_allocation(floor, (1, 40), to=enterprise, start=TODAY)


@pytest.fixture
def case_in(allocation, member, operator):
    def make(state="planning", **more):
        return make_fit_out(allocation, by=member, park=operator, state=state, **more)

    return make


def address(case, step=""):
    return f"fit-outs/{case.pk}/" + (f"{step.replace('_', '-')}/" if step else "")


class TestOpening:
    def test_gives_a_case_for_the_seats_of_the_allocation(self, firm, allocation, floor):
        response = firm.post("fit-outs/", {"allocation": allocation.pk, "description": "隔断"})

        body = response.json()
        assert response.status_code == 201
        assert response.headers["ETag"] == '"1"'
        assert response.headers["Location"].endswith(f"/api/v1/fit-outs/{body['id']}/")
        assert (body["state"], body["party"], body["due_on"]) == ("planning", "enterprise", None)
        assert body["runs"] == [
            {
                "floor": floor.pk,
                "first_seat": seat_at(floor.pk, 1),
                "last_seat": seat_at(floor.pk, 40),
                "first_label": "C-1-1F-001",
                "last_label": "C-1-1F-040",
            }
        ]
        assert [row["stage"] for row in body["milestones"]] == FitOutStage.values
        assert firm.get(f"fit-outs/{body['id']}/").json() == body

    def test_plans_the_days(self, park, allocation, enterprise):
        planned = {"plan": "2024-02-20", "acceptance": "2024-06-30"}
        told = {"allocation": allocation.pk, "enterprise": enterprise.pk, "planned": planned}
        body = park.post("fit-outs/", told).json()

        assert (body["due_on"], body["is_overdue"]) == ("2024-02-20", True)
        days = {row["stage"]: row["planned_on"] for row in body["milestones"]}
        assert days == dict.fromkeys(FitOutStage.values) | planned

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"allocation": 0}, "allocation"),
            ({"allocation": None}, "runs"),
            ({"runs": [{"first_seat": 5, "last_seat": 4}]}, "runs[0].last_seat"),
            ({"runs": "all"}, "runs"),
            ({"planned": {"start": "2024-03-02", "inspection": "2024-03-01"}},
             "planned.inspection"),
            ({"planned": {"finish": "2024-03-02"}}, "planned.finish"),
            ({"description": 5}, "description"),
            ({"closes_seats": "yes"}, "closes_seats"),
            ({"state": "accepted"}, "state"),
        ],
    )  # fmt: skip
    def test_refuses_by_name_what_makes_no_sense(self, firm, allocation, change, field):
        problem = firm.post("fit-outs/", {"allocation": allocation.pk, **change})

        assert problem.status_code == 400
        assert list(errors_of(problem)) == [field]
        assert not FitOut.objects.exists()

    def test_tells_an_enterprise_nothing_of_others(self, firm, allocation, floor):
        make_allocation(floor, (41, 60), start=TODAY)
        run = {"first_seat": seat_at(floor.pk, 1), "last_seat": seat_at(floor.pk, 41)}

        problem = firm.post("fit-outs/", {"runs": [run]})
        other = firm.post("fit-outs/", {"allocation": 1, "enterprise": EnterpriseFactory().pk})

        assert (problem.status_code, errors_of(problem)) == (400, {"runs": "invalid"})
        assert errors_of(other)["enterprise"] == "does_not_exist"

    def test_names_the_rival_to_the_park(self, park, floor, enterprise):
        rival = make_allocation(floor, (41, 60), start=TODAY)
        run = {"first_seat": seat_at(floor.pk, 50), "last_seat": seat_at(floor.pk, 70)}

        problem = park.post("fit-outs/", {"runs": [run], "enterprise": enterprise.pk}).json()

        assert problem["code"] == "seats_taken"
        assert problem["conflicts"][0]["held_by"] == rival.enterprise.short_name

    def test_creates_once_for_one_key(self, firm, allocation):
        for _time in range(2):
            told = {"allocation": allocation.pk}
            assert firm.post("fit-outs/", told, Idempotency_Key="a").status_code == 201
        assert FitOut.objects.count() == 1


@pytest.mark.parametrize("state", WAY)
def test_every_step_from_every_state(park, firm, case_in, state):
    case = case_in(state)
    outcomes = {}

    for step in FIT_OUT_STEPS:
        with undone():
            program = firm if step in ENTERPRISES else park
            response = program.post(address(case, step), NEEDS.get(step, {}))
            if (state, step) in ALLOWED:
                assert response.status_code == 200, response.content
                outcomes[state, step] = response.json()["state"]
            else:
                problem = response.json()
                assert (problem["status"], problem["code"]) == (409, "wrong_state"), step
                assert problem["state"] == state

    assert outcomes == {pair: to for pair, to in ALLOWED.items() if pair[0] == state}


class TestSteps:
    def test_of_the_other_side_are_refused(self, park, firm, case_in):
        case = case_in("planning")

        assert park.post(address(case, "submit")).status_code == 403
        assert firm.post(address(case, "approve")).status_code == 403

    def test_of_an_older_version_are_stale(self, park, case_in):
        case = case_in("review")
        problem = park.post(address(case, "approve"), If_Match='"1"')

        assert problem.status_code == 412
        assert problem.json()["current"]["state"] == "review"
        tag = problem.headers["ETag"]
        assert park.post(address(case, "approve"), If_Match=tag).status_code == 200

    def test_keep_day_note_and_money(self, park, case_in):
        case = case_in("deposit")
        told = {"amount": 12345.67, "note": "转账", "on": "2024-02-22"}
        body = park.post(address(case, "take_deposit"), told).json()

        assert (body["deposit"], body["deposit_received_on"]) == (12345.67, "2024-02-22")
        milestone = next(row for row in body["milestones"] if row["stage"] == "deposit")
        assert milestone == {
            "stage": "deposit",
            "planned_on": None,
            "done_on": "2024-02-22",
            "done_by": "张敏",
            "note": "转账",
        }
        assert body["changes"][-1]["step"] == "take_deposit"

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({}, "amount"),
            ({"amount": "5"}, "amount"),
            ({"amount": 1.005}, "amount"),
            ({"amount": -1}, "amount"),
            ({"amount": 10**12}, "amount"),
            ({"amount": 5, "on": "2024-02-23"}, "on"),
            ({"amount": 5, "on": "22.2.2024"}, "on"),
            ({"amount": 5, "by": "x"}, "by"),
        ],
    )
    def test_refuse_by_name_what_makes_no_sense(self, park, case_in, told, field):
        problem = park.post(address(case_in("deposit"), "take_deposit"), told)

        assert (problem.status_code, list(errors_of(problem))) == (400, [field])

    def test_days_are_planned_anew(self, park, case_in):
        body = park.post(address(case_in(), "days"), {"plan": "2024-03-01"}).json()
        assert body["due_on"] == "2024-03-01"


class TestFiles:
    def send(self, program, case, name="平面图.pdf", data=PDF):
        upload = SimpleUploadedFile(name, data)
        return program.client.post(f"/api/v1/fit-outs/{case.pk}/files/", {"file": upload})

    def test_come_in_and_go_out(self, firm, park, case_in):
        case = case_in("planning")
        body = self.send(firm, case).json()
        file = body["files"][-1]

        assert (file["name"], file["media_type"], file["size"]) == (
            *("平面图.pdf", "application/pdf", len(PDF)),
        )
        answer = park.client.get(file["url"], HTTP_ACCEPT="text/html")
        assert answer.content == PDF
        assert answer.headers["ETag"] == f'"{file["sha256"]}"'
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    def test_of_wrong_content_are_refused(self, firm, case_in):
        case = case_in("planning")
        problem = self.send(firm, case, data=b"MZ")

        assert (problem.status_code, problem.json()["code"]) == (400, "wrong_file")
        assert self.send(firm, case, name="plan.exe").json()["code"] == "wrong_file"
        assert case.files.count() == 1

    def test_are_sent_as_a_form(self, firm, case_in):
        problem = firm.post(address(case_in("planning"), "files"), {"file": "x"})
        assert problem.status_code == 415

    def test_are_needed(self, firm, case_in):
        case = case_in("planning")
        problem = firm.client.post(f"/api/v1/fit-outs/{case.pk}/files/", {})
        assert (problem.status_code, errors_of(problem)) == (400, {"file": "required"})


class TestSeeing:
    def test_strangers_find_nothing(self, stranger, case_in):
        case = case_in("review")

        assert stranger.get("fit-outs/").json()["results"] == []
        for where in (address(case), address(case) + f"files/{case.files.get().pk}/"):
            assert stranger.get(where).status_code == 404
        for step in ("submit", "withdraw", "ask_inspection"):
            assert stranger.post(address(case, step), {"note": 5}).status_code == 404

    def test_auditors_read_and_write_nothing(self, as_role, case_in):
        case, auditor = case_in("review"), as_role(Role.AUDITOR)

        assert auditor.get(address(case)).status_code == 200
        assert auditor.post(address(case, "approve")).status_code == 403

    def test_a_member_reads_and_takes_no_step(self, enterprise, case_in):
        colleague = Program(make_member(enterprise, is_manager=False))
        case = case_in("planning")

        assert colleague.get(address(case)).status_code == 200
        assert colleague.post(address(case, "submit")).status_code == 403

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 1),
            ("state=review", 1),
            ("state=accepted", 0),
            ("zone=C", 1),
            ("zone=A", 0),
            ("overdue=true", 1),
            ("overdue=false", 0),
            ("enterprise=0", 0),
            ("allocation=0", 0),
        ],
    )
    def test_lists_can_be_narrowed(self, park, case_in, query, count):
        case_in("review", planned={FitOutStage.REVIEW: TODAY - DAY})
        assert len(park.get(f"fit-outs/?{query}").json()["results"]) == count

    def test_lists_take_a_constant_number_of_queries(
        self, park, floor, operator, django_assert_num_queries
    ):
        def one_more(place):
            allocation = make_allocation(floor, (place, place), start=TODAY)
            make_fit_out(allocation, by=operator)

        one_more(1)
        park.get("fit-outs/")
        for place in range(2, 7):
            one_more(place)
        with django_assert_num_queries(3):
            assert len(park.get("fit-outs/").json()["results"]) == 6

    def test_pages_lead_on(self, park, floor, operator):
        for place in range(1, 4):
            make_fit_out(make_allocation(floor, (place, place), start=TODAY), by=operator)

        first = park.get("fit-outs/?page_size=2").json()
        rest = park.get(first["next"]).json()

        ids = [row["id"] for row in [*first["results"], *rest["results"]]]
        assert ids == sorted(FitOut.objects.values_list("pk", flat=True), reverse=True)

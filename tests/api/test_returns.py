"""Monthly returns through the API: drafted, submitted, sent back, accepted, corrected."""

from datetime import date

import pytest

from park.models import ReportingMonth
from tenants.models import Tenancy
from tests.api.conftest import errors_of
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db

FIGURES = {"month": "2024-01", "revenue": 1234567.89, "headcount": 500}


@pytest.fixture
def enterprise(enterprise):
    Tenancy.objects.create(enterprise=enterprise, period=(date(2021, 3, 1), None))
    return enterprise


@pytest.fixture
def draft(firm):
    return firm.post("returns/", FIGURES).json()


@pytest.fixture
def submitted(firm, draft):
    return firm.post(f"returns/{draft['id']}/submit/", {"signer": "王芳"}).json()


class TestCreate:
    def test_begins_a_return(self, firm, enterprise):
        response = firm.post("returns/", FIGURES)
        begun = response.json()

        assert response.status_code == 201
        assert response.headers["Location"].endswith(f"/api/v1/returns/{begun['id']}/")
        assert {name: begun[name] for name in FIGURES} == FIGURES
        assert (begun["state"], begun["revision"], begun["revisions"]) == ("draft", 0, [])
        assert begun["enterprise"] == enterprise.pk
        assert firm.get(f"returns/{begun['id']}/").json() == begun

    @pytest.mark.parametrize(
        "revenue", [0, 0.01, 0.1, 1, 98765432.1, 70_000_000_000_000.01, 12345678901234.56]
    )
    def test_keeps_money_to_the_cent(self, firm, enterprise, revenue):
        body = {**FIGURES, "revenue": revenue}

        assert firm.post("returns/", body).json()["revenue"] == revenue

    def test_refuses_a_second_one(self, firm, draft):
        problem = firm.post("returns/", FIGURES)

        assert (problem.status_code, problem.json()["code"]) == (409, "return_exists")
        assert problem.json()["return"] == draft["id"]

    def test_refuses_a_closed_month(self, firm, enterprise, now):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        assert firm.post("returns/", FIGURES).json()["code"] == "month_closed"

    def test_refuses_months_in_which_one_was_no_tenant(self, firm, enterprise):
        problem = firm.post("returns/", {**FIGURES, "month": "2021-02"})

        assert (problem.status_code, problem.json()["code"]) == (400, "not_a_tenant")

    def test_tells_nobody_that_another_enterprise_exists(self, firm, enterprise):
        problem = firm.post("returns/", {**FIGURES, "enterprise": EnterpriseFactory().pk})

        assert errors_of(problem) == {"enterprise": "does_not_exist"}

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"month": "2024-03"}, "month"),
            ({"month": "2024-00"}, "month"),
            ({"month": "2024-01-01"}, "month"),
            ({"month": "9999-12"}, "month"),
            ({"month": "٢٠٢٤-٠١"}, "month"),
            ({"month": 202401}, "month"),
            ({"month": None}, "month"),
            ({"revenue": -1}, "revenue"),
            ({"revenue": 1.001}, "revenue"),
            ({"revenue": 1e15}, "revenue"),
            ({"revenue": 10**400}, "revenue"),
            ({"revenue": "12.50"}, "revenue"),
            ({"revenue": ""}, "revenue"),
            ({"revenue": True}, "revenue"),
            ({"revenue": []}, "revenue"),
            ({"headcount": -1}, "headcount"),
            ({"headcount": 10_000_001}, "headcount"),
            ({"headcount": 2**31}, "headcount"),
            ({"headcount": 2**63}, "headcount"),
            ({"headcount": 1.5}, "headcount"),
            ({"headcount": "500"}, "headcount"),
            ({"headcout": 500}, "headcout"),
            ({"state": "accepted"}, "state"),
        ],
    )
    def test_refuses_by_name_what_makes_no_sense(self, firm, enterprise, change, field):
        problem = firm.post("returns/", {**FIGURES, **change})

        assert problem.status_code == 400
        assert list(errors_of(problem)) == [field]


class TestLife:
    def test_figures_can_be_changed_until_it_is_submitted(self, firm, draft):
        address = f"returns/{draft['id']}/"

        changed = firm.patch(address, {"joined": 20, "revenue": None}, If_Match='"1"')

        assert changed.json() == {**draft, "joined": 20, "revenue": None}
        assert changed.headers["ETag"] == '"2"'
        assert firm.patch(address, {"joined": 21}, If_Match='"1"').status_code == 412
        assert errors_of(firm.patch(address, {"month": "2024-02"})) == {"month": "unknown"}

    def test_what_is_submitted_is_a_revision(self, firm, submitted):
        assert (submitted["state"], submitted["revision"]) == ("submitted", 1)
        assert submitted["revisions"] == [
            {
                "number": 1,
                "signer": "王芳",
                "reason": "",
                "submitted_by": "王芳",
                "submitted_at": "2024-02-22T10:00:00+08:00",
                **{
                    name: submitted[name] for name in submitted["revisions"][0] if name in submitted
                },
            }
        ]
        assert submitted["revisions"][0]["revenue"] == 1234567.89

    def test_whoever_submits_signs_unless_another_does(self, firm, draft):
        submitted = firm.post(f"returns/{draft['id']}/submit/").json()

        assert submitted["revisions"][0]["signer"] == "王芳"

    def test_what_is_missing_or_does_not_add_up_is_not_submitted(self, firm, draft):
        address = f"returns/{draft['id']}/"
        firm.patch(address, {"revenue": None, "local": 400, "elsewhere": 50})

        problem = firm.post(f"{address}submit/")

        assert errors_of(problem) == {"revenue": "invalid", "local": "invalid"}

    def test_is_accepted(self, park, submitted):
        accepted = park.post(f"returns/{submitted['id']}/accept/", If_Match='"2"')

        assert accepted.json()["state"] == "accepted"

    def test_is_sent_back_with_a_question_and_corrected(self, firm, park, submitted):
        address = f"returns/{submitted['id']}/"
        assert errors_of(park.post(f"{address}send-back/", {"note": ""})) == {"note": "invalid"}

        sent_back = park.post(f"{address}send-back/", {"note": "人数是否含实习生？"}).json()
        assert (sent_back["state"], sent_back["question"]) == ("sent_back", "人数是否含实习生？")

        firm.patch(address, {"headcount": 480})
        assert errors_of(firm.post(f"{address}submit/")) == {"reason": "invalid"}
        again = firm.post(f"{address}submit/", {"reason": "扣除实习生"}).json()
        assert [revision["headcount"] for revision in again["revisions"]] == [500, 480]

    def test_says_that_there_was_nothing_and_is_signed_like_any_other(self, firm, draft):
        address = f"returns/{draft['id']}/"

        nil = firm.post(f"{address}nil/").json()

        assert (nil["is_nil"], nil["revenue"], nil["joined"], nil["classes"]) == (True, 0, 0, [])
        filed = firm.post(f"{address}submit/").json()
        assert (filed["state"], filed["revisions"][0]["is_nil"]) == ("submitted", True)
        assert firm.post(f"{address}nil/").json()["code"] == "wrong_state"

    def test_can_be_corrected_after_it_was_accepted(self, firm, park, submitted):
        address = f"returns/{submitted['id']}/"
        park.post(f"{address}accept/")

        assert firm.post(f"{address}correct/").json()["state"] == "draft"

    def test_steps_in_the_wrong_order_are_refused(self, park, firm, draft):
        address = f"returns/{draft['id']}/"

        assert park.post(f"{address}accept/").json()["code"] == "wrong_state"
        assert firm.post(f"{address}correct/").json()["code"] == "wrong_state"

    @pytest.mark.parametrize("step", ["accept", "send-back"])
    def test_enterprises_do_not_judge_themselves(self, firm, submitted, step):
        assert firm.post(f"returns/{submitted['id']}/{step}/", []).status_code == 403


class TestSee:
    def test_strangers_find_nothing(self, stranger, submitted):
        address = f"returns/{submitted['id']}/"

        assert stranger.get(address).status_code == 404
        assert stranger.get("returns/").json()["results"] == []
        assert stranger.patch(address, {"headcount": "x"}).status_code == 404
        assert stranger.post(f"{address}submit/").status_code == 404

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 1),
            ("month=2024-01", 1),
            ("month=2024-02", 0),
            ("state=draft", 1),
            ("state=accepted", 0),
            ("enterprise=0", 0),
        ],
    )
    def test_lists_can_be_narrowed(self, park, draft, query, count):
        assert len(park.get(f"returns/?{query}").json()["results"]) == count

    def test_lists_take_a_constant_number_of_queries(self, park, firm, django_assert_num_queries):
        for month in ("2023-10", "2023-11", "2023-12"):
            firm.post("returns/", {**FIGURES, "month": month})
        park.get("returns/")

        with django_assert_num_queries(2):
            assert len(park.get("returns/").json()["results"]) == 3

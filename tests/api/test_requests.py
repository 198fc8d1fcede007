"""Seat requests through the API: from a draft to seats, and every way in which it may end."""

from datetime import date

import pytest

from accounts.permissions import Role
from park.models import ReportingMonth
from seats.models import SeatRequest
from tests.api.conftest import Program, errors_of
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = pytest.mark.django_db

WISH = {"kind": "new", "seats": 30, "start": "2024-03-01", "zones": ["C"], "note": "呼叫中心二期"}


@pytest.fixture
def draft(firm, floor):
    return firm.post("seat-requests/", WISH).json()


@pytest.fixture
def submitted(firm, draft):
    return firm.post(f"seat-requests/{draft['id']}/submit/").json()


class TestCreate:
    def test_gives_a_draft_of_ones_own_enterprise(self, firm, floor, enterprise):
        response = firm.post("seat-requests/", WISH)
        body = response.json()

        assert response.status_code == 201
        assert response.headers["ETag"] == '"1"'
        assert response.headers["Location"].endswith(f"/api/v1/seat-requests/{body['id']}/")
        assert body["enterprise"] == enterprise.pk
        assert body["enterprise_name"] == "诚伯信息"
        assert body["owner"] == {
            "party": "enterprise",
            "user": None,
            "since": "2024-02-22T10:00:00+08:00",
        }
        assert {name: body[name] for name in WISH} == WISH
        assert (body["state"], body["next_step"], body["end"], body["contiguous"]) == (
            "draft",
            "submit",
            None,
            False,
        )
        assert firm.get(f"seat-requests/{body['id']}/").json() == body

    def test_may_name_ones_own_enterprise(self, firm, floor, enterprise):
        response = firm.post("seat-requests/", {**WISH, "enterprise": enterprise.pk})

        assert response.status_code == 201

    def test_tells_nobody_that_another_enterprise_exists(self, firm, floor):
        other = firm.post("seat-requests/", {**WISH, "enterprise": EnterpriseFactory().pk})
        nobody = firm.post("seat-requests/", {**WISH, "enterprise": 10**9})

        assert other.status_code == 400
        assert errors_of(other) == {"enterprise": "does_not_exist"}
        assert other.json() == nobody.json()

    def test_the_park_asks_for_whom_it_names(self, park, floor, enterprise):
        assert errors_of(park.post("seat-requests/", WISH)) == {"enterprise": "required"}

        draft = park.post("seat-requests/", {**WISH, "enterprise": enterprise.pk}).json()
        submitted = park.post(f"seat-requests/{draft['id']}/submit/").json()

        assert (submitted["enterprise"], submitted["state"]) == (enterprise.pk, "submitted")

    def test_refuses_a_closed_month(self, firm, floor, now):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        problem = firm.post("seat-requests/", {**WISH, "start": "2024-01-31"})

        assert (problem.status_code, problem.json()["code"]) == (409, "month_closed")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"seats": 0}, "seats"),
            ({"seats": -1}, "seats"),
            ({"seats": 10_000_000}, "seats"),
            ({"seats": 2**31}, "seats"),
            ({"seats": 2**63}, "seats"),
            ({"seats": 10**400}, "seats"),
            ({"seats": "30"}, "seats"),
            ({"seats": 30.0}, "seats"),
            ({"seats": 30.5}, "seats"),
            ({"seats": True}, "seats"),
            ({"seats": None}, "seats"),
            ({"seats": [30]}, "seats"),
            ({"seats": {"count": 30}}, "seats"),
            ({"start": "2024-02-30"}, "start"),
            ({"start": "20240301"}, "start"),
            ({"start": "2024-03-01T00:00:00"}, "start"),
            ({"start": 20240301}, "start"),
            ({"start": "1989-12-31"}, "start"),
            ({"start": "9999-01-01"}, "start"),
            ({"start": None}, "start"),
            ({"end": "2024-02-29"}, "end"),
            ({"end": ""}, "end"),
            ({"zones": "C"}, "zones"),
            ({"zones": ["Q"]}, "zones"),
            ({"zones": [3]}, "zones[0]"),
            ({"zones": None}, "zones"),
            ({"zones": ["C"] * 101}, "zones"),
            ({"contiguous": "yes"}, "contiguous"),
            ({"contiguous": 1}, "contiguous"),
            ({"note": 5}, "note"),
            ({"note": "a\x00b"}, "note"),
            ({"note": "长" * 2001}, "note"),
            ({"kind": "more"}, "kind"),
            ({"kind": ["new"]}, "kind"),
            ({"enterprise": "1"}, "enterprise"),
            ({"enterprise": 2**63}, "enterprise"),
            ({"enterprise": True}, "enterprise"),
            ({"zone": ["C"]}, "zone"),
            ({"state": "fulfilled"}, "state"),
        ],
    )
    def test_refuses_by_name_what_makes_no_sense(self, firm, floor, change, field):
        problem = firm.post("seat-requests/", {**WISH, **change})

        assert problem.status_code == 400
        assert problem.json()["code"] == "invalid"
        assert list(errors_of(problem)) == [field]
        assert SeatRequest.objects.count() == 0

    @pytest.mark.parametrize("body", [[], "x", 5, [WISH]])
    def test_refuses_a_body_that_is_no_object(self, firm, floor, body):
        assert firm.post("seat-requests/", body).status_code == 400

    def test_asks_first_whether_one_may(self, enterprise, as_role):
        colleague = Program(make_member(enterprise, is_manager=False))

        assert colleague.post("seat-requests/", {"seats": "x"}).status_code == 403
        assert as_role(Role.AUDITOR).post("seat-requests/", []).status_code == 403


class TestSee:
    def test_who_has_it_is_told_at_each_step(self, firm, park, submitted):
        address = f"seat-requests/{submitted['id']}/"
        assert submitted["owner"]["party"] == "park"
        assert submitted["next_step"] == "review"

        park.post(f"{address}take-up/")

        seen = firm.get(address).json()
        assert (seen["state"], seen["next_step"]) == ("in_review", "decide")
        assert seen["owner"]["user"] == "张敏"
        assert [change["state"] for change in seen["changes"]] == [
            "draft",
            "submitted",
            "in_review",
        ]

    def test_strangers_find_nothing(self, stranger, submitted):
        address = f"seat-requests/{submitted['id']}/"

        assert stranger.get(address).status_code == 404
        assert stranger.get("seat-requests/").json()["results"] == []
        assert stranger.patch(address, {"seats": "x"}).status_code == 404
        assert stranger.post(f"{address}withdraw/", If_Match="nonsense").status_code == 404

    def test_the_park_does_not_see_drafts_of_others(self, park, draft):
        assert park.get(f"seat-requests/{draft['id']}/").status_code == 404
        assert park.get("seat-requests/").json()["results"] == []

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("state=submitted", 1),
            ("state=draft", 0),
            ("kind=new", 1),
            ("kind=release", 0),
            ("enterprise=0", 0),
            ("", 1),
        ],
    )
    def test_lists_can_be_narrowed(self, park, submitted, query, count):
        assert len(park.get(f"seat-requests/?{query}").json()["results"]) == count

    def test_lists_take_a_constant_number_of_queries(
        self, park, floor, operator, django_assert_num_queries
    ):
        make_request(acting_user=operator)
        park.get("seat-requests/")
        for _number in range(5):
            make_request(acting_user=operator)

        with django_assert_num_queries(2):
            assert len(park.get("seat-requests/").json()["results"]) == 6

    def test_pages_lead_forth_and_back(self, park, floor, operator):
        ids = [make_request(acting_user=operator).pk for _number in range(5)]

        first = park.get("seat-requests/?page_size=2").json()
        second = park.get(first["next"]).json()
        third = park.get(second["next"]).json()
        back = park.get(third["previous"]).json()

        assert [row["id"] for page in (first, second, third) for row in page["results"]] == ids[
            ::-1
        ]
        assert (first["previous"], third["next"]) == (None, None)
        assert back["results"] == second["results"]

    @pytest.mark.parametrize(
        "cursor", ["x", "cD1hYmM=", "cD0lMDA=", "cj14", "cD05OTk5OTk5OTk5OTk5OTk5OTk5"]
    )
    def test_a_cursor_that_was_made_up_is_no_fault_of_ours(self, park, submitted, cursor):
        assert park.get(f"seat-requests/?cursor={cursor}").status_code in {200, 400}


class TestEdit:
    def test_changes_only_what_is_told(self, firm, draft):
        response = firm.patch(f"seat-requests/{draft['id']}/", {"seats": 40}, If_Match='"1"')

        assert response.json() == {**draft, "seats": 40}
        assert response.headers["ETag"] == '"2"'

    def test_gives_the_newer_values_to_who_comes_late(self, firm, draft):
        address = f"seat-requests/{draft['id']}/"
        firm.patch(address, {"seats": 40}, If_Match='"1"')

        problem = firm.patch(address, {"seats": 50}, If_Match='"1"')

        assert (problem.status_code, problem.json()["code"]) == (412, "stale")
        assert problem.json()["current"]["seats"] == 40
        assert problem.headers["ETag"] == '"2"'

    def test_refuses_an_if_match_that_is_no_etag(self, firm, draft):
        for given in ("abc", '"1", "2"', '"' + "9" * 5000 + '"', '"-1"'):
            problem = firm.patch(f"seat-requests/{draft['id']}/", {"seats": 40}, If_Match=given)
            assert problem.status_code == 400

    def test_is_over_once_it_is_submitted(self, firm, submitted):
        problem = firm.patch(f"seat-requests/{submitted['id']}/", {"seats": 40})

        assert (problem.status_code, problem.json()["code"]) == (409, "wrong_state")

    def test_checks_the_whole_wish(self, firm, draft):
        problem = firm.patch(f"seat-requests/{draft['id']}/", {"end": "2024-02-01"})

        assert errors_of(problem) == {"end": "invalid"}


class TestDecide:
    def test_approval_gives_the_seats_at_once(self, park, firm, floor, block, submitted):
        address = f"seat-requests/{submitted['id']}/"

        response = park.post(f"{address}approve/", {"blocks": [block(floor, 1, 30)]})

        body = response.json()
        assert (response.status_code, body["state"], body["next_step"]) == (
            200,
            "fulfilled",
            None,
        )
        assert body["owner"]["party"] is None
        allocation = body["allocation"]
        assert (allocation["kind"], allocation["request"]) == ("firm", submitted["id"])
        assert firm.get(f"allocations/{allocation['id']}/").json() == allocation
        assert allocation["blocks"][0]["first_label"] == "C-1-1F-001"

    def test_approval_from_review(self, park, floor, block, submitted):
        address = f"seat-requests/{submitted['id']}/"
        park.post(f"{address}take-up/")

        response = park.post(f"{address}approve/", {"blocks": [block(floor, 1, 30)]})

        assert response.status_code == 200

    def test_approval_names_the_rival(self, park, floor, block, submitted):
        make_allocation(floor, (25, 40), to=EnterpriseFactory(short_name="博二"))

        problem = park.post(
            f"seat-requests/{submitted['id']}/approve/", {"blocks": [block(floor, 1, 30)]}
        )

        assert (problem.status_code, problem.json()["code"]) == (409, "seats_taken")
        assert problem.json()["conflicts"] == [
            {
                "first_seat": block(floor, 25, 30)["first_seat"],
                "last_seat": block(floor, 25, 30)["last_seat"],
                "start": "2024-03-01",
                "end": None,
                "held_by": "博二",
            }
        ]
        assert park.get(f"seat-requests/{submitted['id']}/").json()["state"] == "submitted"

    @pytest.mark.parametrize(
        "body",
        [
            None,
            {},
            {"blocks": []},
            {"blocks": None},
            {"blocks": [5]},
            {"blocks": {"first_seat": 1}},
            {"block": []},
        ],
    )
    def test_approval_needs_blocks(self, park, submitted, body):
        problem = park.post(f"seat-requests/{submitted['id']}/approve/", body)

        assert problem.status_code == 400

    def test_a_move_gives_up_the_old_seats(self, park, firm, floor, block, enterprise):
        old = make_allocation(floor, (1, 20), start=date(2024, 1, 1), to=enterprise)
        wish = firm.post("seat-requests/", {**WISH, "kind": "relocate", "seats": 20}).json()
        firm.post(f"seat-requests/{wish['id']}/submit/")
        released = block(floor, 1, 20)

        response = park.post(
            f"seat-requests/{wish['id']}/approve/",
            {"blocks": [block(floor, 51, 70)], "release": [released]},
        )

        assert response.status_code == 200
        assert park.get(f"allocations/{old.pk}/").json()["blocks"][0]["end"] == "2024-02-29"

    def test_giving_back_needs_no_blocks(self, park, firm, floor, block, enterprise):
        make_allocation(floor, (1, 20), start=date(2024, 1, 1), to=enterprise)
        wish = firm.post("seat-requests/", {**WISH, "kind": "release", "seats": 20}).json()
        address = f"seat-requests/{wish['id']}/"
        firm.post(f"{address}submit/")

        problem = park.post(f"{address}approve/", {})
        assert errors_of(problem) == {"release": "invalid"}

        response = park.post(f"{address}approve/", {"release": [block(floor, 1, 20)]})
        assert (response.status_code, response.json()["allocation"]) == (200, None)
        assert response.json()["changes"][-1]["note"] == ""

    def test_an_approval_notes_that_it_is_not_what_was_asked_for(
        self, park, submitted, block, floor
    ):
        assert submitted["seats"] != 2

        body = {"blocks": [block(floor, 1, 2)]}
        response = park.post(f"seat-requests/{submitted['id']}/approve/", body)

        note = response.json()["changes"][-1]["note"]
        assert f"2 of {submitted['seats']} seats given" in note or "÷" in note

    def test_nothing_is_given_back_that_one_does_not_have(self, firm, floor):
        problem = firm.post("seat-requests/", {**WISH, "kind": "release", "seats": 20})

        assert (problem.status_code, errors_of(problem)) == (400, {"seats": "invalid"})

    @pytest.mark.parametrize("seat", [-1, 2**31, 2**63, "1", None, 1.5])
    def test_what_is_given_up_must_be_seats(self, park, submitted, seat):
        run = {"first_seat": seat, "last_seat": seat, "start": "2024-03-01"}

        problem = park.post(f"seat-requests/{submitted['id']}/approve/", {"release": [run]})

        assert problem.status_code == 400
        assert "release[0].first_seat" in errors_of(problem)

    @pytest.mark.parametrize(
        ("step", "state"), [("send-back", "sent_back"), ("reject", "rejected")]
    )
    @pytest.mark.parametrize("word", ["note", "reason"])
    def test_turning_down_needs_words(self, park, firm, submitted, step, state, word):
        address = f"seat-requests/{submitted['id']}/"
        assert errors_of(park.post(f"{address}{step}/", {word: " "})) == {"note": "invalid"}
        assert errors_of(park.post(f"{address}{step}/")) == {"note": "invalid"}

        response = park.post(f"{address}{step}/", {word: "请补充人数", "language": "zh"})

        assert (response.status_code, response.json()["state"]) == (200, state)
        assert firm.get(address).json()["changes"][-1]["note"] == "请补充人数"

    def test_what_was_sent_back_is_revised_and_submitted_again(self, park, firm, submitted):
        address = f"seat-requests/{submitted['id']}/"
        sent_back = park.post(f"{address}send-back/", {"note": "太多"}).json()
        assert (sent_back["next_step"], sent_back["owner"]["party"]) == ("revise", "enterprise")

        firm.patch(address, {"seats": 10})

        assert firm.post(f"{address}submit/").json()["state"] == "submitted"

    def test_withdrawing(self, firm, submitted):
        address = f"seat-requests/{submitted['id']}/"

        assert firm.post(f"{address}withdraw/").json()["state"] == "withdrawn"
        assert firm.post(f"{address}withdraw/").json()["code"] == "wrong_state"

    def test_an_action_is_taken_on_what_one_has_seen(self, park, submitted):
        address = f"seat-requests/{submitted['id']}/"

        assert park.post(f"{address}take-up/", If_Match='"1"').status_code == 412
        assert park.post(f"{address}take-up/", If_Match='"2"').status_code == 200

    @pytest.mark.parametrize("step", ["take-up", "send-back", "reject", "approve"])
    def test_enterprises_do_not_decide(self, firm, submitted, step):
        assert firm.post(f"seat-requests/{submitted['id']}/{step}/", {}).status_code == 403

    @pytest.mark.parametrize("step", ["explode", "Submit", "expire", "1"])
    def test_an_action_that_is_none_is_404(self, park, submitted, step):
        problem = park.post(f"seat-requests/{submitted['id']}/{step}/", {})

        assert problem.status_code == 404
        assert problem.headers["Content-Type"] == "application/problem+json"

    def test_actions_cannot_be_read(self, park, submitted):
        assert park.get(f"seat-requests/{submitted['id']}/approve/").status_code == 405

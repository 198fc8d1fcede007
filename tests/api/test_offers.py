"""Offers through the API: held, accepted, declined, taken back; phases, needs and the clock."""

from datetime import date, timedelta

import pytest

from accounts.permissions import Role
from foundation import clock
from seats.models import RequestState, SeatRequest
from seats.services.floors import deliver_floor
from tests.api.conftest import errors_of
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.requests import Way
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory
from tests.seats.test_steps import TABLE

pytestmark = pytest.mark.django_db

WISH = {"kind": "new", "seats": 30, "start": "2024-03-01", "zones": ["C"]}


@pytest.fixture
def submitted(firm, floor):
    draft = firm.post("seat-requests/", WISH).json()
    return firm.post(f"seat-requests/{draft['id']}/submit/").json()


@pytest.fixture
def address(submitted):
    return f"seat-requests/{submitted['id']}/"


@pytest.fixture
def offered(park, address, floor, block):
    return park.post(f"{address}offer/", {"blocks": [block(floor, 1, 30)]}).json()


class TestOffer:
    def test_holds_the_seats_and_says_whose_turn_it_is(self, park, address, floor, block):
        response = park.post(f"{address}offer/", {"blocks": [block(floor, 1, 30)]})
        body = response.json()

        assert (response.status_code, body["state"], body["next_step"]) == (
            200,
            "offered",
            "answer",
        )
        assert body["owner"] == {
            "party": "enterprise",
            "user": None,
            "since": "2024-02-22T10:00:00+08:00",
        }
        allocation = body["allocation"]
        assert (allocation["kind"], allocation["request"]) == ("hold", body["id"])
        assert allocation["expires_at"] == body["promised_at"] == "2024-03-09T00:00:00+08:00"

    def test_takes_an_end(self, park, address, floor, block):
        body = {"blocks": [block(floor, 1, 30)], "expires_at": "2024-02-26T12:00:00+08:00"}

        offered = park.post(f"{address}offer/", body).json()

        assert offered["allocation"]["expires_at"] == "2024-02-26T12:00:00+08:00"
        # Thursday 10:00 to Monday noon: 7 + 8 + 3
        assert offered["working_hours_left"] == 18

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "blocks"),
            ({"blocks": []}, "blocks"),
            ({"expires_at": "2024-02-22T09:59:59+08:00"}, "expires_at"),
            ({"expires_at": "tomorrow"}, "expires_at"),
            ({"expires_at": 5}, "expires_at"),
            ({"note": 5}, "note"),
            ({"until": "2024-03-01"}, "until"),
            ({"release": [{"first_seat": 1, "last_seat": 1}]}, "release[0].start"),
        ],
    )
    def test_refuses_by_name_what_makes_no_sense(self, park, address, floor, block, body, field):
        whole = {"blocks": [block(floor, 1, 30)], **body} if "blocks" not in body else body

        problem = park.post(f"{address}offer/", {} if not body else whole)

        assert problem.status_code == 400
        assert list(errors_of(problem)) == [field]
        assert park.get(address).json()["state"] == "submitted"

    def test_names_the_rival(self, park, address, floor, block):
        make_allocation(floor, (25, 40), to=EnterpriseFactory(short_name="博二"))

        problem = park.post(f"{address}offer/", {"blocks": [block(floor, 1, 30)]})

        assert (problem.status_code, problem.json()["code"]) == (409, "seats_taken")
        assert problem.json()["conflicts"][0]["held_by"] == "博二"

    def test_the_same_key_offers_once(self, park, address, floor, block):
        body = {"blocks": [block(floor, 1, 30)]}

        one = park.post(f"{address}offer/", body, Idempotency_Key="a")
        again = park.post(f"{address}offer/", body, Idempotency_Key="a")

        assert one.json() == again.json()
        assert len(park.get("allocations/").json()["results"]) == 1

    def test_of_two_who_answer_at_once_the_second_gets_the_newer_state(
        self, park, submitted, address, floor, block
    ):
        version = f'"{SeatRequest.objects.get(pk=submitted["id"]).version}"'
        park.post(f"{address}offer/", {"blocks": [block(floor, 1, 30)]}, If_Match=version)

        other = {"blocks": [block(floor, 31, 60)]}
        stale = park.post(f"{address}approve/", other, If_Match=version)
        late = park.post(f"{address}approve/", other)

        assert (stale.status_code, stale.json()["current"]["state"]) == (412, "offered")
        assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
        assert late.json()["state"] == "offered"


class TestAnswer:
    def test_accepting_contracts_the_seats(self, firm, park, address, offered):
        response = firm.post(f"{address}accept/")
        body = response.json()

        assert (response.status_code, body["state"], body["next_step"]) == (
            200,
            "accepted",
            "hand_over",
        )
        assert body["allocation"]["kind"] == "firm"
        assert park.post(f"{address}fulfil/").json()["state"] == "fulfilled"

    def test_accepting_too_late_is_refused(self, firm, address, offered, monkeypatch):
        later = NOW + timedelta(days=30)
        monkeypatch.setattr(clock, "now", lambda: later)

        for headers in ({}, {"If_Match": '"3"'}):
            problem = firm.post(f"{address}accept/", **headers)
            assert (problem.status_code, problem.json()["code"]) == (409, "hold_expired")
        seen = firm.get(address).json()
        assert (seen["state"], seen["next_step"]) == ("expired", "decide")
        assert seen["changes"][-1]["by"] is None

    def test_declining_frees_the_seats_and_says_why(self, firm, park, address, offered):
        assert errors_of(firm.post(f"{address}decline/")) == {"note": "invalid"}

        body = firm.post(f"{address}decline/", {"note": "希望在同一栋"}).json()

        assert (body["state"], body["owner"]["party"]) == ("declined", "park")
        assert body["changes"][-1]["note"] == "希望在同一栋"
        assert body["allocation"]["blocks"] == []
        assert park.get(address).json()["owner"]["user"] == "张敏"

    def test_taking_back_says_why(self, park, address, offered):
        assert errors_of(park.post(f"{address}recall/")) == {"note": "invalid"}

        assert park.post(f"{address}recall/", {"note": "另有安排"}).json()["state"] == "in_review"

    def test_an_operator_who_wrote_it_answers_for_the_enterprise(
        self, park, floor, block, enterprise
    ):
        draft = park.post("seat-requests/", {**WISH, "enterprise": enterprise.pk}).json()
        address = f"seat-requests/{draft['id']}/"
        park.post(f"{address}submit/")
        park.post(f"{address}offer/", {"blocks": [block(floor, 1, 30)]})

        assert park.post(f"{address}accept/").json()["state"] == "accepted"

    @pytest.mark.parametrize("step", ["accept", "decline"])
    def test_is_for_the_enterprise(self, park, stranger, address, offered, step):
        assert park.post(f"{address}{step}/", {"note": "x"}).status_code == 403
        assert stranger.post(f"{address}{step}/", {"note": "x"}).status_code == 404

    @pytest.mark.parametrize("step", ["offer", "recall", "fulfil", "hand-over"])
    def test_enterprises_do_not_act_for_the_park(self, firm, address, offered, step):
        assert firm.post(f"{address}{step}/", {}).status_code == 403

    def test_the_hold_goes_the_way_of_its_request(self, park, offered):
        hold = offered["allocation"]["id"]

        for step, body in (("confirm", {}), ("release", {"start": "2024-03-01"})):
            problem = park.post(f"allocations/{hold}/{step}/", body)
            assert (problem.status_code, problem.json()["code"]) == (409, "wrong_state")
            assert problem.json()["request"] == offered["id"]


def test_confirming_an_accepted_hold_fulfils_its_request(park, firm, submitted, address, block):
    planned = make_floor(zone="D", seats=100, delivered_on=None, planned_on=date(2024, 2, 22))
    park.post(f"{address}offer/", {"blocks": [block(planned, 1, 30)]})
    accepted = firm.post(f"{address}accept/").json()
    assert (accepted["allocation"]["kind"], accepted["promised_at"]) == ("hold", None)
    hold = accepted["allocation"]["id"]
    assert park.post(f"allocations/{hold}/confirm/").json()["code"] == "not_delivered"
    deliver(planned)

    assert park.post(f"allocations/{hold}/confirm/").json()["kind"] == "firm"

    assert park.get(address).json()["state"] == "fulfilled"


def deliver(floor):
    deliver_floor(
        floor_id=floor.pk,
        day=NOW.date(),
        now=NOW,
        acting_user=UserFactory(roles=[Role.OPERATOR_MANAGER]),
    )


class TestHandOver:
    def test_gives_it_to_a_colleague(self, park, address):
        UserFactory(name="李涛", email="litao@example.test", roles=[Role.OPERATOR_STAFF])
        park.post(f"{address}take-up/")

        body = park.post(
            f"{address}hand-over/", {"to": "LiTao@example.test", "note": "请接着办"}
        ).json()

        assert (body["state"], body["owner"]["user"]) == ("in_review", "李涛")

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, {"to", "note"}),
            ({"to": "nobody@example.test", "note": "x"}, {"to"}),
            ({"to": 5, "note": "x"}, {"to"}),
        ],
    )
    def test_needs_a_colleague_and_words(self, park, address, body, fields):
        park.post(f"{address}take-up/")

        assert set(errors_of(park.post(f"{address}hand-over/", body))) == fields

    def test_not_to_somebody_of_an_enterprise(self, park, address, member):
        park.post(f"{address}take-up/")

        problem = park.post(f"{address}hand-over/", {"to": member.email, "note": "x"})

        assert errors_of(problem) == {"to": "invalid"}


@pytest.mark.parametrize("state", RequestState.values)
@pytest.mark.parametrize(
    "step",
    [
        *("submit", "withdraw", "take-up", "hand-over", "send-back", "reject", "approve"),
        *("offer", "recall", "accept", "decline", "fulfil"),
    ],
)
def test_a_step_that_does_not_follow_is_refused(
    park, firm, member, operator, floor, block, state, step
):
    """Against the table of tests/seats/test_steps.py."""
    request = make_request(enterprise=member.memberships.get().enterprise, acting_user=member)
    Way(floor, operator).bring(request, state)
    colleague = UserFactory(roles=[Role.OPERATOR_STAFF])
    bodies = {
        "approve": {"blocks": [block(floor, 81, 90)]},
        "offer": {"blocks": [block(floor, 81, 90)]},
        "hand-over": {"to": colleague.email, "note": "请接着办"},
    }
    own = step in {"submit", "withdraw", "accept", "decline"}
    who = firm if own else park
    # The park does not know of a draft that it has not written.
    hidden = state == "draft" and not own

    response = who.post(f"seat-requests/{request.pk}/{step}/", bodies.get(step, {"note": "因为"}))

    target = TABLE.get((state, step.replace("-", "_")))
    if hidden:
        assert response.status_code == 404
    elif target is None:
        code = "hold_expired" if (state, step) == ("expired", "accept") else "wrong_state"
        assert (response.status_code, response.json()["code"]) == (409, code)
        assert response.json()["state"] == state
    elif (state, step) == ("accepted", "recall"):
        assert response.json()["code"] == "wrong_state"  # its seats are contracted by now
    else:
        assert (response.status_code, response.json()["state"]) == (200, target)


class TestPhasesAndNeeds:
    PHASES = [{"seats": 10, "start": "2024-03-01"}, {"seats": 20, "start": "2024-06-01"}]
    NEEDS = {
        "closed_room": True,
        "all_hours": True,
        "computers": 30,
        "network_ports": 60,
        "equipment": "park",
        "fit_out": False,
    }

    def test_come_back_as_they_were_sent(self, firm, floor):
        told = {"phases": self.PHASES, "needs": self.NEEDS, "business": "customer_service"}

        body = firm.post("seat-requests/", {**WISH, **told}).json()

        assert {name: body[name] for name in told} == told
        assert firm.get("seat-requests/").json()["results"][0]["phases"] == self.PHASES

    def test_are_always_there(self, firm, floor):
        body = firm.post("seat-requests/", WISH).json()

        assert (body["phases"], body["business"]) == ([], None)
        assert body["needs"] == {
            "closed_room": False,
            "all_hours": False,
            "computers": None,
            "network_ports": None,
            "equipment": None,
            "fit_out": False,
        }

    def test_change_by_what_is_told(self, firm, floor):
        told = {"phases": self.PHASES, "needs": self.NEEDS}
        draft = firm.post("seat-requests/", {**WISH, **told}).json()

        body = firm.patch(f"seat-requests/{draft['id']}/", {"needs": {"computers": 5}}).json()

        assert body["needs"] == {**self.NEEDS, "computers": 5}
        assert body["phases"] == self.PHASES
        assert firm.patch(f"seat-requests/{draft['id']}/", {"phases": []}).json()["phases"] == []

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"phases": [{"seats": 10, "start": "2024-03-01"}]}, "phases"),
            ({"phases": [*PHASES, {"seats": 1, "start": "2024-07-01"}]}, "phases"),
            ({"phases": PHASES[::-1]}, "phases"),
            ({"phases": [{**PHASES[0], "start": "2024-03-02"}, PHASES[1]]}, "phases"),
            ({"phases": [{"seats": 0, "start": "2024-03-01"}, *PHASES]}, "phases"),
            ({"end": "2024-05-31", "phases": PHASES}, "phases"),
            ({"phases": PHASES * 7}, "phases"),
            ({"phases": [{"seats": 10}]}, "phases[0].start"),
            ({"phases": [{**PHASES[0], "end": None}]}, "phases[0].end"),
            ({"phases": "two"}, "phases"),
            ({"needs": {"computers": -1}}, "needs.computers"),
            ({"needs": {"network_ports": 10**9}}, "needs.network_ports"),
            ({"needs": {"computers": "30"}}, "needs.computers"),
            ({"needs": {"equipment": "both"}}, "needs.equipment"),
            ({"needs": {"wifi": True}}, "needs.wifi"),
            ({"needs": None}, "needs"),
            ({"business": "mining"}, "business"),
        ],
    )
    def test_refuse_by_name_what_makes_no_sense(self, firm, floor, change, field):
        problem = firm.post("seat-requests/", {**WISH, **change})

        assert problem.status_code == 400
        assert field in errors_of(problem)
        assert not SeatRequest.objects.exists()


class TestTheClock:
    def test_tells_what_is_promised_and_what_is_left(self, firm, submitted):
        # Thursday 10:00; 24 working hours later is Tuesday 10:00
        assert submitted["promised_at"] == "2024-02-27T10:00:00+08:00"
        assert submitted["working_hours_left"] == 24

    def test_runs_and_runs_over(self, firm, address, submitted, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=2, minutes=30))
        assert firm.get(address).json()["working_hours_left"] == 22

        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=6))
        assert firm.get(address).json()["working_hours_left"] == -8

    def test_says_nothing_of_a_draft(self, firm, floor):
        draft = firm.post("seat-requests/", WISH).json()

        assert (draft["promised_at"], draft["working_hours_left"]) == (None, None)

    def test_costs_a_list_two_queries_however_long_it_is(
        self, park, floor, operator, django_assert_num_queries
    ):
        way = Way(floor, operator)
        for _number in range(5):
            way.bring(make_request(acting_user=operator), "submitted")
        park.get("seat-requests/")

        with django_assert_num_queries(4):
            assert len(park.get("seat-requests/").json()["results"]) == 5

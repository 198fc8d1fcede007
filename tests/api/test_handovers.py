"""Handover lists through the API: prepared, changed, signed by both, and then frozen."""

import pytest

from park.axis import seat_at
from seats.models import Direction, Handover
from tests.api.conftest import Program, errors_of
from tests.conftest import TODAY
from tests.factories.fit_outs import make_handover, sign
from tests.factories.seats import make_allocation
from tests.factories.tenants import make_member

pytestmark = pytest.mark.django_db

SIGNER = {"signer": "周倩"}


@pytest.fixture
def allocation(floor, enterprise):
    """Seats 1 to 40, contracted today."""
    return make_allocation(floor, (1, 40), to=enterprise, start=TODAY)


@pytest.fixture
def draft(park, allocation):
    told = {"allocation": allocation.pk, "direction": "move_in", "on": "2024-02-22"}
    return park.post("handovers/", told).json()


@pytest.fixture
def offered(park, draft):
    return park.post(f"handovers/{draft['id']}/sign/", {"signer": "张敏"}, If_Match='"1"').json()


@pytest.fixture
def line(floor):
    """A line about places of the floor."""

    def make(first=1, last=40, **more):
        seats = {"first_seat": seat_at(floor.pk, first), "last_seat": seat_at(floor.pk, last)}
        return {**seats, "item": "desk", "count": 40, **more}

    return make


class TestPreparing:
    def test_gives_a_list_with_the_kit(self, park, allocation, draft):
        assert (draft["state"], draft["direction"], draft["allocation"]) == (
            *("draft", "move_in", allocation.pk),
        )
        assert [(row["item"], row["count"], row["good"]) for row in draft["lines"]] == [
            (item, 40, 40) for item in ("desk", "chair", "computer", "port")
        ]
        assert draft["lines"][0]["first_label"] == "C-1-1F-001"
        assert draft["park_signature"] is None
        assert park.get(f"handovers/{draft['id']}/").json() == draft

    def test_takes_lines_and_says_which_are_doubtful(self, park, allocation, line):
        told = {"allocation": allocation.pk, "direction": "move_in", "on": "2024-02-22"}
        lines = [line(item="chair", count=45, worn=3), line(item="other", name="打印机", count=2)]
        body = park.post("handovers/", {**told, "lines": lines}).json()

        assert [row["is_doubtful"] for row in body["lines"]] == [True, False]
        assert [(row["item"], row["name"], row["good"]) for row in body["totals"]] == [
            ("chair", "", 42),
            ("other", "打印机", 2),
        ]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"allocation": 0}, "allocation"),
            ({"direction": "out"}, "direction"),
            ({"on": "today"}, "on"),
            ({"on": None}, "on"),
            ({"lines": []}, "lines"),
            ({"lines": [{}]}, "lines[0].first_seat"),
            ({"runs": [{"first_seat": 1, "last_seat": 2}]}, "lines[0].first_seat"),
            ({"replaces": 0}, "replaces"),
            ({"state": "signed"}, "state"),
        ],
    )
    def test_refuses_by_name_what_makes_no_sense(self, park, allocation, change, field):
        told = {"allocation": allocation.pk, "direction": "move_in", "on": "2024-02-22", **change}
        problem = park.post("handovers/", told)

        assert problem.status_code == 400
        assert field in errors_of(problem)
        assert not Handover.objects.exists()

    def test_refuses_a_second_list_and_says_which_is_the_first(self, park, allocation, draft):
        told = {"allocation": allocation.pk, "direction": "move_in", "on": "2024-02-22"}
        problem = park.post("handovers/", told).json()

        assert (problem["status"], problem["code"]) == (409, "handover_exists")
        assert problem["handover"] == draft["id"]

    def test_creates_once_for_one_key(self, park, allocation):
        told = {"allocation": allocation.pk, "direction": "move_in", "on": "2024-02-22"}
        for _time in range(2):
            assert park.post("handovers/", told, Idempotency_Key="a").status_code == 201


class TestSigning:
    def test_needs_to_say_which_list(self, park, draft):
        problem = park.post(f"handovers/{draft['id']}/sign/", {"signer": "张敏"})

        assert (problem.status_code, errors_of(problem)) == (400, {"If-Match": "required"})

    def test_by_both_freezes_it(self, park, firm, offered, line):
        address = f"handovers/{offered['id']}/"
        assert (offered["state"], offered["park_signature"]["user"]) == ("offered", "张敏")

        signed = firm.post(f"{address}sign/", {**SIGNER, "note": "已核对"}, If_Match='"2"').json()

        assert signed["state"] == "signed"
        assert signed["enterprise_signature"] == {
            "signer": "周倩",
            "user": "王芳",
            "at": "2024-02-22T10:00:00+08:00",
        }
        assert signed["enterprise_note"] == "已核对"
        change = {"on": "2024-02-22", "lines": [line()]}
        problem = park.post(f"{address}edit/", change).json()
        assert (problem["status"], problem["code"]) == (409, "wrong_state")
        assert [row["step"] for row in signed["changes"]] == [
            *("prepare", "sign_park", "sign_enterprise")
        ]

    def test_of_a_changed_list_is_stale_and_shows_the_newer(self, park, firm, offered, line):
        address = f"handovers/{offered['id']}/"
        park.post(f"{address}recall/")
        change = {"on": "2024-02-22", "lines": [line(count=39)]}
        tag = park.post(f"{address}edit/", change).headers["ETag"]
        tag = park.post(f"{address}sign/", {"signer": "张敏"}, If_Match=tag).headers["ETag"]

        problem = firm.post(f"{address}sign/", SIGNER, If_Match='"2"')

        assert (problem.status_code, problem.json()["code"]) == (412, "stale")
        assert [row["count"] for row in problem.json()["current"]["lines"]] == [39]
        assert firm.post(f"{address}sign/", SIGNER, If_Match=tag).status_code == 200

    def test_twice_is_refused(self, park, firm, offered):
        address = f"handovers/{offered['id']}/sign/"
        assert park.post(address, SIGNER, If_Match='"2"').json()["code"] == "wrong_state"
        firm.post(address, SIGNER, If_Match='"2"')
        assert firm.post(address, SIGNER, If_Match='"3"').json()["code"] == "wrong_state"

    def test_before_the_park_is_refused(self, firm, draft):
        problem = firm.post(f"handovers/{draft['id']}/sign/", SIGNER, If_Match='"1"')
        assert (problem.status_code, problem.json()["code"]) == (409, "wrong_state")

    def test_wants_a_name(self, park, draft):
        problem = park.post(f"handovers/{draft['id']}/sign/", {}, If_Match='"1"')
        assert errors_of(problem) == {"signer": "required"}

    def test_or_the_enterprise_says_what_differs(self, park, firm, offered):
        address = f"handovers/{offered['id']}/"
        body = firm.post(f"{address}dispute/", {"note": "少 2 把椅子"}).json()

        assert (body["state"], body["park_signature"]) == ("disputed", None)
        assert body["changes"][-1]["note"] == "少 2 把椅子"
        assert park.post(f"{address}dispute/", {"note": "x"}).status_code == 403

    def test_a_list_that_nobody_signed_is_put_away(self, park, firm, draft):
        assert park.post(f"handovers/{draft['id']}/discard/").json()["state"] == "discarded"
        assert firm.get(f"handovers/{draft['id']}/").status_code == 404


def test_a_return_says_then_and_now(park, firm, offered, allocation, line):
    firm.post(f"handovers/{offered['id']}/sign/", SIGNER, If_Match='"2"')
    told = {"allocation": allocation.pk, "direction": "return", "on": "2024-02-22"}
    lines = [line(count=40, damaged=2, missing=1)]
    body = park.post("handovers/", {**told, "lines": lines}).json()

    [total] = body["totals"]
    assert (total["then_count"], total["newly_damaged"], total["missing"]) == (40, 2, 1)
    assert body["lines"][0]["then_damaged"] == 0


def test_a_correction_replaces_the_signed_list(park, firm, offered, allocation):
    firm.post(f"handovers/{offered['id']}/sign/", SIGNER, If_Match='"2"')
    told = {"allocation": allocation.pk, "direction": "move_in", "on": "2024-02-22"}
    told["replaces"] = offered["id"]

    assert errors_of(park.post("handovers/", told)) == {"reason": "invalid"}
    body = park.post("handovers/", {**told, "reason": "漏记"}).json()

    assert (body["replaces"], body["reason"]) == (offered["id"], "漏记")
    assert len(body["lines"]) == 4


class TestSeeing:
    def test_strangers_find_nothing(self, stranger, offered):
        address = f"handovers/{offered['id']}/"

        assert stranger.get("handovers/").json()["results"] == []
        assert stranger.get(address).status_code == 404
        assert stranger.post(f"{address}sign/", {"signer": 5}).status_code == 404
        assert stranger.post(f"{address}dispute/").status_code == 404

    def test_a_member_reads_and_does_not_sign(self, enterprise, offered):
        colleague = Program(make_member(enterprise, is_manager=False))
        address = f"handovers/{offered['id']}/"

        assert colleague.get(address).status_code == 200
        assert colleague.post(f"{address}sign/", SIGNER).status_code == 403

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 1),
            ("state=offered", 1),
            ("state=signed", 0),
            ("direction=return", 0),
            ("enterprise=0", 0),
            ("allocation=0", 0),
        ],
    )
    def test_lists_can_be_narrowed(self, park, offered, query, count):
        assert len(park.get(f"handovers/?{query}").json()["results"]) == count

    def test_lists_take_a_constant_number_of_queries(
        self, park, floor, operator, django_assert_num_queries
    ):
        def one_more(place):
            allocation = make_allocation(floor, (place, place), start=TODAY)
            sign(make_handover(allocation, park=operator, direction=Direction.MOVE_IN), operator)

        one_more(1)
        park.get("handovers/")
        for place in range(2, 7):
            one_more(place)
        with django_assert_num_queries(2):
            assert len(park.get("handovers/").json()["results"]) == 6

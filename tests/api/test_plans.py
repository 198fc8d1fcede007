"""Planning over the API: a need in, plans or what would do instead out; nothing is written."""

from datetime import date

import pytest

from park.axis import seat_at
from seats.models import Allocation, AllocationKind
from tests.api.conftest import errors_of
from tests.conftest import TODAY
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db


class TestPlans:
    def test_are_blocks_that_can_be_allocated_as_they_are(self, park, floor, enterprise):
        answer = park.post("seat-plans/", {"seats": 60, "start": "2024-05-01"})

        assert answer.status_code == 200
        plan, *_others = answer.json()["plans"]
        [block] = plan["blocks"]
        assert block == {
            "floor": floor.pk,
            "first_seat": seat_at(floor.pk, 1),
            "last_seat": seat_at(floor.pk, 60),
            "first_label": "C-1-1F-001",
            "last_label": "C-1-1F-060",
            "start": "2024-05-01",
            "end": None,
        }
        assert (plan["longest_before"], plan["longest_after"]) == (100, 40)
        assert not Allocation.objects.exists()
        sent = {name: block[name] for name in ("first_seat", "last_seat", "start", "end")}
        body = {"enterprise": enterprise.pk, "kind": "hold", "blocks": [sent]}
        assert park.post("allocations/", body).status_code == 201

    def test_say_who_leaves_and_who_would_move(self, park, floor):
        leaving = EnterpriseFactory(short_name="京阿唯")
        make_allocation(floor, (1, 30), start=TODAY, last=date(2024, 4, 30), to=leaving)
        staying = EnterpriseFactory(short_name="迈睿")
        make_allocation(floor, (51, 60), start=TODAY, to=staying)
        upstairs = make_floor(level=2, seats=10)
        body = {
            "seats": 95,
            "start": "2024-05-01",
            "contiguous": True,
            "moves_allowed": True,
        }

        [plan] = park.post("seat-plans/", body).json()["plans"]

        assert [wait["holder"] for wait in plan["waits"]] == ["京阿唯"]
        [move] = plan["moves"]
        assert (move["holder"], move["to"]["first_seat"]) == ("迈睿", seat_at(upstairs.pk, 1))
        assert move["to"]["last_label"] == "C-1-2F-010"
        assert plan["seats"] == 85
        assert [block["first_label"] for block in plan["after_moves"]] == ["C-1-1F-051"]

    def test_where_none_fits_say_what_would(self, park, floor):
        answer = park.post("seat-plans/", {"seats": 101, "start": "2024-05-01", "end": None})

        assert answer.status_code == 200
        assert answer.json()["plans"] == []
        [fewer] = answer.json()["alternatives"]
        assert fewer["code"] == "fewer"
        assert fewer["need"]["seats"] == 100
        assert park.post("seat-plans/", fewer["need"]).json()["plans"] != []

    def test_a_day_that_is_both_first_and_last(self, park, floor):
        make_allocation(floor, (1, 100), start=date(2024, 5, 2))
        body = {"seats": 100, "start": "2024-05-01", "end": "2024-05-01"}

        [plan] = park.post("seat-plans/", body).json()["plans"]

        assert plan["blocks"][0]["end"] == "2024-05-01"


class TestWhatMakesNoSense:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"seats": 0}, "seats"),
            ({"seats": "10"}, "seats"),
            ({"start": None}, "start"),
            ({"end": "2024-04-30"}, "end"),
            ({"zones": ["Z"]}, "zones"),
            ({"contiguous": "yes"}, "contiguous"),
            ({"seat": 1}, "seat"),
        ],
    )
    def test_is_said_beside_its_field(self, park, floor, change, field):
        answer = park.post("seat-plans/", {"seats": 10, "start": "2024-05-01", **change})

        assert answer.status_code == 400
        assert field in errors_of(answer)


class TestWho:
    def test_enterprises_do_not_plan_the_park(self, firm, floor):
        assert firm.post("seat-plans/", {"seats": 1, "start": "2024-05-01"}).status_code == 403

    def test_a_hold_is_no_plan(self, park, floor):
        make_allocation(floor, (1, 100), start=TODAY, kind=AllocationKind.HOLD)
        body = {"seats": 1, "start": "2024-05-01"}
        assert park.post("seat-plans/", body).json()["plans"] == []

"""Moving a floor's day through the API: first what breaks, then the deed."""

from datetime import date

import pytest

from accounts.permissions import Role
from park.axis import seat_at
from seats.models import AllocationKind, BrokenPromise
from tests.api.conftest import errors_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, shape_of

pytestmark = pytest.mark.django_db

JUNE, SEPTEMBER = date(2024, 6, 1), date(2024, 9, 1)


@pytest.fixture
def planned():
    return make_floor(zone="D", seats=40, delivered_on=None, planned_on=JUNE)


@pytest.fixture
def hold(planned, enterprise):
    return make_allocation(planned, (1, 20), kind=AllocationKind.HOLD, start=JUNE, to=enterprise)


class TestDelay:
    def test_rehearses_without_writing(self, park, planned, hold, enterprise):
        answer = park.post(
            f"floors/{planned.pk}/delay/", {"planned_on": "2024-09-01", "dry_run": True}
        )

        told = answer.json()
        assert (answer.status_code, told["planned_on"]) == (200, "2024-06-01")
        assert told["broken"] == [
            {
                "block": hold.blocks.get().pk,
                "allocation": hold.pk,
                "request": None,
                "enterprise": enterprise.pk,
                "enterprise_name": "诚伯信息",
                "first_seat": seat_at(planned.pk, 1),
                "last_seat": seat_at(planned.pk, 20),
                "first_label": "D-1-1F-001",
                "last_label": "D-1-1F-020",
                "start": "2024-06-01",
                "end": None,
                "new_start": "2024-09-01",
            }
        ]
        assert not BrokenPromise.objects.exists()
        assert shape_of(hold) == [(1, 20, JUNE, None)]

    def test_moves_the_day_and_says_what_it_broke(self, park, planned, hold):
        answer = park.post(f"floors/{planned.pk}/delay/", {"planned_on": "2024-09-01"})

        assert answer.json()["planned_on"] == "2024-09-01"
        assert [row["allocation"] for row in answer.json()["broken"]] == [hold.pk]
        assert shape_of(hold) == [(1, 20, SEPTEMBER, None)]

    def test_refuses_to_break_what_the_dry_run_did_not_show(self, park, planned, hold):
        answer = park.post(f"floors/{planned.pk}/delay/", {"planned_on": None, "seen": []})

        assert (answer.status_code, answer.json()["code"]) == (409, "promises_changed")
        seen = [hold.blocks.get().pk]
        park.post(f"floors/{planned.pk}/delay/", {"planned_on": None, "seen": seen})
        assert shape_of(hold) == []

    @pytest.mark.parametrize("is_rehearsal", [True, False])
    @pytest.mark.parametrize(
        ("told", "field"),
        [({}, "planned_on"), ({"planned_on": "2024-02-22"}, "planned_on")],
    )
    def test_says_what_is_wrong(self, park, planned, told, field, is_rehearsal):
        answer = park.post(f"floors/{planned.pk}/delay/", {**told, "dry_run": is_rehearsal})

        assert answer.status_code == 400
        assert field in errors_of(answer)

    def test_refuses_a_floor_that_is_there(self, park, floor):
        answer = park.post(f"floors/{floor.pk}/delay/", {"planned_on": "2024-09-01"})

        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")

    def test_refuses_an_older_version(self, park, planned):
        park.post(f"floors/{planned.pk}/delay/", {"planned_on": "2024-08-01"})

        stale = park.post(
            f"floors/{planned.pk}/delay/", {"planned_on": "2024-09-01"}, If_Match='"1"'
        )

        assert stale.status_code == 412


class TestDeliver:
    def test_hands_the_floor_over(self, park, planned, hold):
        answer = park.post(f"floors/{planned.pk}/deliver/", {"delivered_on": "2024-02-22"})

        told = answer.json()
        assert (told["delivered_on"], told["free_today"], told["broken"]) == ("2024-02-22", 40, [])

    def test_rehearses_what_a_late_one_breaks(self, park, enterprise):
        late = make_floor(zone="D", level=2, delivered_on=None, planned_on=date(2024, 2, 10))
        make_allocation(
            late, (1, 5), kind=AllocationKind.HOLD, start=date(2024, 2, 10), to=enterprise
        )

        answer = park.post(
            f"floors/{late.pk}/deliver/", {"delivered_on": "2024-02-20", "dry_run": True}
        )

        [row] = answer.json()["broken"]
        assert (row["start"], row["new_start"]) == ("2024-02-10", "2024-02-20")
        assert answer.json()["delivered_on"] is None

    def test_refuses_a_day_to_come(self, park, planned):
        answer = park.post(f"floors/{planned.pk}/deliver/", {"delivered_on": "2024-02-23"})

        assert answer.status_code == 400
        assert "delivered_on" in errors_of(answer)


@pytest.mark.parametrize("step", ["delay", "deliver"])
def test_only_operators_may(as_role, planned, step):
    told = {"planned_on": "2024-09-01"} if step == "delay" else {"delivered_on": "2024-02-22"}

    for role in (Role.AUDITOR, Role.PROMOTION_OFFICER):
        assert as_role(role).post(f"floors/{planned.pk}/{step}/", told).status_code == 403

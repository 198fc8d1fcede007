"""Allocations through the API: given, held, closed, confirmed, released."""

from datetime import date, timedelta

import pytest

from park.axis import seat_at
from park.models import ReportingMonth
from seats.models import Allocation, AllocationKind
from tests.api.conftest import Program, errors_of
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(floor, block, enterprise):
    """What gives the enterprise seats 1 to 20 and 41 to 60."""
    return {
        "enterprise": enterprise.pk,
        "kind": "firm",
        "blocks": [block(floor, 1, 20), block(floor, 41, 60, end="2024-12-31")],
    }


class TestCreate:
    def test_gives_every_block(self, park, body, floor, enterprise):
        response = park.post("allocations/", body)
        given = response.json()

        assert response.status_code == 201
        assert response.headers["Location"].endswith(f"/api/v1/allocations/{given['id']}/")
        assert response.headers["ETag"] == '"1"'
        assert park.get(f"allocations/{given['id']}/").json() == given
        assert given == {
            "id": given["id"],
            "enterprise": enterprise.pk,
            "enterprise_name": "诚伯信息",
            "kind": "firm",
            "expires_at": None,
            "ended_at": None,
            "request": None,
            "reason": "",
            "due_on": None,
            "created_at": "2024-02-22T10:00:00+08:00",
            "blocks": [
                {
                    "id": block["id"],
                    "floor": floor.pk,
                    "kind": "firm",
                    "first_seat": seat_at(floor.pk, first),
                    "last_seat": seat_at(floor.pk, last),
                    "first_label": f"C-1-1F-{first:03d}",
                    "last_label": f"C-1-1F-{last:03d}",
                    "start": "2024-03-01",
                    "end": end,
                }
                for block, (first, last, end) in zip(
                    given["blocks"], [(1, 20, None), (41, 60, "2024-12-31")], strict=True
                )
            ],
            "sample_fields": [],
            "source": "",
        }

    def test_holds_until_an_instant(self, park, body):
        held = park.post(
            "allocations/", {**body, "kind": "hold", "expires_at": "2024-03-01T18:00:00+08:00"}
        )

        assert held.json()["expires_at"] == "2024-03-01T18:00:00+08:00"

    def test_closes_seats(self, park, body):
        closed = park.post(
            "allocations/", {**body, "enterprise": None, "kind": "closure", "reason": "消防检修"}
        )

        assert (closed.json()["enterprise"], closed.json()["reason"]) == (None, "消防检修")

    def test_answers_a_request(self, park, body, enterprise, operator):
        request = make_request(enterprise=enterprise, acting_user=operator)
        park.post(f"seat-requests/{request.pk}/submit/")

        given = park.post(
            "allocations/", {"kind": "hold", "blocks": body["blocks"], "request": request.pk}
        ).json()

        assert (given["enterprise"], given["request"]) == (enterprise.pk, request.pk)

    def test_answers_no_request_that_was_turned_down(self, park, body, enterprise, operator):
        request = make_request(enterprise=enterprise, acting_user=operator)
        park.post(f"seat-requests/{request.pk}/submit/")
        park.post(f"seat-requests/{request.pk}/reject/", {"note": "无席位"})

        problem = park.post("allocations/", {**body, "request": request.pk})

        assert (problem.status_code, problem.json()["code"]) == (409, "wrong_state")
        assert errors_of(problem) == {"request": "wrong_state"}

    def test_refuses_a_request_of_another(self, park, body, operator):
        request = make_request(enterprise=EnterpriseFactory(), acting_user=operator)

        assert errors_of(park.post("allocations/", {**body, "request": request.pk})) == {
            "request": "invalid"
        }
        closure = {**body, "kind": "closure", "enterprise": None, "request": request.pk}
        assert errors_of(park.post("allocations/", closure)) == {"request": "invalid"}
        assert errors_of(park.post("allocations/", {**body, "request": 0})) == {
            "request": "does_not_exist"
        }

    def test_refuses_what_another_has_naming_them(self, park, body, floor):
        make_allocation(floor, (20, 25), to=EnterpriseFactory(short_name="博二"))

        problem = park.post("allocations/", body)

        assert (problem.status_code, problem.json()["code"]) == (409, "seats_taken")
        assert problem.json()["conflicts"][0]["held_by"] == "博二"
        assert Allocation.objects.count() == 1

    def test_offers_the_split_where_a_run_crosses_floors(self, park, body, floor):
        above = make_floor(level=2)
        run = {
            "first_seat": seat_at(floor.pk, 90),
            "last_seat": seat_at(above.pk, 10),
            "start": "2024-03-01",
        }

        problem = park.post("allocations/", {**body, "blocks": [run]})

        assert (problem.status_code, problem.json()["code"]) == (400, "crosses_floors")
        assert [part["last_seat"] for part in problem.json()["split"]] == [
            seat_at(floor.pk, 100),
            seat_at(above.pk, 10),
        ]

    def test_says_where_a_floor_ends(self, park, body, floor, block):
        problem = park.post("allocations/", {**body, "blocks": [block(floor, 90, 101)]})

        assert (problem.status_code, problem.json()["code"]) == (400, "no_such_seat")
        assert problem.json()["last_label"] == "C-1-1F-100"

    @pytest.mark.parametrize("seat", [-1, 2**31 - 1, 2**31, 2**63, 10**300])
    def test_knows_no_seats_outside_every_floor(self, park, body, seat):
        run = {"first_seat": seat, "last_seat": seat, "start": "2024-03-01"}

        problem = park.post("allocations/", {**body, "blocks": [run]})

        assert (problem.status_code, problem.json()["code"]) == (400, "no_such_seat")

    def test_refuses_firm_on_a_floor_that_is_not_handed_over(self, park, body, block):
        planned = make_floor(level=5, delivered_on=None, planned_on=date(2024, 3, 29))

        problem = park.post(
            "allocations/", {**body, "blocks": [block(planned, 1, 10, "2024-04-01")]}
        )

        assert (problem.status_code, problem.json()["code"]) == (409, "not_delivered")

    def test_refuses_a_closed_month(self, park, body, floor, block, now):
        ReportingMonth.objects.create(month=date(2024, 1, 1), closed_at=now)

        problem = park.post("allocations/", {**body, "blocks": [block(floor, 1, 10, "2024-01-31")]})

        assert (problem.status_code, problem.json()["code"]) == (409, "month_closed")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"kind": "void"}, "kind"),
            ({"kind": None}, "kind"),
            ({"enterprise": None}, "enterprise"),
            ({"enterprise": 10**12}, "enterprise"),
            ({"enterprise": "1"}, "enterprise"),
            ({"enterprise": 2**63}, "enterprise"),
            ({"enterprise": {}}, "enterprise"),
            ({"kind": "closure"}, "enterprise"),
            ({"kind": "closure", "enterprise": None}, "reason"),
            ({"expires_at": "2024-03-01T18:00:00+08:00"}, "expires_at"),
            ({"kind": "hold", "expires_at": "2024-02-22T09:59:59+08:00"}, "expires_at"),
            ({"kind": "hold", "expires_at": "2024-03-01"}, "expires_at"),
            ({"kind": "hold", "expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
            ({"kind": "hold", "expires_at": "0001-01-01T00:00:00+14:00"}, "expires_at"),
            ({"kind": "hold", "expires_at": 5}, "expires_at"),
            ({"blocks": []}, "blocks"),
            ({"blocks": None}, "blocks"),
            ({"blocks": "1-20"}, "blocks"),
            ({"blocks": [None]}, "blocks[0]"),
            ({"blocks": [[]]}, "blocks[0]"),
            ({"reason": "长" * 201}, "reason"),
            ({"seats": 5}, "seats"),
        ],
    )
    def test_refuses_by_name_what_makes_no_sense(self, park, body, change, field):
        problem = park.post("allocations/", {**body, **change})

        assert problem.status_code == 400
        assert list(errors_of(problem)) == [field]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"first_seat": "1"}, "first_seat"),
            ({"first_seat": 1.5}, "first_seat"),
            ({"first_seat": True}, "first_seat"),
            ({"last_seat": 0}, "last_seat"),
            ({"start": "soon"}, "start"),
            ({"end": "2024-02-29"}, "end"),
            ({"end": 1}, "end"),
            ({"floor": 1}, "floor"),
        ],
    )
    def test_names_the_place_of_what_is_wrong_in_a_block(self, park, body, change, field):
        blocks = [body["blocks"][0], {**body["blocks"][1], **change}]

        problem = park.post("allocations/", {**body, "blocks": blocks})

        assert list(errors_of(problem)) == [f"blocks[1].{field}"]

    def test_takes_at_most_a_thousand_blocks(self, park, body):
        problem = park.post("allocations/", {**body, "blocks": body["blocks"][:1] * 1001})

        assert list(errors_of(problem)) == ["blocks"]

    def test_is_not_for_enterprises(self, firm, body):
        assert firm.post("allocations/", {**body, "blocks": "x"}).status_code == 403


class TestSee:
    def test_an_enterprise_sees_its_own(self, firm, stranger, floor, enterprise):
        allocation = make_allocation(floor, (1, 20), to=enterprise)
        make_allocation(floor, (21, 30))

        assert [row["id"] for row in firm.get("allocations/").json()["results"]] == [allocation.pk]
        assert stranger.get(f"allocations/{allocation.pk}/").status_code == 404
        assert stranger.get(f"allocations/?enterprise={enterprise.pk}").json()["results"] == []

    def test_lists_can_be_narrowed(self, park, floor, enterprise):
        above = make_floor(level=2)
        firm = make_allocation(floor, (1, 20), to=enterprise).pk
        hold = make_allocation(above, (1, 20), kind=AllocationKind.HOLD).pk

        for query, ids in [
            (f"enterprise={enterprise.pk}", [firm]),
            ("kind=hold", [hold]),
            ("kind=closure", []),
            (f"floor={floor.pk}", [firm]),
            ("floor=C-1-2F", [hold]),
            ("floor=9999999999999999999", []),
            ("request=1", []),
            (f"request={2**64}", []),
            ("", [hold, firm]),
        ]:
            rows = park.get(f"allocations/?{query}").json()["results"]
            assert [row["id"] for row in rows] == ids, query

    @pytest.mark.parametrize("query", ["kind=void", "enterprise=x", "enterprise_id=1"])
    def test_a_filter_that_makes_no_sense_is_refused(self, park, query):
        assert park.get(f"allocations/?{query}").status_code == 400

    def test_lists_take_a_constant_number_of_queries(self, park, floor, django_assert_num_queries):
        make_allocation(floor, (1, 1))
        park.get("allocations/")
        for place in range(2, 9):
            make_allocation(floor, (place * 2, place * 2), (place * 2 + 1, place * 2 + 1))

        with django_assert_num_queries(3):  # who asks, the allocations, their blocks
            assert len(park.get("allocations/").json()["results"]) == 8


class TestRelease:
    def test_frees_all_from_a_day(self, park, floor):
        allocation = make_allocation(floor, (1, 20))

        response = park.post(f"allocations/{allocation.pk}/release/", {"start": "2024-05-01"})

        assert response.status_code == 200
        assert [block["end"] for block in response.json()["blocks"]] == ["2024-04-30"]
        assert response.headers["ETag"] == '"2"'

    def test_frees_a_run(self, park, floor):
        allocation = make_allocation(floor, (1, 60))

        freed = park.post(
            f"allocations/{allocation.pk}/release/",
            {
                "start": "2024-05-01",
                "first_seat": seat_at(floor.pk, 21),
                "last_seat": seat_at(floor.pk, 40),
            },
        ).json()

        assert [
            (block["first_label"][-3:], block["last_label"][-3:], block["start"], block["end"])
            for block in freed["blocks"]
        ] == [
            ("001", "060", "2024-03-01", "2024-04-30"),
            ("001", "020", "2024-05-01", None),
            ("041", "060", "2024-05-01", None),
        ]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            (None, "start"),
            ({"start": None}, "start"),
            ({"start": "2024-05-01", "first_seat": 5}, "last_seat"),
            ({"start": "2024-05-01", "last_seat": 5}, "first_seat"),
            ({"start": "2024-05-01", "first_seat": 5, "last_seat": 4}, "last_seat"),
            ({"start": "2024-05-01", "first_seat": -1, "last_seat": 4}, "first_seat"),
            ({"start": "2024-05-01", "first_seat": 1, "last_seat": 2**31}, "last_seat"),
            ({"start": "2024-05-01", "seats": 5}, "seats"),
        ],
    )
    def test_refuses_by_name_what_makes_no_sense(self, park, floor, body, field):
        allocation = make_allocation(floor, (1, 20))

        problem = park.post(f"allocations/{allocation.pk}/release/", body)

        assert problem.status_code == 400
        assert list(errors_of(problem)) == [field]

    def test_refuses_what_it_does_not_have(self, park, floor):
        allocation = make_allocation(floor, (1, 20))
        run = {"first_seat": seat_at(floor.pk, 50), "last_seat": seat_at(floor.pk, 60)}

        problem = park.post(f"allocations/{allocation.pk}/release/", {"start": "2024-05-01", **run})

        assert (problem.status_code, problem.json()["code"]) == (400, "not_held")

    def test_is_taken_on_what_one_has_seen(self, park, floor):
        allocation = make_allocation(floor, (1, 20))
        address = f"allocations/{allocation.pk}/release/"
        park.post(address, {"start": "2024-06-01"}, If_Match='"1"')

        problem = park.post(address, {"start": "2024-05-01"}, If_Match='"1"')

        assert problem.status_code == 412
        assert problem.json()["current"]["blocks"][0]["end"] == "2024-05-31"


class TestConfirm:
    @pytest.fixture
    def hold(self, floor, now):
        return make_allocation(
            floor, (1, 20), kind=AllocationKind.HOLD, expires_at=now + timedelta(days=2)
        )

    def test_makes_a_hold_firm(self, park, hold):
        confirmed = park.post(f"allocations/{hold.pk}/confirm/").json()

        assert (confirmed["kind"], confirmed["expires_at"]) == ("firm", None)
        assert confirmed["blocks"][0]["kind"] == "firm"

    def test_comes_too_late_once_it_has_expired(self, park, hold, now, monkeypatch):
        monkeypatch.setattr("foundation.clock.now", lambda: now + timedelta(days=3))

        problem = park.post(f"allocations/{hold.pk}/confirm/")

        assert (problem.status_code, problem.json()["code"]) == (409, "hold_expired")

    def test_is_for_holds(self, park, floor):
        allocation = make_allocation(floor, (1, 20))

        problem = park.post(f"allocations/{allocation.pk}/confirm/")

        assert (problem.status_code, problem.json()["code"]) == (409, "wrong_state")

    def test_is_not_for_enterprises(self, hold):
        own = Program(make_member(hold.enterprise))

        assert own.post(f"allocations/{hold.pk}/confirm/").status_code == 403
        assert own.post(f"allocations/{hold.pk}/release/", {"start": "x"}).status_code == 403

"""Allocations through the API: moved, split, extended, ended; and what a dry run answers."""

from datetime import date

import pytest

from park.axis import seat_at
from seats.models import Allocation
from tests.api.conftest import errors_of
from tests.factories.loans import make_arranged
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation, shape_of
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db

START, MAY = date(2024, 3, 1), date(2024, 5, 1)


@pytest.fixture
def allocation(floor, enterprise):
    return make_allocation(floor, (1, 40), to=enterprise)


@pytest.fixture
def high():
    return make_floor(level=2, seats=100)


def run(floor, first, last):
    return {"first_seat": seat_at(floor.pk, first), "last_seat": seat_at(floor.pk, last)}


def test_a_move_takes_the_new_seats_from_the_day_of_leaving_the_old(park, allocation, floor, high):
    body = {"start": "2024-05-01", "runs": [run(floor, 21, 40)], "to": [run(high, 1, 20)]}

    answer = park.post(f"allocations/{allocation.pk}/move/", body, If_Match='"1"')

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert [
        (block["first_label"], block["start"], block["end"]) for block in answer.json()["blocks"]
    ] == [
        ("C-1-1F-001", "2024-03-01", "2024-04-30"),
        ("C-1-1F-001", "2024-05-01", None),
        ("C-1-2F-001", "2024-05-01", None),
    ]


def test_a_dry_run_answers_with_the_effect_and_changes_nothing(park, allocation, floor, high):
    body = {"start": "2024-05-01", "to": [run(high, 1, 45)], "dry_run": True}

    answer = park.post(f"allocations/{allocation.pk}/move/", body)

    assert answer.status_code == 200
    assert answer.json() == {
        "dry_run": True,
        "day": "2024-05-01",
        "month": "2024-05",
        "freed": [{"run": "C-1-1F-001 — 040", "seats": 40, "start": "2024-05-01", "end": None}],
        "taken": [{"run": "C-1-2F-001 — 045", "seats": 45, "start": "2024-05-01", "end": None}],
        "stays": [],
        "holder": {"before": 40, "after": 45},
        "vacant": {"before": 160, "after": 155},
        "is_last": False,
    }
    assert shape_of(allocation) == [(1, 40, START, None)]


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("move", {"start": "2024-05-01", "to": [{"first_seat": 1, "last_seat": 2}]}),
        ("split", {"runs": [{"first_seat": 1, "last_seat": 2}]}),
        ("extend", {"end": "2024-12-31"}),
        ("end", {"last_day": "2024-02-29"}),
        ("release", {"start": "2024-05-01", "runs": [{"first_seat": 1, "last_seat": 2}]}),
    ],
)
def test_a_dry_run_refuses_what_the_deed_refuses(park, allocation, action, body):
    address = f"allocations/{allocation.pk}/{action}/"

    tried = park.post(address, {**body, "dry_run": True})
    done = park.post(address, body)

    assert tried.status_code == done.status_code
    if action == "end":
        assert tried.status_code == 200
    else:
        assert tried.json() == done.json()
        assert tried.status_code >= 400


def test_a_split_answers_with_the_new_allocation(park, allocation, floor):
    answer = park.post(
        f"allocations/{allocation.pk}/split/", {"runs": [run(floor, 1, 15)]}, Idempotency_Key="k"
    )
    again = park.post(
        f"allocations/{allocation.pk}/split/", {"runs": [run(floor, 1, 15)]}, Idempotency_Key="k"
    )

    assert answer.json()["id"] != allocation.pk
    assert again.json() == answer.json()
    assert Allocation.objects.count() == 2
    assert shape_of(allocation) == [(16, 40, START, None)]


def test_an_extension_names_the_rival(park, floor, enterprise):
    short = make_allocation(floor, (1, 10), last=date(2024, 4, 30), to=enterprise)
    make_allocation(floor, (10, 12), start=MAY, to=EnterpriseFactory(short_name="佰里"))

    refused = park.post(f"allocations/{short.pk}/extend/", {"end": None})

    assert (refused.status_code, refused.json()["code"]) == (409, "seats_taken")
    assert refused.json()["conflicts"][0]["held_by"] == "佰里"
    extended = park.post(
        f"allocations/{short.pk}/extend/", {"end": "2024-12-31", "runs": [run(floor, 1, 9)]}
    )
    assert extended.status_code == 200
    assert (1, 9, MAY, date(2025, 1, 1)) in shape_of(short)


def test_an_end_frees_all_of_it(park, allocation):
    tried = park.post(
        f"allocations/{allocation.pk}/end/", {"last_day": "2024-04-30", "dry_run": True}
    )
    park.post(f"allocations/{allocation.pk}/end/", {"last_day": "2024-04-30"})

    assert tried.json()["is_last"] is True
    assert shape_of(allocation) == [(1, 40, START, MAY)]


def test_a_release_takes_several_runs(park, allocation, floor):
    runs = [run(floor, 1, 5), run(floor, 31, 40)]
    both = {"start": "2024-05-01", "runs": runs, **run(floor, 1, 5)}

    assert errors_of(park.post(f"allocations/{allocation.pk}/release/", both)) == {
        "runs": "invalid"
    }
    park.post(f"allocations/{allocation.pk}/release/", {"start": "2024-05-01", "runs": runs})

    assert shape_of(allocation) == [(1, 40, START, MAY), (6, 30, MAY, None)]


def test_who_comes_late_gets_the_newer_values(park, allocation, floor, high):
    body = {"start": "2024-05-01", "to": [run(high, 1, 40)]}
    park.post(f"allocations/{allocation.pk}/move/", body, If_Match='"1"')

    for late in (body, {**body, "dry_run": True}):
        stale = park.post(f"allocations/{allocation.pk}/move/", late, If_Match='"1"')
        assert (stale.status_code, stale.json()["code"]) == (412, "stale")
        assert stale.json()["current"]["blocks"]


def test_borrowed_seats_are_not_the_borrowers_to_change(park, allocation, floor):
    loan = make_arranged(floor, (1, 10))

    refused = park.post(
        f"allocations/{loan.borrower_allocation_id}/release/", {"start": "2024-04-10"}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "seats_borrowed")
    assert refused.json()["loan"] == loan.pk


def test_strangers_and_the_enterprise_itself_may_not(firm, stranger, allocation):
    body = {"last_day": "2024-04-30"}

    assert firm.post(f"allocations/{allocation.pk}/end/", body).status_code == 403
    assert stranger.post(f"allocations/{allocation.pk}/end/", body).status_code == 403

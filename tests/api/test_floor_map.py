"""The map of a floor for programs: every run, few bytes, named as far as one may know."""

import json
from datetime import date

import pytest

from accounts.permissions import Role
from park.axis import seat_at
from seats.models import AllocationKind
from seats.services.floors import extend_floor
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db

SINCE = date(2024, 1, 1)


@pytest.fixture
def other(db):
    return EnterpriseFactory(short_name="京阿唯")


@pytest.fixture
def taken(floor, enterprise, other):
    """C-1-1F: two runs of one enterprise around one of another, a closure, one run to come."""
    make_allocation(floor, (1, 40), start=SINCE, to=enterprise)
    make_allocation(floor, (41, 50), start=SINCE, kind=AllocationKind.HOLD, to=other)
    make_allocation(floor, (51, 60), start=SINCE, to=enterprise)
    make_allocation(floor, (61, 70), start=SINCE, kind=AllocationKind.CLOSURE)
    make_allocation(floor, (91, 100), start=date(2024, 3, 1), to=other)
    return floor


def read(answer):
    """The runs as people say them: from, to, what, who."""
    body = answer.json()
    names = [holder["name"] for holder in body["holders"]]
    return [
        (first, last, body["kinds"][kind], *(names[number] for number in holder))
        for first, last, kind, *holder in body["runs"]
    ]


def test_every_run_with_its_kind_and_holder(park, taken):
    answer = park.get(f"floors/{taken.pk}/map/")

    assert read(answer) == [
        (1, 40, "firm", "诚伯信息"),
        (41, 50, "hold", "京阿唯"),
        (51, 60, "firm", "诚伯信息"),
        (61, 70, "closure"),
    ]
    body = answer.json()
    assert (body["label"], body["seats"], body["on"]) == ("C-1-1F", 100, "2024-02-22")
    assert body["first_seat"] == seat_at(taken.pk, 1)
    assert len(body["holders"]) == 2


def test_another_day(park, taken):
    assert read(park.get(f"floors/{taken.pk}/map/?on=2024-03-01"))[-1] == (
        *(91, 100, "firm"),
        "京阿唯",
    )
    assert read(park.get(f"floors/{taken.pk}/map/?on=2023-12-31")) == []
    assert park.get(f"floors/{taken.pk}/map/?on=2024-02-30").status_code == 400


def test_an_enterprise_gets_its_own_name_and_no_other(firm, stranger, taken):
    assert [run[3:] for run in read(firm.get(f"floors/{taken.pk}/map/"))] == [
        *(("诚伯信息",), (), ("诚伯信息",), ()),
    ]
    answer = stranger.get(f"floors/{taken.pk}/map/")
    assert answer.json()["holders"] == []
    assert [run[:3] for run in read(answer)] == [
        *((1, 40, "firm"), (41, 50, "hold"), (51, 60, "firm"), (61, 70, "closure")),
    ]


def test_who_may_not_see_the_place_is_refused(as_role, anybody, taken):
    assert as_role(Role.OFFICIAL).get(f"floors/{taken.pk}/map/").status_code == 403
    assert anybody.get(f"floors/{taken.pk}/map/").status_code == 401


def test_a_floor_that_is_not_there_is_not_found(park):
    for number in (999, 2**31, 10**30):
        assert park.get(f"floors/{number}/map/").status_code == 404


def test_what_does_not_exist_is_void(park, taken, operator, now):
    extend_floor(
        floor_id=taken.pk,
        seat_count=120,
        first_day=date(2024, 6, 1),
        now=now,
        acting_user=operator,
    )
    planned = make_floor(level=9, seats=40, delivered_on=None, planned_on=date(2024, 2, 1))

    assert read(park.get(f"floors/{taken.pk}/map/"))[-1] == (101, 120, "void")
    assert read(park.get(f"floors/{taken.pk}/map/?on=2024-06-01"))[-1] == (
        91,
        100,
        "firm",
        "京阿唯",
    )
    # Its planned day is past, but nobody handed it over: it counts from tomorrow on.
    assert read(park.get(f"floors/{planned.pk}/map/")) == [(1, 40, "void")]
    assert read(park.get(f"floors/{planned.pk}/map/?on=2024-02-23")) == []


def test_has_an_etag_that_holds_until_something_changes(park, taken):
    address = f"/api/v1/floors/{taken.pk}/map/"
    first = park.client.get(address)
    known = {"headers": {"If-None-Match": first.headers["ETag"]}}

    same = park.client.get(address, **known)
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["ETag"] == first.headers["ETag"]
    assert park.client.get(f"{address}?on=2024-02-23", **known).status_code == 200
    make_allocation(taken, (80, 81), start=SINCE)
    assert park.client.get(address, **known).status_code == 200


def test_two_readers_who_see_different_things_have_different_etags(park, stranger, taken):
    address = f"floors/{taken.pk}/map/"

    assert park.get(address).headers["ETag"] != stranger.get(address).headers["ETag"]


def test_a_run_takes_at_most_twenty_bytes(park, operator):
    floor = make_floor(seats=4096)
    for first in range(1, 4060, 40):
        make_allocation(floor, (first, first + 30), start=SINCE)

    text = park.get(f"floors/{floor.pk}/map/").content.decode()

    runs = json.loads(text)["runs"]
    part = text[text.index('"runs":') : text.index('"holders":')]
    assert len(runs) == 102
    assert len(part.encode()) <= 20 * len(runs)


def test_asks_once_however_many_runs_there_are(
    park, taken, django_assert_num_queries, django_assert_max_num_queries
):
    address = f"floors/{taken.pk}/map/"
    park.get(address)
    with django_assert_max_num_queries(2) as few:  # whose token it is, and the floor
        park.get(address)
    for place in range(72, 90, 2):
        make_allocation(taken, (place, place), start=SINCE)

    with django_assert_num_queries(len(few)):
        park.get(address)

"""Zones, buildings, floors: where they are and what is free in them today."""

from datetime import date

import pytest

from accounts.permissions import Role
from park.axis import seat_at
from seats.models import AllocationKind
from tests.factories.park import ZoneFactory, make_floor
from tests.factories.seats import make_allocation

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """Two floors of C-1, one of B1-2, one of D-1 that is only planned, and an empty zone E."""
    floors = {
        "ground": make_floor(seats=100),
        "top": make_floor(level=10, seats=50),
        "b1": make_floor(zone="B1", building="2", seats=30),
        "planned": make_floor(zone="D", seats=200, delivered_on=None, planned_on=date(2024, 3, 29)),
    }
    ZoneFactory(code="E")
    make_allocation(floors["ground"], (1, 40), start=date(2024, 1, 1))
    make_allocation(floors["ground"], (41, 50), kind=AllocationKind.CLOSURE, start=date(2024, 1, 1))
    make_allocation(floors["top"], (1, 10), start=date(2024, 3, 1))
    return floors


def test_zones_come_by_code_with_what_is_free_today(park, place):
    zones = park.get("zones/").json()["results"]

    assert [(zone["code"], zone["state"], zone["seats"], zone["free_today"]) for zone in zones] == [
        ("B1", "in_use", 30, 30),
        ("C", "in_use", 150, 100),
        ("D", "under_construction", 200, 0),
        ("E", "planned", 0, 0),
    ]


def test_a_zone_says_where_its_seats_begin_and_end(park, place):
    zone = park.get("zones/").json()["results"][1]

    assert zone["first_seat"] == seat_at(place["ground"].pk, 1)
    assert zone["last_seat"] == seat_at(place["top"].pk, 50)
    assert park.get(f"zones/{zone['id']}/").json() == zone


def test_buildings_come_as_one_walks(park):
    for building in ("10", "2", "1"):
        make_floor(building=building)
    make_floor(zone="B1")

    labels = [row["label"] for row in park.get("buildings/").json()["results"]]

    assert labels == ["B1-1", "C-1", "C-2", "C-10"]


def test_a_building_adds_up_its_floors(park, place):
    building = park.get("buildings/?zone=C").json()["results"][0]

    assert (building["floors"], building["seats"], building["free_today"]) == (2, 150, 100)
    assert park.get(f"buildings/{building['id']}/").json() == building


def test_floors_come_as_one_walks(park):
    for zone, building, level in [("C", "10", 1), ("C", "2", 10), ("C", "2", 9), ("C", "2", -1)]:
        make_floor(zone=zone, building=building, level=level)
    make_floor(zone="B1")

    labels = [row["label"] for row in park.get("floors/").json()["results"]]

    assert labels == ["B1-1-1F", "C-2-B1F", "C-2-9F", "C-2-10F", "C-10-1F"]


def test_a_floor_has_nothing_free_before_it_is_handed_over(park, place):
    floor = park.get(f"floors/{place['planned'].pk}/").json()

    assert (floor["seats"], floor["free_today"]) == (200, 0)
    assert (floor["planned_on"], floor["delivered_on"]) == ("2024-03-29", None)


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("?zone=B1", ["B1-2-1F"]),
        ("?zone=B1&zone=D", ["B1-2-1F", "D-1-1F"]),
        ("?zone=B1,D", ["B1-2-1F", "D-1-1F"]),
        ("?building=C-1", ["C-1-1F", "C-1-10F"]),
        ("?building=C-7", []),
        ("?building=99999999999999999999", []),
        ("?zone=&building=", ["B1-2-1F", "C-1-1F", "C-1-10F", "D-1-1F"]),
    ],
)
def test_floors_of_a_zone_or_a_building(park, place, query, labels):
    assert [row["label"] for row in park.get(f"floors/{query}").json()["results"]] == labels


def test_floors_of_a_building_by_its_id(park, place):
    building = park.get("buildings/?zone=B1").json()["results"][0]["id"]

    rows = park.get(f"floors/?building={building}").json()["results"]

    assert [row["label"] for row in rows] == ["B1-2-1F"]
    assert rows[0]["building"] == building


def test_a_zone_that_does_not_exist_is_refused_by_name(park, place):
    problem = park.get("floors/?zone=X")

    assert problem.status_code == 400
    assert "X" in problem.json()["errors"][0]["message"]


def test_pages_follow_one_another_in_order(park):
    for level in range(1, 8):
        make_floor(level=level)

    labels, address = [], "floors/?page_size=3"
    while address:
        page = park.get(address).json()
        labels += [row["label"] for row in page["results"]]
        address = page["next"]

    assert labels == [f"C-1-{level}F" for level in range(1, 8)]


@pytest.mark.parametrize("noun", ["zones", "buildings", "floors"])
def test_the_number_of_queries_does_not_grow(park, noun, django_assert_num_queries):
    make_floor()
    park.get(f"{noun}/")  # the first use of a day is noted
    with django_assert_num_queries(3):  # who asks, the rows, what is free
        park.get(f"{noun}/")
    for level in range(2, 8):
        make_floor(zone="D", building=str(level), level=level)

    with django_assert_num_queries(3):
        park.get(f"{noun}/")


@pytest.mark.parametrize("noun", ["zones", "buildings", "floors"])
def test_every_row_has_a_detail_with_an_etag(park, place, noun):
    for row in park.get(f"{noun}/").json()["results"]:
        detail = park.get(f"{noun}/{row['id']}/")

        assert detail.json() == row
        assert detail.headers["ETag"].startswith('"')


def test_an_etag_without_version_changes_with_what_is_free(park, place):
    zone = park.get("zones/?page_size=1000").json()["results"][1]["id"]
    before = park.get(f"zones/{zone}/").headers["ETag"]

    make_allocation(place["ground"], (60, 61), start=date(2024, 2, 1))

    assert park.get(f"zones/{zone}/").headers["ETag"] != before


def test_people_of_an_enterprise_see_the_place(firm, place):
    assert firm.get("zones/").status_code == 200


def test_officials_do_not(as_role, place):
    assert as_role(Role.OFFICIAL).get("zones/").status_code == 403


@pytest.mark.parametrize("address", ["zones/0/", "floors/999999999999999999999999/", "zones/x/"])
def test_what_is_not_there_is_404(park, place, address):
    problem = park.get(address)

    assert problem.status_code == 404
    assert problem.headers["Content-Type"] == "application/problem+json"

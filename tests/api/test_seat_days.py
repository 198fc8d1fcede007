"""Seat-days by enterprise and month over years; squared paper counts them in tests/seats."""

from datetime import date

import pytest

from seats.models import AllocationKind
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def firms():
    return EnterpriseFactory(short_name="博二"), EnterpriseFactory(short_name="阿一")


@pytest.fixture
def taken(floor, firms):
    """博二 has 30 seats from 20 January to 4 March; 阿一 has 10 held from 1 February on."""
    make_allocation(floor, (1, 30), start=date(2024, 1, 20), last=date(2024, 3, 4), to=firms[0])
    hold = AllocationKind.HOLD
    make_allocation(floor, (31, 40), start=date(2024, 2, 1), to=firms[1], kind=hold)
    return floor


def test_are_counted_month_by_month(park, taken, firms):
    answer = park.get("seat-days/?first=2023-12&last=2024-04").json()

    assert answer["months"] == ["2023-12", "2024-01", "2024-02", "2024-03", "2024-04"]
    assert answer["rows"] == [
        {
            "key": firms[1].pk,
            "name": "阿一",
            "firm": [0] * 5,
            "held": [0, 0, 10 * 29, 10 * 31, 10 * 30],
        },
        {
            "key": firms[0].pk,
            "name": "博二",
            "firm": [0, 30 * 12, 30 * 29, 30 * 4, 0],
            "held": [0] * 5,
        },
    ]


def test_of_one_enterprise_are_its_own(park, taken, firms):
    answer = park.get(f"seat-days/?first=2024-03&last=2024-03&enterprise={firms[0].pk}").json()

    assert [(row["key"], row["firm"]) for row in answer["rows"]] == [(firms[0].pk, [120])]


def test_of_months_without_seats_there_are_none(park, taken):
    assert park.get("seat-days/?first=2023-01&last=2023-12").json()["rows"] == []


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ["first", "last"]),
        ("first=2024-03&last=2024-02", ["last"]),
        ("first=2004-01&last=2024-01", ["last"]),
        ("first=2024-1&last=2024-02", ["first"]),
        ("first=2024-01&last=2024-02&enterprise=0", ["enterprise"]),
        ("first=2024-01&last=2024-02&by=floor", ["by"]),
    ],
)
def test_refuse_what_makes_no_sense(park, query, fields):
    problem = park.get(f"seat-days/?{query}")

    assert problem.status_code == 400
    assert [error["field"] for error in problem.json()["errors"]] == fields


def test_are_for_the_park_only(firm, taken):
    assert firm.get("seat-days/?first=2024-01&last=2024-02").status_code == 403

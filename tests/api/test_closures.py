"""Closing seats and opening them again through the API."""

from datetime import date

import pytest

from seats.models import AllocationKind
from tests.api.conftest import errors_of
from tests.factories.seats import make_allocation

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(floor, block):
    return {"kind": "closure", "reason": "消防检修", "blocks": [block(floor, 11, 50)]}


def test_is_refused_with_the_names_for_today_and_for_days_to_come(park, body, floor, enterprise):
    make_allocation(floor, (1, 20), to=enterprise, last=date(2024, 12, 31))
    make_allocation(floor, (41, 60), to=enterprise, start=date(2024, 9, 1))

    answer = park.post("allocations/", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "seats_taken")
    named = [(each["held_by"], each["start"], each["end"]) for each in answer.json()["conflicts"]]
    assert named == [
        ("诚伯信息", "2024-03-01", "2024-12-31"),
        ("诚伯信息", "2024-09-01", None),
    ]


def test_wants_a_reason(park, body):
    answer = park.post("allocations/", {**body, "reason": " "})

    assert answer.status_code == 400
    assert "reason" in errors_of(answer)


def test_may_say_when_they_are_meant_to_be_back(park, body):
    closed = park.post("allocations/", {**body, "due_on": "2024-05-01"})

    assert closed.json()["due_on"] == "2024-05-01"


@pytest.mark.parametrize("told", [{"due_on": "2024-02-01"}, {"due_on": "morgen"}])
def test_says_what_is_wrong_with_that_day(park, body, told):
    answer = park.post("allocations/", {**body, **told})

    assert "due_on" in errors_of(answer)


def test_is_opened_early_by_a_release(park, floor):
    closure = make_allocation(
        floor, (11, 50), kind=AllocationKind.CLOSURE, start=date(2024, 2, 1), last=date(2024, 5, 31)
    )

    answer = park.post(f"allocations/{closure.pk}/release/", {"start": "2024-03-01"})

    [block] = answer.json()["blocks"]
    assert (block["start"], block["end"]) == ("2024-02-01", "2024-02-29")

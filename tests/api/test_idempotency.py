"""A POST that is sent twice creates once."""

from datetime import timedelta

import pytest

from accounts.permissions import Role
from foundation.models import IdempotencyKey
from seats.models import SeatRequest
from tenants.models import Enterprise
from tests.api.conftest import Program
from tests.factories.seats import make_allocation
from tests.factories.tenants import credit_code

pytestmark = pytest.mark.django_db

NEW = {"credit_code": credit_code(77), "name": "测试一"}
WISH = {"seats": 5, "start": "2024-03-01"}


def test_the_same_key_gets_the_same_answer(park, db):
    first = park.post("enterprises/", NEW, Idempotency_Key="order 1")
    again = park.post("enterprises/", NEW, Idempotency_Key="order 1")

    assert (again.status_code, again.json()) == (201, first.json())
    for header in ("Location", "ETag"):
        assert again.headers[header] == first.headers[header]
    assert Enterprise.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(park, db):
    park.post("enterprises/", NEW, Idempotency_Key="1")

    problem = park.post("enterprises/", {**NEW, "name": "测试二"}, Idempotency_Key="1")

    assert (problem.status_code, problem.json()["code"]) == (422, "idempotency_key_reused")


def test_the_same_key_at_another_address_is_refused(park, floor, enterprise):
    body = {**WISH, "enterprise": enterprise.pk}
    park.post("seat-requests/", body, Idempotency_Key="1")

    assert park.post("returns/", body, Idempotency_Key="1").status_code == 422


def test_keys_are_each_persons_own(park, person, floor, enterprise):
    other = Program(person(Role.OPERATOR_STAFF))
    body = {**WISH, "enterprise": enterprise.pk}

    first = park.post("seat-requests/", body, Idempotency_Key="1").json()
    second = other.post("seat-requests/", body, Idempotency_Key="1").json()

    assert first["id"] != second["id"]


def test_a_refusal_is_not_kept(park, floor, block, enterprise):
    rival = make_allocation(floor, (1, 5))
    body = {"enterprise": enterprise.pk, "kind": "firm", "blocks": [block(floor, 1, 5)]}

    assert park.post("allocations/", body, Idempotency_Key="1").status_code == 409
    assert park.post("allocations/", {}, Idempotency_Key="1").status_code == 400
    park.post(f"allocations/{rival.pk}/release/", {"start": "2024-03-01"})

    assert park.post("allocations/", body, Idempotency_Key="1").status_code == 201


def test_without_a_key_twice_is_two(park, floor, enterprise):
    for _time in range(2):
        park.post("seat-requests/", {**WISH, "enterprise": enterprise.pk})

    assert SeatRequest.objects.count() == 2


def test_an_approval_can_be_sent_again(park, firm, floor, block):
    wish = firm.post("seat-requests/", WISH).json()
    firm.post(f"seat-requests/{wish['id']}/submit/")
    address = f"seat-requests/{wish['id']}/approve/"
    body = {"blocks": [block(floor, 1, 5)]}

    first = park.post(address, body, Idempotency_Key="1")
    again = park.post(address, body, Idempotency_Key="1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert park.post(address, body).json()["code"] == "wrong_state"


def test_after_a_day_a_key_is_forgotten(park, floor, enterprise, now, monkeypatch):
    body = {**WISH, "enterprise": enterprise.pk}
    first = park.post("seat-requests/", body, Idempotency_Key="1").json()
    monkeypatch.setattr("foundation.clock.now", lambda: now + timedelta(days=1, seconds=1))

    second = park.post("seat-requests/", body, Idempotency_Key="1").json()

    assert first["id"] != second["id"]
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "é", "a\tb"])
def test_a_key_is_plain_text_of_some_length(park, floor, enterprise, key):
    problem = park.post(
        "seat-requests/", {**WISH, "enterprise": enterprise.pk}, Idempotency_Key=key
    )

    assert problem.status_code == 400
    assert problem.json()["errors"][0]["field"] == "Idempotency-Key"


def test_may_one_is_asked_before_the_key_is_read(firm, db):
    assert firm.post("enterprises/", NEW, Idempotency_Key="").status_code == 403

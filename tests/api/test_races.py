"""Several programs at the same moment, over real HTTP and real transactions."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from accounts.services import make_api_token
from seats.models import Allocation, SeatRequest
from seats.services.requests import submit_request
from tenants.models import Enterprise
from tests.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.park import make_floor
from tests.factories.seats import make_request, make_run
from tests.factories.tenants import EnterpriseFactory, credit_code

pytestmark = pytest.mark.django_db(transaction=True)

Post = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def operator() -> User:
    return UserFactory(name="张敏", roles=[Role.OPERATOR_MANAGER])


@pytest.fixture
def post(live_server: Any) -> Post:
    """POST as somebody, on a connection of its own."""

    def send(user: User, address: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        connection = HTTPConnection(urlsplit(live_server.url).netloc, timeout=30)
        headers = {
            "Authorization": f"Bearer {tokens[user.pk]}",
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        connection.request("POST", f"/api/v1/{address}", json.dumps(body), headers)
        response = connection.getresponse()
        answer = response.status, json.loads(response.read())
        connection.close()
        return answer

    tokens = {
        user.pk: make_api_token(user=user, name="race", now=timezone.now())
        for user in User.objects.all()
    }
    return send


def test_of_two_approvals_of_the_same_seats_one_succeeds(operator, live_server, request):
    floor = make_floor(seats=100, acting_user=operator)
    other = UserFactory(roles=[Role.OPERATOR_STAFF])
    wishes = []
    for name in ("阿一", "博二"):
        wish = make_request(enterprise=EnterpriseFactory(short_name=name), acting_user=operator)
        submit_request(request_id=wish.pk, now=NOW, acting_user=operator)
        wishes.append(wish)
    run = make_run(floor, 1, 60).seats
    body = {
        "blocks": [{"first_seat": run.lower, "last_seat": run.upper - 1, "start": "2024-03-01"}]
    }
    post = request.getfixturevalue("post")

    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda pair: post(pair[0], f"seat-requests/{pair[1].pk}/approve/", body),
                zip((operator, other), wishes, strict=True),
            )
        )

    assert sorted(status for status, _body in answers) == [200, 409]
    refusal = next(answer for status, answer in answers if status == 409)
    winner = SeatRequest.objects.get(state="fulfilled").enterprise.short_name
    assert refusal["code"] == "seats_taken"
    assert [conflict["held_by"] for conflict in refusal["conflicts"]] == [winner]
    assert Allocation.objects.count() == 1


def test_the_same_key_eight_times_at_once_creates_one(operator, post):
    body = {"credit_code": credit_code(5), "name": "测试一"}

    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _number: post(operator, "enterprises/", body, Idempotency_Key="once"),
                range(8),
            )
        )

    assert [status for status, _body in answers] == [201] * 8
    assert all(answer == answers[0][1] for _status, answer in answers)
    assert Enterprise.objects.count() == 1


def test_an_enterprise_added_by_two_at_once_is_refused_to_one(operator, post):
    body = {"credit_code": credit_code(6), "name": "测试二"}

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: post(operator, "enterprises/", body), range(4)))

    assert sorted(status for status, _body in answers) == [201, 400, 400, 400]
    assert {
        error["code"] for status, answer in answers if status == 400 for error in answer["errors"]
    } == {"duplicate"}

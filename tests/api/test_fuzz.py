"""Whatever is sent, the answer is one that the schema knows: never a fault of ours."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.axis import seat_at
from seats.models import AllocationKind
from tests.factories.fit_outs import make_fit_out, make_handover
from tests.factories.seats import make_allocation, make_request
from tests.factories.tenants import credit_code

pytestmark = pytest.mark.django_db

tireless = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

numbers = st.one_of(
    st.integers(-(2**70), 2**70),
    st.sampled_from([0, 1, -1, 2**31 - 1, 2**31, 2**63, 10_000_000]),
    st.floats(allow_nan=False, allow_infinity=False),
)
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(
        ["", " ", "\x00", "C", "2024-02-22", "2024-02", "2024-02-30", "9999-12-31", "0001-01-01"]
    ),
)
plain = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def nearly(body: dict[str, Any]) -> st.SearchStrategy[Any]:
    """`body` with some of its members replaced or left out, or something else altogether."""
    others = {
        name: nearly(member) if isinstance(member, dict) else values
        for name, member in body.items()
    }
    changed = st.fixed_dictionaries({}, optional=others).map(lambda change: {**body, **change})
    whole = st.fixed_dictionaries({}, optional={name: st.just(body[name]) for name in body})
    return changed | whole | values


BLOCK = {
    "first_seat": seat_at(1, 1),
    "last_seat": seat_at(1, 2),
    "start": "2024-03-01",
    "end": None,
}
BODIES: dict[str, dict[str, Any]] = {
    "enterprises/": {
        "credit_code": credit_code(1),
        "name": "名",
        "short_name": "名",
        "aliases": [],
        "contact": {"name": "人"},
        "main_business": "other",
    },
    "seat-requests/": {
        "enterprise": 1,
        "kind": "new",
        "seats": 5,
        "start": "2024-03-01",
        "end": None,
        "zones": ["C"],
        "contiguous": True,
        "note": "",
    },
    "allocations/": {
        "enterprise": 1,
        "kind": "hold",
        "expires_at": "2024-03-01T10:00:00+08:00",
        "blocks": [BLOCK],
        "request": None,
        "reason": "",
    },
    "fit-outs/": {
        "enterprise": 1,
        "allocation": 1,
        "runs": [{"first_seat": seat_at(1, 1), "last_seat": seat_at(1, 2)}],
        "description": "",
        "planned": {"plan": "2024-03-01", "start": None},
        "closes_seats": False,
    },
    "handovers/": {
        "allocation": 1,
        "direction": "move_in",
        "on": "2024-03-01",
        "note": "",
        "runs": [],
        "lines": [{"first_seat": 1, "last_seat": 2, "item": "desk", "count": 2, "worn": 1}],
        "replaces": None,
        "reason": "",
    },
    "returns/": {"enterprise": 1, "month": "2024-01", "revenue": 1.5, "headcount": 5},
}


@pytest.fixture
def rows(floor, enterprise, operator):
    """Something to act upon."""
    held = make_allocation(floor, (1, 5), kind=AllocationKind.HOLD, to=enterprise)
    contracted = make_allocation(floor, (11, 20), to=enterprise)
    return {
        "enterprise": enterprise.pk,
        "seat_request": make_request(enterprise=enterprise, acting_user=operator).pk,
        "allocation": held.pk,
        "contracted": contracted.pk,
        "fit_out": make_fit_out(contracted, by=operator).pk,
        "handover": make_handover(contracted, park=operator).pk,
        "first_seat": seat_at(floor.pk, 1),
    }


@pytest.mark.parametrize("address", BODIES)
def test_of_bodies_that_create(park, rows, address):
    body = BODIES[address]
    if "enterprise" in body:
        body = {**body, "enterprise": rows["enterprise"]}
    if "allocation" in body:
        body = {**body, "allocation": rows["contracted"]}
    if "blocks" in body:
        run = {"first_seat": rows["first_seat"], "last_seat": rows["first_seat"] + 1}
        body = {**body, "blocks": [{**BLOCK, **run}]}

    @tireless
    @given(nearly(body))
    def send(sent: Any) -> None:
        assert park.post(address, sent).status_code < 500

    send()


@tireless
@given(nearly(BLOCK))
def test_of_blocks(park, rows, block):
    body = {"enterprise": rows["enterprise"], "kind": "hold", "blocks": [block]}

    assert park.post("allocations/", body).status_code < 500
    assert park.post(f"allocations/{rows['allocation']}/release/", block).status_code < 500
    approval = {"blocks": [block], "release": [block]}
    answer = park.post(f"seat-requests/{rows['seat_request']}/approve/", approval)
    assert answer.status_code < 500


@tireless
@given(values, st.sampled_from(["submit", "take-up", "send-back", "reject", "withdraw"]))
def test_of_steps(park, rows, body, step):
    answer = park.post(f"seat-requests/{rows['seat_request']}/{step}/", body)

    assert answer.status_code < 500


@tireless
@given(
    values,
    st.sampled_from(["fit-outs/{fit_out}/", "handovers/{handover}/"]),
    st.sampled_from(["submit", "cancel", "take-deposit", "days", "edit", "sign", "dispute"]),
)
def test_of_steps_of_cases(park, rows, body, address, step):
    answer = park.post(address.format(**rows) + f"{step}/", body, If_Match='"1"')

    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("enterprises/{enterprise}/", BODIES["enterprises/"]),
        ("seat-requests/{seat_request}/", BODIES["seat-requests/"]),
    ],
)
def test_of_changes(park, rows, address, body):
    @tireless
    @given(nearly(body))
    def send(sent: Any) -> None:
        assert park.patch(address.format(**rows), sent).status_code < 500

    send()


PARAMETERS = {
    "zones/": ["cursor", "page_size"],
    "floors/": ["zone", "building", "cursor", "page_size"],
    "enterprises/": ["q", "credit_code", "state", "cursor"],
    "seat-requests/": ["state", "enterprise", "kind", "cursor"],
    "allocations/": ["enterprise", "kind", "floor", "request"],
    "fit-outs/": ["state", "enterprise", "allocation", "zone", "overdue", "cursor"],
    "handovers/": ["state", "direction", "enterprise", "allocation", "cursor"],
    "returns/": ["month", "enterprise", "state"],
    "occupancy/": ["on", "month", "by"],
    "free-runs/": ["start", "end", "min_seats", "zone", "delivered"],
    "seat-days/": ["first", "last", "enterprise"],
}


@pytest.mark.parametrize("address", PARAMETERS)
def test_of_query_strings(park, rows, address):
    asked = st.fixed_dictionaries(
        {}, optional=dict.fromkeys(PARAMETERS[address], texts | numbers.map(str))
    )

    @tireless
    @given(asked)
    def ask(query: dict[str, str]) -> None:
        assert park.get(f"{address}?{urlencode(query)}").status_code < 500

    ask()


@tireless
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_of_headers(park, rows, text):
    address = f"seat-requests/{rows['seat_request']}/"
    body = {"seats": 5}

    assert park.patch(address, body, If_Match=text).status_code in {200, 400, 412}
    assert park.post("returns/", body, Idempotency_Key=text).status_code == 400

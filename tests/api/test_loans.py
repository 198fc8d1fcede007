"""Loans of seats through the API: from the proposal to the return, and who reads what."""

from datetime import date

import pytest

from park.axis import seat_at
from park.models import Zone
from tests.api.conftest import Program, errors_of
from tests.factories.loans import make_arranged, make_loan
from tests.factories.seats import make_allocation, shape_of
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = pytest.mark.django_db

START = date(2024, 3, 1)


@pytest.fixture
def held(floor, enterprise):
    """Sixty seats of 诚伯信息, for whom `firm` speaks."""
    return make_allocation(floor, (1, 60), to=enterprise)


@pytest.fixture
def borrower():
    return EnterpriseFactory(short_name="迈睿")


@pytest.fixture
def taker(borrower):
    return Program(make_member(borrower))


@pytest.fixture
def body(floor, held, borrower):
    return {
        "borrower": borrower.pk,
        "first_seat": seat_at(floor.pk, 11),
        "last_seat": seat_at(floor.pk, 30),
        "start": "2024-04-01",
        "end": "2024-05-31",
        "reason": "双十一",
    }


def test_goes_from_the_proposal_to_the_early_return(park, firm, taker, body, held, enterprise):
    proposed = park.post("seat-loans/", body, Idempotency_Key="one")
    address = f"seat-loans/{proposed.json()['id']}/"

    assert proposed.status_code == 201
    assert park.post("seat-loans/", body, Idempotency_Key="one").json() == proposed.json()
    assert (proposed.json()["state"], proposed.json()["waits_for"]) == ("proposed", "lender")
    assert proposed.json()["lender"] == enterprise.pk

    agreed = firm.post(f"{address}agree/", {"name": "周倩"})
    assert (agreed.json()["state"], agreed.json()["agreed_name"]) == ("agreed", "周倩")

    arranged = park.post(f"{address}arrange/", {}, If_Match=agreed.headers["ETag"])
    assert (arranged.json()["state"], arranged.json()["waits_for"]) == ("arranged", None)
    [own] = taker.get("allocations/").json()["results"]
    assert own["id"] == arranged.json()["borrower_allocation"]
    assert [(block["start"], block["end"]) for block in own["blocks"]] == [
        ("2024-04-01", "2024-05-31")
    ]

    back = park.post(f"{address}return/", {"start": "2024-05-01", "note": "忙完了"})
    assert (back.json()["state"], back.json()["returned_on"]) == ("ended_early", "2024-05-01")
    assert [step["state"] for step in back.json()["steps"]] == [
        "proposed",
        "agreed",
        "arranged",
        "ended_early",
    ]
    assert (11, 30, date(2024, 5, 1), None) in shape_of(held)


def test_says_until_when_the_lender_has_the_seats(park, body, floor, borrower):
    make_allocation(floor, (71, 80), last=date(2024, 4, 30))
    wrong = {"first_seat": seat_at(floor.pk, 71), "last_seat": seat_at(floor.pk, 80)}

    refused = park.post("seat-loans/", {**body, **wrong})

    assert (refused.status_code, refused.json()["code"]) == (409, "loan_beyond_lender")
    assert refused.json()["until"] == "2024-04-30"
    assert errors_of(refused) == {"end": "loan_beyond_lender"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"end": "2024-03-01"}, "end"),
        ({"end": None}, "end"),
        ({"borrower": 0}, "borrower"),
        ({"last_seat": 0}, "last_seat"),
        ({"lender": 1}, "lender"),
    ],
)
def test_refuses_what_makes_no_sense(park, body, change, field):
    refused = park.post("seat-loans/", {**body, **change})

    assert refused.status_code == 400
    assert field in errors_of(refused)


def test_asks_for_paper_and_consent(park, body):
    Zone.objects.update(leased_in=True)
    loan = park.post("seat-loans/", body).json()
    address = f"seat-loans/{loan['id']}/"

    assert loan["needs_consent"] is True
    early = park.post(f"{address}arrange/", {})
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    assert errors_of(park.post(f"{address}agree/", {"name": "周倩"})) == {"reference": "invalid"}
    park.post(f"{address}agree/", {"name": "周倩", "reference": "函 1 号"})
    missing = park.post(f"{address}arrange/", {})
    assert (missing.status_code, missing.json()["code"]) == (409, "consent_missing")
    done = park.post(
        f"{address}arrange/", {"consent_reference": "函 7", "consent_on": "2024-02-20"}
    )
    assert (done.json()["state"], done.json()["consent_on"]) == ("arranged", "2024-02-20")


def test_the_borrower_is_not_told_whose_seats_they_are(taker, firm, floor, held, borrower):
    loan = make_arranged(floor, (11, 30), to=borrower)

    seen = taker.get(f"seat-loans/{loan.pk}/").json()
    hidden = ("lender", "lender_name", "lender_allocation")
    assert [seen[name] for name in hidden] == [None, None, None]
    assert (seen["agreed_name"], seen["agreement_reference"]) == ("", "")
    assert taker.get(f"seat-loans/?lender={held.enterprise_id}").json()["results"] == []
    own = firm.get(f"seat-loans/{loan.pk}/").json()
    assert own["lender_name"] == "诚伯信息"
    assert own["borrower_allocation"] is None
    assert taker.post(f"seat-loans/{loan.pk}/refuse/", {"note": "不"}).status_code == 403


def test_strangers_know_of_none(stranger, floor, held):
    loan = make_loan(floor, (1, 5))

    assert stranger.get(f"seat-loans/{loan.pk}/").status_code == 404
    assert stranger.get("seat-loans/").json()["results"] == []
    assert stranger.post(f"seat-loans/{loan.pk}/agree/", {"name": "甲"}).status_code == 404


def test_a_refusal_and_a_cancellation_say_why(park, firm, floor, held):
    refused, cancelled = make_loan(floor, (1, 5)), make_loan(floor, (6, 9))

    assert errors_of(firm.post(f"seat-loans/{refused.pk}/refuse/", {})) == {"note": "invalid"}
    assert firm.post(f"seat-loans/{refused.pk}/refuse/", {"note": "自用"}).json()["state"] == (
        "refused"
    )
    park.post(f"seat-loans/{cancelled.pk}/cancel/", {"note": "不需要"})
    found = park.get("seat-loans/?state=cancelled").json()["results"]
    assert [row["id"] for row in found] == [cancelled.pk]


def test_asks_as_often_for_many_as_for_few(
    park, floor, held, django_assert_num_queries, django_assert_max_num_queries
):
    make_loan(floor, (1, 1))
    park.get("seat-loans/")
    with django_assert_max_num_queries(6) as few:
        park.get("seat-loans/")
    for place in range(2, 20):
        make_loan(floor, (place, place))

    with django_assert_num_queries(len(few)):
        park.get("seat-loans/")

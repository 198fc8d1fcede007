"""Returns that were filed before they came here: taken over by the rules of those filed here."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from park.models import ReportingMonth
from park.services import MonthClosed
from returns.models import MonthlyReturn, ReturnRevision, ReturnState
from returns.services import (
    FiledElsewhere,
    NotATenantThen,
    ReturnExists,
    accept_return,
    correct_return,
    take_over_returns,
)
from tests.conftest import NOW, TODAY
from tests.factories.returns import COMPLETE, JANUARY, make_return, make_tenant
from web.refusals import Invalid

pytestmark = pytest.mark.django_db

FEBRUARY_5 = NOW - timedelta(days=17)


@pytest.fixture
def filed(operator):
    """A return as it was filed elsewhere."""

    def make(**changed: Any) -> FiledElsewhere:
        usual: dict[str, Any] = {
            "enterprise": changed.get("enterprise") or make_tenant(),
            "month": JANUARY,
            "figures": COMPLETE,
            "signer": "李娜",
            "submitted_by": operator,
            "submitted_at": FEBRUARY_5,
            "accepted_at": NOW,
        }
        return FiledElsewhere(**{**usual, **changed})

    return make


def take(*rows, operator) -> int:
    return take_over_returns(filed=rows, today=TODAY, acting_user=operator)


def test_they_are_there_as_if_filed_here(filed, operator):
    accepted = filed(source="纸质月报", sample_fields=("revenue",))
    waiting = filed(accepted_at=None)

    assert take(accepted, waiting, operator=operator) == 2

    row = MonthlyReturn.objects.get(enterprise=accepted.enterprise)
    assert (row.state, row.revision_count, row.since) == (ReturnState.ACCEPTED, 1, NOW)
    assert (row.source, row.sample_fields) == ("纸质月报", ["revenue"])
    revision = ReturnRevision.objects.counting().get(monthly_return=row)
    assert (revision.number, revision.signer, revision.submitted_at) == (1, "李娜", FEBRUARY_5)
    assert (revision.revenue, revision.headcount) == (Decimal("1234567.89"), 100)
    row = MonthlyReturn.objects.get(enterprise=waiting.enterprise)
    assert row.state == ReturnState.SUBMITTED
    accept_return(return_id=row.pk, now=NOW, acting_user=operator)
    correct_return(return_id=row.pk, now=NOW, acting_user=operator)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"figures": {"revenue": Decimal(1)}}, Invalid),
        ({"figures": {**COMPLETE, "local": 3}}, Invalid),
        ({"figures": {**COMPLETE, "colour": 3}}, Invalid),
        ({"figures": {**COMPLETE, "joined": -1}}, Invalid),
        ({"signer": " "}, Invalid),
        ({"month": date(2024, 3, 1)}, Invalid),
        ({"month": date(2021, 2, 1)}, NotATenantThen),
        ({"month": date(2023, 12, 1)}, MonthClosed),
    ],
    ids=[
        "headcount missing",
        "a breakdown that does not add up",
        "no such figure",
        "negative",
        "nobody signed",
        "a month to come",
        "not a tenant then",
        "closed",
    ],
)
def test_one_that_breaks_a_rule_is_refused_and_none_is_taken_over(
    filed, operator, changed, refusal
):
    ReportingMonth.objects.create(
        month=date(2023, 12, 1), closed_at=datetime(2024, 1, 12, tzinfo=NOW.tzinfo)
    )

    with pytest.raises(refusal):
        take(filed(), filed(**changed), operator=operator)

    assert not MonthlyReturn.objects.exists()


def test_there_is_one_return_a_month(filed, operator):
    known = make_return()

    with pytest.raises(ReturnExists):
        take(filed(enterprise=known.enterprise), operator=operator)
    one = filed()
    with pytest.raises(ReturnExists):
        take(one, one, operator=operator)


def test_many_cost_no_more_queries_than_one(filed, operator, django_assert_num_queries):
    months = [date(2022, month, 1) for month in range(1, 13)]
    enterprises = [make_tenant() for _ in range(3)]
    many = [filed(month=month, enterprise=one) for month in months for one in enterprises]
    one = [filed()]

    for rows in (one, many):
        with django_assert_num_queries(9):
            take(*rows, operator=operator)

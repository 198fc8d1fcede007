"""Education, age and origin as filed: sums, shares, and what is left empty."""

from datetime import date
from decimal import Decimal

import pytest

from reports.indicators import figures
from tests.factories.returns import make_return, make_tenant, submit

pytestmark = pytest.mark.django_db

JANUARY = date(2024, 1, 1)
AGES = {"age_18_26": 58, "age_27_35": 39, "age_36_up": 3}


def file(**people):
    return submit(
        make_return(enterprise=make_tenant(), revenue=Decimal(1), headcount=100, **people)
    )


def figure(code, key="total"):
    by = key.partition(".")[0]
    return figures([code], [JANUARY], by=by).get((code, "2024-01", key))


def test_a_breakdown_is_the_sum_of_those_who_give_it():
    file(**AGES)
    file(**AGES, local=82, same_province=10, elsewhere=8)
    file()  # says nothing of its people

    assert {code: figure("age_people", f"age.{code}") for code in AGES} == {
        "age_18_26": 116,
        "age_27_35": 78,
        "age_36_up": 6,
    }
    assert figure("age_people") == 200
    assert figure("origin_people") == 100
    assert figure("education_people") is None
    assert figure("origin_share", "origin.local") == Decimal("82.00")
    assert figure("age_share", "age.age_18_26") == Decimal("58.00")


def test_of_nobody_nothing_is_known():
    assert figure("age_people") is None
    assert figure("age_share", "age.age_18_26") is None


def test_a_return_that_is_being_corrected_counts_as_it_was_filed():
    row = file(**AGES)
    row.age_18_26 = 1
    row.save(update_fields=["age_18_26"])

    assert figure("age_people", "age.age_18_26") == 58

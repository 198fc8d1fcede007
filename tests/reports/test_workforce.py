"""Education, age and origin as filed: sums, shares, and what is left empty."""

from datetime import date
from decimal import Decimal

import pytest

from reports.indicators import figures
from returns.models import BREAKDOWNS
from tests.factories.returns import make_return, make_tenant, submit

pytestmark = pytest.mark.django_db

JANUARY = date(2024, 1, 1)
AGES = {"age_18_26": 58, "age_27_35": 39, "age_36_up": 3}


def file(**people):
    return submit(
        make_return(enterprise=make_tenant(), revenue=Decimal(1), headcount=100, **people)
    )


def figure(code):
    return figures([code], [JANUARY], by="total").get((code, "2024-01", "total"))


def test_a_breakdown_is_the_sum_of_those_who_give_it():
    file(**AGES)
    file(**AGES, local=82, same_province=10, elsewhere=8)
    file()  # says nothing of its people

    assert {code: figure(code) for code in AGES} == {
        "age_18_26": 116,
        "age_27_35": 78,
        "age_36_up": 6,
    }
    assert (figure("by_age"), figure("by_origin"), figure("by_education")) == (200, 100, None)
    assert figure("local_share") == Decimal("82.00")
    assert figure("age_18_26_share") == Decimal("58.00")


def test_of_nobody_nothing_is_known():
    assert figure("by_age") is None
    assert figure("age_18_26_share") is None


def test_a_return_that_is_being_corrected_counts_as_it_was_filed():
    row = file(**AGES)
    row.age_18_26 = 1
    row.save(update_fields=["age_18_26"])

    assert figure("age_18_26") == 58


def test_every_part_of_every_breakdown_is_an_indicator():
    file(**AGES, local=82, same_province=10, elsewhere=8)

    for name, parts in BREAKDOWNS.items():
        whole = figure(f"by_{name}")
        assert whole == (sum(figure(part) for part in parts) if whole is not None else None)

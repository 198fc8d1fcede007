"""迈睿 has seats 1 to 60 of C-1-1F; 20 of them are to go to 诚伯信息 for two months."""

import pytest
from django.utils import translation

from seats.services.lending import arrange_loan
from tests.conftest import NOW, TODAY
from tests.factories.loans import agree, make_loan
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory


@pytest.fixture(autouse=True)
def _in_english(_nobodys_language, settings):
    """What is said here, and what people without a language of their own are told."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def floor():
    return make_floor(seats=100)


@pytest.fixture
def lender():
    return EnterpriseFactory(short_name="迈睿")


@pytest.fixture
def borrower():
    return EnterpriseFactory(short_name="诚伯信息")


@pytest.fixture
def held(floor, lender, operator):
    return make_allocation(floor, (1, 60), to=lender, acting_user=operator)


@pytest.fixture
def loan(floor, held, borrower, operator):
    return make_loan(floor, (11, 30), to=borrower, acting_user=operator)


@pytest.fixture
def by(operator):
    return {"now": NOW, "acting_user": operator}


@pytest.fixture
def arranged(loan, operator, by):
    agree(loan, operator)
    return arrange_loan(loan_id=loan.pk, today=TODAY, **by)

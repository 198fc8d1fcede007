"""Loans on the start pages: whose turn it is finds them there, nobody else does."""

import pytest

from tests.desk import Desk, text_of
from tests.factories.loans import agree, make_loan
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def desks(operator):
    """Of the park, of the lender and of the borrower."""
    lender, borrower = EnterpriseFactory(short_name="诚伯信息"), EnterpriseFactory()
    return Desk(operator), Desk(make_member(lender)), Desk(make_member(borrower))


@pytest.fixture
def loan(desks):
    _park, lender, borrower = desks
    floor = make_floor(seats=100)
    make_allocation(floor, (1, 60), to=lender.user.memberships.get().enterprise)
    return make_loan(floor, (1, 20), to=borrower.user.memberships.get().enterprise)


def who_is_told(desks, loan):
    address = f'href="/seats/loans/{loan.pk}/"'
    return [address in desk.get("portal:start").content.decode() for desk in desks]


def test_a_proposal_waits_for_the_lender_then_for_the_park(desks, loan, operator):
    assert who_is_told(desks, loan) == [False, True, False]
    page = text_of(desks[1].get("portal:start"))
    assert "C-1-1F-001 — 020 · 2024-04-01 to 2024-05-31" in page
    assert "Answer" in page

    agree(loan, operator)

    assert who_is_told(desks, loan) == [True, False, False]


def test_those_who_only_look_are_not_asked(loan):
    member = make_member(loan.lender, is_manager=False)

    assert who_is_told([Desk(member)], loan) == [False]

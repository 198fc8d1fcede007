"""Loans of seats for tests, made by the services that people use."""

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.permissions import Role
from foundation.uploads import Upload
from park.models import Floor
from seats.models import SeatLoan
from seats.services.lending import arrange_loan
from seats.services.loans import agree_to_loan, propose_loan
from tenants.models import Enterprise
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory
from tests.factories.seats import make_run
from tests.factories.tenants import EnterpriseFactory

FIRST, LAST = date(2024, 4, 1), date(2024, 5, 31)


def make_loan(
    floor: Floor,
    places: tuple[int, int],
    *,
    to: Enterprise | None = None,
    start: date = FIRST,
    last: date = LAST,
    now: datetime = NOW,
    acting_user: User | None = None,
    **more: Any,
) -> SeatLoan:
    """A proposal for seats of one floor that somebody has, by place; first and last included."""
    return propose_loan(
        borrower=to or EnterpriseFactory(),
        seats=make_run(floor, *places).seats,
        start=start,
        end=last + timedelta(days=1),
        now=now,
        acting_user=acting_user or UserFactory(roles=[Role.OPERATOR_MANAGER]),
        **more,
    )


def agree(loan: SeatLoan, acting_user: User, **more: Any) -> SeatLoan:
    """The park records that the lender agreed on paper."""
    told = {"name": "周倩", "reference": "调剂函 1 号", "now": NOW, **more}
    return agree_to_loan(loan_id=loan.pk, acting_user=acting_user, **told)


def make_loan_on_paper(floor: Floor, places: tuple[int, int], **more: Any) -> SeatLoan:
    """One that was agreed to on a paper that was scanned."""
    operator = UserFactory(roles=[Role.OPERATOR_MANAGER])
    paper = Upload("函.pdf", "application/pdf", b"%PDF-1.7")
    return agree(make_loan(floor, places, **more), operator, paper=paper)


def make_arranged(
    floor: Floor,
    places: tuple[int, int],
    *,
    today: date = TODAY,
    now: datetime = NOW,
    acting_user: User | None = None,
    **more: Any,
) -> SeatLoan:
    """A loan whose seats have moved."""
    operator = acting_user or UserFactory(roles=[Role.OPERATOR_MANAGER])
    loan = make_loan(floor, places, now=now, acting_user=operator, **more)
    agree(loan, operator, now=now)
    return arrange_loan(loan_id=loan.pk, today=today, now=now, acting_user=operator)

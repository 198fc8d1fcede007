"""Monthly returns for tests, made by the services that people use."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from returns.models import MonthlyReturn
from returns.services import open_return, submit_return
from tenants.models import Enterprise, Tenancy
from tests.conftest import NOW, TODAY
from tests.factories.accounts import UserFactory
from tests.factories.tenants import EnterpriseFactory

JANUARY = date(2024, 1, 1)
COMPLETE: dict[str, Any] = {"revenue": Decimal("1234567.89"), "headcount": 100}


def make_tenant(first_day: date = date(2021, 3, 1), last_day: date | None = None) -> Enterprise:
    """An enterprise that is of the park from `first_day` until the day before `last_day`."""
    enterprise = EnterpriseFactory()
    Tenancy.objects.create(enterprise=enterprise, period=(first_day, last_day))
    return enterprise


def make_return(
    *,
    enterprise: Enterprise | None = None,
    month: date = JANUARY,
    acting_user: User | None = None,
    today: date = TODAY,
    **figures: Any,
) -> MonthlyReturn:
    """A draft with `figures`; complete where none are given."""
    return open_return(
        enterprise=enterprise or make_tenant(),
        month=month,
        figures=figures or COMPLETE,
        now=NOW,
        today=today,
        acting_user=acting_user or UserFactory(),
    )


def submit(row: MonthlyReturn, **more: Any) -> MonthlyReturn:
    """Submit a draft, signed; gives it as it is then."""
    defaults = {"signer": "李娜", "now": NOW, "acting_user": UserFactory()}
    submit_return(return_id=row.pk, **{**defaults, **more})
    row.refresh_from_db()
    return row

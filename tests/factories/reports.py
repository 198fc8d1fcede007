"""What reports are made of: returns that are filed, and what an enterprise mainly does."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from foundation.months import next_month
from returns.models import MonthlyReturn
from tenants.models import BusinessClass, BusinessLine, Enterprise
from tests.factories.returns import make_return, submit


def file_return(
    enterprise: Enterprise,
    month: date,
    revenue: Decimal | int | str,
    headcount: int,
    *,
    acting_user: User | None = None,
) -> MonthlyReturn:
    """A return that `enterprise` has submitted for `month`. Revenue in 元."""
    who: dict[str, Any] = {"acting_user": acting_user} if acting_user else {}
    draft = make_return(
        enterprise=enterprise,
        month=month,
        today=next_month(month),
        revenue=Decimal(revenue),
        headcount=headcount,
        **who,
    )
    return submit(draft, **who)


def set_main_business(enterprise: Enterprise, business_class: BusinessClass) -> None:
    """What the enterprise's output is counted as."""
    BusinessLine.objects.create(enterprise=enterprise, business_class=business_class, is_main=True)

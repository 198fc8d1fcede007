"""What reports are made of, and what is said beside them: targets and subscriptions."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from foundation.months import next_month
from reports.models import DayRule, FileFormat, ReportKind, Subscription, Target
from reports.services import add_target, subscribe
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


def make_target(**facts: Any) -> Target:
    """A target of the park: 500 firms, unless it says more."""
    known: dict[str, Any] = {
        "name_zh": "入驻企业",
        "value": Decimal(500),
        "unit": "enterprise",
        "indicator": "tenants",
        "source": "报道",
    }
    return add_target(acting_user=None, **{**known, **facts})


def make_subscription(
    subscriber: User | None,
    *,
    since: datetime,
    kinds: Sequence[str] = (ReportKind.OCCUPANCY,),
    day: int | None = None,
) -> Subscription:
    """Somebody is told of reports as PDF: as soon as they are issued, or on a day."""
    assert subscriber is not None
    return subscribe(
        subscriber=subscriber,
        kinds=kinds,
        format=FileFormat.PDF,
        rule=DayRule.MONTHLY if day else DayRule.WHEN_ISSUED,
        day=day,
        now=since,
    )

"""Where firms stand against their thresholds at the end of a month.

Revenue is that of the twelve months that end with it, as filed: the last revision of each return
that counts. A month without such a return adds nothing and is named; nothing is extrapolated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from foundation.models import Setting
from foundation.months import add_months, months_between
from foundation.services.settings import setting
from returns.models import ReturnRevision
from returns.owing import owing
from returns.thresholds.rules import threshold
from tenants.models import Enterprise

MONTHS = 12

_Revenues = Mapping[int, Mapping[date, Decimal]]


class State(TextChoices):
    """What there is to say of a firm; in the order in which a list has them."""

    ABOVE = "above", pgettext_lazy("threshold", "Above")
    NEAR = "near", pgettext_lazy("threshold", "Near")
    FAR = "far", pgettext_lazy("threshold", "Far")
    WITHOUT = "without", pgettext_lazy("threshold", "Industry without threshold")
    UNKNOWN = "unknown", pgettext_lazy("threshold", "Industry not known")


@dataclass(frozen=True)
class Standing:
    """One firm at the end of `month`. Money in 元; `near` is the share from which it is near, %."""

    enterprise: Enterprise
    month: date
    threshold: Decimal | None
    filed: Mapping[date, Decimal]  # the revenue of each of the twelve months that is filed
    owed: frozenset[date]  # those of the twelve months for which it owed a return
    near: int

    @property
    def revenue(self) -> Decimal:
        """Of the twelve months, as far as they are filed."""
        return sum(self.filed.values(), Decimal(0))

    @property
    def year_to_date(self) -> Decimal:
        """Of the months of the calendar year."""
        of_year = (sum_ for month, sum_ in self.filed.items() if month.year == self.month.year)
        return sum(of_year, Decimal(0))

    @property
    def missing(self) -> list[date]:
        """Months that it owes and that are not filed, or were sent back."""
        return sorted(self.owed - self.filed.keys())

    @property
    def is_whole(self) -> bool:
        """Whether all twelve months are filed."""
        return len(self.filed) == MONTHS

    @property
    def distance(self) -> Decimal | None:
        """Revenue less threshold: what it is over it, or negative."""
        return None if self.threshold is None else self.revenue - self.threshold

    @property
    def to_go(self) -> Decimal | None:
        """What it is below the threshold; None where it is not."""
        return -self.distance if self.distance is not None and self.distance < 0 else None

    @property
    def share(self) -> Decimal | None:
        """Revenue as a part of the threshold; 1 is at it."""
        return None if self.threshold is None else self.revenue / self.threshold

    @property
    def state(self) -> State:
        if not self.enterprise.industry_code:
            return State.UNKNOWN
        if self.share is None:
            return State.WITHOUT
        if self.share >= 1:
            return State.ABOVE
        return State.NEAR if self.share * 100 >= self.near else State.FAR


def above_threshold(month: date) -> set[int]:
    """The ids of the enterprises that are 规上 by this rule at the end of `month`.

    Their industries are today's; two queries.
    """
    revenues = _revenues(month)
    codes = Enterprise.objects.filter(pk__in=revenues).values_list("pk", "industry_code")
    lines = {pk: threshold(code, month) for pk, code in codes}
    return {
        pk for pk, line in lines.items() if line is not None and sum(revenues[pk].values()) >= line
    }


def standings(month: date) -> list[Standing]:
    """Every enterprise that owes a return for `month`, by name; a fixed number of queries."""
    owed = owing(_months(month))
    enterprises = Enterprise.objects.filter(pk__in=owed[month]).by_name()
    return _standings(enterprises, month, owed)


def standing_of(enterprise: Enterprise, month: date) -> Standing:
    """One enterprise, whether it owes a return for `month` or not."""
    (standing,) = _standings([enterprise], month, owing(_months(month)))
    return standing


def _standings(
    enterprises: Iterable[Enterprise], month: date, owed: Mapping[date, set[int]]
) -> list[Standing]:
    firms = list(enterprises)
    revenues = _revenues(month, [firm.pk for firm in firms])
    near = setting(Setting.Name.NEAR_THRESHOLD)
    return [
        Standing(
            enterprise=firm,
            month=month,
            threshold=threshold(firm.industry_code, month),
            filed=revenues.get(firm.pk, {}),
            owed=frozenset(one for one, who in owed.items() if firm.pk in who),
            near=near,
        )
        for firm in firms
    ]


def _revenues(month: date, enterprises: Iterable[int] | None = None) -> _Revenues:
    """By enterprise and month, those of the twelve months to `month` that count as filed."""
    counting = ReturnRevision.objects.counting().filter(
        monthly_return__month__range=(add_months(month, 1 - MONTHS), month)
    )
    if enterprises is not None:
        counting = counting.filter(monthly_return__enterprise__in=list(enterprises))
    found: dict[int, dict[date, Decimal]] = {}
    rows = counting.values_list("monthly_return__enterprise", "monthly_return__month", "revenue")
    for enterprise, of, revenue in rows:
        found.setdefault(enterprise, {})[of] = revenue
    return found


def _months(month: date) -> list[date]:
    return list(months_between(add_months(month, 1 - MONTHS), month))

"""The indicators of who is here: firms, who came and who left, and what they took up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.months import format_month, last_day, next_month
from reports.indicators.facts import invented
from reports.indicators.registry import Source, Total
from reports.units import Unit
from tenants.models import BusinessLine, Tenancy

ONE_DAY = timedelta(days=1)


class TenantFact(NamedTuple):
    """An enterprise that was of the park in a month, or until the day before. 1: it is so; 0: not.

    `arrived` and `left` count its stays that began in the month, and those whose first day away is
    in it. `last_day` is empty where the stay has no end. Ranks are as they are known today.
    """

    month: str
    enterprise: int
    first_day: str
    last_day: str
    tenant: int
    fortune_500: int
    top_100: int
    leader: int
    arrived: int
    arrived_leader: int
    left: int
    sample_fields: list[str]


class LineFact(NamedTuple):
    """A line of business that an enterprise took up in a month. It counts in its own class."""

    month: str
    enterprise: int
    business_class: str
    name: str
    started_on: str
    new: int
    sample_fields: list[str]


class Stay(NamedTuple):
    """Days without a gap on which an enterprise is of the park; `end` is the day after the last."""

    start: date
    end: date | None
    sample_fields: frozenset[str]

    def is_of(self, month: date) -> bool:
        """Whether it has a day of the month, or its first day away."""
        return self.start < next_month(month) and (self.end is None or self.end >= month)


_OF_A_STAY = dict.fromkeys(("first_day", "last_day", "tenant", "arrived", "left"), ("period",))
_OF_A_FIRM = {
    "fortune_500": ("is_fortune_500",),
    "top_100": ("is_industry_top_100",),
    "leader": ("is_fortune_500", "is_industry_top_100"),
    "arrived_leader": ("is_fortune_500", "is_industry_top_100"),
}
_OF_A_LINE = {
    "business_class": ("business_class",),
    "name": ("name",),
    "started_on": ("started_on",),
    "new": ("started_on",),
}


def take_tenants(months: Sequence[date], _columns: Collection[str] = ()) -> list[TenantFact]:
    """Everybody who was of the park in each month, or until the day before it, in one query."""
    stays = _stays(months)
    return [
        fact
        for month in months
        for (enterprise, of_group, is_top_100, invented_fields), its in stays.items()
        for fact in _facts(month, enterprise, (of_group, is_top_100), invented_fields, its)
    ]


_Firm = tuple[int, bool, bool, tuple[str, ...]]


def _stays(months: Sequence[date]) -> dict[_Firm, list[Stay]]:
    """Each enterprise with its stays, tenancies that follow each other without a gap as one."""
    if not months:
        return {}
    # A day more on each side: a tenancy that only follows another one begins no stay.
    first, end = min(months) - ONE_DAY, next_month(max(months)) + ONE_DAY
    rows = (
        Tenancy.objects.during(first, end)
        .order_by("enterprise", "period")
        .values_list(
            "enterprise",
            "enterprise__is_fortune_500",
            "enterprise__is_industry_top_100",
            "enterprise__sample_fields",
            "period",
            "sample_fields",
        )
    )
    found: dict[_Firm, list[Stay]] = {}
    for enterprise, of_group, is_top_100, of_firm, period, of_tenancy in rows:
        its = found.setdefault((enterprise, of_group, is_top_100, tuple(of_firm)), [])
        stay = Stay(period.lower, period.upper, frozenset(of_tenancy))
        if its and its[-1].end == stay.start:
            former = its.pop()
            stay = Stay(former.start, stay.end, former.sample_fields | stay.sample_fields)
        its.append(stay)
    return found


def _facts(
    month: date,
    enterprise: int,
    ranks: tuple[bool, bool],
    of_firm: Sequence[str],
    stays: Sequence[Stay],
) -> Iterator[TenantFact]:
    here = [stay for stay in stays if stay.is_of(month)]
    if not here:
        return
    end = next_month(month)
    is_tenant = here[-1].end is None or here[-1].end >= end
    arrived = sum(month <= stay.start for stay in here)
    left = sum(stay.end is not None and stay.end < end for stay in here)
    is_leader = any(ranks)
    yield TenantFact(
        month=format_month(month),
        enterprise=enterprise,
        first_day=here[0].start.isoformat(),
        last_day=(here[-1].end - ONE_DAY).isoformat() if here[-1].end else "",
        tenant=int(is_tenant),
        fortune_500=int(is_tenant and ranks[0]),
        top_100=int(is_tenant and ranks[1]),
        leader=int(is_tenant and is_leader),
        arrived=arrived,
        arrived_leader=arrived if is_leader else 0,
        left=left,
        sample_fields=sorted(_invented(here, of_firm)),
    )


def _invented(stays: Sequence[Stay], of_firm: Sequence[str]) -> set[str]:
    of_stays = {name for stay in stays for name in stay.sample_fields}
    return {*invented(of_stays, _OF_A_STAY), *invented(of_firm, _OF_A_FIRM)}


def take_lines(months: Sequence[date], _columns: Collection[str] = ()) -> list[LineFact]:
    """The lines of business that firms in the park took up in each month, in one query."""
    if not months:
        return []
    here = Tenancy.objects.filter(
        enterprise=OuterRef("enterprise"), period__contains=OuterRef("started_on")
    )
    rows = (
        BusinessLine.objects.filter(
            Exists(here), started_on__gte=min(months), started_on__lte=last_day(max(months))
        )
        .order_by("started_on", "enterprise__pinyin", "pk")
        .values_list("enterprise", "business_class", "name", "started_on", "sample_fields")
    )
    wanted = set(months)
    return [
        LineFact(
            month=format_month(started_on),
            enterprise=enterprise,
            business_class=business_class,
            name=name,
            started_on=started_on.isoformat(),
            new=1,
            sample_fields=invented(sample_fields, _OF_A_LINE),
        )
        for enterprise, business_class, name, started_on, sample_fields in rows
        if started_on is not None and started_on.replace(day=1) in wanted
    ]


TENANCIES = Source("tenancies", TenantFact, take_tenants)
LINES = Source("lines", LineFact, take_lines)

TENANTS = Total(
    code="tenants",
    name=_("Firms in the park"),
    short=pgettext_lazy("head", "Firms"),
    unit=Unit.ENTERPRISE,
    definition=_("Enterprises with a tenancy at the end of the last day of the month."),
    source="tenancies",
    column="tenant",
)
FORTUNE_500 = Total(
    code="fortune_500",
    name=_("Firms of Fortune Global 500 groups"),
    short=pgettext_lazy("head", "Fortune 500"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Of the firms in the park at the end of the last day, those of a Fortune Global 500 group, "
        "as known when the figure is made."
    ),
    source="tenancies",
    column="fortune_500",
)
TOP_100 = Total(
    code="top_100",
    name=_("Firms of their industry's top 100"),
    short=pgettext_lazy("head", "Top 100"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Of the firms in the park at the end of the last day, those of the top 100 of their "
        "industry, as known when the figure is made."
    ),
    source="tenancies",
    column="top_100",
)
LEADERS = Total(
    code="leaders",
    name=_("Fortune 500 and top-100 firms"),
    short=pgettext_lazy("head", "Fortune 500 or top 100"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Of the firms in the park at the end of the last day, those of a Fortune Global 500 group "
        "or of the top 100 of their industry; who is both counts once."
    ),
    source="tenancies",
    column="leader",
)
ARRIVED = Total(
    code="arrived",
    name=_("Newly arrived firms"),
    short=pgettext_lazy("head", "Arrived"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Enterprises whose tenancy began in the month. One that follows another without a gap "
        "begins nothing; who comes back after a gap has arrived again."
    ),
    is_flow=True,
    source="tenancies",
    column="arrived",
)
ARRIVED_LEADERS = Total(
    code="arrived_leaders",
    name=_("Newly arrived Fortune 500 and top-100 firms"),
    short=pgettext_lazy("head", "Of these Fortune 500 or top 100"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Of the newly arrived firms, those of a Fortune Global 500 group or of the top 100 of "
        "their industry."
    ),
    is_flow=True,
    source="tenancies",
    column="arrived_leader",
)
LEFT_FIRMS = Total(
    code="left_firms",
    name=_("Firms that left"),
    short=pgettext_lazy("firms", "Left"),
    unit=Unit.ENTERPRISE,
    definition=_(
        "Enterprises whose first day without a tenancy is in the month: who stays until the last "
        "day of a month leaves in the next. Firms at the end of the month before + arrived − left "
        "= firms at the end of the month."
    ),
    is_flow=True,
    source="tenancies",
    column="left",
)
NEW_LINES = Total(
    code="new_lines",
    name=_("New business lines"),
    short=pgettext_lazy("head", "New lines"),
    unit=Unit.LINE,
    definition=_(
        "Lines of business that firms in the park took up in the month, by their first day. That "
        "of a newly arrived firm is one of them where its first day is noted."
    ),
    is_flow=True,
    source="lines",
    column="new",
)

SOURCES: tuple[Source, ...] = (TENANCIES, LINES)
INDICATORS: tuple[Any, ...] = (
    TENANTS,
    FORTUNE_500,
    TOP_100,
    LEADERS,
    ARRIVED,
    ARRIVED_LEADERS,
    LEFT_FIRMS,
    NEW_LINES,
)

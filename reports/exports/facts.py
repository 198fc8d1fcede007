"""Everything that an export is made of, read at once: call `take` in one snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from park.models import Park
from reports.exports.firms import Firm, read_firms
from reports.exports.periods import Period
from returns.catalogue import USD
from returns.figures import CLASS_MEASURES, FIGURES, MARKET_MEASURES
from returns.models import (
    ExchangeRate,
    MonthlyReturn,
    ReturnRevision,
    ReturnState,
    RevisionClass,
    RevisionMarket,
)
from returns.owing import owing
from tenants.models import Enterprise, Tenancy

Place = tuple[int, date]  # enterprise, month
Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """What is known of `period`. Figures are those of the returns that count; money in 元."""

    period: Period
    park: Park | None
    firms: Mapping[int, Firm]  # by name
    owed: frozenset[Place]
    filed: Mapping[Place, Figures]
    states: Mapping[Place, str]  # of returns that were begun
    classes: Sequence[Figures]  # with `place`
    markets: Sequence[Figures]  # with `place`
    dollars: Mapping[date, Decimal]  # 元 for a dollar
    has_sample: bool

    @property
    def missing(self) -> list[Place]:
        """What is owed in the period and does not count as filed; by name and month."""
        order = {firm: number for number, firm in enumerate(self.firms)}
        gone = [place for place in self.owed - self.filed.keys() if self._is_in(place[1])]
        return sorted(gone, key=lambda place: (order[place[0]], place[1]))

    @property
    def owed_count(self) -> int:
        """Returns owed in the period, or filed all the same."""
        return sum(self._is_in(month) for _firm, month in self.owed)

    def of(self, firm: int, months: Iterable[date]) -> list[Figures]:
        """Its returns of `months` that count, in their order."""
        return [self.filed[firm, month] for month in months if (firm, month) in self.filed]

    def _is_in(self, month: date) -> bool:
        return self.period.first <= month <= self.period.last


def take(
    period: Period, enterprise: Enterprise | None = None, *, earlier: Sequence[date] = ()
) -> Facts:
    """Facts of all enterprises that owed a return in `period`, or of one.

    `earlier`: further months whose returns are wanted, to compare with. A fixed number of queries.
    """
    months = sorted({*period.months, *earlier})
    owed = {
        (firm, month)
        for month, firms in owing(months).items()
        for firm in firms
        if enterprise is None or firm == enterprise.pk
    }
    of_period = {firm for firm, month in owed if month in period.months}
    wanted = {enterprise.pk} if enterprise else of_period | _tenants_on(period.end)
    revisions = _revisions(months, wanted)
    firms = read_firms(wanted, period.end)
    filed = {_place(row): row for row in revisions}
    places = {row["id"]: _place(row) for row in revisions}
    return Facts(
        period=period,
        park=Park.objects.order_by("pk").first(),
        firms=firms,
        owed=frozenset(place for place in owed if place[0] in wanted),
        filed=filed,
        states=_states(period.months, wanted),
        classes=_lines(RevisionClass.objects.order_by("service_class", "pk"), CLASSES, places),
        markets=_lines(RevisionMarket.objects.order_by("market", "currency"), MARKETS, places),
        dollars=dict(
            ExchangeRate.objects.filter(month__in=period.months, currency=USD).values_list(
                "month", "rate"
            )
        ),
        has_sample=any(row["monthly_return__sample_fields"] for row in revisions)
        or any(firm.is_sample for firm in firms.values()),
    )


CLASSES = ("service_class", *CLASS_MEASURES)
MARKETS = ("market", "currency", "rate", *MARKET_MEASURES)


def _revisions(months: Sequence[date], firms: Iterable[int]) -> list[dict[str, Any]]:
    counting = ReturnRevision.objects.counting().filter(
        monthly_return__month__in=months, monthly_return__enterprise__in=list(firms)
    )
    return list(
        counting.order_by("monthly_return__month").values(
            *("id", "monthly_return__enterprise", "monthly_return__month"),
            *("monthly_return__sample_fields", *FIGURES),
        )
    )


def _lines(
    lines: QuerySet[Any], fields: Sequence[str], places: Mapping[int, Place]
) -> list[dict[str, Any]]:
    """The lines of those revisions, each with its place."""
    found = lines.filter(revision__in=list(places)).values("revision", *fields)
    return [{**line, "place": places[line["revision"]]} for line in found]


def _states(months: Sequence[date], firms: Iterable[int]) -> dict[Place, str]:
    begun = MonthlyReturn.objects.filter(month__in=months, enterprise__in=list(firms))
    return {
        (firm, month): str(ReturnState(state).label)
        for firm, month, state in begun.values_list("enterprise", "month", "state")
    }


def _tenants_on(day: date) -> set[int]:
    return set(Tenancy.objects.on(day).values_list("enterprise", flat=True))


def _place(row: Mapping[str, Any]) -> Place:
    return row["monthly_return__enterprise"], row["monthly_return__month"]

"""The dashboard: how full, how much, who, and who has filed, for a month and a zone.

Every figure is a `Shown` of `reports.shown`: the park's people see provisional ones beside what is
issued, officials only what is issued.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from foundation.months import add_months, month_of, months_between
from park.models import Floor, ReportingMonth, Zone
from reports.dashboard_charts import (
    Panel,
    breakdown,
    filing_by_class,
    over_months,
    revenue_by_class,
    seats_by_place,
)
from reports.indicators import occupancy as seats
from reports.indicators import output as returns
from reports.indicators import staffing
from reports.indicators import tenants as firms
from reports.indicators.facts import TOTAL
from reports.indicators.registry import Indicator
from reports.models import MonthlyReport
from reports.shown import Edition, Shown, ShownFigures, Wanted, wanted_of
from reports.units import Number, Unit, written
from web import formats

MONTHS = 24  # that the lines go back
_FIRMS = (firms.TENANTS, firms.ARRIVED, firms.ARRIVED_LEADERS, firms.LEFT_FIRMS, firms.NEW_LINES)
_SEATS = (
    seats.FIRM,
    seats.HELD,
    seats.CLOSED,
    seats.FREE,
    seats.AVAILABLE,
    seats.CONTRACTED_RATE,
)


class Head(NamedTuple):
    """A figure at the head: what it is measured against, and the way to its rows."""

    code: str
    title: str
    value: str
    unit: str
    of: str
    url: str
    edition: Edition | None


@dataclass(frozen=True)
class Choice:
    """The month and the zone that were asked for, among those that there are."""

    months: list[date]
    zones: list[str]
    month: date | None
    zone: str

    @property
    def before(self) -> date | None:
        return self._beside(-1)

    @property
    def after(self) -> date | None:
        return self._beside(1)

    def _beside(self, step: int) -> date | None:
        month = add_months(self.month, step) if self.month else None
        return month if month in self.months else None


def choice(user: User, *, month: date | None, zone: str, today: date) -> Choice:
    """What can be chosen, and what is: the last month that is over where none was asked for.

    Officials choose among the months that something is issued for.
    """
    if user.has_perm("reports.view_draft"):
        first = Floor.objects.aggregate(first=Min("delivered_on"))["first"]
        last = add_months(month_of(today), -1)
        months = list(months_between(month_of(first), last)) if first else []
    else:
        issued = MonthlyReport.objects.visible_to(user).current()
        months = sorted(set(issued.values_list("month", flat=True)))
    zones = list(Zone.objects.order_by("code").values_list("code", flat=True))
    is_there = month in months
    return Choice(
        months=months,
        zones=zones,
        month=month if is_there else (months[-1] if months else None),
        zone=zone if zone in zones else "",
    )


class Dashboard:
    """What the page shows of a month; `zone` narrows what is counted by zone."""

    def __init__(self, user: User, month: date, zone: str) -> None:
        self.user = user
        self.month = month
        self.zone = zone
        self.place = f"zone.{zone}" if zone else TOTAL
        self.line = list(months_between(add_months(month, 1 - MONTHS), month))
        self.shown = ShownFigures(user, self._wanted())

    def _wanted(self) -> Iterator[Wanted]:
        month, both = [self.month], [add_months(self.month, -1), self.month]
        level = self.place.partition(".")[0]
        yield from wanted_of(_SEATS, month, "zone", "building", level)
        yield Wanted("firm", self.line, level)
        yield from wanted_of((returns.REVENUE,), self.line)
        yield from wanted_of((returns.REVENUE, returns.FILED_RETURNS), month, "class")
        yield from wanted_of((returns.EXPECTED,), month, "class", TOTAL)
        yield from wanted_of((returns.FILED_RETURNS, returns.FILING_RATE), month)
        yield from wanted_of((returns.HEADCOUNT, *_FIRMS), both)
        for level, people in staffing.BREAKDOWNS.items():
            yield from wanted_of((people,), month, level, TOTAL)

    @cached_property
    def is_closed(self) -> bool:
        """Whether the month is closed."""
        return ReportingMonth.objects.closed().filter(month=self.month).exists()

    @property
    def provisional(self) -> str:
        """What a figure is called that no edition says."""
        if self.is_closed:
            return _("Provisional, not issued")
        return _("Provisional, month open")

    @property
    def heads(self) -> list[Head]:
        """The figures of the month, those that may be seen."""
        found = (
            self._head(seats.FIRM, self._of_seats(), self.place),
            self._head(returns.REVENUE, self._of_filing()),
            self._head(returns.HEADCOUNT, self._against_before(returns.HEADCOUNT)),
            self._head(firms.TENANTS, self._of_firms()),
            self._head(firms.ARRIVED, self._of_arrived()),
            self._head(firms.NEW_LINES, self._against_before(firms.NEW_LINES)),
        )
        return [head for head in found if head is not None]

    def _head(self, one: Indicator, of: str, key: str = TOTAL) -> Head | None:
        shown = self.shown.at(one.code, self.month, key)
        if shown is None:
            return None
        places = 0 if one.unit == Unit.YUAN else one.places
        text = written(shown.value, one.unit, places=places)
        unit = _unit_of(one, shown.value)
        return Head(one.code, str(one.name), text, unit, of, shown.url, shown.edition)

    def _of_seats(self) -> str:
        rate = self.shown.value("contracted_rate", self.month, self.place)
        available = self.shown.value("available", self.month, self.place)
        return _("÷ %(available)s available = %(rate)s") % {
            "rate": written(rate, Unit.PERCENT, places=1),
            "available": formats.number(available),
        }

    def _of_filing(self) -> str:
        return _("%(filed)s ÷ %(expected)s returns filed") % {
            "filed": formats.number(self.shown.value("filed", self.month)),
            "expected": formats.number(self.shown.value("expected", self.month)),
        }

    def _against_before(self, one: Indicator) -> str:
        now = self.shown.value(one.code, self.month)
        before = self.shown.value(one.code, add_months(self.month, -1))
        if before is None or now is None:
            return _("month before –")
        return _("month before %(before)s, %(change)s") % {
            "before": written(before, one.unit, places=one.places),
            "change": written(now - before, one.unit, places=one.places, is_change=True),
        }

    def _of_firms(self) -> str:
        return _("%(arrived)s arrived, %(left)s left in the month") % {
            "arrived": formats.number(self.shown.value("arrived", self.month)),
            "left": formats.number(self.shown.value("left_firms", self.month)),
        }

    def _of_arrived(self) -> str:
        leaders = int(self.shown.value("arrived_leaders", self.month) or 0)
        return ngettext(
            "%(n)d of them Fortune 500 or top 100", "%(n)d of them Fortune 500 or top 100", leaders
        ) % {"n": leaders}

    @cached_property
    def occupancy(self) -> list[Panel]:
        """How full, by place and over the months."""
        title = _("Contracted seats") if not self.zone else _("Contracted seats of the zone")
        return [
            seats_by_place(self.shown, self.month, self.zone),
            over_months(self.shown, seats.FIRM, self.line, "firm-months", title, key=self.place),
        ]

    @cached_property
    def output(self) -> list[Panel]:
        """Revenue, by class of business and over the months."""
        title = _("Revenue by month")
        return [
            revenue_by_class(self.shown, self.month),
            over_months(self.shown, returns.REVENUE, self.line, "revenue-months", title),
        ]

    @cached_property
    def people(self) -> list[Panel]:
        """Who works here: education, age, origin."""
        titles = {
            "education": pgettext("staff", "Education"),
            "age": pgettext("staff", "Age"),
            "origin": pgettext("staff", "Origin"),
        }
        return [breakdown(self.shown, self.month, name, title) for name, title in titles.items()]

    @cached_property
    def filing(self) -> Panel:
        """Who has filed, by class of business."""
        return filing_by_class(self.shown, self.month)

    @property
    def filing_rate(self) -> Shown | None:
        return self.shown.at("filing_rate", self.month)

    @property
    def filing_text(self) -> str:
        """How much of what is owed is filed, in percent."""
        rate = self.filing_rate
        return written(rate.value if rate else None, Unit.PERCENT, places=1)

    @property
    def filing_of(self) -> str:
        """What that is of."""
        return self._of_filing()


def _unit_of(one: Indicator, value: Number | None) -> str:
    """The unit of a count beside it: 1 firm, 2 firms."""
    count = int(value or 0)
    if one.unit == Unit.ENTERPRISE:
        return ngettext("firm", "firms", count)
    if one.unit == Unit.LINE:
        return ngettext("line", "lines", count)
    return str(one.unit.label)

"""What officials start from: what was issued, read from the frozen content alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from foundation.months import add_months, months_between
from reports.dashboard_charts import Panel, breakdown, label_of, over_months, revenue_by_class
from reports.indicators import occupancy as seats
from reports.indicators import output as returns
from reports.indicators import staffing
from reports.models import (
    FileFormat,
    MonthFile,
    MonthlyReport,
    ReportFile,
    ReportKind,
    Subscription,
)
from reports.month_page import month_file
from reports.shown import Shown, ShownFigures, Wanted, wanted_of
from reports.units import Unit, written
from web import formats
from web.charts import Chart

MONTHS = 12
YOUNGEST = "age.age_18_26"
LISTED = len(ReportKind)  # all of a month


class Head(NamedTuple):
    """A figure at the head of the page: what it is measured against, the way to its rows."""

    id: str
    title: str
    value: str
    unit: str
    of: str
    url: str
    chart: Chart
    caption: str
    has_sample: bool


class Published:
    """The issued reports that `user` may read, and the figures that head the page."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._reports = MonthlyReport.objects.visible_to(user).current()

    @cached_property
    def rows(self) -> list[MonthlyReport]:
        """The last issues, newest month first, as a list to download from."""
        rows = self._reports.with_restatement_due().defer("content", "facts")
        files = Prefetch("files", ReportFile.objects.for_reader(self.user))
        return list(rows.prefetch_related(files).in_order()[:LISTED])

    @cached_property
    def restatements(self) -> list[MonthlyReport]:
        """What was restated, the last first."""
        rows = self._reports.filter(revision__gt=1).defer("content", "facts")
        return list(rows.order_by("-issued_at")[:3])

    @cached_property
    def subscriptions(self) -> list[Subscription]:
        """What one is told of."""
        running = Subscription.objects.visible_to(self.user).filter(stopped_at__isnull=True)
        return list(running.prefetch_related("kinds").order_by("pk"))

    @property
    def newest(self) -> MonthlyReport | None:
        """The first report of the last month for which any is issued."""
        return self.rows[0] if self.rows else None

    @cached_property
    def whole_month(self) -> MonthFile | None:
        """What most come for: all that is issued for the last month, in one workbook."""
        if self.newest is None:
            return None
        return month_file(self.newest.month, self.user, FileFormat.XLSX, with_drafts=False)

    @property
    def title(self) -> str:
        if self.newest is None:
            return _("Nothing has been issued yet")
        issued = sum(report.month == self.newest.month for report in self.rows)
        return _("%(month)s: %(issued)s ÷ %(all)s issued") % {
            "month": formats.month(self.newest.month),
            "issued": issued,
            "all": len(ReportKind),
        }

    @cached_property
    def _shown(self) -> ShownFigures:
        """The figures of the year that ends with the newest report."""
        last = self.newest.month if self.newest else None
        if last is None:
            return ShownFigures(self.user, [])
        months = list(months_between(add_months(last, 1 - MONTHS), last))
        of_seats = (seats.FIRM, seats.AVAILABLE, seats.CONTRACTED_RATE)
        of_returns = (returns.REVENUE, returns.HEADCOUNT, returns.EXPECTED, returns.FILED_RETURNS)
        wanted = wanted_of((*of_seats, *of_returns, staffing.AGE_PEOPLE), months)
        by_age = Wanted(staffing.AGE_PEOPLE.code, months, "age")
        return ShownFigures(self.user, [*wanted, by_age, Wanted("revenue", months, "class")])

    @property
    def heads(self) -> list[Head]:
        """Contracted seats, revenue, and who works here, as issued last."""
        heads = (self._contracted(), self._revenue(), self._ages() or self._staff())
        return [head for head in heads if head is not None]

    def _last(self, code: str) -> tuple[list[date], Shown] | None:
        """The year of months up to the last one that is issued of an indicator, and its figure."""
        last = self.newest.month if self.newest else None
        months = list(months_between(add_months(last, 1 - MONTHS), last)) if last else []
        while months:
            shown = self._shown.at(code, months[-1])
            if shown is not None and shown.edition is not None:
                return months, shown
            months.pop()
        return None

    def _contracted(self) -> Head | None:
        found = self._last("firm")
        if found is None:
            return None
        months, shown = found
        title = _("Contracted seats")
        panel = over_months(self._shown, seats.FIRM, months, "contracted", title)
        of = _("%(rate)s ÷ %(available)s available") % {
            "rate": written(
                self._shown.value("contracted_rate", months[-1]), Unit.PERCENT, places=1
            ),
            "available": formats.number(self._shown.value("available", months[-1])),
        }
        before = self._shown.value("firm", months[-2]) if len(months) > 1 else None
        if before is not None and shown.value is not None:
            of = _("%(rate)s · month before %(before)s, %(change)s") % {
                "rate": of,
                "before": formats.number(before),
                "change": formats.signed(shown.value - before),
            }
        caption = _("Last issued months, seats at the end of the month.")
        unit = pgettext("unit", "seats")
        return _head(panel, title, formats.number(shown.value), unit, of, shown, caption)

    def _revenue(self) -> Head | None:
        found = self._last("revenue")
        if found is None:
            return None
        months, shown = found
        panel = revenue_by_class(self._shown, months[-1])
        value = written(shown.value, Unit.YUAN, places=0)
        of = _("%(month)s · %(filed)d ÷ %(expected)d returns filed") % {
            "month": formats.month(months[-1]),
            "filed": int(self._shown.value("filed", months[-1]) or 0),
            "expected": int(self._shown.value("expected", months[-1]) or 0),
        }
        unit = _("10,000 yuan")
        return _head(panel, _("Revenue"), value, unit, of, shown, panel.caption)

    def _ages(self) -> Head | None:
        """How many are 18 to 26, where a report that says it is issued."""
        found = self._last(staffing.AGE_PEOPLE.code)
        if found is None:
            return None
        months, whole = found[0], found[1].value
        shown = self._shown.at(staffing.AGE_PEOPLE.code, months[-1], YOUNGEST)
        if not whole or shown is None or shown.value is None:
            return None
        title = _("Age of the staff")
        panel = breakdown(self._shown, months[-1], "age", title)
        value = formats.percent(Decimal(shown.value) / Decimal(whole))
        of = _("÷ %(people)s people · %(month)s") % {
            "people": formats.number(whole),
            "month": formats.month(months[-1]),
        }
        return _head(panel, title, value, label_of(YOUNGEST), of, shown, panel.caption)

    def _staff(self) -> Head | None:
        found = self._last("headcount")
        if found is None:
            return None
        months, shown = found
        title = _("Staff")
        panel = over_months(self._shown, returns.HEADCOUNT, months, "staff", title)
        filed = int(self._shown.value("filed", months[-1]) or 0)
        of = ngettext(
            "%(month)s · %(count)d enterprise", "%(month)s · %(count)d enterprises", filed
        )
        return _head(
            panel,
            title,
            formats.number(shown.value),
            pgettext("unit", "people"),
            of % {"month": formats.month(months[-1]), "count": filed},
            shown,
            _("Last issued months, people at the end of the month."),
        )


def _head(
    panel: Panel, title: str, value: str, unit: str, of: str, shown: Shown, caption: str
) -> Head | None:
    if panel.chart is None:
        return None
    return Head(panel.id, title, value, unit, of, shown.url, panel.chart, caption, panel.has_sample)

"""What officials start from: what was issued, read from the frozen content alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from foundation.months import add_months
from reports.charts import chart_of
from reports.display import Edition, document_of, value_of
from reports.kinds.output import revenue_by_class
from reports.models import MonthlyReport, ReportKind
from web import charts, formats
from web.charts import Chart

MONTHS = 12
LISTED = 12


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


class Published:
    """The issued reports that `user` may read, and the figures that head the page."""

    def __init__(self, user: User) -> None:
        self._reports = MonthlyReport.objects.visible_to(user).current()

    @cached_property
    def rows(self) -> list[MonthlyReport]:
        """The last issues, newest month first, as a list to download from."""
        rows = self._reports.with_restatement_due().defer("content", "facts")
        return list(rows.prefetch_related("files").order_by("-month", "kind")[:LISTED])

    @cached_property
    def restatements(self) -> list[MonthlyReport]:
        """What was restated, the last first."""
        rows = self._reports.filter(revision__gt=1).defer("content", "facts")
        return list(rows.order_by("-issued_at")[:3])

    @property
    def newest(self) -> MonthlyReport | None:
        """What most come for: the report issued for the last month."""
        return self.rows[0] if self.rows else None

    @property
    def title(self) -> str:
        if self.newest is None:
            return _("Nothing has been issued yet")
        return _("%(month)s: %(report)s issued") % {
            "month": formats.month(self.newest.month),
            "report": self.newest.get_kind_display(),
        }

    @property
    def heads(self) -> list[Head]:
        """Contracted seats, revenue and staff, as issued last, with the way they came."""
        occupancy, output = (self._series(kind) for kind in ReportKind)
        heads = [_contracted(occupancy)] if occupancy else []
        return [*heads, _revenue(output), _staff(output)] if output else heads

    def _series(self, kind: ReportKind) -> list[MonthlyReport]:
        """The issues of a kind for the year that ends with the newest, oldest first."""
        rows = self._reports.filter(kind=kind).defer("facts").order_by("month")
        newest = rows.last()
        if newest is None:
            return []
        return list(rows.filter(month__gt=add_months(newest.month, -MONTHS)))


def _contracted(reports: Sequence[MonthlyReport]) -> Head:
    last = reports[-1]
    title = _("Contracted seats")
    return Head(
        "contracted",
        title,
        formats.number(_total(last, "firm")),
        pgettext("unit", "seats"),
        _("%(rate)s ÷ %(available)s available · month before %(before)s, %(change)s")
        % {
            "rate": f"{formats.number(_total(last, 'contracted_rate'), 1)}%",
            "available": formats.number(_total(last, "available")),
            "before": formats.number(_total(last, "firm.previous")),
            "change": formats.signed(_total(last, "firm.change.previous")),
        },
        _rows_of(last, "firm"),
        _line(title, reports, "firm"),
        _("Last issued months, seats at the end of the month."),
    )


def _revenue(reports: Sequence[MonthlyReport]) -> Head:
    last = reports[-1]
    drawn = revenue_by_class(last.month, document_of(Edition.of(last), last.content).tables)
    return Head(
        "revenue",
        _("Revenue"),
        formats.number(_wan(_total(last, "revenue")), 0),
        _("10,000 yuan"),
        _("%(month)s · %(filed)d ÷ %(expected)d returns filed")
        % {
            "month": formats.month(last.month),
            "filed": last.filed,
            "expected": last.expected,
        },
        _rows_of(last, "revenue"),
        chart_of(drawn),
        drawn.caption,
    )


def _staff(reports: Sequence[MonthlyReport]) -> Head:
    last = reports[-1]
    title = _("Staff")
    return Head(
        "staff",
        title,
        formats.number(_total(last, "headcount")),
        pgettext("unit", "people"),
        ngettext(
            "%(month)s · %(count)d enterprise", "%(month)s · %(count)d enterprises", last.filed
        )
        % {"month": formats.month(last.month), "count": last.filed},
        _rows_of(last, "headcount"),
        _line(title, reports, "headcount"),
        _("Last issued months, people at the end of the month."),
    )


def _line(title: str, reports: Sequence[MonthlyReport], column: str) -> Chart:
    return charts.line(
        title,
        [formats.iso_month(report.month) for report in reports],
        [_total(report, column) for report in reports],
        head=pgettext("head", "Month"),
    )


def _cells(report: MonthlyReport) -> dict[str, tuple[str, Any]]:
    """The total of every column, and the table it first stands in."""
    totals: dict[str, tuple[str, Any]] = {}
    for table in report.content["tables"]:
        for row in table["rows"]:
            if row["level"] == "total":
                place = f"{table['code']}:{row['key']}"
                for column, cell in zip(table["columns"], row["cells"], strict=True):
                    totals.setdefault(column["code"], (place, cell))
    return totals


def _total(report: MonthlyReport, column: str) -> Any:
    return value_of(_cells(report).get(column, ("", None))[1])


def _rows_of(report: MonthlyReport, column: str) -> str:
    """Where the rows behind a total stand."""
    page = reverse("reports:report-detail", args=[report.pk])
    place = _cells(report).get(column, ("", None))[0]
    return f"{page}?cell={place}:{column}" if place else page


def _wan(yuan: Any) -> Decimal | None:
    return None if yuan is None else Decimal(yuan) / formats.WAN

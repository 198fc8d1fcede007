"""Y1 入驻月报: what stands where, seats and area, how much of them is contracted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext, pgettext_lazy

from foundation.months import days_in, last_day
from reports import document
from reports.document import BarChart, Series
from reports.indicators import endings, flows, plan, tenants, vacancies
from reports.indicators import occupancy as seats
from reports.kinds.kind import Kind
from reports.kinds.occupancy_tables import TABLES
from reports.models import ReportKind
from reports.units import Number, Unit
from web import formats, seat_kinds


def _period(month: date) -> str:
    return _("%(month)s (end of %(day)s)") % {
        "month": formats.month(month),
        "day": formats.short_day(last_day(month)),
    }


def _notes(month: date, _content: Mapping[str, Any]) -> Iterator[str]:
    yield _(
        "Available = exist − closed; contracted rate = contracted ÷ available; letting rate = "
        "let ÷ lettable area. Seats and area are those at the end of the last day."
    )
    yield _("Daily average = seat-days ÷ the %(days)d days of the month.") % {
        "days": days_in(month)
    }
    yield _("Chosen ahead: seats that begin after this month, as known at the end of its last day.")
    yield _(
        "Opening + in − out = closing, for enterprises, seats and area; a report that does not "
        "balance is not made. Who moves comes in one place and goes in another."
    )
    yield _(
        "Seats in use are what the enterprises file, so they are of the park as a whole, and “–” "
        "where nothing was filed, or by too few; use rate = in use ÷ contracted seats of those "
        "that filed."
    )
    yield _(
        "Firms in the park have a tenancy, with seats or without; those of table Y1-12 have seats."
    )
    yield _(
        "Zones that the park leases in are in all figures; table Y1-11 says how much they are. "
        "Beds of apartments (OC10) are not kept here yet."
    )


def seats_by_zone(month: date, tables: Sequence[document.Table]) -> BarChart:
    """The zones by what their seats are."""
    table = tables[0]
    zones = [label for label, _figure in table.figures("seats", "zone")]
    return BarChart(
        title=_("Seats by zone"),
        caption=_("Seats at the end of %(month)s.") % {"month": formats.month(month)},
        head=pgettext("head", "Zone"),
        unit=str(Unit.SEAT.label),
        labels=tuple(zones),
        series=tuple(
            Series(kind, str(seat_kinds.WORDS[kind]), Unit.SEAT.places, _values(table, column))
            for kind, column in (
                ("firm", "firm"),
                ("hold", "held"),
                ("closed", "closed"),
                ("free", "free"),
            )
        ),
    )


def _values(table: document.Table, column: str) -> tuple[Number, ...]:
    return tuple(figure or 0 for _label, figure in table.figures(column, "zone"))


KIND = Kind(
    code=ReportKind.OCCUPANCY,
    number="Y1",
    title=pgettext_lazy("title", "Occupancy of the park"),
    short_title=pgettext_lazy("file", "occupancy"),
    announces_itself=True,
    draft_subject=gettext_noop("Draft of the occupancy report for %(month)s"),
    restatement_subject=gettext_noop("Occupancy report for %(month)s is to be restated"),
    tables=TABLES,
    heads={
        "seats": pgettext_lazy("head", "Seats"),
        "area": pgettext_lazy("head", "Area"),
        "seat_days": pgettext_lazy("head", "Seat-days"),
        "average": pgettext_lazy("head", "Daily average"),
        "ahead": pgettext_lazy("head", "Chosen ahead"),
        "leased_in": pgettext_lazy("head", "Of which leased in"),
        "enterprise_flow": pgettext_lazy("head", "Enterprises"),
        "firm_flow": pgettext_lazy("head", "In and out in the month"),
        "firm_ranks": pgettext_lazy("head", "Of the firms in the park"),
        "seat_flow": pgettext_lazy("head", "Contracted seats"),
        "area_flow": pgettext_lazy("head", "Let area"),
        "ending": pgettext_lazy("head", "Seats that end"),
        "vacant": pgettext_lazy("head", "Vacant"),
        "whole_floors": pgettext_lazy("head", "Whole floors vacant"),
    },
    indicators=(
        *seats.INDICATORS,
        *plan.INDICATORS,
        *flows.INDICATORS,
        *endings.INDICATORS,
        *vacancies.INDICATORS,
        *tenants.INDICATORS,
    ),
    period=_period,
    notes=_notes,
    chart=seats_by_zone,
)

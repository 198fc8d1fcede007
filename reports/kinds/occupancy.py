"""Y1 入驻月报: what stands where, seats and area, how much of them is contracted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext, pgettext_lazy

from foundation.months import days_in, last_day
from reports import document
from reports.document import BarChart, Series
from reports.indicators import endings, flows, plan, vacancies
from reports.indicators import occupancy as seats
from reports.indicators import output as returns
from reports.indicators.facts import TOTAL
from reports.kinds.kind import Kind
from reports.models import ReportKind
from reports.tables import PREVIOUS, YEAR_BEFORE, Column, Table, compared, rate_compared
from reports.units import Number, Unit
from web import formats, seat_kinds

_PLACES = ("zone", "building", TOTAL)
_FLOORS = ("zone", "building", "floor", TOTAL)
_ENTERPRISES = ("enterprise", TOTAL)
_SEAT_FLOW = (
    Column(flows.SEATS_BEFORE),
    Column(flows.SEATS_GAINED),
    Column(flows.SEATS_GIVEN_UP),
    Column(flows.SEATS_AFTER),
)

_TABLES = (
    Table(
        "places",
        "Y1-1",
        gettext_lazy("Seats and area at the end of the month"),
        _PLACES,
        (
            ("seats", (Column(seats.SEATS), Column(seats.CLOSED), Column(seats.AVAILABLE))),
            ("firm", compared(seats.FIRM, PREVIOUS)),
            ("", (Column(seats.HELD), Column(seats.FREE), Column(seats.CONTRACTED_RATE))),
            ("area", (Column(seats.LETTABLE), Column(seats.LET), Column(seats.LETTING_RATE))),
        ),
    ),
    Table(
        "contracted",
        "Y1-2",
        gettext_lazy("Contracted seats compared"),
        _PLACES,
        (
            ("firm", compared(seats.FIRM, YEAR_BEFORE)),
            *rate_compared(seats.CONTRACTED_RATE, PREVIOUS, YEAR_BEFORE),
        ),
    ),
    Table(
        "stock",
        "Y1-3",
        gettext_lazy("Seats that exist and free seats compared"),
        _PLACES,
        (
            ("seats", compared(seats.SEATS, PREVIOUS, YEAR_BEFORE)),
            ("free", compared(seats.FREE, PREVIOUS, YEAR_BEFORE)),
        ),
    ),
    Table(
        "kept",
        "Y1-4",
        gettext_lazy("Held and closed seats compared"),
        _PLACES,
        (
            ("held", compared(seats.HELD, PREVIOUS, YEAR_BEFORE)),
            ("closed", compared(seats.CLOSED, PREVIOUS, YEAR_BEFORE)),
        ),
    ),
    Table(
        "area",
        "Y1-5",
        gettext_lazy("Let area compared"),
        _PLACES,
        (
            ("let_m2", compared(seats.LET, PREVIOUS, YEAR_BEFORE)),
            *rate_compared(seats.LETTING_RATE, PREVIOUS, YEAR_BEFORE),
        ),
    ),
    Table(
        "days",
        "Y1-6",
        gettext_lazy("Seat-days and daily averages of the month"),
        _PLACES,
        (
            (
                "seat_days",
                (
                    Column(seats.SEAT_DAYS),
                    Column(seats.FIRM_DAYS),
                    Column(seats.HELD_DAYS),
                    Column(seats.CLOSED_DAYS),
                    Column(seats.FREE_DAYS),
                ),
            ),
            (
                "average",
                (
                    Column(seats.SEATS_AVERAGE),
                    Column(seats.FIRM_AVERAGE),
                    Column(seats.HELD_AVERAGE),
                    Column(seats.CLOSED_AVERAGE),
                    Column(seats.FREE_AVERAGE),
                ),
            ),
        ),
    ),
    Table(
        "averages",
        "Y1-7",
        gettext_lazy("Daily averages compared"),
        _PLACES,
        (
            ("seats_average", compared(seats.SEATS_AVERAGE, PREVIOUS, YEAR_BEFORE)),
            ("firm_average", compared(seats.FIRM_AVERAGE, PREVIOUS, YEAR_BEFORE)),
        ),
    ),
    Table(
        "ahead",
        "Y1-8",
        gettext_lazy("Chosen ahead"),
        _PLACES,
        (
            (
                "ahead",
                (
                    Column(seats.AHEAD_ENTERPRISES),
                    Column(seats.AHEAD_SEATS),
                    Column(seats.AHEAD_FIRM),
                    Column(seats.AHEAD_HELD),
                ),
            ),
            ("ahead_seats", compared(seats.AHEAD_SEATS, PREVIOUS, YEAR_BEFORE)[1:]),
        ),
    ),
    Table(
        "enterprises",
        "Y1-9",
        gettext_lazy("Seats by enterprise"),
        _ENTERPRISES,
        (
            ("firm", compared(seats.FIRM, PREVIOUS, YEAR_BEFORE)),
            ("held", compared(seats.HELD, PREVIOUS, YEAR_BEFORE)),
        ),
    ),
    Table(
        "enterprise_use",
        "Y1-10",
        gettext_lazy("Area, seat-days and averages by enterprise"),
        _ENTERPRISES,
        (
            ("let_m2", compared(seats.LET, PREVIOUS, YEAR_BEFORE)),
            ("seat_days", (Column(seats.FIRM_DAYS), Column(seats.HELD_DAYS))),
            ("average", (Column(seats.FIRM_AVERAGE), Column(seats.HELD_AVERAGE))),
            ("", (Column(seats.AHEAD_SEATS),)),
        ),
    ),
    Table(
        "plan",
        "Y1-11",
        gettext_lazy("Planned, fitted and available seats"),
        _PLACES,
        (
            ("seats", (Column(plan.PLANNED), Column(seats.SEATS), Column(seats.AVAILABLE))),
            ("area", (Column(seats.LETTABLE),)),
            ("leased_in", (Column(plan.LEASED_SEATS), Column(plan.LEASED_AREA))),
        ),
    ),
    Table(
        "flows",
        "Y1-12",
        gettext_lazy("In and out: enterprises, seats and area"),
        _PLACES,
        (
            (
                "enterprise_flow",
                (
                    Column(flows.ENTERPRISES_BEFORE),
                    Column(flows.ENTERPRISES_CAME),
                    Column(flows.ENTERPRISES_WENT),
                    Column(flows.ENTERPRISES_AFTER),
                ),
            ),
            ("seat_flow", _SEAT_FLOW),
            (
                "area_flow",
                (
                    Column(flows.AREA_BEFORE),
                    Column(flows.AREA_GAINED),
                    Column(flows.AREA_GIVEN_UP),
                    Column(flows.AREA_AFTER),
                ),
            ),
        ),
    ),
    Table(
        "enterprise_flows",
        "Y1-13",
        gettext_lazy("In and out by enterprise"),
        _ENTERPRISES,
        (
            ("seat_flow", _SEAT_FLOW),
            (
                "ending",
                (
                    Column(endings.ENDING_30),
                    Column(endings.ENDING_60),
                    Column(endings.ENDING_90),
                ),
            ),
        ),
    ),
    Table(
        "use",
        "Y1-14",
        gettext_lazy("Seats in use"),
        (TOTAL,),  # of each enterprise is in Y2, for the park
        (
            ("in_use", compared(returns.IN_USE, PREVIOUS, YEAR_BEFORE)),
            *rate_compared(returns.USE_RATE, PREVIOUS, YEAR_BEFORE),
        ),
    ),
    Table(
        "endings",
        "Y1-15",
        gettext_lazy("Seats that end soon"),
        _PLACES,
        (
            ("", (Column(seats.FIRM),)),
            (
                "ending",
                (
                    Column(endings.ENDING_30),
                    Column(endings.ENDING_60),
                    Column(endings.ENDING_90),
                ),
            ),
        ),
    ),
    Table(
        "vacancies",
        "Y1-16",
        gettext_lazy("For how long seats are vacant, and whole floors"),
        _PLACES,
        (
            (
                "vacant",
                (
                    Column(vacancies.VACANT),
                    Column(vacancies.VACANT_DAYS),
                    Column(vacancies.VACANT_FOR),
                    Column(vacancies.VACANT_FOR, period=PREVIOUS),
                ),
            ),
            (
                "whole_floors",
                (
                    Column(vacancies.WHOLE_FLOORS),
                    Column(vacancies.WHOLE_FLOOR_SEATS),
                    Column(vacancies.WHOLE_FLOOR_SEATS, period=PREVIOUS),
                ),
            ),
        ),
    ),
    Table(
        "floors",
        "Y1-17",
        gettext_lazy("Floor by floor"),
        _FLOORS,
        (
            ("seats", (Column(seats.SEATS), Column(seats.CLOSED), Column(seats.AVAILABLE))),
            (
                "",
                (
                    Column(seats.FIRM),
                    Column(seats.HELD),
                    Column(seats.FREE),
                    Column(seats.CONTRACTED_RATE),
                ),
            ),
            ("area", (Column(seats.LETTABLE), Column(seats.LET), Column(seats.LETTING_RATE))),
            ("average", (Column(seats.FIRM_AVERAGE), Column(seats.FREE_AVERAGE))),
        ),
    ),
)


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
    tables=_TABLES,
    heads={
        "seats": pgettext_lazy("head", "Seats"),
        "area": pgettext_lazy("head", "Area"),
        "seat_days": pgettext_lazy("head", "Seat-days"),
        "average": pgettext_lazy("head", "Daily average"),
        "ahead": pgettext_lazy("head", "Chosen ahead"),
        "leased_in": pgettext_lazy("head", "Of which leased in"),
        "enterprise_flow": pgettext_lazy("head", "Enterprises"),
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
    ),
    period=_period,
    notes=_notes,
    chart=seats_by_zone,
)

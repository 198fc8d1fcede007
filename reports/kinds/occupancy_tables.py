"""The tables of Y1: by place, by enterprise, of the park."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from reports.indicators import endings, flows, plan, tenants, vacancies
from reports.indicators import occupancy as seats
from reports.indicators import output as returns
from reports.indicators.facts import TOTAL
from reports.tables import PREVIOUS, YEAR_BEFORE, Column, Table, compared, rate_compared

_PLACES = ("zone", "building", TOTAL)
_FLOORS = ("zone", "building", "floor", TOTAL)
_ENTERPRISES = ("enterprise", TOTAL)
_SEAT_FLOW = (
    Column(flows.SEATS_BEFORE),
    Column(flows.SEATS_GAINED),
    Column(flows.SEATS_GIVEN_UP),
    Column(flows.SEATS_AFTER),
)

TABLES = (
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
    Table(
        "firms",
        "Y1-18",
        gettext_lazy("Firms in the park and new business lines"),
        (TOTAL,),
        (
            ("tenants", compared(tenants.TENANTS, PREVIOUS, YEAR_BEFORE)),
            (
                "firm_flow",
                (
                    Column(tenants.ARRIVED),
                    Column(tenants.ARRIVED_LEADERS),
                    Column(tenants.LEFT_FIRMS),
                ),
            ),
            (
                "firm_ranks",
                (
                    Column(tenants.FORTUNE_500),
                    Column(tenants.TOP_100),
                    Column(tenants.LEADERS),
                ),
            ),
            ("new_lines", compared(tenants.NEW_LINES, PREVIOUS)),
        ),
    ),
)

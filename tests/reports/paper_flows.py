"""More of the month worked out on paper: what came and went, what ends, what is vacant how long.

Seat by seat and day by day like paper.py: no ORM, no SQL, no ranges.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reports.paper import DAY, Paper, PaperFloor, days_of, first_of, round_to

LONG_AGO = date(1990, 1, 1)
Place = tuple[str, int]


def holders(paper: Paper, day: date, of: Callable[[PaperFloor], bool]) -> dict[Place, int]:
    """Whose each contracted seat is on a day."""
    return {
        (floor, seat): cell.enterprise
        for (floor, seat, on), cell in paper.cells.items()
        if on == day and cell.kind == "firm" and cell.enterprise is not None
        if of(paper.floors[floor]) and paper.is_there(paper.floors[floor], day)
    }


def flow_cells(
    paper: Paper,
    month: date,
    of: Callable[[PaperFloor], bool],
    enterprise: int | None = None,
) -> dict[str, int]:
    """What one row of the tables of flows says of enterprises and seats."""
    days = days_of(month)
    before, after = holders(paper, days[0] - DAY, of), holders(paper, days[-1], of)
    if enterprise is not None:
        before = {seat: who for seat, who in before.items() if who == enterprise}
        after = {seat: who for seat, who in after.items() if who == enterprise}
    return {
        "enterprises_before": len(set(before.values())),
        "enterprises_came": len(set(after.values()) - set(before.values())),
        "enterprises_went": len(set(before.values()) - set(after.values())),
        "enterprises_after": len(set(after.values())),
        "seats_before": len(before),
        "seats_gained": len(after.items() - before.items()),
        "seats_given_up": len(before.items() - after.items()),
        "seats_after": len(after),
    }


def let_on(paper: Paper, day: date, of: Callable[[PaperFloor], bool]) -> Decimal:
    """The area that is let at the end of a day, floor by floor."""
    area = Decimal(0)
    for floor in filter(of, paper.floors.values()):
        if paper.is_there(floor, day):
            firm = len(holders(paper, day, lambda one, this=floor: one is this))
            area += round_to(Fraction(floor.lettable_m2) * firm / floor.seats, 2)
    return area


def ending_cells(
    paper: Paper,
    month: date,
    of: Callable[[PaperFloor], bool],
    enterprise: int | None = None,
) -> dict[str, int]:
    """The seats whose holder has them on the last day, and no more on a day soon after.

    As it was known on that day.
    """
    last = days_of(month)[-1]
    known = paper.known_on(last)
    counts = dict.fromkeys((30, 60, 90), 0)
    for (floor, seat, day), cell in known.items():
        if day != last or cell.kind != "firm" or not of(paper.floors[floor]):
            continue
        if enterprise is not None and cell.enterprise != enterprise:
            continue
        ends = last
        while (goes_on := known.get((floor, seat, ends + DAY))) and goes_on.allocation == (
            cell.allocation
        ):
            ends += DAY
        follows = known.get((floor, seat, ends + DAY))
        if follows is not None and follows.enterprise == cell.enterprise:
            continue
        for within in counts:
            counts[within] += (ends - last).days <= within
    return {f"ending_{within}": count for within, count in counts.items()}


def vacancy_cells(paper: Paper, month: date, of: Callable[[PaperFloor], bool]) -> dict[str, Any]:
    """Vacant seats on the last day, and how many days each has been vacant without a break."""
    last = days_of(month)[-1]
    vacant = days = whole_seats = whole_floors = 0
    for floor in filter(of, paper.floors.values()):
        if not paper.is_there(floor, last):
            continue
        here = [
            seat
            for seat in range(1, floor.seats + 1)
            if (floor.label, seat, last) not in paper.cells
        ]
        vacant += len(here)
        for seat in here:
            day = last
            while day >= floor.opens and (floor.label, seat, day) not in paper.cells:
                days += 1
                day -= timedelta(days=1)
        if len(here) == floor.seats:
            whole_seats += floor.seats
            whole_floors += 1
    return {
        "vacant": vacant,
        "vacant_days": days,
        "vacant_for": round_to(Fraction(days, vacant), 1) if vacant else None,
        "whole_floors": whole_floors,
        "whole_floor_seats": whole_seats,
    }


def vacancy_row(paper: Paper, month: date, of: Callable[[PaperFloor], bool]) -> dict[str, Any]:
    """A row of the table of vacancies, with what it says of the month before."""
    now, before = vacancy_cells(paper, month, of), vacancy_cells(paper, first_of(month, 1), of)
    return {
        **now,
        "vacant_for.previous": before["vacant_for"],
        "whole_floor_seats.previous": before["whole_floor_seats"],
    }

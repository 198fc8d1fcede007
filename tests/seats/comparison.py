"""The product's figures beside those of the squared paper."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from foundation.months import months_between, next_month
from park.models import Floor
from seats.free_runs import free_runs
from seats.models import SeatBlock
from seats.occupancy import Grouping, Occupancy, occupancy_during
from seats.seat_days import seat_days_by_enterprise
from tests.seats.squared_paper import SLOT, SquaredPaper

KINDS_HAD = ("firm", "hold")
_KINDS = {"firm": "firm", "held": "hold", "closed": "closure", "free": "free", "seats": "seats"}


def assert_same_occupancy(
    paper: SquaredPaper, start: date, end: date, *, today: date, by: Grouping
) -> None:
    """Every row as counted on the paper, no row too many, and the rows add up to the total."""
    rows, total = occupancy_during(start, end, today=today, by=by)
    counted = paper.occupancy(paper.days(start, end), today, by)

    answered = {row.key: _figures(row.occupancy) for row in rows}
    if by == Grouping.PARK:
        answered = {None: _figures(total)}
    if by == Grouping.ENTERPRISE:
        counted.setdefault(None, Counter())
    assert answered == {key: +Counter(counter) for key, counter in counted.items()}, (start, end)
    assert sum((row.occupancy for row in rows), Occupancy()) == total
    assert len(answered) == len(rows) or by == Grouping.PARK


def _figures(occupancy: Occupancy) -> Counter[str]:
    """Only what is there, by the names that blocks have."""
    return +Counter({kind: getattr(occupancy, name) for name, kind in _KINDS.items()})


def assert_same_free_runs(paper: SquaredPaper, start: date, end: date | None) -> None:
    """The same maximal runs in the same order; each knows whether its floor is handed over."""
    runs = free_runs(start, end)

    assert [tuple(run.seats) for run in runs] == paper.free_runs(paper.days(start, end))
    assert all(run.is_delivered == paper.floors[run.floor_id].is_delivered for run in runs)


def assert_same_seat_days(paper: SquaredPaper, first: date, last: date, *, today: date) -> None:
    """Each month's seat-days of every enterprise, counted on the paper cell by cell."""
    months = list(months_between(first, last))
    counted = [
        paper.occupancy(paper.days(month, next_month(month)), today, Grouping.ENTERPRISE)
        for month in months
    ]
    enterprises = {key for month in counted for key in month if key is not None}
    answered = {
        row.enterprise_id: (row.firm, row.held)
        for row in seat_days_by_enterprise(first, last, today=today)
        if any(row.firm) or any(row.held)
    }

    assert answered == {
        key: tuple([month.get(key, Counter())[kind] for month in counted] for kind in KINDS_HAD)
        for key in enterprises
    }


def assert_same_everywhere(
    paper: SquaredPaper, periods: Sequence[tuple[date, date]], *, today: date
) -> None:
    """Occupancy by everything, and free runs, in each of `periods`."""
    for start, end in periods:
        for by in Grouping:
            assert_same_occupancy(paper, start, end, today=today, by=by)
        assert_same_free_runs(paper, start, end)
    assert_same_free_runs(paper, today, None)


def assert_void_says_what_is_no_seat() -> None:
    """Slot − void = seats, on the day when everything known to come has come."""
    void = SeatBlock.objects.filter(kind="void").values_list("floor", "seats")
    in_the_end, beyond = Counter(), Counter()
    for floor, seats in void.on(date(9000, 1, 1)):
        in_the_end[floor] += seats.upper - seats.lower
    for floor, seats in void.filter(period__startswith=date(1990, 1, 1), period__upper_inf=True):
        beyond[floor] += seats.upper - seats.lower
    for floor in Floor.objects.all():
        is_to_come = floor.delivered_on is None and floor.planned_on is None
        seats = 0 if is_to_come else floor.seat_count
        assert (SLOT - in_the_end[floor.pk], SLOT - beyond[floor.pk]) == (seats, seats), floor

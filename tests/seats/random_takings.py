"""Small parks with whatever was taken in them: in the database and on squared paper at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from accounts.models import User
from park.axis import seat_at
from seats.models import AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats
from seats.services.floors import extend_floor
from tenants.models import Enterprise
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.tenants import EnterpriseFactory
from tests.seats.squared_paper import Cell, PaperFloor, SquaredPaper
from web.refusals import Refusal

FIRST, LAST = date(2024, 2, 1), date(2024, 4, 30)
GROWS, OPENS, COMES = date(2024, 3, 10), date(2024, 2, 15), date(2024, 3, 20)
SINCE = date(2020, 1, 1)

tireless = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
days = st.integers(0, 89).map(lambda number: FIRST + timedelta(days=number))
takings = st.lists(
    st.tuples(
        st.integers(0, 2),  # which floor
        st.integers(1, 12),
        st.integers(1, 12),
        st.integers(0, 60),  # from which day on
        st.one_of(st.none(), st.integers(0, 40)),  # for how long
        st.sampled_from(["firm", "hold", "closure"]),
        st.integers(0, 1),  # by whom
    ),
    min_size=2,
    max_size=14,
)


def random_park(
    taken: Sequence[tuple[Any, ...]], operator: User
) -> tuple[SquaredPaper, list[Enterprise]]:
    """A floor that grows, one that comes late, one that is planned; on them, `taken` if vacant."""
    paper = SquaredPaper(FIRST, LAST)
    grows = make_floor(level=1, seats=9, acting_user=operator)
    extend_floor(floor_id=grows.pk, seat_count=12, first_day=GROWS, now=NOW, acting_user=operator)
    late = make_floor(level=2, seats=12, delivered_on=OPENS, acting_user=operator)
    planned = make_floor(
        level=3, seats=12, delivered_on=None, planned_on=COMES, acting_user=operator
    )
    for floor, opens, there in (
        (grows, [SINCE] * 9 + [GROWS] * 3, True),
        (late, [OPENS] * 12, True),
        (planned, [COMES] * 12, False),
    ):
        paper.floors[floor.pk] = PaperFloor(floor.pk, "C", "C-1", floor.label, opens, there)
    firms = [EnterpriseFactory(), EnterpriseFactory()]
    for run in taken:
        _take(paper, firms, run, operator)
    return paper, firms


def state_of(
    paper: SquaredPaper, seat: int, day: date, named: Sequence[int] | None = None
) -> tuple[str, int | None]:
    """What a seat is on a day and whose, as somebody is told who may name `named` (None: all)."""
    floor = paper.floors[seat // 4096]
    if not ((floor.is_delivered or day > TODAY) and paper.exists(seat, day)):
        return ("void", None)
    cell = paper.cells.get((seat, day))
    if cell is None:
        return ("free", None)
    return (cell.kind, cell.enterprise if named is None or cell.enterprise in named else None)


def _take(
    paper: SquaredPaper, firms: Sequence[Enterprise], run: tuple[Any, ...], operator: User
) -> None:
    number, one, other, start, length, kind, who = run
    floor = list(paper.floors)[number]
    first, last = sorted((seat_at(floor, one), seat_at(floor, other)))
    begins = FIRST + timedelta(days=start)
    ends = None if length is None else begins + timedelta(days=length)
    firm = None if kind == "closure" else firms[who]
    try:
        allocation = allocate_seats(
            enterprise=firm,
            kind=AllocationKind(kind),
            rectangles=[Rectangle.of_days(first, last, begins, ends)],
            reason="" if firm else "装修",
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )
    except Refusal:
        return
    cell = Cell(kind, firm.pk if firm else None, allocation.pk)
    paper.put(
        cell,
        range(first, last + 1),
        paper.days(begins, ends and ends + timedelta(days=1)),
    )

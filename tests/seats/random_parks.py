"""Small parks as hypothesis makes them up, in the database and on squared paper at once."""

from datetime import date, timedelta

from hypothesis import strategies as st

from park.axis import Span
from seats.models import AllocationKind
from seats.rectangles import Rectangle
from seats.services.allocations import allocate_seats
from seats.services.floors import extend_floor
from tests.conftest import NOW, TODAY
from tests.factories.park import make_floor
from tests.factories.tenants import EnterpriseFactory
from tests.seats.squared_paper import Cell, PaperFloor, SquaredPaper
from web.refusals import Refusal

FIRST = date(2024, 1, 1)
LAST = date(2024, 4, 30)

DAYS = st.integers(0, 100).map(lambda number: FIRST + timedelta(days=number))

FLOORS = st.lists(
    st.fixed_dictionaries(
        {
            "zone": st.sampled_from(["A", "B1"]),
            "building": st.sampled_from(["1", "12"]),
            "seats": st.integers(1, 6),
            "state": st.sampled_from(["delivered", "delivered", "planned", "unknown"]),
            "day": DAYS,
            "grows": st.one_of(st.none(), st.tuples(st.integers(1, 4), DAYS)),
        }
    ),
    min_size=1,
    max_size=4,
)

BLOCKS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["firm", "firm", "hold", "closure"]),
            "floor": st.integers(0, 3),
            "first": st.integers(0, 9),
            "length": st.integers(1, 6),
            "start": DAYS,
            "days": st.one_of(st.none(), st.integers(1, 60)),
            "enterprise": st.integers(0, 2),
        }
    ),
    max_size=10,
)


def draw_park(floors, blocks, operator):
    """The park in the database; what of it the database took, on paper."""
    paper = SquaredPaper(FIRST, LAST)
    for level, floor in enumerate(floors, start=1):
        _draw_floor(paper, level, floor, operator)
    enterprises = [EnterpriseFactory() for _ in range(3)]
    for block in blocks:
        _draw_block(paper, block, enterprises, operator)
    return paper


def _draw_floor(paper, level, floor, operator):
    opens = None if floor["state"] == "unknown" else floor["day"]
    is_delivered = floor["state"] == "delivered"
    row = make_floor(
        zone=floor["zone"],
        building=floor["building"],
        level=level,
        seats=floor["seats"],
        planned_on=opens,
        delivered_on=opens if is_delivered else None,
        acting_user=operator,
    )
    days = [opens] * floor["seats"]
    if floor["grows"] is not None:
        more, first_day = floor["grows"]
        extend_floor(
            floor_id=row.pk,
            seat_count=floor["seats"] + more,
            first_day=first_day,
            now=NOW,
            acting_user=operator,
        )
        days += [max(opens, first_day) if is_delivered else opens] * more
    building = f"{floor['zone']}-{floor['building']}"
    paper.floors[row.pk] = PaperFloor(
        row.pk, floor["zone"], building, row.label, days, is_delivered
    )


def _draw_block(paper, block, enterprises, operator):
    """Ask for a block; it must be given exactly if the paper has room for it."""
    floor = list(paper.floors.values())[block["floor"] % len(paper.floors)]
    lower = floor.pk * 4096 + block["first"]
    seats = Span(lower, lower + block["length"])
    end = block["days"] and block["start"] + timedelta(days=block["days"])
    days = paper.days(block["start"], end)
    is_closure = block["kind"] == "closure"
    enterprise = None if is_closure else enterprises[block["enterprise"]]
    has_room = all(paper.is_free(seat, day) for seat in range(*seats) for day in days)
    is_allowed = floor.is_delivered or block["kind"] == "hold"

    try:
        allocation = allocate_seats(
            enterprise=enterprise,
            kind=AllocationKind(block["kind"]),
            rectangles=[Rectangle(seats, block["start"], end)],
            reason="装修" if is_closure else "",
            today=TODAY,
            now=NOW,
            acting_user=operator,
        )
    except Refusal:
        assert not (has_room and is_allowed)
    else:
        assert has_room
        assert is_allowed
        cell = Cell(block["kind"], enterprise and enterprise.pk, allocation.pk)
        paper.put(cell, range(*seats), days)

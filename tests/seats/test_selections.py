"""What a chosen run is and what acting on it leaves, against squared paper.

The paper knows nothing of runs: it is a table of what each seat is on each day.
"""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange
from hypothesis import given
from hypothesis import strategies as st

from park.axis import SLOT, Span
from park.models import Floor
from seats.models import SeatBlock
from seats.occupancy import Occupancy
from seats.selections import Selection

SEATS, DAYS = 14, 9
FLOOR = Floor(pk=3, label="C-1-3F", seat_count=SEATS, lettable_m2=Decimal(98))
MONDAY = date(2024, 3, 4)
KINDS = ["firm", "hold", "closure", "void"]


def ordered(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)


DRAWN = st.lists(
    st.tuples(st.sampled_from(KINDS), ordered(0, SEATS - 1), ordered(0, DAYS), st.booleans()),
    max_size=9,
)


def block_of(kind, seats, days, is_open):
    end = None if is_open else MONDAY + timedelta(days=days[1])
    block = SeatBlock(
        kind=kind,
        seats=NumericRange(3 * SLOT + seats[0], 3 * SLOT + seats[1] + 1),
        period=DateRange(MONDAY + timedelta(days=days[0]), end),
    )
    block.floor = FLOOR
    return block


def on_paper(drawn):
    """A table of kinds by seat and day, and the blocks that fit on it without touching another.

    The last day of the table stands for all days after it.
    """
    table = [[""] * (DAYS + 1) for _ in range(SEATS)]
    blocks = []
    for kind, seats, days, is_open in drawn:
        last = DAYS + 1 if is_open else days[1]
        cells = [(s, d) for s in range(seats[0], seats[1] + 1) for d in range(days[0], last)]
        if not cells or any(table[s][d] for s, d in cells):
            continue
        for s, d in cells:
            table[s][d] = kind
        blocks.append((block_of(kind, seats, days, is_open), days[0], last))
    return table, blocks


def longest(is_free):
    return max((len([*run]) for free, run in groupby(is_free) if free), default=0)


@given(DRAWN, ordered(0, SEATS - 1), ordered(0, DAYS - 1), st.booleans())
def test_says_what_the_paper_says(drawn, chosen, days, is_open):
    table, blocks = on_paper(drawn)
    start, end = days[0], (DAYS + 1 if is_open else days[1] + 1)
    selection = Selection(
        FLOOR,
        Span(3 * SLOT + chosen[0], 3 * SLOT + chosen[1] + 1),
        MONDAY + timedelta(days=start),
        None if is_open else MONDAY + timedelta(days=end),
        [block for block, first, last in blocks if first < end and start < last],
    )
    here = range(chosen[0], chosen[1] + 1)
    period = [[table[seat][day] for day in range(start, end)] for seat in range(SEATS)]
    is_free = [not any(days_of_seat) for days_of_seat in period]

    assert selection.is_free == all(is_free[seat] for seat in here)
    assert bool(selection.missing) == any("void" in period[seat] for seat in here)
    held = {seat - 3 * SLOT for piece in selection.pieces for seat in range(*piece.seats)}
    assert held == {seat for seat in here if {*period[seat]} - {"", "void"}}
    assert selection.area == Decimal(98) * len(here) / SEATS

    free_days = [not any(period[seat][day] for seat in here) for day in range(end - start)]
    if selection.free_until is None:
        assert all(free_days) or not free_days[0] or selection.missing
    else:
        until = (selection.free_until - MONDAY).days - start
        assert free_days[: until + 2] == [True] * (until + 1) + [False]

    counts = [kind for seat in table for kind in [seat[start]]]
    before = Occupancy(
        SEATS - counts.count("void"),
        counts.count("firm"),
        counts.count("hold"),
        counts.count("closure"),
    )
    taken = [is_free[seat] and seat not in here for seat in range(SEATS)]
    taking = selection.taking(before)
    assert (taking.longest_before, taking.longest_after) == (longest(is_free), longest(taken))
    assert taking.after == before._replace(firm=before.firm + len(here))

    released = [
        is_free[seat] or (seat in here and "void" not in period[seat]) for seat in range(SEATS)
    ]
    left = [kind for seat, kind in enumerate(counts) if seat not in here or kind == "void"]
    releasing = selection.releasing(before)
    assert (releasing.longest_before, releasing.longest_after) == (
        longest(is_free),
        longest(released),
    )
    assert releasing.after == Occupancy(
        before.seats, left.count("firm"), left.count("hold"), left.count("closure")
    )

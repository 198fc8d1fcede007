"""Which free runs are chosen: beside every other choice that there is."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from park.axis import SLOT, Span
from seats.planner.need import Free, longest_without
from seats.planner.search import best_choice, most_seats, trimmed


def runs_on(floor, label, *lengths):
    """Runs of these lengths on a floor, two seats between them."""
    runs, lower = [], floor * SLOT
    for length in lengths:
        runs.append(Free(Span(lower, lower + length), floor, label, True))
        lower += length + 2
    return runs


def chosen(runs, seats, **wishes):
    choice = best_choice(runs, seats, **wishes)
    return [(run.label, span.length) for span, run in trimmed(choice, seats)] if choice else None


class TestOneAfterAnother:
    def test_one_building_before_few_floors(self):
        runs = [
            *runs_on(1, "C-1-1F", 40),
            *runs_on(2, "C-2-1F", 30),
            *runs_on(3, "C-2-2F", 20),
            *runs_on(4, "C-2-3F", 10),
        ]
        assert chosen(runs, 60) == [("C-2-1F", 30), ("C-2-2F", 20), ("C-2-3F", 10)]

    def test_one_floor_before_few_runs(self):
        runs = [*runs_on(1, "C-1-1F", 10, 10, 10), *runs_on(2, "C-1-2F", 25)]
        assert chosen(runs, 30) == [("C-1-1F", 10)] * 3

    def test_few_runs_before_what_is_left(self):
        runs = [*runs_on(1, "C-1-1F", 50), *runs_on(2, "C-1-2F", 20, 20)]
        assert chosen(runs, 40) == [("C-1-1F", 40)]

    def test_the_longest_run_stays_whole_where_a_shorter_one_does(self):
        runs = [*runs_on(1, "C-1-1F", 90), *runs_on(2, "C-2-1F", 40), *runs_on(3, "C-3-1F", 35)]
        assert chosen(runs, 30) == [("C-3-1F", 30)]
        assert chosen(runs, 30, contiguous=True) == [("C-3-1F", 30)]

    def test_only_the_shortest_run_is_cut(self):
        assert chosen(runs_on(1, "C-1-1F", 30, 20, 50), 85) == [
            ("C-1-1F", 30),
            ("C-1-1F", 5),
            ("C-1-1F", 50),
        ]


class TestWishes:
    runs = [*runs_on(1, "C-1-1F", 30, 20), *runs_on(2, "C-2-1F", 45)]

    def test_one_run_or_nothing(self):
        assert chosen(self.runs, 45, contiguous=True) == [("C-2-1F", 45)]
        assert chosen(self.runs, 46, contiguous=True) is None

    def test_one_building_or_nothing(self):
        assert chosen(self.runs, 50, same_building=True) == [("C-1-1F", 30), ("C-1-1F", 20)]
        assert chosen(self.runs, 51, same_building=True) is None
        assert chosen(self.runs, 51) is not None

    def test_nothing_is_chosen_where_there_is_nothing(self):
        assert chosen([], 1) is None
        assert chosen(self.runs, 96) is None

    def test_the_most_seats_under_each_wish(self):
        given = [
            most_seats(self.runs, same_building=same, contiguous=together)
            for same, together in ((False, False), (True, False), (False, True), (True, True))
        ]
        assert given == [95, 50, 45, 45]


def best_of_all(runs, seats, *, same_building, contiguous):
    """The cost of the best of all choices: buildings, floors, runs, longest run left (negative)."""
    costs = []
    for count in range(1, 2 if contiguous else len(runs) + 1):
        for some in combinations(runs, count):
            lengths = [run.seats.length for run in some]
            buildings = len({run.building for run in some})
            if sum(lengths) < seats or (same_building and buildings > 1):
                continue
            rest = min(sum(lengths) - seats, max(lengths))
            left = max([rest, *(run.seats.length for run in runs if run not in some)])
            costs.append((buildings, len({run.floor for run in some}), count, -left))
    return min(costs, default=None)


_LENGTHS = st.lists(st.integers(1, 30), max_size=4)
_FLOORS = st.lists(st.tuples(st.integers(1, 3), _LENGTHS), min_size=1, max_size=5)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(
    floors=_FLOORS,
    seats=st.integers(1, 120),
    same_building=st.booleans(),
    contiguous=st.booleans(),
)
def test_no_choice_is_better(floors, seats, same_building, contiguous):
    runs = [
        run
        for floor, (building, lengths) in enumerate(floors)
        for run in runs_on(floor, f"C-{building}-{floor}F", *lengths)
    ][:9]
    wishes = {"same_building": same_building, "contiguous": contiguous}

    choice = best_choice(runs, seats, **wishes)

    best = best_of_all(runs, seats, **wishes)
    if choice is None:
        assert best is None
        return
    taken = trimmed(choice, seats)
    assert sum(span.length for span, _run in taken) == seats
    assert all(run.seats.lower <= span.lower < span.upper <= run.seats.upper for span, run in taken)
    buildings = {run.building for _span, run in taken}
    floors_used = {run.floor for _span, run in taken}
    left = longest_without(runs, taken)
    assert (len(buildings), len(floors_used), len(taken), -left) == best

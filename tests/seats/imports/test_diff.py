"""Lines against blocks, beside an oracle that knows seats and days one by one, and nothing else."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from park.axis import Span, seat_at
from seats.imports.diff import Change, compare
from seats.imports.lines import Line
from seats.imports.matching import Held
from seats.imports.rules import FloorFacts, Park

CALMLY = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],  # of the machine
)
FIRST = date(2024, 3, 1)
DAYS = 12  # the last stands for ever
SEATS = 10
FLOOR = {1: FloorFacts("C-1-3F", True, "C")}


def cells(seats, start, end):
    """Every (seat, day) of a rectangle; what is open lasts to the end of the paper."""
    last = FIRST + timedelta(days=DAYS) if end is None else end
    days = range((start - FIRST).days, (last - FIRST).days)
    return {(seat, day) for seat in range(*seats) for day in days}


rectangles = st.builds(
    lambda first, length, start, lasts: (
        Span(seat_at(1, first), seat_at(1, min(first + length, SEATS + 1))),
        FIRST + timedelta(days=start),
        None if start + lasts >= DAYS else FIRST + timedelta(days=start + lasts),
    ),
    st.integers(1, SEATS),
    st.integers(1, 5),
    st.integers(0, DAYS - 1),
    st.integers(1, DAYS),
)
holders = st.sampled_from([("firm", 1), ("firm", 2), ("hold", 1), ("hold", 2), ("closure", None)])


@st.composite
def parks(draw):
    """Blocks that share no seat on a day, as the database would have them."""
    taken, blocks = set(), []
    for seats, start, end in draw(st.lists(rectangles, max_size=6)):
        mine = cells(seats, start, end)
        if mine & taken:
            continue
        taken |= mine
        kind, enterprise = draw(holders)
        pk = len(blocks) + 1
        blocks.append(
            Held(pk, pk, enterprise, f"企业{enterprise}", 1, "C-1-3F", kind, seats, start, end)
        )
    return blocks


@st.composite
def lists(draw):
    """A park and a list: lines out of the blue, lines that repeat blocks, lines that carry them."""
    blocks = draw(parks())
    lines = []
    for seats, start, end in draw(st.lists(rectangles, max_size=4)):
        kind, enterprise = draw(holders)
        lines.append((seats, start, end, kind, enterprise, None))
    for block in blocks:
        what = draw(st.sampled_from(["leave", "repeat", "number", "edit"]))
        number = block.pk if what in {"number", "edit"} else None
        seats, start, end = block.seats, block.start, block.end
        if what == "edit":
            seats, start, end = draw(rectangles)
        if what != "leave":
            lines.append((seats, start, end, block.kind, block.enterprise, number))
    lines = draw(st.permutations(lines))
    return blocks, [
        Line(
            row,
            {"run": f"B{row}"},
            1,
            seats,
            start,
            end,
            kind,
            enterprise=enterprise,
            reason="装修" if kind == "closure" else None,
            block=number,
        )
        for row, (seats, start, end, kind, enterprise, number) in enumerate(lines, start=2)
    ]


def cells_of(one):
    return cells(one.seats, one.start, one.end)


def park_with(blocks, **more):
    return Park(FLOOR, blocks, [], "2024-02-22 10:00", **more)


@CALMLY
@given(lists())
def test_what_is_neither_wrong_nor_in_conflict_fits_seat_by_seat(case):
    blocks, lines = case
    outcomes = compare(lines, park_with(blocks))
    right = [one for one in outcomes if not one.problems]
    changed = {one.before.pk for one in right if one.change == Change.CHANGED}
    stays = [block for block in blocks if block.pk not in changed]

    given_to = {}
    for block in stays:
        for cell in cells_of(block):
            given_to[cell] = (block.kind, block.enterprise)
    for outcome in right:
        for cell in cells_of(outcome.line):
            if outcome.change == Change.UNCHANGED:
                assert given_to[cell] == (outcome.line.kind, outcome.line.enterprise)
            elif not any(one.problems for one in outcomes):
                assert cell not in given_to, "given twice"
                given_to[cell] = (outcome.line.kind, outcome.line.enterprise)


@CALMLY
@given(lists())
def test_a_conflict_is_with_somebody_who_has_one_of_the_seats_on_one_of_the_days(case):
    blocks, lines = case
    for outcome in compare(lines, park_with(blocks)):
        mine = cells_of(outcome.line)
        for problem in outcome.problems:
            if problem.is_conflict:
                whose = problem.parameters["holder"]
                assert any(block.holder == whose and cells_of(block) & mine for block in blocks)
            if problem.code == "lines_overlap":
                other = next(one for one in lines if one.row == problem.parameters["row"])
                assert cells_of(other) & mine


@CALMLY
@given(lists())
def test_new_lines_in_the_way_of_nobody_are_never_refused(case):
    blocks, lines = case
    for place, outcome in enumerate(compare(lines, park_with(blocks))):
        mine = cells_of(outcome.line)
        others = [one for number, one in enumerate(lines) if number != place]
        alone = not any(cells_of(one) & mine for one in [*blocks, *others])
        if alone and outcome.line.block is None:
            assert (outcome.change, outcome.problems) == (Change.NEW, ())


@CALMLY
@given(parks(), st.integers(0, DAYS - 1), st.data())
def test_what_a_whole_list_leaves_out_is_free_from_the_day_on(blocks, number, data):
    day = FIRST + timedelta(days=number)
    kept = [block for block in blocks if data.draw(st.booleans())]
    lines = [
        Line(
            row,
            {"run": f"B{row}"},
            1,
            one.seats,
            one.start,
            one.end,
            one.kind,
            enterprise=one.enterprise,
            reason="装修" if one.kind == "closure" else None,
        )
        for row, one in enumerate(kept, start=2)
    ]
    park = park_with(blocks, whole_zones=frozenset("C"), from_day=day)

    outcomes = compare(lines, park)

    after = {block.pk: cells_of(block) for block in blocks}
    for outcome in outcomes:
        if outcome.change == Change.MISSING:
            rest = outcome.after
            after[outcome.before.pk] = cells(rest.seats, rest.start, rest.end) if rest else set()
    names = {block.pk for block in kept}
    for block in blocks:
        expected = {(seat, on) for seat, on in cells_of(block) if block.pk in names or on < number}
        assert after[block.pk] == expected


def line(first, last, *, start=FIRST, end=None, kind="firm", enterprise=1, row=2, **more):
    seats = Span(seat_at(1, first), seat_at(1, last) + 1)
    return Line(row, {"run": f"B{row}"}, 1, seats, start, end, kind, enterprise=enterprise, **more)


def block(pk, first, last, *, start=FIRST, end=None, kind="firm", enterprise=1, **more):
    seats = Span(seat_at(1, first), seat_at(1, last) + 1)
    return Held(pk, pk, enterprise, "甲", 1, "C-1-3F", kind, seats, start, end, **more)


def outcome_of(lines, blocks):
    return [
        (one.change.value, [problem.code for problem in one.problems])
        for one in compare(lines, park_with(blocks))
    ]


class TestWithoutNumbers:
    def test_seats_that_are_cut_otherwise_are_unchanged(self):
        blocks = [block(1, 1, 4), block(2, 5, 8)]

        assert outcome_of([line(1, 8)], blocks) == [("unchanged", [])]
        assert outcome_of([line(1, 2), line(3, 8, row=3)], blocks) == [("unchanged", [])] * 2

    def test_the_only_block_of_the_holder_with_these_seats_is_changed(self):
        later = FIRST + timedelta(days=5)

        assert outcome_of([line(1, 4, end=later)], [block(1, 1, 4)]) == [("changed", [])]

    def test_other_seats_from_another_day_are_not_guessed(self):
        later = FIRST + timedelta(days=5)

        found = outcome_of([line(3, 6, start=later)], [block(1, 1, 4)])

        assert found == [("wrong", ["several_blocks"])]

    def test_several_blocks_are_not_guessed(self):
        found = outcome_of([line(1, 9)], [block(1, 1, 4), block(2, 5, 8)])

        assert found == [("wrong", ["several_blocks"])]


class TestWithNumbers:
    def test_a_block_that_is_gone_is_told(self):
        assert outcome_of([line(1, 4, block=9)], []) == [("wrong", ["block_gone"])]

    def test_a_block_that_is_there_just_so_under_another_number_is_unchanged(self):
        assert outcome_of([line(1, 4, block=9)], [block(1, 1, 4)]) == [("unchanged", [])]

    def test_a_number_counts_once(self):
        found = outcome_of([line(1, 4, block=1), line(7, 8, row=3, block=1)], [block(1, 1, 4)])

        assert found == [("unchanged", []), ("wrong", ["block_twice"])]

    def test_an_expired_hold_does_not_come_back(self):
        ended = block(1, 1, 4, kind="hold", end=FIRST + timedelta(days=3), is_live=False)

        found = outcome_of([line(1, 4, kind="hold", block=1)], [ended])

        assert found == [("wrong", ["hold_expired"])]

    def test_lines_of_one_allocation_must_agree(self):
        blocks = [block(1, 1, 2, reason="x"), block(2, 3, 4, reason="x")._replace(allocation=1)]
        lines = [line(1, 2, block=1, reason="y"), line(3, 4, row=3, block=2, reason="x")]

        assert outcome_of(lines, blocks)[1] == ("wrong", ["facts_differ"])

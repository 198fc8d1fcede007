"""How seats lie: every seat once, whatever is drawn and however large the floor is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import layouts
from park.layouts import Cell, layout

GRIDS = st.integers(1, 12).flatmap(
    lambda width: st.lists(
        st.text(alphabet="SS.#", min_size=width, max_size=width), min_size=1, max_size=12
    )
)
NUMBERINGS = st.sampled_from([layouts.ROWS, layouts.SNAKE, layouts.COLUMNS])


def numbers_of(drawn):
    """The grid with each seat's number in its place, as one would write it by hand."""
    return {
        cell: number
        for island in drawn.islands
        for number, cell in enumerate(island.cells, start=island.first)
    }


def test_the_default_of_every_floor_adds_one_place_for_each_seat():
    """Seat n lies where it lies on every larger floor: its place is worked out by hand."""
    grid = [bytearray(b"." * 43) for _ in range(156)]

    for seats in range(1, 4097):
        island, place = divmod(seats - 1, 20)
        grid[island // 4 * 3 + place // 10][island % 4 * 11 + place % 10] = ord("S")
        rows = layouts.default_rows(seats)
        assert [row.ljust(43, ".") for row in rows] == [r.decode() for r in grid[: len(rows)]]
        assert layouts.count_seats(rows) == seats


@pytest.mark.parametrize("seats", [*range(1, 100), 468, 500, 4095, 4096])
def test_the_default_has_a_place_for_each_seat(seats):
    drawn = layout(seats)

    assert sorted(numbers_of(drawn).values()) == list(range(1, seats + 1))
    assert [island.first for island in drawn.islands] == list(range(1, seats + 1, 20))
    assert len(drawn.rows) <= layouts.MOST_ROWS
    assert len({*map(len, drawn.rows)}) == 1


def test_the_default_is_drawn_in_islands_of_two_rows_of_ten_four_side_by_side():
    drawn = layout(468)

    assert drawn.rows[:4] == (
        "SSSSSSSSSS.SSSSSSSSSS.SSSSSSSSSS.SSSSSSSSSS",
        "SSSSSSSSSS.SSSSSSSSSS.SSSSSSSSSS.SSSSSSSSSS",
        "...........................................",
        "SSSSSSSSSS.SSSSSSSSSS.SSSSSSSSSS.SSSSSSSSSS",
    )
    assert drawn.rows[-2:] == (
        "SSSSSSSSSS.SSSSSSSSSS.SSSSSSSSSS.SSSSSSSS..",
        "SSSSSSSSSS.SSSSSSSSSS.SSSSSSSSSS...........",
    )
    numbers = numbers_of(drawn)
    assert numbers[Cell(0, 0)] == 1
    assert numbers[Cell(0, 9)] == 10
    assert numbers[Cell(1, 0)] == 11
    assert numbers[Cell(0, 11)] == 21
    assert numbers[Cell(3, 0)] == 81


@given(GRIDS, NUMBERINGS)
def test_whatever_is_drawn_every_seat_has_one_cell(rows, numbering):
    rows = tuple(rows)
    seats = layouts.count_seats(rows)
    numbers = numbers_of(layout(seats, rows, numbering)) if seats else {}

    assert sorted(numbers.values()) == list(range(1, seats + 1))
    assert set(numbers) == {
        Cell(y, x) for y, row in enumerate(rows) for x, sign in enumerate(row) if sign == "S"
    }


@given(GRIDS, NUMBERINGS, st.integers(0, 130))
def test_a_floor_that_grew_shows_its_new_seats_and_moves_no_other(rows, numbering, more):
    rows = tuple(rows)
    seats = layouts.count_seats(rows)
    before = numbers_of(layout(seats, rows, numbering))

    after = numbers_of(layout(seats + more, rows, numbering))

    assert sorted(after.values()) == list(range(1, seats + more + 1))
    assert {cell: number for cell, number in after.items() if number <= seats} == before
    assert all(cell.row > len(rows) for cell, number in after.items() if number > seats)


@given(GRIDS, st.integers(1, 40))
def test_cells_beyond_the_last_seat_are_no_seats(rows, fewer):
    rows = tuple(rows)
    seats = max(1, layouts.count_seats(rows) - fewer)

    assert sorted(numbers_of(layout(seats, rows)).values()) == list(range(1, seats + 1))


@given(GRIDS)
def test_islands_touch_inside_and_nowhere_else(rows):
    rows = tuple(rows)
    drawn = layout(layouts.count_seats(rows), rows) if layouts.count_seats(rows) else None
    island_of = (
        {c: number for number, i in enumerate(drawn.islands) for c in i.cells} if drawn else {}
    )

    for cell, number in island_of.items():
        beside = [island_of.get(Cell(cell.row, cell.column + 1), number)]
        below = [island_of.get(Cell(cell.row + 1, cell.column), number)]
        assert {number} == {*beside, *below}
    tops = [(min(island.cells).row) for island in drawn.islands] if drawn else []
    assert tops == sorted(tops)


@pytest.mark.parametrize(
    ("numbering", "expected"),
    [
        (layouts.ROWS, [[1, 2, 3], [4, 5, 6]]),
        (layouts.SNAKE, [[1, 2, 3], [6, 5, 4]]),
        (layouts.COLUMNS, [[1, 3, 5], [2, 4, 6]]),
    ],
)
def test_an_island_is_numbered_as_it_says(numbering, expected):
    numbers = numbers_of(layout(6, ("SSS", "SSS"), numbering))

    assert [[numbers[Cell(y, x)] for x in range(3)] for y in range(2)] == expected


class TestReading:
    def test_takes_what_people_type_and_gives_three_signs(self):
        assert layouts.read("\n席席 口s\r\nxＳ＃·S\n\n") == ("SS.SS", "#S#.S")

    def test_fills_short_lines_with_aisle(self):
        assert layouts.read("S\nSSS\n S") == ("S..", "SSS", ".S.")

    def test_keeps_empty_lines_between_rows(self):
        assert layouts.read("\n\nSS\n\nSS\n") == ("SS", "..", "SS")

    def test_of_nothing_is_nothing(self):
        assert layouts.read(" \n\n") == ()

    def test_names_the_line_and_column_of_a_wrong_sign(self):
        with pytest.raises(layouts.WrongSign) as wrong:
            layouts.read("\nSS.\nS?S")
        assert (wrong.value.line, wrong.value.column, wrong.value.sign) == (3, 2, "?")

    @pytest.mark.parametrize(("text", "size"), [("S\n" * 201, (201, 1)), ("S" * 201, (1, 201))])
    def test_refuses_what_is_too_large_without_reading_it(self, text, size):
        with pytest.raises(layouts.TooLarge) as large:
            layouts.read(text)
        assert (large.value.rows, large.value.columns) == size

    @given(GRIDS)
    def test_reads_what_it_writes(self, rows):
        rows = layouts.read("\n".join(rows))
        assert layouts.read(layouts.written(rows)) == rows

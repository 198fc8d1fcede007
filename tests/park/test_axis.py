"""Arithmetic on the seat axis: tables, and a comparison with counting seat by seat."""

import itertools
import random

import pytest

from park.axis import (
    SLOT,
    Span,
    floor_of,
    free_spans,
    intersection,
    level_name,
    place_of,
    run_label,
    seat_at,
    seat_label,
    slot_of,
)


class TestFloors:
    @pytest.mark.parametrize(
        ("seat", "floor", "place"),
        [
            (0, 0, 1),
            (4095, 0, 4096),
            (4096, 1, 1),
            (7 * 4096 + 16, 7, 17),
            (2**31 - 1, 524287, 4096),
        ],
    )
    def test_a_seat_knows_its_floor_and_place(self, seat, floor, place):
        assert (floor_of(seat), place_of(seat)) == (floor, place)
        assert seat_at(floor, place) == seat

    def test_slots_follow_each_other_without_a_gap(self):
        assert slot_of(6) == Span(6 * SLOT, 7 * SLOT)
        assert slot_of(6).upper == slot_of(7).lower


class TestFreeSpans:
    @pytest.mark.parametrize(
        ("taken", "free"),
        [
            ([], [Span(10, 20)]),
            ([Span(10, 20)], []),
            ([Span(0, 100)], []),
            ([Span(0, 10), Span(20, 30)], [Span(10, 20)]),
            ([Span(12, 14)], [Span(10, 12), Span(14, 20)]),
            ([Span(16, 18), Span(12, 14)], [Span(10, 12), Span(14, 16), Span(18, 20)]),
            ([Span(11, 19), Span(12, 14)], [Span(10, 11), Span(19, 20)]),
            ([Span(5, 12), Span(18, 25)], [Span(12, 18)]),
            ([Span(15, 15)], [Span(10, 20)]),
        ],
    )
    def test_are_what_nothing_covers(self, taken, free):
        assert free_spans(Span(10, 20), taken) == free

    def test_agree_with_counting_seat_by_seat(self):
        chance = random.Random(4096)  # noqa: S311

        for _case in range(5000):
            span = _some_span(chance, 12)
            taken = [_some_span(chance, 12) for _ in range(chance.randrange(5))]
            covered = {seat for other in taken for seat in range(*other)}
            free = [seat for seat in range(*span) if seat not in covered]

            assert free_spans(span, taken) == _runs(free), (span, taken)


def _some_span(chance: random.Random, most: int) -> Span:
    lower = chance.randrange(most)
    return Span(lower, lower + chance.randrange(most - lower))


def _runs(seats: list[int]) -> list[Span]:
    """Neighbours put together: seats in a row differ from their position by the same number."""
    groups = itertools.groupby(enumerate(seats), key=lambda pair: pair[1] - pair[0])
    runs = [[seat for _, seat in group] for _, group in groups]
    return [Span(run[0], run[-1] + 1) for run in runs]


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (Span(0, 10), None),
        (Span(0, 11), Span(10, 11)),
        (Span(12, 14), Span(12, 14)),
        (Span(0, 99), Span(10, 20)),
        (Span(20, 30), None),
    ],
)
def test_an_intersection_is_what_both_hold(other, shared):
    assert intersection(Span(10, 20), other) == shared
    assert intersection(other, Span(10, 20)) == shared


class TestLabels:
    @pytest.mark.parametrize(("level", "name"), [(3, "3F"), (12, "12F"), (-1, "B1F"), (-2, "B2F")])
    def test_name_storeys_as_people_do(self, level, name):
        assert level_name(level) == name

    @pytest.mark.parametrize(
        ("place", "label"),
        [(1, "C-1-3F-001"), (17, "C-1-3F-017"), (1000, "C-1-3F-1000"), (4096, "C-1-3F-4096")],
    )
    def test_name_a_seat_by_its_place(self, place, label):
        assert seat_label("C-1-3F", seat_at(7, place)) == label

    def test_name_a_run_by_its_first_and_last_seat(self):
        assert run_label("C-1-3F", Span(seat_at(7, 345), seat_at(7, 404) + 1)) == "C-1-3F-345 — 404"

    def test_name_a_run_of_one_like_the_seat(self):
        assert run_label("C-1-3F", Span(seat_at(7, 345), seat_at(7, 346))) == "C-1-3F-345"

    def test_are_unique_though_zones_are_called_b_and_b1(self):
        places = itertools.product(
            ["B", "B1", "B11"], ["1", "11", "1B", "B1"], [1, 11, -1, -11], [1, 11, 111, 1111]
        )

        labels = [
            seat_label(f"{zone}-{building}-{level_name(level)}", seat_at(7, place))
            for zone, building, level, place in places
        ]

        assert len(labels) == len(set(labels)) == 3 * 4 * 4 * 4

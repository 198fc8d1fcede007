"""Keeping how a floor's seats lie: what is refused and why, versions, the database's own checks."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from park.models import FloorLayout
from park.services import save_layout
from seats.services.floors import extend_floor
from seats.views.floor_maps import drawing_of
from tests.factories.history import history_of
from tests.factories.park import make_floor
from web.refusals import Invalid, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    return make_floor(seats=4)


@pytest.fixture
def save(operator, floor):
    return lambda cells, **more: save_layout(
        floor_id=floor.pk, cells=cells, acting_user=operator, **more
    )


def refusal_of(save, cells):
    with translation.override("en"), pytest.raises(Invalid) as refused:
        save(cells)
    ((field, message),) = [(e["field"], str(e["message"])) for e in refused.value.errors]
    assert field == "cells"
    return message


def test_a_layout_is_kept_as_drawn(save, floor):
    save("ss \r\n x S\r\n  s\r\n", numbering="snake", top="北窗")

    kept = FloorLayout.objects.get(floor=floor)
    assert kept.rows == ("SS..", ".#.S", "..S.")
    assert (kept.seat_count, kept.numbering, kept.top, kept.version) == (4, "snake", "北窗", 1)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            "SSSSS",
            "C-1-1F has 4 seats, 5 are drawn: 1 too many. Make it an aisle or a blocked cell.",
        ),
        (
            "SSS\nSSS",
            "C-1-1F has 4 seats, 6 are drawn: 2 too many. Make them aisles or blocked cells.",
        ),
        ("SSS", "C-1-1F has 4 seats, 3 are drawn: 1 is missing. Every seat needs a cell."),
        ("#..", "C-1-1F has 4 seats, 0 are drawn: 4 are missing. Every seat needs a cell."),
        (
            "SS\nS?S",
            "Line 2, column 2: “?” is no cell. "
            "Write S for a seat, . for an aisle, # for a blocked cell.",
        ),
        (
            "S" * 201,
            "A layout has at most 200 rows of 200 cells; this one has 1 rows of up to 201 cells.",
        ),
        (
            "S\n" * 1500,
            "A layout has at most 200 rows of 200 cells; this one has 1,500 rows of up to 1 cells.",
        ),
    ],
)
def test_says_what_is_wrong_with_a_layout_and_keeps_nothing(save, cells, message):
    assert refusal_of(save, cells) == message
    assert not FloorLayout.objects.exists()


def test_who_comes_late_is_told(save):
    save("SSSS", expected_version=0)
    with pytest.raises(Stale):
        save("SS\nSS", expected_version=0)
    save("SS\nSS", expected_version=1)
    with pytest.raises(Stale):
        save("S\nS\nS\nS", expected_version=1)

    assert FloorLayout.objects.get().rows == ("SS", "SS")


def test_the_default_again_keeps_the_version_going_and_the_history(save):
    save("SS\nSS", sample_fields=["*"])
    save("", expected_version=1)

    kept = FloorLayout.objects.get()
    assert (kept.is_default, kept.version, kept.seat_count, kept.sample_fields) == (True, 2, 0, [])
    with pytest.raises(Stale):
        save("SSSS", expected_version=1)
    cells = [event.cells for event in history_of(FloorLayout).order_by("pgh_id")]
    assert cells == ["SS\nSS", ""]


def test_seats_that_came_later_are_on_the_map(save, floor, operator, now, today):
    save("SSSS")
    extend_floor(floor_id=floor.pk, seat_count=30, first_day=today, now=now, acting_user=operator)
    floor.refresh_from_db()

    drawing = drawing_of(floor, FloorLayout.objects.get())

    places = [s.first + n for s in drawing.segments for n in range(s.length)]
    assert places == list(range(1, 31))
    assert {s.y for s in drawing.segments if s.first <= 4} < {s.y for s in drawing.segments}


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"cells": "SSX", "seat_count": 2}, "park_floorlayout_cells_form"),
        ({"cells": "SS.", "seat_count": 3}, "park_floorlayout_counts_its_seats"),
        ({"cells": "." * 40_201, "seat_count": 0}, "park_floorlayout_not_too_large"),
    ],
)
def test_the_database_takes_nothing_else(floor, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FloorLayout.objects.create(floor=floor, **fields)

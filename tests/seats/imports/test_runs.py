"""Runs of seats as people write them. What each text means is typed by hand."""

import pytest

from seats.imports.runs import NotARun, Place, Places, number_of

PLACES = Places(
    [
        Place(1, "C", "1", "3F", "C-1-3F", 468),
        Place(2, "C", "1", "4F", "C-1-4F", 100),
        Place(3, "B1", "1", "3F", "B1-1-3F", 100),
        Place(4, "B", "11", "3F", "B-11-3F", 100),
        Place(5, "A", "1", "B1F", "A-1-B1F", 50),
        Place(6, "A", "1", "12F", "A-1-12F", 50),
        Place(7, "1", "1", "1F", "1-1-1F", 20),
    ]
)


def said(text):
    return [(run.floor and run.floor.label, run.first, run.last) for run in PLACES.read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "C-1-3F-345—404",
        "C-1-3F-345 — 404",
        "C-1-3F-345-404",
        "C-1-3F 345至404",
        "C-1-3F 345 到 404",
        "C-1-3F-345~404",
        "C-1-3F-345 — C-1-3F-404",
        "C-1-3F-345至C-1-3F-404席",
        "Ｃ－１－３Ｆ－３４５－４０４",
        "c-1-3f-345-404",
        "C1-3F-345-404",
        "C区1栋3层345-404",
        "C区1栋3楼 345—404号",
        "C区1号楼三层345至404",
        "C-01-3F-345-404",
        "C-1-3-345-404",
        "C-1-3F第345至404席",
    ],
)
def test_reads_a_run_however_it_is_written(text):
    assert said(text) == [("C-1-3F", 345, 404)]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("C-1-3F-017", [("C-1-3F", 17, 17)]),
        ("C-1-3F-001—020、041—060", [("C-1-3F", 1, 20), ("C-1-3F", 41, 60)]),
        ("C-1-3F-1-20\nC-1-4F-5-9", [("C-1-3F", 1, 20), ("C-1-4F", 5, 9)]),
        ("C-1-3F 整层", [("C-1-3F", None, None)]),
        ("345—404", [(None, 345, 404)]),
        ("1-20, 31-40", [(None, 1, 20), (None, 31, 40)]),
        ("B1-1-3F-1-2", [("B1-1-3F", 1, 2)]),
        ("B-11-3F-1-2", [("B-11-3F", 1, 2)]),
        ("A区1栋负一层1-3", [("A-1-B1F", 1, 3)]),
        ("A区1栋十二层3-4", [("A-1-12F", 3, 4)]),
        ("1-1-1F-005", [("1-1-1F", 5, 5)]),
    ],
)
def test_reads_what_else_names_seats(text, runs):
    assert said(text) == runs


@pytest.mark.parametrize(
    "text", ["", "会议室", "C-1-3F", "B113F-1-2", "C-1-9F-1-2", "C-1-3F-1-C-1-4F-3", "C-1-3F-1-2-3"]
)
def test_what_names_no_seats_or_two_floors_is_not_guessed(text):
    with pytest.raises(NotARun):
        PLACES.read(text)


def test_a_floor_that_is_not_there_is_named():
    with pytest.raises(NotARun) as wrong:
        PLACES.read("C-1-9F-1-2")

    assert wrong.value.floor == "C-1-9F"


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        (("C", "1", "3F"), "C-1-3F"),
        (("C区", "1栋", "3层"), "C-1-3F"),
        (("C区", "C1", "3"), "C-1-3F"),
        (("C", "C-1", "C-1-3F"), "C-1-3F"),
        (("", "", "C-1-3F"), "C-1-3F"),
        (("B1区", "B1-1", "3"), "B1-1-3F"),
        (("A", "1", "-1F"), "A-1-B1F"),
        (("A", "1", "B1"), "A-1-B1F"),
        (("1", "1", "1F"), "1-1-1F"),
        (("C", "1", "9F"), None),
        (("", "", "3F"), None),
    ],
)
def test_finds_the_floor_that_three_cells_name(cells, label):
    found = PLACES.floor(*cells)

    assert (found and found.label) == label


@pytest.mark.parametrize("text", ["C区1栋十十层 1-20", "C区1栋二十三十层 1-20", "零层 1-20"])
def test_numerals_that_are_no_number_name_no_seats(text):
    with pytest.raises(NotARun):
        PLACES.read(text)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (404.0, 404),
        ("０１７", 17),
        ("60席", 60),
        ("1,038 席", 1038),
        ("约60个", 60),
        (3.5, None),
        ("六十", None),
        ("1-20", None),
    ],
)
def test_reads_numbers_of_seats(cell, number):
    assert number_of(cell) == number

"""Sheets as parks keep them: titles, heads of two rows, merged cells, sums, blanks, notes."""

from collections import Counter
from datetime import date

import pytest

from foundation.spreadsheets import read_sheet
from seats.imports.columns import guess_columns
from seats.imports.exporting import HEADS
from seats.imports.fields import Field, field_of
from seats.imports.grid import Grid, Heads, find_heads, heads_of, sort_rows
from seats.imports.runs import Place, Places
from tests.seats.imports.sheets import sheet_of

PLACES = Places([Place(1, "C", "1", "3F", "C-1-3F", 468)])

# As the park's own ledger looks; row numbers beside it
LEDGER = [
    ["内江软件与信息技术服务外包产业园席位台账"],  # 1
    ["制表日期：2024年2月20日"],  # 2
    [],  # 3
    ["序号", "入驻企业", None, "席位", None, "席位数", "租期", None, "备注"],  # 4
    [None, "名称", "信用代码", "起", "止", None, "起", "止", None],  # 5
    [1, None, None, "C-1-3F-001", 20, 20, date(2024, 3, 1), "长期", None],  # 6: merged below
    [None, None, None, "C-1-3F-041", 60, 20, date(2024, 3, 1), "长期", None],  # 7
    [None, "小计", None, None, None, 40],  # 8
    [],  # 9
    [2, "迈睿", None, "C-1-3F-101", "110", 10, "2024.4.1", "2024.12.31", "谈判"],  # 10
    ["序号", "名称", "信用代码", "起", "止", None, "起", "止", None],  # 11: the next printed page
    [None, "合计", None, None, None, 50],  # 12
    ["制表人：王某　审核：李某"],  # 13
]
MERGES = [
    (1, 0, 1, 8, LEDGER[0][0]),
    (4, 1, 4, 2, "入驻企业"),
    (4, 3, 4, 4, "席位"),
    (4, 6, 4, 7, "租期"),
    (4, 5, 5, 5, "席位数"),
    (4, 8, 5, 8, "备注"),
    (4, 0, 5, 0, "序号"),
    (6, 1, 7, 1, "诚伯信息"),
]


@pytest.fixture(scope="module")
def ledger():
    return Grid(read_sheet(sheet_of(LEDGER, MERGES), "台账"))


def test_heads_over_two_rows_are_found_below_titles(ledger):
    heads = find_heads(ledger)

    assert heads == Heads(4, 5)
    assert heads_of(ledger, heads)[3] == "席位 起"
    assert guess_columns(ledger, heads, PLACES) == {
        1: Field.ENTERPRISE,
        2: Field.CREDIT_CODE,
        3: Field.FIRST_SEAT,
        4: Field.LAST_SEAT,
        5: Field.COUNT,
        6: Field.START,
        7: Field.END,
        8: Field.REASON,
    }


def test_every_row_is_a_line_or_skipped_with_its_reason(ledger):
    heads = find_heads(ledger)
    rows = sort_rows(ledger, heads, guess_columns(ledger, heads, PLACES), repeats=False)

    assert [entry.row for entry in rows.entries] == [6, 7, 10]
    assert [(one.row, one.why) for one in rows.skipped] == [
        (1, "title"),
        (2, "title"),
        (4, "head"),
        (5, "head"),
        (8, "sum"),
        (11, "head"),
        (12, "sum"),
        (13, "note"),
    ]
    assert rows.blank == 2
    assert len(rows.entries) + len(rows.skipped) + rows.blank == 13


def test_a_merged_cell_counts_in_all_its_rows(ledger):
    heads = find_heads(ledger)
    rows = sort_rows(ledger, heads, guess_columns(ledger, heads, PLACES), repeats=False)

    assert [entry.values[Field.ENTERPRISE] for entry in rows.entries] == [
        "诚伯信息",
        "诚伯信息",
        "迈睿",
    ]
    assert rows.entries[1].cells[Field.ENTERPRISE] == "B7"
    assert rows.entries[1].tops[Field.ENTERPRISE] == 6


def test_heads_of_two_rows_are_understood_when_nothing_is_merged_any_more():
    grid = Grid(read_sheet(sheet_of([list(row) for row in LEDGER]), "台账"))

    heads = find_heads(grid)

    assert heads == Heads(4, 5)
    assert guess_columns(grid, heads, PLACES)[4] == Field.LAST_SEAT
    assert guess_columns(grid, heads, PLACES)[7] == Field.END


@pytest.mark.parametrize("repeats", [True, False])
def test_empty_cells_repeat_the_enterprise_above_only_where_somebody_says_so(repeats):
    data = sheet_of(
        [
            ["企业", "席位", "首日"],
            ["诚伯信息", "C-1-3F-1-20", date(2024, 3, 1)],
            [None, "C-1-3F-41-60", date(2024, 3, 1)],
        ]
    )
    grid = Grid(read_sheet(data, "台账"))
    heads = find_heads(grid)

    rows = sort_rows(grid, heads, guess_columns(grid, heads, PLACES), repeats=repeats)

    expected = "诚伯信息" if repeats else None
    assert rows.entries[1].values[Field.ENTERPRISE] == expected


def test_columns_without_heads_are_guessed_from_what_stands_in_them():
    data = sheet_of(
        [
            ["91511011MA0000001K", "C-1-3F-1-20", date(2024, 3, 1), date(2025, 2, 28), "甲"],
            ["91511011MA0000002H", "C-1-3F-21-40", date(2024, 3, 1), date(2025, 2, 28), "乙"],
        ]
    )
    grid = Grid(read_sheet(data, "台账"))

    assert find_heads(grid) == Heads(0, 0)
    assert guess_columns(grid, Heads(0, 0), PLACES) == {
        0: Field.CREDIT_CODE,
        1: Field.RUN,
        2: Field.START,
        3: Field.END,
    }


def test_the_same_head_over_numbers_is_a_number_of_seats():
    data = sheet_of([["企业", "席位", "位置"], ["甲", 20, "C-1-3F-1-20"]])
    grid = Grid(read_sheet(data, "台账"))

    found = guess_columns(grid, find_heads(grid), PLACES)

    assert found == {0: Field.ENTERPRISE, 1: Field.COUNT, 2: Field.RUN}


def test_no_head_means_two_columns():
    from seats.imports.fields import _HEADS  # noqa: PLC0415 - what the module keeps to itself

    heads = Counter(head for words in _HEADS.values() for head in set(words.split()))

    assert [head for head, count in heads.items() if count > 1] == []


def test_the_heads_of_a_download_are_known_in_both_languages():
    assert [field_of(head.zh) for head in HEADS] == [head.field for head in HEADS]
    assert [field_of(head.en) for head in HEADS] == [head.field for head in HEADS]


def test_nothing_below_a_long_gap_is_dropped():
    rows = [["企业", "席位", "首日"], *[[] for _ in range(300)], ["甲", "C-1-3F-1", "2024-03-01"]]

    grid = Grid(read_sheet(sheet_of(rows), "台账"))
    heads = find_heads(grid)
    sorted_ = sort_rows(grid, heads, guess_columns(grid, heads, PLACES), repeats=False)

    assert [entry.row for entry in sorted_.entries] == [302]
    assert sorted_.blank == 300

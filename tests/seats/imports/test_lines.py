"""Lines read from sheets: all that is wrong at once, each with its cell."""

from datetime import date

import pytest

from seats.models import AllocationImport
from seats.services.imports import check_import, open_import
from tests.conftest import NOW
from tests.factories.park import make_floor
from tests.factories.tenants import EnterpriseFactory
from tests.factories.workbooks import written
from tests.seats.imports.sheets import HEADS, changes, checked, sheet_of, table, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place():
    make_floor(level=3, seats=468)
    make_floor(level=4, seats=100)
    EnterpriseFactory(name="内江诚伯信息技术有限公司", short_name="诚伯信息")
    EnterpriseFactory(name="内江迈睿科技有限公司", short_name="迈睿")


def facts(row: AllocationImport):
    """Every line that was read: place of first and last seat, days, kind."""
    return [
        (
            line.facts["seats"][0] % 4096 + 1,
            line.facts["seats"][1] % 4096,
            line.facts["start"],
            line.facts["end"],
            line.facts["kind"],
        )
        for line in row.lines.exclude(facts=None).order_by("position")
    ]


def test_reads_the_park_s_own_spreadsheet(operator):
    data = sheet_of(
        [
            ["席位台账", None, None, None, None, None, None],
            [],
            ["企业", "席位", None, "席位数", "状态", "租期", None],
            [None, "起", "止", None, None, "起", "止"],
            [None, "C-1-3F-001", "020", None, "已签约", date(2024, 3, 1), date(2025, 2, 28)],
            [None, "C-1-3F-041", 60, None, "已签约", "2024年3月1日", "2025.2.28"],
            ["小计", None, None, 40],
            ["迈睿", "Ｃ－１－４Ｆ－００１", "１０", "10席", "预留", 45352, "长期"],
            [None, "C-1-4F-021", "030", 10, "停用", "2024/3/1", "至今"],
            ["空置", "C-1-4F-041", "060", 20],
            ["合计", None, None, 60],
        ],
        [
            (1, 0, 1, 6, "席位台账"),
            (3, 0, 4, 0, "企业"),
            (3, 1, 3, 2, "席位"),
            (3, 5, 3, 6, "租期"),
            (5, 0, 6, 0, "诚伯信息"),
            (5, 3, 6, 3, 40),
        ],
    )
    row = checked(data, operator)

    # Closed seats need a reason, and this list has no column for one
    assert wrong(row) == {("E9", "no_reason")}
    assert facts(row) == [
        (1, 20, "2024-03-01", "2025-03-01", "firm"),
        (41, 60, "2024-03-01", "2025-03-01", "firm"),
        (1, 10, "2024-03-01", None, "hold"),
        (21, 30, "2024-03-01", None, "closure"),
    ]
    assert [(one[0], one[1]) for one in row.skipped] == [
        (1, "title"),
        (3, "head"),
        (4, "head"),
        (7, "sum"),
        (10, "vacant"),
        (11, "sum"),
    ]
    counts = row.counts
    assert (counts["rows"], counts["table"], counts["blank"]) == (11, 4, 1)


def test_every_error_of_every_row_is_told_at_once_with_its_cell(operator):
    row = checked(
        table(
            ["诚伯信息", "C-1-3F-345—404", 61, "已签约", "2024-03-01", None, None],  # C2
            ["诚伯信息", "C-1-9F-1-20", 20, "已签约", "2024-03-01", None, None],  # B3
            ["诚伯信息", "C-1-3F-460—470", None, "租了", "2024.2.30", None, None],  # B4 D4 E4
            ["诚伯信息", "C-1-3F-20—10", None, "已签约", "2024-03-01", "2024-02-01", None],  # B5 F5
            ["诚伯信息", None, None, "已签约", None, None, None],  # B6 E6
            [None, "C-1-3F-1—10", None, "已签约", "2024-03-01", None, None],  # A7
            ["诚伯信息", "大厅", "十席", "已签约", "2024-03-01", None, None],  # B8 C8
            ["诚伯信息", date(2024, 3, 12), None, "已签约", "2024-03-01", None, None],  # B9
            ["诚伯信息", "C-1-3F-11-12", None, "停用", "2024-03-01", None, "装修"],  # A10
            ["诚伯信息", "C-1-3F-13-14", None, "已签约", "1989-03-01", None, "字" * 201],  # E11 G11
        ),
        operator,
    )

    assert wrong(row) == {
        ("C2", "count_differs"),
        ("B3", "no_such_floor"),
        ("B4", "no_such_seat"),
        ("D4", "not_a_kind"),
        ("E4", "not_a_day"),
        ("B5", "seats_order"),
        ("F5", "days_order"),
        ("B6", "no_seats"),
        ("E6", "no_first_day"),
        ("A7", "no_enterprise"),
        ("B8", "not_a_run"),
        ("C8", "not_a_count"),
        ("B9", "day_not_run"),
        ("A10", "closed_for"),
        ("E11", "day_range"),
        ("G11", "too_long"),
    }
    assert row.counts["wrong"] == 16
    assert row.counts["rows"] == row.counts["table"] + len(row.skipped) + row.counts["blank"]


def test_a_count_of_merged_cells_is_that_of_all_their_rows(operator):
    rows = [
        HEADS,
        ["诚伯信息", "C-1-3F-001—020", None, "已签约", "2024-03-01"],
        ["诚伯信息", "C-1-3F-041—060", None, "已签约", "2024-03-01"],
    ]

    right = checked(sheet_of(rows, [(2, 2, 3, 2, 40)]), operator)
    too_many = checked(sheet_of(rows, [(2, 2, 3, 2, 41)]), operator)

    assert wrong(right) == set()
    assert wrong(too_many) == {("C2", "count_differs")}


def test_floor_and_seats_may_stand_in_columns_of_their_own(operator):
    data = sheet_of(
        [
            ["公司", "分区", "楼栋", "楼层", "起始工位", "截止工位", "起租日", "到期日"],
            ["迈睿", "C区", "1栋", "3层", 345, 404, "2024-03-01", "2025-02-28"],
            ["迈睿", "C", "C-1", "4F", "001", "整层", "2024-03-01", None],
        ]
    )
    row = checked(data, operator)

    assert facts(row)[:1] == [(345, 404, "2024-03-01", "2025-03-01", "firm")]
    assert wrong(row) == {("E3", "not_a_run")}


def test_the_floor_beside_must_be_the_one_of_the_run(operator):
    data = sheet_of(
        [
            ["公司", "楼层", "席位", "首日"],
            ["迈睿", "C-1-4F", "C-1-3F-1-20", "2024-03-01"],
            ["迈睿", "C-1-4F", "1-20、31-40", "2024-03-01"],
        ]
    )
    row = checked(data, operator)

    assert wrong(row) == {("C2", "floors_differ")}
    assert facts(row) == [
        (1, 20, "2024-03-01", None, "firm"),
        (31, 40, "2024-03-01", None, "firm"),
    ]


def test_a_formula_counts_with_its_saved_value_and_is_told_without_one(operator):
    def fill(book):
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, ["企业", "席位", "席位数", "首日"])
        sheet.write_row(1, 0, ["迈睿", "C-1-3F-1-20", None, "2024-03-01"])
        sheet.write_formula(1, 2, "=10*2", None, 20)
        sheet.write_row(2, 0, ["迈睿", None, None, "2024-03-01"])
        sheet.write_formula(2, 1, "='[other.xlsx]Sheet1'!A1", None, "")

    row = checked(written(fill), operator)

    assert ("B3", "formula") in wrong(row)
    assert [cell for cell, _code in wrong(row) if cell.endswith("2")] == []


def test_several_sheets_are_asked_for(operator):
    def fill(book):
        for name in ("说明", "C区台账"):
            book.add_worksheet(name).write_row(0, 0, ["企业", "席位", "首日"])
        book.add_worksheet("空表")

    row = open_import(file_name="a.xlsx", data=written(fill), now=NOW, acting_user=operator)

    assert row.sheet == ""
    assert [sheet["name"] for sheet in row.sheets] == ["说明", "C区台账"]


def test_the_kind_of_rows_that_say_none_is_the_one_chosen(operator):
    data = sheet_of([["企业", "席位", "首日"], ["迈睿", "C-1-3F-1-20", "2024-03-01"]])

    row = checked(data, operator, usual_kind="hold")

    assert facts(row) == [(1, 20, "2024-03-01", None, "hold")]


def test_checking_twice_says_the_same(operator):
    row = checked(table(["迈睿", "C-1-3F-1-20", 20, "已签约", "2024-03-01", None, None]), operator)
    before = changes(row)

    again = check_import(import_id=row.pk, now=NOW, acting_user=operator)

    assert changes(again) == before == [(2, "new")]

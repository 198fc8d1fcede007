"""What is downloaded and uploaded again changes nothing; what is edited changes just that."""

import csv
import io
from datetime import date

import pytest
from django.utils import translation
from openpyxl import load_workbook

from seats.imports.exporting import csv_of, lines_of, template, xlsx_of
from seats.models import SeatBlock
from seats.services.imports import apply_import, undo_import
from tests.factories.park import make_floor
from tests.factories.seats import make_allocation
from tests.factories.tenants import EnterpriseFactory
from tests.seats.imports.lively import LivelyPark
from tests.seats.imports.paper import cells_of_the_park
from tests.seats.imports.sheets import checked, wrong

pytestmark = pytest.mark.django_db

LANGUAGES = [("zh-hans", "zh-hans"), ("zh-hans", "en"), ("en", "zh-hans"), ("en", "en")]


def exported(language="zh-hans"):
    with translation.override(language):
        return xlsx_of(lines_of(SeatBlock.objects.real()))


@pytest.mark.parametrize("seed", range(6))
def test_a_lively_park_is_the_same_after_export_and_import(seed, operator):
    park = LivelyPark(seed, operator)
    blocks = SeatBlock.objects.real().count()
    assert blocks > 5
    out, back = LANGUAGES[seed % 4]

    data = exported(out)
    with translation.override(back):
        row = checked(data, operator, now=park.now)

    other = row.lines.exclude(change="unchanged").values_list("facts", "before", "problems")
    assert list(other) == []
    assert row.counts["lines"] == {"unchanged": blocks}
    assert (row.counts["wrong"], row.questions, wrong(row)) == (0, [], set())
    assert row.counts["rows"] == blocks + 1


@pytest.mark.parametrize(("out", "back"), LANGUAGES)
def test_a_switch_of_language_changes_nothing(out, back, operator):
    floor = make_floor(level=3, seats=100)
    make_allocation(floor, (1, 20), (41, 60), last=date(2024, 12, 31))
    make_allocation(floor, (21, 30), kind="hold")
    make_allocation(floor, (31, 40), kind="closure")

    data = exported(out)
    with translation.override(back):
        row = checked(data, operator)

    assert row.counts["lines"] == {"unchanged": 4}


@pytest.mark.parametrize("seed", range(6, 10))
def test_an_edited_download_changes_what_was_edited_and_undo_brings_it_back(seed, operator):
    """Some lines go, some end earlier: the whole zones are the list then."""
    park = LivelyPark(seed, operator, closes=False)
    book = load_workbook(io.BytesIO(exported()))
    sheet = book.active
    gone, shorter = [], {}
    for row in range(sheet.max_row, 1, -1):
        start, end = (
            sheet.cell(row, column).value.date() if sheet.cell(row, column).value else None
            for column in (11, 12)
        )
        if end is not None and end < park.today:
            continue
        what = park.random.randrange(4)
        if what == 0:
            gone.append(sheet.cell(row, 16).value)
            sheet.delete_rows(row)
        elif what == 1:
            new_end = max(start, park.today)
            shorter[sheet.cell(row, 16).value] = new_end
            sheet.cell(row, 12).value = new_end
    expected = _expected(gone, shorter, park.today)
    before = cells_of_the_park()
    file = io.BytesIO()
    book.save(file)

    row = checked(
        file.getvalue(),
        operator,
        now=park.now,
        whole_zones=["C", "B1", "D"],
        from_day=park.today,
    )
    assert wrong(row) == set()
    if gone or shorter:
        row = apply_import(
            import_id=row.pk,
            expected_version=row.version,
            today=park.today,
            now=park.now,
            acting_user=operator,
        )
        assert cells_of_the_park() == expected
        undo_import(import_id=row.pk, today=park.today, now=park.now, acting_user=operator)
    assert cells_of_the_park() == before


def _expected(gone, shorter, today):
    """Cell by cell: what was taken out of the list ends today, what was cut ends with its day."""
    cells = cells_of_the_park()
    for block in SeatBlock.objects.filter(pk__in=[*gone, *shorter]):
        for seat in range(block.seats.lower, block.seats.upper):
            for other, day in [key for key in cells if key[0] == seat]:
                lies_in = block.period.lower <= day and (
                    block.period.upper is None or day < block.period.upper
                )
                last = shorter.get(block.pk)
                if lies_in and (day >= today if last is None else day > last):
                    del cells[other, day]
    return cells


def test_texts_never_become_formulas(operator):
    floor = make_floor(level=3, seats=100)
    for place, reason in enumerate(["=1+1", "@x", "+1", "-1"], start=1):
        make_allocation(floor, (place, place), reason=reason)

    sheet = load_workbook(io.BytesIO(exported())).active
    assert {sheet.cell(row, 14).data_type for row in range(2, 6)} == {"s"}
    text = csv_of(lines_of(SeatBlock.objects.real())).decode("utf-8-sig")
    reasons = [line[13] for line in csv.reader(io.StringIO(text))][1:]
    assert reasons == ["'=1+1", "'@x", "'+1", "'-1"]


def test_the_download_says_seats_as_people_do(operator):
    floor = make_floor(level=3, seats=468)
    enterprise = EnterpriseFactory(short_name="诚伯信息")
    allocation = make_allocation(floor, (345, 404), to=enterprise, last=date(2025, 2, 28))

    with translation.override("zh-hans"):
        text = csv_of(lines_of(SeatBlock.objects.real())).decode()

    assert text.startswith("\ufeff")
    heads, line = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert dict(zip(heads, line, strict=True)) == {
        "首席": "C-1-3F-345",
        "末席": "404",
        "区": "C",
        "栋": "1",
        "层": "3F",
        "席位数": "60",
        "企业简称": "诚伯信息",
        "企业全称": enterprise.name,
        "统一社会信用代码": enterprise.credit_code,
        "种类": "已签约",
        "首日": "2024-03-01",
        "末日": "2025-02-28",
        "预留至": "",
        "原因或备注": "",
        "分配编号": str(allocation.pk),
        "块编号": str(allocation.blocks.get().pk),
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_empty_list_filled_in_is_understood(language, operator):
    make_floor(level=3, seats=468)
    EnterpriseFactory(short_name="诚伯信息")
    with translation.override(language):
        book = load_workbook(io.BytesIO(template()))
    sheet = book.active
    for column, value in {
        1: "C-1-3F-001",
        2: "020",
        7: "诚伯信息",
        10: "预留",
        11: "2024-03-01",
    }.items():
        sheet.cell(2, column).value = value
    file = io.BytesIO()
    book.save(file)

    row = checked(file.getvalue(), operator)

    assert row.counts["lines"] == {"new": 1}

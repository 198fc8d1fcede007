"""Uploaded workbooks: read with their cells, and refused quickly where they could do harm."""

import io
import time
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.spreadsheets import (
    LARGEST,
    Formula,
    NotAWorkbook,
    Place,
    Problems,
    SpreadsheetErrors,
    WorkbookTooLarge,
    bytes_of,
    cell_address,
    read_workbook,
)
from tests.factories.workbooks import workbook, written


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_far_cell(book) -> None:
    sheet = book.add_worksheet("企业")
    sheet.write("A1", "名称")
    sheet.write(1_048_575, 16_383, "x")


def lying_zip() -> bytes:
    """A zip whose list of contents says 10 bytes where 50 MB of blanks unpack."""
    data = zipped(
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 50_000_000}
    )
    true_size = (50_000_000).to_bytes(4, "little")
    assert true_size in data
    return data.replace(true_size, (10).to_bytes(4, "little"))


def test_gives_every_cell_with_its_address():
    data = workbook(
        {"企业": [["名称", "席位"], [], ["迈睿", 600, date(2021, 3, 8), True, "  ", 12.5]]}
    )

    (sheet,) = read_workbook(data)

    assert sheet.name == "企业"
    assert [row.number for row in sheet.rows] == [1, 3]
    assert sheet.rows[1].values == ["迈睿", 600, date(2021, 3, 8), True, None, 12.5]
    assert cell_address(sheet.rows[1].number, sheet.rows[1].first_column + 2) == "C3"


def test_a_table_that_does_not_begin_in_a1_keeps_its_addresses():
    (sheet,) = read_workbook(workbook({"S": [[], [None, None, "名称"], [None, None, "迈睿"]]}))

    assert (sheet.rows[0].number, sheet.rows[0].first_column) == (2, 2)


@pytest.mark.parametrize(
    ("row", "column", "address"), [(7, 2, "C7"), (1, 25, "Z1"), (1, 26, "AA1"), (9, 16_383, "XFD9")]
)
def test_names_cells_as_people_do(row, column, address):
    assert cell_address(row, column) == address


def test_stops_after_a_long_gap():
    rows = [["a"], *[[] for _ in range(200)], ["far below"]]

    (sheet,) = read_workbook(workbook({"S": rows}))

    assert [row.values for row in sheet.rows] == [["a"]]


def test_leaves_hidden_sheets_out():
    def fill(book) -> None:
        book.add_worksheet("企业").write("A1", "名称")
        book.add_worksheet("lists").hide()

    assert [sheet.name for sheet in read_workbook(written(fill))] == ["企业"]


HOSTILE = {
    "a zip bomb": (
        lambda: zipped(
            {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 300_000_000}
        ),
        WorkbookTooLarge,
    ),
    "a zip that lies about its sizes": (lying_zip, NotAWorkbook),
    "thousands of parts": (
        lambda: zipped({"xl/workbook.xml": b"", **{f"{n}.xml": b"" for n in range(3000)}}),
        WorkbookTooLarge,
    ),
    "one cell at XFD1048576": (lambda: written(with_far_cell), WorkbookTooLarge),
    "25,000 rows": (
        lambda: workbook({"S": [[number] for number in range(25_000)]}),
        WorkbookTooLarge,
    ),
    "100 MB": (lambda: b"PK" + bytes(100 * 1024 * 1024), WorkbookTooLarge),
    "an old .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), NotAWorkbook),
    "HTML called .xlsx": (lambda: b"\n<html><table><tr><td>1</td></tr></table>", NotAWorkbook),
    "CSV called .xlsx": ("名称,席位\n".encode, NotAWorkbook),
    "half a workbook": (lambda: workbook({"S": [["x"]]})[:2000], NotAWorkbook),
    "another zip": (lambda: zipped({"readme.txt": b"hello"}), NotAWorkbook),
    "nothing": (lambda: b"", NotAWorkbook),
    "XML that nests without end": (
        lambda: zipped({"xl/workbook.xml": b"<a>" * 60_000, "[Content_Types].xml": b"<Types/>"}),
        NotAWorkbook,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_refuses_what_could_do_harm_and_goes_on(name):
    make, refusal = HOSTILE[name]
    data = make()
    began = time.monotonic()

    with pytest.raises(refusal) as refused:
        read_workbook(data)

    assert time.monotonic() - began < 10
    assert str(refused.value).endswith((".", "。"))
    assert read_workbook(workbook({"S": [["still here"]]}))[0].rows[0].values == ["still here"]


def test_an_upload_that_is_too_large_is_not_even_read():
    class Upload(SimpleUploadedFile):
        def read(self, *arguments):
            raise AssertionError

    upload = Upload("list.xlsx", b"")
    upload.size = LARGEST + 1

    with pytest.raises(WorkbookTooLarge):
        bytes_of(upload)


def test_all_errors_are_told_at_once_with_their_cells():
    problems = Problems()
    problems.refuse_if_any()
    problems.add(Place("企业", "C7"), "wrong check digit", "invalid_checksum")
    problems.add(Place("企业", "A9"), "name missing")
    problems.add(Place("企业", "A9"), "name missing")  # the same words count once

    with pytest.raises(SpreadsheetErrors) as refused:
        problems.refuse_if_any()

    assert refused.value.extra == {"error_count": 2}
    assert refused.value.errors[0] == {
        "field": "企业!C7",
        "sheet": "企业",
        "cell": "C7",
        "code": "invalid_checksum",
        "message": "wrong check digit",
    }


def test_errors_are_told_in_the_order_in_which_one_reads_the_file():
    problems = Problems()
    for cell in ("C3", "A9", "AA5", "C5", "Z5", "A10"):
        problems.add(Place("楼层", cell), "wrong")
    problems.add(Place("企业", "A2"), "wrong")
    problems.add(Place("楼层", "B4"), "wrong")

    with pytest.raises(SpreadsheetErrors) as refused:
        problems.refuse_if_any()

    cells = [error["cell"] for error in refused.value.errors]
    assert cells == ["C3", "B4", "C5", "Z5", "AA5", "A9", "A10", "A2"]


def test_errors_of_a_yaml_file_are_told_line_by_line():
    problems = Problems()
    for line in (31, 4, 100):
        problems.add(Place("", f"zones[{line}] (line {line})"), "wrong")

    with pytest.raises(SpreadsheetErrors) as refused:
        problems.refuse_if_any()

    assert [error["cell"][-3:] for error in refused.value.errors] == [" 4)", "31)", "00)"]


def test_tells_a_formula_that_has_no_saved_value_from_a_blank_cell():
    def fill(book) -> None:
        sheet = book.add_worksheet("企业")
        sheet.write_row(0, 0, ["名称", "席位", "备注"])
        sheet.write_formula(1, 0, '="迈"&"睿"', None, "迈睿")
        sheet.write_formula(1, 1, "=300*2", None, 600)
        sheet.write_formula(2, 1, "=300*2", None, "")
        sheet.write_formula(4, 0, "=1+1", None, "")  # nothing else stands in the last row

    (sheet,) = read_workbook(written(fill))

    assert sheet.rows[1].values == ["迈睿", 600]
    assert [row.number for row in sheet.rows] == [1, 2, 3, 5]
    assert [type(value) for value in sheet.rows[2].values] == [type(None), Formula]
    assert [type(value) for value in sheet.rows[3].values] == [Formula]

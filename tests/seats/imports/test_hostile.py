"""Files that could do harm: refused in time, with a sentence, and everybody goes on.

The limits of the child are those that tests/foundation/test_spreadsheets.py tries; here the reader
of whole sheets is tried, memory and time are measured.
"""

import io
import json
import resource
import subprocess
import sys
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.models import StoredFile
from foundation.spreadsheets import _CHILD, MOST_ROWS_OF_ONE, WorkbookTooLarge, read_sheet
from seats.models import AllocationImport
from tests.desk import text_of
from tests.factories.park import make_floor
from tests.factories.workbooks import workbook, written

pytestmark = pytest.mark.django_db

HEADS = ["企业", "席位", "首日"]


def zipped(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_part(name, data):
    """A sound workbook with one more part."""
    with zipfile.ZipFile(io.BytesIO(workbook({"台账": [HEADS]}))) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return zipped({**parts, name: data})


def far_cell():
    def fill(book):
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEADS)
        sheet.write(1_048_575, 16_383, "x")

    return written(fill)


def quadratic_bomb():
    """Entities within entities within entities: a billion laughs in a kilobyte."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><worksheet xmlns='
        '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(io.BytesIO(workbook({"台账": [HEADS]}))) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return zipped({**parts, "xl/worksheets/sheet1.xml": sheet.encode()})


def many_merges():
    def fill(book):
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEADS)
        for row in range(1, 20_001):
            for column in (0, 2, 4):
                sheet.merge_range(row, column, row, column + 1, "x")

    return written(fill)


HOSTILE = {
    "a zip bomb": lambda: zipped(
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 300_000_000}
    ),
    "a cell at XFD1048576": far_cell,
    "entities within entities": quadratic_bomb,
    "60,000 merged cells": many_merges,
    "an old .xls, or one with a password": lambda: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9000)
    ),
    "HTML called .xlsx": lambda: b"<html><table><tr><td>1</td></tr></table>",
    "macros": lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
    "21 MB": lambda: b"PK" + bytes(21 * 1024 * 1024),
    "junk": lambda: bytes(range(256)) * 40,
    "half a workbook": lambda: workbook({"台账": [HEADS]})[:1500],
    "nothing at all": lambda: b"",
    "an empty workbook": lambda: workbook({"台账": []}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_is_refused_in_time_with_a_sentence_and_keeps_nothing(name, park):
    data = HOSTILE[name]()
    began, peak = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    page = park.client.post("/seats/import/", {"file": SimpleUploadedFile("台账.xlsx", data)})

    assert time.monotonic() - began < 12
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
    assert grown < 100 * 1024, "kB in the process of the people"
    assert page.status_code == 200
    assert "x-wrong" in page.content.decode(), text_of(page)
    assert (AllocationImport.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert park.get("seats:import-list").status_code == 200


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\r\n"])
def test_what_a_web_page_called_itself_is_told(mark, park):
    page = mark + "<html><table><tr><td>席位</td></tr></table></html>".encode()

    refused = park.client.post("/seats/import/", {"file": SimpleUploadedFile("台账.xlsx", page)})

    assert "This is a web page, not a workbook. Save it as .xlsx." in text_of(refused)


def test_the_child_keeps_to_its_memory_and_time():
    """Measured from outside: a bomb that passes the look at its list of contents."""
    script = (
        "import resource, subprocess, sys, time\n"
        "began = time.monotonic()\n"
        "data = sys.stdin.buffer.read()\n"
        "child = subprocess.run([sys.executable, '-I', sys.argv[1], sys.argv[2]], input=data,"
        " capture_output=True)\n"
        "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
        "print(child.returncode, peak, time.monotonic() - began)\n"
    )
    options = json.dumps({"only": "台账", "most": MOST_ROWS_OF_ONE, "gap": None})

    measured = subprocess.run(  # noqa: S603 - our own file
        [sys.executable, "-c", script, str(_CHILD), options],
        input=far_cell(),
        capture_output=True,
        check=True,
    )

    returncode, peak, seconds = measured.stdout.split()
    assert int(returncode) != 0
    assert int(peak) < 1024 * 1024, "kB"
    assert float(seconds) < 12


def test_a_hundred_sheets_are_asked_about_in_time(park):
    make_floor()
    data = workbook({f"台账{number}": [HEADS, *[["甲", "1", "2"]] * 50] for number in range(100)})
    began = time.monotonic()

    page = park.client.post("/seats/import/", {"file": SimpleUploadedFile("台账.xlsx", data)})

    assert page.status_code == 303
    assert page.url.endswith("/sheet/")
    assert time.monotonic() - began < 10


def test_links_to_other_workbooks_are_not_followed(park):
    def fill(book):
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEADS)
        sheet.write_formula(1, 0, '=WEBSERVICE("http://127.0.0.1:9/")', None, "迈睿")
        sheet.write_formula(1, 1, "='file:///etc/[passwd]a'!A1", None, "")

    sheet = read_sheet(written(fill), "台账")

    assert sheet.rows[1].values[0] == "迈睿"
    assert type(sheet.rows[1].values[1]).__name__ == "Formula"


def test_more_lines_than_fit_are_refused():
    rows = [[number] for number in range(MOST_ROWS_OF_ONE + 1)]

    with pytest.raises(WorkbookTooLarge):
        read_sheet(workbook({"台账": rows}), "台账")


def test_a_column_that_is_formatted_to_the_last_row_is_no_harm():
    def fill(book):
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, HEADS)
        sheet.write_blank(1_048_575, 0, None, book.add_format({"bold": True}))

    assert read_sheet(written(fill), "台账").last_row == 1

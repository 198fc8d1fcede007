"""Files that are none of ours, or that could do harm: each with a sentence, nothing kept."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.spreadsheets import NotAWorkbook, WorkbookTooLarge, bytes_of
from returns.workbooks.comparison import OtherWorkbook, read_returns, refuse_other
from returns.workbooks.form import form_of
from returns.workbooks.many import park_of
from returns.workbooks.stamp import FORMAT, Kind, NotOurWorkbook, OtherFormat
from tests.factories.returns import JANUARY, make_return, make_tenant
from tests.factories.workbooks import workbook
from tests.returns.workbooks.books import edited

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(db):
    return form_of(make_return(headcount=5), is_open=True)


def with_stamp(data, change):
    """The workbook with another line in its hidden row."""

    def fill(book):
        cell = book.worksheets[0]["A1"]
        cell.value = change(cell.value)

    return edited(data, fill)


def zipped(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (b"", NotAWorkbook),
        (b"\0" * 50_000, NotAWorkbook),
        (b"PK\x03\x04" + b"\0" * 50_000, NotAWorkbook),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 512, NotAWorkbook),
        (b"<html>", NotAWorkbook),
        (zipped({"xl/workbook.xml": b"\0" * 50_000_000}), WorkbookTooLarge),
        (zipped({"word/document.xml": b"<w/>"}), NotAWorkbook),
        (workbook({"台账": [["企业", "席位"], ["迈睿", 3]]}), NotOurWorkbook),
        (workbook({"月报": [[0] * 60] * 100}), NotOurWorkbook),
    ],
    ids=["empty", "zeros", "zip_of_zeros", "old", "page", "bomb", "word", "another", "noughts"],
)
def test_what_is_no_workbook_of_returns_is_refused(file, refusal):
    with pytest.raises(refusal):
        read_returns(file)


def test_a_hundred_megabytes_are_refused_unread():
    upload = SimpleUploadedFile("月报.xlsx", b"PK")
    upload.size = 100 * 1024 * 1024

    with pytest.raises(WorkbookTooLarge, match="100"):
        bytes_of(upload)


def test_a_workbook_of_another_edition_says_so(data):
    newer = with_stamp(data, lambda text: text.replace(f"/{FORMAT} ", f"/{FORMAT + 1} "))
    older = with_stamp(data, lambda text: text.replace(f"/{FORMAT} ", "/0 "))
    blank = with_stamp(data, lambda _text: None)

    with pytest.raises(OtherFormat) as later:
        read_returns(newer)
    with pytest.raises(OtherFormat) as earlier:
        read_returns(older)
    with pytest.raises(NotOurWorkbook):
        read_returns(blank)

    assert str(later.value) != str(earlier.value)


def test_a_table_without_its_heads_is_refused(data):
    def fill(book):
        for number in range(1, 9):
            for cell in book.worksheets[0][number]:
                if type(cell).__name__ != "MergedCell" and cell.coordinate != "A1":
                    cell.value = None

    with pytest.raises(NotOurWorkbook):
        read_returns(edited(data, fill))


def test_the_workbook_of_another_page_is_refused_by_name(data, operator):
    row = make_return(headcount=7)
    stamp = read_returns(data).stamp
    other = make_tenant()

    for kind, enterprise, month in (
        (Kind.RETURN, other, JANUARY),
        (Kind.RETURN, row.enterprise, JANUARY.replace(month=2)),
        (Kind.MONTHS, row.enterprise, None),
        (Kind.PARK, None, JANUARY),
    ):
        with pytest.raises(OtherWorkbook) as refusal:
            refuse_other(stamp, kind=kind, enterprise=enterprise, month=month)
        if enterprise:
            assert enterprise.short_name in str(refusal.value)

    park = read_returns(park_of(JANUARY, operator)).stamp
    refuse_other(park, kind=Kind.PARK, enterprise=None, month=JANUARY)

"""What may be kept with a case is told by its content, never by its name."""

import io
import struct
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.models import StoredFile
from foundation.uploads import FileTooLarge, WrongFile, checked_upload
from tests.factories.workbooks import workbook

PDF = b"%PDF-1.7\n%%EOF"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 "


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return file.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
PPTX = zipped("[Content_Types].xml", "ppt/presentation.xml")


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("平面图.pdf", PDF, "application/pdf"),
        ("照片.JPG", JPEG, "image/jpeg"),
        ("照片.jpeg", JPEG, "image/jpeg"),
        ("a.png", PNG, "image/png"),
        ("a.webp", WEBP, "image/webp"),
        ("说明.docx", DOCX, "wordprocessingml"),
        ("清单.xlsx", workbook({"一": [["桌"]]}), "spreadsheetml"),
        ("汇报.pptx", PPTX, "presentationml"),
    ],
)
def test_keeps_what_a_reader_shows(name, data, media_type):
    upload = checked_upload(sent(name, data))

    assert (upload.name, upload.data) == (name, data)
    assert media_type in upload.media_type


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("plan.pdf", b"MZ\x90\x00 a program"),
        ("plan.pdf", b""),
        ("plan.pdf", b"<html><script>alert(1)</script>"),
        ("plan.pdf", b" %PDF-1.7"),
        ("plan.html", PDF),
        ("plan.exe", PDF),
        ("plan", PDF),
        ("plan.pdf", PNG),
        ("photo.png", JPEG),
        ("photo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("archive.docx", zipped("a.txt")),
        ("archive.zip", zipped("a.txt")),
        ("no-types.docx", zipped("word/document.xml")),
        ("two.docx", zipped("[Content_Types].xml", "word/document.xml", "xl/workbook.xml")),
        ("other.docx", zipped("[Content_Types].xml", "xl/workbook.xml")),
        ("macro.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("broken.docx", DOCX[:-10]),
        ("broken.docx", b"PK\x03\x04"),
    ],
)
def test_refuses_what_is_not_what_its_name_says(name, data):
    with pytest.raises(WrongFile) as refusal:
        checked_upload(sent(name, data))

    assert refusal.value.errors[0]["field"] == "file"


def test_refuses_a_zip_whose_list_is_too_long_unread():
    end = DOCX.rfind(b"PK\x05\x06")
    huge = DOCX[: end + 12] + struct.pack("<I", 2**31) + DOCX[end + 16 :]

    with pytest.raises(WrongFile):
        checked_upload(sent("bomb.docx", huge))


def test_refuses_what_is_too_large_unread():
    class Unreadable(SimpleUploadedFile):
        def read(self, *args):
            raise AssertionError("it was read")

    upload = Unreadable("plan.pdf", PDF)
    upload.size = StoredFile.LARGEST + 1

    with pytest.raises(FileTooLarge):
        checked_upload(upload)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/plan.pdf", "plan.pdf"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("pl\u202ean\x00.pdf", "plan.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ('a"b;c.pdf', 'a"b;c.pdf'),
    ],
)
def test_names_come_without_paths_and_tricks(typed, kept):
    upload = sent("x.pdf", PDF)
    upload._name = typed

    assert checked_upload(upload).name == kept

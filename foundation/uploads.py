"""Files that people keep with their cases: what they are is read from their content.

A name tells nothing: a program called plan.pdf is refused. Only what a reader shows is taken: PDF,
pictures, and Office files without macros.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.models import StoredFile
from web.refusals import Refusal

LONGEST_NAME = 120
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.pptx"

_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
}
_OFFICE_PARTS = {
    "word/document.xml": ".docx",
    "xl/workbook.xml": ".xlsx",
    "ppt/presentation.xml": ".pptx",
}
_END_OF_ZIP = b"PK\x05\x06"
_LARGE_ZIP = b"PK\x06\x07"
_LARGEST_CONTENTS = 1024 * 1024  # of a zip's own list: some ten thousand parts


class WrongFile(Refusal):
    """The file is of a kind that is not kept, or not what its name says."""

    status = 400
    code = "wrong_file"
    title = gettext_lazy("Not such a file")


class FileTooLarge(Refusal):
    """The file is larger than any that is kept."""

    status = 400
    code = "file_too_large"
    title = gettext_lazy("File too large")


class Upload(NamedTuple):
    """A file that may be kept: its name as people see it, and what it is."""

    name: str
    media_type: str
    data: bytes


def checked_upload(upload: UploadedFile, *, field: str = "file") -> Upload:
    """What was sent, if it may be kept. Raises `WrongFile` or `FileTooLarge`."""
    if (upload.size or 0) > StoredFile.LARGEST:
        raise FileTooLarge(
            _("A file may have %(most)d MB at most; this one has %(size)d MB.")
            % {"most": StoredFile.LARGEST // 1024**2, "size": -(-(upload.size or 0) // 1024**2)},
            field=field,
        )
    data = upload.read()
    name = _clean_name(upload.name or "")
    suffix = PurePosixPath(name).suffix.lower()
    kind = _kind_of(data, field)
    if MEDIA_TYPES.get(suffix) != MEDIA_TYPES[kind]:
        raise WrongFile(
            _("The name does not say what the file is: its content is %(kind)s. Rename it.")
            % {"kind": kind},
            field=field,
        )
    return Upload(name, MEDIA_TYPES[kind], data)


def _clean_name(name: str) -> str:
    """The name without path and without characters that are not seen; its ending stays."""
    seen = "".join(one for one in name if unicodedata.category(one)[0] != "C")
    last = PurePosixPath(seen.replace("\\", "/")).name.strip()
    path = PurePosixPath(last)
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix[:LONGEST_NAME]


def _kind_of(data: bytes, field: str) -> str:
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return ".webp"
    if data.startswith(b"PK"):
        return _office_kind(data, field)
    raise WrongFile(
        _("Only PDF, pictures (JPEG, PNG, WebP) and Office files (.docx, .xlsx, .pptx) are kept."),
        field=field,
    )


def _office_kind(data: bytes, field: str) -> str:
    parts = _parts(data)
    if any(part.endswith("vbaProject.bin") for part in parts):
        raise WrongFile(_("The file has macros. Save it without them, or as PDF."), field=field)
    kinds = [kind for part, kind in _OFFICE_PARTS.items() if part in parts]
    if len(kinds) != 1 or "[Content_Types].xml" not in parts:
        raise WrongFile(
            _("This is no Office file (.docx, .xlsx, .pptx), or it is damaged."), field=field
        )
    return kinds[0]


def _parts(data: bytes) -> set[str]:
    """The names in a zip's list of contents; none where that cannot be, or is far too long."""
    end = data.rfind(_END_OF_ZIP)
    if end < 0 or len(data) < end + 22:
        return set()
    (length,) = struct.unpack_from("<I", data, end + 12)
    if length > _LARGEST_CONTENTS or data[max(end - 20, 0) : end].startswith(_LARGE_ZIP):
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return set()

"""Handing out the files of reports and of months, under names that people understand."""

from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from foundation.months import format_month
from reports.models import FileFormat, MonthFile, ReportFile
from web.attachments import attachment

MEDIA_TYPES: dict[str, str] = {
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.PDF: "application/pdf",
    FileFormat.CSV: "text/csv; charset=utf-8",
}


def download(request: HttpRequest, file: ReportFile) -> HttpResponseBase:
    """Answer with `file`; its ETag is its SHA-256, and who has it already gets 304."""
    report = file.report
    plain = f"{report.kind}-{format_month(report.month)}-{report.revision}.{file.format}"
    return _handed_out(request, file, plain)


def download_month(request: HttpRequest, file: MonthFile) -> HttpResponseBase:
    """The same for the file of a whole month."""
    return _handed_out(request, file, f"month-{format_month(file.month)}.{file.format}")


def _handed_out(request: HttpRequest, file: Any, plain: str) -> HttpResponseBase:
    etag = f'"{file.sha256}"'
    if not_modified := get_conditional_response(request, etag=etag):
        return not_modified
    with file.file.open() as content:
        response = HttpResponse(content.read(), content_type=MEDIA_TYPES[file.format])
    response.headers["ETag"] = etag
    own = PurePosixPath(str(file.file.name)).name
    response.headers["Content-Disposition"] = attachment(own, fallback=plain)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

"""Handing out a stored file: never shown in the page, never guessed at, fetched anew each time."""

from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from web.attachments import attachment


def stored_file(request: HttpRequest, row: Any, *, plain: str) -> HttpResponseBase:
    """Answer with the file of `row` (name, media_type, file, sha256); 304 to who has it already.

    `plain` is what old programs call it, in ASCII and without its ending.
    """
    etag = f'"{row.sha256}"'
    if not_modified := get_conditional_response(request, etag=etag):
        return not_modified
    with row.file.open() as content:
        response = HttpResponse(content.read(), content_type=row.media_type)
    fallback = f"{plain}{PurePosixPath(row.name).suffix.lower()}"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = attachment(row.name, fallback=fallback)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

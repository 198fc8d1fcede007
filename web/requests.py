"""A number for every request and one log line about it."""

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject, empty

from web.logs import current_request_id, safe_path

logger = logging.getLogger(__name__)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLogMiddleware:
    """Names the request (X-Request-ID) and logs method, path, status, user id and milliseconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = _request_id(request)
        request.request_id = request_id  # type: ignore[attr-defined]
        token = current_request_id.set(request_id)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            _log(request, response, milliseconds=(time.perf_counter() - started) * 1000)
        finally:
            current_request_id.reset(token)
        return response


def _log(request: HttpRequest, response: HttpResponseBase, *, milliseconds: float) -> None:
    line = {
        "method": request.method,
        "path": safe_path(request),
        "status": response.status_code,
        "user_id": _user_id(request),
        "ms": round(milliseconds, 1),
    }
    logger.info("request", extra={"data": line})


def _request_id(request: HttpRequest) -> str:
    """The proxy's number if it looks like one, else our own."""
    given = request.headers.get("X-Request-ID", "")
    return given if REQUEST_ID.fullmatch(given) else uuid4().hex


def _user_id(request: HttpRequest) -> object:
    """The user's id if the request has found out who it is; logging asks the database nothing."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject) and user._wrapped is empty:
        return None
    return getattr(user, "pk", None)

"""Error pages: both languages on one page, without database, session or translation.

config.urls names these as handler400 … handler500 and handler429 (allauth asks for that one).
Programs under /api/ get a problem, htmx gets a message for the head of the page it is on.
"""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from web.htmx import is_fragment_request
from web.outages import database_is_gone
from web.rfc9457 import is_api, problem, problem_response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself is broken; 413 where it is too large."""
    if isinstance(exception, RequestDataTooBig):
        return _error(request, 413, "too_large", template="400.html")
    return _error(request, 400, "bad_request")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known, and not permitted."""
    return _error(request, 403, "permission_denied")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long, or cookies are off."""
    return _error(request, 403, "csrf_failed", template="403_csrf.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or not for this person."""
    return _error(request, 404, "not_found")


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many tries in a short time."""
    return _error(request, 429, "throttled", retry_after=60)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the fault is that the database is away."""
    if database_is_gone(sys.exception()):
        return unavailable(request)
    return _error(request, 500, "server_error")


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """503: the database cannot be reached."""
    return _error(request, 503, "unavailable", retry_after=30)


def _error(
    request: HttpRequest,
    status: int,
    code: str,
    *,
    template: str | None = None,
    retry_after: int | None = None,
) -> HttpResponse:
    context = {"status": status, "request_id": getattr(request, "request_id", "")}
    response: HttpResponse
    if is_api(request):
        response = problem_response(problem(status, code))
    elif is_fragment_request(request):
        response = _fragment(template or f"{status}.html", context)
    else:
        # Rendered without the request, so that no context processor runs.
        response = HttpResponse(render_to_string(template or f"{status}.html", context))
        patch_vary_headers(response, ["HX-Request"])
    response.status_code = status
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _fragment(template: str, context: dict[str, Any]) -> HttpResponse:
    html = render_to_string(template, {**context, "layout": "web/_error.html"})
    response = HttpResponse(html)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML show:#messages:top"
    patch_vary_headers(response, ["HX-Request"])
    return response

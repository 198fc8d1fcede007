"""REST framework's errors as problems (`web.rfc9457`): settings name `exception_handler`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from web.outages import database_is_gone
from web.refusals import Refusal
from web.rfc9457 import CONTENT_TYPE, problem


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what is known into a problem; the rest goes on and becomes a logged 500."""
    headers: dict[str, str] = {}
    if isinstance(error, Refusal):
        members = error.as_problem()
        if error.retry_after is not None:
            headers["Retry-After"] = str(error.retry_after)
    elif database_is_gone(error):
        members = problem(503, "unavailable")
        headers["Retry-After"] = "30"
    elif isinstance(error, Http404):
        members = problem(404, "not_found")
    elif isinstance(error, PermissionDenied):
        members = problem(403, "permission_denied")
    elif isinstance(error, exceptions.APIException):
        members = _framework_problem(error)
        headers = _framework_headers(error)
    else:
        return None
    set_rollback()
    return Response(members, members["status"], headers=headers, content_type=CONTENT_TYPE)


def _framework_problem(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return problem(400, "invalid", errors=list(flat_errors(error.get_full_details())))
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    detail = error.detail if isinstance(error.detail, str) else None
    return problem(error.status_code, code, detail=detail)


def _framework_headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    return headers


def flat_errors(details: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Give each error of nested details with the path of its field, `blocks[0].first_seat`."""
    if _is_error(details):
        yield {"field": path or None, "code": details["code"], "message": details["message"]}
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            yield from flat_errors(inner, _joined(path, name))
    else:
        for index, inner in enumerate(details):
            yield from flat_errors(inner, path if _is_error(inner) else f"{path}[{index}]")


def _is_error(details: Any) -> bool:
    return isinstance(details, Mapping) and isinstance(details.get("message"), str)


def _joined(path: str, name: str | int) -> str:
    if name == "non_field_errors":
        return path
    if isinstance(name, int):
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else name

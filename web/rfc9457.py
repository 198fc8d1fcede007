"""RFC 9457: every error of the API is `application/problem+json` with a stable `code`.

    {"type", "title", "status", "code", "detail", "errors": [{"field", "code", "message"}], ...}

`field` names the place the way a programmer writes it: `blocks[0].first_seat`; null means the
whole entry. Texts are in the language of the request; codes never change.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:problem-type:xiyuan:"

TITLES: dict[int, Text] = {
    400: _("Something needs correcting"),
    401: _("Sign in first"),
    403: _("Not permitted"),
    404: _("Not found"),
    405: _("This cannot be done here"),
    406: _("This form of answer is not available"),
    413: _("Too much at once"),
    415: _("This form of data is not understood"),
    429: _("Too many requests"),
    500: _("A fault in the system"),
    503: _("Not available at the moment"),
}
DETAILS: dict[int, Text] = {
    400: _("Correct the marked entries and send again."),
    403: _("Your role does not allow this. Ask the park to do it or to give you the right."),
    404: _("There is nothing at this address, or it is not open to you."),
    413: _("More was sent than can be taken at once. Send less."),
    429: _("Too many requests in a short time. Wait a moment and try again."),
    500: _("Something went wrong on our side and was recorded. Try again, or tell the park."),
    503: _("The data cannot be reached at the moment. Try again in a minute; nothing is lost."),
}


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, not a person."""
    return request.path_info.startswith("/api/")


def problem(
    status: int,
    code: str,
    *,
    title: Text | None = None,
    detail: Text | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the members of a problem, for any answer that has to carry one."""
    members: dict[str, Any] = {
        "type": f"{TYPE}{code}",
        "title": str(title or TITLES.get(status, TITLES[400])),
        "status": status,
        "code": code,
        "detail": str(detail if detail is not None else DETAILS.get(status, "")),
    }
    if errors:
        members["errors"] = [dict(error) for error in errors]
    return {**(extra or {}), **members}


def problem_response(members: Mapping[str, Any]) -> JsonResponse:
    """Answer with a problem outside REST framework: error handlers and middleware."""
    return JsonResponse(
        members,
        status=members["status"],
        content_type=CONTENT_TYPE,
        encoder=DjangoJSONEncoder,
        json_dumps_params={"ensure_ascii": False},
    )

"""Refusals: every rule that says no raises one of these; the API and the pages know how to say it.

A room defines its own refusals beside the service that raises them:

    class SeatsTaken(Refusal):
        status = 409
        code = "seats_taken"
        title = _("Seats are taken")

    raise SeatsTaken(
        _("%(run)s was just held by %(holder)s. Choose other seats.") % {...},
        field="first_seat",
        extra={"conflicts": [...]},
    )

The message is a full sentence that says what is wrong and what to do next. The API answers with
problem+json (`web.rfc9457`). A page view catches what it expects and shows `refusal.message`
where the person is looking; what it does not catch, `RefusalMiddleware` shows calmly.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from web.htmx import is_fragment_request, message_fragment
from web.rfc9457 import DETAILS, TITLES, Text, is_api, problem, problem_response


class Refusal(Exception):
    """A rule says no. `status` and `code` are stable, `title` short, the message a sentence."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    title: ClassVar[Text] = _("This cannot be done")
    default_message: ClassVar[Text] = _("This cannot be done now. Nothing was changed.")
    retry_after: ClassVar[int | None] = None

    def __init__(
        self,
        message: Text | None = None,
        *,
        field: str | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.message = message if message is not None else self.default_message
        super().__init__(self.message)
        self.field = field
        self.extra = dict(extra or {})
        self.errors = [dict(error) for error in errors]
        if field is not None and not self.errors:
            self.errors = [{"field": field, "code": self.code, "message": self.message}]

    def __str__(self) -> str:
        return str(self.message)

    def as_problem(self) -> dict[str, Any]:
        """Give the members of the problem that the API answers with."""
        return problem(
            self.status,
            self.code,
            title=self.title,
            detail=self.message,
            errors=self.errors,
            extra=self.extra,
        )


class Invalid(Refusal):
    """What was typed does not make sense. `errors` is a list, or {field: message or messages}."""

    status = 400
    code = "invalid"
    title = TITLES[400]
    default_message = DETAILS[400]

    def __init__(
        self,
        errors: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        message: Text | None = None,
    ) -> None:
        super().__init__(message, errors=list(_field_errors(errors)))


class NotFound(Refusal):
    """There is no such thing, or not for this person: the two look the same."""

    status = 404
    code = "not_found"
    title = TITLES[404]
    default_message = DETAILS[404]


class Forbidden(Refusal):
    """The person is known and may not do this."""

    status = 403
    code = "permission_denied"
    title = TITLES[403]
    default_message = DETAILS[403]


class Stale(Refusal):
    """Somebody changed the row since it was read. `extra` carries the newer values."""

    status = 412
    code = "stale"
    title = _("Changed by somebody else")
    default_message = _(
        "Somebody changed this while you were working on it. "
        "Look at the newer values, then send again."
    )


class Busy(Refusal):
    """The park-wide lock was not free in time. Nothing was written."""

    status = 503
    code = "busy"
    title = _("Seats are being written")
    default_message = _("Seats are being written. Try again in 5 s; nothing you typed is lost.")
    retry_after = 5


class RefusalMiddleware:
    """Shows a refusal that the view did not catch, with a way back and all that was typed."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info:  # no text of the database can hold it
            raise Http404
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        response = _answer(request, error)
        if error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        return response


def _answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if is_api(request):
        return problem_response(refusal.as_problem())
    context = {
        "refusal": refusal,
        "back_url": _back_url(request),
        "typed": list(_typed(request)),
    }
    if is_fragment_request(request):
        return message_fragment(request, "web/_refusal.html", context, status=refusal.status)
    return render(request, "web/refusal.html", context, status=refusal.status)


def _back_url(request: HttpRequest) -> str:
    """Where the person came from, if that is one of our own pages; else the start page."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return referer
    return "/"


def _typed(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """What was posted, to be carried on the page and sent again; secrets are not repeated."""
    for name, values in request.POST.lists():
        if name != "csrfmiddlewaretoken" and "password" not in name:
            for value in values:
                yield name, str(value)


def _field_errors(
    errors: Mapping[str, Any] | Sequence[Mapping[str, Any]],
) -> Iterable[dict[str, Any]]:
    if not isinstance(errors, Mapping):
        yield from (dict(error) for error in errors)
        return
    for field, messages in errors.items():
        for message in messages if isinstance(messages, (list, tuple)) else [messages]:
            yield {"field": field or None, "code": Invalid.code, "message": message}

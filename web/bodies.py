"""What was sent is read to its end, and what is answered to somebody signed in is theirs alone."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.request import UnreadablePostError

PART = 64 * 1024
MOST = 20 * 1024 * 1024


class ReadToTheEndMiddleware:
    """Reads what a refusal left unread (401, 405, 415): else the sender's connection breaks
    before the answer is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            _read_on(request)
        return response


def _read_on(request: HttpRequest) -> None:
    left = MOST
    try:
        while left > 0 and (part := request.read(PART)):
            left -= len(part)
    except (UnreadablePostError, OSError, ValueError):
        return  # closed, on either side


class PrivateMiddleware:
    """Tells caches to keep no page of somebody who is signed in, unless the view says otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

"""The language that a person chose, on whichever device they sign in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from web.rfc9457 import is_api


class LanguageMiddleware:
    """Uses the signed-in person's own language where this browser has not chosen one.

    Programs say in each request which language they want (Accept-Language).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if language := self._own_language(request):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)

    def _own_language(self, request: HttpRequest) -> str:
        if is_api(request) or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            return ""
        return request.user.language if request.user.is_authenticated else ""

"""Page or part: one view answers a browser with the page and htmx with the part that changed.

A part (`_noun_part.html`) has one root element whose id is its name; the page includes its part,
so what htmx swaps in cannot drift from what the page showed.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect


def is_fragment_request(request: HttpRequest) -> bool:
    """Whether htmx asks for a part. Boosted links and Back ask for whole pages."""
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return False
    return not (htmx.boosted or htmx.history_restore_request)


def page_or_fragment(
    request: HttpRequest,
    page: str,
    fragment: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Render ``fragment`` for htmx and ``page`` for everybody else.

    A part is swapped in whatever the status (static/js/page.js), so 200 is right for a form with
    errors and 409 for one with a refusal.
    """
    template = fragment if is_fragment_request(request) else page
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """After a write: go and see ``url``. A whole new page for htmx too."""
    if is_fragment_request(request):
        return HttpResponseClientRedirect(url)
    return HttpResponseSeeOther(url)


def message_fragment(
    request: HttpRequest, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    """Answer htmx with a message for the head of the page; what was typed stays where it is."""
    response = render(request, template, context, status=status)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML show:#messages:top"
    patch_vary_headers(response, ["HX-Request"])
    return response


class HttpResponseSeeOther(HttpResponseRedirect):
    """303: the answer to a POST is another page, to be fetched by GET."""

    status_code = 303

"""Addresses that only take what was typed elsewhere."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponseBase]


def posted_from(page: str, *named: str) -> Callable[[View], View]:
    """Let a view take POST alone; a reader who comes by GET is led to `page`, where the form is.

    That happens to everybody: by the language switch beneath a refusal, by Reload, by signing in
    again after the session has ended. `page` takes those of the view's arguments that are `named`.
    """

    def decorate(view: View) -> View:
        only_post = require_POST(view)

        @wraps(view)
        def lead(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method in {"GET", "HEAD"}:
                taken = {name: kwargs[name] for name in named}
                return HttpResponseRedirect(reverse(page, kwargs=taken))
            return only_post(request, *args, **kwargs)

        return lead

    return decorate

"""Somebody in front of a browser, and what they read there."""

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User


class Desk:
    """A person who is signed in and reads English. Pages are given by the name of their URL."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(user)

    def get(self, page: str, /, *args: Any, **query: Any) -> Any:
        return self.client.get(reverse(page, args=args), query)

    def post(self, page: str, /, *args: Any, **typed: Any) -> Any:
        return self.client.post(reverse(page, args=args), typed)

    def autosave(self, page: str, /, *args: Any, **typed: Any) -> Any:
        """What htmx posts while one types."""
        return self.client.post(reverse(page, args=args), typed, headers={"HX-Request": "true"})

    def follow(self, address: str) -> Any:
        return self.client.get(address)


def text_of(page: HttpResponse) -> str:
    """What a person reads on a page: no tags, single spaces."""
    text = re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", page.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())

"""The policy of every answer."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

INLINE = re.compile(r"\sstyle=|\son\w+=|<style|javascript:|hx-on|\bjs:", re.IGNORECASE)
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE)


@pytest.mark.urls("tests.web.urls")
@pytest.mark.parametrize("path", ["/nowhere/", "/page/taken/", "/api/v1/raise/taken/"])
def test_nothing_but_our_own_files(path: str) -> None:
    policy = Client().get(path).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'self'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "nonce" not in policy


def test_no_template_asks_for_more() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    texts = {path: path.read_text("utf-8") for path in folder.rglob("*.html")}

    asking = [
        str(path) for path, text in texts.items() if INLINE.search(text) or SCRIPT.search(text)
    ]

    assert texts
    assert asking == []

"""What the writers of files share: how wide a text is, and how a fact is said."""

import unicodedata

from django.utils.translation import pgettext


def line_width(text: str) -> int:
    """How wide a text is, in half Chinese signs."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def said(what: str, value: str) -> str:
    """A fact in the head or the foot: 表号：Y1."""
    return pgettext("fact", "%(what)s: %(value)s") % {"what": what, "value": value}

"""What the writers of files share: how wide a text is, and how a fact or a mark is said."""

import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def line_width(text: str) -> int:
    """How wide a text is, in half Chinese signs."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def said(what: str, value: str) -> str:
    """A fact in the head or the foot: 表号：Y1."""
    return pgettext("fact", "%(what)s: %(value)s") % {"what": what, "value": value}


def restated_mark() -> str:
    """修: before every figure that differs from the edition before."""
    return _("Rev.")


def restated_title() -> str:
    """What the list of those figures is called."""
    return pgettext("restated", "Figures restated")


def restated_heads() -> tuple[str, ...]:
    """The heads of that list."""
    return (
        pgettext("restated", "Table"),
        pgettext("restated", "Row"),
        pgettext("restated", "Figure"),
        pgettext("restated", "Edition before"),
        pgettext("restated", "This edition"),
    )


def definition_heads() -> tuple[str, ...]:
    """The heads of the list of definitions."""
    return (
        pgettext("definition", "Indicator"),
        pgettext("definition", "Unit"),
        pgettext("definition", "What is counted"),
        pgettext("definition", "Divided by"),
        pgettext("definition", "Version"),
    )

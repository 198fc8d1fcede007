"""The page: its head, its sections, what it says and what it asks."""

from collections.abc import Sequence
from typing import Any

from django.template.context import Context
from django.utils.safestring import SafeString

from web.parts.drawing import alone, register, wraps
from web.rfc9457 import Text


@register.simple_tag
def crumbs(*trail: Text) -> list[tuple[Text, Text | None]]:
    """The way to this page: `{% crumbs seats seats_url zone zone_url "C-1-3F" as trail %}`."""
    return [
        (trail[i], trail[i + 1] if i + 1 < len(trail) else None) for i in range(0, len(trail), 2)
    ]


@wraps
def head(
    context: Context,
    content: SafeString,
    title: Text,
    *,
    line: Text = "",
    crumbs: Sequence[Any] = (),
    note: Text = "",
) -> None:
    """The head of a page. The title is a sentence with the answer in it; inside, one action.

    Above it `line` (the day, whose page) or `crumbs`, under it a quiet `note`.
    """


@wraps
def section(
    context: Context,
    content: SafeString,
    title: Text,
    *,
    count: Text = "",
    url: str = "",
    link: Text = "",
    id: str = "",
    sample: bool = False,
) -> None:
    """A 2 px rule, a title, what it counts and in which order, one link.

    `{% section _("Seat requests") count=counted url=all_url link=_("All requests") %}`
    """


@wraps
def sheet(context: Context, content: SafeString, *, title: Text = "", id: str = "") -> None:
    """White paper: only for what one fills in or signs, and for the official table."""


@wraps
def message(
    context: Context, content: SafeString, kind: str = "", *, title: Text = "", id: str = ""
) -> dict[str, Any]:
    """Said beside the place it is about: what, why, how to go on. kind: "" must look done.

    `{% message "must" title="三类之和须等于执行额。" %}差 12.00 万元。{% endmessage %}`
    """
    return {"state": {"must": "stop", "look": "look", "done": "done"}.get(kind)}


@wraps
def confirm(
    context: Context,
    content: SafeString,
    title: Text = "",
    *,
    url: str,
    verb: Text,
    back_url: str,
    back: Text = "",
    danger: bool = False,
) -> None:
    """Asks before an act: inside, the effect (before → after, who is touched). Never 确定吗.

    `verb` is the button with its number: 释放 40 席. Posts to `url`, with any hidden inputs inside.
    On a page of its own the question is the {% head %}, so leave `title` away.
    """


@alone
def nothing(context: Context, sentence: Text, *, url: str = "", link: Text = "") -> None:
    """An empty list: one sentence what would be here, one link how it gets there."""

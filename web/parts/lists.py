"""Lists: what waits, what stands in which state, what happened; and how a list is narrowed."""

from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from web import formats
from web.parts.drawing import alone, register, wraps
from web.rfc9457 import Text


@wraps
def list_(context: Context, content: SafeString, *, wide: bool = False, id: str = "") -> None:
    """Things in two lines, by time left. `wide=True` has a column for state and owner."""


@wraps
def item(
    context: Context,
    content: SafeString,
    title: Text,
    *,
    url: str = "",
    state: str | None = None,
    word: Text = "",
    line: Text = "",
) -> None:
    """One of a list: glyph, what, and `line` with where and when.

    `state`: "" in work, wait, look, done, stop. Its `word` is read aloud where no {% middle %}
    prints it. Inside: {% middle %}, {% right %}, or further `<p class="s q">`.
    """


@register.simple_block_tag
def middle(content: SafeString) -> SafeString:
    """In a wide list: the state, then `<br><span class="q">` who has it."""
    return format_html('<div class="mid s">{}</div>', content)


@register.simple_block_tag
def right(content: SafeString) -> SafeString:
    """At the end of an item: a clock, or one link."""
    return format_html('<div class="end">{}</div>', content)


@register.simple_block_tag
def board(content: SafeString) -> SafeString:
    """Columns by state, side by side; on a phone one under the other."""
    return format_html('<div class="x-board">{}</div>', content)


@wraps
def column(
    context: Context, content: SafeString, title: Text, *, count: Text = "", id: str = ""
) -> None:
    """A column of a board: its head says state, count and sum; inside, a {% list %}."""


@register.simple_block_tag
def timeline(content: SafeString) -> SafeString:
    """What happened, newest first."""
    return format_html('<ol class="x-line s">{}</ol>', content)


@register.simple_block_tag
def event(content: SafeString, at: datetime | str) -> SafeString:
    """One line of a timeline: `{% event at %}张敏 接手，开始审核{% endevent %}`."""
    if not isinstance(at, datetime):
        return format_html("<li><span>{}</span><span>{}</span></li>", at, content)
    return format_html(
        '<li><time datetime="{}">{}</time><span>{}</span></li>',
        at.isoformat(timespec="seconds"),
        formats.moment(at),
        content,
    )


@alone
def pager(context: Context, page: Any) -> None:
    """Under a list: rows 1–50 of 812 and its pages. `page` is a `web.pagination.Page`."""


@wraps
def filters(
    context: Context,
    content: SafeString,
    form: BaseForm | None = None,
    *,
    target: str = "",
    clear_url: str = "",
) -> None:
    """What narrows a list: a GET form in one row. Inside, {% chips %} or further fields.

    `target="#tenant-list"` lets htmx bring that part at every change; else the button does.
    """


@register.simple_block_tag
def chips(content: SafeString, label: Text) -> SafeString:
    """A row of chips that exclude each other; `label` says what they choose."""
    return format_html('<div class="x-chips" role="group" aria-label="{}">{}</div>', label, content)


@register.simple_tag
def chip(text: Text, url: str, *, current: bool = False) -> SafeString:
    """One choice, a link: `{% chip _("Vacant") "?state=free" current=is_free %}`."""
    here = mark_safe(' aria-current="true"') if current else ""
    return format_html('<a class="x-chip" href="{}"{}>{}</a>', url, here, text)

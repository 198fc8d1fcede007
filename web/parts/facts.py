"""Facts: pairs, steps, states, clocks, work in progress, and the small marks beside them."""

from collections.abc import Sequence
from typing import Any

from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from web import formats
from web.parts.drawing import alone, register
from web.rfc9457 import Text

SOON = 4  # working hours left from which a clock asks for a look


@register.simple_block_tag
def detail(content: SafeString, *, small: bool = False) -> SafeString:
    """Facts in pairs; inside, {% fact %}."""
    return format_html('<dl class="x-kv{}">{}</dl>', " s" if small else "", content)


@register.simple_block_tag
def fact(content: SafeString, label: Text) -> SafeString:
    """`{% fact _("Owner") %}李涛，2 天{% endfact %}`; nothing inside is “–”."""
    return format_html(
        "<dt>{}</dt><dd>{}</dd>", label, content if content.strip() else formats.MISSING
    )


@alone
def steps(context: Context, labels: Sequence[Any], current: int) -> dict[str, Any]:
    """Five steps at most, the `current` one (from 1) thick; past the last, all are done.

    `labels`: texts, or pairs of a text and when it was reached (a datetime or None).
    """
    pairs = [label if isinstance(label, (tuple, list)) else (label, None) for label in labels]
    return {
        "steps": [
            {"label": label, "at": at, "past": number < current, "now": number == current}
            for number, (label, at) in enumerate(pairs, start=1)
        ]
    }


@register.simple_block_tag
def state(content: SafeString, kind: str = "") -> SafeString:
    """Glyph and word: ● in work "" · ○ wait · ▲ look · ✓ done · ✕ stop. Always with its word."""
    return format_html('<span class="x-st {}">{}</span>', kind, content)


@alone
def clock(context: Context, left: int, promised: int) -> dict[str, Any]:
    """Working hours left of those promised: 还剩 3 工时 and a bar; below nought 超时 2 工时."""
    over = ngettext("%(count)d working hour over", "%(count)d working hours over", -left)
    rest = ngettext("%(count)d working hour left", "%(count)d working hours left", left)
    return {
        "text": (over if left < 0 else rest) % {"count": abs(left)},
        "kind": "must" if left < 0 else "look" if left <= SOON else "",
        "used": promised - max(left, 0),
    }


@alone
def progress(
    context: Context, job: Any, *, url: str, result_url: str = "", result: Text = ""
) -> None:
    """Background work: n of m, asked again every second, then the result as a link.

    `job` has state (queued, running, done, failed), done, total, message. The view at `url` answers
    `page_or_fragment(request, page, "web/_progress.html", {"job", "url", "result_url", "result"})`.
    """


@register.simple_tag
def sample() -> SafeString:
    """样本: beside every figure and name that is invented."""
    return mark(gettext("Sample"))


@register.simple_tag
def prefilled() -> SafeString:
    """预填: beside an entry; say after it from where."""
    return mark(gettext("Prefilled"), "act")


@register.simple_tag
def restated() -> SafeString:
    """修: before every cell that differs from the issue before, derived ones too."""
    return mark(gettext("Rev."), "re")


@register.simple_tag
def mark(text: Text, kind: str = "") -> SafeString:
    """A word in a small frame. kind: "" act look must re."""
    return format_html('<span class="x-mk {}">{}</span>', kind, text)

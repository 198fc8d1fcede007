"""Figures: with unit, denominator and a way to their rows; tables, bars of seats, charts."""

from typing import Any

from django.forms.utils import flatatt
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from web import formats, seat_kinds
from web.charts import Chart
from web.parts.drawing import alone, register, wraps
from web.rfc9457 import Text


@alone
def figure(
    context: Context, value: Any, unit: Text, *, url: str, of: Text = "", word: Text = ""
) -> dict[str, Any]:
    """A figure 32 px high, its unit, under it what it is measured against. A link to its rows.

    `{% figure 5582 "席" url=rows_url of="签约率 81.2% ÷ 6,876 可用 · 上月 5,540，+42" %}`. Numbers
    are written for you, texts stay as they are; `word` is read aloud with the link.
    """
    return {"value": _written(value)}


@register.simple_tag
def rate(ratio: Any, of: Any, word: Text = "") -> SafeString:
    """A rate with its denominator under it: 88.3%, then ÷ 1,176 可用."""
    return format_html("{}{}", formats.percent(ratio), _denominator(of, word))


@wraps
def table(
    context: Context, content: SafeString, label: Text, *, kind: str = "", scroll: bool = True
) -> dict[str, Any]:
    """Three lines. Inside `<thead>`, `<tbody>`; numbers `class="n"`, rows `class="sub"` or `"sum"`.

    `kind`, any of: stack (on a phone a row becomes pairs; give `td` data-l its label, data-u its
    unit, or class full for a line of its own), pair (with stack, two columns), tight, fix, form.
    `label` is the name of the table; a wide one scrolls sideways inside its frame.
    """
    classes = " ".join(name if name == "pair" else f"x-{name}" for name in kind.split())
    return {"classes": classes, "scroll": scroll and "stack" not in kind}


@register.simple_tag
def number_cell(
    value: Any, *, url: str = "", label: Text = "", unit: Text = "", mark: Text = "", kind: str = ""
) -> SafeString:
    """A number in a table, a link to its rows. `label` and `unit` are for the phone.

    `{% restated as re %}{% number_cell row.firm url=row.url mark=re kind="l on" %}`
    """
    return _cell(format_html("{}{}", mark, _linked(_written(value), url)), kind, label, unit)


@register.simple_tag
def rate_cell(
    ratio: Any, of: Any, word: Text = "", *, url: str = "", label: Text = "", kind: str = ""
) -> SafeString:
    """A rate in a table, with its denominator under it."""
    return _cell(_linked(formats.percent(ratio), url) + _denominator(of, word), kind, label)


@alone
def seat_bar(
    context: Context, *, firm: int = 0, hold: int = 0, closed: int = 0, free: int = 0
) -> dict[str, Any]:
    """Seats by kind as a bar, always in this order; their numbers stand in the same row."""
    counts = {"firm": firm, "hold": hold, "closed": closed, "free": free}
    return {"width": seat_kinds.WIDTH, "pieces": seat_kinds.bar(counts)}


@alone
def legend(context: Context, **counts: Any) -> dict[str, Any]:
    """What the kinds look like, with counts: `{% legend firm=260 hold=60 closed=24 free=124 %}`.

    True instead of a count prints the kind alone. Also void=, pick=.
    """
    return {"kinds": seat_kinds.legend(counts)}


@register.simple_tag
def seat_mark(kind: str) -> SafeString:
    """The glyph of a kind, before a run that is named in words: firm hold closed free void pick."""
    return format_html(
        '<svg class="x-seat" width="14" height="14" aria-hidden="true"><use href="#i-{}"/></svg>',
        kind,
    )


@alone
def chart(
    context: Context, id: str, chart: Chart, *, caption: Text, sample: bool = False
) -> dict[str, Any]:
    """A chart and its twin, 看成表格. `web.charts` makes `chart`; `caption` says unit and period.

    Without JavaScript the table is open and there is no chart.
    """
    return {"option_id": f"{id}-option"}


def _written(value: Any) -> Any:
    return value if isinstance(value, str) else formats.number(value)


def _linked(text: str, url: str) -> SafeString:
    if not url:
        return format_html("{}", text)
    return format_html('<a class="x-fig" href="{}">{}</a>', url, text)


def _denominator(of: Any, word: Text) -> SafeString:
    return format_html('<span class="x-den">÷ {} {}</span>', _written(of), word)


def _cell(content: SafeString, kind: str, label: Text, unit: Text = "") -> SafeString:
    attributes = {"class": f"n {kind}".strip(), "data-l": label or None, "data-u": unit or None}
    return format_html("<td{}>{}</td>", flatatt(attributes), content)

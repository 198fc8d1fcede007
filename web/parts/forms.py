"""Forms: label above, unit visible, help, the error beside its field and in a list at the head."""

from typing import Any

from django.forms import BaseForm
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from web.formats import number
from web.forms import plain_number
from web.parts.drawing import alone, register, wraps
from web.rfc9457 import Text


@wraps
def form(
    context: Context,
    content: SafeString,
    form: BaseForm,
    *,
    url: str = "",
    submit: Text = "",
    id: str = "",
    back_url: str = "",
    back: Text = "",
    target: str = "",
    plain: bool = False,
) -> dict[str, Any]:
    """A whole form: what needs correcting, the fields, the button.

    Empty inside: every field in order. Otherwise lay them out inside with {% fields %}; hidden ones
    come by themselves. `submit` is verb + object + number; without it, put the buttons inside or in
    a {% foot %} (`<button form="<id>">`). `target="#seat-request"` lets htmx swap that part.
    `plain` leaves the white sheet away.
    """
    return {"own_layout": bool(content.strip())}


@alone
def fields(context: Context, form: BaseForm, *names: str, half: bool = False) -> dict[str, Any]:
    """Some fields of a form, or all: `{% fields form "start" "end" half=True %}`."""
    return {"fields": [form[name] for name in names] or form.visible_fields()}


@alone
def sum_group(
    context: Context,
    form: BaseForm,
    *names: str,
    title: Text,
    unit: Text,
    total: int | None = None,
    total_field: str = "",
    untouched: Text = "",
) -> dict[str, Any]:
    """Entries that must add up: shows 还差 n, while typing too.

    `total` is the number they must reach; `total_field` the entry of the same form that holds it.
    `untouched` is said instead while all of them are empty, where they may stay so.
    """
    entries = [form[name] for name in names]
    goal = _whole(form[total_field].value()) if total_field else total
    typed = sum(_whole(entry.value()) or 0 for entry in entries)
    missing = 0 if goal is None else goal - typed
    kind = "done" if missing == 0 else "wait" if missing > 0 else "stop"
    words = {
        "done": gettext("Total %(n)s"),
        "wait": gettext("%(n)s to go"),
        "stop": gettext("%(n)s too many"),
    }
    for_typing = {name: word % {"n": "#"} for name, word in words.items()}
    text: Text = words[kind] % {"n": number(abs(missing) or typed)}
    if untouched:
        for_typing["untouched"] = str(untouched)
        if all(entry.value() in entry.field.empty_values for entry in entries):
            kind, text = "untouched", untouched
    return {
        "entries": entries,
        "total": goal,
        "total_id": form[total_field].id_for_label if total_field else "",
        "kind": kind,
        "text": text,
        "for_typing": for_typing,
    }


@register.simple_block_tag
def foot(content: SafeString) -> SafeString:
    """The bar at the foot of a long form, in {% block foot %}: what is missing, when it was saved,
    and `<p class="end">` with the button (`form="<id>"`)."""
    return format_html(
        '<div class="x-foot" role="region" aria-label="{}"><div>{}</div></div>',
        gettext("To finish"),
        content,
    )


def _whole(value: Any) -> int | None:
    try:
        return int(plain_number(str(value)))
    except ValueError:
        return None

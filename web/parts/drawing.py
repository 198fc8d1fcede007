"""How a function becomes a tag: its arguments, and what it adds, go to the template of its name."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

Tag = Callable[..., Any]


def wraps(function: Tag) -> Tag:
    """`{% name … %} … {% endname %}`; what stands between is `content`."""
    name = _name(function)
    register.simple_block_tag(_drawn(function), takes_context=True, name=name)
    return function


def alone(function: Tag) -> Tag:
    """`{% name … %}`."""
    register.simple_tag(_drawn(function), takes_context=True, name=_name(function))
    return function


def _drawn(function: Tag) -> Tag:
    signature = inspect.signature(function)
    file = f"web/{_name(function)}.html"

    @functools.wraps(function)
    def tag(context: Context, *args: Any, **kwargs: Any) -> SafeString:
        bound = signature.bind(context, *args, **kwargs)
        bound.apply_defaults()
        values = {name: context.get(name) for name in ("csrf_token", "request")}
        values |= bound.arguments
        values |= function(*bound.args, **bound.kwargs) or {}
        drawing = context.template.engine.get_template(file)  # type: ignore[union-attr]
        return mark_safe(drawing.render(context.new(values)).strip())  # noqa: S308 — parts escape

    return tag


def _name(function: Tag) -> str:
    return function.__name__.rstrip("_")

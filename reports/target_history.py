"""What was changed about a target, by whom, when, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from reports.indicators import indicator_named
from reports.models import Target
from reports.services.targets import EDITABLE
from web import formats


class Deed(NamedTuple):
    """What one person (None: Xiyuan itself) did at one moment."""

    at: datetime
    person: User | None
    lines: list[str]


def history_of(target: Target) -> list[Deed]:
    """Everything that was done to it, the newest first."""
    model: Any = Target.pgh_event_model  # type: ignore[attr-defined]
    events = list(
        model.objects.filter(pgh_obj_id=target.pk).select_related("pgh_context").order_by("pgh_id")
    )
    ids = [
        (event.pgh_context.metadata if event.pgh_context else {}).get("user") for event in events
    ]
    people = User.objects.in_bulk([pk for pk in ids if pk])
    deeds = [
        Deed(event.pgh_created_at, people.get(pk), list(_lines(event, before)))
        for event, before, pk in zip(events, [None, *events], ids, strict=False)
    ]
    return [deed for deed in reversed(deeds) if deed.lines]


def _lines(event: Any, before: Any) -> Iterator[str]:
    if before is None:
        yield _("stated the target")
        return
    for name in EDITABLE:
        old, new = getattr(before, name), getattr(event, name)
        if old != new:
            yield _("%(field)s: %(old)s → %(new)s") % {
                "field": Target._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                "old": _value(event, name, old),
                "new": _value(event, name, new),
            }


def _value(event: Any, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name in {"value", "value_to"}:
        return formats.number(value)
    if name == "indicator" and (one := indicator_named(value)) is not None:
        return str(one.name)
    choices = dict(event._meta.get_field(name).flatchoices)
    return str(choices.get(value, value) or formats.MISSING)

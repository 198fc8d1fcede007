"""How the audit trail says rows and values: in the reader's language, as pages say them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField, RangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext, pgettext

from audit.tracking import words_of
from web import formats

_OWN_NAMES = ("short_name", "name", "label", "code")
_LONGEST = 120


class Names:
    """What the rows are called that events point to: one query for each kind of row."""

    def __init__(self, events: Iterable[Any]) -> None:
        wanted: dict[Any, set[int]] = defaultdict(set)
        for event in events:
            for field in _foreign_keys(event.pgh_tracked_model):
                wanted[field.related_model].add(getattr(event, field.attname))
        self._names = {
            (model, pk): name
            for model, pks in wanted.items()
            if (name_field := _name_field(model))
            for pk, name in model._base_manager.filter(pk__in=pks - {None}).values_list(
                "pk", name_field
            )
        }

    def of(self, model: Any, pk: int) -> str:
        """The row's name, else its number."""
        return self._names.get((model, pk)) or f"#{pk}"

    def row(self, event: Any) -> str:
        """The row that an event is about: its own name or number, whose it is, its bounds."""
        model = event.pgh_tracked_model
        own = _name_field(model)
        names = [str(getattr(event, own)) if own else f"#{event.pgh_obj_id}"]
        if month := getattr(event, "month", None):
            names.append(formats.month(month))
        names += [
            self._names[field.related_model, pk]
            for field in _foreign_keys(model)
            if field.name in {"enterprise", "floor", "user"}
            and (field.related_model, pk := getattr(event, field.attname)) in self._names
        ]
        names += [
            self.value(field, getattr(event, field.attname))
            for field in model._meta.concrete_fields
            if isinstance(field, RangeField)
        ]
        return " · ".join(names)

    def value(self, field: models.Field, value: Any) -> str:
        """A value of a tracked model's field; addresses and numbers of people are masked."""
        if value is None or value in ("", []):
            return formats.MISSING
        if say := words_of(field.model).get(field.name):
            return say(value)
        if isinstance(field, models.ForeignKey):
            return self.of(field.related_model, value)
        if isinstance(field, ArrayField):
            each = [self.value(field.base_field, one) for one in value]
            return pgettext("between items of a list", ", ").join(each)
        if field.flatchoices:
            return str(dict(field.flatchoices).get(value, value))
        return _plain(field, value)


def field_name(field: models.Field) -> str:
    """What a field is called; one that points to a row is called as that kind of row."""
    if isinstance(field, models.ForeignKey) and not field._verbose_name:  # type: ignore[attr-defined]
        return str(field.related_model._meta.verbose_name)
    return str(field.verbose_name)


def _plain(field: models.Field, value: Any) -> str:
    if isinstance(field, models.EmailField):
        return formats.masked_email(value)
    if field.name == "phone":
        return formats.masked_phone(value)
    match value:
        case bool():
            return gettext("yes") if value else gettext("no")
        case datetime():
            return formats.full_moment(value)
        case date():
            return formats.month(value) if field.name == "month" else formats.iso_day(value)
        case DateRange():
            return formats.days_of(value)
    words = str(value)
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _foreign_keys(model: Any) -> list[models.ForeignKey]:
    """What a tracked model points to, as far as its events keep it."""
    kept = {field.attname for field in model.pgh_event_model._meta.concrete_fields}
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.attname in kept
    ]


def _name_field(model: Any) -> str | None:
    fields = {field.name for field in model._meta.concrete_fields}
    return next((name for name in _OWN_NAMES if name in fields), None)

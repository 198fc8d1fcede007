"""What was changed about an enterprise, by whom, when, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from tenants.models import Alias, BusinessClass, BusinessLine, Enterprise, Tenancy
from tenants.services.enterprises import EDITABLE
from web.formats import MISSING, days_of


@dataclass
class Deed:
    """What one person (None: Xiyuan itself) did at one moment."""

    at: datetime
    person: User | None
    lines: list[str] = field(default_factory=list)


def history_of(enterprise: Enterprise, *, with_note: bool, limit: int = 20) -> list[Deed]:
    """The last `limit` things that were done to the enterprise's own rows, newest first."""
    shown = [name for name in EDITABLE if with_note or name != "note"]
    deeds: dict[Any, Deed] = {}
    people: dict[Any, int | None] = {}
    for event, line in _lines(enterprise, shown):
        key = event.pgh_context_id or event.pgh_created_at
        context = event.pgh_context.metadata if event.pgh_context else {}
        people[key] = context.get("user")
        deeds.setdefault(key, Deed(event.pgh_created_at, None)).lines.append(line)
    in_time = sorted(deeds.items(), key=lambda item: item[1].at)
    newest = in_time[: -limit - 1 : -1]
    users = User.objects.in_bulk({people[key] for key, _deed in newest if people[key]})
    for key, deed in newest:
        deed.person = users.get(people[key])
    return [deed for _key, deed in newest]


def _lines(enterprise: Enterprise, shown: list[str]) -> Iterator[tuple[Any, str]]:
    """Each event with what it did, in words; events that changed nothing people see, without."""
    own = {"pgh_obj_id": enterprise.pk}
    theirs = {"enterprise_id": enterprise.pk}
    for model, which, in_words in (
        (Enterprise, own, lambda event, before: _of_enterprise(event, before, shown)),
        (Alias, theirs, _of_alias),
        (BusinessLine, theirs, _of_business),
        (Tenancy, theirs, _of_tenancy),
    ):
        earlier: dict[int, Any] = {}
        events = model.pgh_event_model.objects.filter(**which)  # type: ignore[union-attr]
        for event in events.select_related("pgh_context").order_by("pgh_id"):
            for line in in_words(event, earlier.get(event.pgh_obj_id)):
                yield event, line
            earlier[event.pgh_obj_id] = event


def _of_enterprise(event: Any, before: Any, shown: list[str]) -> Iterator[str]:
    if before is None:
        yield _("added the enterprise")
        return
    for name in shown:
        old, new = getattr(before, name), getattr(event, name)
        if old != new:
            field: Any = Enterprise._meta.get_field(name)
            yield _("%(field)s: %(old)s → %(new)s") % {
                "field": field.verbose_name,
                "old": _value(field, old),
                "new": _value(field, new),
            }


def _of_alias(event: Any, before: Any) -> Iterator[str]:
    if event.pgh_label == "delete":
        yield _("removed the other name %(name)s") % {"name": event.name}
    elif before is None:
        yield _("added the other name %(name)s") % {"name": event.name}


def _of_business(event: Any, before: Any) -> Iterator[str]:
    business = BusinessClass(event.business_class).label
    if event.pgh_label == "delete":
        yield _("took back: %(business)s") % {"business": business}
    elif event.is_main and not (before and before.is_main):
        yield _("main business: %(business)s") % {"business": business}
    elif before is None:
        yield _("further business: %(business)s") % {"business": business}


def _of_tenancy(event: Any, before: Any) -> Iterator[str]:
    if before is None:
        yield _("tenancy: %(days)s") % {"days": days_of(event.period)}
    elif before.period != event.period:
        said = {"old": days_of(before.period), "new": days_of(event.period)}
        yield _("tenancy: %(old)s → %(new)s") % said


def _value(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(dict(field.flatchoices).get(value, value)) or MISSING

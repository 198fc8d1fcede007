"""Reading the history: pages of what people did, each with the rows that it changed.

One thing done is one pghistory context; its rows lie in the event table of each model. A page asks
every event table once for its contexts, and once more for the values before: a fixed number of
queries, however much was changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils import timezone
from pghistory import core
from pghistory.models import Context

from accounts.models import User
from audit.words import Names, field_name
from web.pagination import Page

ROWS_SHOWN = 5
_OWN_FIELDS = {"version", "updated_at"}

Event = tuple[Any, Any]  # a row of an event table, and the event before of the same row


@dataclass(frozen=True)
class Change:
    """One field of one row: what it was and what it became."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Rows:
    """Rows of one kind that were added, changed or removed together; the first few in full."""

    kind: str
    label: str
    count: int
    shown: list[tuple[str, list[Change]]]


@dataclass
class Deed:
    """Something a person (None: Xiyuan itself) did at one moment."""

    at: datetime
    person: User | None
    rows: list[Rows] = field(default_factory=list)


def kinds() -> list[tuple[str, str]]:
    """The kinds of rows that have a history: (label of the model, its name)."""
    tracked = (event.pgh_tracked_model._meta for event in _event_models())
    return sorted(
        ((meta.label_lower, str(meta.verbose_name)) for meta in tracked), key=lambda kind: kind[1]
    )


class Trail:
    """A page of deeds, newest first. `page` is for the pager, iterating gives `Deed`s."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        person: User | None = None,
        kind: str = "",
        first: date | None = None,
        last: date | None = None,
    ) -> None:
        contexts = Context.objects.order_by("-created_at", "-pk")
        if person is not None:
            contexts = contexts.filter(metadata__user=person.pk)
        if first is not None:
            contexts = contexts.filter(created_at__gte=_start_of(first))
        if last is not None:
            contexts = contexts.filter(created_at__lt=_start_of(last + timedelta(days=1)))
        self._events = [e for e in _event_models() if not kind or _kind(e) == kind]
        if kind:
            contexts = contexts.filter(pk__in=self._events[0].objects.values("pgh_context"))
        self.page: Page[Context] = Page(request, contexts)

    def __iter__(self) -> Iterator[Deed]:
        contexts = list(self.page)
        people = User.objects.in_bulk(
            {context.metadata["user"] for context in contexts if context.metadata.get("user")}
        )
        deeds = {
            context.pk: Deed(context.created_at, people.get(context.metadata.get("user")))
            for context in contexts
        }
        by_model = [(model, _events_of(model, list(deeds))) for model in self._events]
        names = Names(one for _model, events in by_model for pair in events for one in pair if one)
        for model, events in by_model:
            for context_id, rows in _rows_of(model, events, names):
                deeds[context_id].rows.append(rows)
        return iter(deeds.values())


def _events_of(event_model: Any, context_ids: list[Any]) -> list[Event]:
    """The first few rows of one model that each context touched in each way, as they came."""
    together = [F("pgh_context"), F("pgh_label")]
    before = (
        event_model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
        .order_by("-pgh_id")
        .values("pgh_id")[:1]
    )
    events = list(
        event_model.objects.filter(pgh_context__in=context_ids)
        .annotate(
            place=Window(RowNumber(), partition_by=together, order_by="pgh_id"),
            together=Window(Count("*"), partition_by=together),
            before=Subquery(before),
        )
        .filter(place__lte=ROWS_SHOWN)
        .order_by("pgh_id")
    )
    earlier = event_model.objects.in_bulk([event.before for event in events if event.before])
    return [(event, earlier.get(event.before)) for event in events]


def _rows_of(event_model: Any, events: list[Event], names: Names) -> Iterator[tuple[Any, Rows]]:
    """What each context did to rows of one model."""
    groups: dict[tuple[Any, str], Rows] = {}
    kind = str(event_model.pgh_tracked_model._meta.verbose_name)
    for event, earlier in events:
        rows = groups.setdefault(
            (event.pgh_context_id, event.pgh_label), Rows(kind, event.pgh_label, event.together, [])
        )
        rows.shown.append((names.row(event), _changes(event, earlier, names)))
    for (context_id, _label), rows in groups.items():
        yield context_id, rows


def _changes(event: Any, earlier: Any, names: Names) -> list[Change]:
    """The fields that an update changed; nothing for what was added or removed as a whole."""
    if event.pgh_label != "update" or earlier is None:
        return []
    model = event.pgh_tracked_model
    return [
        Change(field_name(field), names.value(field, before), names.value(field, after))
        for field in model._meta.concrete_fields
        if field.name not in _OWN_FIELDS and field.editable and hasattr(event, field.attname)
        if (before := getattr(earlier, field.attname)) != (after := getattr(event, field.attname))
    ]


def _event_models() -> list[Any]:
    return sorted(core.event_models(), key=lambda model: model._meta.label)


def _kind(event_model: Any) -> str:
    return event_model.pgh_tracked_model._meta.label_lower


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

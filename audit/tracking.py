"""History of business rows: every insert, update and delete is an event, and events stay."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pghistory

Words = Mapping[str, Callable[[Any], str]]

_words: dict[type, Words] = {}


def tracked(
    exclude: Sequence[str] = (), words: Words | None = None, quiet: Sequence[str] = ()
) -> Any:
    """Decorate a model whose changes are kept.

    `exclude`: fields that are no business. `words`: how the audit trail says a field's value,
    where its type does not tell. `quiet`: fields that are kept with an event, and whose change
    alone is none.
    """
    change = pghistory.AnyChange(exclude=[*exclude, *quiet]) if quiet else None
    track = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=change) if change else pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
    )

    def decorate(model: type) -> Any:
        _words[model] = words or {}
        return track(model)

    return decorate


def words_of(model: type) -> Words:
    """How the values of a tracked model are said, by the names of its fields."""
    return _words.get(model, {})

"""The events that django-pghistory keeps of a model's rows."""

from typing import Any


def history_of(model: Any) -> Any:
    """The manager of the model's events."""
    return model.pgh_event_model.objects

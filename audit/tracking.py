"""History of business rows: every insert, update and delete is an event, and events stay."""

from collections.abc import Sequence
from typing import Any

import pghistory


def tracked(exclude: Sequence[str] = ()) -> Any:
    """Decorate a model whose changes are kept. `exclude`: fields that are no business."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
    )

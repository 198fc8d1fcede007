"""The rows behind a figure as lines of a CSV file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.parts import Part
from reports.units import Number


class HasParts(Protocol):
    """A figure that is explained: by an edition, or by the data of today."""

    @property
    def parts(self) -> Sequence[Part]: ...


def lines_of(drill: HasParts) -> Iterator[Sequence[str | Number | None]]:
    """A head, then every row with its part; each part ends with its total."""
    yield [
        pgettext("rows", "Figure"),
        pgettext("rows", "Period"),
        pgettext("rows", "Enterprise or floor"),
        pgettext("rows", "Seats"),
        pgettext("rows", "Days"),
        pgettext("rows", "Amount"),
        pgettext("rows", "Unit"),
        _("Sample"),
    ]
    for part in drill.parts:
        for line in part.lines:
            yield [
                part.name,
                part.period,
                line.name,
                line.where,
                line.when,
                line.printed,
                part.unit,
                _("Sample") if line.is_sample else "",
            ]
        total = pgettext("row", "Total")
        yield [part.name, part.period, total, "", "", part.printed, part.unit, ""]

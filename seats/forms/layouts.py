"""Drawing how a floor's seats lie."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from park import layouts
from park.models import Floor, FloorLayout
from park.services import checked_rows
from web.forms import VersionMixin, add_refusal
from web.refusals import Refusal

EDGES = ("top", "bottom", "left", "right")


class LayoutForm(VersionMixin):
    """The cells of a floor, how they are numbered, what is written along its sides.

    `seen`: which layout the page showed as drawn. Nobody saves what they did not see.
    """

    cells = forms.CharField(
        label=_("Cells"),
        strip=False,
        widget=forms.Textarea({"class": "x-notation", "spellcheck": "false", "wrap": "off"}),
        help_text=_(
            "One line for each row of the floor: S is a seat, . an aisle, # a blocked cell. Seats "
            "that touch form an island."
        ),
    )
    numbering = forms.ChoiceField(
        label=_("Numbering"), choices=FloorLayout.Numbering.choices, widget=forms.RadioSelect
    )
    top = forms.CharField(label=_("Top edge"), required=False, max_length=40)
    bottom = forms.CharField(label=_("Bottom edge"), required=False, max_length=40)
    left = forms.CharField(label=_("Left edge"), required=False, max_length=40)
    right = forms.CharField(label=_("Right edge"), required=False, max_length=40)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, floor: Floor, kept: FloorLayout | None, **options: Any) -> None:
        self.floor, self.kept = floor, kept
        options["initial"] = initial_of(floor, kept)
        super().__init__(*args, **options)

    def clean(self) -> None:
        if "cells" not in self.cleaned_data:
            return
        try:
            rows = checked_rows(self.cleaned_data["cells"], self.floor)
        except Refusal as refusal:
            add_refusal(self, refusal)
        else:
            self.cleaned_data["rows"] = rows

    @property
    def drawn(self) -> dict[str, str]:
        """What the service takes beside the cells."""
        return {name: self.cleaned_data[name] for name in ("numbering", *EDGES)}

    @property
    def rows(self) -> layouts.Rows:
        return self.cleaned_data["rows"]

    @property
    def mark(self) -> str:
        """What stands for this layout in the page that shows it."""
        text = "\n".join([*self.rows, *self.drawn.values()])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def was_seen(self) -> bool:
        """Whether the page that was sent showed just this layout."""
        return self.cleaned_data["seen"] == self.mark

    def carry(self, **values: str) -> None:
        """Let the page carry these values in place of what was sent."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            self.data[name] = value  # type: ignore[index]


def initial_of(floor: Floor, kept: FloorLayout | None) -> dict[str, Any]:
    """A floor's layout as it is: every seat in its cell, also those that came later."""
    rows = kept.rows if kept else ()
    whole = layouts.layout(floor.seat_count, rows).rows
    edges = kept.edges._asdict() if kept else {}
    return {
        **edges,
        "cells": layouts.written(whole),
        "numbering": kept.numbering if kept else FloorLayout.Numbering.ROWS,
        "version": kept.version if kept else 0,
    }

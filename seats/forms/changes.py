"""Changing an allocation: which of its runs, from or until which day, and where they move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from park.axis import SLOT, Span, intersection, place_of, seat_at, together
from seats.holdings import label_of
from seats.models import SeatBlock
from seats.rectangles import ONE_DAY
from web import formats
from web.forms import CountField, DayField, VersionMixin


class ConfirmedMixin(VersionMixin):
    """A step whose effect is shown first: `confirmed` comes from the page that shows it."""

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def ask_again(self, version: int) -> None:
        """Let the page carry the version as it is now, and nothing as confirmed."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["confirmed"], self.data["version"] = "", str(version)  # type: ignore[index]


class PartsForm(ConfirmedMixin):
    """Some of an allocation's runs, or a part of one of them."""

    EVERY_RUN = "all"

    run = forms.MultipleChoiceField(label=_("Which seats"), widget=forms.CheckboxSelectMultiple)
    first = CountField(
        label=_("First seat"),
        required=False,
        min_value=1,
        max_value=SLOT,
        help_text=_("Of the run chosen above. Empty: the whole run."),
    )
    last = CountField(label=_("Last seat"), required=False, min_value=1, max_value=SLOT)

    def __init__(self, *args: Any, blocks: Iterable[SeatBlock], **options: Any) -> None:
        super().__init__(*args, **options)
        self._blocks = {str(block.pk): block for block in blocks}
        self.fields["run"].choices = [  # type: ignore[attr-defined]
            (self.EVERY_RUN, _("All of its seats")),
            *((key, _named(block)) for key, block in self._blocks.items()),
        ]

    @property
    def day(self) -> date:
        """From which day on runs are meant."""
        return self.cleaned_data.get("start") or date.min

    def clean(self) -> None:
        if self.errors or not self._is_part:
            return
        block = self._block
        if block is None:
            message = gettext("Choose a run first: seats are numbered floor by floor.")
            self.add_error("run", ValidationError(message, code="invalid"))
        elif not intersection(self._typed(block), block.span):
            message = gettext("This run has no such seats.")
            self.add_error("first", ValidationError(message, code="no_such_seat"))

    @property
    def _is_part(self) -> bool:
        typed = self.cleaned_data
        return bool(typed.get("first") or typed.get("last"))

    @property
    def _chosen(self) -> list[SeatBlock]:
        """The runs that were ticked, one by one."""
        ticked = self.cleaned_data["run"]
        return [] if self.EVERY_RUN in ticked else [self._blocks[key] for key in ticked]

    @property
    def _block(self) -> SeatBlock | None:
        """The run that seats were typed for; without one, the only one that there still is."""
        chosen = self._chosen
        if not chosen:
            chosen = [block for block in self._blocks.values() if _is_there_from(block, self.day)]
        return chosen[0] if len(chosen) == 1 else None

    @property
    def spans(self) -> list[Span] | None:
        """The chosen seats; None for all of the allocation's."""
        if self._is_part and (block := self._block):
            part = intersection(self._typed(block), block.span)
            return [part] if part else None
        return together(block.span for block in self._chosen) or None

    def _typed(self, block: SeatBlock) -> Span:
        first = self.cleaned_data.get("first") or place_of(block.seats.lower)
        last = self.cleaned_data.get("last") or place_of(block.seats.upper - 1)
        floor = block.floor_id
        return Span(seat_at(floor, first), seat_at(floor, max(first, last)) + 1)


class ReleaseForm(PartsForm):
    """From which day which seats of an allocation are free again."""

    start = DayField(label=_("Free from"))

    field_order = ["start", "run", "first", "last"]


class MoveForm(PartsForm):
    """From which day which seats move. Where to is a `RunFormSet` beside it."""

    start = DayField(label=_("Moves on"))

    field_order = ["start", "run", "first", "last"]


class SplitForm(PartsForm):
    """Which seats become an allocation of their own."""


class ExtendForm(PartsForm):
    """Until when seats are held, later than now."""

    last_day = DayField(
        label=_("New last day"), required=False, help_text=_("Empty: until further notice.")
    )

    field_order = ["last_day", "run", "first", "last"]

    @property
    def end(self) -> date | None:
        """The day after the new last one."""
        last: date | None = self.cleaned_data["last_day"]
        return None if last is None else last + ONE_DAY


class EndForm(ConfirmedMixin):
    """The last day of an allocation."""

    last_day = DayField(label=_("Last day"))


def _is_there_from(block: SeatBlock, day: date) -> bool:
    return block.period.upper is None or block.period.upper > day


def _named(block: SeatBlock) -> str:
    return f"{label_of(block)} · {formats.days_of(block.period)}"

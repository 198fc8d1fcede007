"""Handing a floor over, and putting it off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from park.models import Floor
from seats.models import SeatBlock
from web.forms import DayField, VersionMixin


class MoveForm(VersionMixin):
    """A floor's day, and which promises the page showed as broken by it.

    Nobody confirms what they did not see: `saw` compares with how it is now.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    @property
    def day(self) -> date | None:
        raise NotImplementedError

    def saw(self, promises: list[SeatBlock]) -> bool:
        """Whether the page that was confirmed showed just these promises."""
        return self.cleaned_data["seen"] == mark_of(promises)

    @property
    def blocks_seen(self) -> list[int]:
        """The blocks whose promises the page showed as broken."""
        marks = self.cleaned_data["seen"].split(",")
        return [int(mark) for mark in marks if mark.isdecimal()]

    def forget(self) -> None:
        """Let the page carry nothing as seen."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["seen"] = ""  # type: ignore[index]

    def ask_again(self, version: int) -> None:
        """Let the page carry the floor's version as it is now, and nothing as seen."""
        self.forget()
        self.data["version"] = str(version)  # type: ignore[index]


def mark_of(promises: list[SeatBlock]) -> str:
    """What stands for `promises` in the page; not empty, even where none is broken."""
    return ",".join(str(block.pk) for block in promises) or "none"


class DeliverForm(MoveForm):
    """The day on which a floor was handed over."""

    day_given = DayField(label=_("Handed over on"))

    @property
    def day(self) -> date:
        return self.cleaned_data["day_given"]

    def clean_day_given(self) -> date:
        day: date = self.cleaned_data["day_given"]
        if day > self.today:
            message = gettext("A floor cannot be handed over on a day to come.")
            raise ValidationError(message, code="invalid")
        return day


class DelayForm(MoveForm):
    """The day on which a floor is planned to be handed over now."""

    planned_on = DayField(
        label=_("New planned day"), required=False, help_text=_("Empty: not known yet.")
    )

    @property
    def day(self) -> date | None:
        return self.cleaned_data["planned_on"]

    def clean_planned_on(self) -> date | None:
        day: date | None = self.cleaned_data["planned_on"]
        if day is not None and day <= self.today:
            message = gettext("The planned day must be a day to come.")
            raise ValidationError(message, code="invalid")
        return day


class FloorsDelayForm(DelayForm):
    """Several floors of a zone that are not handed over, and the day they are planned for now."""

    buildings = forms.MultipleChoiceField(label=_("Buildings"), required=False)
    floors = forms.MultipleChoiceField(label=_("Floors"), required=False)

    def __init__(self, *args: Any, floors: Iterable[Floor], **options: Any) -> None:
        super().__init__(*args, **options)
        self._floors = {str(floor.pk): floor for floor in floors}
        self.fields["floors"].choices = [  # type: ignore[attr-defined]
            (key, floor.label) for key, floor in self._floors.items()
        ]
        self.fields["buildings"].choices = [  # type: ignore[attr-defined]
            (str(floor.building_id), floor.building.label) for floor in self._floors.values()
        ]

    def clean(self) -> None:
        if not self.errors and not self.chosen:
            self.add_error("floors", ValidationError(gettext("Choose at least one floor.")))

    @property
    def chosen(self) -> list[Floor]:
        """Every floor of the buildings that were chosen, and those chosen one by one."""
        typed = self.cleaned_data
        return [
            floor
            for key, floor in self._floors.items()
            if key in typed["floors"] or str(floor.building_id) in typed["buildings"]
        ]

    @property
    def parts(self) -> list[str]:
        """What was chosen, in short: a building where it is all of its floors."""
        chosen = {floor.pk for floor in self.chosen}
        labels: dict[str, None] = {}
        for floor in self.chosen:
            own = [one for one in self._floors.values() if one.building_id == floor.building_id]
            is_whole = len(own) > 1 and all(one.pk in chosen for one in own)
            labels[floor.building.label if is_whole else floor.label] = None
        return list(labels)

    def is_ticked(self, name: str, key: int) -> bool:
        """Whether the page shows a building, or a floor, as chosen."""
        return str(key) in {str(value) for value in self[name].value() or []}

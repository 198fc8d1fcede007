"""Another day than today: `?on=2024-03-01` on the pages of the place."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from seats.rectangles import ONE_DAY
from web.forms import FIRST_DAY, LAST_DAY, DayField


class DayForm(forms.Form):
    """Which day to look at."""

    on = DayField(
        label=_("Which day"),
        required=False,
        widget=forms.DateInput({"type": "date", "class": "x-date"}, format="%Y-%m-%d"),
    )


class ChosenDay:
    """The day a page is about: the one that was typed, else today."""

    def __init__(self, typed: QueryDict, today: date) -> None:
        self.today = today
        self.form = DayForm(typed if typed.get("on") else {"on": today.isoformat()})
        on = self.form.cleaned_data.get("on") if self.form.is_valid() else None
        self.day: date = on or today

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def is_past(self) -> bool:
        return self.day < self.today

    @property
    def query(self) -> str:
        """What keeps the day in a link to another page of the place: empty for today."""
        return "" if self.is_today else f"?on={self.day.isoformat()}"

    @property
    def before(self) -> date | None:
        return self.day - ONE_DAY if self.day > FIRST_DAY else None

    @property
    def after(self) -> date | None:
        return self.day + ONE_DAY if self.day < LAST_DAY else None

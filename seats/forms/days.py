"""Another day than today: `?on=2024-03-01` on the pages of the place.

Where the page has a strip of the year, its range control says the day too. Without scripts both
come: the range counts if it was moved from where the page had put it. `from=` is a second day, the
one that the first is compared with.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from seats.rectangles import ONE_DAY
from web.forms import FIRST_DAY, LAST_DAY, DayField


def _date_input() -> forms.DateInput:
    limits = {"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
    return forms.DateInput({"type": "date", "class": "x-date", **limits}, format="%Y-%m-%d")


class DayForm(forms.Form):
    """Which day to look at, and which one to compare it with."""

    on = DayField(label=_("Which day"), required=False, widget=_date_input())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["from"] = DayField(
            label=_("Compared with"), required=False, widget=_date_input()
        )


class SlideForm(forms.Form):
    """Where the range control stood on the strip of a year, and where it was moved to."""

    year = forms.IntegerField(min_value=FIRST_DAY.year, max_value=LAST_DAY.year)
    slide = forms.IntegerField(min_value=0, max_value=365)
    slid = forms.IntegerField(min_value=0, max_value=365)

    @property
    def day(self) -> date | None:
        """The day that it was moved to; None where it was not."""
        if not self.is_valid() or self.cleaned_data["slide"] == self.cleaned_data["slid"]:
            return None
        first = date(self.cleaned_data["year"], 1, 1)
        return min(first + timedelta(days=self.cleaned_data["slide"]), LAST_DAY)


class ChosenDay:
    """The day a page is about: the one that was typed or slid to, else today.

    `since`: the day that it is compared with, if any.
    """

    def __init__(self, typed: QueryDict, today: date) -> None:
        self.today = today
        slid = SlideForm(typed).day if "slide" in typed else None
        on = slid.isoformat() if slid else typed.get("on") or today.isoformat()
        self.form = DayForm({"on": on, "from": typed.get("from", "")})
        self.form.is_valid()
        self.day: date = self.form.cleaned_data.get("on") or today
        self.since: date | None = self.form.cleaned_data.get("from")

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def is_past(self) -> bool:
        return self.day < self.today

    @property
    def iso(self) -> str:
        return self.day.isoformat()

    @property
    def since_iso(self) -> str:
        return self.since.isoformat() if self.since else ""

    @property
    def query(self) -> str:
        """What keeps the day in a link to another page of the place: empty for today."""
        return "" if self.is_today else f"?on={self.day.isoformat()}"

    @property
    def rest(self) -> str:
        """What keeps the second day in a link to another first one."""
        return f"&from={self.since_iso}" if self.since else ""

    @property
    def both(self) -> str:
        """What keeps both days in another address of the same page: empty for today alone."""
        days = (self.query + self.rest).lstrip("?&")
        return f"?{days}" if days else ""

    @property
    def before(self) -> date | None:
        return self.day - ONE_DAY if self.day > FIRST_DAY else None

    @property
    def after(self) -> date | None:
        return self.day + ONE_DAY if self.day < LAST_DAY else None
